"""A small report and model in which every number is different, and a reader of pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest

from linker.config import LevelSettings
from linker.model import LinkageModel, TrainedComparison, TrainedLevel
from linker.report.run_report import RunReport

VOID = {"meta", "link", "br"}


@dataclass
class Page(HTMLParser):
    """What a page holds; `faults` says where it is no well-formed HTML."""

    text: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _ in attrs)
        self.faults += [f"{tag} has {name} twice" for name, times in names.items() if times > 1]
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing, at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def attributes(self, name: str) -> list[str]:
        """The values of an attribute wherever it is given."""
        return [value for _, attrs in self.elements if (value := attrs.get(name)) is not None]

    def count(self, tag: str) -> int:
        """How many elements of a tag there are."""
        return sum(found == tag for found, _ in self.elements)


@pytest.fixture(scope="session")
def read_page() -> Callable[[str], Page]:
    def read(html: str) -> Page:
        page = Page()
        page.feed(html)
        page.close()
        page.faults += [f"<{tag}> is never closed" for tag in page.open]
        return page

    return read


@pytest.fixture(scope="session")
def run_values() -> dict[str, Any]:
    people = {
        "mentions": 1_310_001,
        "rules": [
            {
                "rule": "phone_and_initial",
                "keys": 20_011,
                "pairs": 40_013,
                "first_found": 30_017,
                "keys_capped": 19,
                "records_capped": 5_023,
                "pairs_capped": 700_027,
            }
        ],
        "candidate_pairs": 1_460_029,
        "links": 411_031,
        "possible_links": 60_037,
        "associations": 2_039,
        "cuts": [{"reason": "their birth dates cannot belong to one life", "cuts": 1_207}],
        "entities": 1_020_043,
        "sizes": [{"records": 2, "entities": 104_047}, {"records": 53, "entities": 1}],
        "largest": [{"entity_id": "p0f3k9x9qm2v7t", "records": 59, "sources": 3}],
        "weights": [
            {"from": 0.0, "to": 2.5, "pairs": 18_061},
            {"from": 15.0, "to": 17.5, "pairs": 30_067},
        ],
        "link_weight": 4.2479,
        "review_weight": 0.0,
        "fill": {"birth_date": 0.971, "passport": 0.0004},
    }
    return {
        "news": True,
        "generation": 12,
        "at": "2026-03-01T02:00:05+00:00",
        "as_of": "2026-02-28",
        "linker_version": "0.1.0",
        "anew": [],
        "models": {"person": "person/1@3f2a9c01"},
        "sources": [
            {
                "name": "border_arrests",
                "kind": "arrest",
                "entity": "person",
                "rows": 1_062_287,
                "mentions": 1_040_021,
                "quarantined": 1_841,
                "outside": 20_412,
                "values_set_aside": 30_211,
                "new": 1_040_021,
                "changed": 0,
                "gone": 0,
                "unchanged": 0,
                "superseded": 0,
                "deletions": 0,
                "deletions_unknown": 0,
                "as_of": "2026-02-27",
                "forgotten": 13,
            }
        ],
        "quarantine": [
            {
                "source": "border_arrests",
                "column": None,
                "outcome": "row",
                "reason": "has 14 fields, the header has 13",
                "rows": 1_203,
            },
            {
                "source": "border_arrests",
                "column": "dob",
                "outcome": "value",
                "reason": "is not a date",
                "rows": 30_209,
            },
        ],
        "entity_types": {"person": people},
        "investigations": {
            "total": 24_211,
            "classes": [
                {"class": "SIMULTANEOUS", "tier": "CONFIRMED", "rows": 44},
                {"class": "PRIOR", "tier": "PROBABLE", "rows": 1_823},
                {"class": "NO_HIT", "tier": None, "rows": 15_319},
            ],
            "simultaneous": [
                {
                    "unit": "HSI / Laredo",
                    "other_unit": "DEA / Laredo",
                    "meetings": 122,
                    "entities": 96,
                }
            ],
            "prior": [
                {
                    "unit": "ATF / El Paso",
                    "other_unit": "HSI / Laredo",
                    "meetings": 322,
                    "entities": 206,
                }
            ],
        },
        "changes": {
            "entities": {
                "person": {
                    "before": 1_019_017,
                    "now": 1_020_043,
                    "unchanged": 1_003_129,
                    "merged": 712,
                    "split": 121,
                    "changed": 2_411,
                    "created": 8_101,
                    "retired": 6_373,
                    "moved": 1_409,
                }
            },
            "investigations": {
                "meet": 83,
                "part": 61,
                "units": [
                    {"unit": "DEA / Laredo", "other_unit": "HSI / Nogales", "meet": 73, "part": 57}
                ],
            },
        },
        "ledger": {"created": 8_101, "merged": 712, "split": 127},
        "shared_left_out": [{"identifier": "phones", "values": 41, "mentions": 3_121}],
        "demoted": [{"entity_type": "person", "identifier": "ssn", "values": 7, "records": 4_083}],
        "warnings": ["the newest file of border_arrests is 9 days old"],
        "held_back": ["border_arrests: 31.0% of its 1,507,277 mentions are gone"],
        "released": {"at": "2026-03-01T07:11:13+00:00", "who": "r.vega", "why": "a unit moved out"},
        "stages": [{"stage": "score", "seconds": 95.22}, {"stage": "publish", "seconds": 0.42}],
        "seconds": 1_221.6,
    }


@pytest.fixture(scope="session")
def run_report(run_values: dict[str, Any]) -> RunReport:
    return RunReport.model_validate(run_values)


@pytest.fixture(scope="session")
def empty_report() -> RunReport:
    nothing = {"mentions": 0, "candidate_pairs": 0, "links": 0, "possible_links": 0}
    nothing |= {"associations": 0, "entities": 0, "link_weight": 4.2, "review_weight": 0}
    tables: dict[str, Any] = {"rules": [], "sizes": [], "largest": [], "weights": [], "fill": {}}
    return RunReport.model_validate(
        {
            "generation": 1,
            "at": "2026-03-01T02:00:05Z",
            "as_of": "2026-03-01",
            "linker_version": "0.1.0",
            "models": {},
            "sources": [],
            "quarantine": [],
            "entity_types": {"organization": {**nothing, **tables}},
            "investigations": {"total": 0, "classes": [], "simultaneous": [], "prior": []},
            "ledger": {},
            "shared_left_out": [],
            "warnings": [],
            "stages": [],
            "seconds": 0,
        }
    )


@pytest.fixture(scope="session")
def model() -> LinkageModel:
    def level(kind: str, label: str, **parameters: Any) -> TrainedLevel:
        return TrainedLevel(level=LevelSettings(kind=kind), label=label, **parameters)

    surname = TrainedComparison(
        name="surname",
        role="identity",
        levels=(
            level("missing", "surname missing"),
            level("exact", "same surname", m=0.731, u=0.00112, term_frequency="surname"),
            level("else", "surname differs", m=0.269, u=0.99888),
        ),
    )
    phones = TrainedComparison(
        name="phones",
        role="association",
        levels=(
            level("missing", "phones missing"),
            level("overlap", "a phone in common", m=0.613, u=0.00000137),
            level("else", "no phone in common", m=0.387, u=0.61),
        ),
    )
    session = {"columns": ["birth_date", "sex"], "pairs": 203_411, "match_share": 0.0312}
    return LinkageModel(
        entity_type="person",
        version="7",
        prior=1 / 1_234_567,
        comparisons=(surname, phones),
        comparisons_left_out=("driver_license",),
        term_frequency_floors={"surname": 0.00000813},
        training={
            "records": 1_312_404,
            "records_sampled": 1_000_000,
            "seed": 20260101,
            "sessions": [{**session, "m": {"surname": [0.7513, 0.2487]}}],
            "sources": {"border_arrests": "9f2c41"},
        },
    )

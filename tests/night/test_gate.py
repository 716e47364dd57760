"""What the gate holds back: each limit, what is too little to matter, and what is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linker.config import GateSettings
from linker.night.gate import held_back, reasons
from linker.report.run_report import RunReport
from linker.store.generation import Generation

Change = Callable[[dict[str, Any]], None]


def rule(name: str, pairs: int) -> dict[str, Any]:
    counts = ("keys", "first_found", "keys_capped", "records_capped", "pairs_capped")
    return {"rule": name, "pairs": pairs, **dict.fromkeys(counts, 0)}


def values() -> dict[str, Any]:
    """The report of a run over 10,000 people from two sources."""
    source = {"kind": "case", "entity": "person", "as_of": "2026-06-30", "values_set_aside": 0}
    counted = {"rows": 5_100, "mentions": 5_000, "quarantined": 100, "outside": 0}
    counted |= {"new": 5_000, "changed": 0, "gone": 0, "unchanged": 0, "superseded": 0}
    counted |= {"deletions": 0, "deletions_unknown": 0}
    return {
        "generation": 1,
        "at": "2026-06-30T00:00:00+00:00",
        "as_of": "2026-06-30",
        "linker_version": "0",
        "models": {"person": "person/1@3f2a9c01"},
        "sources": [{"name": name, **source, **counted} for name in ("cases", "arrests")],
        "quarantine": [],
        "entity_types": {
            "person": {
                "mentions": 10_000,
                "rules": [rule("phone", 10_000), rule("name", 30_000)],
                "candidate_pairs": 35_000,
                "links": 6_000,
                "possible_links": 0,
                "associations": 0,
                "entities": 5_000,
                "sizes": [],
                "largest": [{"entity_id": "p1", "records": 300, "sources": 2}],
                "weights": [],
                "link_weight": 4.2,
                "review_weight": 0,
                "fill": {"birth_date": 0.8, "sex": 0.5, "passport": 0.005},
            }
        },
        "investigations": {
            "total": 900,
            "classes": [{"class": "SIMULTANEOUS", "tier": "PROBABLE", "rows": 600}],
            "simultaneous": [],
            "prior": [],
        },
        "ledger": {},
        "shared_left_out": [],
        "warnings": [],
        "stages": [],
        "seconds": 1,
    }


def against(change: Change, **limits: Any) -> list[str]:
    """What holds a run back that is another one but for a change."""
    now = values()
    change(now)
    before, after = (RunReport.model_validate(it) for it in (values(), now))
    return list(reasons(after, before, GateSettings.model_validate(limits)))


def person(**counts: Any) -> Change:
    return lambda report: report["entity_types"]["person"].update(counts)


def source(place: int, **counts: Any) -> Change:
    return lambda report: report["sources"][place].update(counts)


def met(rows: int) -> Change:
    return lambda report: report["investigations"]["classes"][0].update(rows=rows)


def events(**counts: int) -> Change:
    return lambda report: report["ledger"].update(counts)


TOO_MUCH: dict[str, tuple[Change, str]] = {
    "rows_lost": (
        source(0, rows=3_900, mentions=3_900, new=3_900, quarantined=0),
        "cases: 22.0% of its 5,000 mentions are gone (gate.rows_lost allows 20%)",
    ),
    "rows_gain": (
        source(1, rows=10_100, mentions=10_001, new=10_001, quarantined=99),
        "arrests: its mentions rose from 5,000 to 10,001 (gate.rows_gain allows 100%)",
    ),
    "quarantine_gain": (
        source(0, rows=5_250, mentions=5_000, quarantined=250),
        "cases: 4.8% of its rows are in quarantine, 2.0% before (gate.quarantine_gain allows 2%)",
    ),
    "fill_lost": (
        person(fill={"birth_date": 0.8, "sex": 0.39, "passport": 0}),
        "person: 22% of the mentions that had sex lack it (gate.fill_lost allows 20%)",
    ),
    "pairs_gain": (
        person(rules=[rule("name", 80_001)]),
        (
            "person: candidate pairs rose from 40,000 to 80,001 for 10,000 mentions "
            "(gate.pairs_gain allows 100%)"
        ),
    ),
    "pairs_lost": (
        person(rules=[rule("name", 19_999)]),
        (
            "person: candidate pairs fell from 40,000 to 19,999 for 10,000 mentions "
            "(gate.pairs_lost allows 50%)"
        ),
    ),
    "links_gain": (
        person(links=9_001),
        "person: links rose from 6,000 to 9,001 for 10,000 mentions (gate.links_gain allows 50%)",
    ),
    "links_lost": (
        person(links=4_199),
        "person: links fell from 6,000 to 4,199 for 10,000 mentions (gate.links_lost allows 30%)",
    ),
    "merged_share": (
        events(merged=251),
        "251 entities merged, 5.0% of the 5,000 there were (gate.merged_share allows 5%)",
    ),
    "split_share": (
        events(split=251),
        "251 entities split, 5.0% of the 5,000 there were (gate.split_share allows 5%)",
    ),
    "largest_gain": (
        person(largest=[{"entity_id": "p1", "records": 451, "sources": 2}]),
        "person: the largest entity grew from 300 records to 451 (gate.largest_gain allows 50%)",
    ),
    "simultaneous_gain": (
        met(1_201),
        "simultaneous meetings rose from 600 to 1,201 (gate.simultaneous_gain allows 100%)",
    ),
    "simultaneous_lost": (
        met(299),
        "simultaneous meetings fell from 600 to 299 (gate.simultaneous_lost allows 50%)",
    ),
}


def test_every_limit_is_tried_here() -> None:
    """Each limit of the configuration has a change that passes it."""
    assert set(TOO_MUCH) == set(GateSettings.model_fields) - {"least_change", "new_model"}


@pytest.mark.parametrize("limit", TOO_MUCH)
def test_a_limit_holds_a_run_back(limit: str) -> None:
    """What passes one limit is told in one sentence, with the numbers and the key."""
    change, said = TOO_MUCH[limit]
    assert against(change) == [said]


@pytest.mark.parametrize("limit", TOO_MUCH)
def test_a_limit_can_be_raised_or_switched_off(limit: str) -> None:
    """A higher limit lets the same change pass, and `false` lets any."""
    change, _ = TOO_MUCH[limit]
    assert against(change, **{limit: 1.5}) == []
    assert against(change, **{limit: False}) == []


@pytest.mark.parametrize("limit", TOO_MUCH)
def test_little_is_never_too_much(limit: str) -> None:
    """A change of fewer than `least_change` in number passes, whatever its share."""
    change, _ = TOO_MUCH[limit]
    assert against(change, least_change=100_000, **{limit: 0}) == []


def test_nothing_changed_passes_the_tightest_limits() -> None:
    """Limits of nothing at all let a run pass that is as the last one."""
    tightest = dict.fromkeys(TOO_MUCH, 0)
    assert against(lambda _: None, least_change=1, **tightest) == []


def another_model(report: dict[str, Any]) -> None:
    counts = {"before": 5_000, "now": 5_001, "unchanged": 4_990, "merged": 1, "split": 2}
    counts |= {"changed": 3, "created": 4, "retired": 5, "moved": 6}
    met = {"meet": 7, "part": 8, "units": []}
    report["models"]["person"] = "person/2@00000001"
    report["changes"] = {"entities": {"person": counts}, "investigations": met}


def test_another_model_holds_a_run_back() -> None:
    """Whatever its counts, a run with another model is told with what it changes."""
    assert against(another_model, least_change=100_000) == [
        (
            "the model is person/2@00000001 and was person/1@3f2a9c01; person entities: 4,990 "
            "unchanged, 1 merged, 2 split, 3 changed otherwise, 4 created, 5 retired; pairs of "
            "investigations: 7 newly met, 8 parted (gate.new_model)"
        )
    ]
    assert against(another_model, new_model=False) == []


def test_a_model_by_another_name_is_the_same() -> None:
    """A model is another one by what it holds, not by the name of its version."""
    assert against(lambda report: report["models"].update(person="person/9@3f2a9c01")) == []


def test_a_run_that_was_asked_for_aside(tmp_path: Path) -> None:
    """A run aside is held back though nothing speaks against it, the first one too."""
    now = RunReport.model_validate(values())
    (tmp_path / "report.json").write_text(json.dumps(values()))
    for before in (None, Generation(7, tmp_path)):
        (said,) = held_back(now, before, GateSettings(), aside=True)
        assert said == "it was asked for (--aside)"


def test_a_source_that_is_configured_no_more() -> None:
    """A source that is gone has lost all its mentions; one that is new has nothing to lose."""
    (said,) = against(lambda report: report["sources"].pop(0), rows_lost=0.9)
    assert said.startswith("cases: 100.0% of its 5,000 mentions are gone")
    assert against(lambda report: report["sources"][0].update(name="new"), rows_lost=False) == []


def test_more_mentions_explain_more_pairs_and_lower_shares() -> None:
    """Twice the mentions may have twice the pairs and links, and the same number with a field."""
    twice = {"mentions": 20_000, "rules": [rule("name", 80_000)], "links": 12_000}
    assert against(person(**twice, fill={"birth_date": 0.4, "sex": 0.25, "passport": 0})) == []


def test_a_night_that_scored_few_pairs_is_none_that_has_few() -> None:
    """Of a night's increment the pairs of all mentions count, not those that were scored."""
    assert against(person(candidate_pairs=12)) == []


def test_many_fields_are_counted() -> None:
    """Of many fields that lost their values the five worst are named, the others counted."""
    now, earlier = values(), values()
    earlier["entity_types"]["person"]["fill"] = {f"f{number}": 1.0 for number in range(8)}
    now["entity_types"]["person"]["fill"] = {f"f{number}": number / 20 for number in range(8)}
    found = list(
        reasons(RunReport.model_validate(now), RunReport.model_validate(earlier), GateSettings())
    )
    assert [it.split(" lack it")[0].rsplit(" ", 1)[-1] for it in found[:5]] == [
        f"f{number}" for number in range(5)
    ]
    assert found[5:] == ["person: 3 more fields lost values likewise"]


def test_a_first_run_is_compared_with_nothing() -> None:
    """Before anything is published nothing is held back."""
    assert held_back(RunReport.model_validate(values()), None, GateSettings()) == []


@pytest.mark.parametrize("text", ["", "[]", '{"generation": 1}', None])
def test_a_report_that_cannot_be_compared_with(tmp_path: Path, text: str | None) -> None:
    """Where the last report is damaged or missing, a person decides."""
    if text is not None:
        (tmp_path / "report.json").write_text(text)
    now = RunReport.model_validate(values())
    (said,) = held_back(now, Generation(7, tmp_path), GateSettings())
    assert said.startswith("the report of generation 7, to compare with, is missing, damaged")
    (tmp_path / "report.json").write_text(json.dumps(now.model_dump(mode="json")))
    assert held_back(now, Generation(7, tmp_path), GateSettings()) == []


def test_a_report_of_an_earlier_version(tmp_path: Path) -> None:
    """The report of a version that did not count changes is compared with all the same."""
    earlier = values()
    for row in earlier["sources"]:
        for name in ("new", "changed", "gone", "unchanged", "superseded", "deletions"):
            del row[name]
        del row["deletions_unknown"]
    (tmp_path / "report.json").write_text(json.dumps(earlier))
    now = values()
    assert held_back(RunReport.model_validate(now), Generation(7, tmp_path), GateSettings()) == []
    now["ledger"]["merged"] = 251
    before = Generation(7, tmp_path)
    (said,) = held_back(RunReport.model_validate(now), before, GateSettings())
    assert said.startswith("251 entities merged")

"""The page of a link run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linker.report.run_page import SHOWN_PAIRS, run_page
from linker.report.run_report import RunReport
from linker.report.words import CLASSES, EVENTS

HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so' </style>"


def numbers_shown(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,]*(?:\.\d+)?", text))


def whole_numbers(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for part in value.values():
            yield from whole_numbers(part)
    elif isinstance(value, list):
        for part in value:
            yield from whole_numbers(part)
    elif isinstance(value, int):
        yield value


def test_every_count_is_shown(run_report: RunReport, read_page: Callable[[str], Any]) -> None:
    """Every whole number of the report is on the page, with thousands separators."""
    shown = numbers_shown(" ".join(read_page(run_page(run_report)).text))
    wanted = {f"{number:,}" for number in whole_numbers(run_report.model_dump(mode="json"))}
    assert wanted - shown == set()


def test_every_other_value_is_shown(run_report: RunReport, read_page: Callable[[str], Any]) -> None:
    """Thresholds, durations, shares, dates, names, reasons and warnings are on the page."""
    text = " ".join(read_page(run_page(run_report)).text)
    wanted = ["+4.2 bits", "0.0 bits", "95.2 s", "0.42 s", "1,221.6 s", "97.1%", "under 0.1%"]
    wanted += ["17.5", "28 February 2026", "27 February 2026", "1 March 2026, 02:00:05 UTC"]
    wanted += ["HSI / Laredo", "ATF / El Paso", "p0f3k9x9qm2v7t", "person/1@3f2a9c01", "0.1.0"]
    wanted += ["border_arrests", "dob", "is not a date", "phone and initial", "birth date"]
    wanted += [*run_report.warnings, *(CLASSES[name] for name in ("SIMULTANEOUS", "PRIOR"))]
    wanted += [EVENTS[name] for name in run_report.ledger]
    assert [value for value in wanted if value not in text] == []


@settings(max_examples=15)
@given(data=st.data())
def test_no_count_is_lost(
    data: st.DataObject, run_values: dict[str, Any], read_page: Callable[[str], Any]
) -> None:
    """Whatever the counts are, however many table rows there are, each is on a sound page."""
    number = st.integers(0, 10**13)
    pairs = st.lists(
        st.fixed_dictionaries(
            {"unit": st.text(), "other_unit": st.text(), "meetings": number, "entities": number}
        ),
        max_size=2 * SHOWN_PAIRS,
    )
    weights = st.lists(
        st.fixed_dictionaries(
            {"from": st.floats(-60, 60), "to": st.floats(60, 90), "pairs": number}
        ),
        max_size=5,
    )
    people = {**run_values["entity_types"]["person"], "weights": data.draw(weights)}
    met = {**run_values["investigations"], "simultaneous": data.draw(pairs)}
    values = {**run_values, "investigations": met, "entity_types": {"person": people}}
    report = RunReport.model_validate(values)
    page = read_page(run_page(report))
    shown = numbers_shown(" ".join(page.text))
    assert {f"{n:,}" for n in whole_numbers(report.model_dump(mode="json"))} - shown == set()
    assert page.faults == []


def test_text_is_escaped(run_values: dict[str, Any], read_page: Callable[[str], Any]) -> None:
    """Markup in any text of the report is shown as text and makes no element."""
    spoilt: list[str] = []

    def hostile() -> str:
        spoilt.append(f"{HOSTILE} no. {len(spoilt)};")
        return spoilt[-1]

    def spoil(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            free = name in {"ledger", "fill"}
            return {hostile() if free else key: spoil(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [spoil(part) for part in value]
        kept = name in {"at", "as_of", "kind", "entity", "entity_type", "outcome"}
        return hostile() if isinstance(value, str) and not kept else value

    html = run_page(RunReport.model_validate(spoil(run_values)))
    page = read_page(html)
    text = "".join(page.text)
    assert "<script" not in html
    assert html.count("</style>") == 1
    assert page.faults == []
    assert len(spoilt) > 25
    assert [written for written in spoilt if written not in text] == []


def test_an_empty_run_has_a_page(empty_report: RunReport, read_page: Callable[[str], Any]) -> None:
    """A run of nothing gives a sound page that says of each table that it is empty."""
    page = read_page(run_page(empty_report))
    text = " ".join(page.text)
    assert page.faults == []
    assert page.count("table") == 0
    assert page.count("svg") == 0
    for said in ("no warnings", "No source was read", "No pairs were kept", "nothing to classify"):
        assert said in text


def test_a_night_that_compared_no_investigations(
    run_values: dict[str, Any], read_page: Callable[[str], Any]
) -> None:
    """What becomes of entities is told every night, of a first run nothing, and each is sound."""
    changes = {"entities": run_values["changes"]["entities"]}
    for told, shown in ((changes, True), (None, False)):
        report = RunReport.model_validate({**run_values, "changes": told})
        page = read_page(run_page(report))
        text = " ".join(page.text)
        assert page.faults == []
        assert ("What this run changes" in text) is shown
        assert "newly meet or part" not in text


def test_a_page_is_the_same_each_time(run_report: RunReport) -> None:
    """One report always gives the same page."""
    assert run_page(run_report) == run_page(run_report.model_copy(deep=True))


def test_the_page_needs_nothing_else(
    run_report: RunReport, read_page: Callable[[str], Any]
) -> None:
    """The page refers to no address and no file, and forbids itself to load any."""
    html = run_page(run_report)
    page = read_page(html)
    links = page.attributes("href")
    assert re.search(r"(?i)https?:|//[a-z]|url\((?!#)|@import|src=", html) is None
    assert [link for link in links if not link.startswith("#") and link != "data:,"] == []
    assert any("default-src 'none'" in content for content in page.attributes("content"))
    assert {link[1:] for link in links if link.startswith("#")} <= set(page.attributes("id"))


def test_the_page_can_be_heard(run_report: RunReport, read_page: Callable[[str], Any]) -> None:
    """Tables have captions, header cells a scope, charts words, ids are unique, levels in order."""
    page = read_page(run_page(run_report))
    ids = page.attributes("id")
    tags = [tag for tag, _ in page.elements]
    heads = [attrs for tag, attrs in page.elements if tag == "th"]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    charts = [attrs for tag, attrs in page.elements if tag == "svg"]
    assert page.faults == []
    assert page.count("caption") == page.count("table") > 5
    assert [head for head in heads if "scope" not in head and "aria-hidden" not in head] == []
    assert len(ids) == len(set(ids))
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(charts) == 1
    named = {name for value in page.attributes("aria-labelledby") for name in value.split()}
    assert named <= set(ids)
    assert "Most pairs, 30,067, lie from 15 to 17.5 bits." in " ".join(page.text)


def test_many_pairs_of_units_are_folded_away(
    run_values: dict[str, Any], read_page: Callable[[str], Any]
) -> None:
    """Past the first pairs of units, which meet most, the others are folded away but there."""
    pairs = [
        {"unit": f"unit {n}", "other_unit": "other", "meetings": 1_000 + n, "entities": 1}
        for n in range(SHOWN_PAIRS + 3)
    ]
    values = {**run_values, "investigations": {**run_values["investigations"], "prior": pairs}}
    html = run_page(RunReport.model_validate(values))
    assert "3 more pairs of units" in html
    names = {"meetings": "meet", "entities": "part"}
    met = [{names.get(key, key): value for key, value in row.items()} for row in pairs]
    changes = {**run_values["changes"], "investigations": {"meet": 1, "part": 1, "units": met}}
    again = run_page(RunReport.model_validate({**run_values, "changes": changes}))
    assert "3 more pairs of units" in again
    assert all(f">unit {n}<" in html for n in range(SHOWN_PAIRS + 3))
    assert html.index(f">unit {SHOWN_PAIRS + 2}<") < html.index("3 more pairs")
    assert html.index("3 more pairs") < html.index(">unit 0<")
    assert read_page(html).faults == []

"""Counting investigations for the report."""

from __future__ import annotations

import polars as pl

from linker.night.tally import InvestigationTally
from linker.schemas import CROWDS, INVESTIGATIONS


def test_entities_of_many_investigations_are_told() -> None:
    """Where not every meeting is told, the report says of how many entities."""
    tally = InvestigationTally()
    tally.warn(pl.DataFrame(schema=dict(CROWDS)))
    assert tally.warnings == []
    crowds = [("person", "p1", 512, 3), ("person", "p2", 101, 0)]
    tally.warn(pl.DataFrame(crowds, schema=dict(CROWDS), orient="row"))
    assert "more than 100 investigations or contacts: 2, the largest with 512" in tally.warnings[0]


def rows(*meetings: tuple[str, str, str, str]) -> pl.DataFrame:
    found = [
        {
            "entity_id": entity,
            "case_id": case,
            "agency": "HSI",
            "unit": "Laredo",
            "class": name,
            "tier": None if name == "NO_HIT" else "PROBABLE",
            "other_case_id": other,
            "other_agency": "HSI",
            "other_unit": "Laredo",
        }
        for entity, case, name, other in meetings
    ]
    return pl.DataFrame(found, schema=dict(INVESTIGATIONS))


def test_a_tally_of_parts_is_that_of_the_whole() -> None:
    """Counting investigations part by part gives what counting them together gives."""
    parts = [
        rows(("p1", "1", "PRIOR", "2"), ("p1", "2", "NO_HIT", "")),
        rows(("p2", "1", "PRIOR", "3"), ("p2", "1", "SIMULTANEOUS", "4")),
    ]
    whole, tally = InvestigationTally(), InvestigationTally()
    whole.add(pl.concat(parts))
    for part in parts:
        tally.add(part)
    assert tally.summary() == whole.summary()
    assert tally.summary()["prior"] == [
        {"unit": "HSI / Laredo", "other_unit": "HSI / Laredo", "meetings": 2, "entities": 2}
    ]


def test_what_is_told_anew_is_counted_instead() -> None:
    """Going on from a report, less some rows and more others, gives what those that count give."""
    first = rows(("p1", "1", "PRIOR", "2"), ("p1", "2", "SIMULTANEOUS", "3"))
    other = rows(("p2", "1", "PRIOR", "3"))
    before, after = InvestigationTally(), InvestigationTally()
    before.add(first)
    before.add(other)
    again = InvestigationTally(before.summary())
    again.take_away(first)
    now = rows(("p1", "1", "NO_HIT", ""))
    again.add(now)
    after.add(pl.concat([now, other]))
    assert again.summary() == after.summary()


def test_no_investigation_at_all() -> None:
    """Sources without a case make an empty summary."""
    assert InvestigationTally().summary()["classes"] == []

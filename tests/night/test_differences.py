"""What a run changes, counted: against memberships and meetings before and after."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.entities.identity import identify
from linker.entities.ledger import RunStamp
from linker.night.differences import Told, entity_changes, meeting_changes, meeting_differences
from linker.schemas import INVESTIGATIONS, MEMBERSHIP, empty
from linker.store.investigations import ORDER, InvestigationTable

AS_OF: Final = dt.date(2026, 6, 30)
RECORDS: Final = 9
SIDES = st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=RECORDS, max_size=RECORDS)
"""The cluster of each record; None where there is no such record."""
CASES: Final = ((None, "r1"), ("1", "r2"), ("2", "r3"), ("2", "r4"), (None, "r5"))
"""Case id and record of some mentions: the third and the fourth are of one investigation."""
ROW = st.tuples(
    st.sampled_from(range(len(CASES))),
    st.sampled_from(range(len(CASES))),
    st.sampled_from(["SIMULTANEOUS", "PRIOR", "HISTORICAL_OVERLAP", "PRIOR_CONTACT", "NO_HIT"]),
    st.sampled_from(["CONFIRMED", "PROBABLE", "POSSIBLE"]),
    st.sampled_from(["p1", "p2"]),
)


def clusters(labels: list[int | None]) -> pl.DataFrame:
    rows = [("s", f"r{n}", label) for n, label in enumerate(labels) if label is not None]
    names = {"source": pl.String, "record_id": pl.String, "cluster": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def by_id(membership: pl.DataFrame) -> dict[str, set[str]]:
    found = defaultdict(set)
    for record, entity in membership.select("record_id", "entity_id").iter_rows():
        found[entity].add(record)
    return dict(found)


@given(SIDES, SIDES)
def test_counts_agree_with_who_was_whom(first: list[int | None], second: list[int | None]) -> None:
    """Each count of entities and records is what both memberships say, whatever happened."""
    stamp = RunStamp(1, "2026-03-01T02:00:00+00:00", "person/1@00000000")
    then = identify("person", clusters(first), empty(MEMBERSHIP), 0, 7, stamp)
    now = identify("person", clusters(second), then.membership, then.next_serial, 7, stamp)
    before, after = by_id(then.membership), by_id(now.membership)
    was = {record: entity for entity, records in before.items() for record in records}
    is_now = {record: entity for entity, records in after.items() for record in records}
    both = was.keys() & is_now.keys()
    went = {entity: {is_now[it] for it in records & both} for entity, records in before.items()}
    came = {entity: {was[it] for it in records & both} for entity, records in after.items()}

    counts = {"entities": len(before), "mentions": len(was)}
    found = entity_changes(now.ledger, now.moves, counts, len(is_now))
    assert found.before == len(before)
    assert found.now == len(after)
    assert found.unchanged == sum(after.get(it) == records for it, records in before.items())
    assert found.merged == sum(bool(went[it]) and it not in after for it in before)
    assert found.split == sum(len(places) > 1 for places in went.values())
    assert found.retired == sum(not places for places in went.values())
    assert found.created == len(after.keys() - before.keys())
    assert found.moved == sum(was[it] != is_now[it] for it in both)
    assert found.changed == sum(
        before[it] != after[it] and went[it] == came[it] == {it}
        for it in before.keys() & after.keys()
    )


Row = tuple[int, int, str, str, str]


def told(directory: Path, rows: list[Row]) -> Told:
    """What a generation tells, of one source and agency."""
    values = [
        {
            **dict.fromkeys(INVESTIGATIONS),
            "entity_type": "person",
            "entity_id": entity,
            "class": kind,
            "tier": tier,
            "source": "s",
            "record_id": CASES[mine][1],
            "case_id": CASES[mine][0],
            "other_source": "s",
            "other_record_id": CASES[other][1],
            "other_case_id": CASES[other][0],
            "agency": "A",
            "other_agency": "A",
        }
        for mine, other, kind, tier, entity in rows
    ]
    (directory / "investigations").mkdir()
    frame = pl.DataFrame(values, schema=dict(INVESTIGATIONS)).sort(ORDER, nulls_last=True)
    frame.write_parquet(directory / "investigations/000001.parquet")
    return Told(InvestigationTable(directory, AS_OF), ["person"])


def name(place: int) -> str:
    case, record = CASES[place]
    return case or record


def met(rows: list[Row]) -> set[tuple[str, ...]]:
    return {
        tuple(sorted((name(mine), name(other))))
        for mine, other, kind, tier, _ in rows
        if tier != "POSSIBLE" and kind in ("SIMULTANEOUS", "PRIOR", "HISTORICAL_OVERLAP")
    }


@settings(max_examples=60)
@given(st.lists(ROW, max_size=9), st.lists(ROW, max_size=9))
def test_meetings_that_come_and_go(first: list[Row], second: list[Row]) -> None:
    """A pair is told once if it meets in one generation alone: whoever is told of it, by which
    class, on whichever entity."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        found = meeting_differences(told(Path(one), first), told(Path(other), second))
    pairs = [
        (change, *sorted((case or record, other_case or other_record)))
        for change, case, record, other_case, other_record in found.select(
            "change", "case_id", "record_id", "other_case_id", "other_record_id"
        ).iter_rows()
    ]
    new, old = met(second) - met(first), met(first) - met(second)
    assert sorted(pairs) == sorted(
        [*(("meets", *pair) for pair in new), *(("parts", *pair) for pair in old)]
    )
    counts = meeting_changes(found)
    assert (counts.meet, counts.part) == (len(new), len(old))
    assert sum(row.meet for row in counts.units) == len(new)

"""What the ledger says of cuts."""

from __future__ import annotations

import polars as pl

from linker.entities.causes import TOLD_CUTS
from linker.entities.events import parted_by
from linker.entities.hold import REASONS
from linker.entities.ledger import RunStamp, cut_events, named_cuts
from linker.schemas import CUTS as NAMED
from linker.schemas import LEDGER, check, empty

STAMP = RunStamp(3, "2026-01-01T00:00:00+00:00", "person/1@00000000")
RECORDS = pl.DataFrame({"source": ["a", "a", "b", "b"], "record_id": ["1", "2", "1", "2"]})
MEMBERSHIP = RECORDS.with_columns(pl.Series("entity_id", ["p1", "p1", "p2", "p3"]))


def cuts(*rows: tuple[int, int, float, str]) -> pl.DataFrame:
    told = [(*row, None, REASONS[row[3]]) for row in rows]
    return pl.DataFrame(told, schema=TOLD_CUTS, orient="row")


def test_a_cut_names_both_records_and_their_entities() -> None:
    """A row of the ledger has the entity of either record, its size, model and reason."""
    named = check(named_cuts(cuts((1, 2, 9.0, "birth_dates")), RECORDS), NAMED, "cuts")
    events = check(cut_events(named, empty(NAMED), MEMBERSHIP, "person", STAMP), LEDGER, "ledger")
    assert events.row(0, named=True) == {
        "generation": 3,
        "run_at": STAMP.at,
        "entity_type": "person",
        "entity_id": "p1",
        "event": "cut",
        "other_entity_id": "p2",
        "records": 2,
        "model": STAMP.model,
        "reason": REASONS["birth_dates"],
        "source": "a",
        "record_id": "2",
        "other_source": "b",
        "other_record_id": "1",
        "match_weight": 9.0,
        "decision": None,
    }


def test_a_cut_of_yesterday_is_not_told_again_unless_its_reason_changed() -> None:
    """Only what is new today is an event."""
    before = named_cuts(cuts((0, 2, 9.0, "support"), (0, 3, 9.0, "support")), RECORDS)
    today = named_cuts(cuts((0, 2, 8.0, "support"), (0, 3, 9.0, "size")), RECORDS)
    events = cut_events(today, before, MEMBERSHIP, "person", STAMP)
    assert events.select("other_record_id", "reason").rows() == [("2", REASONS["size"])]


def test_nothing_cut_is_no_event() -> None:
    """Without cuts the ledger gets no rows."""
    named = named_cuts(cuts(), RECORDS)
    assert cut_events(named, empty(NAMED), MEMBERSHIP, "person", STAMP).equals(empty(LEDGER))


def test_a_part_left_its_entity_for_the_reason_of_the_heaviest_cut() -> None:
    """Of several cuts between a cluster and an old entity, the heaviest link's reason holds."""
    clusters = pl.Series("cluster", [0, 0, 2, 3])
    before = pl.Series("entity_id", ["p1", "p1", "p1", None])
    found = parted_by(
        clusters,
        before,
        cuts((0, 2, 5.0, "support"), (1, 2, 9.0, "custody"), (2, 3, 12.0, "size")),
    )
    columns = ["cluster", "other_entity_id", "mention_l", "mention_r", "parted_by"]
    assert sorted(found.select(columns).rows()) == [
        (0, "p1", 1, 2, REASONS["custody"]),
        (2, "p1", 2, 1, REASONS["custody"]),
        (3, "p1", 3, 2, REASONS["size"]),
    ]
    assert parted_by(clusters, before, cuts()).is_empty()

"""The history of entities: who was whom, when, and where an id went."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import StoreError, UsageError
from linker.schemas import LEDGER, MOVES
from linker.store.generation import Generation
from linker.store.history import History, as_of, end_of, entity_type_of
from linker.store.layout import Store

Move = tuple[str, str | None]


def ledger(number: int, *events: tuple[str, str, str | None]) -> pl.DataFrame:
    rows = [
        {
            "generation": number,
            "run_at": f"2026-03-{number:02}T02:00:00+00:00",
            "entity_type": "person",
            "entity_id": entity,
            "event": event,
            "other_entity_id": other,
        }
        for event, entity, other in events
    ]
    return pl.DataFrame(rows, schema=dict(LEDGER), orient="row")


def write(
    directory: Path, runs: dict[int, tuple[pl.DataFrame, list[Move]]], number: int = 9
) -> Generation:
    """Write the history of a generation: by number of the run, its events and moves."""
    generation = Generation(number, directory / f"{number:06d}")
    for run, (events, moved) in runs.items():
        for table, frame in (
            ("ledger", events),
            (
                "moves_person",
                pl.DataFrame([("s", *move) for move in moved], schema=dict(MOVES), orient="row"),
            ),
        ):
            path = generation.directory / table / f"{run:06d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(path)
    return generation


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    """Four runs: p1 and p2 created, p2 merged into p1, a quiet run, b split off as p3."""
    return write(
        tmp_path,
        {
            1: (
                ledger(1, ("created", "p1", None), ("created", "p2", None)),
                [("a", "p1"), ("b", "p2"), ("c", "p2")],
            ),
            2: (
                ledger(2, ("merged", "p2", "p1"), ("changed", "p1", None)),
                [("b", "p1"), ("c", "p1")],
            ),
            3: (ledger(3), []),
            4: (
                ledger(4, ("created", "p3", None), ("split", "p3", "p1"), ("changed", "p1", None)),
                [("b", "p3"), ("c", None)],
            ),
        },
    )


def test_the_last_move_at_or_before_a_run_says_who_a_record_was(generation: Generation) -> None:
    """What moved later does not count, and what is gone is nobody's."""
    history = History(generation)

    def members(number: int | None) -> dict[str, str]:
        rows = history.membership("person", number).select("record_id", "entity_id").rows()
        return dict(rows)

    assert members(1) == {"a": "p1", "b": "p2", "c": "p2"}
    assert members(2) == members(3) == {"a": "p1", "b": "p1", "c": "p1"}
    assert members(4) == members(None) == {"a": "p1", "b": "p3"}
    assert history.runs == [1, 2, 3, 4]


def test_the_membership_of_some_records_is_that_of_them_alone(generation: Generation) -> None:
    """Records that nobody knows are left out."""
    asked = pl.DataFrame({"source": ["s", "s", "t"], "record_id": ["b", "z", "a"]})
    found = History(generation).membership("person", 2, asked)
    assert found.rows() == [("s", "b", "p1")]
    assert History(generation).membership("organization").is_empty()


def test_who_moved_since_is_told_as_who_it_was(generation: Generation) -> None:
    """Null for whom nobody knew then; who did not move is left out."""
    history = History(generation)
    assert history.moved_since("person", 1).rows() == [("s", "b", "p2"), ("s", "c", "p2")]
    assert history.moved_since("person", 0)["entity_id"].to_list() == [None] * 3
    assert history.moved_since("person", 4).is_empty()


def test_an_id_leads_to_the_entity_that_lives_now(tmp_path: Path, generation: Generation) -> None:
    """Over several merges, and to nobody where the last one retired."""
    assert [History(generation).now(entity) for entity in ("p1", "p2", "p3")] == ["p1", "p1", "p3"]
    chain = write(
        tmp_path,
        {
            1: (ledger(1, ("merged", "p3", "p2")), []),
            2: (ledger(2, ("merged", "p2", "p1"), ("retired", "p4", None)), []),
            3: (ledger(3, ("merged", "p5", "p4")), []),
        },
        number=8,
    )
    assert [History(chain).now(entity) for entity in ("p3", "p4", "p5")] == ["p1", None, None]


def test_the_events_of_an_entity_are_those_that_name_it(generation: Generation) -> None:
    """As the one it happened to, or as the other, oldest first."""
    events = History(generation).events("p1")
    assert events.select("generation", "event", "entity_id").rows() == [
        (1, "created", "p1"),
        (2, "changed", "p1"),
        (2, "merged", "p2"),
        (4, "changed", "p1"),
        (4, "split", "p3"),
    ]
    assert History(generation).events("p9").is_empty()
    assert set(History(generation).ledger(2)["generation"]) == {1, 2}


def test_the_stays_of_an_entity_say_from_when_to_when_it_had_a_record(
    generation: Generation,
) -> None:
    """And whose the record is now."""
    history = History(generation)
    assert history.stays("person", "p1").rows() == [
        ("s", "a", 1, None, "p1"),
        ("s", "b", 2, 4, "p3"),
        ("s", "c", 2, 4, None),
    ]
    assert history.stays("person", "p2").select("record_id", "since", "until", "now").rows() == [
        ("b", 1, 2, "p3"),
        ("c", 1, 2, None),
    ]
    assert history.stays("person", "p9").is_empty()


MOVES_OF_RUNS = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from([None, "p1", "p2"]), max_size=4),
    min_size=1,
    max_size=5,
)


@given(MOVES_OF_RUNS)
def test_membership_is_every_run_laid_over_the_ones_before(
    tmp_path_factory: pytest.TempPathFactory, runs: list[dict[str, str | None]]
) -> None:
    """Whatever moves: the same as a plain dictionary that each run updates."""
    parts = {
        number: (ledger(number), list(moved.items())) for number, moved in enumerate(runs, start=1)
    }
    history = History(write(tmp_path_factory.mktemp("runs"), parts))
    known: dict[str, str | None] = {}
    for number, moved in enumerate(runs, start=1):
        known |= moved
        expected = {record: entity for record, entity in known.items() if entity is not None}
        found = history.membership("person", number)
        assert dict(found.select("record_id", "entity_id").rows()) == expected


def store_with(tmp_path: Path, kept: dict[int, str]) -> Store:
    store = Store(tmp_path / "store", 1)
    for number, at in kept.items():
        directory = store.generation(number)
        directory.mkdir(parents=True)
        (directory / "manifest.json").write_text(f'{{"at": "{at}"}}')
    return store


@pytest.mark.parametrize(
    ("day", "number", "held"),
    [
        ("2026-03-01", 1, None),
        ("2026-03-02", 2, None),
        ("2026-03-03", 2, 3),
        ("2026-03-04", 4, 4),
        ("2027-01-01", 4, 4),
        ("2026-03-04T01:59:59", 2, 3),
        ("2026-03-04T02:00", 4, 4),
        ("2026-03-03T23:00-04:00", 4, 4),
    ],
)
def test_what_was_published_at_a_time(
    tmp_path: Path, generation: Generation, day: str, number: int, held: int | None
) -> None:
    """The last run of the lineage by then, and its generation where it is on disk."""
    kept = {3: "2026-03-03T02:00:00+00:00", 4: "2026-03-04T02:00:00+00:00"}
    kept[7] = "2026-03-04T03:00:00+00:00"  # not of the lineage: rolled back, or held back
    found = as_of(store_with(tmp_path, kept), History(generation), end_of(day))
    assert found.number == number
    assert (found.generation.number if found.generation else None) == held


def test_before_the_first_generation_there_was_nothing(
    tmp_path: Path, generation: Generation
) -> None:
    """The line says when the first one was published."""
    store = store_with(tmp_path, {})
    with pytest.raises(UsageError, match=r"nothing had been published by then.*2026-03-01"):
        as_of(store, History(generation), end_of("2026-02-28"))


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "01/02/2026", "9999-12-31"])
def test_what_is_no_date_is_refused(text: str) -> None:
    """With an example of one, and without the text."""
    with pytest.raises(UsageError, match="not a date such as 2026-03-01"):
        end_of(text)


def test_a_history_that_cannot_be_read_is_named(tmp_path: Path, generation: Generation) -> None:
    """A damaged file, or a generation without a history, is one clear line."""
    (generation.directory / "ledger" / "000002.parquet").write_bytes(b"PAR1 not")
    with pytest.raises(StoreError, match="history is damaged"):
        History(generation).events("p1")
    (tmp_path / "000001").mkdir()
    with pytest.raises(StoreError, match="run linker link"):
        History(Generation(1, tmp_path / "000001")).ledger()
    (generation.directory / "moves_person" / "000001.parquet").write_bytes(b"")
    with pytest.raises(StoreError, match="history is damaged"):
        History(generation).membership("person")


def test_an_id_tells_its_entity_type() -> None:
    """By its first letter."""
    known = [entity_type_of(text) for text in ("p0003aaqnxmc6h", "o1", "x1", "")]
    assert known == ["person", "organization", None, None]

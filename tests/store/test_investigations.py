"""The investigations of a generation: of each entity what the last run that told of it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.errors import StoreError
from linker.schemas import CROWDS, INVESTIGATIONS, empty
from linker.store.investigations import ORDER, TOLD, InvestigationTable, write_told
from linker.store.table_file import TableFile

AS_OF = dt.date(2024, 6, 1)
Row = tuple[str, str, str, str | None]
"""Entity type, entity, record, class."""


def table(rows: list[Row], as_of: dt.date = AS_OF) -> pl.DataFrame:
    dicts = [
        {"entity_type": kind, "entity_id": entity, "source": "s", "record_id": record}
        | {"class": word, "as_of": as_of, "matched_on": ["phones"], "case_id": record}
        for kind, entity, record, word in rows
    ]
    frame = pl.DataFrame(dicts, schema=dict(INVESTIGATIONS))
    return frame.sort("entity_type", *ORDER, descending=[True] + [False] * 8, nulls_last=True)


def write_run(
    directory: Path, run: str, rows: list[Row], told: list[tuple[str, str]] | None
) -> None:
    (directory / "investigations").mkdir(parents=True, exist_ok=True)
    with TableFile(directory / "investigations" / f"{run}.parquet", INVESTIGATIONS) as file:
        for part in table(rows, dt.date(2020, 1, 1)).iter_slices(3):
            file.append(part)
    if told is not None:
        frame = pl.DataFrame(told, schema=dict(TOLD), orient="row")
        write_told(directory, run, frame)


def test_the_latest_run_that_told_of_an_entity_counts(tmp_path: Path) -> None:
    """Older rows of it are gone, even where the later run had none; others stay, as of today."""
    p = "person"
    write_run(tmp_path, "000003", [(p, "a", "1", "PRIOR"), (p, "b", "2", "PRIOR")], None)
    write_run(tmp_path, "000004", [(p, "b", "3", "NO_HIT")], [(p, "b"), (p, "c")])
    write_run(tmp_path, "000010", [("organization", "b", "4", "PRIOR")], [(p, "a")])
    held = InvestigationTable(tmp_path, AS_OF)
    found = held.read(["person", "organization"])
    assert found.equals(table([(p, "b", "3", "NO_HIT"), ("organization", "b", "4", "PRIOR")]))
    assert held.of_entity("person", "b").equals(table([(p, "b", "3", "NO_HIT")]))
    assert held.of_entity("person", "a").is_empty()
    assert held.of_entity("organization", "a").is_empty()
    some = held.of_entities("person", pl.Series(["a", "b", "z"]), ["entity_id", "class"])
    assert some.rows() == [("b", "NO_HIT")]


entities = st.sampled_from("abcdefgh")
kinds = st.sampled_from(["person", "person", "organization"])
rows_of_run = st.lists(
    st.tuples(kinds, entities, st.sampled_from("12345"), st.sampled_from(["A", "B", None])),
    unique=True,
    max_size=12,
)
runs = st.lists(
    st.tuples(rows_of_run, st.lists(st.tuples(kinds, entities), max_size=4)), min_size=1, max_size=4
)


@settings(max_examples=20)
@given(runs, st.integers(1, 9))
def test_parts_are_what_a_dictionary_of_entities_holds(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[list[Row], list[tuple[str, str]]]],
    at_once: int,
) -> None:
    """However few rows are read together; each part has whole entities, in order."""
    directory = tmp_path_factory.mktemp("generation")
    latest: dict[tuple[str, str], list[Row]] = {}
    for number, (rows, emptied) in enumerate(drawn):
        told = list({*(row[:2] for row in rows), *emptied})
        for key in told:
            latest[key] = [row for row in rows if row[:2] == key]
        write_run(directory, f"{number:06}", rows, told if number else None)
    expected = table([row for some in latest.values() for row in some])
    held = InvestigationTable(directory, AS_OF)
    parts = list(held.parts(["person", "organization"], at_once=at_once))
    assert pl.concat([empty(INVESTIGATIONS), *parts]).equals(expected)
    firsts = [set(part.select("entity_type", "entity_id").iter_rows()) for part in parts]
    assert sum(map(len, firsts)) == len(set().union(*firsts)) if firsts else True
    narrow = list(held.parts(["person", "organization"], ["class"], at_once=at_once))
    assert [row for part in narrow for row in part.rows()] == expected.select("class").rows()


def test_large_tables_come_in_several_parts(tmp_path: Path) -> None:
    """A part is about as large as was asked, by the row groups of the files."""
    write_run(tmp_path, "1", [("person", f"e{n:03}", "1", "PRIOR") for n in range(60)], None)
    parts = list(InvestigationTable(tmp_path, AS_OF).parts(["person"], at_once=10))
    assert [part.height for part in parts] == [9] * 6 + [6]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda held: (held / "investigations" / "2.parquet").write_bytes(b"no"),
        lambda held: (held / "told" / "2.parquet").unlink(),
        lambda held: [path.unlink() for path in (held / "investigations").iterdir()],
    ],
)
def test_what_is_missing_or_damaged_is_said(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    """One line that names the file and what to do."""
    write_run(tmp_path, "1", [("person", "a", "1", "PRIOR")], None)
    write_run(tmp_path, "2", [("person", "a", "1", "PRIOR")], [("person", "a")])
    spoil(tmp_path)
    with pytest.raises(StoreError, match="is missing or damaged; publish a new generation"):
        InvestigationTable(tmp_path, AS_OF).read(["person"])


def test_crowds_count_until_their_entity_is_told_anew(tmp_path: Path) -> None:
    """An entity that a later run told of is a crowd only if that run says so."""
    (tmp_path / "crowds").mkdir()
    for run, crowds, told in (
        ("1", [("person", "a", 200, 3), ("person", "b", 5, 300)], None),
        ("2", [], [("person", "a")]),
        ("3", [("person", "c", 101, 0)], [("person", "c"), ("organization", "b")]),
    ):
        write_run(tmp_path, run, [], told)
        frame = pl.DataFrame(crowds, schema=dict(CROWDS), orient="row")
        frame.write_parquet(tmp_path / "crowds" / f"{run}.parquet")
    found = InvestigationTable(tmp_path, AS_OF).crowds()
    assert found.rows() == [("person", "b", 5, 300), ("person", "c", 101, 0)]

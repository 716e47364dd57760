"""Traces are found in whatever file they are, and only what no other record says is one."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from linker.schemas import RECORD
from linker.store.layout import Store, open_or_create_store
from linker.store.traces import Sought, find_traces, named_in, said_alone, said_by

GONE = pl.DataFrame([("cases", "k1")], schema=dict(RECORD), orient="row")
ROWS = pl.DataFrame(
    {
        "mention": [0, 1],
        "source": ["cases", "cases"],
        "record_id": ["k1", "k2"],
        "status": ["reopened", "open"],
        "full_name": ["xochitl vandersteen", "ana perez"],
        "aliases": [["la güera xochitl", "chata"], ["perez vandersteen"]],
        "city": ["laredo", "laredo"],
        "birth_date": [dt.date(1961, 2, 3), dt.date(1984, 3, 17)],
        "opened": [dt.date(2024, 1, 1), dt.date(1961, 2, 4)],
        "retained": [json.dumps({"tattoo": "serpiente emplumada"}), None],
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of two generations, the record in the first alone."""
    store = open_or_create_store(tmp_path / "store")
    for number, rows in ((1, ROWS), (2, ROWS[1:])):
        store.generation(number).mkdir(parents=True)
        rows.write_parquet(store.generation(number) / "mentions_person.parquet")
    store.pointer.write_text("2\n")
    return store


@pytest.fixture
def sought(store: Store) -> Sought:
    said = said_by([store.generation(1), store.generation(2)], GONE)
    return said_alone(said, store.generation(2))


def found(store: Store, sought: Sought) -> dict[str, tuple[int | None, int, int]]:
    """By file: its generation, how many rows name the record, how many values it has."""
    return {
        str(trace.path.relative_to(store.directory)): (
            trace.generation,
            trace.records,
            trace.values,
        )
        for trace in find_traces(store, sought)
    }


OLD = "generations/000001/mentions_person.parquet"


def test_what_only_the_record_says_is_looked_for(sought: Sought) -> None:
    """A city that others have, and a word of a fixed few, identify nobody."""
    assert sought.texts == {
        "xochitl vandersteen",
        "la güera xochitl",
        "chata",
        json.dumps({"tattoo": "serpiente emplumada"}),
        "serpiente emplumada",
    }
    assert sought.dates == {dt.date(1961, 2, 3), dt.date(2024, 1, 1)}


def test_the_new_generation_is_clean(store: Store, sought: Sought) -> None:
    """Only the generation that holds the record has traces of it."""
    assert found(store, sought) == {OLD: (1, 1, 7)}


def test_one_file_tells_that_an_old_generation_is_to_go(store: Store, sought: Sought) -> None:
    """Of a generation that is not published no second file is searched."""
    (store.generation(1) / "notes").write_text("xochitl vandersteen")
    assert list(found(store, sought)) == [OLD]
    assert [named_in(store.generation(number), GONE) for number in (1, 2)] == [1, 0]


def test_while_the_record_is_there_its_values_count(store: Store) -> None:
    """A generation that still has the record does not excuse what the record says."""
    said = said_by([store.generation(1)], GONE)
    assert "xochitl vandersteen" in said_alone(said, store.generation(1)).texts


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.json", json.dumps({"largest": [{"name": "La güera xochitl?"}]}).replace("L", "l")),
        ("report.json", '{"broken": "xochitl vandersteen"'),
        ("report.html", "<p>xochitl vandersteen</p>"),
        ("person/notes", "xochitl vandersteen"),
    ],
)
def test_text_files_are_searched(store: Store, sought: Sought, name: str, content: str) -> None:
    """A value is found in JSON, however it is escaped, and in the bytes of any other file."""
    path = store.generation(2) / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    assert found(store, sought)[f"generations/000002/{name}"] == (2, 0, 1)


def test_arrays_are_searched(store: Store, sought: Sought) -> None:
    """Packed strings are found in the bytes of an array."""
    data = np.frombuffer(b"ana perez\0xochitl vandersteen\0", dtype=np.uint8)
    np.save(store.generation(2) / "data.npy", data)
    assert found(store, sought)["generations/000002/data.npy"] == (2, 0, 1)


def test_a_part_of_what_another_record_says_is_no_trace(store: Store) -> None:
    """Bytes that are explained by another record's longer value are not the forgotten one's."""
    (store.generation(2) / "data.npy").write_bytes(b"perez vandersteen")
    sought = Sought(GONE, frozenset({"vandersteen", "la quinceava"}), frozenset())
    assert "generations/000002/data.npy" not in found(store, sought)
    (store.generation(2) / "data.npy").write_bytes(b"perez vandersteen, la quinceava")
    assert found(store, sought)["generations/000002/data.npy"] == (2, 0, 1)


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame({"source": ["cases"], "record_id": ["k1"]}),
        pl.DataFrame({"other_source": ["cases"], "other_record_id": ["k1"]}),
        pl.DataFrame({"source_l": ["x"], "record_id_l": ["y"], "source_r": ["cases"]}).with_columns(
            record_id_r=pl.lit("k1")
        ),
    ],
)
def test_tables_that_name_the_record(store: Store, sought: Sought, table: pl.DataFrame) -> None:
    """A record is found by source and id on every side of a table, and another source's is not."""
    table.write_parquet(store.generation(2) / "ledger.parquet")
    assert found(store, sought)["generations/000002/ledger.parquet"] == (2, 1, 0)
    other = table.with_columns(pl.col(pl.String()).replace({"cases": "arrests"}))
    other.write_parquet(store.generation(2) / "ledger.parquet")
    assert "generations/000002/ledger.parquet" not in found(store, sought)


def test_databases_are_searched(store: Store, sought: Sought) -> None:
    """A row of the journal is found, and so is one that was deleted and is left in the bytes."""
    with duckdb.connect(str(store.journal)) as connection:
        connection.execute("CREATE TABLE decisions (source_l VARCHAR, record_id_l VARCHAR)")
        connection.execute("INSERT INTO decisions VALUES ('cases', 'k1')")
    assert found(store, sought)["journal.duckdb"] == (None, 1, 0)
    (store.directory / "journal.duckdb.wal").write_bytes(b"..xochitl vandersteen..")
    (store.directory / "journal.duckdb.wal").rename(store.directory / "left.wal")
    assert found(store, sought)["left.wal"] == (None, 0, 1)


def test_a_model_of_other_records_is_left_out(store: Store, sought: Sought) -> None:
    """The term frequencies of a model that ships are of invented records and no trace."""
    path = store.generation(2) / "models" / "person" / "tf" / "full_name.parquet"
    path.parent.mkdir(parents=True)
    pl.DataFrame({"full_name": ["xochitl vandersteen"], "tf": [0.1]}).write_parquet(path)
    assert any("models" in name for name in found(store, sought))
    assert len(find_traces(store, sought, ["person"])) == 1

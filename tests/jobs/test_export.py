"""Exports: complete, in a fixed order, and refused where they cannot be written."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linker.jobs.export import EXPORTS
from tests.jobs.running import TABLES, everything, run, table


@pytest.mark.parametrize("name", TABLES)
def test_an_export_has_its_columns_and_says_its_rows(
    world: Path, tmp_path: Path, name: str
) -> None:
    """Parquet and CSV hold the same rows under the documented columns, and their count is told."""
    parquet, csv = tmp_path / "x.parquet", tmp_path / "x.csv"
    words = ("export", "--config", world, "--table", name, "--out")
    rows = run(*words, parquet, "--json").json["rows"]
    assert run(*words, csv).out == f"{rows:,} rows of {name} written to {csv}\n"
    whole = pl.read_parquet(parquet)
    assert dict(whole.schema) == dict(EXPORTS[name])
    flat = pl.read_csv(csv, infer_schema=False)
    assert flat.columns == whole.columns
    assert flat.height == whole.height == rows > 0


def test_every_record_is_in_one_entity(world: Path) -> None:
    """The entities hold each record of each source once, in order."""
    entities = table(world, "entities")
    assert entities.select("source", "record_id").n_unique() == entities.height == 45
    assert entities.equals(entities.sort(entities.columns))


def test_pairs_name_records_of_one_entity_type(world: Path) -> None:
    """Each pair names two records that exist, once."""
    pairs, entities = table(world, "pairs"), table(world, "entities")
    known = set(entities.select("source", "record_id").iter_rows())
    for side in ("l", "r"):
        assert set(pairs.select(f"source_{side}", f"record_id_{side}").iter_rows()) <= known
    assert pairs.select(pl.exclude("match_weight", "match_probability")).is_unique().all()


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("folder", ["folder", "ends in .parquet or .csv"]),
        ("folder.csv", ["folder.csv", "is a directory", "name a file"]),
        ("ledger.xlsx", ["ledger.xlsx", "ends in .parquet or .csv"]),
        ("ledger", ["ends in .parquet or .csv"]),
        ("nowhere/ledger.csv", ["nowhere", "no such directory"]),
        ("nowhere/ledger.parquet", ["nowhere", "no such directory"]),
        ("file/ledger.csv", ["file", "no such directory"]),
        ("/proc/ledger.csv", ["/proc", "cannot be written", "nothing was written"]),
        ("/proc/ledger.parquet", ["/proc", "cannot be written", "nothing was written"]),
    ],
)
def test_an_export_that_cannot_be_written(
    untouched: Path, tmp_path: Path, out: str, words: list[str]
) -> None:
    """A place that cannot take the file is named; nothing is left there."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    before = everything(tmp_path)
    export = ("export", "--config", untouched, "--table", "ledger", "--out", tmp_path / out)
    assert run(*export).refused(*words)
    assert everything(tmp_path) == before


def test_an_export_replaces_an_earlier_one(world: Path, tmp_path: Path) -> None:
    """An export over an earlier file replaces it whole, and leaves nothing beside it."""
    out = tmp_path / "ledger.csv"
    out.write_text("earlier\n" * 10_000)
    words = ("export", "--config", world, "--table", "ledger", "--out", out)
    assert run(*words).code == 0
    assert "earlier" not in out.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.csv"]

"""The warehouse: mentions that keep their numbers, in segments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from linker.blocking.index import write_keys
from linker.errors import StoreError
from linker.night.merging import merged
from linker.schemas import MENTIONS, SCORED_PAIRS
from linker.store.mention_table import held_in_memory
from linker.store.segment import write_facts
from linker.store.warehouse import (
    VOID,
    Warehouse,
    carry_over,
    open_warehouse,
    write_arrays,
)

SCHEMA = MENTIONS["organization"]
PLAIN = [name for name in SCHEMA if name != "mention"]


def mentions(*rows: dict[str, Any]) -> pl.DataFrame:
    """Mentions of organizations, in the order of their records."""
    whole = pl.DataFrame(list(rows), schema=dict(SCHEMA)).sort("source", "record_id")
    return whole.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))


def row(record: str, **values: Any) -> dict[str, Any]:
    """An organization."""
    return {"source": record[0], "record_id": record, "kind": "case", "name": "x", **values}


def add_segment(directory: Path, name: str, first: int, rows: pl.DataFrame) -> None:
    """Write a segment of mentions numbered from `first`."""
    segment = directory / "segments" / name
    segment.mkdir(parents=True)
    numbered = rows.with_columns(mention=pl.int_range(first, first + pl.len(), dtype=pl.Int64))
    numbered.write_parquet(segment / "mentions.parquet")
    contents = rows["record_id"].hash(1).to_numpy()
    np.save(segment / "contents.npy", contents)
    write_facts(segment, "organization", held_in_memory("organization", numbered), first, 1)
    keys = np.arange(rows.height, dtype=np.uint64)
    write_keys(
        segment / "keys", "name", keys, np.arange(first, first + rows.height, dtype=np.int32)
    )


FIRST = mentions(
    row("a1", aliases=["one", "one", "two"], phones=[], opened=None, narrative="long"),
    row("a2", tax_id="77"),
    row("b1", opened=None, aliases=None),
)
SECOND = mentions(row("a3", name="ñandú"), row("b0", tax_id="77", aliases=["two"]))


@pytest.fixture
def held(tmp_path: Path) -> Warehouse:
    """A warehouse of two segments, of which the second mention is dead."""
    add_segment(tmp_path, "000001", 0, FIRST)
    add_segment(tmp_path, "000002", 3, SECOND)
    dead = np.array([False, True, False, False, False])
    serials = np.array([0, -1, 1, 2, 0])
    write_arrays(tmp_path, dead=dead, serials=serials, components=np.arange(5, dtype=np.int32))
    return open_warehouse("organization", tmp_path)


def test_rows_are_read_in_the_order_asked(held: Warehouse) -> None:
    """Mentions of several segments come as they were written, lists with repeated values too."""
    found = held.rows(np.array([4, 0, 3, 2]), SCHEMA)
    whole = pl.concat([FIRST, SECOND]).with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    assert found.equals(whole[[4, 0, 3, 2]])


def test_the_dead_are_not_read(held: Warehouse) -> None:
    """Reading all mentions leaves the dead out; what is read has the order of numbers."""
    assert held.height == 4
    assert held.read(["record_id"])["record_id"].to_list() == ["a1", "b1", "a3", "b0"]
    assert held.of_source("a").tolist() == [0, 3]
    assert held.of_source("nobody").tolist() == []
    assert held.index.members("name", np.array([0, 1], dtype=np.uint64))[0].tolist() == [0, 3, 4]


def pairs(*ends: tuple[int, int]) -> pl.DataFrame:
    """Scored pairs, all of them links by their weight."""
    given = {"rule": 0, "match_weight": 9.0, "match_probability": 0.9, "confirmed": False}
    rows = [
        {"mention_l": left, "mention_r": right, "identity_weight": 5.0, **given}
        for left, right in ends
    ]
    return pl.DataFrame(rows, schema=dict(SCORED_PAIRS)).with_columns(link=pl.lit(value=True))


def scored(held: Warehouse, name: str, kept: pl.DataFrame, void: Sequence[tuple[int, int]]) -> None:
    """Write what a run did to the pairs."""
    for kind in ("pairs", "void"):
        (held.directory / kind).mkdir(exist_ok=True)
    kept.write_parquet(held.directory / "pairs" / f"{name}.parquet")
    gone = pl.DataFrame(list(void), schema=VOID, orient="row")
    gone.write_parquet(held.directory / "void" / f"{name}.parquet")


def test_pairs_count_while_both_live_and_no_later_run_voids_them(held: Warehouse) -> None:
    """A pair of a dead mention, or void since, is none; one found again after that is one."""
    scored(held, "000001", pairs((0, 1), (0, 2), (2, 3), (0, 4)), [])
    scored(held, "000002", pairs((3, 4)), [(0, 2), (2, 3)])
    scored(held, "000003", pairs((0, 2)), [])
    found = held.pairs().sort("mention_l", "mention_r")
    assert found.select(list(VOID)).rows() == [(0, 2), (0, 4), (3, 4)]
    assert found["link"].to_list() == [False, True, False]  # two entities' records are no link
    assert held.pairs(["link"], uncut=True)["link"].all()


def test_what_a_generation_carries_over_is_never_changed(held: Warehouse, tmp_path: Path) -> None:
    """The files of an earlier generation are shared: they stay as they are when it is deleted."""
    later = tmp_path / "later"
    carry_over(held.directory / "segments", later / "segments")
    write_arrays(later, dead=held.dead, serials=held.serials)
    one, other = (path / "segments/000001/mentions.parquet" for path in (tmp_path, later))
    assert one.stat().st_ino == other.stat().st_ino
    one.unlink()
    assert open_warehouse("organization", later).read(["record_id"]).height == 4


def test_mentions_that_are_kept_and_new_ones_are_renumbered(
    held: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All mentions come into one table, in the order of records, with what each was made from."""
    monkeypatch.setattr("linker.night.merging.AT_ONCE", 2)
    new = mentions(row("a0"), row("c1", aliases=["z"]))
    contents = np.array([8, 9], dtype=np.uint64)
    table, found = merged(
        held, ~held.dead, held_in_memory("organization", new), contents, tmp_path / "all.parquet"
    )
    whole = pl.concat([FIRST, SECOND, new]).filter(pl.col("record_id") != "a2")
    whole = whole.sort("source", "record_id")
    assert table.read(PLAIN).equals(whole.select(PLAIN))
    assert table.read(["mention"])["mention"].to_list() == list(range(6))
    of_record = dict(zip(table.read(["record_id"])["record_id"], found.tolist(), strict=True))
    assert of_record["a0"] == 8
    assert of_record["c1"] == 9
    assert of_record["b0"] == int(SECOND["record_id"].hash(1)[1])


def test_a_missing_file_is_one_clear_line(held: Warehouse) -> None:
    """Where a file of the warehouse is missing or damaged, the line names it and what to do."""
    (held.directory / "segments/000001/facts/rows.npy").write_bytes(b"no")
    with pytest.raises(StoreError, match=r"rows\.npy: is missing or damaged"):
        open_warehouse("organization", held.directory).rows(np.array([0]), ["name"])
    (held.directory / "dead.npy").unlink()
    with pytest.raises(StoreError, match=r"dead\.npy: is missing or damaged"):
        open_warehouse("organization", held.directory)

"""Mentions on disk, read a few columns at a time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linker.errors import LinkerError
from linker.schemas import PERSON
from linker.store.mention_table import MentionTable, MentionWriter

FIRST = pl.DataFrame(
    {"source": ["a", "a"], "record_id": ["1", "2"], "phones": [["+1"], None]},
    schema_overrides={"phones": pl.List(pl.String)},
)
SECOND = pl.DataFrame({"record_id": ["1"], "source": ["b"], "surname": ["soto"]})


def written(path: Path | None, columns: list[str] | None = None) -> MentionTable:
    with MentionWriter("person", path, columns) as writer:
        for frame in (FIRST, SECOND):
            writer.append(frame)
    return writer.table()


def test_mentions_on_disk_are_those_in_memory(tmp_path: Path) -> None:
    """A table reads alike from a file and from memory, whole as the schema says."""
    kept, filed = written(None), written(tmp_path / "mentions_person.parquet")
    assert kept.height == filed.height == 3
    assert dict(filed.read(PERSON).schema) == dict(PERSON)
    assert filed.read(PERSON).equals(kept.read(PERSON))
    assert pl.read_parquet(tmp_path / "mentions_person.parquet").equals(kept.read(PERSON))


def test_mentions_are_numbered_as_they_come(tmp_path: Path) -> None:
    """A mention's number is its row, whatever frames the mentions came in."""
    table = written(tmp_path / "mentions_person.parquet")
    assert table.read(["mention"])["mention"].to_list() == [0, 1, 2]
    assert table.read(["source", "record_id"]).rows() == [("a", "1"), ("a", "2"), ("b", "1")]


def test_columns_come_in_the_order_of_the_schema(tmp_path: Path) -> None:
    """Only the columns that were asked for are read, each once."""
    table = written(tmp_path / "mentions_person.parquet")
    assert table.read(["surname", "source", "surname"]).columns == ["source", "surname"]


def test_nulls_are_counted(tmp_path: Path) -> None:
    """What a frame lacks counts as missing, a list as one value."""
    nulls = written(tmp_path / "mentions_person.parquet").nulls
    assert (nulls["record_id"], nulls["phones"], nulls["surname"], nulls["ssn"]) == (0, 2, 2, 3)


def test_only_wanted_columns_are_kept() -> None:
    """A table in memory holds the numbers and the columns that it was asked to keep."""
    table = written(None, ["phones"])
    assert list(table.nulls) == ["mention", "phones"]
    assert table.read(["phones", "mention"]).rows() == [(0, ["+1"]), (1, None), (2, None)]


def test_a_table_without_a_mention(tmp_path: Path) -> None:
    """No mention at all makes an empty file with every column."""
    path = tmp_path / "mentions_person.parquet"
    with MentionWriter("person", path) as writer:
        pass
    assert writer.table().height == 0
    assert dict(pl.read_parquet(path).schema) == dict(PERSON)


def test_mentions_of_another_type_are_a_defect(tmp_path: Path) -> None:
    """A column that is no text where text belongs is refused by its name."""
    path = tmp_path / "mentions_person.parquet"
    refused = pytest.raises(LinkerError, match=r"mentions_person: .*surname")
    with refused, MentionWriter("person", path) as writer:
        writer.append(FIRST.with_columns(surname=pl.lit(1)))

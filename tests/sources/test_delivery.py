"""Delta sources: which files are read, which row of a record counts, and what is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.errors import SourceError
from linker.sources.delivery import Delivery, Received, delivery
from linker.sources.read import SourceRows, read_chunks
from tests.sources.conftest import make_config, make_source

Read = Callable[..., SourceRows]
DELTA = {"mode": "delta", "deleted": "gone", "path": "d*.csv"}


class Folder:
    """A delta source's folder, read again and again."""

    def __init__(self, base: Path, **given: Any) -> None:
        self.base = base
        self.source = make_source(**(DELTA | given))
        self.config = make_config(self.source, base)
        self.before: Received | None = None

    def write(self, name: str, text: str) -> None:
        (self.base / name).write_text(text)

    def look(self) -> Delivery:
        return delivery(self.source, self.config, self.before)

    def read(self) -> pl.DataFrame:
        """Read what was not read before, and return its rows."""
        tables: list[pl.DataFrame] = []
        what = self.look()
        facts = read_chunks(self.source, what, lambda rows, _: tables.append(rows))
        self.before = (self.before or Received()).with_more(what.seen, facts.total)
        rows = pl.concat(tables) if tables else pl.DataFrame({"record_id": [], "row": []})
        return rows.filter(~pl.col("row").is_in(facts.left_out.to_list()))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    found = Folder(tmp_path)
    found.write("d1.csv", "id,name,gone\n1,Ann,\n2,Bo,\n")
    return found


def test_the_last_row_of_a_record_counts(read: Read) -> None:
    """Later rows of a record supersede those before, and a deleted one takes it out."""
    files = {
        "d1.csv": "id,name,gone\n1,Ann,\n1,Anna,\n2,Bo,\n3,Cy,yes\n4,Di,\n",
        "d2.csv": "id,name,gone\n2,,X\n3,Cyd,no\n4,,TRUE\n4,Dina,0\n5,,1\n",
    }
    found = read(files, **DELTA)
    assert found.rows.select("record_id", "row", "full_name").rows() == [
        ("1", 2, "Anna"),
        ("3", 7, "Cyd"),
        ("4", 9, "Dina"),
    ]
    assert found.deleted.to_list() == ["2", "5"]
    assert (found.superseded, found.total, found.rejected.height) == (5, 10, 0)


@pytest.mark.parametrize("word", ["true", "1", "1.0", "yes", "y", "T", "x", " Deleted "])
def test_what_says_that_a_record_is_gone(read: Read, word: str) -> None:
    """A record is gone by any of a few words, in any case."""
    assert read(f"id,name,gone\n1,Ann,{word}\n", **DELTA | {"path": "d.csv"}).rows.is_empty()


def test_an_unclear_deletion_is_rejected(read: Read) -> None:
    """A row that says neither that its record is gone nor that it is not is set aside."""
    found = read("id,name,gone\n1,Ann,2024-05-06\n2,Bo,No\n", **DELTA | {"path": "d.csv"})
    assert found.rows["record_id"].to_list() == ["2"]
    assert found.rejected.select("row", "column", "value_class", "reason").rows() == [
        (1, "gone", "text, 10 characters", "deleted is neither yes nor no")
    ]


def test_a_deleted_row_needs_no_more_than_its_record_id(read: Read) -> None:
    """In JSON Lines, what says that a record is gone need not say anything else."""
    lines = '{"id": 1, "name": "Ann"}\n{"id": 1, "gone": true}\n{"id": 2, "name": "Bo"}\n'
    found = read({"d.jsonl": lines}, **DELTA | {"path": "d.jsonl"})
    assert (found.rows["record_id"].to_list(), found.deleted.to_list()) == (["2"], ["1"])


def test_files_taken_in_before_are_passed_over(folder: Folder) -> None:
    """A file is read once, rows are numbered on, and where nothing new came nothing is read."""
    assert folder.read()["row"].to_list() == [1, 2]
    assert folder.read().is_empty()
    folder.write("d2.csv", "id,name,gone\n3,Cy,\n")
    (folder.base / "d1.csv").unlink()
    assert folder.read().select("record_id", "row").rows() == [("3", 3)]
    (folder.base / "d2.csv").unlink()
    assert folder.read().is_empty()


def test_a_file_written_over_is_read_each_time(folder: Folder) -> None:
    """One file may be written over each night, even by what it held some nights ago."""
    first, second = "id,name,gone\n1,Ann,\n2,Bo,\n", "id,name,gone\n1,Anna,\n"
    folder.read()
    for text, rows in ((second, 1), (second, 0), (first, 2), (first, 0)):
        folder.write("d1.csv", text)
        assert folder.read().height == rows
    assert not folder.look().can_be_read_anew


def test_what_was_taken_in_can_be_read_anew_while_it_is_there(folder: Folder) -> None:
    """Whether all files taken in are there, as they were, is told."""
    folder.read()
    folder.write("d2.csv", "id,name,gone\n3,Cy,\n")
    assert folder.look().can_be_read_anew
    (folder.base / "d1.csv").rename(folder.base / "gone.csv")
    assert not folder.look().can_be_read_anew


@pytest.mark.parametrize(
    ("name", "text"), [("d2.csv", "id,name,gone\n"), ("d2.csv", "\n\n"), ("d2.jsonl", "")]
)
def test_a_delivery_without_a_row_is_none(tmp_path: Path, name: str, text: str) -> None:
    """A night without a change may bring a file without a row."""
    folder = Folder(tmp_path, path="d*.*")
    folder.write("d1.csv", "id,name,gone\n1,Ann,\n")
    folder.write(name, text)
    assert folder.read().height == 1
    folder.write(name.replace("2", "3"), text)
    assert folder.read().is_empty()


def test_a_few_lines_need_not_have_every_key(tmp_path: Path) -> None:
    """Once a source is known, a delivery in JSON Lines must have the record id alone."""
    folder = Folder(tmp_path, path="d*.jsonl")
    folder.write("d1.jsonl", '{"id": 1, "name": "Ann"}\n')
    folder.read()
    folder.write("d2.jsonl", '{"id": 1, "gone": "yes"}\n')
    assert folder.read().is_empty()
    folder.write("d3.jsonl", '{"identity": 1, "gone": "yes"}\n')
    with pytest.raises(SourceError, match=r"d3\.jsonl: has no column 'id'"):
        folder.read()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"d\*\.csv: matches no file"),
        ({"d1.csv": "id,name,gone\n"}, r"d1\.csv: holds no rows"),
        ({"d1.csv": ""}, r"d1\.csv: is empty"),
        ({"d1.csv": "id,name\n1,Ann\n"}, r"d1\.csv: has no column 'gone'"),
    ],
)
def test_the_first_delivery_must_be_one(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    """The first time a delta source is read it must have files, rows, and every column."""
    folder = Folder(tmp_path)
    for name, text in files.items():
        folder.write(name, text)
    with pytest.raises(SourceError, match=message):
        folder.read()

"""Whole sources: their files, and every row accounted for."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.errors import SourceError
from linker.sources.read import SourceRows

Read = Callable[..., SourceRows]

ROWS = st.lists(
    st.lists(
        st.sampled_from(["1", "2", "3", "in", "out", "", " ", "N/A", 'q"', "x\ny"]), max_size=5
    ),
    min_size=1,
    max_size=15,
)


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["id", "name", "kind"], *rows])
    return text.getvalue()


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_every_row_is_kept_rejected_or_outside(read: Read, files: list[list[list[str]]]) -> None:
    """Rows kept, rejected and outside add up to all rows, and no row is in two of them."""
    named = {f"{n}.csv": as_csv([[], *rows, ["9", "x", "in"]]) for n, rows in enumerate(files)}
    found = read(named, path="*.csv", where={"kind": "in"}, null_values=["N/A"])
    numbers = [*found.rows["row"], *found.rejected["row"]]
    assert found.total == sum(
        sum(row not in ([], [""], [" "]) for row in rows) + 1 for rows in files
    )
    assert len(numbers) + found.outside == found.total
    assert len(set(numbers)) == len(numbers)
    assert all(1 <= number <= found.total for number in numbers)
    assert found.rows["record_id"].is_unique().all()
    assert found.rows["record_id"].null_count() == 0


def test_rows_are_numbered_across_files_in_sorted_order(read: Read) -> None:
    """Files are read in sorted order, each once, and rows numbered through all of them."""
    files = {
        "d/b.csv": "name,id\nBo,2\n",
        "d/e/c.csv.gz": gzip.compress(b"id,name\n3,Cy\n"),
        "a.jsonl": '{"id": 1, "name": "Ann"}',
        "d/notes.md": "not matched",
    }
    found = read(files, path=["d/**/*.csv*", "d/b.csv", "a.jsonl"])
    assert found.rows.select("record_id", "row", "full_name").rows() == [
        ("1", 1, "Ann"),
        ("2", 2, "Bo"),
        ("3", 3, "Cy"),
    ]
    data = [files[name] for name in ("a.jsonl", "d/b.csv", "d/e/c.csv.gz")]
    joined = b"".join(it if isinstance(it, bytes) else it.encode() for it in data)
    assert found.digest == hashlib.sha256(joined).hexdigest()


def test_repeated_record_ids_are_rejected(read: Read) -> None:
    """The first row of a record id stays; later ones are rejected and name it, across files."""
    found = read(
        {"a.csv": "id,name\n1,Ann\n2,Bo\n1,Cy\n", "b.csv": "id,name\n 1,Di\n"}, path="*.csv"
    )
    assert found.rows["row"].to_list() == [1, 2]
    assert found.rejected.select("row", "column", "value_class", "reason").rows() == [
        (3, "id", "1 digit", "record id repeats that of row 1"),
        (4, "id", "1 digit", "record id repeats that of row 1"),
    ]


def test_the_tables_have_the_promised_columns(read: Read) -> None:
    """Columns and types do not depend on what the files hold, even where all rows are rejected."""
    found = read(
        "id,name,x\n,Ann,y\n1\n",
        fields={"full_name": "name", "phones": "x"},
        constants={"agency": "HSI"},
    )
    assert dict(found.rows.schema) == {
        "record_id": pl.String(),
        "row": pl.Int64(),
        "retained": pl.String(),
        "full_name": pl.String(),
        "phones": pl.List(pl.String()),
        "agency": pl.String(),
    }
    assert (len(found.rows), found.rejected["outcome"].to_list()) == (0, ["row", "row"])


def test_a_source_is_as_old_as_its_newest_file(read_in: Read, tmp_path: Path) -> None:
    """The as-of date is the newest file's date in UTC unless configured."""
    for name, day in (("a.csv", 3), ("b.csv", 2)):
        (tmp_path / name).write_text(f"id,name\n{name},Ann\n")
        moment = dt.datetime(2024, 5, day, 23, 30, tzinfo=dt.UTC).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert read_in(tmp_path, path="*.csv").as_of == dt.date(2024, 5, 3)
    assert read_in(tmp_path, path="*.csv", as_of="2020-01-02").as_of == dt.date(2020, 1, 2)


def test_paths_may_start_at_home(
    read_in: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path or glob may start with ~."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a[1].csv").write_text("id,name\n1,Ann\n")
    for path in ("~/a[1].csv", "~/*.csv"):
        assert read_in(Path("elsewhere"), path=path).total == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.csv", r"gone\.csv: no such file"),
        ("*.tsv", r"\*\.tsv: matches no file"),
        ("folder", r"folder: is a directory"),
        ("folder*", r"folder\*: matches no file"),
        ("empty.csv", r"empty\.csv: is empty: it holds no rows"),
        ("empty.csv.gz", r"empty\.csv\.gz: holds no rows"),
        ("people.xlsx", r"people\.xlsx: the name does not tell the format; set format"),
        ("people", r"people: the name does not tell the format"),
        ("cut.csv.gz", r"cut\.csv\.gz: damaged or cut short \(gzip\)"),
        ("plain.csv.gz", r"plain\.csv\.gz: damaged or cut short \(gzip\)"),
        ("text.parquet", r"text\.parquet: damaged or cut short"),
        ("~nobody-of-this-name/a.csv", r"no such user's home"),
    ],
)
def test_files_that_cannot_be_read_are_refused(
    read_in: Read, tmp_path: Path, path: str, message: str
) -> None:
    """What is no readable file is refused in one line with the source, the path and the fix."""
    (tmp_path / "folder").mkdir()
    contents = {
        "empty.csv": b"",
        "empty.csv.gz": gzip.compress(b""),
        "people.xlsx": b"PK",
        "people": b"id,name\n1,Ann\n",
        "cut.csv.gz": gzip.compress(b"id,name\n" + os.urandom(999).hex().encode())[:-20],
        "plain.csv.gz": b"id,name\n1,Ann\n",
        "text.parquet": b"id,name\n1,Ann\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=r"^source 'cases': .*" + message) as caught:
        read_in(tmp_path, path=path)
    assert "\n" not in str(caught.value)


def test_a_configured_format_is_obeyed(read: Read) -> None:
    """Where the name does not tell the format, the configuration may."""
    assert read({"people.dat": "id,name\n1,Ann\n"}, format="csv").total == 1
    assert read({"people.csv": '{"id": 1, "name": "Ann"}'}, format="jsonl").total == 1


@pytest.mark.parametrize(
    "lacking",
    [
        {"record_id": "nime"},
        {"record_id": ["id", "nime"]},
        {"fields": {"full_name": ["name", "nime"]}},
        {"where": {"nime": "x"}},
        {"retain": ["nime"]},
    ],
)
def test_a_column_that_a_file_lacks_is_refused(read: Read, lacking: dict[str, object]) -> None:
    """Any column the mapping names must be in every file, and the nearest one is offered."""
    files = {"a.csv": "id,name,nime\n1,Ann,x\n", "b.csv": "id,name\n2,Bo\n"}
    with pytest.raises(SourceError, match=r"b\.csv: has no column 'nime'; did you mean 'name'"):
        read(files, path="*.csv", **lacking)


def test_a_column_in_other_letters_is_offered(read: Read) -> None:
    """A column that differs by upper and lower case only is the one offered."""
    with pytest.raises(SourceError, match="'id'; did you mean 'ID'"):
        read("ID,nid,name\n1,2,Ann\n")


def test_data_taken_for_a_header_is_not_shown(read: Read) -> None:
    """Where no mapped column is found the first row may be data, so it is not repeated."""
    with pytest.raises(SourceError, match="is there a header row") as caught:
        read("17,Jaime Naranjo\n18,Ann\n", fields={"full_name": "nombre"})
    assert "aranjo" not in str(caught.value)


def test_a_file_that_changes_meanwhile_is_refused(
    read_in: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file still being written is refused rather than read in part."""
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1,Ann\n")

    def digest_and_grow(files: object) -> str:
        path.write_text("id,name\n1,Ann\n2,Bo\n")
        return str(files)

    monkeypatch.setattr("linker.sources.delivery.digest", digest_and_grow)
    with pytest.raises(SourceError, match=r"people\.csv: changed while it was read"):
        read_in(tmp_path)


@pytest.mark.parametrize("name", ["people.csv", "people.csv.gz", "people.jsonl", "people.parquet"])
@pytest.mark.parametrize(
    "start", [b"", b"a,b\n", b'{"a": 1}\n', b"PAR1", b"\xff\xfe", b"\x1f\x8b\x08\x00"]
)
@settings(max_examples=20)  # of each of 24 kinds
@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_refused_in_one_line(
    accounted_for: Callable[..., bool], name: str, start: bytes, content: bytes
) -> None:
    """No content of a file ends in anything but rows that add up or one line of error."""
    header = {"header": False, "record_id": "column_1", "fields": {"city": "column_1"}}
    keys = {"record_id": "a", "fields": {"city": "a"}}
    mapping = header if "csv" in name else keys
    assert accounted_for({name: start + content}, **mapping)


def test_nothing_is_left_behind(
    read_in: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading writes no file: neither beside the data nor in the folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "people.csv.gz").write_bytes(gzip.compress(b"id,name\n1,Ann\n"))
    read_in(tmp_path, path="people.csv.gz")
    assert [path.name for path in tmp_path.rglob("*")] == ["people.csv.gz"]

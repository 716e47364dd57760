"""What changed in the sources is taken in, and nothing else."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import polars as pl
import pytest

from linker.errors import SourceError
from linker.intake import chunks, mentions, source_reading
from linker.intake.mentions import Intake
from linker.intake.source_counts import SourceCounts
from linker.intake.workers import Workers
from linker.schemas import PERSON
from tests.jobs.nights import Nights

SETTINGS = """
[store]
directory = "store"
[link]
bad_row_limit = 0.5
[[source]]
name = "a"
path = "a*.{ending}"
kind = "case"
entity = "person"
record_id = "id"
{more}
[source.fields]
full_name = "name"
birth_date = "born"
sex = "sex"
"""
DELTA = 'mode = "delta"\ndeleted = "gone"'
ANN = {"id": "1", "name": "Ann Lee", "born": "1970-03-04"}
BO = {"id": "2", "name": "Bo Cruz", "born": "1971-03-04"}
CY = {"id": "3", "name": "Cy Diaz", "born": "soon"}
Row = dict[str, str]


class Source:
    """The source "a" of a warehouse, its files written and taken in night by night."""

    def __init__(self, base: Path, more: str = "", ending: str = "csv") -> None:
        self.base = base
        self.ending = ending
        self.configure(more)
        self.nights = Nights(base / "linker.toml")

    def configure(self, more: str, settings: str = SETTINGS) -> None:
        text = settings.format(more=more, ending=self.ending)
        (self.base / "linker.toml").write_text(text)

    def write(self, *rows: Row, name: str = "a") -> Path:
        path = self.base / f"{name}.{self.ending}"
        columns = ["id", "name", "born", "sex", "gone"]
        whole = [{column: row.get(column, "") for column in columns} for row in rows]
        table = pl.DataFrame(whole, schema=dict.fromkeys(columns, pl.String()))
        if self.ending == "csv":
            text = io.StringIO()
            out = csv.DictWriter(text, columns)
            out.writeheader()
            out.writerows(whole)
            path.write_text(text.getvalue())
        elif self.ending == "jsonl":
            table.write_ndjson(path)
        else:
            table.write_parquet(path)
        return path

    def take(self, *rows: Row, name: str = "a") -> tuple[Intake, SourceCounts]:
        self.write(*rows, name=name)
        return self.again()

    def again(self) -> tuple[Intake, SourceCounts]:
        intake = self.nights.take()
        (counts,) = intake.sources
        return intake, counts


def told(counts: SourceCounts) -> tuple[int, int, int, int]:
    return counts.new, counts.changed, counts.gone, counts.unchanged


@pytest.fixture(params=["csv", "jsonl", "parquet"])
def ending(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_snapshot_tells_new_changed_gone_and_unchanged(tmp_path: Path, ending: str) -> None:
    """Of a snapshot only new and changed records are standardised; absent ones are gone."""
    source = Source(tmp_path, ending=ending)
    intake, counts = source.take(ANN, BO, CY)
    assert told(counts) == (3, 0, 0, 0)
    assert intake.mentions["person"].read(["record_id"])["record_id"].to_list() == ["1", "2", "3"]
    intake, counts = source.take(BO | {"sex": "F"}, CY, BO | {"id": "4"})
    assert told(counts) == (1, 1, 1, 1)
    assert (counts.rows, counts.mentions) == (3, 3)
    new = intake.mentions["person"].read(PERSON)
    assert new["record_id"].to_list() == ["2", "4"]
    assert new["mention"].to_list() == [0, 1]
    assert intake.gone["person"].tolist() == [0, 1]


def test_a_delta_brings_changes_alone(tmp_path: Path, ending: str) -> None:
    """Records of a delta source stay until a row of theirs comes, or one that deletes them."""
    source = Source(tmp_path, DELTA, ending)
    source.take(ANN, BO, CY, name="a1")
    gone = {"id": "3", "gone": "yes"}
    _, counts = source.take(ANN, BO | {"sex": "F"}, BO, gone, {"id": "8", "gone": "x"}, name="a2")
    assert told(counts) == (0, 0, 1, 2)
    assert (counts.rows, counts.mentions, counts.superseded) == (5, 2, 1)
    assert (counts.deletions, counts.deletions_unknown) == (2, 1)
    assert source.nights.live()["record_id"].to_list() == ["1", "2"]
    _, counts = source.take(BO | {"sex": "F"}, CY, name="a3")
    assert told(counts) == (1, 1, 0, 0)
    assert source.nights.live()["sex"].to_list() == [None, "female", None]


def test_nothing_new_is_an_empty_delta(tmp_path: Path) -> None:
    """Where no file of a delta source is new, or none is there at all, nothing changes."""
    source = Source(tmp_path, DELTA)
    source.take(ANN, name="a1")
    for _ in range(2):
        intake, counts = source.again()
        assert told(counts) == (0, 0, 0, 0)
        assert (counts.rows, counts.mentions) == (0, 1)
        assert intake.mentions["person"].height == len(intake.gone["person"]) == 0
        (tmp_path / "a1.csv").unlink(missing_ok=True)


def test_a_snapshot_as_it_was_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the same bytes are not gone through again, whenever they were written."""
    source = Source(tmp_path)
    path = source.write(ANN, CY, {"id": "4"})
    first, before = source.again()
    monkeypatch.setattr(source_reading, "read_chunks", None)
    os.utime(path, (0, 0))
    second, counts = source.again()
    assert told(counts) == (0, 0, 0, 2)
    assert (counts.rows, counts.mentions, counts.quarantined) == (3, 2, 1)
    assert (counts.digest, counts.as_of) == (before.digest, "1970-01-01")
    assert second.set_aside.equals(first.set_aside)


def test_what_is_set_aside_is_told_every_night(tmp_path: Path) -> None:
    """Rows and values set aside are in each night's quarantine, at the row where they are now."""
    source = Source(tmp_path)
    source.take(CY, {"id": "4"}, ANN)
    intake, counts = source.take(ANN, {"id": "4"}, BO, CY)
    assert told(counts) == (1, 0, 0, 2)
    assert intake.set_aside.select("row", "column", "outcome").rows() == [
        (2, None, "row"),
        (4, "born", "value"),
    ]


def test_a_record_that_names_nobody_any_more_is_gone(tmp_path: Path) -> None:
    """A mention whose row is quarantined now is gone, and the row is counted with its reason."""
    source = Source(tmp_path)
    source.take(ANN, BO, CY)
    intake, counts = source.take(ANN, {"id": "2"}, CY)
    assert told(counts) == (0, 0, 1, 2)
    assert (counts.quarantined, intake.gone["person"].tolist()) == (1, [1])
    assert "names nobody" in intake.set_aside.filter(outcome="row")["reason"][0]


def test_a_delta_keeps_what_was_set_aside_until_the_record_comes_again(tmp_path: Path) -> None:
    """What was set aside of a delta source's records stays told until a row of theirs comes."""
    source = Source(tmp_path, DELTA)
    source.take(ANN, CY, {"id": "4"}, name="a1")
    intake, _ = source.take(BO, name="a2")
    assert intake.set_aside["row"].to_list() == [2, 3]
    intake, counts = source.take(CY | {"born": "1970"}, {"id": "5"}, name="a3")
    assert intake.set_aside["row"].to_list() == [3, 6]
    assert counts.quarantined == 1


def test_other_habits_read_a_snapshot_anew(tmp_path: Path) -> None:
    """Where the dates turn out to have the day first, every record of the source is changed."""
    source = Source(tmp_path)
    rows = [ANN | {"born": "3/4/1970"}, BO | {"born": "5/6/1971"}]
    source.take(*rows)
    _, counts = source.take(*rows, CY | {"born": "25/12/1972"})
    assert told(counts) == (1, 2, 0, 0)
    assert source.nights.live()["birth_month"].to_list() == [4, 6, 12]


def test_other_habits_read_all_files_of_a_delta_anew(tmp_path: Path) -> None:
    """Of a delta source all files are read again; where that cannot be, the fix is told."""
    source = Source(tmp_path, DELTA)
    source.take(ANN | {"born": "3/4/1970"}, name="a1")
    source.take(BO | {"born": "5/6/1971"}, name="a2")
    path = source.write(CY | {"born": "25/12/1972"}, name="a3")
    first = (tmp_path / "a1.csv").rename(tmp_path / "elsewhere.csv")
    with pytest.raises(SourceError, match=r"source 'a': a\*\.csv: .*put them back, or state in"):
        source.again()
    first.rename(tmp_path / "a1.csv")
    _, counts = source.again()
    assert told(counts) == (1, 2, 0, 0)
    assert source.nights.live()["birth_month"].to_list() == [4, 6, 12]
    path.unlink()
    assert told(source.again()[1]) == (0, 0, 0, 0)


def test_a_given_format_mends_what_cannot_be_read_anew(tmp_path: Path) -> None:
    """A delta source whose files are gone goes on once its dates' format is stated as it was."""
    source = Source(tmp_path, DELTA)
    source.take(ANN | {"born": "3/4/1970"}, name="a1")
    (tmp_path / "a1.csv").unlink()
    source.write(CY | {"born": "25/12/1972"}, name="a2")
    with pytest.raises(SourceError, match=r"\[source\.formats\]"):
        source.again()
    source.configure(DELTA, SETTINGS + '[source.formats]\nbirth_date = "%m/%d/%Y"\n')
    assert told(source.again()[1]) == (1, 0, 0, 0)
    assert source.nights.live()["birth_month"].to_list() == [3, 12]


@pytest.mark.parametrize(("more", "expected"), [("", (0, 1, 0, 1)), (DELTA, (0, 2, 0, 0))])
def test_another_mapping_reads_anew(
    tmp_path: Path, more: str, expected: tuple[int, int, int, int]
) -> None:
    """Records are changed where the configuration makes something else of the same bytes."""
    source = Source(tmp_path, more)
    source.take(ANN | {"sex": "W"}, BO, name="a1")
    source.configure(more, SETTINGS + '[source.values.sex]\nW = "female"\n')
    assert told(source.again()[1]) == expected
    assert source.nights.live()["sex"].to_list() == ["female", None]


def test_a_mapping_of_files_that_are_gone_holds_from_now_on(tmp_path: Path) -> None:
    """Where a delta source's files are gone, its records stay as read, which is said once."""
    source = Source(tmp_path, DELTA)
    source.take(ANN | {"sex": "W"}, BO, name="a1")
    source.configure(DELTA, SETTINGS + '[source.values.sex]\nW = "female"\n')
    (tmp_path / "a1.csv").unlink()
    source.write(CY | {"sex": "W"}, name="a2")
    assert told(source.again()[1]) == (1, 0, 0, 0)
    assert "stay as they were read then" in source.nights.said
    assert source.nights.live()["sex"].to_list() == [None, None, "female"]
    assert told(source.again()[1]) == (0, 0, 0, 0)
    assert "stay as they were read then" not in source.nights.said


def test_a_few_bad_rows_of_a_delta_pass(tmp_path: Path) -> None:
    """A delivery of few rows is not refused for some bad ones; one of many bad rows is."""
    source = Source(tmp_path, DELTA)
    source.take(ANN, name="a1")
    _, counts = source.take(CY, {"id": "4"}, {"id": "5"}, name="a2")
    assert (counts.quarantined, counts.values_set_aside) == (2, 1)
    source.write(BO, *({"id": f"9{number}"} for number in range(11)), name="a3")
    with pytest.raises(SourceError, match="11 of 12 rows are bad"):
        source.again()


def test_rows_that_a_later_one_supersedes_count_for_nothing(tmp_path: Path) -> None:
    """A record deleted and given again in one delivery is as its last row says."""
    source = Source(tmp_path, DELTA)
    source.take(ANN, BO, name="a1")
    _, counts = source.take({"id": "1", "gone": "y"}, ANN, {"id": "2"}, BO, name="a2")
    assert told(counts) == (0, 0, 0, 2)
    assert (counts.quarantined, counts.superseded, counts.deletions) == (0, 2, 0)


@pytest.mark.parametrize("processes", [1, 2])
def test_changes_come_in_chunks_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """Changed rows of a large source are standardised by several processes, in order."""
    for module in (chunks, source_reading):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(mentions, "Workers", lambda: Workers(processes))
    source = Source(tmp_path)
    rows = [{"id": f"{at:02}", "name": f"Ann {'abcdefghijk'[at]}lee"} for at in range(11)]
    building = tmp_path / "building"
    building.mkdir()
    source.write(*reversed(rows))
    source.nights.take(building)
    source.write(*(row | {"sex": "F"} if int(row["id"]) % 2 else row for row in rows))
    intake = source.nights.take(building)
    table = intake.mentions["person"].read(["record_id"])
    assert table["record_id"].to_list() == ["01", "03", "05", "07", "09"]
    live, (whole, _) = source.nights.live(), source.nights.at_once()
    assert live.equals(whole)


def test_another_source_is_left_alone(tmp_path: Path) -> None:
    """A source that is not known yet is taken in whole beside those that are."""
    source = Source(tmp_path)
    source.take(ANN)
    second = SETTINGS.split("bad_row_limit = 0.5")[1].replace('"a"', '"b"').replace("a*", "b*")
    source.configure("", SETTINGS + second)
    source.write(BO, name="b")
    counted = {it.name: told(it) for it in source.nights.take().sources}
    assert counted == {"a": (0, 0, 0, 1), "b": (1, 0, 0, 0)}


def test_what_is_remembered_is_nobodys(tmp_path: Path) -> None:
    """What a manifest keeps of a source holds no name, date or record id of it."""
    source = Source(tmp_path, DELTA)
    source.take(ANN | {"id": "R-77", "born": "25/12/1971"}, name="a1")
    kept = str(source.nights.memory)
    assert not any(text in kept for text in ("R-77", "Ann", "25/12", "1971"))

"""Sources taken in by chunks and by several processes, as if they had been read at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from linker.config import load_config
from linker.errors import SourceError
from linker.intake import chunks, mentions, source_reading
from linker.intake.mentions import Intake, take_in
from linker.intake.workers import Workers
from linker.progress import Progress
from linker.schemas import PERSON

CONFIG = """
[store]
directory = "store"
[link]
bad_row_limit = 1.0
[[source]]
name = "{name}"
path = "{name}*.csv"
kind = "arrest"
entity = "person"
record_id = "id"
[source.fields]
full_name = "name"
birth_date = "born"
sex = "sex"
phones = "phone"
"""
COLUMNS = "id,name,born,sex,phone\n"
FILES = {
    "people1.csv": "09,Ana Ruiz,3/4/1970,M,956 555 0101\n03,Eva Soto,5/6/1971,M,none\n",
    "people2.csv": "09,Eve Other,1/2/1980,M,\n,No Id,1/2/1980,M,\n01,Li Cruz,7/8/1972,H,12\n",
    "people3.csv": "03,Eva Again,,,\n07,,,,\n05,Bo Vega,25/12/1973,M,9\n02,Al Diaz,2/3/1974,M,\n",
}
"""Ids in no order, some repeated in later files; only the last file tells the order of dates, and
only the second one that M is a woman."""

TakeIn = Callable[..., Intake]


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TakeIn:
    """Take the files in, so many rows at once, with so many processes."""

    def take(rows: int, processes: int, *, config: str = CONFIG, disk: bool = True) -> Intake:
        for name, text in FILES.items():
            (tmp_path / name).write_text(COLUMNS + text)
        (tmp_path / "linker.toml").write_text(config.format(name="people"))
        for module in (chunks, source_reading):
            monkeypatch.setattr(module, "ROWS_AT_ONCE", rows)
        monkeypatch.setattr(mentions, "Workers", lambda: Workers(processes))
        building = tmp_path / f"building-{rows}-{processes}" if disk else None
        if building:
            building.mkdir()
        progress = Progress(io.StringIO())
        loaded = load_config(tmp_path / "linker.toml")
        return take_in(loaded, ["person"], progress, building=building)

    return take


@pytest.mark.parametrize(
    ("rows", "processes", "disk"), [(1, 1, True), (2, 1, True), (1, 2, True), (1, 1, False)]
)
def test_chunks_make_no_difference(taken: TakeIn, rows: int, processes: int, disk: bool) -> None:
    """Mentions, what was set aside and the counts are the same however a source is cut up."""
    whole = taken(1000, 1, disk=False)
    parts = taken(rows, processes, disk=disk)
    assert parts.mentions["person"].read(PERSON).equals(whole.mentions["person"].read(PERSON))
    assert parts.set_aside.equals(whole.set_aside)
    assert parts.sources == whole.sources


def test_the_order_and_what_a_column_tells(taken: TakeIn) -> None:
    """Records are sorted across chunks, the first of an id stays, the whole column decides."""
    table = taken(1, 1).mentions["person"].read(PERSON)
    assert table["record_id"].to_list() == ["01", "02", "03", "05", "09"]
    assert table["full_name"].to_list() == [
        *("li cruz", "al diaz", "eva soto", "bo vega", "ana ruiz"),
    ]
    assert table["birth_month"].to_list() == [8, 3, 6, 12, 4]
    assert table["sex"].to_list() == ["male", "female", "female", "female", "female"]


def test_nothing_is_left_of_chunks(taken: TakeIn, tmp_path: Path) -> None:
    """What chunks were set down in on the way is gone afterwards."""
    taken(1, 1)
    left = [path.name for path in (tmp_path / "building-1-1").rglob("*")]
    assert left == ["mentions_person.parquet"]


def test_the_first_source_at_fault_is_told_of(taken: TakeIn, tmp_path: Path) -> None:
    """Of two sources at fault the first is named, though both are read before it is judged."""
    second = CONFIG.partition("[[source]]")[2].replace("{name}", "q")
    first = CONFIG.replace("bad_row_limit = 1.0", "bad_row_limit = 0.0")
    with pytest.raises(SourceError, match="'people': 4 of 9 rows are bad"):
        taken(1, 2, config=f"{first}[[source]]{second}")
    assert not list((tmp_path / "building-1-2").rglob("*.arrow"))


def test_only_wanted_columns_are_kept(tmp_path: Path, taken: TakeIn) -> None:
    """In memory no more of the mentions is held than was asked for."""
    taken(1000, 1)
    config = load_config(tmp_path / "linker.toml")
    made = take_in(config, ["person"], Progress(io.StringIO()), {"person": {"surname"}})
    held = made.mentions["person"].held
    assert isinstance(held, pl.DataFrame)
    assert held.columns == ["mention", "surname"]

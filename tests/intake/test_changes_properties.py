"""However the records of a source come in, night by night, what is left is what they are."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.intake import source_counts, source_intake
from tests.jobs.nights import Nights

COLUMNS = ["id", "name", "born", "seen", "age", "sex", "phone", "gone"]
CONFIG = """
[store]
directory = "store"
[link]
bad_row_limit = 1.0
"""
SOURCE = """
[[source]]
name = "{name}"
path = "{name}*.csv"
kind = "arrest"
entity = "person"
record_id = "id"
retain = ["phone"]
{mode}
[source.fields]
full_name = "name"
birth_date = "born"
observed_on = "seen"
age = "age"
sex = "sex"
phones = "phone"
"""
VALUES = {
    "name": st.sampled_from(["Ana Ruiz", "Eva Soto", "Li Cruz", "Bo Vega", "Al Diaz", ""]),
    "born": st.sampled_from(
        [
            "",
            "3/4/1970",
            "25/12/1971",
            "12/25/1971",
            "5/4/26",
            "3/7/25",
            "1970",
            "about 3/4/70",
            "x",
        ]
    ),
    "seen": st.sampled_from(["", "", "2020-01-02", "5/6/2021", "soon", "none"]),
    "age": st.sampled_from(["", "", "34", "about 30", "old"]),
    "sex": st.sampled_from(["M", "F", "", "H", "?!"]),
    "phone": st.sampled_from(["", "956 555 0101", "12; 956 555 0102", "none"]),
}
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from(["1", "2", "3", "4", "5", ""]), **VALUES}),
    max_size=6,
)
DELTA_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["1", "2", "3", "4", "5", ""]),
            **VALUES,
            "gone": st.sampled_from(["", "", "no", "Yes", "x", "1", "perhaps"]),
        }
    ),
    max_size=6,
)
DAYS = st.sampled_from([dt.date(2025, 7, 2), dt.date(2025, 12, 31), dt.date(2026, 4, 6)])
NIGHTS = st.lists(
    st.tuples(st.none() | ROWS, st.lists(DELTA_ROWS, max_size=2), DAYS), min_size=2, max_size=5
)
NAMED = {"id": "9", "name": "Zoe Paz", "phone": "956 555 0199"}
counter = itertools.count()


def write(path: Path, rows: list[dict[str, str]], day: dt.date) -> None:
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, restval="")
    out.writeheader()
    out.writerows([*rows])
    path.write_text(text.getvalue())
    moment = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC).timestamp()
    os.utime(path, (moment, moment))


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nights")


@pytest.fixture(scope="module", autouse=True)
def lenient() -> Iterator[None]:
    """Sources of a few rows may be as bad as they like."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(source_counts, "UNREADABLE_SHARE", 1000)
        patched.setattr(source_intake, "FEW", 1000)
        yield


@settings(deadline=None, max_examples=25)
@given(NIGHTS)
def test_any_nights_end_in_what_one_run_would_have(
    top: Path, nights: list[tuple[list[dict[str, str]] | None, list[list[dict[str, str]]], dt.date]]
) -> None:
    """Snapshots and deltas over some nights leave the mentions and the quarantine of one run."""
    base = top / str(next(counter))
    base.mkdir()
    config = base / "linker.toml"
    sources = [("whole", ""), ("part", 'mode = "delta"\ndeleted = "gone"')]
    config.write_text(CONFIG + "".join(SOURCE.format(name=n, mode=m) for n, m in sources))
    write(base / "whole.csv", [NAMED], dt.date(2025, 7, 1))
    write(base / "part00.csv", [NAMED], dt.date(2025, 7, 1))
    warehouse = Nights(config)
    warehouse.take()
    files = itertools.count(1)
    for whole, parts, day in nights:
        if whole is not None:
            write(base / "whole.csv", [*whole, NAMED], day)
        for rows in parts:
            write(base / f"part{next(files):02}.csv", rows, day)
        warehouse.take()
        mentions, quarantine = warehouse.at_once()
        assert warehouse.live().equals(mentions)
        assert warehouse.quarantine.equals(quarantine)

"""Tables written a frame at a time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linker.errors import LinkerError
from linker.schemas import Schema
from linker.store.table_file import TableFile

KEYS: Schema = {"rule": pl.UInt8(), "key": pl.UInt64(), "mention": pl.Int64()}
KEY = pl.DataFrame({"rule": [1], "key": [2], "mention": [3]}, schema=dict(KEYS))


def test_frames_follow_one_another(tmp_path: Path) -> None:
    """The file holds the rows of its frames in their order, with the types of the schema."""
    path = tmp_path / "keys.parquet"
    with TableFile(path, KEYS) as file:
        for frame in (KEY, KEY.head(0), KEY.with_columns(mention=pl.col("mention") + 1)):
            file.append(frame)
    assert pl.read_parquet(path)["mention"].to_list() == [3, 4]
    assert dict(pl.read_parquet(path).schema) == dict(KEYS)


def test_a_table_without_a_row(tmp_path: Path) -> None:
    """No frame at all makes a file all the same."""
    with TableFile(tmp_path / "keys.parquet", KEYS):
        pass
    assert dict(pl.read_parquet(tmp_path / "keys.parquet").schema) == dict(KEYS)


def test_a_frame_of_another_table_is_a_defect(tmp_path: Path) -> None:
    """The table is named that a column does not fit."""
    with (
        pytest.raises(LinkerError, match="table keys: columns do not fit the schema: rule"),
        TableFile(tmp_path / "keys.parquet", KEYS) as file,
    ):
        file.append(KEY.drop("rule"))

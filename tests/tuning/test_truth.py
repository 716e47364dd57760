"""A file that says who is who."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linker.errors import UsageError
from linker.tuning.truth import read_truth


def test_a_truth_is_read_from_csv_and_parquet_alike(tmp_path: Path) -> None:
    """Values become texts, records without an answer are left out, other columns do not matter."""
    frame = pl.DataFrame(
        {"record_id": [2, 1, 3], "source": ["a"] * 3, "true_id": [7, 7, None], "x": [0] * 3}
    )
    frame.write_csv(tmp_path / "truth.csv")
    frame.write_parquet(tmp_path / "truth.parquet")
    expected = [("a", "1", "7"), ("a", "2", "7")]
    assert read_truth(tmp_path / "truth.csv").rows() == expected
    assert read_truth(tmp_path / "truth.parquet").rows() == expected


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("truth.txt", "", "ends in .csv or .parquet"),
        ("gone.csv", None, "no such file"),
        ("truth.csv", "source,record_id\na,1\n", "lacks the column 'true_id'"),
        ("truth.csv", "source,record_id,true_id\na,1,7\na,1,8\n", "2 rows give a record more"),
        ("truth.parquet", "no table", "cannot be read"),
    ],
)
def test_a_truth_that_cannot_be_used(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    """What is wrong with the file is said in one line that names it."""
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError) as error:
        read_truth(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)

"""What is told of rows left out."""

from __future__ import annotations

from types import SimpleNamespace

import polars as pl
import pytest

from linker.errors import SourceError
from linker.schemas import QUARANTINE
from linker.sources.quarantine import (
    Rejection,
    enforce_bad_row_limit,
    rejected_table,
)


def test_rejections_become_a_table_in_row_order() -> None:
    """Rejected rows stand in a table of the quarantine's columns, by row number."""
    table = rejected_table("cases", [Rejection(7, "late"), Rejection(2, "early", "id", "empty")])
    assert dict(table.schema) == dict(QUARANTINE)
    assert table.rows() == [
        ("cases", 2, "id", "empty", "early", "row"),
        ("cases", 7, None, None, "late", "row"),
    ]
    assert rejected_table("cases", []).equals(pl.DataFrame(schema=dict(QUARANTINE)))


def test_too_large_a_share_of_bad_rows_is_refused() -> None:
    """A source past its limit of bad rows is refused with the counts and the commonest reason."""
    source = SimpleNamespace(name="cases")
    with pytest.raises(SourceError, match=r"'cases': 1,500 of 20,000 .*7\.5%.*5\.0%.*too few"):
        enforce_bad_row_limit(source, 1500, 20_000, 0.05, "too few fields")


@pytest.mark.parametrize(("bad", "total", "limit"), [(5, 100, 0.05), (0, 0, 0.0), (0, 9, 0.0)])
def test_the_limit_itself_is_allowed(bad: int, total: int, limit: float) -> None:
    """Exactly the allowed share of bad rows passes, and so does a source without any."""
    enforce_bad_row_limit(SimpleNamespace(name="cases"), bad, total, limit, "too few fields")

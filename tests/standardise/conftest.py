"""A source made on the spot, and its mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from linker.config.settings import Source
from linker.schemas import LIST_FIELDS, EntityType
from linker.standardise.mentions import Standardised, standardise

Make = Callable[..., Standardised]


@pytest.fixture
def make() -> Make:
    def make(
        records: list[dict[str, Any]],
        *,
        entity: EntityType = "person",
        drawn: dt.date | None = dt.date(2020, 6, 30),
        **settings: Any,
    ) -> Standardised:
        fields = sorted({field for record in records for field in record} - {"record_id"})
        types = {f: pl.List(pl.String) if f in LIST_FIELDS else pl.String() for f in fields}
        rows = pl.DataFrame(
            [{f: record.get(f) for f in fields} for record in records], schema=types
        ).with_columns(
            record_id=pl.Series(
                [record.get("record_id", f"{at:04}") for at, record in enumerate(records)],
                dtype=pl.String,
            ),
            row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            retained=pl.lit(None, pl.String),
        )
        source = Source(
            name="subjects",
            path="subjects.csv",
            kind="case",
            entity=entity,
            record_id="id",
            fields={field: f"{field} column" for field in fields},
            **settings,
        )
        return standardise(rows, source, as_of=drawn)

    return make

"""What a whole column tells about how its values are written, and a single value cannot.

Whether 3/4/1970 is in March or in April, and whether M is a man or a woman, is decided by all the
distinct values of a source's column, however many chunks the source is standardised in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config.settings import Source
from linker.schemas import CONTEXT, DATE
from linker.standardise.attributes import is_spanish_sex_column
from linker.standardise.dates import is_day_first, pattern_is_day_first

_DATES: Final = (
    *("birth_date", "observed_on"),
    *(name for name, dtype in CONTEXT.items() if dtype == DATE),
)


@dataclass(frozen=True)
class Habits:
    """How one source writes.

    Attributes:
        day_first: The date fields whose columns write the day before the month.
        spanish_sex: Whether M stands for "mujer".
    """

    day_first: frozenset[str] = frozenset()
    spanish_sex: bool = False


def telling_values(rows: pl.DataFrame, source: Source) -> dict[str, pl.Series]:
    """Return by field the distinct values of some rows that `habits` judges by.

    Args:
        rows: Raw rows of the source: its mapped fields as columns.
        source: Gives the dates whose format is known, of which no value need be seen.
    """
    fields = [name for name in _DATES if name not in source.formats]
    return {
        name: rows[name].drop_nulls().unique() for name in (*fields, "sex") if name in rows.columns
    }


def habits(parts: Sequence[dict[str, pl.Series]], source: Source) -> Habits:
    """Return how a source writes.

    Args:
        parts: What `telling_values` returned of each chunk of the source.
        source: Its configuration.
    """
    names = dict.fromkeys(name for part in parts for name in part)
    seen = {
        name: pl.concat([part[name] for part in parts if name in part]).unique().to_list()
        for name in names
    }
    known = {name for name, pattern in source.formats.items() if pattern_is_day_first(pattern)}
    found = {name for name in names if name != "sex" and is_day_first(seen[name])}
    return Habits(frozenset(known | found), is_spanish_sex_column(seen.get("sex", [])))

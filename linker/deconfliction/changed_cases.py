"""Which investigations say something else after a night.

What is told of an investigation depends on all of its mentions, whichever entities they belong to:
when it was active, which others it is joint with, its unit, and which mention is its first (a crowd
is told in that order). Time itself changes it as well: only dates that the as-of date has passed
can make a difference, since dates and statuses are compared with nothing but the as-of date and
each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s
from linker.deconfliction.index_keys import DAYS, keys_of, keys_of_days
from linker.deconfliction.night import Night, union
from linker.deconfliction.timeline import ALONE, place_investigations, timelines

_READ: Final = (
    *("mention", "source", "record_id", "kind", "case_id", "joint_case_ids", "agency", "unit"),
    *("status", "opened", "closed"),
)
_CASE: Final = ("agency", "case_id", "alone")
"""What names an investigation."""
_NO_KEYS: Final[UInt64s] = np.empty(0, dtype=np.uint64)


def changed_cases(night: Night) -> Int64s:
    """Return the living mentions of investigations of which something else is told than before."""
    passed = _passed(night)
    seeds = union(night.moved, passed)
    keys = np.unique(keys_of("case", night.warehouse.rows(seeds, _READ)).keys)
    living = union(night.holders("case", keys).mentions, passed)
    then = living[night.before[living] >= 0]
    told_before = _told(night, union(then, night.died), night.as_of_before)
    told_after = _told(night, living, night.as_of)
    facts = [name for name in told_after.columns if name != "mentions"]
    other = told_after.join(told_before, on=facts, how="anti", nulls_equal=True)
    return other["mentions"].explode().drop_nulls().to_numpy()


def investigations_more(nights: Sequence[Night]) -> int:
    """Return how many investigations there are more than before; fewer, where it is negative.

    Args:
        nights: Those of all entity types, since an investigation may be about several.
    """
    held = [(night, night.warehouse.rows(night.moved, _READ)) for night in nights]
    keyed = [(night, keys_of("case", rows)) for night, rows in held]
    keys = np.unique(np.concatenate([found.keys for _, found in keyed] or [_NO_KEYS]))
    before, after = np.zeros((2, len(keys)), dtype=np.bool_)
    alone = 0
    for night, rows in held:
        cases = night.moved[rows.select(ALONE).to_series().to_numpy()]
        alone += int((night.after[cases] >= 0).sum()) - int((night.before[cases] >= 0).sum())
        groups, mentions = night.holders("case", keys)
        after[groups] = True
        before[groups[night.before[mentions] >= 0]] = True
    for night, found in keyed:
        died = found.keys[night.after[night.moved[found.rows]] < 0]
        before[np.searchsorted(keys, died)] = True
    return int(after.sum()) - int(before.sum()) + alone


def _passed(night: Night) -> Int64s:
    """Return the mentions with a date that the as-of date has passed since, in either direction."""
    first, last = sorted([night.as_of_before, night.as_of])
    if first == last:
        return np.empty(0, dtype=np.int64)
    days = keys_of_days(first + dt.timedelta(days=1), last)
    return union(*(night.holders(name, days).mentions for name in DAYS))


def _told(night: Night, mentions: Int64s, as_of: dt.date) -> pl.DataFrame:
    """Return what is told of each investigation, and its ``mentions``.

    Args:
        night: Where the mentions are read.
        mentions: All of those of some investigations; any others.
        as_of: The date to judge at.
    """
    rows = night.warehouse.rows(mentions, _READ).rename({"mention": "number"})
    ordered = rows.sort("source", "record_id").with_columns(
        mention=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    cases = place_investigations(ordered).with_columns(
        alone=pl.when(pl.col("case_id").is_null()).then("number")
    )
    joint = pl.col("joint_case_ids").list.explode(keep_nulls=False, empty_as_null=False)
    told = cases.group_by("investigation").agg(
        *(pl.col(name).first() for name in _CASE),
        pl.col("unit").sort_by("mention").drop_nulls().first(),
        pl.col("source", "record_id").sort_by("mention").first(),
        joint.drop_nulls().unique().sort().str.join("\n").alias("joint"),
        pl.col("number").alias("mentions"),
    )
    return told.join(timelines(cases, as_of), on="investigation").drop("investigation")

"""When an investigation was active, and how two of them lie in time.

Dates are never guessed. An investigation is *sound* if its dates and status are there and agree;
whatever meets an unsound one is INDETERMINATE. It is active from the day it opened up to, but not
including, the day it closed.

A reopened investigation that still carries an earlier closing date had a pause, and nothing says
when the pause ended. What lies wholly in that pause or after it cannot be told from an overlap,
and is INDETERMINATE too.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import polars as pl

ACTIVE_STATUSES: Final = ("open", "suspended", "reopened")

INVESTIGATED: Final = (pl.col("case_id").is_not_null() | (pl.col("kind") == "case")).fill_null(
    value=False
)
"""Whether a mention is of an investigation."""
ALONE: Final = ((pl.col("kind") == "case") & pl.col("case_id").is_null()).fill_null(value=False)
"""Whether it is one by itself: a case that the source gave no id."""

LATER: Final = "LATER"
"""The mirrored view of PRIOR. Known here, so that it counts as a meeting; never published."""


def place_investigations(mentions: pl.DataFrame) -> pl.DataFrame:
    """Keep the mentions that belong to an investigation, and number the investigations.

    An investigation is (agency, case_id); a missing agency counts as the name of the mention's own
    source. A case mention without a case id is an investigation of its own: leaving it out would
    turn a hit into a NO_HIT.

    Args:
        mentions: Columns ``mention``, ``source``, ``kind``, ``case_id`` and ``agency``.

    Returns:
        Those rows with ``agency`` filled in and ``investigation`` Int64 added: the smallest
        mention of the investigation.
    """
    return (
        mentions.filter(INVESTIGATED)
        .with_columns(
            agency=pl.coalesce("agency", "source"),
            alone=pl.when(pl.col("case_id").is_null()).then("mention"),
        )
        .with_columns(investigation=pl.col("mention").min().over("agency", "case_id", "alone"))
        .drop("alone")
    )


def timelines(cases: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Return the time an investigation covers, one row an investigation.

    Mentions of one investigation that give different statuses or dates contradict each other.

    Args:
        cases: Columns ``investigation``, ``status``, ``opened`` and ``closed``.
        as_of: The date to judge at.

    Returns:
        ``investigation`` Int64, ``opened`` Date, ``ended`` Date (when it closed; null if it has
        not), ``paused`` Date (the closing date before it was reopened), ``active`` Boolean,
        ``begun`` Boolean (opened on or before `as_of`), ``sound`` Boolean. Where ``sound`` is
        false, ``active`` and ``begun`` are false.
    """
    recorded = ("status", "opened", "closed")
    ranges = cases.group_by("investigation").agg(
        *(pl.col(name).min() for name in recorded),
        *(pl.col(name).max().alias(f"{name}_max") for name in recorded),
    )
    agreed = [(pl.col(name) == pl.col(f"{name}_max")) | pl.col(name).is_null() for name in recorded]
    status, opened, closed = (pl.col(name) for name in recorded)
    fits = (
        pl.when(status == "closed")
        .then(closed.is_not_null())
        .when(status == "reopened")
        .then(pl.lit(value=True))
        .otherwise(closed.is_null() | (closed > as_of))
    )
    sound = pl.all_horizontal(
        *agreed,
        status.is_in(["closed", *ACTIVE_STATUSES]).fill_null(value=False),
        opened.is_not_null(),
        closed.is_null() | (closed >= opened).fill_null(value=False),
        fits,
    )
    runs = (status != "closed") | (closed > as_of)
    return ranges.with_columns(sound=sound).select(
        "investigation",
        "opened",
        ended=pl.when(status == "closed").then(closed),
        paused=pl.when((status == "reopened") & (closed <= as_of)).then(closed),
        active=pl.col("sound") & (opened <= as_of).fill_null(value=False) & runs,
        begun=pl.col("sound") & (opened <= as_of).fill_null(value=False),
        sound="sound",
    )


def class_of_pair() -> pl.Expr:
    """Return the class of investigation C as seen from investigation Q.

    Reads the columns of `timelines`, those of Q as they are and those of C with the suffix ``_c``.
    The first that holds:

    1. INDETERMINATE: either is not sound.
    2. SIMULTANEOUS: both are active.
    3. PRIOR: C closed on or before the day Q opened.
    4. LATER: Q closed on or before the day C opened.
    5. INDETERMINATE: either has not begun by the as-of date, or one of them was reopened and the
       other opened on or after the day it had closed for the first time.
    6. HISTORICAL_OVERLAP: they shared at least a day, and at most one is active now.
    """
    q = {name: pl.col(name) for name in ("opened", "ended", "paused", "active", "begun", "sound")}
    c = {name: pl.col(f"{name}_c") for name in q}
    in_pause = (c["opened"] >= q["paused"]) | (q["opened"] >= c["paused"])
    return (
        pl.when(~(q["sound"] & c["sound"]))
        .then(pl.lit("INDETERMINATE"))
        .when(q["active"] & c["active"])
        .then(pl.lit("SIMULTANEOUS"))
        .when(c["ended"] <= q["opened"])
        .then(pl.lit("PRIOR"))
        .when(q["ended"] <= c["opened"])
        .then(pl.lit(LATER))
        .when(~(q["begun"] & c["begun"]) | in_pause.fill_null(value=False))
        .then(pl.lit("INDETERMINATE"))
        .otherwise(pl.lit("HISTORICAL_OVERLAP"))
    )

"""Front companies: what they share with the criminal organization behind them, and their names.

A front is a company of its own, with its own registration, tax number and name. It shares people,
telephone and address with the organization that runs it, and often its name says no more than the
trade and the region, so that unlike fronts are called alike.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import Bools, Ints, chance
from benchmarks.population.homes import HOME
from benchmarks.population.people import Columns

SHARED: Final = {"leader": 0.7, "phone": 0.5, "address": 0.6}
"""Shares of fronts that have these of the organization behind them; assumptions."""

_LOCAL: Final = (
    "Internacional|General|Universal|Unidos|Integrales|del Norte|del Centro|de la Frontera|"
    "Nacional|Profesionales|Modernos|Express|Global|del Valle|Continental|Mexicana"
).split("|")
_ENGLISH: Final = (
    "Global|Universal|Premier|General|National|United|Quality|American|Border|First Choice|"
    "Express|Total|Advanced|Southwest|A1|ABC"
).split("|")


def make_fronts(rng: np.random.Generator, table: Columns, kinds: Bools, rate: float) -> Bools:
    """Let some companies be fronts of criminal organizations of the same chunk.

    Args:
        rng: Where chance comes from.
        table: Columns of the organizations: leader, and address and phone with suffix ``_1``; those
            that a front shares are changed in place.
        kinds: Rows of criminal organizations; the others may be fronts.
        rate: Share of fronts among all organizations.

    Returns:
        The rows that are fronts.
    """
    rows = len(kinds)
    bosses = np.flatnonzero(kinds)
    if not len(bosses):
        return np.zeros(rows, dtype=np.bool_)
    front: Bools = ~kinds & chance(rng, rows, min(1.0, rate / max(1 - kinds.mean(), 0.01)))
    boss = bosses[rng.integers(0, len(bosses), rows)]
    for what, columns in (
        ("leader", ["leader"]),
        ("phone", ["phone_1"]),
        ("address", [f"{column}_1" for column in HOME]),
    ):
        shares = front & chance(rng, rows, SHARED[what])
        for column in columns:
            table[column] = np.where(shares, table[column][boss], table[column])
    return front


def generic_cores(rng: np.random.Generator, american: Bools) -> pl.Series:
    """Return for each row words that fit any company of its language."""
    places: Ints = rng.integers(0, len(_LOCAL), len(american)) + american * len(_LOCAL)
    return pl.Series([*_LOCAL, *_ENGLISH]).gather(places)

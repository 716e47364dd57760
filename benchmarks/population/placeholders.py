"""Made-up numbers that dozens of unlike records bear.

What is typed where a form insists on a number, or was printed on a sample card. They look like any
other number, so that only their being shared by many tells.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import Bools

MADE_UP: Final[dict[str, tuple[str, ...]]] = {
    "a_number": ("A012345678", "A100000000", "A099999998"),
    # The first two were printed on sample cards, and thousands took them for their own; the third
    # is one of ten kept for advertisements.
    "ssn": ("078-05-1120", "219-09-9999", "987-65-4320", "123-45-6780"),
}


def placed(
    rng: np.random.Generator,
    texts: pl.DataFrame,
    present: dict[str, Bools],
    made: Bools,
) -> pl.DataFrame:
    """Return the numbers of the records that show them, made-up ones in the named rows.

    Args:
        rng: Where chance comes from.
        texts: One column a number.
        present: By column, which records show it.
        made: Rows whose A-number and social security number are made up, as far as they show any.
    """
    rows = len(texts)
    instead = {
        name: pl.Series(pool).gather(rng.integers(0, len(pool), rows))
        for name, pool in MADE_UP.items()
    }
    mask = pl.Series(made)
    return texts.select(
        pl.when(pl.Series(present[name]))
        .then(
            pl.when(mask).then(instead[name]).otherwise(pl.col(name))
            if name in instead
            else pl.col(name)
        )
        .alias(name)
        for name in texts.columns
    )

"""Random draws over whole arrays, each from its own reproducible stream."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def stream(seed: int, *path: int) -> np.random.Generator:
    """Return the generator of one place in the population, the same for the same seed and path."""
    return np.random.default_rng([seed, *path])


def chance(rng: np.random.Generator, rows: int, rate: float) -> Bools:
    """Return for each row whether an event of probability `rate` happens."""
    return rng.random(rows) < rate


def pick(rng: np.random.Generator, rows: int, weights: Sequence[float] | Floats) -> Ints:
    """Return for each row an index of `weights`, drawn in proportion to them."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(edges, rng.random(rows) * edges[-1], side="right")
    places: Ints = np.minimum(drawn, len(edges) - 1).astype(np.int64)
    return places


def below(rng: np.random.Generator, limits: Ints) -> Ints:
    """Return for each row a whole number from 0 up to but not including its limit (at least 1)."""
    return (rng.random(len(limits)) * limits).astype(np.int64)


def peers(rng: np.random.Generator, groups: Ints, columns: int) -> Ints:
    """Return for each row the numbers of `columns` random rows of the same group.

    Args:
        rng: Where chance comes from.
        groups: Group of each row, small whole numbers from 0.
        columns: How many peers a row gets; a row may be its own.

    Returns:
        Row numbers, shape (rows, columns).
    """
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups)
    starts = np.cumsum(sizes) - sizes
    offsets = (rng.random((len(groups), columns)) * sizes[groups][:, None]).astype(np.int64)
    chosen: Ints = order[starts[groups][:, None] + offsets].astype(np.int64)
    return chosen

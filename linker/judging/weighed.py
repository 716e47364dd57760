"""What labelled links say of all links, each weighed by how many it stands for.

Who labels pairs chooses them: those near the thresholds teach most, and are wrong most often. So
the share of labelled links that are right is not that of all links. But links of like match weight
are much alike, and how many there are is known: a label stands for all links of its stratum, as in
any stratified sample (W. Cochran, Sampling Techniques, 1977, chapter 5; for record linkage N.
Marchant and B. Rubinstein, In Search of an Entity Resolution OASIS, VLDB 2017). Of recall nothing
is said so: a match among very many light pairs would stand for too many, and those that were never
scored are in no stratum.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from linker.judging.intervals import COVERAGE, DRAWS, SEED
from linker.judging.known import SIDES

FEWEST: Final = 20
"""So many labels a stratum has at least; fewer labels of links say nothing of all links."""
MOST_STRATA: Final = 20

Floats = np.ndarray[Any, np.dtype[np.float64]]


def weighed_precision(
    scored: pl.DataFrame, known: pl.DataFrame
) -> tuple[float, float, float] | None:
    """Return the share of all links that are right, as labelled ones tell, and its 95% interval.

    Strata are ranges of match weight with as many labels each.

    Args:
        scored: All scored pairs: `SIDES`, ``match_weight`` and ``link``.
        known: The labelled ones: `SIDES`, ``is_match`` and ``unit_l``, which is what is resampled.

    Returns:
        None where too few links are labelled.
    """
    links = scored.filter("link").select(*SIDES, "match_weight")
    labels = known.select(*SIDES, "is_match", "unit_l").join(
        links, on=list(SIDES), maintain_order="left"
    )
    if labels.height < FEWEST:
        return None
    strata = min(labels.height // FEWEST, MOST_STRATA)
    weights = labels["match_weight"].to_numpy()
    edges = np.quantile(weights, np.arange(1, strata) / strata)
    sizes = np.bincount(np.searchsorted(edges, links["match_weight"].to_numpy()), minlength=strata)
    stratum = np.searchsorted(edges, weights)
    match = labels["is_match"].to_numpy().astype(np.float64)
    units = (labels["unit_l"].rank("dense").cast(pl.Int64) - 1).to_numpy()
    count = int(units.max()) + 1

    def share(drawn: Floats) -> float:
        seen = np.bincount(stratum, drawn[units], strata)
        right = np.bincount(stratum, drawn[units] * match, strata)
        told = np.where(seen > 0, sizes, 0)
        rate = np.divide(right, seen, out=np.zeros(strata), where=seen > 0)
        return float((rate * told).sum() / told.sum())

    value = share(np.ones(count))
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=DRAWS)
    tail = (1 - COVERAGE) / 2
    low, high = np.quantile([share(one.astype(np.float64)) for one in drawn], [tail, 1 - tail])
    return value, min(float(low), value), max(float(high), value)

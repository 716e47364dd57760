"""Labels weighed by how many pairs they stand for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linker.judging.weighed import weighed_precision


def drawn_pairs(pairs: int, seed: int = 3) -> pl.DataFrame:
    """Scored pairs whose chance to match is that of their weight; links from 4 bits on."""
    chance = np.random.default_rng(seed)
    weight = chance.normal(8.0, 6.0, pairs)
    return pl.DataFrame(
        {
            "mention_l": np.arange(pairs) * 2,
            "mention_r": np.arange(pairs) * 2 + 1,
            "match_weight": weight,
            "link": weight >= 4,
            "is_match": chance.random(pairs) < 1 / (1 + np.exp2(-weight)),
            "unit_l": np.arange(pairs),
        }
    )


def test_hard_pairs_that_were_chosen_do_not_mislead() -> None:
    """Labels gathered at the threshold give the precision of all links."""
    scored = drawn_pairs(60_000)
    near = (pl.col("match_weight") - 4).abs() < 1.5
    every = pl.int_range(pl.len())
    known = scored.filter((near & (every % 2 == 0)) | (every % 15 == 0))
    found = weighed_precision(scored, known)
    assert found is not None
    right = scored.filter("link")["is_match"].mean()
    as_chosen = known.filter("link")["is_match"].mean()
    assert isinstance(right, float)
    assert isinstance(as_chosen, float)
    assert right - as_chosen > 0.01
    value, low, high = found
    assert value == pytest.approx(right, abs=0.004)
    assert low < right < high
    assert weighed_precision(scored, known) == found


def test_few_labels_of_links_say_nothing() -> None:
    """Below twenty labelled links nothing is said of all."""
    scored = drawn_pairs(500)
    assert weighed_precision(scored, scored.filter("link").head(19)) is None
    assert weighed_precision(scored, scored.clear()) is None

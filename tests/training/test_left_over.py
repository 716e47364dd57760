"""What being left over weighs, between sources without duplicates."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.model import LeftOver, Thresholds
from linker.scoring.scorer import probabilities
from linker.training.left_over import left_over

PRIOR = -13.0
USED = Thresholds(link=0.9, review=0.5, identity_floor=0.0)
Pair = tuple[int, int, float, float]


def weighed(
    north: int, south: int, partners: int, may: list[Pair], *, once: bool = True
) -> tuple[LeftOver, ...]:
    """Two sources of so many records, the first ones of which are partners; and pairs that may be.

    Record n of the south is mention ``north + n``.
    """
    rows = [(n, north + n, 20.0, 10.0, True) for n in range(partners)]
    rows += [(left, north + right, *weights, False) for left, right, *weights in may]
    columns = ["mention_l", "mention_r", "match_weight", "identity_weight", "link"]
    pairs = pl.DataFrame(rows, schema=columns, orient="row")
    chances = pl.Series("match_probability", probabilities(pairs["match_weight"].to_numpy()))
    sources = pl.Series(["north"] * north + ["south" if once else None] * south, dtype=pl.String)
    return left_over(pairs.with_columns(chances), sources, USED, PRIOR)


def test_the_few_that_are_left_are_left_for_each_other() -> None:
    """Of two against two, with one likely pair, one in four matches before any evidence."""
    (found,) = weighed(1000, 1000, 998, [(998, 999, 6.0, 1.0)])
    assert found.sources == ("north", "south")
    assert found.weight == pytest.approx(math.log2((1 / 4) / (3 / 4)) - PRIOR, abs=0.01)


def test_where_many_have_no_partner_being_left_over_says_nothing() -> None:
    """One likely pair among 900 against 900 left is no likelier than any."""
    assert weighed(1000, 1000, 100, [(998, 999, 2.0, 1.0)]) == ()


def test_who_has_a_partner_leaves_nothing_over() -> None:
    """A pair that may match counts only where neither record was linked."""
    assert weighed(1000, 1000, 998, [(3, 999, 2.0, 1.0), (998, 3, 2.0, 1.0)]) == ()


def test_sources_that_may_hold_duplicates_leave_nothing_over() -> None:
    """Where one source may name a target twice, one partner does not take another's place."""
    assert weighed(1000, 1000, 998, [(998, 999, 6.0, 1.0)], once=False) == ()


def test_pairs_below_the_identity_floor_alone_do_not_start_it() -> None:
    """Relatives that are left in both sources are no reason to expect a match."""
    assert weighed(1000, 1000, 998, [(998, 999, 6.0, -3.0)]) == ()
    (found,) = weighed(1000, 1000, 998, [(998, 999, 6.0, -3.0), (999, 998, 1.0, 1.0)])
    assert found.weight > 3


def test_nothing_left_weighs_nothing() -> None:
    """Where every record has its partner no pair is left, nor any reason to divide by none."""
    assert weighed(5, 5, 5, []) == ()


@given(
    st.lists(
        st.tuples(st.integers(6, 9), st.integers(6, 9), st.floats(0.1, 9.0), st.floats(-4.0, 4.0)),
        max_size=6,
        unique_by=lambda pair: pair[:2],
    ),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_no_record_matches_twice(may: list[Pair], random: object) -> None:
    """Shuffled pairs, or sources the other way round, give the same; a record matches once."""
    shuffled = list(may)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = weighed(10, 10, 6, may)
    assert weighed(10, 10, 6, shuffled) == found
    turned = [(right, left, *rest) for left, right, *rest in may]
    assert weighed(10, 10, 6, turned) == found  # type: ignore[arg-type]
    assert all(2 ** (each.weight + PRIOR) <= (4 / 16) / (1 - 4 / 16) + 0.01 for each in found)

"""Records of two sources without duplicates that found no partner there may be one for less."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linker.entities.cluster import cluster, mark_links
from linker.entities.component import Rules
from linker.entities.hold import hold
from linker.entities.left_over import is_left_over, once_of
from linker.model import LeftOver, Thresholds, weight_of
from linker.scoring.scorer import probabilities
from tests.entities.test_hold import mentions

LINK, FLOOR, MORE = 5.0, -2.0, 8.0
NEVER = [None, None]


def thresholds(*left_over: LeftOver) -> Thresholds:
    return Thresholds(
        link=2**LINK / (1 + 2**LINK), review=0.5, identity_floor=FLOOR, left_over=left_over
    )


USED = thresholds(LeftOver(sources=("north", "south"), weight=MORE))


def scored(*rows: tuple[int, int, float, float]) -> pl.DataFrame:
    """Pairs of two mentions with their match weights and identity weights."""
    columns = ["mention_l", "mention_r", "match_weight", "identity_weight"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    chances = probabilities(frame["match_weight"].to_numpy())
    return frame.with_columns(
        pl.Series("match_probability", chances), confirmed=pl.lit(value=False)
    )


def linked(sources: list[str], *rows: tuple[int, int, float, float]) -> list[bool]:
    once = once_of(pl.Series(sources), {"north", "south", "west"})
    return mark_links(scored(*rows), USED, once)["link"].to_list()


def test_what_is_left_over_of_two_sources_is_a_link_for_less() -> None:
    """It may lack as many bits of the link threshold and of the identity floor as it says."""
    sources = ["north", "south"]
    assert linked(sources, (0, 1, 0.5, FLOOR - MORE)) == [True]
    assert linked(sources, (0, 1, 0.5, FLOOR - MORE - 0.1)) == [False]
    assert linked(sources, (0, 1, LINK, FLOOR)) == [True]


@pytest.mark.parametrize(
    "sources",
    [["north", "north"], ["north", "west"], ["north", "files"], ["files", "south"]],
    ids=["one source", "others", "duplicates right", "duplicates left"],
)
def test_only_two_sources_that_training_knew_leave_anything_over(sources: list[str]) -> None:
    """Where a source may hold duplicates, or was not trained so, thresholds stand as they are."""
    assert linked(sources, (0, 1, 2.0, 0.0), (0, 1, LINK, FLOOR)) == [False, True]


def test_a_pair_that_nobody_would_review_is_no_link() -> None:
    """Below the review threshold being left over does not help."""
    assert linked(["south", "north"], (0, 1, -0.1, 0.0), (0, 1, 0.1, 0.0)) == [False, True]


def test_nothing_is_left_over_where_nothing_is_said_of_sources() -> None:
    """Without sources, or without a model that knows of it, links are as they were."""
    pairs = scored((0, 1, 2.0, 0.0))
    assert mark_links(pairs, USED)["link"].to_list() == [False]
    once = pl.Series(["north", "south"])
    assert mark_links(pairs, thresholds(), once)["link"].to_list() == [False]


BITS = st.floats(-12, 12).map(lambda bits: round(bits, 3))


@example([(LINK, FLOOR)])
@given(st.lists(st.tuples(BITS, BITS), min_size=1, max_size=8))
def test_being_left_over_takes_no_link_away(weights: list[tuple[float, float]]) -> None:
    """Every link by its own weights is one still."""
    sources = pl.Series(["north", "south"] * len(weights))
    pairs = scored(*((2 * n, 2 * n + 1, *pair) for n, pair in enumerate(weights)))
    without, within = mark_links(pairs, USED)["link"], mark_links(pairs, USED, sources)["link"]
    assert (within | ~without).all()
    rules = is_left_over(weight_of(USED.link), USED.identity_floor)
    told = mark_links(pairs, USED, sources).select(rules.alias("told"))["told"]
    assert told.to_list() == (within & ~without).to_list()


def test_who_has_a_partner_by_its_own_weight_is_not_left_over() -> None:
    """A link by what is left over is refused, however heavy, where another found the record."""
    sources = ["north", "south", "south"]
    people = mentions(["1950-01-05", "1999-12-20", "1950-01-05"], sources=sources)
    heavy, own = (0, 1, LINK + 4, FLOOR - 4), (0, 2, LINK + 1, FLOOR)
    once = once_of(pl.Series(sources), {"north", "south"})
    pairs = mark_links(scored(heavy, own), USED, once)
    assert pairs["link"].all()
    rules = Rules(LINK, 9, frozenset({"north", "south"}), identity_floor=FLOOR)
    labels, cuts = hold(cluster(3, pairs), pairs, people, rules)
    assert labels.tolist() == [0, 1, 0]
    assert cuts.select("mention_l", "mention_r", "cut").rows() == [(0, 1, "duplicates")]

"""Which pairs are chosen: by which share, of which part of all pairs, and what each stands for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.night.labels import is_for_evaluation
from linker.review.choose import LEAST_DRAWN, Known, Level, allotted, choose
from linker.review.item import PARTS, Part
from linker.review.pool import POOL, STRATA, Pool
from linker.schemas import DECISION_RECORDS, check

REVIEW, LINK = 0.0, 5.0
SHARES: dict[Part, float] = {
    "threshold": 0.3,
    "rare_level": 0.2,
    "session": 0.1,
    "group": 0.1,
    "blind": 0.3,
}
STANDING = {"far below": 50.0, "below": 20.0}
"""How many pairs one of these strata stands for; others for themselves."""
COMPARISONS, LEVELS = 3, 4


def pool_of(count: int, seed: int = 0, groups: int = 3) -> Pool:
    """Pairs of all strata, with weights, levels and groups drawn."""
    draw = np.random.default_rng(seed)
    bounds = {
        "far below": (-10, -5),
        "below": (-5, 0),
        "possible": (0, 5),
        "confirmed": (-8, 0),
        "link": (5, 10),
        "far above": (10, 40),
    }
    strata = draw.choice(STRATA, count)
    names = pl.DataFrame(
        [("cases", f"a{at:04}", "cases", f"b{at:04}") for at in range(count)],
        schema=dict(DECISION_RECORDS),
        orient="row",
    )
    pairs = names.with_columns(
        match_weight=pl.Series([draw.uniform(*bounds[name]) for name in strata], dtype=pl.Float64),
        link=pl.Series(
            [name in ("confirmed", "link", "far above") for name in strata], dtype=pl.Boolean
        ),
        stratum=pl.Series(strata.tolist(), dtype=pl.String()),
        standing=pl.Series([STANDING.get(name, 1.0) for name in strata], dtype=pl.Float64),
        evaluation=is_for_evaluation(names),
        group=pl.Series([f"g{at}" for at in draw.integers(0, groups, count)], dtype=pl.String()),
        rank=pl.Series(draw.integers(0, 2**63, count, dtype=np.uint64)),
    )
    found = draw.integers(0, LEVELS, (count, COMPARISONS)).astype(np.int8)
    return Pool(check(pairs.select(list(POOL)), POOL, "pool"), found)


def known(*disagreements: Level, labels: int = 0, groups: tuple[str, ...] = ()) -> Known:
    seen = np.ones((labels, COMPARISONS), dtype=np.int8)
    return Known(REVIEW, LINK, seen, groups, disagreements)


def only(part: Part) -> dict[Part, float]:
    return {name: float(name == part) for name in PARTS}


@given(st.integers(0, 500), st.lists(st.floats(0.01, 1), min_size=5, max_size=5))
def test_shares_add_up(size: int, raw: list[float]) -> None:
    """Each part gets its share of the size, rounded, and together they get all of it."""
    total = sum(raw)
    shares = {part: share / total for part, share in zip(PARTS, raw, strict=True)}
    found = allotted(size, shares)
    assert sum(found.values()) == size
    assert all(abs(found[part] - size * shares[part]) < 1 + 1e-6 for part in PARTS)


@settings(max_examples=25)
@given(st.integers(0, 300), st.integers(0, 120), st.integers(0, 5))
def test_teaching_and_measuring_never_meet(count: int, size: int, seed: int) -> None:
    """No pair twice, blind pairs kept apart for evaluation, all others not, within the size."""
    pool = pool_of(count, seed)
    chosen = choose(pool, known((0, 1)), size, SHARES, seed)
    assert chosen.select(list(DECISION_RECORDS)).is_unique().all()
    assert chosen.height <= size
    apart = is_for_evaluation(chosen.select(list(DECISION_RECORDS)))
    assert (apart == (chosen["part"] == "blind")).all()
    assert chosen.filter(pl.col("part") != "blind")["sampling_weight"].null_count() == (
        chosen.height - chosen.filter(part="blind").height
    )
    teaching = chosen.filter(pl.col("part") != "blind").height
    most = size - allotted(size, SHARES)["blind"]
    assert teaching == min(most, int((~pool.pairs["evaluation"]).sum()))


@settings(max_examples=25)
@given(st.integers(30, 300), st.integers(1, 200), st.integers(0, 5))
def test_blind_pairs_stand_for_all_pairs_kept_apart(count: int, size: int, seed: int) -> None:
    """By stratum their sampling weights make up what the stratum's pairs stand for."""
    pool = pool_of(count, seed)
    chosen = choose(pool, known(), size, only("blind"), seed)
    apart = pool.pairs.filter("evaluation")
    assert chosen.height == min(size, apart.height)
    for (stratum,), drawn in chosen.group_by("stratum"):
        there = apart.filter(stratum=stratum)
        assert drawn["sampling_weight"].n_unique() == 1
        assert drawn["sampling_weight"].sum() == pytest.approx(there["standing"].sum())
    drawn = dict(chosen["stratum"].value_counts().iter_rows())
    if size >= LEAST_DRAWN * len(STRATA):
        for (stratum,), there in apart.group_by("stratum"):
            assert drawn[stratum] >= min(LEAST_DRAWN, there.height)


def test_every_pair_of_a_stratum_is_drawn_as_often() -> None:
    """Over many draws no pair kept apart is preferred within its stratum: the sample is fair."""
    pool = pool_of(200)
    draws = []
    for seed in range(100):
        ranks = np.random.default_rng(seed).integers(0, 2**63, 200, dtype=np.uint64)
        again = Pool(pool.pairs.with_columns(rank=pl.Series(ranks)), pool.found)
        draws.append(choose(again, known(), 36, only("blind"), seed))
    counts = pl.concat(draws).group_by("stratum", "record_id_l").len("drawn")
    assert counts.height == pool.pairs["evaluation"].sum()
    usual = pl.col("drawn").mean().over("stratum")
    assert counts.select(((pl.col("drawn") - usual).abs() < 5 * usual.sqrt()).all()).item()


def test_the_same_seed_chooses_the_same() -> None:
    """In the same order; another seed puts them in another one, which tells nothing of parts."""
    pool = pool_of(400)
    one, same, other = (choose(pool, known((1, 2)), 100, SHARES, seed) for seed in (5, 5, 6))
    assert one.equals(same)
    assert not one.equals(other)
    places = one.with_row_index("at").filter(part="blind")["at"]
    assert 30 < float(places.mean() or 0.0) < 70  # type: ignore[arg-type] # of numbers


def test_thresholds_come_first_and_groups_take_turns() -> None:
    """The pairs nearest to either threshold, and no group is left out for being rare."""
    pool = pool_of(600, groups=4)
    chosen = choose(pool, known(), 40, only("threshold"), 1)
    nearest = pl.min_horizontal((pl.col("match_weight") - at).abs() for at in (REVIEW, LINK))
    assert float(chosen.select(nearest.max()).item()) < 2
    assert set(chosen["group"]) == {"g0", "g1", "g2", "g3"}
    of_link = (chosen["match_weight"] - LINK).abs() < (chosen["match_weight"] - REVIEW).abs()
    assert 15 <= of_link.sum() <= 25


def test_levels_that_sessions_disagree_on_are_looked_at() -> None:
    """Every pair of the part meets one of them, and each of them is met."""
    pool = pool_of(300)
    chosen = choose(pool, known((2, 3), (0, 1)), 20, only("session"), 1)
    mine = chosen.filter(part="session").join(
        pool.pairs.with_row_index("at"), on=list(DECISION_RECORDS)
    )
    found = pool.found[mine["at"].to_numpy()]
    assert mine.height == 20
    assert ((found[:, 2] == 3) | (found[:, 0] == 1)).all()
    assert (found[:, 2] == 3).any()
    assert (found[:, 0] == 1).any()
    assert choose(pool, known(), 20, only("session"), 1)["part"].unique().to_list() == ["threshold"]


def test_levels_without_labels_come_first() -> None:
    """All labels meet level 1 of each comparison: pairs with other levels are chosen first."""
    pool = pool_of(300)
    chosen = choose(pool, known(labels=9), 6, only("rare_level"), 1)
    places = chosen.join(pool.pairs.with_row_index("at"), on=list(DECISION_RECORDS))["at"]
    found = pool.found[places.to_numpy()]
    met = {
        (at, level)
        for at in range(COMPARISONS)
        for level in (2, 3)
        if (found[:, at] == level).any()
    }
    assert len(met) == 2 * COMPARISONS


def test_groups_without_labels_come_first() -> None:
    """Of three groups one has no label: the first pair of the part is of it."""
    pool = pool_of(300)
    told = known(labels=2, groups=("g0", "g2"))
    assert choose(pool, told, 1, only("group"), 1)["group"].to_list() == ["g1"]
    assert set(choose(pool, told, 3, only("group"), 1)["group"]) == {"g0", "g1", "g2"}

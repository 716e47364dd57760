"""Which pairs a label teaches most, and which are drawn blind: in stated shares, and seeded.

What teaches comes from the training part of all pairs, what measures from the evaluation part
(`linker.night.labels`): no model is trained on a pair that it is judged by. Within each part pairs
take turns by group, so that no source pair and no name culture is left out for being rare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from linker.review.item import PARTS, Part
from linker.review.pool import POOL, STRATA, Pool, hashed
from linker.schemas import Schema
from linker.scoring.kernel.drive import LevelTable

CHOSEN: Final[Schema] = {**POOL, "part": pl.String(), "sampling_weight": pl.Float64()}
"""Pairs to queue. `sampling_weight` is how many of the candidate pairs kept apart for evaluation
one drawn blind stands for; None in other parts."""

LEAST_DRAWN: Final = 5
"""So many pairs are drawn blind of each stratum that has them."""

Level = tuple[int, int]
"""A comparison's place in the model, and a level's in the comparison."""


@dataclass(frozen=True)
class Known:
    """What is known beside the pairs.

    Attributes:
        review: The weight of the review threshold, in bits.
        link: That of the link threshold.
        labels: By label of the training part and comparison the place of the level it meets.
        label_groups: The group of each of these labels.
        disagreements: Levels that training sessions disagree on, the widest spread first.
    """

    review: float
    link: float
    labels: LevelTable
    label_groups: Sequence[str] = ()
    disagreements: Sequence[Level] = ()


def choose(
    pool: Pool, known: Known, size: int, shares: Mapping[Part, float], seed: int
) -> pl.DataFrame:
    """Return the pairs to queue, `CHOSEN`, in a drawn order that tells nothing of their parts.

    Args:
        pool: The pairs there are.
        known: What is known beside them.
        size: How many are wanted; fewer where there are not so many.
        shares: Part: share of `size`.
        seed: Draws what is drawn.
    """
    wanted = allotted(size, {part: shares.get(part, 0.0) for part in PARTS})
    blind = _blind(pool.where(pool.pairs["evaluation"]).pairs, wanted["blind"])
    teaching = pool.where(~pool.pairs["evaluation"])
    order: dict[Part, pl.Series] = {
        "session": _by_levels(teaching, known, list(known.disagreements)),
        "rare_level": _by_levels(teaching, known, _rarest(teaching, known)),
        "group": _by_groups(teaching, known),
        "threshold": _by_thresholds(teaching, known),
    }
    left = np.ones(teaching.pairs.height, dtype=np.bool_)
    parts, missing = [blind], 0
    for part, places in order.items():
        free = places.filter(pl.Series(left[places.to_numpy()], dtype=pl.Boolean()))
        most = wanted[part] + (missing if part == "threshold" else 0)
        taken = free.head(most).to_numpy()
        missing += wanted[part] - len(taken)
        left[taken] = False
        parts.append(
            teaching.pairs[taken].select(
                *POOL, part=pl.lit(part), sampling_weight=pl.lit(None, dtype=pl.Float64())
            )
        )
    chosen = pl.concat(parts).select(list(CHOSEN))
    drawn = hashed(chosen["rank"].to_numpy() ^ np.uint64(seed + 1))
    return chosen[np.argsort(drawn, kind="stable")]


def allotted(size: int, shares: Mapping[Part, float]) -> dict[Part, int]:
    """Return how many of `size` each part gets: by largest remainder, whole numbers that add up."""
    exact = {part: size * share for part, share in shares.items()}
    found = {part: int(number + 1e-9) for part, number in exact.items()}
    rest = round(sum(exact.values())) - sum(found.values())
    by_remainder = sorted(exact, key=lambda part: (found[part] - exact[part], PARTS.index(part)))
    for part in by_remainder[: max(rest, 0)]:
        found[part] += 1
    return found


def _blind(pairs: pl.DataFrame, size: int) -> pl.DataFrame:
    """Draw pairs at random, so many of each stratum as `_allocated` says."""
    there = {name: pairs.filter(stratum=name).sort("rank") for name in STRATA}
    wanted = _allocated(there, min(size, pairs.height))
    parts = [pl.DataFrame(schema=dict(CHOSEN))]
    for name in STRATA:
        drawn = there[name].head(wanted[name])
        each = there[name].height / max(drawn.height, 1)
        parts.append(
            drawn.select(*POOL, part=pl.lit("blind"), sampling_weight=pl.col("standing") * each)
        )
    return pl.concat(parts)


def _allocated(there: Mapping[str, pl.DataFrame], size: int) -> dict[str, int]:
    """Return how many pairs are drawn of each stratum, `size` in all.

    `LEAST_DRAWN` of each, the others in proportion to the square root of how many pairs it stands
    for: between what serves the whole and what serves each stratum (Bankier, "Power allocations",
    1988). What a stratum has not, others give.
    """
    power = {name: math.sqrt(float(rows["standing"].sum())) for name, rows in there.items()}
    found = dict.fromkeys(there, 0)
    for _ in range(size):
        open_still = [name for name in there if found[name] < there[name].height]
        few = [name for name in open_still if found[name] < LEAST_DRAWN]
        # the next place goes to whom it is due most (Webster's method of divisors)
        due = min(few or open_still, key=lambda name: (2 * found[name] + 1) / power[name])
        found[due] += 1
    return found


def _by_thresholds(pool: Pool, known: Known) -> pl.Series:
    """Return the places of pairs: the nearest to a threshold first, in turns by group."""
    weight = pl.col("match_weight")
    near = pool.pairs.select(
        "group",
        "rank",
        of_link=(weight - known.link).abs(),
        of_review=(weight - known.review).abs(),
    ).with_columns(
        nearest=pl.min_horizontal("of_link", "of_review"),
        group=pl.concat_str("group", pl.col("of_link") <= pl.col("of_review")),
    )
    return _in_turns(near, ["nearest", "rank"])


def _by_groups(pool: Pool, known: Known) -> pl.Series:
    """Return the places of pairs drawn from each group in turn, the least labelled groups first."""
    labels = pl.DataFrame({"group": list(known.label_groups)}, schema={"group": pl.String()})
    counted = labels.group_by("group").len("labels")
    within = pool.pairs.with_row_index("place").filter(pl.col("match_weight") >= known.review - 1)
    told = within.join(counted, on="group", how="left", maintain_order="left").with_columns(
        pl.col("labels").fill_null(0)
    )
    return told["place"].gather(_in_turns(told.drop("place"), ["rank"], first=["labels"]))


def _by_levels(pool: Pool, known: Known, levels: Sequence[Level]) -> pl.Series:
    """Return the places of pairs that meet some levels, in turns by level, in their order.

    Of the pairs of a level those nearest to the link threshold come first.
    """
    parts = [pl.DataFrame(schema=_MEETING)]
    for number, (comparison, place) in enumerate(levels):
        here = np.flatnonzero(pool.found[:, comparison] == place)
        parts.append(
            pl.DataFrame({"place": here, "level": np.full(len(here), number)}, schema=_MEETING)
        )
    met = pl.concat(parts)
    pairs = pool.pairs[met["place"].to_numpy()]
    told = met.with_columns(
        distance=(pairs["match_weight"] - known.link).abs(),
        rank=pairs["rank"],
        group=met["level"].cast(pl.String()),
    )
    ordered = met["place"].gather(_in_turns(told, ["distance", "rank"], first=["level"]))
    return ordered.unique(maintain_order=True)


_MEETING: Final[Schema] = {"place": pl.Int64(), "level": pl.Int64()}
"""A row a pair and level that it meets."""


def _rarest(pool: Pool, known: Known) -> list[Level]:
    """Return the levels that pairs of the pool meet: those first that fewest labels have.

    Of levels with as many labels those come first that fewer links meet.
    """
    links = pool.found[pool.pairs["link"].to_numpy()]
    found = []
    for comparison in range(pool.found.shape[1]):
        for place in np.unique(pool.found[:, comparison]).tolist():
            if place == 0:  # nothing was compared
                continue
            labelled = int((known.labels[:, comparison] == place).sum())
            linked = int((links[:, comparison] == place).sum())
            found.append((labelled, linked, comparison, place))
    return [(comparison, place) for _, _, comparison, place in sorted(found)]


def _in_turns(rows: pl.DataFrame, by: Sequence[str], first: Sequence[str] = ()) -> pl.Series:
    """Return the places of rows: one of each group, then the next of each, and so on.

    Args:
        rows: With ``group``.
        by: The order within a group; it breaks ties between groups.
        first: What puts groups in order within a turn.
    """
    turns = (
        rows.with_row_index("at")
        .sort("group", *by)
        .with_columns(turn=pl.int_range(pl.len()).over("group"))
        .sort("turn", *first, *by, "group")
    )
    return turns["at"].cast(pl.Int64())

"""The prior: the probability that two random records match, as several witnesses see it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from linker.model import TrainedComparison
from linker.training.smooth import SessionEstimate, is_equality, rounded

LEAST_FILL: Final = 0.5
"""A session on a field that fewer records have says too little of the others."""


def combine_priors(
    by_rules: float,
    sessions: Sequence[SessionEstimate],
    comparisons: Sequence[TrainedComparison],
    fills: dict[str, float],
    records: int,
) -> float:
    """Return the median of what the rules and the EM sessions say of the prior.

    Rules that all but prove a match find few matches where records are dirty, and how few nobody
    knows. A session sees the matches that agree fully on its columns; the m probabilities of full
    agreement, which the other sessions estimated, and the share of records that have the columns
    say how many matches there are in all. (Splink derives its prior from trained values likewise.)

    Args:
        by_rules: The prior by deterministic rules.
        sessions: The sessions that taught something.
        comparisons: Trained.
        fills: By comparison, the share of records that have what it compares.
        records: How many records were trained on.
    """
    all_pairs = records * (records - 1) / 2
    witnesses = [by_rules]
    for session in sessions:
        share = _share_seen(session.columns, comparisons, fills)
        if share is not None:
            witnesses.append(session.match_share * session.pairs / share / all_pairs)
    return rounded(min(max(median(witnesses), 1 / all_pairs), 0.5))


def _share_seen(
    columns: Sequence[str], comparisons: Sequence[TrainedComparison], fills: dict[str, float]
) -> float | None:
    """Return the share of matches that agree fully on the columns; None where nothing says so."""
    share = 1.0
    for column in columns:
        for comparison in comparisons:
            best = next(level for level in comparison.levels if not level.is_missing)
            if is_equality(best, column):
                fill = fills[comparison.name]
                if fill < LEAST_FILL or best.m is None:
                    return None
                share *= best.m * fill**2
                break
        else:
            return None
    return share

"""The prior: the probability that two random records match, as several witnesses see it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from splink import block_on

from linker.model import TrainedComparison
from linker.training.fitting import Fitting
from linker.training.smooth import SessionEstimate, is_equality, rounded

LEAST_FILL: Final = 0.5
"""A session on a field that fewer records have says too little of the others."""


def prior_by_rules(fitting: Fitting) -> float:
    """Return the prior by the configured rules whose equality all but proves a match.

    Where none of them has pairs, the fallback rules serve; where these have none either, one match
    for each hundred records is assumed.
    """
    training = fitting.training
    rules = [rule for rule in training.prior_rules if fitting.pairs_of(rule) > 0]
    if not rules:
        rules = [rule for rule in training.fallback_prior_rules if fitting.pairs_of(rule) > 0]
    if not rules:
        fitting.say("prior: no rule finds a pair; one match for each hundred records is assumed")
        return max(fitting.records / 100, 1) / fitting.all_pairs
    blocked: list[Any] = [block_on(*rule) for rule in rules]
    splink = fitting.linker.training
    try:
        splink.estimate_probability_two_random_records_match(blocked, recall=training.prior_recall)
    except ValueError:  # nearly every pair matches
        splink.estimate_probability_two_random_records_match(blocked, recall=1.0)
    model = fitting.linker.misc.save_model_to_json()
    prior = float(model["probability_two_random_records_match"])
    return min(max(prior, 1 / fitting.all_pairs), 0.5)


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
        if share is not None and not session.only_checks:
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

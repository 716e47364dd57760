"""Estimating a model with Splink: u by random sampling, m by EM sessions, then the prior."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from linker.config import ComparisonSettings, EntitySettings, TrainingSettings
from linker.database import connect, count, load
from linker.errors import TrainingError
from linker.model import LinkageModel, TrainedComparison
from linker.schemas import EntityType
from linker.scoring.duckdb_functions import record_functions
from linker.scoring.features.term_logs import Terms
from linker.scoring.levels import kind_of
from linker.scoring.settings import comparison_columns, splink_settings, untrained
from linker.training.frequencies import term_frequencies
from linker.training.prior import combine_priors
from linker.training.smooth import SessionEstimate, smooth
from linker.training.thresholds import identity_floor

LEAST_VALUES = 10
"""A comparison whose needed field has fewer values than this is left out of the model."""
LEAST_MATCH_SHARE = 0.002
"""A session whose pairs hold a smaller share of matches learns noise and is left out."""
LEAST_MATCHES = 20
"""A session that expects fewer matches than this is left out."""


@dataclass(frozen=True)
class Estimate:
    """A trained model, its term frequencies, and what the log should say about it."""

    model: LinkageModel
    term_frequencies: dict[str, pl.DataFrame]
    splink_settings: dict[str, Any]
    notes: list[str] = field(default_factory=list)


@dataclass
class _Work:
    """What the steps of an estimate share; `linker` is replaced where a session has broken it."""

    connection: duckdb.DuckDBPyConnection
    linker: Linker
    comparisons: Sequence[TrainedComparison]
    training: TrainingSettings
    records: int
    say: Callable[[str], None]


def estimate(
    mentions: pl.DataFrame,
    settings: EntitySettings,
    entity_type: EntityType,
    version: str,
    say: Callable[[str], None],
) -> Estimate:
    """Fit a model of one entity type.

    Args:
        mentions: Every mention (schema `MENTIONS[entity_type]`), sorted by ``mention``.
        settings: Comparisons and training settings.
        entity_type: Whose mentions they are.
        version: The name the model will have.
        say: Receives a line about each step.

    Raises:
        TrainingError: Too few records, or no comparison has data.
    """
    training = settings.training
    if mentions.height < training.min_records:
        raise TrainingError(
            f"{entity_type}: {mentions.height:,} records are too few to train on "
            f"(training.min_records = {training.min_records:,}); link with the shipped model"
        )
    sample = sample_of(mentions, training)
    fills = _fill_shares(sample, settings.comparisons, entity_type)
    kept, left_out = _comparisons_with_data(sample, settings.comparisons, fills)
    if not kept:
        raise TrainingError(f"{entity_type}: no comparison has data; map more fields")
    for name in left_out:
        say(f"comparison {name} is left out: its fields are empty in these sources")
    comparisons = [untrained(comparison, entity_type) for comparison in kept]
    columns = {column for c in kept for column in comparison_columns(c, entity_type)}
    columns.update(lv.term_frequency for c in comparisons for lv in c.levels if lv.term_frequency)
    rules = [*training.sessions, *training.fallback_sessions]
    rules += [*training.prior_rules, *training.fallback_prior_rules, *training.household_sessions]
    columns.update(column for rule in rules for column in rule)
    adjusting = {level.term_frequency for c in comparisons for level in c.levels}
    words = {
        column
        for comparison in comparisons
        for level in comparison.levels
        for column in kind_of(level.level, comparison.name).word_columns
    }
    frequencies = term_frequencies(sample, {c for c in adjusting if c}, training, words)
    terms = Terms(frequencies.tables, frequencies.floors)
    sample = sample.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    with (
        closing(connect()) as connection,
        record_functions(connection, comparisons, entity_type, sample, terms),
    ):
        load(connection, "mentions", sample.select("mention", *sorted(columns)))
        linker = _fresh_linker(connection, comparisons)
        work = _Work(connection, linker, comparisons, training, sample.height, say)
        by_rules = _prior_by_rules(work)
        u = _estimate_u(work)
        sessions = _run_sessions(work)
        floor = _identity_floor(work)
    trained, notes = smooth(comparisons, kept, u, fills, sessions, training, by_rules)
    prior = combine_priors(by_rules, sessions, trained, fills, sample.height)
    say(
        f"prior: one pair in {1 / prior:,.0f} is expected to match "
        f"(by rules alone one in {1 / by_rules:,.0f})"
    )
    for note in notes:
        say(note)
    model = LinkageModel(
        entity_type=entity_type,
        version=version,
        prior=prior,
        identity_floor=floor,
        comparisons=tuple(trained),
        comparisons_left_out=tuple(left_out),
        term_frequency_floors=frequencies.floors,
        term_frequency_words=frequencies.words,
        term_frequency_groups=frequencies.groups,
        training={
            "records": mentions.height,
            "prior_by_rules": by_rules,
            "records_sampled": sample.height,
            "seed": training.seed,
            "sessions": [session.summary() for session in sessions],
        },
    )
    exported = splink_settings(model.comparisons, model.prior).create_settings_dict("duckdb")
    return Estimate(model, frequencies.tables, exported, notes)


def sample_of(mentions: pl.DataFrame, training: TrainingSettings) -> pl.DataFrame:
    """Return the mentions that a model is trained on: all, or as many as are allowed, seeded."""
    if mentions.height <= training.max_records:
        return mentions
    return mentions.sample(training.max_records, seed=training.seed).sort("mention")


def _fill_shares(
    mentions: pl.DataFrame, comparisons: Sequence[ComparisonSettings], entity_type: EntityType
) -> dict[str, float]:
    """Return for each comparison the share of records that have what it compares."""
    shares = {}
    for comparison in comparisons:
        first = comparison.levels[0]
        kind = kind_of(first, f"{entity_type}: comparison {comparison.name!r}").in_training
        present = [pl.col(column).is_not_null() for column in kind.needed]
        known = (
            pl.any_horizontal(present) if kind.name == "missing_all" else pl.all_horizontal(present)
        )
        shares[comparison.name] = mentions.select(known.mean()).item()
    return shares


def _comparisons_with_data(
    mentions: pl.DataFrame, comparisons: Sequence[ComparisonSettings], fills: dict[str, float]
) -> tuple[list[ComparisonSettings], list[str]]:
    kept: list[ComparisonSettings] = []
    left_out: list[str] = []
    for comparison in comparisons:
        if fills[comparison.name] * mentions.height >= LEAST_VALUES:
            kept.append(comparison)
        else:
            left_out.append(comparison.name)
    return kept, left_out


def _fresh_linker(
    connection: duckdb.DuckDBPyConnection, comparisons: Sequence[TrainedComparison]
) -> Linker:
    """Return a Splink linker whose levels carry no term frequencies: EM does without them."""
    plain = [
        comparison.model_copy(
            update={
                "levels": tuple(
                    level.model_copy(update={"term_frequency": None}) for level in comparison.levels
                )
            }
        )
        for comparison in comparisons
    ]
    return _linker(connection, splink_settings(plain, prior=1e-4, by_record=True))


def _linker(
    connection: duckdb.DuckDBPyConnection, settings: SettingsCreator | dict[str, Any]
) -> Linker:
    mentions = DuckDBAPI(connection).register("mentions", table_name="training_mentions")
    return Linker(mentions, settings, log_level=None)


def _pairs_of(work: _Work, columns: Sequence[str]) -> int:
    """Count the pairs that agree on every one of the columns."""
    needed = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return count(
        work.connection,
        "SELECT sum(n * (n - 1) // 2)::BIGINT FROM (SELECT count(*) AS n FROM mentions "
        f"WHERE {needed} GROUP BY {', '.join(columns)})",
    )


def _prior_by_rules(work: _Work) -> float:
    training = work.training
    rules = [rule for rule in training.prior_rules if _pairs_of(work, rule) > 0]
    if not rules:
        rules = [rule for rule in training.fallback_prior_rules if _pairs_of(work, rule) > 0]
    all_pairs = work.records * (work.records - 1) / 2
    if not rules:
        work.say("prior: no rule finds a pair; one match for each hundred records is assumed")
        return max(work.records / 100, 1) / all_pairs
    blocked: list[Any] = [block_on(*rule) for rule in rules]
    try:
        work.linker.training.estimate_probability_two_random_records_match(
            blocked, recall=training.prior_recall
        )
    except ValueError:  # nearly every pair matches
        work.linker.training.estimate_probability_two_random_records_match(blocked, recall=1.0)
    prior = float(work.linker.misc.save_model_to_json()["probability_two_random_records_match"])
    return min(max(prior, 1 / all_pairs), 0.5)


def _estimate_u(work: _Work) -> dict[str, list[float | None]]:
    """Return each comparison's u by level, missing level left out, None where never observed."""
    work.linker.training.estimate_u_using_random_sampling(
        max_pairs=work.training.u_max_pairs, seed=work.training.seed, min_count_per_level=None
    )
    found = work.linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: [
            level.get("u_probability")
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        ]
        for comparison in found["comparisons"]
    }


def _run_sessions(work: _Work) -> list[SessionEstimate]:
    training = work.training
    done = [_run(work, columns) for columns in training.sessions]
    sessions = [session for session in done if session]
    estimated = {name for session in sessions for name in session.m}
    for columns in training.fallback_sessions:
        if all(comparison.name in estimated for comparison in work.comparisons):
            break
        session = _run(work, columns, wanted={c.name for c in work.comparisons} - estimated)
        if session:
            sessions.append(session)
            estimated.update(session.m)
    return sessions


def _run(
    work: _Work, columns: Sequence[str], wanted: set[str] | None = None
) -> SessionEstimate | None:
    """Run one EM session; None, with a line that says why, where it cannot teach anything."""
    name = " and ".join(columns)
    pairs = _pairs_of(work, columns)
    if pairs < work.training.min_session_pairs:
        if pairs:
            work.say(f"session on {name}: left out, it has only {pairs:,} pairs")
        return None
    open_comparisons = _left_open(work.comparisons, columns)
    if not open_comparisons or (wanted is not None and not open_comparisons & wanted):
        return None
    learnt = _em(work, columns, pairs)
    if learnt is None:
        return None
    share = float(learnt.probability_two_random_records_match)
    matches = share * min(pairs, work.training.em_max_pairs)
    if share < LEAST_MATCH_SHARE or matches < LEAST_MATCHES:
        work.say(f"session on {name}: left out, only {share:.2%} of its {pairs:,} pairs match")
        return None
    work.say(f"session on {name}: {pairs:,} pairs, {share:.1%} of them matches")
    m = {
        comparison.output_column_name: [
            float(level.m_probability or 0.0)
            for level in comparison.comparison_levels
            if not level.is_null_level
        ]
        for comparison in learnt.comparisons
        if wanted is None or comparison.output_column_name in wanted
    }
    by_chance = (1 - share) * pairs / (work.records * (work.records - 1) / 2)
    return SessionEstimate(tuple(columns), pairs, share, matches, m, by_chance)


def _em(work: _Work, columns: Sequence[str], pairs: int) -> Any:  # noqa: ANN401 - Splink's settings
    """Return what Splink learnt of the pairs that agree on the columns; None where it cannot."""
    before = work.linker.misc.save_model_to_json()
    try:
        session = work.linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=work.training.em_max_pairs,
            record_sample_proportion=min(1.0, max(0.01, 20_000 / work.records)),
        )
    except ValueError:
        # Splink refuses an m that has run to 0, and the failed session leaves its linker unusable
        name = " and ".join(columns)
        work.say(f"session on {name}: left out, its {pairs:,} pairs are too few or too alike")
        work.linker = _linker(work.connection, before)
        return None
    return session.core_model_settings


def _identity_floor(work: _Work) -> float | None:
    """Return the identity floor that the pairs of a household ask for; None without households."""
    for columns in work.training.household_sessions:
        pairs = _pairs_of(work, columns)
        if pairs < work.training.min_session_pairs:
            continue
        learnt = _em(work, columns, pairs)
        if learnt is None:
            continue
        share = float(learnt.probability_two_random_records_match)
        floor = identity_floor(share)
        work.say(
            f"households: {pairs:,} pairs agree on {' and '.join(columns)}, {share:.1%} of them "
            f"matches; identity must weigh {floor:.1f} bits"
        )
        return floor
    return None


def _left_open(comparisons: Sequence[TrainedComparison], columns: Sequence[str]) -> set[str]:
    """Return the comparisons that read none of the columns a session holds equal."""
    return {
        comparison.name
        for comparison in comparisons
        if not any(
            set(columns) & set(kind_of(level.level, comparison.name).columns)
            for level in comparison.levels
        )
    }

"""Estimating a model with Splink: u by random sampling, m by EM sessions, then the prior."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from linker.config import EntitySettings, TrainingSettings
from linker.database import connect, load
from linker.errors import TrainingError
from linker.model import LinkageModel, TrainedComparison
from linker.schemas import EntityType
from linker.scoring.duckdb_functions import record_functions
from linker.scoring.features.term_logs import Terms
from linker.scoring.levels import kind_of
from linker.scoring.settings import splink_settings, untrained
from linker.training.convergence import Limits, limits_of
from linker.training.disagreement import Disagreement, disagreement_notes, disagreements
from linker.training.fitting import Fitting, fitting_of
from linker.training.frequencies import TermFrequencies, term_frequencies
from linker.training.interpolate import (
    Interpolated,
    interpolate,
    interpolation_notes,
    seen_levels,
)
from linker.training.prior import combine_priors, prior_by_rules
from linker.training.read_columns import columns_of, identifiers_of
from linker.training.sessions import (
    household_floor,
    run_sessions,
    session_notes,
    times_estimated,
)
from linker.training.smooth import (
    THIN,
    U_PSEUDO_COUNT,
    SessionEstimate,
    estimated_m,
    smooth,
)
from linker.training.usable import (
    fill_shares,
    without_agreement,
    without_data,
    without_difference,
)
from linker.training.witnesses import (
    DECISIONS,
    Witness,
    of_decisions,
    of_identifier,
    witness_notes,
)


@dataclass(frozen=True)
class Estimate:
    """A trained model, its term frequencies, and how they came about.

    Attributes:
        model: The model.
        term_frequencies: By column; see `LinkageModel`.
        splink_settings: The model as Splink's settings.
        notes: What people should know of it, a sentence each.
        sessions: The EM sessions that taught something, in order.
        estimated: By comparison, how many sessions estimated it.
        disagreements: Levels whose weights depend on the session.
        interpolated: Levels that were never seen.
        witnesses: What pairs known to match say of m.
        em: By comparison, m as the sessions alone say it.
        smoothing: By name, the pseudo-counts, bounds and limits that were used.
    """

    model: LinkageModel
    term_frequencies: dict[str, pl.DataFrame]
    splink_settings: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    sessions: tuple[SessionEstimate, ...] = ()
    estimated: dict[str, int] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    interpolated: tuple[Interpolated, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    em: dict[str, list[float]] = field(default_factory=dict)
    smoothing: dict[str, float] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """Return how the model came about as JSON values, for ``training.json``."""
        witnesses = {witness.name: witness.summary() for witness in self.witnesses}
        decisions = witnesses.pop(DECISIONS, None)
        return {
            "sessions": [session.summary() for session in self.sessions],
            "estimated": self.estimated,
            "disagreements": [one.summary() for one in self.disagreements],
            "interpolated": [one.summary() for one in self.interpolated],
            "smoothing": self.smoothing,
            "witnesses": {"em": self.em, "decisions": decisions, "strong_identifiers": witnesses},
            "notes": self.notes,
        }


@dataclass(frozen=True)
class _Evidence:
    """What the records say, before it is smoothed: u by level, the sessions, the witnesses."""

    by_rules: float
    u: dict[str, list[float | None]]
    sessions: list[SessionEstimate]
    floor: float | None
    witnesses: tuple[Witness, ...]
    limits: Limits
    notes: list[str]


def estimate(
    mentions: pl.DataFrame,
    settings: EntitySettings,
    entity_type: EntityType,
    version: str,
    say: Callable[[str], None],
    labels: pl.DataFrame | None = None,
) -> Estimate:
    """Fit a model of one entity type.

    Args:
        mentions: Those to train on (schema `MENTIONS[entity_type]`), numbered from 0 in order.
        settings: Comparisons and training settings.
        entity_type: Whose mentions they are.
        version: The name the model will have.
        say: Receives a line about each step.
        labels: Pairs that people decided: ``mention_l`` and ``mention_r``, numbers of `mentions`,
            and ``is_match``.

    Raises:
        TrainingError: Too few records, or no comparison has data or tells records apart.
        ConfigError: A strong identifier is no column.
    """
    training = settings.training
    if mentions.height < training.min_records:
        raise TrainingError(
            f"{entity_type}: {mentions.height:,} records are too few to train on "
            f"(training.min_records = {training.min_records:,}); link with the shipped model"
        )
    identifiers = identifiers_of(mentions, training, entity_type)
    fills = fill_shares(mentions, settings.comparisons, entity_type)
    left_out = without_data(fills, mentions.height)
    kept = [one for one in settings.comparisons if one.name not in left_out]
    if not kept:
        raise TrainingError(f"{entity_type}: no comparison has data; map more fields")
    for note in left_out.values():
        say(note)
    comparisons = [untrained(comparison, entity_type) for comparison in kept]
    frequencies = _frequencies(mentions, comparisons, training)
    say(f"term frequencies: of {len(frequencies.tables)} columns")
    terms = Terms(frequencies.tables, frequencies.floors)
    with (
        closing(connect()) as connection,
        record_functions(connection, comparisons, entity_type, mentions, terms),
    ):
        columns = columns_of(kept, comparisons, training, entity_type) | set(identifiers)
        load(connection, "mentions", mentions.select("mention", *sorted(columns)))
        fitting = fitting_of(connection, comparisons, kept, training, mentions.height, say)
        evidence = _evidence(fitting, labels, identifiers)
    sessions, witnesses = evidence.sessions, evidence.witnesses
    seen = seen_levels(comparisons, evidence.u, sessions, witnesses)
    alike = without_difference(comparisons, seen)
    kept = [one for one in kept if one.name not in alike]
    comparisons = [one for one in comparisons if one.name not in alike]
    if not kept:
        raise TrainingError(
            f"{entity_type}: no comparison tells records apart, for every pair of them meets the "
            "same level; map more fields"
        )
    smoothed, notes = smooth(
        comparisons, kept, evidence.u, fills, sessions, training, evidence.by_rules, witnesses
    )
    trained, interpolated = interpolate(smoothed, seen)
    prior = combine_priors(evidence.by_rules, sessions, trained, fills, mentions.height)
    say(
        f"prior: one pair in {1 / prior:,.0f} is expected to match "
        f"(by rules alone one in {1 / evidence.by_rules:,.0f})"
    )
    apart = disagreements(trained, kept, sessions, fills)
    told = [
        *evidence.notes,
        *alike.values(),
        *without_agreement(comparisons, seen),
        *notes,
        *disagreement_notes(apart),
        *interpolation_notes(interpolated),
        *witness_notes(witnesses, training.label_pairs),
    ]
    for note in told:
        say(note)
    model = LinkageModel(
        entity_type=entity_type,
        version=version,
        prior=prior,
        identity_floor=evidence.floor,
        comparisons=tuple(trained),
        comparisons_left_out=(*left_out, *alike),
        term_frequency_floors=frequencies.floors,
        term_frequency_words=frequencies.words,
        term_frequency_groups=frequencies.groups,
        term_frequency_alone=frequencies.alone,
        training={
            "records": mentions.height,
            "prior_by_rules": evidence.by_rules,
            "seed": training.seed,
            "sessions": [session.summary() for session in sessions],
        },
    )
    return Estimate(
        model=model,
        term_frequencies=frequencies.tables,
        splink_settings=splink_settings(model.comparisons, model.prior).create_settings_dict(
            "duckdb"
        ),
        notes=[*left_out.values(), *told],
        sessions=tuple(sessions),
        estimated=times_estimated(comparisons, sessions),
        disagreements=tuple(apart),
        interpolated=tuple(interpolated),
        witnesses=witnesses,
        em=estimated_m(comparisons, sessions),
        smoothing=_smoothing(training, evidence.limits),
    )


def _frequencies(
    mentions: pl.DataFrame, comparisons: Sequence[TrainedComparison], training: TrainingSettings
) -> TermFrequencies:
    """Return the term frequencies that the levels of comparisons read."""
    levels = [(comparison.name, level) for comparison in comparisons for level in comparison.levels]
    adjusting = {level.term_frequency for _, level in levels if level.term_frequency}
    words = {c for name, level in levels for c in kind_of(level.level, name).word_columns}
    return term_frequencies(mentions, adjusting, training, words)


def _evidence(
    fitting: Fitting, labels: pl.DataFrame | None, identifiers: Sequence[str]
) -> _Evidence:
    by_rules = prior_by_rules(fitting)
    u = _estimate_u(fitting)
    sessions = run_sessions(fitting, u, by_rules)
    floor = household_floor(fitting)
    witnesses = [] if labels is None else [of_decisions(fitting, labels)]
    witnesses += [of_identifier(fitting, column) for column in identifiers]
    return _Evidence(
        by_rules,
        u,
        sessions,
        floor,
        tuple(witness for witness in witnesses if witness.pairs or witness.name == DECISIONS),
        limits_of(fitting),
        session_notes(fitting, sessions),
    )


def _estimate_u(fitting: Fitting) -> dict[str, list[float | None]]:
    """Return each comparison's u by level, missing level left out, None where never observed."""
    fitting.linker.training.estimate_u_using_random_sampling(
        max_pairs=fitting.training.u_max_pairs,
        seed=fitting.training.seed,
        min_count_per_level=None,
    )
    fitting.say(f"u: counted on up to {fitting.training.u_max_pairs:,.0f} random pairs")
    found = fitting.linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: [
            level.get("u_probability")
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        ]
        for comparison in found["comparisons"]
    }


def _smoothing(training: TrainingSettings, limits: Limits) -> dict[str, float]:
    return {
        "pseudo_pairs": training.pseudo_pairs,
        "u_pseudo_count": U_PSEUDO_COUNT,
        "thin_matches": THIN,
        "highest_weight": training.highest_weight,
        "em_change_limit": limits.change,
        "em_iteration_limit": limits.iterations,
    }

"""A `LinkageModel` or untrained comparisons as Splink settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import splink.comparison_library as cl
from splink import SettingsCreator

from linker.config import ComparisonSettings
from linker.model import LinkageModel, TrainedComparison, TrainedLevel
from linker.schemas import EntityType
from linker.scoring.levels import kind_of


def comparison_columns(comparison: ComparisonSettings, entity_type: EntityType) -> tuple[str, ...]:
    """Return the mention columns that a configured comparison reads, each once.

    Raises:
        ConfigError: A level's kind or parameters do not fit.
    """
    place = f"{entity_type}: comparison {comparison.name!r}"
    kinds = [kind_of(level, place) for level in comparison.levels]
    return tuple(dict.fromkeys(column for kind in kinds for column in kind.columns))


def model_columns(model: LinkageModel) -> tuple[str, ...]:
    """Return the mention columns that a model reads, each once, sorted."""
    columns = set(model.term_frequency_columns)
    for comparison in model.comparisons:
        for level in comparison.levels:
            columns.update(kind_of(level.level, comparison.name).columns)
    return tuple(sorted(columns))


def untrained(comparison: ComparisonSettings, entity_type: EntityType) -> TrainedComparison:
    """Return a configured comparison without parameters."""
    place = f"{entity_type}: comparison {comparison.name!r}"
    return TrainedComparison(
        name=comparison.name,
        role=comparison.role,
        levels=tuple(
            TrainedLevel(
                level=level.model_copy(update={"m": None, "term_frequency": None}),
                label=kind_of(level, place).label,
                term_frequency=level.term_frequency,
            )
            for level in comparison.levels
        ),
    )


def biometric_levels(comparisons: Sequence[TrainedComparison]) -> list[TrainedLevel]:
    """Return the best level of each biometric comparison: what makes a pair confirmed."""
    return [
        next(level for level in comparison.levels if not level.is_missing)
        for comparison in comparisons
        if comparison.role == "biometric"
    ]


def biometric_columns(comparisons: Sequence[TrainedComparison]) -> tuple[str, ...]:
    """Return the columns that the biometric levels read."""
    return tuple(
        column
        for level in biometric_levels(comparisons)
        for column in kind_of(level.level, level.label).columns
    )


def splink_settings(
    comparisons: Sequence[TrainedComparison],
    prior: float,
    *,
    parts: bool = False,
    vectors: bool = False,
) -> SettingsCreator:
    """Return Splink settings over a table ``mentions`` whose unique id is ``mention``.

    Args:
        comparisons: Trained or not; what is trained is handed over as m and u.
        prior: The probability that two random records match.
        parts: Whether predictions carry each comparison's weight.
        vectors: Whether they carry each comparison's level, and the compared values.
    """
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="mention",
        comparisons=[_comparison(comparison) for comparison in comparisons],
        probability_two_random_records_match=prior,
        additional_columns_to_retain=list(biometric_columns(comparisons)) if parts else [],
        retain_matching_columns=vectors,
        retain_intermediate_calculation_columns=parts,
        em_convergence=0.0005,
        max_iterations=50,
    )


def _comparison(comparison: TrainedComparison) -> Any:  # noqa: ANN401 - Splink's creator
    return cl.CustomComparison(
        output_column_name=comparison.name,
        comparison_levels=[_level(level, comparison.name) for level in comparison.levels],
    )


def _level(level: TrainedLevel, comparison: str) -> Any:  # noqa: ANN401 - Splink's creator
    creator = kind_of(level.level, comparison).creator()
    creator.configure(label_for_charts=level.label)
    if level.is_missing:
        return creator
    if level.m is not None and level.u is not None:
        creator.configure(m_probability=level.m, u_probability=level.u)
    if level.term_frequency:
        # the level's own u, so that the adjustment does not depend on the other levels
        creator.configure(
            tf_adjustment_column=level.term_frequency,
            tf_adjustment_weight=1.0,
            disable_tf_exact_match_detection=True,
        )
    return creator

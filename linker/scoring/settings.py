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
                level=level.model_copy(
                    update={"m": None, "term_frequency": None, "relatives": None}
                ),
                label=kind_of(level, place).label,
                term_frequency=level.term_frequency,
                relatives=level.relatives,
            )
            for level in comparison.levels
        ),
    )


def splink_settings(
    comparisons: Sequence[TrainedComparison],
    prior: float,
    *,
    parts: bool = False,
    by_record: bool = False,
) -> SettingsCreator:
    """Return Splink settings over a table ``mentions`` whose unique id is ``mention``.

    Args:
        comparisons: Trained or not; what is trained is handed over as m and u.
        prior: The probability that two random records match.
        parts: Whether predictions carry each comparison's weight.
        by_record: Whether dear levels are functions of two packed mentions; see
            `linker.scoring.duckdb_functions.record_functions`.
    """
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="mention",
        comparisons=[_comparison(comparison, by_record) for comparison in comparisons],
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=parts,
        em_convergence=0.0005,
        max_iterations=50,
    )


def _comparison(comparison: TrainedComparison, by_record: bool) -> Any:  # noqa: ANN401 - Splink's creator
    return cl.CustomComparison(
        output_column_name=comparison.name,
        comparison_levels=[_level(level, comparison, by_record) for level in comparison.levels],
    )


def equality(comparison: TrainedComparison, level: TrainedLevel) -> TrainedLevel | None:
    """Return the level of equal values of the column whose term frequencies adjust a level.

    None where the level does not liken values, or the comparison has no such level.
    """
    if not level.term_frequency or not kind_of(level.level, comparison.name).likens:
        return None
    wanted = {"column": level.term_frequency}
    return next(
        (
            other
            for other in comparison.levels
            if other.level.kind == "exact" and other.level.parameters == wanted
        ),
        None,
    )


def _level(level: TrainedLevel, comparison: TrainedComparison, by_record: bool) -> Any:  # noqa: ANN401 - Splink's creator
    kind = kind_of(level.level, comparison.name)
    kind = kind.in_training if by_record else kind
    creator = kind.by_record() if by_record and kind.dear_in_sql else kind.creator()
    creator.configure(label_for_charts=level.label)
    if level.is_missing:
        return creator
    if level.m is not None and level.u is not None:
        creator.configure(m_probability=level.m, u_probability=level.u)
    if level.term_frequency:
        # the level's own u, so that the adjustment does not depend on the other levels, but for
        # what likens values
        creator.configure(
            tf_adjustment_column=level.term_frequency,
            tf_adjustment_weight=1.0,
            disable_tf_exact_match_detection=equality(comparison, level) is None,
        )
    return creator

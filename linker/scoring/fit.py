"""Whether comparisons fit the columns of mentions, found out without a single record."""

from __future__ import annotations

from collections.abc import Sequence

from linker.config import ComparisonSettings
from linker.errors import ConfigError, ModelError, nearest
from linker.model import LinkageModel
from linker.schemas import MENTIONS, EntityType
from linker.scoring.features.layout import form_of
from linker.scoring.levels import Kind, kind_of
from linker.scoring.settings import model_columns


def refuse_bad_comparisons(
    comparisons: Sequence[ComparisonSettings], entity_type: EntityType
) -> None:
    """Check the levels of every configured comparison.

    Raises:
        ConfigError: A level's kind or a parameter is unknown or out of range, or it reads a
            column that mentions lack or that is of a type it cannot compare.
    """
    kinds = [
        (f"{entity_type}: comparison {comparison.name!r}", level.kind, kind)
        for comparison in comparisons
        for level in comparison.levels
        for kind in [kind_of(level, f"{entity_type}: comparison {comparison.name!r}")]
    ]
    schema = MENTIONS[entity_type]
    for place, name, kind in kinds:
        for column in kind.columns:
            if column not in schema:
                hint = nearest(column, schema)
                raise ConfigError(f"{place}: level {name!r}: unknown column {column!r}{hint}")
        if not fits(kind, entity_type):
            raise ConfigError(f"{place}: level {name!r} cannot compare what its columns hold")


def refuse_missing_columns(model: LinkageModel) -> None:
    """Refuse a model that reads a column which no mention has, or not of the type it needs.

    Raises:
        ModelError: Names the column or the comparison.
        ConfigError: A level's kind or parameters are unknown.
    """
    place = f"model {model.entity_type}/{model.version}"
    for column in model_columns(model):
        if column not in MENTIONS[model.entity_type]:
            raise ModelError(
                f"{place} reads the column {column!r}, "
                "which mentions of this version do not have; retrain it"
            )
    for comparison in model.comparisons:
        for level in comparison.levels:
            kind = kind_of(level.level, place)
            for column in kind.word_columns:
                if column not in model.term_frequency_floors:
                    raise ModelError(
                        f"{place}: comparison {comparison.name!r}: no term frequencies of "
                        f"{column!r}; retrain it"
                    )
            if not fits(kind, model.entity_type):
                raise ModelError(
                    f"{place}: comparison {comparison.name!r}: level {level.level.kind!r} cannot "
                    "compare what its columns hold; retrain it"
                )


def fits(kind: Kind, entity_type: EntityType) -> bool:
    """Return whether mentions hold in each column of a kind what it can compare.

    Args:
        kind: Its columns are all columns of mentions.
        entity_type: Whose mentions.
    """
    schema = MENTIONS[entity_type]
    return all(form_of(schema[column]) in forms for column, forms in kind.takes.items())

"""Whether comparisons fit the columns of mentions, found out without a single record."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import duckdb
import polars as pl

from linker.config import ComparisonSettings
from linker.database import connect
from linker.errors import ConfigError, ModelError, nearest
from linker.model import LinkageModel
from linker.schemas import MENTIONS, EntityType
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
    unfit = _first_unfit([kind for _, _, kind in kinds], entity_type)
    if unfit is not None:
        place, name, _ = kinds[unfit]
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
    levels = [(comp.name, level.level) for comp in model.comparisons for level in comp.levels]
    unfit = _first_unfit([kind_of(level, place) for _, level in levels], model.entity_type)
    if unfit is not None:
        name, level = levels[unfit]
        raise ModelError(
            f"{place}: comparison {name!r}: level {level.kind!r} cannot compare what its columns "
            "hold; retrain it"
        )


def _first_unfit(kinds: Sequence[Kind], entity_type: EntityType) -> int | None:
    """Return the index of the first kind whose condition cannot be put to mentions, else None.

    DuckDB is asked to plan each condition over no rows: it alone knows which types each of its
    functions takes.

    Args:
        kinds: Their columns are all columns of mentions.
        entity_type: Whose mentions.
    """
    sides = {
        f"{column}_{side}": dtype
        for column, dtype in MENTIONS[entity_type].items()
        for side in ("l", "r")
    }
    with closing(connect()) as connection:
        connection.register("pairs", pl.DataFrame(schema=sides).to_arrow())
        for place, kind in enumerate(kinds):
            if not kind.columns:  # "else" has no condition
                continue
            try:
                connection.execute(f"EXPLAIN SELECT {kind.condition()} FROM pairs").fetchall()
            except duckdb.Error:
                return place
    return None

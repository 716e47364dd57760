"""What the steps of an estimate share: the records in DuckDB, and Splink's linker over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator

from linker.config import ComparisonSettings, TrainingSettings
from linker.database import count
from linker.model import TrainedComparison
from linker.scoring.levels import kind_of
from linker.scoring.settings import splink_settings

UNKNOWN_PRIOR: Final = 1e-4
"""What Splink begins with; its sessions find their own."""


@dataclass
class Fitting:
    """What the steps of an estimate share.

    Attributes:
        connection: Holds the table ``mentions``, and the functions that the levels call.
        linker: Splink's, over that table; replaced where a session has broken it.
        comparisons: Untrained.
        configured: The same comparisons as configured.
        training: The configuration's settings.
        records: How many mentions there are.
        say: Receives a line about each step.
    """

    connection: duckdb.DuckDBPyConnection
    linker: Linker
    comparisons: Sequence[TrainedComparison]
    configured: Sequence[ComparisonSettings]
    training: TrainingSettings
    records: int
    say: Callable[[str], None]

    @property
    def all_pairs(self) -> float:
        """How many pairs of records there are."""
        return self.records * (self.records - 1) / 2

    def pairs_of(self, columns: Sequence[str]) -> int:
        """Count the pairs of records that agree on every one of the columns."""
        needed = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        return count(
            self.connection,
            "SELECT sum(n * (n - 1) // 2)::BIGINT FROM (SELECT count(*) AS n FROM mentions "
            f"WHERE {needed} GROUP BY {', '.join(columns)})",
        )


def fitting_of(
    connection: duckdb.DuckDBPyConnection,
    comparisons: Sequence[TrainedComparison],
    configured: Sequence[ComparisonSettings],
    training: TrainingSettings,
    records: int,
    say: Callable[[str], None],
) -> Fitting:
    """Return the fitting of comparisons over the table ``mentions`` of a connection."""
    linker = linker_of(connection, untrained_settings(comparisons))
    return Fitting(connection, linker, comparisons, configured, training, records, say)


def linker_of(
    connection: duckdb.DuckDBPyConnection, settings: SettingsCreator | dict[str, Any]
) -> Linker:
    """Return Splink's linker over the table ``mentions``."""
    mentions = DuckDBAPI(connection).register("mentions", table_name="training_mentions")
    return Linker(mentions, settings, log_level=None)


def untrained_settings(comparisons: Sequence[TrainedComparison]) -> SettingsCreator:
    """Return Splink's settings of comparisons without term frequencies: EM does without them."""
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
    return splink_settings(plain, prior=UNKNOWN_PRIOR, by_record=True)


def left_open(comparisons: Sequence[TrainedComparison], columns: Sequence[str]) -> set[str]:
    """Return the comparisons that read none of the columns a session holds equal."""
    return {
        comparison.name for comparison in comparisons if not set(columns) & columns_read(comparison)
    }


def columns_read(comparison: TrainedComparison) -> set[str]:
    """Return the columns of mentions that a comparison reads."""
    return {
        column
        for level in comparison.levels
        for column in kind_of(level.level, comparison.name).columns
    }

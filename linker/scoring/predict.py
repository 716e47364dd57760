"""Scoring by Splink's own `predict` over candidate pairs of our own making."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from linker.database import count
from linker.model import LinkageModel, ModelInUse
from linker.scoring.levels import kind_of
from linker.scoring.settings import (
    biometric_columns,
    biometric_levels,
    splink_settings,
)

CHUNK_PAIRS: Final = 4_000_000
"""Candidate pairs scored in one go; it bounds memory."""


def load_mentions(
    connection: duckdb.DuckDBPyConnection, mentions: pl.DataFrame, columns: Iterable[str]
) -> None:
    """Fill the table ``mentions`` with `columns` of a mention frame, and ``mention``."""
    wanted = list(dict.fromkeys(["mention", *columns]))
    connection.register("incoming_mentions", mentions.select(wanted).to_arrow())
    connection.execute("CREATE OR REPLACE TABLE mentions AS SELECT * FROM incoming_mentions")
    connection.unregister("incoming_mentions")


def write_scored_pairs(
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    least_weight: float,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Score ``candidate_pairs`` and fill ``scored_pairs`` (schema `SCORED_PAIRS`).

    Args:
        connection: Holds the tables ``mentions`` and ``candidate_pairs``.
        in_use: The model.
        least_weight: Pairs of a lower match weight, in bits, are dropped, unless a biometric
            identifier is equal.
        progress: Called with the number of candidate pairs scored so far.

    Returns:
        The number of pairs kept.
    """
    connection.execute(
        "CREATE OR REPLACE TABLE scored_pairs (mention_l BIGINT, mention_r BIGINT, "
        "rule UTINYINT, match_weight DOUBLE, match_probability DOUBLE, "
        "identity_weight DOUBLE, confirmed BOOLEAN)"
    )
    linker = splink_linker(connection, in_use)
    total = count(connection, "SELECT count(*) FROM candidate_pairs")
    connection.execute(
        "CREATE OR REPLACE TABLE numbered_pairs AS "
        "SELECT *, row_number() OVER (ORDER BY mention_l, mention_r) - 1 AS number "
        "FROM candidate_pairs"
        if total > CHUNK_PAIRS
        else "CREATE OR REPLACE TABLE numbered_pairs AS SELECT *, 0 AS number FROM candidate_pairs"
    )
    for start in range(0, total, CHUNK_PAIRS):
        chunk = f"number >= {start} AND number < {start + CHUNK_PAIRS}"
        _score(
            connection,
            linker,
            in_use.model,
            f"SELECT * FROM numbered_pairs WHERE {chunk}",
            least_weight,
        )
        if progress:
            progress(min(start + CHUNK_PAIRS, total))
    confirmed = _confirmed_pairs(in_use.model)
    if confirmed:
        _score(connection, linker, in_use.model, confirmed, None)
    connection.execute("DROP TABLE numbered_pairs")
    return count(connection, "SELECT count(*) FROM scored_pairs")


def splink_linker(
    connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, *, vectors: bool = False
) -> Linker:
    """Return a Splink linker over the table ``mentions`` with the model's term frequencies.

    A value that the model has not seen takes the floor of its column, so that a pair's weight
    depends on the two records and the model alone.

    Args:
        connection: Holds the table ``mentions``.
        in_use: The model.
        vectors: Whether predictions carry each comparison's level.
    """
    model = in_use.model
    # one interface a model: interfaces share term-frequency tables by column name
    api = DuckDBAPI(connection)
    linker = Linker(
        api.register("mentions", table_name="splink_mentions"),
        splink_settings(model.comparisons, model.prior, parts=True, vectors=vectors),
        log_level=None,
    )
    for column in model.adjusting_columns:
        write_term_frequencies(connection, in_use, column)
        linker.table_management.register_term_frequency_lookup(
            api.register(f"tf_of_{column}", table_name=f"splink_tf_{column}"), column
        )
    return linker


def write_term_frequencies(
    connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, column: str
) -> None:
    """Fill ``tf_of_<column>`` (the column, ``tf_<column>``) for the values of ``mentions``.

    A value that the model does not know takes its column's floor. One made of words is at least as
    frequent as its words would be together by chance, the product of their frequencies.
    """
    model = in_use.model
    connection.register("known", in_use.term_frequencies[column].to_arrow())
    known = (
        f"SELECT v.{column}, coalesce(k.tf, $floor) AS tf FROM "
        f"(SELECT DISTINCT {column} FROM mentions WHERE {column} IS NOT NULL) v "
        f"LEFT JOIN known k USING ({column})"
    )
    values = {"floor": model.term_frequency_floors[column]}
    words = model.term_frequency_words.get(column)
    if words is None:
        query = f"SELECT {column}, tf AS tf_{column} FROM ({known})"
    else:
        connection.register("known_words", in_use.term_frequencies[words].to_arrow())
        values["word_floor"] = model.term_frequency_floors[words]
        # equal values have equal words, so any record of a value serves
        query = (
            f"SELECT {column}, greatest(max(f.tf), exp(sum(ln(coalesce(w.tf, $word_floor)) "
            f"ORDER BY word))) AS tf_{column} FROM ({known}) f JOIN "
            f"(SELECT {column}, unnest(any_value({words})) AS word FROM mentions "
            f"WHERE {column} IS NOT NULL GROUP BY {column}) USING ({column}) "
            f"LEFT JOIN known_words w ON w.{words} = word GROUP BY {column}"
        )
    connection.execute(f"CREATE OR REPLACE TABLE tf_of_{column} AS {query}", values)
    connection.unregister("known")
    if words is not None:
        connection.unregister("known_words")


def _score(
    connection: duckdb.DuckDBPyConnection,
    linker: Linker,
    model: LinkageModel,
    pairs: str,
    least_weight: float | None,
) -> None:
    """Score the pairs of a query and add those that reach a weight to ``scored_pairs``."""
    connection.execute(
        "CREATE OR REPLACE TABLE pairs_to_score AS SELECT mention_l AS join_key_l, "
        f"mention_r AS join_key_r, CAST(rule AS VARCHAR) AS match_key FROM ({pairs})"
    )
    registered = linker.table_management.register_table(
        "pairs_to_score", "splink_pairs_to_score", overwrite=True
    )
    linker.table_management.register_blocked_pairs_for_predict(registered)
    scored = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    connection.execute(
        "INSERT INTO scored_pairs SELECT mention_l, mention_r, match_key::UTINYINT, match_weight, "
        f"match_probability, {identity_weight_sql(model)}, {confirmed_sql(model)} "
        f"FROM {scored.physical_name}"
    )
    scored.drop_table_from_database_and_remove_from_cache()
    connection.execute("DROP TABLE pairs_to_score")


def _confirmed_pairs(model: LinkageModel) -> str | None:
    """Return a query of the confirmed candidate pairs that did not reach the least weight."""
    columns = biometric_columns(model.comparisons)
    if not columns:
        return None
    known = " OR ".join(f"{column} IS NOT NULL" for column in columns)
    left, right = (
        f"(SELECT mention AS mention_{side}, "
        f"{', '.join(f'{column} AS {column}_{side}' for column in columns)} "
        f"FROM mentions WHERE {known})"
        for side in ("l", "r")
    )
    return (
        f"SELECT mention_l, mention_r, rule FROM candidate_pairs JOIN {left} USING (mention_l) "
        f"JOIN {right} USING (mention_r) ANTI JOIN scored_pairs USING (mention_l, mention_r) "
        f"WHERE {confirmed_sql(model)}"
    )


def part_sql(model: LinkageModel, name: str) -> str:
    """Return SQL of the weight of one comparison, term-frequency part included."""
    levels = model.comparison(name).levels
    adjusted = any(level.term_frequency for level in levels)
    return f"mw_{name} + mw_tf_adj_{name}" if adjusted else f"mw_{name}"


def identity_weight_sql(model: LinkageModel) -> str:
    """Return SQL of the sum of the weights of the comparisons that say who someone is."""
    parts = [
        part_sql(model, comparison.name)
        for comparison in model.comparisons
        if comparison.role in {"identity", "biometric"}
    ]
    return " + ".join(parts) or "0.0"


def confirmed_sql(model: LinkageModel) -> str:
    """Return SQL that is true where a biometric identifier is equal."""
    conditions = [
        f"coalesce({kind_of(level.level, level.label).condition()}, false)"
        for level in biometric_levels(model.comparisons)
    ]
    return " OR ".join(conditions) or "false"

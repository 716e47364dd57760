"""Splink as the oracle: the same models and pairs, scored by Splink's own SQL.

Nothing here goes through the kernel, but for those tests of levels that Splink has no level for.
Term frequencies are worked out in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, block_on

from linker.blocking.combined import COMBINED
from linker.blocking.keys import key_columns
from linker.config import BlockingRule
from linker.database import connect, frame, load
from linker.model import ModelInUse
from linker.schemas import MENTIONS, EntityType
from linker.scoring.duckdb_functions import level_functions
from linker.scoring.features.term_logs import terms_of
from linker.scoring.settings import model_columns, splink_settings

TRANSFORMS = {
    "initial": "left({}, 1)",
    "year": "year({})",
    "month_day": "month({0}) * 100 + day({0})",
}
"""Transforms of key parts in SQL; ``prefixN`` is the other one."""


@contextmanager
def splink_linker(
    mentions: pl.DataFrame,
    in_use: ModelInUse,
    rules: Sequence[BlockingRule] = (),
    *,
    parts: bool = False,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Linker]]:
    """Give a Splink linker over mentions with a model, and the connection it works on.

    Args:
        mentions: The mentions, with the columns that the model and the rules read.
        in_use: The model.
        rules: Blocking rules for Splink's own blocking; they are never capped.
        parts: Whether predictions carry each comparison's weight.
    """
    model = in_use.model
    columns = {*model_columns(model), *key_columns(rules, model.entity_type)}
    with (
        closing(connect()) as connection,
        level_functions(connection, model.comparisons, model.entity_type, terms_of(in_use)),
    ):
        load(connection, "mentions", mentions.select("mention", *sorted(columns)))
        settings = splink_settings(model.comparisons, model.prior, parts=parts)
        settings.blocking_rules_to_generate_predictions = [
            splink_rule(rule, model.entity_type) for rule in rules
        ]
        api = DuckDBAPI(connection)
        linker = Linker(api.register("mentions", table_name="people"), settings, log_level=None)
        for column in model.adjusting_columns:
            write_term_frequencies(connection, in_use, column)
            registered = api.register(f"tf_of_{column}", table_name=f"splink_tf_{column}")
            linker.table_management.register_term_frequency_lookup(registered, column)
        yield connection, linker


def splink_rule(rule: BlockingRule, entity_type: EntityType) -> Any:  # noqa: ANN401 - Splink's creator
    """Return a blocking rule as Splink's own.

    A part made of several columns is looked for in a column of the part's name.
    """
    schema = MENTIONS[entity_type]
    combined = COMBINED[entity_type]
    columns = [part.partition(":")[0] for part in rule.key]
    lists = [name for name in columns if name in combined or isinstance(schema[name], pl.List)]
    return block_on(*(_sql(part) for part in rule.key), arrays_to_explode=lists or None)


def _sql(part: str) -> str:
    column, _, transform = part.partition(":")
    if transform.startswith("prefix"):
        return f"left({column}, {transform.removeprefix('prefix')})"
    return TRANSFORMS[transform].format(column) if transform else column


def splink_scores(
    connection: duckdb.DuckDBPyConnection,
    linker: Linker,
    pairs: pl.DataFrame,
    least: float | None,
) -> pl.DataFrame:
    """Return Splink's weights of candidate pairs, sorted by mentions.

    Args:
        connection: What `splink_linker` gave.
        linker: The linker.
        pairs: Columns mention_l and mention_r.
        least: The least match weight to keep, in bits; all are kept if None.
    """
    load(
        connection,
        "pairs_to_score",
        pairs.select(
            pl.col("mention_l").alias("join_key_l"),
            pl.col("mention_r").alias("join_key_r"),
            pl.lit("0").alias("match_key"),
        ),
    )
    registered = linker.table_management.register_table(
        "pairs_to_score", "splink_pairs_to_score", overwrite=True
    )
    linker.table_management.register_blocked_pairs_for_predict(registered)
    scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    return frame(connection, f"SELECT * FROM {scored.physical_name} ORDER BY mention_l, mention_r")


def write_term_frequencies(
    connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, column: str
) -> None:
    """Fill ``tf_of_<column>`` (the column, ``tf_<column>``) for the values of ``mentions``.

    A value that the model does not know takes its column's floor. One made of words is at least as
    frequent as its words are together: the product of their frequencies, times how much more often
    than by chance words that keep company stand together; one word, as often as it stands alone.
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
        connection.register("known_words", _known_words(in_use, words).to_arrow())
        connection.register("word_groups", _word_groups(in_use, words).to_arrow())
        values["word_floor"] = model.term_frequency_floors[words]
        values["alone"] = model.term_frequency_alone.get(words, 1.0)
        # equal values have equal words, so any record of a value serves
        query = f"""
            WITH made AS (
                SELECT v.{column} AS value, w.tf, w.groups FROM (
                    SELECT {column}, unnest(any_value({words})) AS word FROM mentions
                    WHERE {column} IS NOT NULL GROUP BY {column}
                ) v LEFT JOIN known_words w ON w.{words} = word
            ), alone AS (
                SELECT value, sum(ln(coalesce(tf, $word_floor)))
                        + CASE WHEN count(*) = 1 THEN ln($alone) ELSE 0 END AS log,
                    count(*) FILTER (groups IS NULL) AS unknown
                FROM made GROUP BY value
            ), chances AS (
                SELECT value, number, share, share * product(groups[number]) AS chance,
                    sum(chance) OVER (PARTITION BY value) AS whole
                FROM made, word_groups WHERE groups IS NOT NULL GROUP BY value, number, share
            ), company AS (
                SELECT value, ln(sum(chance * (chance / whole / share) ** unknown)) AS log
                FROM chances JOIN alone USING (value) GROUP BY value
            )
            SELECT f.{column}, greatest(f.tf, exp(a.log + coalesce(c.log, 0))) AS tf_{column}
            FROM ({known}) f JOIN alone a ON a.value = f.{column}
            LEFT JOIN company c ON c.value = f.{column}
        """
    connection.execute(f"CREATE OR REPLACE TABLE tf_of_{column} AS {query}", values)
    connection.unregister("known")
    if words is not None:
        connection.unregister("known_words")
        connection.unregister("word_groups")


def _known_words(in_use: ModelInUse, words: str) -> pl.DataFrame:
    """Return the model's words, all with the column ``groups``."""
    found = in_use.term_frequencies[words]
    if "groups" in found.columns:
        return found.with_columns(pl.col("groups").cast(pl.List(pl.Float64)))
    return found.with_columns(groups=pl.lit(None, dtype=pl.List(pl.Float64)))


def _word_groups(in_use: ModelInUse, words: str) -> pl.DataFrame:
    """Return the number of each group of words that keep company, from 1, and its ``share``."""
    shares = in_use.model.term_frequency_groups.get(words, ())
    numbers = pl.Series("number", range(1, len(shares) + 1), dtype=pl.Int64())
    return pl.DataFrame({"number": numbers, "share": pl.Series(shares, dtype=pl.Float64())})

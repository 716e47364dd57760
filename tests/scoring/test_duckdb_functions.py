"""Levels as DuckDB functions: of values for any table, of packed mentions for training."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import closing
from typing import Any

import duckdb
import polars as pl
import pytest

from linker.config import EntitySettings
from linker.config.load import default_settings
from linker.database import connect, load
from linker.model import TrainedComparison
from linker.schemas import ENTITY_TYPES, MENTIONS, EntityType
from linker.scoring.duckdb_functions import functions_needed, level_functions, record_functions
from linker.scoring.features.term_logs import Terms
from linker.scoring.levels import kind_of
from linker.scoring.settings import untrained

TEXTS = ["juan", "juana", "j", "cruz", "cruz lopez", "lopez", "123456789", "123456798", None, None]
DATES = [dt.date(1980, 5, 4), dt.date(1980, 4, 5), dt.date(1990, 5, 4), dt.date(1981, 5, 4), None]


def mentions(entity_type: EntityType, count: int) -> pl.DataFrame:
    """Mentions that often agree, or nearly."""
    draw = random.Random(7)
    values: dict[pl.DataType, Any] = {
        pl.String(): lambda: draw.choice(TEXTS),
        pl.List(pl.String()): lambda: draw.choice(
            [None, [], ["cruz"], ["cruz", "lopez"], ["lopez"], ["a@b.mx"], ["a@c.mx", "juan"]]
        ),
        pl.Date(): lambda: draw.choice(DATES),
        pl.Int32(): lambda: draw.choice([1980, 1981, 1990, None]),
        pl.Int64(): lambda: 0,
    }
    schema = dict(MENTIONS[entity_type])
    rows = {name: [values[dtype]() for _ in range(count)] for name, dtype in schema.items()}
    return pl.DataFrame(rows, schema=schema).with_columns(
        mention=pl.int_range(pl.len(), dtype=pl.Int64)
    )


def comparisons_of(entity_type: EntityType) -> list[TrainedComparison]:
    settings = EntitySettings.model_validate(default_settings(entity_type))
    return [untrained(comparison, entity_type) for comparison in settings.comparisons]


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_functions_of_mentions_mean_what_splinks_conditions_mean(entity_type: EntityType) -> None:
    """Every dear level that ships is met by the same pairs in training as in plain Splink."""
    comparisons = comparisons_of(entity_type)
    every = [kind_of(lv.level, c.name) for c in comparisons for lv in c.levels]
    dear = list({kind.function: kind for kind in every if kind.dear_in_sql}.values())
    assert dear
    people = mentions(entity_type, 60)
    columns = sorted({column for kind in dear for column in kind.columns})
    sides = ", ".join(f"l.{c} AS {c}_l, r.{c} AS {c}_r" for c in ["mention", *columns])
    words = [column for kind in dear for column in kind.word_columns]
    known = {c: pl.DataFrame({c: ["cruz", "lopez"], "tf": [0.3, 0.01]}) for c in words}
    terms = Terms(known, dict.fromkeys(words, 0.001))
    met = 0
    with (
        closing(connect()) as connection,
        level_functions(connection, comparisons, entity_type, terms),
        record_functions(connection, comparisons, entity_type, people, terms),
    ):
        load(connection, "mentions", people.select("mention", *columns))
        connection.execute(
            f"CREATE TABLE pairs AS SELECT {sides} FROM mentions l JOIN mentions r "
            "ON l.mention < r.mention"
        )
        for kind in dear:
            by_record = str(kind.by_record().create_level_dict("duckdb")["sql_condition"])
            met_by, differing = connection.execute(
                f"SELECT count(*) FILTER ({by_record}), count(*) FILTER "
                f"(coalesce({kind.condition()}, false) <> coalesce({by_record}, false)) FROM pairs"
            ).fetchall()[0]
            assert differing == 0, kind.function
            met += met_by
    assert met > 100


def test_functions_are_gone_afterwards() -> None:
    """A connection keeps no function that holds on to mentions."""
    comparisons = comparisons_of("person")
    with closing(connect()) as connection:
        with level_functions(connection, comparisons, "person"):
            name = functions_needed(comparisons)[0].function
        with pytest.raises(duckdb.CatalogException):
            connection.execute(f"SELECT {name}(NULL, NULL)").fetchall()


def test_no_mentions_are_no_error() -> None:
    """Functions of no mentions, and of comparisons that need none, can be given."""
    with (
        closing(connect()) as connection,
        record_functions(connection, [], "person", mentions("person", 0)),
    ):
        assert connection.execute("SELECT 1").fetchall() == [(1,)]

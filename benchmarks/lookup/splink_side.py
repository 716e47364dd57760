"""Splink's side: `predict_between` one record and all others, with the same model, data and keys.

The keys are those that a question is searched by, read from the generation's own index before any
clock starts, so that Splink joins on whole numbers; and its data are the generation's mentions. One
record is asked for after the other, each by its own values: first with the rules of which a mention
has one key alone, which is what Splink does best, then with all. To find a key in a list Splink
unnests the lists of all mentions for every question.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
from splink import DuckDBAPI, Linker, block_on

from benchmarks.batch.job import Clock, peak_gb, say
from benchmarks.batch.plain_sql import in_plain_sql
from benchmarks.batch.splink_side import MEMORY
from benchmarks.increment.prepare import ENTITY, KEY
from benchmarks.oracle import write_term_frequencies
from linker.blocking.index import open_keys, rule_name
from linker.compiled import thread_count
from linker.config import BlockingRule, Config
from linker.database import connect
from linker.deconfliction.demotion import without_demoted
from linker.model import ModelInUse, read_model, weight_of
from linker.scoring.duckdb_functions import level_functions
from linker.scoring.features.term_logs import terms_of
from linker.scoring.settings import model_columns, splink_settings
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store
from linker.store.warehouse import Warehouse

EVERY_RULE: Final = 2
"""For so many mentions Splink is asked with all rules."""
ASKED: Final = 1 << 40
"""Added to the number of a mention that is asked for, which is there as well."""


def prepare_splink(config: Config, directory: str) -> dict[str, Any]:
    """Write the mentions of people, with their keys, as Splink reads them.

    Args:
        config: Names the store.
        directory: Where ``mentions.parquet`` goes.

    Returns:
        ``mentions``: the file; ``rules``: by rule, whether a mention may have several keys;
        ``least``: the least match weight of a hit, in bits.
    """
    clock = Clock("prepare Splink")
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    held = generation.warehouse(ENTITY)
    in_use = read_model(generation.model_directory(ENTITY), ENTITY)
    with clock.stage("mentions"):
        columns = sorted({*model_columns(in_use.model), "mention"})
        frame = without_demoted(held.read(columns), generation.read(f"demoted_{ENTITY}"))
        frame = frame.with_columns(mention=pl.Series(held.live))
    with clock.stage("keys"):
        keys = [_keys(rule, held) for rule in _rules(generation)]
    path = Path(directory) / "mentions.parquet"
    with clock.stage("write"):
        frame.with_columns(keys).write_parquet(path, compression="lz4")
    thresholds = in_use.model.thresholds(config.settings_of(ENTITY))
    return {
        "mentions": str(path),
        "rules": {column.name.removeprefix(KEY): column.dtype == pl.List for column in keys},
        "least": weight_of(thresholds.review),
    }


def splink(
    config: Config, mentions: str, rules: Mapping[str, bool], least: float, asked: list[int]
) -> dict[str, Any]:
    """Ask for some mentions, and return what each question took.

    Tables are loaded and term frequencies registered before the clock starts.

    Args:
        config: Names the store, and so the model.
        mentions: The file that `prepare_splink` wrote.
        rules: By rule, whether a mention may have several keys.
        least: The least match weight of a hit, in bits.
        asked: The numbers of the mentions.

    Returns:
        ``seconds``: of each question, with rules of single keys; ``every_rule_seconds``: of the
        first `EVERY_RULE` of them, with all rules; ``peak_gb``.
    """
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    in_use = _model(generation)
    loading = Clock("splink")
    lists = [KEY + name for name, several in rules.items() if several]
    with (
        tempfile.TemporaryDirectory(dir=Path(mentions).parent) as spill,
        closing(connect(Path(spill))) as connection,
        level_functions(connection, in_use.model.comparisons, ENTITY, terms_of(in_use)),
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {thread_count(0)}")
        with loading.stage("load"):
            connection.execute(
                "CREATE TABLE mentions AS SELECT * FROM read_parquet($mentions)",
                {"mentions": mentions},
            )
            for column in in_use.model.adjusting_columns:
                write_term_frequencies(connection, in_use, column)
            connection.execute(
                f"CREATE VIEW single AS SELECT * EXCLUDE ({', '.join(lists)}) FROM mentions"
            )
        single = {name: several for name, several in rules.items() if not several}
        seconds = _asked(connection, in_use, "single", single, least, asked)
        every = _asked(connection, in_use, "mentions", rules, least, asked[:EVERY_RULE])
        memory = peak_gb()
    return {"seconds": seconds, "every_rule_seconds": every, "peak_gb": memory}


def _asked(
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    table: str,
    rules: Mapping[str, bool],
    least: float,
    asked: list[int],
) -> list[float]:
    """Ask for some mentions of a table, and return the seconds of each."""
    api = DuckDBAPI(connection)
    existing = api.register(table, table_name=f"people_{table}")
    linker = _linker(api, existing, in_use, rules)
    seconds = []
    for number in asked:
        name = f"asked_{table}_{number}"
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * REPLACE (mention + {ASKED} AS mention) "
            f"FROM {table} WHERE mention = {number}"
        )
        one = api.register(name, table_name=f"people_{name}")
        began = time.perf_counter()
        found = linker.inference.predict_between(
            existing, one, threshold_match_weight=least, warning_mode="never"
        )
        seconds.append(time.perf_counter() - began)
        say(f"splink, {len(rules)} rules: one record {seconds[-1]:.2f} s")
        found.drop_table_from_database_and_remove_from_cache()
    return seconds


def _model(generation: Generation) -> ModelInUse:
    in_use = read_model(generation.model_directory(ENTITY), ENTITY)
    expected = generation.manifest.get("expected_records", {}).get(ENTITY)
    return in_use.for_records(expected) if expected else in_use


def _rules(generation: Generation) -> list[BlockingRule]:
    return [
        BlockingRule(name=rule["name"], key=rule["key"])
        for rule in generation.manifest["rules"][ENTITY]
    ]


def _keys(rule: BlockingRule, held: Warehouse) -> pl.Series:
    """Return the keys of every living mention under a rule: a number, or a list where several."""
    parts = [open_keys(segment.keys, rule_name(rule)) for segment in held.segments]
    mentions = np.concatenate([np.asarray(part.mentions) for part in parts])
    keys = np.concatenate([np.asarray(part.keys) for part in parts])
    living = ~held.dead[mentions]
    name = KEY + rule.name
    found = pl.DataFrame({"mention": mentions[living], name: keys[living]})
    several = found["mention"].n_unique() < found.height
    if several:
        found = found.group_by("mention").agg(name)
    every = pl.DataFrame({"mention": held.live.astype(np.int32)})
    return every.join(found, on="mention", how="left", maintain_order="left")[name]


def _linker(api: DuckDBAPI, existing: Any, in_use: ModelInUse, rules: Mapping[str, bool]) -> Linker:  # noqa: ANN401 - Splink's
    """Return Splink's linker of the model, with some rules."""
    model = in_use.model
    settings = splink_settings(model.comparisons, model.prior)
    # rules of single keys first: Splink passes over what these found
    settings.blocking_rules_to_generate_predictions = [
        block_on(KEY + name, arrays_to_explode=[KEY + name] if several else None)
        for name, several in sorted(rules.items(), key=lambda rule: rule[1])
    ]
    linker = Linker(existing, in_plain_sql(settings, model.comparisons), log_level=None)
    for column in model.adjusting_columns:
        registered = api.register(f"tf_of_{column}", table_name=f"splink_tf_{column}")
        linker.table_management.register_term_frequency_lookup(registered, column)
    return linker

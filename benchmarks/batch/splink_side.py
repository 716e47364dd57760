"""Splink's side: its own blocking and scoring, with the settings that serve it best."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from benchmarks.batch.job import Clock, Job, peak_gb
from benchmarks.batch.plain_sql import in_plain_sql
from benchmarks.oracle import splink_rule, write_term_frequencies
from linker.blocking.combined import COMBINED
from linker.blocking.keys import key_columns
from linker.database import connect, count, load
from linker.model import ModelInUse, read_model
from linker.scoring.duckdb_functions import level_functions
from linker.scoring.features.term_logs import terms_of
from linker.scoring.settings import model_columns, splink_settings

MEMORY = "14GB"
"""DuckDB may use so much before it spills."""


def run(job: Job) -> dict[str, Any]:
    """Do the job, and return counts, seconds and the memory it took.

    The table of mentions is loaded before the clock starts. Columns of inputs and of intermediate
    results are not retained, the threshold is set, nothing is drawn while it works.
    """
    in_use = read_model(Path(job.model), "person")
    clock = Clock("splink")
    with (
        tempfile.TemporaryDirectory(dir=Path(job.out).parent) as spill,
        closing(connect(Path(spill))) as connection,
        level_functions(connection, in_use.model.comparisons, "person", terms_of(in_use)),
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {job.threads}")
        load(connection, "mentions", _mentions(job, in_use))
        with clock.stage("prepare"):
            linker = _linker(connection, in_use, job)
        with clock.stage("block"):
            blocked = linker.inference.compute_blocked_pairs_for_predict()
        with clock.stage("score"):
            scored = linker.inference.predict(
                threshold_match_weight=job.least, warning_mode="never"
            )
        memory = peak_gb()
        pairs = count(connection, f"SELECT count(*) FROM {blocked.physical_name}")
        kept = count(connection, f"SELECT count(*) FROM {scored.physical_name}")
        connection.execute(
            f"COPY (SELECT mention_l, mention_r, match_weight FROM {scored.physical_name}) "
            f"TO '{job.out}' (FORMAT parquet, COMPRESSION lz4)"
        )
    return {
        "pairs": pairs,
        "kept": kept,
        "seconds": sum(clock.stages.values()),
        "cpu_seconds": clock.cpu,
        "stages": clock.stages,
        "peak_gb": memory,
    }


def _mentions(job: Job, in_use: ModelInUse) -> pl.DataFrame:
    """Return what the model and the rules read, lists made of several columns among it."""
    combined = {part for key in job.rules.values() for part in key if part in COMBINED["person"]}
    wanted = {"mention", *model_columns(in_use.model), *key_columns(job.blocking, "person")}
    mentions = pl.read_parquet(job.mentions, columns=sorted(wanted))
    return mentions.with_columns(
        COMBINED["person"][part][0].alias(part) for part in sorted(combined)
    )


def _linker(connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, job: Job) -> Linker:
    """Return a Splink linker of the model, its term frequencies registered."""
    model = in_use.model
    settings = splink_settings(model.comparisons, model.prior)
    settings.blocking_rules_to_generate_predictions = [
        splink_rule(rule, "person") for rule in job.blocking
    ]
    api = DuckDBAPI(connection)
    people = api.register("mentions", table_name="people")
    linker = Linker(people, in_plain_sql(settings, model.comparisons), log_level=None)
    for column in model.adjusting_columns:
        write_term_frequencies(connection, in_use, column)
        registered = api.register(f"tf_of_{column}", table_name=f"splink_tf_{column}")
        linker.table_management.register_term_frequency_lookup(registered, column)
    return linker

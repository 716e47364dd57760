"""Splink's side of an increment: `predict_between` old and new records, `predict_within` the new.

``python -m benchmarks.increment.splink_side prepare|splink JOB ANSWER`` does one of the two jobs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, block_on

from benchmarks.batch.job import Clock, peak_gb
from benchmarks.batch.plain_sql import in_plain_sql
from benchmarks.batch.splink_side import MEMORY
from benchmarks.increment.prepare import ENTITY, KEY, prepare
from benchmarks.oracle import write_term_frequencies
from linker.compiled import thread_count
from linker.config import load_config
from linker.database import connect, count
from linker.errors import LinkerError
from linker.jobs.models import model_in_use
from linker.model import ModelInUse
from linker.scoring.duckdb_functions import level_functions
from linker.scoring.features.term_logs import terms_of
from linker.scoring.settings import splink_settings


def splink(
    config: str, mentions: str, rules: dict[str, bool], least: float, out: str
) -> dict[str, Any]:
    """Score the delta, and return counts, seconds and the memory it took.

    Tables are loaded and term frequencies registered before the clock starts.

    Args:
        config: The configuration's file; it names the model.
        mentions: The file that `prepare` wrote.
        rules: By rule, whether a mention may have several keys.
        least: The least match weight to keep, in bits.
        out: The Parquet file of kept pairs.
    """
    in_use, _ = model_in_use(load_config(Path(config)), ENTITY)
    loading, clock = Clock("splink"), Clock("splink")
    with (
        tempfile.TemporaryDirectory(dir=Path(out).parent) as spill,
        closing(connect(Path(spill))) as connection,
        level_functions(connection, in_use.model.comparisons, ENTITY, terms_of(in_use)),
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {thread_count(0)}")
        with loading.stage("load"):
            linker, existing, arriving = _loaded(connection, in_use, mentions, rules)
        asked: dict[str, Any] = {"threshold_match_weight": least, "warning_mode": "never"}
        with clock.stage("predict_between"):
            between = linker.inference.predict_between(existing, arriving, **asked)
        with clock.stage("predict_within"):
            within = linker.inference.predict_within(arriving, **asked)
        memory = peak_gb()
        kept = " UNION ALL ".join(
            "SELECT least(mention_l, mention_r) AS mention_l, "
            f"greatest(mention_l, mention_r) AS mention_r, match_weight FROM {it.physical_name}"
            for it in (between, within)
        )
        pairs = count(connection, f"SELECT count(*) FROM ({kept})")
        connection.execute(f"COPY ({kept}) TO '{out}' (FORMAT parquet, COMPRESSION lz4)")
    return {
        "kept": pairs,
        "seconds": sum(clock.stages.values()),
        "cpu_seconds": clock.cpu,
        "stages": clock.stages,
        "peak_gb": memory,
    }


def _loaded(
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    mentions: str,
    rules: dict[str, bool],
) -> tuple[Linker, Any, Any]:
    """Return a Splink linker of the model, and the records that were there and that arrive."""
    for table, condition in (("there", "NOT arrived"), ("arriving", "arrived")):
        connection.execute(
            f"CREATE TABLE {table} AS SELECT * EXCLUDE (arrived, source, record_id) "
            f"FROM read_parquet($mentions) WHERE {condition}",
            {"mentions": mentions},
        )
    connection.execute(
        "CREATE VIEW mentions AS SELECT * FROM there UNION ALL SELECT * FROM arriving"
    )
    model = in_use.model
    settings = splink_settings(model.comparisons, model.prior)
    # rules of single keys first: Splink passes over what these found
    settings.blocking_rules_to_generate_predictions = [
        block_on(KEY + name, arrays_to_explode=[KEY + name] if several else None)
        for name, several in sorted(rules.items(), key=lambda rule: rule[1])
    ]
    api = DuckDBAPI(connection)
    existing, arriving = (api.register(name, table_name=f"people_{name}") for name in TABLES)
    linker = Linker(existing, in_plain_sql(settings, model.comparisons), log_level=None)
    for column in model.adjusting_columns:
        write_term_frequencies(connection, in_use, column)
        registered = api.register(f"tf_of_{column}", table_name=f"splink_tf_{column}")
        linker.table_management.register_term_frequency_lookup(registered, column)
    return linker, existing, arriving


TABLES = ("there", "arriving")


def main() -> int:
    """Do a job and return the exit code."""
    side, asked, answer = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    job = json.loads(asked.read_text(encoding="utf-8"))
    try:
        found = prepare(**job) if side == "prepare" else splink(**job)
    except LinkerError as error:
        print(f"error: {side}: {error}", file=sys.stderr)
        return 2
    answer.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

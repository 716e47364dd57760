"""What Splink gets: the mentions after the delta, with the keys that make candidate pairs.

The keys are made by our own rules, caps and refinements included, before any clock starts: Splink
joins on whole numbers that it need not compute. So both sides have the same candidate pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.batch.job import Clock
from linker.blocking.keys import hash_part, key_columns, key_parts
from linker.blocking.pairs import find_runs
from linker.blocking.runs import Runs
from linker.compiled import thread_count
from linker.config import BlockingRule, EntitySettings, load_config
from linker.deconfliction.demotion import WithoutDemoted, demoted_values, demotion_columns
from linker.intake.mentions import take_in
from linker.jobs.models import model_in_use
from linker.model import weight_of
from linker.progress import Progress
from linker.scoring.settings import model_columns

ENTITY: Final = "person"
"""The entity type that is compared."""
KEY: Final = "key_"
"""What the names of columns of keys begin with; the rule's name follows."""


def prepare(config: str, arrived: Mapping[str, list[str]], directory: str) -> dict[str, Any]:
    """Write the mentions of people after a delta.

    Args:
        config: The configuration's file; the files of the delta are in place.
        arrived: By source, the files of the delta and the column of record ids.
        directory: Where ``mentions.parquet`` goes: mention, source, record_id, arrived, what the
            model reads, and a column of keys a rule.

    Returns:
        ``mentions``: the file; ``rules``: by rule, whether a mention may have several keys;
        ``least``: the least match weight that is kept, in bits.
    """
    out, clock = Path(directory), Clock("prepare")
    settings = load_config(Path(config))
    own = settings.settings_of(ENTITY)
    in_use, _ = model_in_use(settings, ENTITY)
    compared = {*model_columns(in_use.model), *key_columns(own.blocking, ENTITY)}
    wanted = {"mention", "source", "record_id", *compared, *demotion_columns(ENTITY)}
    with clock.stage("standardise"):
        taken = take_in(settings, [ENTITY], Progress(), {ENTITY: wanted}, building=out)
    table = taken.mentions[ENTITY]
    mentions = WithoutDemoted(table, demoted_values(ENTITY, table, own.shared_value_limit))
    with clock.stage("keys"):
        runs = _runs(mentions, own)
        numbers = np.searchsorted(runs.rules, np.arange(len(own.blocking) + 1))
        keys = [
            _keys_of(rule, runs, (int(numbers[at]), int(numbers[at + 1])), table.height)
            for at, rule in enumerate(own.blocking)
        ]
    with clock.stage("write"):
        read = sorted({*model_columns(in_use.model), "mention", "source", "record_id"})
        new = _arrived(arrived).with_columns(arrived=pl.lit(value=True))
        frame = (
            mentions.read(read)
            .with_columns(keys)
            .join(new, on=["source", "record_id"], how="left", maintain_order="left")
            .with_columns(pl.col("arrived").fill_null(value=False))
        )
        path = out / "mentions.parquet"
        frame.write_parquet(path, compression="lz4")
    several = {column.name.removeprefix(KEY): column.dtype == pl.List for column in keys}
    return {
        "mentions": str(path),
        "rules": several,
        "least": weight_of(own.review_threshold),
        "arrived": int(frame["arrived"].sum()),
    }


def _runs(mentions: WithoutDemoted, settings: EntitySettings) -> Runs:
    """Return the runs of mentions that share a key in use."""
    threads = thread_count(0)
    parts = key_parts(settings.blocking, ENTITY)
    with ThreadPoolExecutor(threads) as pool:
        found = pool.map(lambda part: hash_part(part, mentions.read(part.columns)), parts)
        hashed = {part.name: one for part, one in zip(parts, found, strict=True)}
    cap = settings.max_records_per_key
    return find_runs(settings.blocking, ENTITY, hashed, mentions.height, cap, threads)[0]


def _keys_of(rule: BlockingRule, runs: Runs, own: tuple[int, int], mentions: int) -> pl.Series:
    """Return the keys of every mention under a rule: a number, or a list where one has several."""
    first, end = own
    starts = runs.starts[first : end + 1]
    key = np.repeat(np.arange(first, end, dtype=np.int32), np.diff(starts))
    held = pl.DataFrame(
        {"mention": runs.members[int(starts[0]) : int(starts[-1])], KEY + rule.name: key}
    )
    several = held["mention"].n_unique() < held.height
    if several:
        held = held.group_by("mention").agg(KEY + rule.name)
    every = pl.DataFrame({"mention": np.arange(mentions, dtype=np.int32)})
    return every.join(held, on="mention", how="left", maintain_order="left")[KEY + rule.name]


def _arrived(files: Mapping[str, list[str]]) -> pl.DataFrame:
    """Return source and record_id of the records that came new or changed."""
    return pl.concat(
        pl.read_parquet(path, columns=[record_id, "deleted"])
        .filter(pl.col("deleted").is_null())
        .select(source=pl.lit(source), record_id=record_id)
        for source, (path, record_id) in files.items()
    )

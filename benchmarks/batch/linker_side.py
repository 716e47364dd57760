"""Our side: encode, key, block, score, sort, each timed; then threads and comparisons by itself."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.batch.designs import NO_CAP
from benchmarks.batch.job import Clock, Job, peak_gb, say
from benchmarks.batch.power import power_table
from linker.blocking.keys import hash_part, key_columns, key_parts
from linker.blocking.pairs import find_runs
from linker.blocking.runs import Runs, runs_by_record
from linker.config import BlockingRule
from linker.model import read_model
from linker.scoring.pairs import PairStream, score_runs
from linker.scoring.scorer import PackedMentions, Scorer, scorer_of

STAGES = ("encode", "key", "block", "score", "sort")
FEW = 1_000
"""Mentions of the trial run, which compiles what is compiled at its first call."""
ROUNDS = 2
"""How often each number of threads is timed, in turn."""


def run(job: Job) -> dict[str, Any]:
    """Do the job, and return counts, seconds and the memory it took."""
    in_use = read_model(Path(job.model), "person")
    compiling, blocking, clock = Clock("linker"), Clock("linker"), Clock("linker")
    with compiling.stage("compile"):
        scorer = scorer_of(in_use)
    wanted = {*scorer.layout.columns, *key_columns(job.blocking, "person")}
    mentions = pl.read_parquet(job.mentions, columns=sorted(wanted))
    with compiling.stage("few mentions"):
        _score_few(mentions.head(FEW), scorer, job)
    with clock.stage("encode"):
        packed = scorer.pack(mentions.select(scorer.layout.columns), job.threads)
    with clock.stage("key"):
        runs = _keyed(mentions, job.blocking, job.threads)
    with blocking.stage("block"):
        runs_by_record(runs, mentions.height)
    with tempfile.TemporaryDirectory(dir=Path(job.out).parent) as spill:
        stream = PairStream(Path(spill))
        with clock.stage("score"):
            scored = score_runs(packed, runs, job.least, job.threads, stream.take)
        # scoring lists the runs of each record itself; what that takes is told apart
        clock.stages["score"] -= blocking.stages["block"]
        with clock.stage("sort"):
            pairs = stream.sorted()
    took = clock.stages | blocking.stages
    memory = peak_gb()
    pairs.select("mention_l", "mention_r", "match_weight").write_parquet(job.out, compression="lz4")
    found: dict[str, Any] = {
        "records": mentions.height,
        "pairs": int(scored.candidates.sum()),
        "kept": scored.kept,
        "seconds": sum(took.values()),
        "cpu_seconds": clock.cpu,
        "compile_seconds": sum(compiling.stages.values()),
        "stages": {stage: took[stage] for stage in STAGES},
        "peak_gb": memory,
    }
    if job.studied:
        del pairs
        found["threads"] = _threads(mentions, packed, job)
        found["comparisons"] = power_table(packed, runs, job.least)
    return found


def _score_few(mentions: pl.DataFrame, scorer: Scorer, job: Job) -> None:
    """Score few mentions, so that every function is compiled."""
    few = _keyed(mentions, job.blocking, job.threads)
    packed = scorer.pack(mentions.select(scorer.layout.columns), job.threads)
    score_runs(packed, few, job.least, job.threads, _drop)


def _keyed(mentions: pl.DataFrame, rules: Sequence[BlockingRule], threads: int) -> Runs:
    parts = key_parts(rules, "person")
    with ThreadPoolExecutor(threads) as pool:
        hashes = pool.map(lambda part: hash_part(part, mentions), parts)
        hashed = {part.name: found for part, found in zip(parts, hashes, strict=True)}
    return find_runs(rules, "person", hashed, mentions.height, NO_CAP, threads)[0]


def _threads(
    mentions: pl.DataFrame, packed: PackedMentions, job: Job
) -> dict[str, dict[str, float]]:
    """Return the seconds of keys and scores by number of threads, the better of two rounds."""
    best: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        for threads in (1, 2):
            began = time.perf_counter()
            runs = _keyed(mentions, job.blocking, threads)
            keyed = time.perf_counter()
            score_runs(packed, runs, job.least, threads, _drop)
            took = {"key": keyed - began, "score": time.perf_counter() - keyed}
            say(f"linker: {threads} threads: key {took['key']:.1f} s, score {took['score']:.1f} s")
            seen = best.setdefault(str(threads), took)
            best[str(threads)] = {name: min(seen[name], took[name]) for name in took}
    return best


def _drop(frame: pl.DataFrame) -> None:
    """Take kept pairs and do nothing with them."""

"""One size measured: the base, the delta, a night without news, Splink, and a run from scratch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.batch.job import GIGABYTE, run_side, say
from benchmarks.commands import PROJECT, CommandError
from benchmarks.commands import run as run_command
from benchmarks.increment.agree import delta_agreement, same_state
from benchmarks.increment.prepare import ENTITY
from benchmarks.population.delta import FOLDER
from benchmarks.population.source_files import SOURCES

STEP: Final = ("take in", "keys", "encode", "scores")
"""The stages of a run that do what Splink's two calls do, and more: what is taken in is written."""
SIDE: Final = "benchmarks.increment.splink_side"
FEW: Final = 1_000
"""Mentions of the trial run, after which kernels are compiled."""


@dataclass(frozen=True)
class Took:
    """A command that was run: its report, its seconds and the most memory it used, in GB."""

    report: dict[str, Any]
    seconds: float
    peak_gb: float

    @property
    def stages(self) -> dict[str, float]:
        """The seconds of each stage."""
        return {row["stage"]: row["seconds"] for row in self.report.get("stages", [])}


def measure(
    records: int, delta: int, work: Path, *, splink: bool, scratch: bool, seed: int = 1
) -> dict[str, Any]:
    """Measure one size.

    Args:
        records: How many mentions the base has.
        delta: How many records change.
        work: A directory for files.
        splink: Whether Splink's side is measured too.
        scratch: Whether the state after the increment is held against a run from scratch.
        seed: Of the population.

    Raises:
        CommandError: A side failed.
    """
    config = _population(records, delta, work / "population", seed)
    _compile_kernels(work / "trial")
    full = _link(config, "full run")
    files = _arrive(config.parent)
    increment = _link(config, "increment")
    unchanged = _link(config, "nothing new")
    step = sum(increment.stages.get(f"{ENTITY}: {stage}", 0.0) for stage in STEP)
    found: dict[str, Any] = {
        "records": records,
        "delta": delta,
        "increment_seconds": round(increment.seconds, 2),
        "full_seconds": round(full.seconds, 2),
        "unchanged_seconds": round(unchanged.seconds, 2),
        "splink_seconds": None,
        "step_seconds": round(step, 3),
        "ratio_to_splink": None,
        "ratio_to_full": round(full.seconds / increment.seconds, 2),
        "increment_peak_gb": round(increment.peak_gb, 3),
        "full_peak_gb": round(full.peak_gb, 3),
        "published": [run.report.get("generation") for run in (full, increment, unchanged)],
        "stages": {"increment": increment.stages, "full": full.stages},
    }
    if splink or scratch:
        _export(config, ("pairs", "entities") if scratch else ("pairs",))
    if splink:
        found |= _splink(config, files, step)
    if scratch:
        found["from_scratch"] = _from_scratch(config)
    return found


def _population(records: int, delta: int, out: Path, seed: int) -> Path:
    """Write a population with its delta, and return the configuration."""
    config = out / "linker.toml"
    words = ["--records", records, "--delta", delta, "--seed", seed, "--format", "parquet"]
    say(f"generating {records:,} records")
    _run_apart(["benchmarks.population", *words, "--out", out, "--config-out", config])
    return config


def _compile_kernels(work: Path) -> None:
    """Link a few records, and an increment, so that no run that counts compiles what it needs."""
    config = _population(FEW, FEW // 20, work, 7)
    _link(config, "trial")
    _arrive(config.parent)
    _link(config, "trial of an increment")
    shutil.rmtree(work)


def _link(config: Path, name: str) -> Took:
    """Link in a process of its own."""
    began = time.perf_counter()
    text, peak = _run_apart(["linker.cli", "link", "--config", config, "--json"])
    seconds = time.perf_counter() - began
    say(f"{name}: {seconds:.1f} s")
    lines = text.strip().splitlines()
    return Took(json.loads(text) if lines else {}, seconds, peak)


def _run_apart(words: list[object]) -> tuple[str, float]:
    """Run a module in a process of its own; return what it printed and the memory it took, in GB.

    Raises:
        CommandError: It failed.
    """
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, "-m", *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        text = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandError(f"{words[0]}: ended with {process.returncode}; see above")
    return text, used.ru_maxrss / GIGABYTE


def _arrive(directory: Path) -> dict[str, list[str]]:
    """Let the delta's files arrive; return file and column of record ids of each source."""
    files = {}
    for source in SOURCES:
        name = f"{source.name}_delta.parquet"
        aside = directory / FOLDER / name
        if aside.exists():
            aside.rename(directory / name)
            if source.entity == ENTITY:
                files[source.name] = [str(directory / name), source.record_id]
    return files


def _export(config: Path, tables: tuple[str, ...]) -> None:
    for table in tables:
        out = str(config.parent / f"{table}.parquet")
        run_command("export", "--config", str(config), "--table", table, "--out", out)


def _splink(config: Path, files: Mapping[str, list[str]], step: float) -> dict[str, Any]:
    """Have Splink do the same step, and compare the pairs."""
    work = config.parent
    asked: dict[str, Any] = {"config": str(config), "arrived": files, "directory": str(work)}
    prepared = run_side("prepare", asked, work, SIDE)
    out = work / "splink.parquet"
    job = {name: prepared[name] for name in ("mentions", "rules", "least")}
    took = run_side("splink", {"config": str(config), **job, "out": str(out)}, work, SIDE)
    mentions, least = Path(prepared["mentions"]), prepared["least"]
    agreement = delta_agreement(work / "pairs.parquet", out, mentions, least)
    mentions.unlink()
    return {
        "splink_seconds": round(took["seconds"], 2),
        "splink_stages": {name: round(value, 2) for name, value in took["stages"].items()},
        "splink_peak_gb": round(took["peak_gb"], 3),
        "ratio_to_splink": round(took["seconds"] / step, 2) if step else None,
        "kept": took["kept"],
        "pair_sets_equal": agreement.sets_equal,
        "only_linker": agreement.only_linker,
        "only_splink": agreement.only_splink,
        "max_weight_difference": agreement.largest_difference,
    }


def _from_scratch(config: Path) -> dict[str, Any]:
    """Link all that has arrived into a new store, and compare pairs and entities."""
    fresh = config.parent / "fresh"
    fresh.mkdir()
    store = json.dumps(str(config.parent / "store"))
    text = config.read_text(encoding="utf-8").replace(store, json.dumps(str(fresh / "store")))
    path = fresh / config.name
    path.write_text(text, encoding="utf-8")
    took = _link(path, "from scratch")
    _export(path, ("pairs", "entities"))
    same = same_state(config.parent, fresh)
    shutil.rmtree(fresh)
    return {
        "seconds": round(took.seconds, 2),
        "pair_sets_equal": same.pairs.sets_equal,
        "max_weight_difference": same.pairs.largest_difference,
        "records_apart": same.records_apart,
    }

"""A file of targets asked by the command, and some of them one by one: seconds, memory, answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.batch.job import GIGABYTE, say
from benchmarks.bulk.draw import Drawn, draw, write_targets
from benchmarks.commands import PROJECT, CommandError
from benchmarks.commands import run as run_command
from benchmarks.population import Plan, config_text, generate
from linker.config import Config, load_config
from linker.deconfliction.disclose import REQUESTER
from linker.jobs.hit_rows import hit_table, rows_of
from linker.jobs.target_file import TargetFile, read_targets
from linker.lookup.desk import Desk, open_desk
from linker.lookup.question import Question
from linker.schemas import EntityType

FROM: Final = {"exact": "as a record has it", "messy": "mistyped", "absent": "not there"}
OUTCOMES: Final = ("HIT", "SHARED_IDENTIFIER", "NO_HIT", "NOT_ASKED")
TO_WARM_UP: Final = 20
LOOKING: Final = 0.05
"""Seconds between two looks at a command that runs."""


@dataclass(frozen=True)
class Wanted:
    """What is measured.

    Attributes:
        targets: How many.
        entity: What they are.
        sample: How many of them are asked for one by one.
        seed: Of all that is drawn.
    """

    targets: int
    entity: EntityType = "person"
    sample: int = 500
    seed: int = 1


def linked_population(records: int, seed: int, work: Path) -> Path:
    """Make a population, link it, and return the path of its configuration.

    Raises:
        CommandError: It could not be linked.
    """
    directory = work / "population"
    generate(Plan(records, seed, "parquet"), directory)
    path = directory / "linker.toml"
    text = config_text(str(directory), str(directory / "store"), "parquet", "both")
    path.write_text(text, encoding="utf-8")
    say(f"linking {records:,} records")
    run_command("link", "--config", str(path))
    return path


def measure(config_path: Path, wanted: Wanted, work: Path) -> dict[str, Any]:
    """Ask a store for targets drawn from its population.

    Args:
        config_path: The configuration; the store is only read.
        wanted: What is measured.
        work: A directory for files.

    Returns:
        ``records``, ``targets``; ``seconds`` of the whole command, ``inside_seconds`` as it says
        itself, ``targets_per_second`` of the former; ``peak_gb`` with the pages of the store that
        were read, and ``own_gb`` without; ``one_by_one_seconds`` for as many targets, from a
        sample; ``outcomes``; by kind ``found``: the share of targets whose entity is among the
        hits, and ``hit``: that have one; ``sample`` and ``sample_differs``: how many targets were
        asked alone, and how many of them had another answer.

    Raises:
        CommandError: The command failed, or the truth about the records is not there.
    """
    config = load_config(config_path)
    say(f"drawing {wanted.targets:,} targets")
    drawn = draw(config, wanted.entity, wanted.targets, wanted.seed, work)
    file, out = work / "targets.csv", work / "hits.parquet"
    write_targets(drawn, file)
    words = ["--config", str(config_path), "--file", str(file), "--out", str(out), "--json"]
    words += ["--organization"] if wanted.entity == "organization" else []
    say("asking for all of them")
    took = _timed(words)
    hits = pl.read_parquet(out)
    say(f"asking for {wanted.sample:,} of them one by one")
    each, differs, records = _one_by_one(config, wanted, file, hits)
    return {
        "records": records,
        "targets": len(drawn),
        "seconds": round(took.seconds, 2),
        "inside_seconds": took.said["seconds"],
        "targets_per_second": round(len(drawn) / took.seconds, 1),
        "one_by_one_seconds": round(each * len(drawn), 1),
        "peak_gb": round(took.peak_gb, 2),
        "own_gb": round(took.own_gb, 2),
        "outcomes": {name: took.said[name] for name in OUTCOMES},
        "kinds": {kind: _figures(kind, drawn, hits) for kind in FROM},
        "sample": min(wanted.sample, len(drawn)),
        "sample_differs": differs,
    }


@dataclass(frozen=True)
class _Took:
    """The command that was run: its seconds, and the most memory it used in GB.

    Attributes:
        peak_gb: With the pages of the store that it read, which the system shares and takes back.
        own_gb: Without these; 0 where the system does not tell.
        said: What it printed.
    """

    seconds: float
    peak_gb: float
    own_gb: float
    said: dict[str, Any]


def _timed(words: Sequence[str]) -> _Took:
    """Run the command.

    Raises:
        CommandError: It failed.
    """
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "linker.cli", "lookup", *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        own, ended = 0, 0
        while not ended:
            time.sleep(LOOKING)
            own = max(own, _own_memory(process.pid))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        printed = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise CommandError(f"linker lookup: exit code {process.returncode}; see above")
    return _Took(seconds, usage.ru_maxrss / GIGABYTE, own / GIGABYTE, json.loads(printed))


def _own_memory(process: int) -> int:
    """Return the memory of a process that is of no file, in kibibytes."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon:")), 0)


def _one_by_one(
    config: Config, wanted: Wanted, file: Path, hits: pl.DataFrame
) -> tuple[float, int, int]:
    """Return seconds a target, how many were answered otherwise, and how many records there are."""
    desk: Desk = open_desk(config)
    desk.warm()
    every = list(read_targets(TargetFile(file, wanted.entity)))
    step = max(len(every) // wanted.sample, 1)
    some = every[::step][: wanted.sample]
    for target in some[:TO_WARM_UP]:
        desk.answer(Question(wanted.entity, target.fields), REQUESTER)
    took, differs = 0.0, 0
    for target in some:
        question = Question(wanted.entity, target.fields)
        began = time.perf_counter()
        answer = desk.answer(question, REQUESTER).answer
        took += time.perf_counter() - began
        alone = hit_table(rows_of(target, answer))
        differs += not alone.equals(hits.filter(row=target.row))
    records = sum(desk.shelf(one).index.records for one in desk.generation.entity_types)
    return took / len(some), differs, records


def _figures(kind: str, drawn: Sequence[Drawn], hits: pl.DataFrame) -> dict[str, Any]:
    """Return of a kind of target how many there are, had a hit, and had their entity among them."""
    rows = hits.filter(outcome="HIT").select("row", "entity_id")
    entities: dict[int, set[str]] = {}
    for row, entity_id in rows.iter_rows():
        entities.setdefault(row, set()).add(entity_id)
    here = [(place, one) for place, one in enumerate(drawn, start=1) if one.kind == kind]
    count = max(len(here), 1)
    found = sum(not entities.get(place, set()).isdisjoint(one.found) for place, one in here)
    return {
        "targets": len(here),
        "hit": round(sum(place in entities for place, _ in here) / count, 4),
        "found": round(found / count, 4),
    }

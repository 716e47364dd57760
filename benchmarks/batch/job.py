"""What the processes of a run hand each other: a job to do, and what came of it, as JSON."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.commands import PROJECT, CommandError
from linker.config import BlockingRule

GIGABYTE = 1024 * 1024
"""In kibibytes, as the system counts memory."""
STANDARD_ERROR = 2
"""The number of its file."""


@dataclass(frozen=True)
class Job:
    """What one side of the comparison has to do.

    Attributes:
        mentions: The Parquet file of mentions.
        model: The directory of the model.
        rules: Name and key of each rule.
        threads: How many threads to use.
        least: The least match weight to keep, in bits.
        out: The Parquet file of kept pairs: mention_l, mention_r, match_weight.
        studied: Whether threads and comparisons are measured too (our side only).
    """

    mentions: str
    model: str
    rules: dict[str, list[str]]
    threads: int
    least: float
    out: str
    studied: bool = False

    @property
    def blocking(self) -> list[BlockingRule]:
        """The rules."""
        return [BlockingRule(name=name, key=key) for name, key in self.rules.items()]

    @classmethod
    def read(cls, path: Path) -> Job:
        """Read a job from its file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass
class Clock:
    """Seconds of named stages, told on standard error as they end.

    `cpu` is what the stages took of all processors together, which other work on the machine
    changes less.
    """

    name: str
    stages: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        began, begun = time.perf_counter(), time.process_time()
        yield
        self.stages[name] = time.perf_counter() - began
        self.cpu += time.process_time() - begun
        say(f"{self.name}: {name} {self.stages[name]:.1f} s")


def say(line: str) -> None:
    """Write a line of progress."""
    print(line, file=sys.stderr, flush=True)


def peak_gb() -> float:
    """Return the most memory that this process has used, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIGABYTE


def run_side(
    side: str, job: Job | dict[str, Any], directory: Path, module: str = "benchmarks.batch.side"
) -> dict[str, Any]:
    """Do a job in a process of its own, and return what came of it.

    Args:
        side: What does it: a word that the module takes.
        job: The job.
        directory: Where the files go by which both speak.
        module: Run by ``python -m``, with the word and both files.

    Raises:
        CommandError: It failed.
    """
    asked, answer = directory / f"{side}.job.json", directory / f"{side}.answer.json"
    answer.unlink(missing_ok=True)
    words = asdict(job) if isinstance(job, Job) else job
    asked.write_text(json.dumps(words), encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", module, side, str(asked), str(answer)],
        check=False,
        stdout=STANDARD_ERROR,  # what Splink prints is no part of the result
        env={**os.environ, "PYTHONPATH": path},
    )
    if done.returncode < 0:
        raise CommandError(
            f"{side}: ended by signal {-done.returncode}; if it ran out of memory, ask for fewer "
            "--records"
        )
    if done.returncode:
        raise CommandError(f"{side}: failed with exit code {done.returncode}; see above")
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found

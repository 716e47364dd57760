"""One store served and asked: by so many clients at a time, with the step of time and without."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.batch.job import say
from benchmarks.commands import PROJECT, CommandError
from benchmarks.lookup.prepare import prepare, read_posed
from benchmarks.service.client import Load
from benchmarks.service.server import Server, serving
from benchmarks.service.store import linked_twice, point_at, roomy, two_generations
from linker.access.tokens import Grant, make_token
from linker.audit import Who, open_audit
from linker.config import Config, load_config
from linker.config.service import ServiceSettings
from linker.schemas import ENTITY_TYPES

ASKERS: Final = 16
"""Tokens that clients share: one asker gets no more than half of a worker's places."""
STEPS: Final = (ServiceSettings().answer_milliseconds, 0)
"""Milliseconds: the default, and none."""
WARM_SECONDS: Final = 2.0
WHY: Final = {"purpose": "benchmark", "case_number": "benchmark"}
WHO: Final = Who("benchmark", "command")


@dataclass(frozen=True)
class Wanted:
    """What is measured.

    Attributes:
        records: How many records the population has.
        config: The configuration of a store that is linked already, to be taken instead.
        clients: How many ask at a time, in turn.
        seconds: Of each measurement.
        workers: Processes that answer.
        questions: How many are drawn.
        seed: Of the population and of the questions.
    """

    records: int = 300_000
    config: Path | None = None
    clients: tuple[int, ...] = (1, 8, 64)
    seconds: float = 10.0
    workers: int = 2
    questions: int = 2_000
    seed: int = 5


def measure(wanted: Wanted, work: Path) -> dict[str, Any]:
    """Serve a store and ask it.

    Args:
        wanted: What is measured.
        work: A directory for files.

    Returns:
        ``records``, ``workers``, ``rows``: the figures of each step and number of clients; of the
        default step the lists ``clients``, ``requests_per_second``, ``p99_ms`` and ``failed``, and
        the same lists without a step in ``at_once``.

    Raises:
        CommandError: A command failed.
        LinkerError: The store cannot be used.
    """
    path = wanted.config or linked_twice(wanted.records, wanted.seed, work)
    config = load_config(path)
    generations = two_generations(config)
    say("drawing questions")
    drawn = prepare(config, ENTITY_TYPES, wanted.questions, 0, wanted.seed, work)
    bodies = [
        json.dumps({"entity_type": one.entity, "fields": one.fields, **WHY})
        for one in read_posed(work)
    ]
    tokens = _tokens(config)
    rows: list[dict[str, Any]] = []
    for step in STEPS:
        with (
            roomy(path, step, wanted.workers) as served,
            serving(served, work / f"service-{step}.log", wanted.workers) as server,
        ):
            _load(server, Load(server.host, server.port, 8, WARM_SECONDS, tokens, bodies), work)
            for clients in wanted.clients:
                say(f"{clients} clients, answers at multiples of {step} ms")
                asked = Load(server.host, server.port, clients, wanted.seconds, tokens, bodies, 2)
                came = _published_meanwhile(server, asked, work, config, generations)
                rows.append({"answer_milliseconds": step, "clients": clients, **came})
        point_at_first(config, generations)
    return {
        "records": drawn["records"],
        "workers": wanted.workers,
        "questions": len(bodies),
        **_lists([row for row in rows if row["answer_milliseconds"] == STEPS[0]]),
        "at_once": _lists([row for row in rows if row["answer_milliseconds"] == STEPS[1]]),
        "rows": rows,
    }


def point_at_first(config: Config, generations: tuple[int, int]) -> None:
    """Leave published what was published before."""
    if two_generations(config)[0] != generations[0]:
        point_at(config, generations[0])


def _published_meanwhile(
    server: Server, asked: Load, work: Path, config: Config, generations: tuple[int, int]
) -> dict[str, Any]:
    """Ask, and half way through publish the generation that is not published.

    Half way is counted from the first answer, and the clients ask until both have answered: neither
    a slow start of theirs nor a slow opening of the server's leaves a measurement with one of them.
    """
    published, _ = two_generations(config)
    other = next(number for number in generations if number != published)
    used = server.processor_seconds()
    client = _started(asked, work)
    if client.stdout is not None:
        client.stdout.readline()
    time.sleep(asked.seconds / 2)
    point_at(config, other)
    came = _ended(client, work)
    milliseconds = np.array(came["milliseconds"] or [0.0])
    p50, p99 = np.percentile(milliseconds, [50, 99])
    return {
        "requests": len(came["milliseconds"]),
        "requests_per_second": round(len(came["milliseconds"]) / came["seconds"], 1),
        "p50_ms": round(float(p50), 2),
        "p99_ms": round(float(p99), 2),
        "max_ms": round(float(milliseconds.max()), 2),
        "failed": came["failed"],
        "generations": came["generations"],
        "client_busy": round(came["busy"], 3),
        "server_busy": round((server.processor_seconds() - used) / came["seconds"], 3),
    }


def _load(server: Server, asked: Load, work: Path) -> dict[str, Any]:
    if server.process.poll() is not None:
        raise CommandError("linker serve: ended by itself")
    return _ended(_started(asked, work), work)


def _started(asked: Load, work: Path) -> subprocess.Popen[bytes]:
    job, result = work / "load.json", work / "came.json"
    job.write_text(json.dumps(asdict(asked)), encoding="utf-8")
    result.unlink(missing_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.service.client", str(job), str(result)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
    )


def _ended(client: subprocess.Popen[bytes], work: Path) -> dict[str, Any]:
    with client:
        if client.wait() != 0:
            raise CommandError("the clients' process failed")
    found: dict[str, Any] = json.loads((work / "came.json").read_text(encoding="utf-8"))
    return found


def _tokens(config: Config) -> list[str]:
    with open_audit(config) as log:
        return [
            make_token(log, Grant(f"benchmark {place}", "requester", days=1), WHO).token
            for place in range(ASKERS)
        ]


def _lists(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    names = ("clients", "requests_per_second", "p50_ms", "p99_ms", "failed")
    return {name: [row[name] for row in rows] for name in names}

"""One process of a run: ``python -m benchmarks.lookup.side WORD JOB ANSWER`` does one of its jobs.

Each job gives the configuration, the directory of the run, and what the word needs besides.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.commands import CommandError
from linker.config import Config, load_config
from linker.errors import LinkerError

Job = dict[str, Any]


def _prepare(config: Config, out: Path, job: Job) -> Job:
    from benchmarks.lookup.prepare import prepare

    return prepare(config, job["entities"], job["lookups"], job["own"], job["seed"], out)


def _ask(config: Config, out: Path, job: Job) -> Job:
    from benchmarks.lookup.asking import ask
    from benchmarks.lookup.prepare import VIEW, read_posed

    return ask(config, out / VIEW, read_posed(out), job)


def _share(config: Config, out: Path, _: Job) -> Job:
    from benchmarks.lookup.asking import share
    from benchmarks.lookup.prepare import VIEW, read_posed

    return share(config, out / VIEW, read_posed(out))


def _open(config: Config, out: Path, job: Job) -> Job:
    began = time.perf_counter()
    from benchmarks.lookup.asking import open_desks
    from benchmarks.lookup.left_out import in_store
    from benchmarks.lookup.prepare import VIEW

    imported = time.perf_counter() - began
    _, opened = open_desks(in_store(config, out / VIEW) if job["view"] else config)
    return {"import_seconds": imported, "seconds": opened}


def _own(config: Config, out: Path, job: Job) -> Job:
    from benchmarks.lookup.left_out import in_store
    from benchmarks.lookup.own import own_values
    from benchmarks.lookup.prepare import VIEW, read_own
    from linker.lookup.desk import open_desk

    desk = open_desk(in_store(config, out / VIEW))
    return {entity: own_values(desk, entity, read_own(out, entity)) for entity in job["entities"]}


def _judge(config: Config, out: Path, job: Job) -> Job:
    from benchmarks.lookup.judge import judge
    from benchmarks.lookup.left_out import in_store
    from benchmarks.lookup.prepare import VIEW, read_sought
    from linker.lookup.desk import open_desk

    desk = open_desk(in_store(config, out / VIEW))
    return {
        "judged": [
            one.to_json()
            for entity in job["entities"]
            for one in judge(desk, entity, read_sought(out, entity), job["asked"])
        ]
    }


def _prepare_splink(config: Config, out: Path, _: Job) -> Job:
    from benchmarks.lookup.splink_side import prepare_splink

    return prepare_splink(config, str(out))


def _splink(config: Config, _: Path, job: Job) -> Job:
    from benchmarks.lookup.splink_side import splink

    return splink(config, job["mentions"], job["rules"], job["least"], job["people"])


JOBS: Mapping[str, Callable[[Config, Path, Job], Job]] = {
    "prepare": _prepare,
    "ask": _ask,
    "share": _share,
    "open": _open,
    "own": _own,
    "judge": _judge,
    "prepare_splink": _prepare_splink,
    "splink": _splink,
}


def main() -> int:
    """Do a job and return the exit code."""
    word, asked, answer = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    job = json.loads(asked.read_text(encoding="utf-8"))
    try:
        found = JOBS[word](load_config(Path(job["config"])), Path(job["out"]), job)
    except (LinkerError, CommandError, OSError) as error:
        print(f"error: {word}: {error}", file=sys.stderr)
        return 2
    answer.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

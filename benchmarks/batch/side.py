"""One process of a run: ``python -m benchmarks.batch.side prepare|linker|splink JOB ANSWER``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from linker.errors import LinkerError


def main() -> int:
    """Do the job and return the exit code."""
    side, asked, answer = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    try:
        if side == "prepare":
            from benchmarks.batch.prepare import prepare

            found = prepare(**json.loads(asked.read_text(encoding="utf-8")))
        elif side == "linker":
            from benchmarks.batch.job import Job
            from benchmarks.batch.linker_side import run

            found = run(Job.read(asked))
        else:
            from benchmarks.batch.job import Job
            from benchmarks.batch.splink_side import run

            found = run(Job.read(asked))
    except LinkerError as error:
        print(f"error: {side}: {error}", file=sys.stderr)
        return 2
    answer.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

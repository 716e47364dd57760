"""One training in a process of its own: ``python -m benchmarks.training.side JOB ANSWER``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.training.watched import Watched, peak_gb
from linker.config import Config, load_config
from linker.errors import LinkerError
from linker.schemas import EntityType


def trained(job: dict[str, Any]) -> dict[str, Any]:
    """Train by a job's configuration and sample sizes.

    Args:
        job: ``config``, ``entity``, ``out``, ``training``: settings instead of the configured.

    Returns:
        ``records``, ``total``, ``origin``, ``directory``; ``import_seconds``, ``steps``; and
        ``peak_gb``, the most memory of all.
    """
    began, imports = time.perf_counter(), peak_gb()
    from linker.jobs.train import Wanted, train

    imported = time.perf_counter() - began
    config = resized(load_config(Path(job["config"])), job["entity"], job["training"])
    progress = Watched()
    found = train(config, job["entity"], Wanted(Path(job["out"])), progress)
    steps = progress.done()
    return {
        "records": found.records,
        "total": found.total,
        "origin": found.origin,
        "directory": str(found.directory),
        "import_seconds": round(imported, 2),
        "steps": steps,
        "peak_gb": max([imports, *(step["peak_gb"] for step in steps)]),
    }


def resized(config: Config, entity: EntityType, sizes: dict[str, float]) -> Config:
    """Return a configuration with other sample sizes."""
    settings = config.settings_of(entity)
    training = settings.training.model_copy(update=sizes)
    return config.model_copy(update={entity: settings.model_copy(update={"training": training})})


if __name__ == "__main__":
    try:
        answer = trained(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    except LinkerError as error:
        raise SystemExit(f"error: {error}") from None
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")

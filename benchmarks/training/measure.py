"""A model trained in a process of its own, and again on ten times the sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.batch.job import say
from benchmarks.commands import PROJECT, CommandError, last_words
from linker.config import TrainingSettings, load_config
from linker.model import LinkageModel, read_model
from linker.schemas import EntityType
from linker.scoring.kernel.build import CACHE_VARIABLE

SECONDS: Final = 300
"""What a training of any number of records may take."""
GIGABYTES: Final = 10
"""What it may use of memory."""
TEN: Final = 10

Times = Literal["pairs", "records"]
"""What there is ten times of: sampled pairs (random ones, and of each session), or records."""


@dataclass(frozen=True)
class Wanted:
    """What is measured.

    Attributes:
        config: The configuration of a linked store.
        entity: Of what a model is trained.
        sample: How many records are sampled; the configured number unless given.
        ten_times: Of what a second training has ten times as much; there is none unless given.
    """

    config: Path
    entity: EntityType
    sample: int | None = None
    ten_times: Times | None = None


def measure(wanted: Wanted, work: Path) -> dict[str, Any]:
    """Train, and where it is wanted train again on ten times the sample.

    The kernel of the model is compiled anew, as for any model that was never used; so is whatever
    else the first training compiles.

    Args:
        wanted: What is measured.
        work: A directory for models and compiled kernels.

    Returns:
        ``records`` (of the store), ``sampled``, ``entity``, ``seconds`` of the whole process,
        ``import_seconds``, ``peak_gb``, ``steps`` (``step``, ``seconds``, ``peak_gb``), ``within``:
        whether it kept `SECONDS` and `GIGABYTES`, ``sizes`` of the samples; of a second training
        ``ten_times``: its ``sizes``, ``seconds``, ``peak_gb``, the ``link_thresholds`` of both, and
        ``differences`` (``comparison``, ``level``, ``weight``, ``ten_times``, ``difference``, in
        bits), the largest first.

    Raises:
        CommandError: A training failed.
    """
    settings = load_config(wanted.config).settings_of(wanted.entity).training
    sizes = _sizes(settings, wanted.sample)
    say(f"training {wanted.entity} on samples of {_told(sizes)}")
    one, seconds = _trained(wanted, sizes, work / "one")
    peak = one["peak_gb"]
    found: dict[str, Any] = {
        "records": one["total"],
        "sampled": one["records"],
        "origin": one["origin"],
        "entity": wanted.entity,
        "seconds": round(seconds, 1),
        "import_seconds": one["import_seconds"],
        "peak_gb": peak,
        "within": seconds <= SECONDS and peak <= GIGABYTES,
        "steps": one["steps"],
        "sizes": sizes,
    }
    if wanted.ten_times:
        larger = ten_times(sizes, wanted.ten_times)
        say(f"training again on samples of {_told(larger)}")
        other, took = _trained(wanted, larger, work / "ten")
        models = [read_model(Path(each["directory"]), wanted.entity).model for each in (one, other)]
        found["ten_times"] = {
            "of": wanted.ten_times,
            "sizes": larger,
            "sampled": other["records"],
            "seconds": round(took, 1),
            "peak_gb": other["peak_gb"],
            "link_thresholds": [model.link_threshold for model in models],
            "prior_difference": round(models[1].prior_weight - models[0].prior_weight, 3),
            "differences": differences(*models),
        }
    return found


def ten_times(sizes: Mapping[str, float], of: Times) -> dict[str, float]:
    """Return sample sizes that are ten times as large: of pairs, or of records."""
    names = {"max_records"} if of == "records" else {"u_max_pairs", "em_max_pairs"}
    return {name: size * TEN if name in names else size for name, size in sizes.items()}


def differences(one: LinkageModel, other: LinkageModel) -> list[dict[str, Any]]:
    """Return how the weight of each level that both models have differs, the largest first."""
    weights = {
        (comparison.name, level.label): level.weight
        for comparison in other.comparisons
        for level in comparison.levels
        if not level.is_missing
    }
    found = [
        {
            "comparison": comparison.name,
            "level": level.label,
            "weight": round(level.weight, 3),
            "ten_times": round(weights[comparison.name, level.label], 3),
            "difference": round(weights[comparison.name, level.label] - level.weight, 3),
        }
        for comparison in one.comparisons
        for level in comparison.levels
        if (comparison.name, level.label) in weights and not level.is_missing
    ]
    return sorted(found, key=lambda row: (-abs(row["difference"]), row["comparison"], row["level"]))


def _sizes(settings: TrainingSettings, sample: int | None) -> dict[str, float]:
    return {
        "max_records": sample or settings.max_records,
        "u_max_pairs": settings.u_max_pairs,
        "em_max_pairs": settings.em_max_pairs,
    }


def _told(sizes: Mapping[str, float]) -> str:
    return (
        f"{sizes['max_records']:,} records at most, {sizes['u_max_pairs']:,.0f} random pairs and "
        f"{sizes['em_max_pairs']:,.0f} of a session"
    )


def _trained(
    wanted: Wanted, sizes: Mapping[str, float], work: Path
) -> tuple[dict[str, Any], float]:
    """Train in a process of its own; return what it told, and its seconds.

    Raises:
        CommandError: It failed.
    """
    work.mkdir(parents=True)
    job, answer = work / "job.json", work / "answer.json"
    told = {
        "config": str(wanted.config.resolve()),
        "entity": wanted.entity,
        "out": str(work / "models"),
        "training": dict(sizes),
    }
    job.write_text(json.dumps(told), encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.training.side", str(job), str(answer)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, CACHE_VARIABLE: str(work.parent / "kernels")},
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise CommandError(last_words(done).removeprefix("error: "))
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found, seconds

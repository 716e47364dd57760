"""One size measured: both sides in turn, and whether they agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.batch.compare import compare
from benchmarks.batch.designs import ModelName
from benchmarks.batch.job import Job, run_side, say

LEAST = 0.0
"""The least match weight that both sides keep, in bits."""


def measure(
    records: int,
    models: Sequence[ModelName],
    threads: int,
    work: Path,
    *,
    rounds: int,
    splink: bool,
) -> dict[str, Any]:
    """Measure each model on one population.

    Args:
        records: How many mentions.
        models: The models.
        threads: How many threads each side may use.
        work: A directory for files.
        rounds: How often each side does the whole, in turn; its best round counts.
        splink: Whether Splink's side is measured too.

    Returns:
        What came of the first model, and of each under ``models``; ``comparisons`` is the table of
        the multi-valued model if it is among them.

    Raises:
        CommandError: A side failed.
    """
    asked = {"records": records, "models": list(models), "directory": str(work)}
    prepared = run_side("prepare", asked, work)
    found = []
    for name in models:
        say(f"model {name}")
        one = _of_model(prepared, name, threads, work, rounds=rounds, splink=splink)
        found.append({"model": name, **one})
    tables = [one["comparisons"] for one in reversed(found) if one["comparisons"]]
    return {**found[0], "comparisons": tables[0], "models": found}


def _of_model(
    prepared: dict[str, Any],
    name: ModelName,
    threads: int,
    work: Path,
    *,
    rounds: int,
    splink: bool,
) -> dict[str, Any]:
    chosen = prepared["models"][name]

    def job(side: str, *, studied: bool) -> Job:
        out = str(work / f"{name}_{side}.parquet")
        return Job(
            prepared["mentions"], chosen["model"], chosen["rules"], threads, LEAST, out, studied
        )

    ours, theirs = [], []
    for left in reversed(range(rounds)):  # in turn, so that both meet the same other work
        ours.append(run_side("linker", job("linker", studied=left == 0), work))
        if splink:
            theirs.append(run_side("splink", job("splink", studied=False), work))
    best, last = min(ours, key=_seconds), ours[-1]
    found: dict[str, Any] = {
        "records": best["records"],
        "pairs": best["pairs"],
        "kept": best["kept"],
        "rules": chosen["rules"],
        "stages": {"linker": _rounded(best["stages"])},
        **_costs("linker", ours),
        "compile_seconds": round(best["compile_seconds"], 3),
        "ns_per_pair": {
            "whole": round(1e9 * _seconds(best) / max(best["pairs"], 1), 1),
            "score": round(1e9 * best["stages"]["score"] / max(best["pairs"], 1), 1),
        },
        "threads": {
            number: round(took["key"] + took["score"], 3)
            for number, took in last["threads"].items()
        },
        "threads_by_stage": last["threads"],
        "comparisons": last["comparisons"],
    }
    if not theirs:
        return found
    agreement = compare(work / f"{name}_linker.parquet", work / f"{name}_splink.parquet", LEAST)
    other = min(theirs, key=_seconds)
    found["stages"]["splink"] = _rounded(other["stages"])
    found |= _costs("splink", theirs)
    return found | {
        "splink_pairs": other["pairs"],
        "splink_kept": other["kept"],
        "ratio": round(_seconds(other) / _seconds(best), 2),
        "cpu_ratio": round(found["splink_cpu_seconds"] / found["linker_cpu_seconds"], 2),
        "max_weight_difference": agreement.largest_difference,
        "pair_sets_equal": agreement.sets_equal,
        "only_linker": agreement.only_linker,
        "only_splink": agreement.only_splink,
    }


def _seconds(answer: dict[str, Any]) -> float:
    return float(answer["seconds"])


def _rounded(stages: dict[str, float]) -> dict[str, float]:
    return {stage: round(took, 3) for stage, took in stages.items()}


def _costs(side: str, answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what a side took in its best round: whatever else the machine does only adds."""
    return {
        f"{side}_seconds": round(min(map(_seconds, answers)), 3),
        f"{side}_rounds": [round(_seconds(answer), 3) for answer in answers],
        f"{side}_cpu_seconds": round(min(answer["cpu_seconds"] for answer in answers), 3),
        f"{side}_peak_gb": round(max(answer["peak_gb"] for answer in answers), 3),
    }

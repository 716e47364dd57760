"""The nightly link on an invented population: seconds a stage, memory, and how right it is.

``python -m benchmarks.scale --records 100000`` generates the population, links it with the shipped
models (or, with ``--train``, with models trained on it), and compares the entities with the truth.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.accuracy.groups import by_value
from benchmarks.accuracy.population import population_set
from benchmarks.accuracy.rows import judge_type
from benchmarks.real.dataset import STORE
from benchmarks.real.measurement import link_set, score
from linker.schemas import ENTITY_TYPES
from linker.store.generation import current_generation
from linker.store.layout import open_store

SHARES = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "b3_f1")
KIBIBYTES = 1024 * 1024


def main() -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="mentions to generate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--train", action="store_true", help="train models on the population")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on the last line"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linker-scale-") as work:
        found = scale(asked.records, asked.seed, Path(work), train=asked.train)
    print(_table(found))
    if asked.json:
        print(json.dumps(found))
    return 0


def scale(records: int, seed: int, work: Path, *, train: bool) -> dict[str, Any]:
    """Generate, link and measure.

    Args:
        records: How many mentions.
        seed: Of the population.
        work: Where files, models and store go.
        train: Whether to train models first.

    Returns:
        ``records``, ``train_seconds``, ``link_seconds``, ``stages`` (name: seconds), ``peak_gb`` of
        the largest command, ``accuracy`` by entity type, and ``culture_recall`` of people.

    Raises:
        CommandError: A command failed.
    """
    real = population_set(records, work, seed, trained=train)
    linked = link_set(real, work, train=train)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / KIBIBYTES
    accuracy = {
        row.entity: {name: round(getattr(row, name), 4) for name in SHARES}
        for row in score(real, linked)
        if row.entity in ENTITY_TYPES
    }
    generation = current_generation(open_store(work / STORE))
    cultures = by_value(judge_type(real, linked, generation, "person"), "culture")
    return {
        "records": records,
        "train_seconds": round(linked.train_seconds, 1) if train else None,
        "link_seconds": round(linked.link_seconds, 1),
        "stages": {row["stage"]: row["seconds"] for row in linked.report["stages"]},
        "candidate_pairs": {
            entity: counts["candidate_pairs"]
            for entity, counts in linked.report["entity_types"].items()
        },
        "peak_gb": round(peak, 2),
        "accuracy": accuracy,
        "culture_recall": {name: round(found["recall"], 4) for name, found in cultures.items()},
    }


def _table(found: dict[str, Any]) -> str:
    lines = [f"{found['records']:,} mentions linked in {found['link_seconds']:.1f} s"]
    if found["train_seconds"] is not None:
        lines.append(f"models trained in {found['train_seconds']:.1f} s")
    lines.append(f"peak memory of the largest command: {found['peak_gb']:.2f} GB")
    lines += [f"  {name:<28} {seconds:>8.1f} s" for name, seconds in found["stages"].items()]
    for entity, values in found["accuracy"].items():
        shares = ", ".join(f"{name} {value:.4f}" for name, value in values.items())
        lines.append(f"{entity}: {found['candidate_pairs'][entity]:,} candidate pairs; {shares}")
    cultures = sorted(found["culture_recall"].items(), key=lambda one: one[1])
    told = ", ".join(f"{name} {recall:.4f}" for name, recall in cultures)
    apart = 100 * (cultures[-1][1] - cultures[0][1])
    lines.append(f"recall of people by name culture, {apart:.1f} points apart: {told}")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())

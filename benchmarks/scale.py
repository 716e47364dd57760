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

import polars as pl

from benchmarks.accuracy.population import population_set
from benchmarks.real.measurement import link_set, score
from linker.schemas import ENTITY_TYPES

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
        "culture_recall": culture_recall(real.truth, linked.entities),
    }


def culture_recall(truth: pl.DataFrame, entities: pl.DataFrame) -> dict[str, float]:
    """Return by name culture the share of true pairs of people that are in one entity.

    Args:
        truth: ``entity_type``, ``source``, ``record_id``, ``true_id`` and ``culture``.
        entities: ``entity_type``, ``source``, ``record_id`` and ``entity_id``.

    Returns:
        The cultures that have true pairs, the least recall first.
    """
    columns = ["source", "record_id"]
    people = truth.filter(pl.col("entity_type") == "person").drop_nulls("culture")
    told = entities.filter(pl.col("entity_type") == "person").select(*columns, "entity_id")
    both = people.join(told, on=columns)
    pairs = (pl.col("records").cast(pl.Int64) * (pl.col("records") - 1) // 2).sum()

    def counted(rows: pl.DataFrame, *parts: str) -> pl.DataFrame:
        sizes = rows.group_by("culture", *parts).len("records")
        return sizes.group_by("culture").agg(pairs.alias("pairs"))

    found = counted(people, "true_id").join(
        counted(both, "true_id", "entity_id"), on="culture", how="left", suffix="_found"
    )
    shares = found.filter(pl.col("pairs") > 0).select(
        "culture", recall=(pl.col("pairs_found").fill_null(0) / pl.col("pairs")).round(4)
    )
    return dict(shares.sort("recall", "culture").iter_rows())


def _table(found: dict[str, Any]) -> str:
    lines = [f"{found['records']:,} mentions linked in {found['link_seconds']:.1f} s"]
    if found["train_seconds"] is not None:
        lines.append(f"models trained in {found['train_seconds']:.1f} s")
    lines.append(f"peak memory of the largest command: {found['peak_gb']:.2f} GB")
    lines += [f"  {name:<28} {seconds:>8.1f} s" for name, seconds in found["stages"].items()]
    for entity, values in found["accuracy"].items():
        shares = ", ".join(f"{name} {value:.4f}" for name, value in values.items())
        lines.append(f"{entity}: {found['candidate_pairs'][entity]:,} candidate pairs; {shares}")
    cultures = found["culture_recall"]
    lines.append(
        "recall by name culture: " + ", ".join(f"{k} {v:.4f}" for k, v in cultures.items())
    )
    apart = max(cultures.values(), default=0.0) - min(cultures.values(), default=0.0)
    lines.append(f"between the least and the greatest: {100 * apart:.1f} points")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())

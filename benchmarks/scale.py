"""The nightly link on an invented population: seconds a stage, memory, and how right it is.

``python -m benchmarks.scale --records 100000`` generates the population, links it with the shipped
models (or, with ``--train``, with models trained on it), and compares the entities with the truth.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.commands import run
from benchmarks.population import Plan, config_text, expected_text, generate
from linker.schemas import ENTITY_TYPES
from linker.training.metrics import measure

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
        the largest command, and ``accuracy`` by entity type.

    Raises:
        CommandError: A command failed.
    """
    summary = generate(Plan(records=records, seed=seed, form="parquet"), work)
    config = work / "linker.toml"
    text = config_text(str(work), str(work / "store"), "parquet", "both")
    config.write_text(text + ("" if train else expected_text(summary.sources)), encoding="utf-8")
    began = time.perf_counter()
    if train:
        for entity in ENTITY_TYPES:
            run("train", "--config", str(config), "--entity", entity, "--out", str(work / "models"))
        sections = [
            f'[{entity}]\nmodel = "{work / "models" / entity / "1"}"\n' for entity in ENTITY_TYPES
        ]
        config.write_text("\n".join([text, *sections]), encoding="utf-8")
    trained = time.perf_counter()
    report = json.loads(run("link", "--config", str(config), "--json"))
    linked = time.perf_counter()
    out = work / "entities.parquet"
    run("export", "--config", str(config), "--table", "entities", "--out", str(out))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / KIBIBYTES
    entities, truth = pl.read_parquet(out), pl.read_parquet(work / "truth.parquet")
    accuracy = {}
    for entity in ENTITY_TYPES:
        ours, theirs = (
            frame.filter(pl.col("entity_type") == entity) for frame in (entities, truth)
        )
        judged = measure(ours, theirs)
        accuracy[entity] = {
            "pairwise_precision": round(judged.pairwise_precision, 4),
            "pairwise_recall": round(judged.pairwise_recall, 4),
            "pairwise_f1": round(judged.pairwise_f1, 4),
            "b3_f1": round(judged.b3_f1, 4),
        }
    return {
        "records": records,
        "train_seconds": round(trained - began, 1) if train else None,
        "link_seconds": round(linked - trained, 1),
        "stages": {row["stage"]: row["seconds"] for row in report["stages"]},
        "candidate_pairs": {
            entity: counts["candidate_pairs"] for entity, counts in report["entity_types"].items()
        },
        "peak_gb": round(peak, 2),
        "accuracy": accuracy,
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
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())

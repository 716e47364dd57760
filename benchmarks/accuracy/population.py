"""The invented population as a set with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.population import Plan, config_text, expected_text, generate
from benchmarks.real.dataset import STORE, TRUTH, RealSet
from linker.schemas import ENTITY_TYPES

SEED: Final = 1
RECORDS: Final = 100_000
MORE_TRUTH: Final = ("culture", "kinds", "findable")
"""What the truth says besides who a record is about, where it says it."""


def population_set(records: int, work: Path, seed: int = SEED, *, trained: bool = True) -> RealSet:
    """Generate a population of people and organizations.

    Args:
        records: How many records.
        work: Where it goes.
        seed: Other seed, other people.
        trained: Whether models will be trained on it; if not, the configuration says for how many
            records the shipped models are used.
    """
    summary = generate(Plan(records=records, seed=seed, form="parquet"), work)
    config = config_text(str(work), STORE, "parquet", "both")
    truth = pl.read_parquet(work / "truth.parquet")
    kept = [name for name in (*TRUTH, *MORE_TRUTH) if name in truth.columns]
    return RealSet(
        name=f"population_{records}",
        entity_types=ENTITY_TYPES,
        config=config if trained else config + expected_text(summary.sources),
        truth=truth.select(kept),
    )

"""A small invented population, linked, with its truth."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from benchmarks.accuracy.population import population_set
from linker.config import Config, load_config
from linker.jobs.models import model_in_use
from linker.judging.truth import Truth, truth_of_clusters
from linker.model import ModelInUse
from tests.jobs.running import linked


@dataclass(frozen=True)
class Population:
    """A linked store, the truth about its people, and the model that linked it."""

    config: Config
    truth: Truth
    in_use: ModelInUse
    rows: pl.DataFrame


@pytest.fixture(scope="session")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    directory = tmp_path_factory.mktemp("population")
    made = population_set(2_500, directory, seed=5, trained=False)
    path = directory / "linker.toml"
    path.write_text(made.config, encoding="utf-8")
    config = load_config(linked(path))
    people = made.truth.filter(pl.col("entity_type") == "person")
    rows = people.select("source", "record_id", "true_id", "culture")
    in_use, _ = model_in_use(config, "person")
    return Population(config, truth_of_clusters(rows, "truth.parquet"), in_use, rows)


def labelled_pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Every pair that belongs together, and as many that do not: `LABELS`."""
    ends = {
        side: rows.select(
            pl.col("source").alias(f"source_{side}"),
            pl.col("record_id").alias(f"record_id_{side}"),
            "true_id",
        ).sort(f"source_{side}", f"record_id_{side}")
        for side in ("l", "r")
    }
    first = (pl.col("source_l") < pl.col("source_r")) | (
        (pl.col("source_l") == pl.col("source_r")) & (pl.col("record_id_l") < pl.col("record_id_r"))
    )
    matches = (
        ends["l"]
        .join(ends["r"], on="true_id")
        .filter(first)
        .with_columns(is_match=pl.lit(value=True))
    )
    others = ends["r"].rename({"true_id": "other"})
    shifted = pl.concat([others.tail(-500), others.head(500)])
    apart = pl.concat([ends["l"], shifted], how="horizontal").filter(
        first & (pl.col("true_id") != pl.col("other"))
    )
    columns = ["source_l", "record_id_l", "source_r", "record_id_r", "is_match"]
    parts = [matches, apart.with_columns(is_match=pl.lit(value=False))]
    return pl.concat(part.select(columns) for part in parts)

"""The benchmark of the nightly link."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.scale import culture_recall, scale


def test_it_links_and_judges_a_small_population(tmp_path: Path) -> None:
    """At smoke size: every stage is timed, memory and accuracy are there and not absurd."""
    found = scale(1000, 7, tmp_path, train=False)
    assert found["records"] == 1000
    assert found["stages"]["person: scores"] > 0
    assert found["peak_gb"] > 0
    for values in found["accuracy"].values():
        assert values["pairwise_precision"] > 0.8
        assert values["pairwise_recall"] > 0.4


def test_recall_is_told_by_name_culture() -> None:
    """A record that its entity lacks counts for its culture alone; who is alone has no pairs."""
    names = ["a1", "a2", "a3", "b1", "b2", "c1"]
    rows = {"entity_type": "person", "source": "s", "record_id": pl.Series(names)}
    truth = pl.select(
        **{key: pl.lit(value) for key, value in rows.items() if key != "record_id"},
        record_id=rows["record_id"],
        true_id=pl.Series(["a", "a", "a", "b", "b", "c"]),
        culture=pl.Series(["arabic"] * 3 + ["anglo"] * 2 + ["chinese"]),
    )
    entities = truth.drop("true_id", "culture").with_columns(
        entity_id=pl.Series(["1", "1", "2", "3", "3", "4"])
    )
    assert culture_recall(truth, entities) == {"arabic": 0.3333, "anglo": 1.0}

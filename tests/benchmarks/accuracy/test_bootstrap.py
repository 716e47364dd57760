"""Intervals by resampling true entities."""

from __future__ import annotations

import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.bootstrap import FIGURES, figures, intervals
from linker.training.metrics import measure


def drawn_world(entities: int, seed: int, split: float = 0.3) -> pl.DataFrame:
    """Records of entities of one to five, some split off, some put with a stranger."""
    drawn = np.random.default_rng(seed)
    true = np.repeat(np.arange(entities), drawn.integers(1, 6, entities))
    chance = drawn.random(len(true))
    predicted = np.where(chance < split, true + entities, true)
    predicted = np.where(chance > 1 - split / 4, (true + 1) % entities, predicted)
    return pl.DataFrame({"true_id": true, "entity_id": predicted}).cast(pl.String)


def by_the_measure(records: pl.DataFrame) -> dict[str, float]:
    """The figures by the product's own measure, which counts pairs in another way."""
    numbered = records.with_row_index("record_id").with_columns(
        pl.col("record_id").cast(pl.String), source=pl.lit("s")
    )
    found = measure(numbered.drop_nulls("entity_id").drop("true_id"), numbered.drop("entity_id"))
    return {name: getattr(found, name) for name in FIGURES}


ids = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(st.tuples(ids, ids | st.none()), max_size=12))
def test_the_figures_are_those_of_the_measure(rows: list[tuple[str, str | None]]) -> None:
    """Sums over true entities give what counting pairs gives, for any partition."""
    records = pl.DataFrame(
        rows, schema={"true_id": pl.String, "entity_id": pl.String}, orient="row"
    )
    assert figures(records) == pytest.approx(by_the_measure(records))


def test_the_intervals_hold_the_figures_and_are_seeded() -> None:
    """A figure lies in its interval; the same seed gives the same, whatever the order of rows."""
    records = drawn_world(300, 1)
    found = intervals(records)
    for name, value in figures(records).items():
        low, high = found[name]
        assert 0 <= low < value < high <= 1
    assert intervals(records.sample(fraction=1.0, shuffle=True, seed=5)) == found
    assert intervals(records, seed=2) != found


def test_the_intervals_cover() -> None:
    """Of many samples of one world, about 95 of 100 intervals hold the world's own figure.

    A false merge is a mistake of two entities that are drawn apart, which makes the interval of
    precision somewhat narrow.
    """
    truth = figures(drawn_world(200_000, 7))
    inside = dict.fromkeys(FIGURES, 0)
    samples = 200
    for seed in range(samples):
        found = intervals(drawn_world(250, 1_000 + seed), draws=400, seed=seed)
        for name, (low, high) in found.items():
            inside[name] += low <= truth[name] <= high
    for name, count in inside.items():
        assert count / samples > (0.9 if "recall" in name else 0.8), (name, count)


def test_the_intervals_are_those_of_drawing_entity_by_entity() -> None:
    """Drawing kinds of entities is drawing entities: the bounds agree with the plain way."""
    records = drawn_world(150, 3)
    drawn = np.random.default_rng(4)
    whole = records.with_columns(
        size=pl.len().over("entity_id").cast(pl.Int64),
        cell=pl.len().over("entity_id", "true_id").cast(pl.Int64),
    )
    parts = whole.partition_by("true_id")
    values = []
    for _ in range(500):
        some = pl.concat([parts[number] for number in drawn.integers(0, len(parts), len(parts))])
        values.append((some["cell"] - 1).sum() / (some["size"] - 1).sum())
    plain = np.quantile(values, [0.025, 0.975])
    assert intervals(records, draws=2_000)["pairwise_precision"] == pytest.approx(plain, abs=0.02)


def test_units_of_several_entities() -> None:
    """Cases are resampled whole, and the interval is wider where they vary more than entities."""
    records = drawn_world(300, 1).with_columns(one=pl.lit("x"))
    for low, high in intervals(records, unit="one").values():
        assert low == high


def test_nothing_to_judge() -> None:
    """No record makes no mistake."""
    empty = pl.DataFrame(schema={"true_id": pl.String, "entity_id": pl.String})
    assert set(intervals(empty).values()) == {(1.0, 1.0)}


def test_a_million_records_take_seconds() -> None:
    """The cost hardly grows with the records; a bound with room for a busy machine."""
    records = drawn_world(330_000, 9)
    started = time.process_time()
    intervals(records)
    assert time.process_time() - started < 30

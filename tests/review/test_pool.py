"""The pairs that the queue is chosen from: which there are, and what each stands for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.population.config_file import config_text
from benchmarks.population.generate import Plan, generate
from linker.config import Config, load_config
from linker.lookup.desk import open_desk
from linker.lookup.shelf import Shelf
from linker.model import weight_of
from linker.night.labels import is_for_evaluation
from linker.progress import Progress
from linker.review import pool as pool_module
from linker.review.pool import LEAST, POOL, STRATA, Pool, levels_of, pool_of
from linker.schemas import DECISION_RECORDS, RECORD, check
from linker.scoring.explain import explain
from linker.store.record_keys import numbers_of
from tests.jobs.running import linked

RECORDS = 1_000
NAMES = list(DECISION_RECORDS)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The configuration of a linked invented population."""
    directory: Path = tmp_path_factory.mktemp("populated")
    generate(Plan(RECORDS, 5, "parquet", "person"), directory)
    path = directory / "linker.toml"
    text = config_text(str(directory), str(directory / "store"), "parquet", "person")
    path.write_text(text, encoding="utf-8")
    return load_config(linked(path))


@pytest.fixture(scope="module")
def shelf(config: Config) -> Shelf:
    return open_desk(config).shelf("person")


@pytest.fixture(scope="module")
def pool(shelf: Shelf, config: Config) -> Pool:
    return pool_of(shelf, config, 7, Progress())


def test_all_pairs_of_a_small_store_are_there(pool: Pool, shelf: Shelf) -> None:
    """Those that the generation keeps and those below, once each, in the order of records."""
    pairs = check(pool.pairs, POOL, "pool")
    assert pairs.select(NAMES).equals(pairs.select(NAMES).sort(NAMES))
    assert pairs.select(NAMES).is_unique().all()
    left = pl.concat_str("source_l", pl.lit("\0"), "record_id_l")
    right = pl.concat_str("source_r", pl.lit("\0"), "record_id_r")
    assert pairs.select((left < right).all()).item()
    kept = shelf.index.held.pairs(["match_weight", "link"])
    review = weight_of(shelf.thresholds.review)
    above = pairs.filter((pl.col("match_weight") >= review) | (pl.col("stratum") == "confirmed"))
    assert above["match_weight"].sort().equals(kept["match_weight"].sort())
    assert above["link"].sum() == kept["link"].sum()
    assert above["standing"].unique().to_list() == [1.0]
    below = pairs.filter(pl.col("stratum").is_in(["below", "far below"]))
    assert below.height > 10
    assert float(below["match_weight"].min()) >= LEAST  # type: ignore[arg-type] # of numbers
    assert not below["link"].any()


def test_within_a_stratum_all_are_links_or_none(pool: Pool) -> None:
    """So that how many links there are is known, and only matches have to be estimated."""
    told = pool.pairs.group_by("stratum").agg(pl.col("link").n_unique())
    assert told["link"].unique().to_list() == [1]
    assert set(told["stratum"]) <= set(STRATA)


def test_levels_are_those_the_evidence_tells(pool: Pool, shelf: Shelf) -> None:
    """Of each comparison the place of the level is the one that an explanation names."""
    some = pool.pairs.head(20)
    held = shelf.index.held
    left, right = (
        numbers_of(held, some.select(pl.col(f"{name}_{side}").alias(name) for name in RECORD))
        for side in ("l", "r")
    )
    scorer = shelf.scoring.scorer
    packed = scorer.packed(held.features(held.live, scorer.layout))
    for at, pair in enumerate(zip(left, right, strict=True)):
        one, other = (np.array([number], dtype=np.int32) for number in pair)
        told = explain(packed, one, other)[0]
        assert [one.place for one in told.evidence] == pool.found[at].tolist()
        assert told.match_weight == pytest.approx(some["match_weight"][at])


def test_groups_name_sources_and_cultures_alone(pool: Pool) -> None:
    """Two sources and a nameless group of words, nothing of a record."""
    pattern = r"^\w+ and \w+, (group \d+|mixed|unknown)$"
    assert pool.pairs["group"].str.contains(pattern).all()
    assert pool.pairs["group"].n_unique() > 3


def test_the_part_of_a_pair_is_that_of_training(pool: Pool) -> None:
    """What is for evaluation here is kept from training there."""
    assert pool.pairs["evaluation"].equals(is_for_evaluation(pool.pairs), check_names=False)


def test_the_same_seed_draws_the_same(
    pool: Pool, shelf: Shelf, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more pairs than are looked at a seeded sample stands for all, whatever stratum."""
    monkeypatch.setattr(pool_module, "MOST_A_STRATUM", 40)
    one, again, other = (pool_of(shelf, config, seed, Progress()) for seed in (3, 3, 4))
    assert one.pairs.equals(again.pairs)
    assert np.array_equal(one.found, again.found)
    assert not one.pairs.equals(other.pairs)
    for (stratum,), drawn in one.pairs.group_by("stratum"):
        whole = pool.pairs.filter(stratum=stratum)
        assert drawn.height == min(40, whole.height)
        assert drawn["standing"].sum() == pytest.approx(whole.height)
        assert drawn.join(whole, on=NAMES, how="anti").is_empty()


def test_a_sample_of_records_stands_for_all_pairs_below(
    pool: Pool, shelf: Shelf, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the records have about a quarter of the pairs, each of which counts for four."""
    monkeypatch.setattr(pool_module, "SAMPLED_RECORDS", shelf.index.held.height // 2)
    low = pl.col("stratum").is_in(["below", "far below"])
    whole = pool.pairs.filter(low).height
    told = [
        pool_of(shelf, config, seed, Progress()).pairs.filter(low)["standing"].sum()
        for seed in range(6)
    ]
    assert 0.6 * whole < sum(told) / len(told) < 1.6 * whole


def test_no_pairs_have_no_levels(shelf: Shelf) -> None:
    """An empty pool is a pool: of no pairs there are no levels, of as many comparisons."""
    none = pl.DataFrame(schema={"mention_l": pl.Int64(), "mention_r": pl.Int64()})
    assert levels_of(shelf, none).shape == (0, len(shelf.scoring.comparisons))

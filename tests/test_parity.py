"""Splink is the oracle: the pairs and weights of this project are Splink's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.oracle import splink_linker, splink_scores
from benchmarks.real.sets import SETS
from linker.config import BlockingRule, load_config
from linker.database import frame
from linker.intake.mentions import take_in
from linker.jobs.models import shipped_model
from linker.model import ModelInUse, read_model
from linker.progress import Progress
from linker.schemas import MENTIONS, EntityType
from linker.scoring.levels import LEVEL_TYPES
from linker.scoring.scorer import score_pairs, scorer_of
from tests.scoring.candidates import linked
from tests.scoring.models import STRUCTURES, Level, weighed
from tests.scoring.people import some

EXACTLY = 1e-9
LEAST = -3.0
RULES: dict[EntityType, list[BlockingRule]] = {
    "person": [
        BlockingRule(name="surname", key=["surname"]),
        BlockingRule(name="phone", key=["phones", "birth_year"]),
        BlockingRule(name="day", key=["birth_date:month_day", "surname:prefix3"]),
    ],
    "organization": [
        BlockingRule(name="tax", key=["tax_id"]),
        BlockingRule(name="word", key=["name_tokens", "name:initial"]),
    ],
}


def kinds_in(levels: list[Level]) -> set[str]:
    """The kinds of levels, those inside others included."""
    inside = [kinds_in(level.get("levels", [])) for level in levels]
    return {level["kind"] for level in levels}.union(*inside)


def test_every_kind_is_in_a_model() -> None:
    """The models below have every kind of level between them."""
    every = [levels for _, comparisons in STRUCTURES.values() for levels in comparisons.values()]
    assert set().union(*map(kinds_in, every)) == set(LEVEL_TYPES)


# other weights may put comparisons into another order, which is another kernel: few are compiled
WEIGHED = [(name, seed) for name in STRUCTURES for seed in ([1, 2] if name == "dates" else [0, 1])]


@pytest.mark.parametrize(("name", "seed"), WEIGHED)
def test_pairs_and_weights_are_splinks(name: str, seed: int) -> None:
    """Of random models and records: its pairs above a threshold, by the same rule, its weights."""
    in_use = weighed(STRUCTURES[name], seed)
    entity_type = in_use.model.entity_type
    mentions, rules = some(entity_type, 150, seed), RULES[entity_type]
    ours = linked(mentions, in_use, rules, LEAST).filter(pl.col("match_weight") >= LEAST)
    with splink_linker(mentions, in_use, rules) as (connection, linker):
        found = linker.inference.predict(threshold_match_weight=LEAST, warning_mode="never")
        theirs = frame(
            connection,
            "SELECT mention_l, mention_r, match_key::UTINYINT AS rule, match_weight, "
            f"match_probability FROM {found.physical_name} ORDER BY mention_l, mention_r",
        )
    assert ours.height > 50
    same = ["mention_l", "mention_r", "rule"]
    assert ours.select(same).equals(theirs.select(same))
    close(ours["match_weight"], theirs["match_weight"])
    close(ours["match_probability"], theirs["match_probability"])


def close(ours: pl.Series, theirs: pl.Series) -> None:
    assert np.abs(ours.to_numpy() - theirs.to_numpy()).max(initial=0) < EXACTLY


@pytest.fixture(scope="module")
def shipped() -> dict[EntityType, ModelInUse]:
    types: tuple[EntityType, ...] = ("person", "organization")
    return {entity: read_model(shipped_model(entity), entity) for entity in types}


MOST_PAIRS = 20_000
REAL: list[tuple[str, EntityType, int]] = [
    ("fake_1000", "person", 1_000),
    ("febrl3", "person", 5_000),
    ("historical_50k", "person", 3_000),
    ("pseudopeople", "person", 4_000),
    ("senzing_truthset", "person", 1_000),
    ("senzing_truthset", "organization", 1_000),
    ("ofac_people", "person", 2_000),
    ("ofac_organizations", "organization", 2_000),
]


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory)


@pytest.mark.parametrize(("name", "entity_type", "records"), REAL)
def test_weights_of_real_records_are_splinks(
    shared_data: Path,
    work: Path,
    shipped: dict[EntityType, ModelInUse],
    name: str,
    entity_type: EntityType,
    records: int,
) -> None:
    """The shipped models give candidates of real records the weights that Splink gives them."""
    in_use = shipped[entity_type]
    mentions, rules, cap = real_mentions(shared_data, work, name, entity_type, records)
    pairs = linked(mentions, in_use, rules, cap=cap)
    if pairs.height > MOST_PAIRS:
        pairs = pairs.sample(MOST_PAIRS, seed=1).sort("mention_l", "mention_r")
    with splink_linker(mentions, in_use) as (connection, linker):
        theirs = splink_scores(connection, linker, pairs.select("mention_l", "mention_r"), None)
    assert theirs.height == pairs.height > 0
    close(pairs["match_weight"], theirs["match_weight"])


def real_mentions(
    data: Path, work: Path, name: str, entity_type: EntityType, records: int
) -> tuple[pl.DataFrame, list[BlockingRule], int]:
    """Standardised records of a set, so many from all over it, and the shipped rules and cap."""
    file = work / f"{name}.toml"
    file.write_text(SETS[name](data, work).config, encoding="utf-8")
    config = load_config(file)
    taken = take_in(config, [entity_type], Progress(StringIO())).mentions[entity_type]
    mentions = taken.read(MENTIONS[entity_type])
    mentions = mentions.gather_every(max(mentions.height // records, 1))
    numbered = mentions.drop("mention").with_row_index("mention").select(mentions.columns)
    settings = config.settings_of(entity_type)
    return (
        numbered.with_columns(pl.col("mention").cast(pl.Int64)),
        settings.blocking,
        settings.max_records_per_key,
    )


ASYMMETRIC = {"jaro_winkler", "list_alike", "rare_words"}
"""Kinds whose similarity depends on which text is which, in DuckDB as here."""


@pytest.mark.parametrize("name", STRUCTURES)
def test_left_and_right_can_change_places(name: str) -> None:
    """Comparisons whose levels are symmetric give a pair the same level and term-frequency part."""
    in_use = weighed(STRUCTURES[name], 0)
    _, comparisons = STRUCTURES[name]
    packed = scorer_of(in_use).pack(some(in_use.model.entity_type, 60, 5))
    left, right = (side.astype(np.int32) for side in np.triu_indices(60, 1))
    one = score_pairs(packed, left, right, details=True)
    other = score_pairs(packed, right, left, details=True)
    symmetric = [not kinds_in(levels) & ASYMMETRIC for levels in comparisons.values()]
    assert any(symmetric)
    assert np.array_equal(one.found[:, symmetric], other.found[:, symmetric])
    assert np.array_equal(one.parts[:, symmetric], other.parts[:, symmetric])
    alike = (one.found == other.found).all(axis=1)
    assert np.abs(one.weight - other.weight)[alike].max() < EXACTLY

"""The matches that rules are judged by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from linker.config import BlockingRule, load_config
from linker.jobs.models import model_in_use
from linker.night.records import Records, records_of
from linker.progress import Progress
from linker.tuning.generate import Known, generated, part_columns
from linker.tuning.matches import PROBABLE, told_by_linking
from linker.tuning.parts import LISTS
from linker.tuning.pool import Pool, known_matches, needed_columns, pool_of
from linker.tuning.sample import KeyMaker, listed, ranked

BY_DATE = BlockingRule(name="by_date", key=["birth_date"])
CAP = 200


@pytest.fixture(scope="module")
def records(world: Path) -> Records:
    config = load_config(world)
    in_use, _ = model_in_use(config, "person")
    columns = needed_columns(config.person, in_use) | part_columns("person")
    return records_of(config, "person", columns, Progress())


@pytest.fixture(scope="module")
def pool(world: Path, records: Records) -> Pool:
    config = load_config(world)
    in_use, _ = model_in_use(config, "person")
    return pool_of(records, in_use, config, Progress(), 10_000, (100, 1), generate=True)


def test_pairs_of_one_entity_are_matches_that_no_rule_need_find(
    pool: Pool, records: Records
) -> None:
    """Put into one entity, every two records are a match; those that no rule finds are there."""
    alone = told_by_linking(pool.listed, pool.scores, records, None)
    entities = np.zeros(records.height, dtype=np.int64)
    matches = told_by_linking(pool.listed, pool.scores, records, entities)
    assert matches.total == records.height * (records.height - 1) / 2
    assert alone.total < matches.total
    found = {place for places in matches.found for place in places.tolist()}
    assert len(found) < len(matches.weight)
    assert matches.able.max() < 1 << len(LISTS)
    assert not matches.surely


def test_without_entities_matches_are_the_probable_pairs(pool: Pool, records: Records) -> None:
    """What the model thinks rather none is left out, and told as a share."""
    matches = told_by_linking(pool.listed, pool.scores, records, None)
    assert (matches.weight >= PROBABLE).all()
    assert 0 <= matches.doubtful < 1
    expected = pool.scores.expected[pool.scores.expected >= PROBABLE].sum()
    assert matches.total == pytest.approx(expected * pool.listed.scale)


def test_new_rules_share_something_with_matches_that_are_known(
    pool: Pool, records: Records
) -> None:
    """Every generated rule finds a known match; none has the key of a given rule."""
    keys = KeyMaker(records, CAP)
    given = [rule for rule in pool.listed.rules if rule.name in pool.given]
    first = listed(pool.listed.rules, records, keys, ranked(records, 1), 10_000)
    known = known_matches(first, pool.scores)
    made = generated(given, records, known, 10_000, CAP)
    names = [rule.name for rule in [*given, *made]]
    assert made
    assert len(names) == len(set(names))
    uncapped = [set(rule.key) for rule in given if not rule.max_records_per_key]
    assert not any(set(rule.key) in uncapped for rule in made)


def test_nothing_is_generated_where_no_match_is_known(records: Records) -> None:
    """Without a known match there is nothing to go by, and no error."""
    none = np.empty(0, dtype=np.int64)
    known = Known(none, none, np.empty(0), none)
    assert generated([BY_DATE], records, known, 1_000, CAP) == []

"""What rules find of a sample of records."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from linker.config import BlockingRule, load_config
from linker.night.records import Records, records_of
from linker.progress import Progress
from linker.tuning.generate import part_columns
from linker.tuning.matches import told_by_truth
from linker.tuning.sample import KeyMaker, listed, ranked

BY_WORD = BlockingRule(name="by_word", key=["name_tokens"])
BY_DATE = BlockingRule(name="by_date", key=["birth_date"])
CAP = 20


@pytest.fixture(scope="module")
def records(world: Path) -> Records:
    return records_of(load_config(world), "person", part_columns("person"), Progress())


def pairs_by_hand(records: Records) -> set[tuple[int, int]]:
    """Pairs of records with a word in common that no more than `CAP` records have."""
    words = records.mentions.read(["name_tokens"])["name_tokens"].to_list()
    holders: dict[str, set[int]] = {}
    for number, of_record in enumerate(words):
        for word in of_record or ():
            holders.setdefault(word, set()).add(number)
    return {
        pair
        for numbers in holders.values()
        if len(numbers) <= CAP
        for pair in combinations(sorted(numbers), 2)
    }


def test_of_all_records_every_pair_is_listed_from_both_ends(records: Records) -> None:
    """With every record a probe, the listed pairs are all pairs of the rule, each twice."""
    found = listed([BY_WORD], records, KeyMaker(records, CAP), ranked(records, 1), 10**9)
    ends = set(zip(*(side.tolist() for side in found.ends), strict=True))
    assert ends == pairs_by_hand(records)
    assert len(found.pairs) == 2 * len(ends)
    assert len(found.found[0]) * found.scale == len(ends)
    assert found.counts[0].pairs >= len(ends)


def test_samples_estimate_without_bias(records: Records) -> None:
    """Over all samples of one size taken in turn the scaled number of pairs is the true one."""
    order = ranked(records, 1)
    sizes = []
    for start in range(records.height):
        probes = np.roll(order, start)[:7]
        found = listed([BY_WORD], records, KeyMaker(records, CAP), probes, 10**9)
        sizes.append(len(found.pairs) * found.scale)
    assert np.mean(sizes) == pytest.approx(len(pairs_by_hand(records)))


def test_a_sample_depends_on_names_and_seed_alone(records: Records) -> None:
    """The same seed gives the same order of records; another one another."""
    assert (ranked(records, 5) == ranked(records, 5)).all()
    assert not (ranked(records, 5) == ranked(records, 6)).all()
    assert sorted(ranked(records, 5)) == list(range(records.height))


def test_a_rule_beyond_the_budget_is_left_out(records: Records) -> None:
    """A rule that makes more pairs than all rules may is counted and not listed."""
    both = listed([BY_WORD, BY_DATE], records, KeyMaker(records, CAP), ranked(records, 1), 10**9)
    most = both.counts[1].pairs
    assert most < both.counts[0].pairs
    assert [
        rule.name
        for rule in listed(
            [BY_WORD, BY_DATE], records, KeyMaker(records, CAP), ranked(records, 1), most
        ).rules
    ] == ["by_date"]


def test_a_dear_rule_is_listed_with_lower_caps(records: Records) -> None:
    """Its rare keys alone make fewer pairs, all of which the rule makes as well."""
    found = listed([BY_WORD], records, KeyMaker(records, CAP), ranked(records, 1), 10**9, [3, 2])
    names = [rule.name for rule in found.rules]
    assert names[0] == "by_word"
    assert set(names[1:]) <= {"by_word_up_to_3", "by_word_up_to_2"}
    assert len(names) > 1
    for rule, places, count in zip(found.rules[1:], found.found[1:], found.counts[1:], strict=True):
        assert set(places) < set(found.found[0])
        own = listed([rule], records, KeyMaker(records, CAP), ranked(records, 1), 10**9)
        assert own.counts[0].pairs == count.pairs
        assert len(own.pairs) == len(places)


def test_true_pairs_are_looked_for_among_all_records(records: Records) -> None:
    """Of a truth every pair counts once, found by a rule or not."""
    named = records.mentions.read(["source", "record_id"])
    truth = named.with_columns(true_id=pl.lit("one")).head(10)
    matches = told_by_truth([BY_WORD, BY_DATE], records, CAP, truth)
    assert matches.total == 45
    by_hand = {pair for pair in pairs_by_hand(records) if max(pair) < 10}
    assert len(matches.found[0]) == len(by_hand)

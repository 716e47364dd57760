"""Runs of equal keys: sorting, dividing, and which runs a record is in."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linker.blocking.runs import runs_by_record, runs_of, sort_keys, split
from tests.blocking.twins import ALL_BITS, splitmix

KEY = (
    st.integers(0, ALL_BITS)
    | st.integers(0, 3)
    | st.integers(0, 5).map(splitmix)
    | st.integers(0, 7).map(lambda low: 0xABCD_EF01_2345_6700 + low)  # alike in the upper bits
)
KEYS = st.lists(st.tuples(KEY, st.integers(0, 12)), max_size=40)


def sort(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort keys as blocking does: records ascend before."""
    ordered = sorted(pairs, key=lambda pair: pair[1])
    keys = np.array([key for key, _ in ordered], np.uint64)
    records = np.array([record for _, record in ordered], np.int32)
    before = keys.copy(), records.copy()
    sorted_keys, sorted_records = sort_keys(keys, records)
    assert np.array_equal(keys, before[0])
    assert np.array_equal(records, before[1])
    return list(zip(sorted_keys.tolist(), sorted_records.tolist(), strict=True))


@given(KEYS)
@example([])
@example([(5, 1), (5, 1), (5, 0)])
@example([(ALL_BITS, 0), (0, 1)])
def test_sorted_keys_are_sorted_each_once(pairs: list[tuple[int, int]]) -> None:
    """By key and then record, as Python sorts them; what is there twice is there once."""
    assert sort(pairs) == sorted(set(pairs))


def test_many_keys_are_sorted() -> None:
    """A hundred thousand keys, spread as hashes are and shared by a few records each."""
    draw = np.random.default_rng(1)
    keys = draw.integers(0, 1 << 63, 30_000, np.uint64)[draw.integers(0, 30_000, 100_000)]
    records = np.sort(draw.integers(0, 50_000, 100_000)).astype(np.int32)
    found = np.stack([column.astype(np.uint64) for column in sort_keys(keys, records)])
    expected = np.unique(np.stack([keys, records.astype(np.uint64)]), axis=1)
    assert np.array_equal(found, expected)


@given(KEYS, st.integers(1, 6))
@example([], 2)
@example([(1, record) for record in range(6)], 6)
@example([(1, record) for record in range(7)], 6)
def test_keys_are_divided_by_how_many_share_them(pairs: list[tuple[int, int]], cap: int) -> None:
    """One record makes no pair, up to the cap make pairs, more are over-full."""
    groups = [
        (key, [record for _, record in members])
        for key, members in groupby(sorted(set(pairs)), key=lambda pair: pair[0])
    ]
    keys = np.array([key for key, members in groups for _ in members], np.uint64)
    records = np.array([record for _, members in groups for record in members], np.int32)
    found = split(keys, records, cap)
    usable = [members for _, members in groups if 1 < len(members) <= cap]
    over = [(key, members) for key, members in groups if len(members) > cap]
    assert found.members.tolist() == [record for members in usable for record in members]
    assert found.sizes.tolist() == [len(members) for members in usable]
    assert found.over_keys.tolist() == [key for key, members in over for _ in members]
    assert found.over_records.tolist() == [record for _, members in over for record in members]
    assert found.over_sizes.tolist() == [len(members) for _, members in over]


RUNS = st.lists(st.sets(st.integers(0, 6), min_size=2).map(sorted), max_size=6)


@given(st.lists(RUNS, max_size=3))
def test_runs_know_their_rule_and_their_pairs(rules: list[list[list[int]]]) -> None:
    """Runs come in the order of rules, and each record knows those it is in, ascending."""
    parts = [
        (
            number,
            np.array([record for run in runs for record in run], np.int32),
            np.array([len(run) for run in runs], np.int64),
        )
        for number, runs in enumerate(rules)
    ]
    found = runs_of(parts)
    flat = [(rule, run) for rule, runs in enumerate(rules) for run in runs]
    assert found.rules.tolist() == [rule for rule, _ in flat]
    bounds = zip(found.starts[:-1], found.starts[1:], strict=True)
    assert [found.members[a:b].tolist() for a, b in bounds] == [run for _, run in flat]
    assert found.pairs.tolist() == [len(run) * (len(run) - 1) // 2 for _, run in flat]
    positions, run_ids = runs_by_record(found, 8)
    for record in range(8):
        inside = [number for number, (_, run) in enumerate(flat) if record in run]
        assert run_ids[positions[record] : positions[record + 1]].tolist() == inside


@pytest.mark.parametrize("records", [0, 3])
def test_no_runs(records: int) -> None:
    """Without runs every record is in none."""
    positions, run_ids = runs_by_record(runs_of([]), records)
    assert positions.tolist() == [0] * (records + 1)
    assert len(run_ids) == 0

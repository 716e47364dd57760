"""Runs of equal keys: what is sorted once serves counting, scoring and looking up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linker.blocking.hashing import Bytes, Int32s, Int64s, UInt64s
from linker.compiled import compiled_once

_DIGIT_BITS = 11
_FIRST_SHIFT = 31
"""Sorting looks at the upper 33 bits, three digits; hashes hardly ever agree on more and differ."""


@dataclass(frozen=True)
class Runs:
    """Records that share a key, run by run; each two records of a run are a candidate pair.

    Attributes:
        members: The records of all runs, ascending within each.
        starts: Where each run starts, and where the last one ends.
        rules: The number of each run's rule, ascending.
    """

    members: Int32s
    starts: Int64s
    rules: Bytes

    @property
    def pairs(self) -> Int64s:
        """How many pairs each run makes."""
        return pairs_of(np.diff(self.starts))


@dataclass(frozen=True)
class SplitKeys:
    """The sorted keys of a rule, divided by how many records share each.

    Attributes:
        members: The records of keys that two or more share, and no more than the cap.
        sizes: How many each of these keys has.
        over_keys: The keys that more records share, once a record.
        over_records: Their records.
        over_sizes: How many records each of these keys has.
    """

    members: Int32s
    sizes: Int64s
    over_keys: UInt64s
    over_records: Int32s
    over_sizes: Int64s


def sort_keys(keys: UInt64s, records: Int32s) -> tuple[UInt64s, Int32s]:
    """Return keys and their records sorted by (key, record), each pair of them once.

    Args:
        keys: Hashes, spread evenly.
        records: The record of each key, ascending.
    """
    if not len(keys):
        return keys, records
    return _distinct(*_sorted(keys, records))


def sorted_places(keys: UInt64s) -> Int32s:
    """Return the places of keys in ascending order, equal ones in the order they come in.

    Args:
        keys: Hashes, spread evenly; fewer than 2**31.
    """
    places = np.arange(len(keys), dtype=np.int32)
    return _sorted(keys, places)[1] if len(keys) else places


def split(keys: UInt64s, records: Int32s, cap: int) -> SplitKeys:
    """Divide sorted keys into those that make pairs and those that too many records share.

    Args:
        keys: Sorted.
        records: The record of each.
        cap: The most records that may share a key.
    """
    bounds = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1], [True]]))
    if not len(keys):
        bounds = np.zeros(1, dtype=np.int64)
    sizes = np.diff(bounds)
    fits, over = (sizes > 1) & (sizes <= cap), sizes > cap
    in_run, in_over = np.repeat(fits, sizes), np.repeat(over, sizes)
    return SplitKeys(
        records[in_run],
        sizes[fits].astype(np.int64),
        keys[in_over],
        records[in_over],
        sizes[over].astype(np.int64),
    )


def pairs_of(sizes: Int64s) -> Int64s:
    """Return how many pairs so many records make."""
    return np.asarray(sizes * (sizes - 1) // 2)


def runs_of(parts: Sequence[tuple[int, Int32s, Int64s]]) -> Runs:
    """Return runs from the members and sizes of each rule.

    Args:
        parts: Rule number, members and sizes, in the order of rules.
    """
    members = [np.empty(0, dtype=np.int32), *(members for _, members, _ in parts)]
    sizes = [np.empty(0, dtype=np.int64), *(sizes for _, _, sizes in parts)]
    rules = [np.full(len(own), rule, dtype=np.uint8) for rule, _, own in parts]
    ends = np.cumsum(np.concatenate(sizes), dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends])
    return Runs(
        np.concatenate(members), starts, np.concatenate([np.empty(0, dtype=np.uint8), *rules])
    )


def runs_by_record(runs: Runs, records: int) -> tuple[Int64s, Int32s]:
    """Return for each record the runs it is in, ascending.

    Args:
        runs: The runs.
        records: How many records there are.

    Returns:
        Where the runs of each record start and the last one's end, and the numbers of the runs.
    """
    counts = np.bincount(runs.members, minlength=records)
    positions = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
    return positions, _filled(runs.members, runs.starts, positions)


@compiled_once
def _filled(members: Int32s, starts: Int64s, positions: Int64s) -> Int32s:
    free = positions[:-1].copy()
    run_ids = np.empty(len(members), dtype=np.int32)
    for run in range(len(starts) - 1):
        for place in range(starts[run], starts[run + 1]):
            record = members[place]
            run_ids[free[record]] = run
            free[record] += 1
    return run_ids


@compiled_once
def _sorted(keys: UInt64s, records: Int32s) -> tuple[UInt64s, Int32s]:
    """Sort by key, stably: three digits from the lower up, then what they left out of order."""
    one_keys, one_records = keys.copy(), records.copy()
    other_keys, other_records = np.empty_like(keys), np.empty_like(records)
    buckets = 1 << _DIGIT_BITS
    mask = np.uint64(buckets - 1)
    for digit in range(3):
        shift = np.uint64(_FIRST_SHIFT + digit * _DIGIT_BITS)
        places = np.zeros(buckets + 1, dtype=np.int64)
        for key in one_keys:
            places[np.int64((key >> shift) & mask) + 1] += 1
        for bucket in range(buckets):
            places[bucket + 1] += places[bucket]
        for index in range(len(one_keys)):
            key = one_keys[index]
            place = np.int64((key >> shift) & mask)
            other_keys[places[place]] = key
            other_records[places[place]] = one_records[index]
            places[place] += 1
        one_keys, other_keys = other_keys, one_keys
        one_records, other_records = other_records, one_records
    for index in range(1, len(one_keys)):
        key, record = one_keys[index], one_records[index]
        free = index
        while free > 0 and one_keys[free - 1] > key:
            one_keys[free] = one_keys[free - 1]
            one_records[free] = one_records[free - 1]
            free -= 1
        one_keys[free] = key
        one_records[free] = record
    return one_keys, one_records


@compiled_once
def _distinct(keys: UInt64s, records: Int32s) -> tuple[UInt64s, Int32s]:
    """Drop repeats from what is sorted by (key, record)."""
    kept = 1
    for index in range(1, len(keys)):
        if keys[index] != keys[index - 1] or records[index] != records[index - 1]:
            keys[kept] = keys[index]
            records[kept] = records[index]
            kept += 1
    return keys[:kept].copy(), records[:kept].copy()

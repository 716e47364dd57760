"""What many blocking rules find of a sample of records, among all the records there are.

A uniform sample of records would keep both records of a pair only at the square of its share, and
keys would be less full in it than they are. So the keys of all records are made, and over-full
ones left out, as a nightly link does; but only the pairs of some records, the probes, are listed,
each with whatever it meets. A pair is listed once for each of its records that is a probe, so that
a sum over the listed pairs, divided by twice the share of probes, estimates the sum over all pairs
without bias (D. Horvitz and D. Thompson, A Generalization of Sampling Without Replacement From a
Finite Universe, JASA 47, 1952). What is sampled is the probe, and intervals resample probes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Bools, Int32s, Int64s, hash_numbers
from linker.blocking.keys import HashedPart, hash_part, key_parts
from linker.blocking.pairs import RuleCount, find_runs
from linker.blocking.runs import Runs
from linker.blocking.values import record_keys
from linker.compiled import compiled_once
from linker.config import BlockingRule
from linker.night.matching import score_list
from linker.night.records import Records
from linker.scoring.scorer import PackedMentions

MOST_LISTED: Final = 24_000_000
"""Pairs listed under all rules together; of more the probes are halved until they fit."""
MOST_HELD: Final = 2_000_000_000
"""Bytes of hashes of parts that are kept for the next rule."""
LEAST_WEIGHT: Final = -6.0
"""In bits: pairs less probable than one in 65 count as no matches at all."""
_DEAR: Final = 0.2
"""Pairs a record from which on a rule is worth listing with a lower cap as well."""
_FEWER: Final = 0.8
"""And if so many of its pairs at most are left by it."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Listed:
    """The pairs of some probes under some rules.

    Attributes:
        rules: The rules, in the order they were given.
        counts: What each yields among all records, exactly.
        ranks: The record of each probe.
        total: How many records there are.
        pairs: A number for each listed pair, ascending: the rank of its probe times `total`, and
            the record it meets.
        found: By rule, the places in `pairs` of what it finds, ascending.
    """

    rules: list[BlockingRule]
    counts: list[RuleCount]
    ranks: Int64s
    total: int
    pairs: Int64s
    found: list[Int32s]

    @property
    def scale(self) -> float:
        """How many pairs of all records a listed one stands for."""
        return self.total / (2.0 * len(self.ranks)) if len(self.ranks) else 0.0

    @cached_property
    def probes(self) -> Int32s:
        """The rank of each pair's probe, ascending."""
        return np.asarray((self.pairs // max(self.total, 1)).astype(np.int32))

    @cached_property
    def ends(self) -> tuple[Int64s, Int64s]:
        """The two records of each pair, the smaller one first."""
        probe, other = self.ranks[self.probes], self.pairs % max(self.total, 1)
        return np.minimum(probe, other), np.maximum(probe, other)


@dataclass(frozen=True)
class Scores:
    """What a model says of listed pairs.

    Attributes:
        expected: How probable it is that a pair is a match that may become a link; 0 where it is
            hardly one, or its evidence of identity is below the floor.
        linked: Whether it is a link by itself.
        seconds_per_pair: What scoring took of the clock, for each distinct pair.
    """

    expected: Floats
    linked: Bools
    seconds_per_pair: float


def ranked(records: Records, seed: int) -> Int64s:
    """Return the numbers of all records in an order that a seed and their names alone decide."""
    keys = record_keys(records.mentions.read(["source", "record_id"])) ^ np.uint64(seed)
    drawn = hash_numbers(keys.view(np.int64), np.ones(len(keys), dtype=np.uint8))
    return np.asarray(np.argsort(drawn, kind="stable"))


class KeyMaker:
    """Makes the keys of rules one after another, and remembers the hashes of parts they share."""

    def __init__(self, records: Records, cap: int) -> None:
        """Make keys of some records.

        Args:
            records: All records.
            cap: The most records of a key where a rule has no cap of its own.
        """
        self._records = records
        self._cap = cap
        self._held: dict[str, HashedPart] = {}

    @property
    def cap(self) -> int:
        """The most records of a key where a rule has no cap of its own."""
        return self._cap

    def runs(self, rule: BlockingRule) -> tuple[Runs, RuleCount]:
        """Return the runs of equal keys of one rule, over-full ones left out, and its count."""
        records, held = self._records, self._held
        own = {part.name: part for part in key_parts([rule], records.entity_type)}
        for name, part in own.items():
            if name not in held:
                held[name] = hash_part(part, records.mentions.read(part.columns))
        for name in list(held):  # the longest held first
            if sum(one.hashes.nbytes + one.offsets.nbytes for one in held.values()) <= MOST_HELD:
                break
            if name not in own:
                del held[name]
        runs, counts = find_runs([rule], records.entity_type, held, records.height, self._cap)
        return runs, counts[0]


def distinct(values: Int64s) -> Int64s:
    """Return values ascending, each once."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[first])


def listed(
    rules: Sequence[BlockingRule],
    records: Records,
    keys: KeyMaker,
    probes: Int64s,
    most_pairs: int,
    lower: Sequence[int] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Listed:
    """List the pairs of probes under each rule.

    Args:
        rules: The rules; those that make more than `most_pairs` pairs are counted, then left out.
        records: All records.
        keys: Makes the keys of these.
        probes: Their records, in an order of which any beginning is a sample too.
        most_pairs: Of one rule, among all records.
        lower: Lower caps that a dear rule is listed with as well: its rare keys alone.
        tell: Receives how far it has come.
    """
    rank_of = np.full(records.height, -1, dtype=np.int32)
    rank_of[probes] = np.arange(len(probes), dtype=np.int32)
    kept, counts, own = [], [], []
    probed = len(probes)
    names = {rule.name for rule in rules}
    for number, rule in enumerate(rules, 1):
        tell(f"rule {number} of {len(rules)}")
        for version, runs, count in _versions(rule, records, keys, lower):
            if count.pairs > most_pairs or (version is not rule and version.name in names):
                continue
            met = distinct(_met(runs.members, runs.starts, rank_of, records.height))
            kept.append(version)
            counts.append(count)
            own.append(met)
        while probed > 1 and sum(map(len, own)) > MOST_LISTED:
            probed //= 2
            own = [one[: np.searchsorted(one, probed * records.height)] for one in own]
            rank_of[rank_of >= probed] = -1
    pairs = distinct(np.concatenate([np.empty(0, dtype=np.int64), *own]))
    found = [np.searchsorted(pairs, one).astype(np.int32) for one in own]
    return Listed(kept, counts, probes[:probed], records.height, pairs, found)


def _versions(
    rule: BlockingRule, records: Records, keys: KeyMaker, lower: Sequence[int]
) -> Iterator[tuple[BlockingRule, Runs, RuleCount]]:
    """Yield a rule, and what it is with each lower cap that leaves out a good part of its pairs."""
    runs, count = keys.runs(rule)
    yield rule, runs, count
    fewer = count.pairs
    for least in lower if not rule.refine and count.pairs > _DEAR * records.height else ():
        rarer = _up_to(runs, least)
        pairs = int(rarer.pairs.sum())
        if least < (rule.max_records_per_key or keys.cap) and pairs < _FEWER * fewer:
            fewer = pairs
            told = {"name": f"{rule.name}_up_to_{least}", "max_records_per_key": least}
            version = rule.model_copy(update=told)
            yield version, rarer, replace(count, rule=version.name, pairs=pairs)


def _up_to(runs: Runs, most: int) -> Runs:
    """Return the runs of no more than so many records."""
    sizes = np.diff(runs.starts)
    kept = sizes <= most
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[kept], dtype=np.int64)])
    return Runs(runs.members[np.repeat(kept, sizes)], starts, runs.rules[kept])


def scored(
    of: Listed, packed: PackedMentions, marks: Marks, threads: int, seconds: Clock
) -> Scores:
    """Score the listed pairs.

    Args:
        of: The pairs.
        packed: All records, packed for the model.
        marks: Tells of scored pairs which are links, and which may become one.
        threads: How many threads work side by side.
        seconds: The clock.
    """
    left, right = of.ends
    once, place = np.unique(left * of.total + right, return_inverse=True)
    sides = (
        (once // max(of.total, 1)).astype(np.int32),
        (once % max(of.total, 1)).astype(np.int32),
        np.zeros(len(once), dtype=np.uint8),
    )
    began = seconds()
    pairs, _ = score_list(packed, sides, LEAST_WEIGHT, threads, lambda _: None)
    took = seconds() - began
    marked = marks(pairs)
    at = np.searchsorted(
        once, marked["mention_l"].to_numpy() * of.total + marked["mention_r"].to_numpy()
    )
    expected, linked = np.zeros(len(once)), np.zeros(len(once), dtype=np.bool_)
    expected[at] = marked["expected"].to_numpy()
    linked[at] = marked["link"].to_numpy()
    return Scores(expected[place], linked[place], took / max(len(once), 1))


Marks = Callable[[pl.DataFrame], pl.DataFrame]
"""Adds ``link`` and ``expected`` to `SCORED_PAIRS`."""
Clock = Callable[[], float]


@compiled_once
def _met(members: Int32s, starts: Int64s, rank_of: Int32s, total: int) -> Int64s:
    """Return the numbers of the pairs that probes make within runs; one may repeat."""
    count = 0
    for run in range(len(starts) - 1):
        size = starts[run + 1] - starts[run]
        for place in range(starts[run], starts[run + 1]):
            if rank_of[members[place]] >= 0:
                count += size - 1
    met = np.empty(count, dtype=np.int64)
    free = 0
    for run in range(len(starts) - 1):
        for place in range(starts[run], starts[run + 1]):
            rank = rank_of[members[place]]
            if rank < 0:
                continue
            for other in range(starts[run], starts[run + 1]):
                if other != place:
                    met[free] = np.int64(rank) * total + members[other]
                    free += 1
    return met

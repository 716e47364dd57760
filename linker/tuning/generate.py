"""Candidate blocking rules: those of the configuration, and new ones made of the columns.

A generated key joins one to three parts of different kinds. There are some thousand of them; which
are measured is decided by what they share with matches that the given rules find, and by how many
pairs they would make if their parts were independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from linker.blocking.hashing import NO_HASH, Bools, Int32s, Int64s, UInt64s
from linker.blocking.keys import HashedPart, hash_part, key_columns, parse_key
from linker.compiled import compiled_once
from linker.config import BlockingRule
from linker.night.records import Records
from linker.schemas import EntityType
from linker.tuning.parts import KINDS_OF_PARTS, go_together, named

MOST_GENERATED: Final = 80
MOST_PARTS: Final = 3
COUNTED: Final = 200_000
"""Records among which it is counted how often two agree on a part."""
KNOWN: Final = 4_000
"""Matches on which keys are tried."""
_TOO_WIDE: Final = 4.0
"""A key may promise so many times the budget: over-full keys will be left out."""
_SMALL: Final = 0.05
"""Pairs a record below which a rule costs as good as nothing."""
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Known:
    """Matches that the given rules find.

    Attributes:
        left: One record of each.
        right: The other.
        expected: How probable each is.
        times: How many of the given rules find it.
    """

    left: Int64s
    right: Int64s
    expected: Floats
    times: Int64s


def part_columns(entity_type: EntityType) -> set[str]:
    """Return the columns of mentions that generated keys may be made of."""
    every = BlockingRule(name="every", key=list(KINDS_OF_PARTS[entity_type]))
    return key_columns([every], entity_type)


def generated(
    given: Sequence[BlockingRule], records: Records, known: Known, most_pairs: int, cap: int
) -> list[BlockingRule]:
    """Return new rules, the most promising first; none whose key is given with as high a cap.

    Args:
        given: The rules there are.
        records: All records.
        known: Matches that these find.
        most_pairs: The budget of all rules together.
        cap: The most records of a key where a rule has no cap of its own.
    """
    taken = _some(known)
    parts = _parts(records, known, taken)
    keys = [
        key
        for size in range(1, MOST_PARTS + 1)
        for key in combinations(parts, size)
        if go_together([parts[part].kind for part in key])
    ]
    there = {frozenset(rule.key) for rule in given if (rule.max_records_per_key or cap) >= cap}
    possible = records.height * (records.height - 1) / 2
    pairs = np.array(
        [possible * float(np.prod([parts[part].agreeing for part in key])) for key in keys]
    )
    fits = [
        place
        for place, key in enumerate(keys)
        if frozenset(key) not in there and pairs[place] <= _TOO_WIDE * most_pairs
    ]
    if not fits or not len(taken):
        return []
    agree = np.stack(
        [np.logical_and.reduce([parts[part].agree for part in keys[place]]) for place in fits]
    )
    worth = known.expected[taken] / np.maximum(known.times[taken], 1)
    cost = np.sqrt(pairs[fits] + _SMALL * records.height)
    names = {rule.name for rule in given}
    chosen = [list(keys[fits[place]]) for place in _spread(agree, worth, cost)]
    return [
        BlockingRule(name=named(key) if named(key) not in names else f"{named(key)}_again", key=key)
        for key in chosen
    ]


@dataclass(frozen=True)
class _Part:
    """A part of keys: its kind, how probably two records agree on it, which matches do."""

    kind: str
    agreeing: float
    agree: Bools


def _some(known: Known) -> Int64s:
    """Return the places of as many matches as keys are tried on, spread evenly."""
    every = len(known.left)
    return np.unique(np.linspace(0, every - 1, min(every, KNOWN)).astype(np.int64))


def _parts(records: Records, known: Known, taken: Int64s) -> Mapping[str, _Part]:
    """Return the parts that any two records agree on, by name."""
    entity = records.entity_type
    counted = np.unique(
        np.linspace(0, records.height - 1, min(records.height, COUNTED)).astype(np.int64)
    )
    ends, place = np.unique(
        np.concatenate([known.left[taken], known.right[taken]]), return_inverse=True
    )
    left, right = place[: len(taken)], place[len(taken) :]
    found = {}
    for name, kind in KINDS_OF_PARTS[entity].items():
        (part,) = parse_key(BlockingRule(name="part", key=[name]), entity)
        frame = records.mentions.read(part.columns)
        agreeing = _agreeing(hash_part(part, frame[counted]))
        if agreeing == 0:
            continue
        ours = hash_part(part, frame[ends])
        found[name] = _Part(kind, agreeing, _agree(ours, left, right))
    return found


def _agreeing(part: HashedPart) -> float:
    """Return how probably two of some records share a value of a part."""
    records = len(part.offsets) - 1 if len(part.offsets) else len(part.hashes)
    _, sizes = np.unique(part.hashes[part.hashes != NO_HASH], return_counts=True)
    pairs = float((sizes.astype(np.float64) * (sizes - 1)).sum())
    return min(1.0, pairs / (records * (records - 1))) if records > 1 else 0.0


def _agree(part: HashedPart, left: Int64s, right: Int64s) -> Bools:
    bounds = part.offsets if len(part.offsets) else np.arange(len(part.hashes) + 1)
    return np.asarray(_shares(part.hashes, bounds.astype(np.int64), left, right))


@compiled_once
def _shares(hashes: UInt64s, bounds: Int64s, left: Int64s, right: Int64s) -> Bools:
    """Return which pairs have a value of a part in common."""
    found = np.zeros(len(left), dtype=np.bool_)
    for pair in range(len(left)):
        for one in range(bounds[left[pair]], bounds[left[pair] + 1]):
            if hashes[one] == 0:
                continue
            for other in range(bounds[right[pair]], bounds[right[pair] + 1]):
                if hashes[one] == hashes[other]:
                    found[pair] = True
    return found


def _spread(agree: Bools, worth: Floats, cost: Floats) -> Int32s:
    """Choose keys one by one; a match counts half as much for each chosen key that has it."""
    left = worth.copy()
    matrix = agree.astype(np.float32)
    chosen: list[int] = []
    for _ in range(min(MOST_GENERATED, len(agree))):
        promise = (matrix @ left.astype(np.float32)) / cost
        promise[chosen] = -1.0
        best = int(np.argmax(promise))
        if promise[best] <= 0:
            break
        chosen.append(best)
        left[agree[best]] /= 2
    return np.array(chosen, dtype=np.int32)

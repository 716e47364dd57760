"""The keys of some mentions under every blocking rule, refined ones included, and their files.

A rule that refines its over-full keys has the refined keys of all mentions kept, since any key may
become over-full when mentions are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from linker.blocking.hashing import NO_HASH, Int32s, UInt64s
from linker.blocking.index import (
    NOT_REFINED,
    SortedKeys,
    refined_name,
    rule_name,
    write_sorted,
)
from linker.blocking.keys import (
    HashedPart,
    extended_keys,
    hash_part,
    key_parts,
    parse_refinement,
    rule_keys,
)
from linker.blocking.pairs import TakeKeys
from linker.blocking.runs import sort_keys, sorted_places
from linker.config import BlockingRule
from linker.schemas import EntityType

A = TypeVar("A")
B = TypeVar("B")

Read = Callable[[Iterable[str]], pl.DataFrame]
"""Gives some columns of some mentions, always of the same ones in the same order."""


def side_by_side(work: Callable[[A], B], items: Sequence[A], threads: int) -> list[B]:
    """Return what some work gives of each item, done by so many threads; by the caller's if one."""
    if threads == 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))


@dataclass(frozen=True)
class RuleKeys:
    """The keys of some mentions under one rule.

    Attributes:
        own: The rule's keys.
        refined: What they become by the rule's refinement; none where the rule has none.
    """

    own: SortedKeys
    refined: SortedKeys | None


def hash_parts(
    rules: Sequence[BlockingRule], entity_type: EntityType, read: Read, threads: int = 1
) -> dict[str, HashedPart]:
    """Return the hashes of every part of some rules' keys, by its name.

    Args:
        rules: The blocking rules.
        entity_type: Whose mentions they are.
        read: Gives the mentions' columns.
        threads: How many parts are hashed side by side.
    """
    parts = key_parts(rules, entity_type)
    found = side_by_side(lambda part: hash_part(part, read(part.columns)), parts, threads)
    return {part.name: one for part, one in zip(parts, found, strict=True)}


def mention_keys(
    rules: Sequence[BlockingRule],
    entity_type: EntityType,
    read: Read,
    numbers: Int32s,
    threads: int = 1,
) -> list[RuleKeys]:
    """Return the keys of some mentions under each rule.

    Args:
        rules: The blocking rules in order.
        entity_type: Whose mentions they are.
        read: Gives the mentions' columns, in the order of `numbers`.
        numbers: The mentions, ascending.
        threads: How many rules are worked on side by side.
    """
    hashed = hash_parts(rules, entity_type, read, threads)

    def found(rule: BlockingRule) -> RuleKeys:
        keys, rows = sort_keys(*rule_keys(rule, entity_type, hashed, len(numbers)))
        refined = _refined(rule, entity_type, hashed, keys, rows)
        return RuleKeys(
            SortedKeys(keys, numbers[rows], NOT_REFINED), refined and _numbered(refined, numbers)
        )

    return side_by_side(found, rules, threads)


def write_segment_keys(
    directory: Path,
    rules: Sequence[BlockingRule],
    entity_type: EntityType,
    read: Read,
    numbers: Int32s,
    threads: int = 1,
) -> list[RuleKeys]:
    """Write the keys of a segment's mentions under every rule, and return them.

    Args:
        directory: Of the segment's keys.
        rules: The blocking rules in order.
        entity_type: Whose mentions they are.
        read: Gives the mentions' columns, in the order of `numbers`.
        numbers: The segment's mentions, ascending.
        threads: How many rules are worked on side by side.

    Raises:
        OSError: They cannot be written.
    """
    found = mention_keys(rules, entity_type, read, numbers, threads)
    for rule, keys in zip(rules, found, strict=True):
        write_sorted(directory, rule_name(rule), keys.own)
        if keys.refined:
            write_sorted(directory, refined_name(rule), keys.refined)
    return found


def key_files(
    directory: Path,
    rules: Sequence[BlockingRule],
    entity_type: EntityType,
    hashed: Mapping[str, HashedPart],
) -> TakeKeys:
    """Return what writes the keys that `find_runs` makes into the first segment.

    So a full run makes and sorts its keys once. Mentions are numbered from 0.

    Args:
        directory: Of the segment's keys.
        rules: The blocking rules in order.
        entity_type: Whose mentions they are.
        hashed: The hashes of every part of the rules, by its name.
    """

    def take(number: int, keys: UInt64s, mentions: Int32s) -> None:
        rule = rules[number]
        write_sorted(directory, rule_name(rule), SortedKeys(keys, mentions, NOT_REFINED))
        refined = _refined(rule, entity_type, hashed, keys, mentions)
        if refined:
            write_sorted(directory, refined_name(rule), refined)

    return take


def _numbered(found: SortedKeys, numbers: Int32s) -> SortedKeys:
    return SortedKeys(found.keys, numbers[found.mentions], found.refined)


def _refined(
    rule: BlockingRule,
    entity_type: EntityType,
    hashed: Mapping[str, HashedPart],
    keys: UInt64s,
    rows: Int32s,
) -> SortedKeys | None:
    """Return the refined keys of a rule's sorted keys, sorted."""
    if not rule.refine:
        return None
    longer, whose = keys, rows
    for part in parse_refinement(rule, entity_type):
        keys = np.repeat(keys, _values(hashed[part.name])[whose])
        longer, whose = extended_keys(longer, whose, [part], hashed)
    order = sorted_places(longer)
    order = order[sorted_places(keys[order])]
    return _distinct(keys[order], longer[order], whose[order])


def _values(part: HashedPart) -> Int32s:
    """Return how many values of a part each mention has."""
    there = part.hashes != NO_HASH
    if not len(part.offsets):
        return np.asarray(there.astype(np.int32))
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(there, dtype=np.int64)])
    return np.asarray(np.diff(before[part.offsets]).astype(np.int32))


def _distinct(keys: UInt64s, refined: UInt64s, rows: Int32s) -> SortedKeys:
    """Drop repeats from what is sorted."""
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = (refined[1:] != refined[:-1]) | (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    return SortedKeys(keys[new], rows[new], refined[new])

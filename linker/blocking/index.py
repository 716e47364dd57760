"""The key index: which live mentions have a key, from sorted files that are read in place.

A segment's directory holds, for each name of keys, ``<name>.keys.npy`` and ``<name>.mentions.npy``,
sorted by (key, mention), each pair of them once. What a blocking rule refines its keys by has
``<name>.refined.npy`` as well and is sorted by (key, refined key, mention). Files are mapped, not
read: what is asked costs what it touches, however many mentions there are.

Names: ``rule.<rule>`` for the keys of a blocking rule, ``rule.<rule>+`` for its refined keys; other
rooms name their own, such as ``value.<column>``, ``record`` and ``case``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from linker.arrays import map_array
from linker.blocking.hashing import Bools, Int32s, Int64s, UInt64s
from linker.blocking.runs import sort_keys
from linker.blocking.search import count_live, places_of, take_live
from linker.config import BlockingRule
from linker.errors import StoreError

MOST_OPEN: Final = 128
"""Names of segments whose files stay mapped; each holds two or three of the process's files."""


@dataclass(frozen=True)
class SortedKeys:
    """Keys and their mentions, sorted by (key, refined key, mention), each of these once.

    Attributes:
        keys: Hashes.
        mentions: The mention of each.
        refined: What the key becomes by a rule's refinement; empty where keys are not refined.
    """

    keys: UInt64s
    mentions: Int32s
    refined: UInt64s

    def count(self, keys: UInt64s, refined: UInt64s) -> Int64s:
        """Return how many mentions have each key, or each refined key."""
        firsts, lasts = places_of(self.keys, self.refined, keys, refined)
        return np.asarray(lasts - firsts)


NOT_REFINED: Final[UInt64s] = np.empty(0, dtype=np.uint64)
"""Stands for the refined keys where there are none."""
_NO_REFINED: Final[UInt64s] = NOT_REFINED.view()
_NO_REFINED.flags.writeable = False  # of the kind that mapped files are

REFINED: Final = "+"
"""What the names of refined keys end in."""


def rule_name(rule: BlockingRule) -> str:
    """Return the name of the keys of a rule."""
    return f"rule.{rule.name}"


def refined_name(rule: BlockingRule) -> str:
    """Return the name of the refined keys of a rule."""
    return f"{rule_name(rule)}{REFINED}"


def write_keys(directory: Path, name: str, keys: UInt64s, mentions: Int32s) -> None:
    """Write the keys of one name into a segment.

    Args:
        directory: Of the segment's keys; made where it is missing.
        name: What the keys are called.
        keys: Hashes, spread evenly, in any order.
        mentions: The mention of each.

    Raises:
        OSError: They cannot be written.
    """
    if len(mentions) and (mentions[1:] < mentions[:-1]).any():
        order = np.argsort(mentions, kind="stable")
        keys, mentions = keys[order], mentions[order]
    write_sorted(directory, name, SortedKeys(*sort_keys(keys, mentions), NOT_REFINED))


def write_sorted(directory: Path, name: str, found: SortedKeys) -> None:
    """Write keys that are sorted, as `write_keys` does.

    Raises:
        OSError: They cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    np.save(directory / f"{name}.keys.npy", found.keys)
    np.save(directory / f"{name}.mentions.npy", found.mentions)
    if name.endswith(REFINED):
        np.save(directory / f"{name}.refined.npy", found.refined)


class KeyIndex:
    """The keys of all live mentions of one entity type, of several segments.

    Attributes:
        total: How many numbers of mentions there are, dead ones included.
    """

    def __init__(self, directories: Sequence[Path], dead: Bools) -> None:
        """Name the segments; their files are opened when they are first asked for.

        Args:
            directories: Of the segments' keys, in the order in which they were written, so that
                their numbers ascend.
            dead: By number, which mentions are dead. Mentions of later numbers are not there.
        """
        self._directories = tuple(directories)
        self.total = len(dead)
        self._live = np.packbits(~np.asarray(dead), bitorder="little")
        self._open: OrderedDict[tuple[Path, str], SortedKeys] = OrderedDict()

    def counts(self, name: str, keys: UInt64s, refined: UInt64s = NOT_REFINED) -> Int64s:
        """Return how many live mentions have each key.

        Args:
            name: What the keys are called.
            keys: Those asked for, fastest if ascending.
            refined: Counts those alone that have this refined key as well.

        Raises:
            StoreError: The files of a segment are missing or damaged.
        """
        counts = np.zeros(len(keys), dtype=np.int64)
        for segment in self._segments(name):
            firsts, lasts = _places(segment, keys, refined)
            count_live(firsts, lasts, segment.mentions, self._live, counts)
        return counts

    def members(
        self, name: str, keys: UInt64s, refined: UInt64s = NOT_REFINED
    ) -> tuple[Int32s, Int64s]:
        """Return the live mentions that have each key.

        Args:
            name: What the keys are called.
            keys: Those asked for, fastest if ascending.
            refined: Finds those alone that have this refined key as well.

        Returns:
            The mentions, ascending within each key, and where those of each key start and the last
            ones end.

        Raises:
            StoreError: The files of a segment are missing or damaged.
        """
        found, starts = self._found(name, keys, refined)
        return found.mentions, starts

    def refinements(self, name: str, keys: UInt64s) -> SortedKeys:
        """Return all refined keys of the live mentions of some keys.

        Args:
            name: What the refined keys are called.
            keys: Those that they refine, ascending, each once.

        Raises:
            StoreError: The files of a segment are missing or damaged.
        """
        found, _ = self._found(name, keys, NOT_REFINED)
        order = np.lexsort((found.mentions, found.refined, found.keys))
        return SortedKeys(found.keys[order], found.mentions[order], found.refined[order])

    def _found(self, name: str, keys: UInt64s, refined: UInt64s) -> tuple[SortedKeys, Int64s]:
        """Return what live mentions have of each key, segment by segment, and where it starts."""
        counts = np.zeros(len(keys), dtype=np.int64)
        placed = []
        for segment in self._segments(name):
            firsts, lasts = _places(segment, keys, refined)
            count_live(firsts, lasts, segment.mentions, self._live, counts)
            placed.append((segment, firsts, lasts))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        mentions = np.empty(starts[-1], dtype=np.int32)
        finer = np.empty(starts[-1] if name.endswith(REFINED) else 0, dtype=np.uint64)
        free = starts[:-1].copy()
        for segment, firsts, lasts in placed:
            held = segment.mentions, segment.refined
            take_live(firsts, lasts, *held, self._live, free, (mentions, finer))
        return SortedKeys(np.repeat(keys, counts), mentions, finer), starts

    def _segments(self, name: str) -> list[SortedKeys]:
        return [self._segment(directory, name) for directory in self._directories]

    def _segment(self, directory: Path, name: str) -> SortedKeys:
        """Return the keys of a segment, mapped; those not asked for longest are let go."""
        known = self._open.pop((directory, name), None) or open_keys(directory, name)
        self._open[directory, name] = known
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        return known


def _places(held: SortedKeys, keys: UInt64s, refined: UInt64s) -> tuple[Int64s, Int64s]:
    finer = held.refined if len(refined) else held.refined[:0]
    return places_of(held.keys, finer, keys, refined)


def open_keys(directory: Path, name: str) -> SortedKeys:
    """Return some keys of a segment, mapped.

    Args:
        directory: Of the segment's keys.
        name: What they are called.

    Raises:
        StoreError: A file is missing or damaged.
    """
    held = SortedKeys(
        _column(directory, name, "keys", np.dtype(np.uint64)),
        _column(directory, name, "mentions", np.dtype(np.int32)),
        _column(directory, name, "refined", np.dtype(np.uint64))
        if name.endswith(REFINED)
        else _NO_REFINED,
    )
    refined = len(held.refined) if name.endswith(REFINED) else len(held.keys)
    if not len(held.keys) == len(held.mentions) == refined:
        raise _damaged(directory, name)
    return held


def _column(directory: Path, name: str, column: str, dtype: np.dtype[Any]) -> Any:  # noqa: ANN401
    try:
        mapped = map_array(directory / f"{name}.{column}.npy")
    except (OSError, ValueError, EOFError, SyntaxError):
        raise _damaged(directory, name) from None
    if mapped.dtype != dtype or mapped.ndim != 1:
        raise _damaged(directory, name)
    return np.asarray(mapped)


def _damaged(directory: Path, name: str) -> StoreError:
    return StoreError(
        f"{directory}: the keys {name!r} are missing or damaged; run linker link --full"
    )

"""The warehouse: every mention of one entity type as a generation holds it, in segments.

A mention has a number, which it keeps while its record is unchanged; a changed record is a new
mention, and the old one is dead, as is that of a record that is gone. What is told of each mention
lies in arrays by number, so that a night's work on a few of them does not read the others:

dead.npy         whether it is dead
serials.npy      the serial number of its entity, -1 where it is dead
components.npy   which component of links it is in, named by the number of one of its mentions
pairs/           scored pairs, one file a run that scored some; void/ those that count no longer
segments/        the mentions, see `linker.store.segment`
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.index import KeyIndex
from linker.schemas import MENTIONS, SCORED_PAIRS, EntityType, empty
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import Features, Int32s, Int64s, join
from linker.scoring.features.rows import some_rows
from linker.store.reading import read_array, read_table
from linker.store.segment import Segment, UInt64s, open_segment

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

PAIRS: Final = {**SCORED_PAIRS, "link": pl.Boolean()}
"""Scored pairs by number, and whether each is a link within one entity."""
VOID: Final = {"mention_l": pl.Int64(), "mention_r": pl.Int64()}
"""Pairs of living mentions that are no candidate pairs any more."""


@dataclass(frozen=True)
class Warehouse:
    """The mentions of one entity type.

    Attributes:
        entity_type: What they are of.
        segments: In the order of their numbers.
        dead: By number, whether the mention is dead.
    """

    entity_type: EntityType
    directory: Path
    segments: tuple[Segment, ...]
    dead: Bools

    @property
    def total(self) -> int:
        """How many numbers have been given, those of dead mentions included."""
        return len(self.dead)

    @cached_property
    def live(self) -> Int64s:
        """The numbers of the living mentions, ascending."""
        return np.flatnonzero(~self.dead)

    @property
    def height(self) -> int:
        """How many living mentions there are."""
        return len(self.live)

    @cached_property
    def serials(self) -> Int64s:
        """By number the serial number of the mention's entity, -1 where it is dead."""
        return read_array(self.directory / "serials.npy")

    @property
    def entities(self) -> int:
        """How many entities the living mentions are of."""
        return int((np.bincount(self.serials[self.live]) > 0).sum())

    @cached_property
    def components(self) -> Int32s:
        """By number the mention's component of links."""
        return read_array(self.directory / "components.npy")

    @cached_property
    def index(self) -> KeyIndex:
        """The keys of the living mentions."""
        return KeyIndex([segment.keys for segment in self.segments], self.dead)

    @cached_property
    def nulls(self) -> dict[str, int]:
        """For each column how many mentions lack it, of the dead ones as well."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            counts.update(segment.about["nulls"])
        return dict(counts)

    def of_source(self, name: str) -> Int64s:
        """Return the numbers of the living mentions of a source, ascending."""
        found = [np.empty(0, dtype=np.int64)]
        for segment in self.segments:
            here = segment.of_source(name)
            found.append(here[~self.dead[here]])
        return np.concatenate(found)

    def contents(self, numbers: Int64s) -> UInt64s:
        """Return of some mentions the hash of the row each was made from."""
        found = np.zeros(len(numbers), dtype=np.uint64)
        for segment, here in self._split(numbers):
            found[here] = segment.contents[numbers[here] - segment.first]
        return found

    def rows(self, numbers: Int64s, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns of some mentions, in the order asked."""
        wanted = set(columns)
        names = [name for name in MENTIONS[self.entity_type] if name in wanted]
        parts = [empty({name: MENTIONS[self.entity_type][name] for name in names})]
        order = []
        for segment, here in self._split(numbers):
            parts.append(segment.rows(numbers[here] - segment.first, names))
            order.append(here)
        if len(order) == 1:
            return parts[1]
        found = pl.concat(parts)
        return found[np.argsort(np.concatenate(order))] if order else found

    def features(self, numbers: Int64s, layout: Layout, threads: int = 1) -> Features:
        """Return some mentions, packed by themselves as a model compares them.

        Args:
            numbers: The mentions, ascending.
            layout: How the model reads them.
            threads: How many threads work side by side.

        Raises:
            StoreError: A segment was packed for another model.
        """
        parts = [
            some_rows(segment.features(layout), numbers[here] - segment.first, threads)
            for segment, here in self._split(numbers)
        ]
        found = parts[0]
        for part in parts[1:]:
            found = join(found, part, threads)
        return found

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns of all living mentions, in the order of their numbers."""
        wanted = set(columns)
        names = [name for name in MENTIONS[self.entity_type] if name in wanted]
        parts = [empty({name: MENTIONS[self.entity_type][name] for name in names})]
        for segment in self.segments:
            dead = self.dead[segment.first : segment.stop]
            whole = segment.read(names)
            parts.append(whole.filter(pl.Series(~dead)) if dead.any() else whole)
        return pl.concat(parts)

    def pairs(self, columns: Sequence[str] | None = None, *, uncut: bool = False) -> pl.DataFrame:
        """Return the scored pairs of living mentions; `PAIRS`, or some of its columns.

        Args:
            columns: Those wanted; all unless given.
            uncut: Whether links between two entities, which were cut, count as links.
        """
        names = list(columns or PAIRS)
        found = self._every_pair
        if "link" in names and not uncut:
            left, right = (self.serials[found[name].to_numpy()] for name in VOID)
            within = pl.Series(left == right, dtype=pl.Boolean)
            found = found.with_columns(link=pl.col("link") & within)
        return found.select(names)

    @cached_property
    def _every_pair(self) -> pl.DataFrame:
        """The scored pairs of living mentions, links between two entities among them."""
        void = empty(VOID)
        parts = [empty(PAIRS)]
        for run in self._runs():
            scored, gone = (self.directory / kind / run for kind in ("pairs", "void"))
            if scored.exists():
                found = read_table(scored, list(PAIRS))
                found = found.filter(self.alive(found))
                if void.height:
                    found = found.join(void, on=list(VOID), how="anti", maintain_order="left")
                parts.append(found)
            if gone.exists():
                void = pl.concat([void, read_table(gone)])
        return pl.concat(parts)

    def _runs(self) -> list[str]:
        """Return the names of the files of runs that scored pairs or voided some, latest first."""
        found = {
            path.name
            for kind in ("pairs", "void")
            for path in (self.directory / kind).glob("*.parquet")
        }
        return sorted(found, reverse=True)

    def alive(self, pairs: pl.DataFrame) -> pl.Series:
        """Return which pairs are of two living mentions."""
        left, right = (pairs[name].to_numpy() for name in VOID)
        return pl.Series(~(self.dead[left] | self.dead[right]), dtype=pl.Boolean)

    def _split(self, numbers: Int64s) -> list[tuple[Segment, Int64s]]:
        """Return each segment that has some of the mentions, and where in `numbers` they are."""
        bounds = np.array([segment.first for segment in self.segments])
        of = np.searchsorted(bounds, numbers, side="right") - 1
        found = []
        for place, segment in enumerate(self.segments):
            here = np.flatnonzero(of == place)
            if len(here):
                found.append((segment, here))
        return found


def open_warehouse(entity_type: EntityType, directory: Path) -> Warehouse:
    """Open what a generation holds of one entity type.

    Args:
        entity_type: Of which.
        directory: The entity type's directory in the generation.

    Raises:
        StoreError: A file is missing or damaged.
    """
    return Warehouse(
        entity_type,
        directory,
        open_segments(entity_type, directory),
        read_array(directory / "dead.npy"),
    )


def open_segments(entity_type: EntityType, directory: Path) -> tuple[Segment, ...]:
    """Open the segments of an entity type's directory, in the order of their numbers."""
    found = [open_segment(entity_type, path) for path in (directory / "segments").iterdir()]
    return tuple(sorted(found, key=lambda segment: segment.first))


def write_arrays(
    directory: Path, *, dead: Bools, serials: Int64s | None = None, components: Int32s | None = None
) -> None:
    """Write what is told of each mention by number.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    np.save(directory / "dead.npy", dead)
    if serials is not None:
        np.save(directory / "serials.npy", serials)
    if components is not None:
        np.save(directory / "components.npy", components)


def carry_over(source: Path, target: Path) -> None:
    """Give a directory the files of another one: links to the same bytes, which are never changed.

    Where the file system cannot link, they are copied.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    shutil.copytree(source, target, copy_function=_link, dirs_exist_ok=True)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target

"""Segments: what one run added to the warehouse, written once and shared by later generations.

A segment holds the mentions of one entity type that a run took in, numbered on from those before
it, in (source, record_id) order:

mentions.parquet   every column, to be read a column at a time
contents.npy       by mention a hash of the row of the source that it was made from
sensitivity.npy    how guarded each mention says it is by itself
facts/             the columns again, memory-mapped: to be read a few mentions at a time
features/          packed as the model compares them, memory-mapped
keys/              sorted keys of every index, memory-mapped
segment.json       which numbers, of which source, which columns have values
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from linker.schemas import MENTIONS, SENSITIVITIES, EntityType
from linker.scoring.features.layout import Layout, layout_of
from linker.scoring.features.pack import Features, Int64s, arrow, pack
from linker.scoring.features.rows import unpacked
from linker.scoring.features.storage import open_features, write_features
from linker.store.mention_table import MentionTable
from linker.store.reading import collected, mapped_array, read_json, read_table

UInt64s = np.ndarray[tuple[int], np.dtype[np.uint64]]

Ranks = np.ndarray[tuple[int], np.dtype[np.uint8]]
"""How strict sensitivities are: places in `SENSITIVITIES`, or `UNMARKED`."""
SILENT: Final = 0
UNMARKED: Final = len(SENSITIVITIES)
"""Of what nothing is said: as open as can be."""
OWN_FILE: Final = "sensitivity.npy"

ONLY_WHOLE: Final = frozenset({"narrative", "retained"})
"""Long texts that nothing compares; they are read from the Parquet file alone."""


@dataclass(frozen=True)
class Segment:
    """A segment on disk.

    Attributes:
        entity_type: What its mentions are of.
        directory: Where it lies.
        first: Its first mention's number.
        mentions: How many it has.
    """

    entity_type: EntityType
    directory: Path
    first: int
    mentions: int

    @property
    def stop(self) -> int:
        """The number after its last mention's."""
        return self.first + self.mentions

    @property
    def keys(self) -> Path:
        """Where its keys lie."""
        return self.directory / "keys"

    @cached_property
    def about(self) -> dict[str, Any]:
        """What `segment.json` says."""
        return read_json(self.directory / "segment.json")

    @cached_property
    def contents(self) -> UInt64s:
        """By mention a hash of the row it was made from."""
        return np.asarray(mapped_array(self.directory / "contents.npy"))

    @cached_property
    def facts(self) -> Features:
        """The columns that have values, mapped."""
        return open_features(self.directory / "facts", _facts_layout(self))

    def features(self, layout: Layout) -> Features:
        """The mentions as a model compares them, mapped.

        Raises:
            StoreError: They were packed for another model, or are damaged.
        """
        return open_features(self.directory / "features", layout)

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns of every mention."""
        return read_table(self.directory / "mentions.parquet", list(columns))

    def slice(self, offset: int, length: int) -> pl.DataFrame:
        """Return all columns of consecutive mentions."""
        path = self.directory / "mentions.parquet"
        return collected(path, lambda rows: rows.slice(offset, length))

    def of_source(self, name: str) -> Int64s:
        """Return the numbers of the mentions of a source, ascending."""
        first, stop = self.about["sources"].get(name, (0, 0))
        return np.arange(self.first + first, self.first + stop)

    def rows(self, places: Int64s, columns: list[str]) -> pl.DataFrame:
        """Return some columns of the mentions at some places, from 0, in the order asked."""
        schema = MENTIONS[self.entity_type]
        held = set(self.about["columns"])
        known = [name for name in columns if name in held]
        long = [name for name in columns if name in ONLY_WHOLE]
        part = unpacked(self.facts, known, schema, places) if known else pl.DataFrame()
        if long:
            part = part.hstack(self.read(long)[places])
        number = pl.Series("mention", places + self.first, dtype=pl.Int64())
        part = part.with_columns(number) if part.width else number.to_frame()
        missing = [pl.lit(None, schema[name]).alias(name) for name in columns if name not in part]
        return part.with_columns(missing).select(columns)


def open_segment(entity_type: EntityType, directory: Path) -> Segment:
    """Open a segment.

    Raises:
        StoreError: It is missing or damaged.
    """
    about = read_json(directory / "segment.json")
    return Segment(entity_type, directory, int(about["first"]), int(about["mentions"]))


def write_facts(
    directory: Path, entity_type: EntityType, mentions: MentionTable, first: int, threads: int
) -> Segment:
    """Write the mapped columns of a segment whose Parquet file is there, and what it is.

    Args:
        directory: The segment's.
        entity_type: What its mentions are of.
        mentions: The mentions as they stand in the Parquet file.
        first: The number of the first.
        threads: How many columns are worked on side by side.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    nulls = mentions.nulls
    columns = [
        name
        for name in MENTIONS[entity_type]
        if name not in ONLY_WHOLE and name != "mention" and nulls[name] < mentions.height
    ]
    about = {
        "first": first,
        "mentions": mentions.height,
        "columns": columns,
        "nulls": nulls,
        "sources": _ranges(mentions.read(["source"])["source"]),
    }
    (directory / "segment.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    segment = open_segment(entity_type, directory)
    layout = _facts_layout(segment)
    if columns:
        facts = pack(lambda name: arrow(mentions.read([name])[name]), layout, threads, repeats=True)
        write_features(facts, directory / "facts")
    sensitivity = mentions.read(["sensitivity"])["sensitivity"]
    np.save(directory / OWN_FILE, own_ranks(sensitivity), allow_pickle=False)
    return segment


def own_ranks(sensitivity: pl.Series) -> Ranks:
    """Return how strict sensitivities are, 0 the strictest; an unknown word counts as that."""
    ranks = {name: rank for rank, name in enumerate(SENSITIVITIES)}
    read = sensitivity.replace_strict(ranks, default=SILENT, return_dtype=pl.UInt8)
    marked = sensitivity.is_not_null().to_numpy()
    return np.where(marked, read.to_numpy(), np.uint8(UNMARKED)).astype(np.uint8)


def _ranges(sources: pl.Series) -> dict[str, tuple[int, int]]:
    """Return where the mentions of each source begin and where they end; they are together."""
    counts = sources.value_counts().sort("source")
    ends = counts["count"].cum_sum().to_list()
    return {
        name: (end - count, end)
        for (name, count), end in zip(counts.iter_rows(), ends, strict=True)
    }


def _facts_layout(segment: Segment) -> Layout:
    return layout_of((), MENTIONS[segment.entity_type], more=segment.about["columns"])

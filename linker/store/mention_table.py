"""The mentions of one entity type: too wide to be held whole, so read a few columns at a time.

A run writes them to the generation it builds as they are standardised, in (source, record_id)
order, and each stage reads the columns it needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import polars as pl

from linker.schemas import MENTIONS, EntityType, check, empty
from linker.store.table_file import TableFile


class Mentions(Protocol):
    """Mentions of one entity type, of which some columns at a time are read."""

    @property
    def height(self) -> int:
        """How many there are."""

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns, in the order of mentions."""


@dataclass(frozen=True)
class MentionFrame:
    """Mentions at hand, some of their columns, in the order of the frame."""

    frame: pl.DataFrame

    @property
    def height(self) -> int:
        """How many there are."""
        return self.frame.height

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns, in the order of mentions."""
        return self.frame.select(columns)


@dataclass(frozen=True)
class MentionTable:
    """Every mention of one entity type; a mention's number is its row, from 0.

    Attributes:
        entity_type: What they are mentions of.
        height: How many there are.
        nulls: For each column how many mentions lack it.
        held: The Parquet file, or the frame where some columns are kept in memory.
    """

    entity_type: EntityType
    height: int
    nulls: dict[str, int] = field(repr=False)
    held: Path | pl.DataFrame = field(repr=False)

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns, each once, in the order of the schema."""
        wanted = set(columns)
        names = [name for name in MENTIONS[self.entity_type] if name in wanted]
        if isinstance(self.held, pl.DataFrame):
            return self.held.select(names)
        return pl.read_parquet(self.held, columns=names)

    def moved(self, path: Path) -> MentionTable:
        """Return the table once its file, in the same file system, has been moved.

        Raises:
            OSError: It cannot be moved.
        """
        if isinstance(self.held, Path):
            self.held.replace(path)
        else:
            self.held.write_parquet(path)
        return replace(self, held=path)

    def slice(self, offset: int, length: int) -> pl.DataFrame:
        """Return all columns of consecutive mentions."""
        if isinstance(self.held, pl.DataFrame):
            return self.held.slice(offset, length)
        return pl.scan_parquet(self.held).slice(offset, length).collect()


def held_in_memory(entity_type: EntityType, mentions: pl.DataFrame) -> MentionTable:
    """Return a table of mentions at hand.

    Args:
        entity_type: What they are mentions of.
        mentions: Every column of the schema.
    """
    whole = check(mentions, MENTIONS[entity_type], f"mentions_{entity_type}")
    nulls = {column.name: column.null_count() for column in whole}
    return MentionTable(entity_type, whole.height, nulls, whole)


class MentionWriter:
    """Takes the mentions of one entity type in order, numbers them, and makes a `MentionTable`."""

    def __init__(
        self, entity_type: EntityType, path: Path | None, columns: Collection[str] | None = None
    ) -> None:
        """Start a table.

        Args:
            entity_type: Whose mentions will come.
            path: The Parquet file to write; without one the mentions are kept in memory.
            columns: The columns to keep; all unless given. ``mention`` always is.
        """
        self.entity_type = entity_type
        schema = MENTIONS[entity_type]
        self.names = [
            name for name in schema if columns is None or name == "mention" or name in columns
        ]
        self._schema = {name: schema[name] for name in self.names}
        self._height = 0
        self._nulls: Counter[str] = Counter()
        self._frames: list[pl.DataFrame] = [empty(self._schema)]
        self._file = TableFile(path, self._schema) if path else None

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._file:
            self._file.__exit__(kind, error, traceback)

    def append(self, mentions: pl.DataFrame) -> None:
        """Add the next mentions; columns that they lack are null throughout.

        Raises:
            OSError: The file cannot be written.
        """
        lacking = [
            pl.lit(None, dtype).alias(name)
            for name, dtype in self._schema.items()
            if name not in mentions.columns and name != "mention"
        ]
        number = pl.int_range(self._height, self._height + pl.len(), dtype=pl.Int64)
        whole = mentions.with_columns(*lacking, mention=number).select(self.names)
        self._height += whole.height
        self._nulls.update({column.name: column.null_count() for column in whole})
        if self._file:
            self._file.append(whole)
        else:
            self._frames.append(check(whole, self._schema, f"mentions_{self.entity_type}"))

    def table(self) -> MentionTable:
        """Return what was written, once the writer is closed."""
        nulls = {name: self._nulls[name] for name in self.names}
        held = self._file.path if self._file else pl.concat(self._frames, rechunk=True)
        return MentionTable(self.entity_type, self._height, nulls, held)

"""Where a record's row holds each column, and which columns share codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from linker.errors import LinkerError
from linker.schemas import DATE, TEXT, TEXTS
from linker.scoring.levels.base import Kind
from linker.scoring.levels.sides import Form, Sides, Slot, known_words

INTEGERS = (pl.Int32(), pl.Int64())


@dataclass(frozen=True)
class Layout:
    """The slots of a row, its width in whole numbers, and the groups of columns that share codes.

    Attributes:
        slots: Column: its slot.
        width: Whole numbers a row takes.
        groups: Text and list columns; those of one group share codes.
    """

    slots: Mapping[str, Slot]
    width: int
    groups: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The packed columns, in the order of their places."""
        return tuple(self.slots)

    @property
    def row_bytes(self) -> int:
        """How many bytes a row takes."""
        return 4 * self.width

    @property
    def sides(self) -> Sides:
        """The names of both records' values for tests."""
        return Sides(self.slots)

    def group_of(self, column: str) -> int:
        """Return the number of the group whose codes a text or list column has."""
        return next(n for n, columns in enumerate(self.groups) if column in columns)


def form_of(dtype: pl.DataType) -> Form:
    """Return what a column of a type holds.

    Raises:
        LinkerError: No level can compare such a type: a defect of ours.
    """
    if dtype == TEXT:
        return "text"
    if dtype == TEXTS:
        return "list"
    if dtype == DATE:
        return "date"
    if dtype in INTEGERS:
        return "number"
    raise LinkerError(f"columns of type {dtype} cannot be compared")


def layout_of(
    kinds: Sequence[Kind],
    schema: Mapping[str, pl.DataType],
    *,
    first: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Layout:
    """Return the layout of what some kinds of levels read.

    Args:
        kinds: The kinds.
        schema: The types of all columns of a mention.
        first: Columns whose groups take the lowest codes, so that a table of their values is short.
        more: Further columns to pack.
    """
    columns = tuple(dict.fromkeys([*(c for kind in kinds for c in kind.columns), *more]))
    slots: dict[str, Slot] = {}
    place = known_words(len(columns))
    for number, column in enumerate(columns):
        slots[column] = Slot(place, form_of(schema[column]), number)
        place += slots[column].width
    coded = [column for column, slot in slots.items() if slot.form in {"text", "list"}]
    groups = _groups(coded, [group for kind in kinds for group in kind.compared])
    # words are few, and a table of them shorter still where nothing is before them
    words = {column for kind in kinds for column in kind.word_columns}
    groups.sort(key=lambda group: (not set(group) & words, not set(group) & set(first)))
    return Layout(slots, place, tuple(groups))


def _groups(columns: Sequence[str], compared: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Join columns that are compared with each other, directly or over others."""
    groups = [{column} for column in columns]
    for together in compared:
        met = [group for group in groups if group & set(together)]
        groups = [group for group in groups if group not in met]
        groups.append(set().union(*met))
    ordered = [tuple(column for column in columns if column in group) for group in groups]
    return sorted(ordered, key=lambda group: columns.index(group[0]))

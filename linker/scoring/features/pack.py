"""Packing mentions: strings to codes, lists to runs of codes, dates to digits, rows filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from linker.compiled import compiled_once
from linker.scoring.features.layout import Layout
from linker.scoring.functions.dates import every_digits_of
from linker.scoring.functions.text import READABLE
from linker.scoring.levels.sides import WORD_BITS, known_words

FEATURES_VERSION: Final = 2
"""Version of the layout of packed features."""
NOTHING: Final = np.iinfo(np.int32).min
"""A number or date that is missing."""

Rows = np.ndarray[tuple[int, int], np.dtype[np.int32]]
Int32s = np.ndarray[tuple[int], np.dtype[np.int32]]
Int64s = np.ndarray[tuple[int], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]

_BLOCK: Final = 1 << 16
"""Rows filled at a time, all columns of them, so that they are still in the cache."""


@dataclass(frozen=True)
class Features:
    """Packed mentions; see `linker.scoring.features` for the layout.

    Attributes:
        layout: Where each column is.
        rows: One row a record, `layout.width` numbers each.
        lists: The codes of all lists.
        data: The bytes of all strings, and `READABLE` more.
        ends: Where each string starts, and where the last one ends.
        owner: For each code the number of its group.
    """

    layout: Layout
    rows: Rows
    lists: Int32s
    data: Bytes
    ends: Int64s
    owner: Bytes

    @property
    def records(self) -> int:
        """How many records there are."""
        return len(self.rows)

    def column(self, name: str) -> Int32s:
        """Return the first place of a column of every record."""
        return cast("Int32s", self.rows[:, self.layout.slots[name].place])

    def strings(self, codes: Int64s) -> pa.LargeStringArray:
        """Return the strings of some codes, ascending."""
        every = pa.LargeStringArray.from_buffers(
            len(self.owner), pa.py_buffer(self.ends), pa.py_buffer(self.data)
        )
        if len(codes) and codes[-1] - codes[0] + 1 == len(codes):  # ascending: all in between
            return every.slice(int(codes[0]), len(codes))
        return every.take(pa.array(codes))


Read = Callable[[str], pa.Array]
"""Gives a column of all mentions by its name."""


@dataclass(frozen=True)
class _Coded:
    """One group of columns coded; what is given by column is taken out once it is in the rows.

    Attributes:
        strings: The distinct strings.
        codes: By column the codes of its values, from 0 in this group, -1 where missing.
        offsets: By list column where the list of each record starts, and where the last one ends.
        known: By column which records have it.
    """

    strings: pa.LargeStringArray
    codes: dict[str, Int32s]
    offsets: dict[str, Int64s]
    known: dict[str, Bools]


def pack(read: Read, layout: Layout, threads: int = 1, *, repeats: bool = False) -> Features:
    """Pack mentions.

    Args:
        read: Gives an Arrow array of each column of the layout; called once a column.
        layout: Where the columns go.
        threads: How many groups of columns are coded side by side.
        repeats: Whether a value that a list holds twice is kept twice.
    """
    coded = _coded(read, layout, threads)
    strings = [group.strings for group in coded]
    starts = np.cumsum([0, *(len(values) for values in strings)])
    data, ends = joined_strings(strings)
    owner = np.repeat(np.arange(len(strings), dtype=np.uint8), [len(values) for values in strings])
    begin = [int(start) for start in starts]
    rows, lists = _filled(read, layout, coded, begin, repeats=repeats)
    return Features(layout, rows, lists, data, ends, owner)


def pack_frame(mentions: pl.DataFrame, layout: Layout, threads: int = 1) -> Features:
    """Pack a frame of mentions; see `pack`."""
    return pack(lambda name: arrow(mentions[name]), layout, threads)


def append(features: Features, mentions: pl.DataFrame) -> Features:
    """Return features with more records: known strings keep their codes, new ones get new codes.

    Args:
        features: What is there.
        mentions: The further records, with every column of the layout.
    """
    return join(features, pack_frame(mentions, features.layout))


def join(features: Features, new: Features, threads: int = 1) -> Features:
    """Return the records of two features, of one layout, one after the other.

    The first ones keep their codes; strings that only the others have get new codes.

    Args:
        features: The first ones.
        new: The others.
        threads: How many groups of columns are looked at side by side.
    """
    codes = np.full(len(new.owner) + 1, -1, dtype=np.int32)  # the last is that of what is missing

    def meet(group: int) -> Int64s:
        """Give the group's strings that are known their codes; return the codes of all."""
        ours = np.flatnonzero(features.owner == group)
        theirs = np.flatnonzero(new.owner == group)
        # the new ones are mostly few: a table of theirs is made sooner than one of ours
        found = pc.index_in(features.strings(ours), value_set=new.strings(theirs))
        place = found.fill_null(-1).to_numpy(zero_copy_only=False)
        met = np.flatnonzero(place >= 0)
        codes[theirs[place[met]]] = ours[met]
        return theirs

    added: list[Int64s] = []
    total = len(features.owner)
    with ThreadPoolExecutor(threads) as pool:
        groups = list(pool.map(meet, range(len(features.layout.groups))))
    for theirs in groups:
        known = codes[theirs] >= 0
        codes[theirs[~known]] = np.arange(total, total + int((~known).sum()))
        total += int((~known).sum())
        added.append(theirs[~known])
    further = np.concatenate(added) if added else np.empty(0, dtype=np.int64)
    data, ends = joined_strings([new.strings(further)])
    rows = recoded(new, codes, len(features.lists))
    return replace(
        features,
        rows=np.concatenate([features.rows, rows]),
        lists=np.concatenate([features.lists, codes[new.lists]]),
        data=np.concatenate([features.data[: features.ends[-1]], data]),
        ends=np.concatenate([features.ends, features.ends[-1] + ends[1:]]),
        owner=np.concatenate([features.owner, new.owner[further]]),
    )


def recoded(features: Features, codes: Int32s, before: int) -> Rows:
    """Return rows with other codes of their texts, and other places of their lists.

    Args:
        features: The packed mentions.
        codes: By code the new one, and at the end that of what is missing.
        before: How many codes of lists come before theirs.
    """
    rows = features.rows.copy()
    for slot in features.layout.slots.values():
        values = rows[:, slot.place]
        if slot.form == "text":
            rows[:, slot.place] = codes[values]
        elif slot.form == "list":
            rows[:, slot.place] = values + before
    return rows


def arrow(values: pl.Series) -> pa.Array:
    """Return a column as an Arrow array whose strings have 64-bit offsets."""
    found = values.to_arrow()
    if values.dtype == pl.String():
        return found.cast(pa.large_string())
    if values.dtype == pl.List(pl.String()):
        return found.cast(pa.large_list(pa.large_string()))
    return found


def _coded(read: Read, layout: Layout, threads: int) -> list[_Coded]:
    if threads == 1:
        return [_code(read, layout, group) for group in layout.groups]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda group: _code(read, layout, group), layout.groups))


def _code(read: Read, layout: Layout, group: tuple[str, ...]) -> _Coded:
    """Give the distinct strings of a group of columns codes, in the order they are met."""
    flat: dict[str, pa.Array] = {}
    offsets: dict[str, Int64s] = {}
    known: dict[str, Bools] = {}
    for column in group:
        values = read(column)
        known[column] = np.asarray(values.is_valid())
        if layout.slots[column].form == "list":
            bounds = np.asarray(values.offsets, dtype=np.int64)
            first, last = int(bounds[0]), int(bounds[-1])
            flat[column] = _large(values.values.slice(first, last - first))
            offsets[column] = bounds - first
        else:
            flat[column] = _large(values)
    # encoding leaves empty chunks out
    filled = {column: values for column, values in flat.items() if len(values)}
    chunks = pa.chunked_array(list(filled.values()), type=pa.large_string()).dictionary_encode()
    codes = {column: np.empty(0, dtype=np.int32) for column in group}
    for column, chunk in zip(filled, chunks.chunks, strict=True):
        found = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        codes[column] = found.astype(np.int32)
    nothing = pa.array([], type=pa.large_string())
    strings = chunks.chunks[-1].dictionary if chunks.num_chunks else nothing
    return _Coded(strings, codes, offsets, known)


def _large(values: pa.Array) -> pa.Array:
    return values if values.type == pa.large_string() else values.cast(pa.large_string())


def joined_strings(strings: list[pa.LargeStringArray]) -> tuple[Bytes, Int64s]:
    """Return the bytes of arrays of strings one after the other, and where each string starts."""
    data: list[Bytes] = []
    ends: list[Int64s] = [np.zeros(1, dtype=np.int64)]
    for values in strings:
        _, offsets, content = values.buffers()
        if not len(values) or offsets is None:
            continue
        whole = np.frombuffer(offsets, dtype=np.int64)
        bounds = whole[values.offset : values.offset + len(values) + 1]
        base = ends[-1][-1]
        ends.append(bounds[1:] - bounds[0] + base)
        if content is not None:
            data.append(np.frombuffer(content, dtype=np.uint8)[bounds[0] : bounds[-1]])
    beyond = np.zeros(READABLE, dtype=np.uint8)
    return np.concatenate([*data, beyond]), np.concatenate(ends)


def _filled(
    read: Read, layout: Layout, coded: list[_Coded], starts: list[int], *, repeats: bool
) -> tuple[Rows, Int32s]:
    """Return the rows, and the codes of all lists."""
    columns: dict[int, Int32s] = {}
    known: dict[str, Bools] = {}
    lists: list[Int32s] = [np.empty(0, dtype=np.int32)]
    begun = 0
    for name, slot in layout.slots.items():
        if slot.form in {"number", "date"}:
            values = read(name)
            columns[slot.place], known[name] = _numbers(values), np.asarray(values.is_valid())
            continue
        group = layout.group_of(name)
        codes = coded[group].codes.pop(name)
        known[name] = coded[group].known[name]
        codes += np.where(codes >= 0, np.int32(starts[group]), np.int32(0))
        if slot.form == "text":
            columns[slot.place] = codes
            continue
        offsets = coded[group].offsets.pop(name)
        firsts, counts, kept = _squeezed(codes, offsets, known[name], begun, repeats)
        columns[slot.place], columns[slot.place + 1] = firsts, counts
        lists.append(codes[:kept].copy())
        begun += kept
    columns |= dict(enumerate(_known_words(known, layout)))
    count = len(columns[0])
    rows = np.empty((count, layout.width), dtype=np.int32)
    for start in range(0, count, _BLOCK):
        for place, values in columns.items():
            rows[start : start + _BLOCK, place] = values[start : start + _BLOCK]
    return rows, np.concatenate(lists)


def _known_words(known: Mapping[str, Bools], layout: Layout) -> list[Int32s]:
    """Return the words that say which columns each record has."""
    count = len(next(iter(known.values())))
    words = [np.zeros(count, dtype=np.int32) for _ in range(known_words(len(layout.slots)))]
    for name, slot in layout.slots.items():
        word, bit = divmod(slot.number, WORD_BITS)
        words[word] |= known[name].astype(np.int32) << np.int32(bit)
    return words


def _numbers(values: pa.Array) -> Int32s:
    """Return whole numbers, or dates as digits, as 32-bit numbers, `NOTHING` where missing."""
    dates = pa.types.is_date(values.type)
    numbers = values.cast(pa.int32()).fill_null(NOTHING).to_numpy(zero_copy_only=False)
    return every_digits_of(numbers) if dates else cast("Int32s", numbers)


@compiled_once
def _squeezed(
    codes: Int32s,
    offsets: Int64s,
    known: Bools,
    begun: int,
    repeats: bool,
) -> tuple[Int32s, Int32s, int]:
    """Squeeze missing values out of lists, and repeated ones unless they are wanted, in place.

    Args:
        codes: The codes of all lists, one after the other; rewritten.
        offsets: Where each list starts, and where the last one ends.
        known: Which lists are not missing.
        begun: How many codes of other columns come before.
        repeats: Whether repeated values stay.

    Returns:
        Where each list starts, how many codes it has, and how many codes there are in all.
    """
    count = len(known)
    firsts = np.empty(count, dtype=np.int32)
    counts = np.empty(count, dtype=np.int32)
    kept = 0
    for record in range(count):
        first = kept
        for place in range(offsets[record], offsets[record + 1]):
            code = codes[place]
            if code < 0:
                continue
            new = True
            for earlier in range(first, kept):
                if codes[earlier] == code and not repeats:
                    new = False
                    break
            if new:
                codes[kept] = code
                kept += 1
        firsts[record] = first + begun
        counts[record] = kept - first if known[record] else -1
    return firsts, counts, kept

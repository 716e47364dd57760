"""The lookup index of one entity type, opened: mapped files, and the addresses of their keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from linker.blocking.hashing import Bytes, Int32s, Int64s, UInt64s
from linker.blocking.index import SortedKeys, open_keys
from linker.scoring.features.few import Part
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import Features
from linker.scoring.features.term_logs import open_logs
from linker.store.lookup_index.search import (
    KEYS,
    LENGTH,
    Floats,
    Spans,
    Table,
    candidates_of,
    members_of,
    spans_of,
)
from linker.store.lookup_index.search import MENTIONS as OF_MENTIONS
from linker.store.lookup_index.wildcards import fitting
from linker.store.lookup_index.write import BY_ENTITY, DIRECTORY, GUARD, STARTS
from linker.store.reading import mapped_array
from linker.store.segment import SILENT, Ranks, Segment
from linker.store.warehouse import Warehouse

MOST_MET: Final = 8_000
"""So many mentions that share a key are looked at to choose the candidates among them: of ten
million, 20,000 found no target more."""
NOTHING: Final = np.iinfo(np.int32).min
STEPS: Final = 1 << 16
"""Of a bit, in which it is counted what shared keys are worth."""
_LOWEST: Final = (1 << 31) - 1
"""The highest number that a mention may have."""


@dataclass(frozen=True)
class AskedKeys:
    """Keys of a question.

    Attributes:
        names: Of each key, what it is called: see `linker.blocking.index`.
        keys: The keys.
    """

    names: Sequence[str]
    keys: Sequence[int]


@dataclass(frozen=True)
class Found:
    """Mentions that share keys with a question.

    Attributes:
        mentions: Their numbers, those that share the most telling keys first.
        sharing: How many share a key at all, as far as they were counted.
        passed: How many places of keys that very many mentions share were passed over.
    """

    mentions: Int32s
    sharing: int
    passed: int


class LookupIndex:
    """What is mapped of one entity type of a generation; several threads may ask it at once."""

    def __init__(self, held: Warehouse, layout: Layout, names: Sequence[str]) -> None:
        """Open the files.

        Args:
            held: What the generation holds.
            layout: How the model that scores reads mentions.
            names: Of the keys that will be asked for.

        Raises:
            StoreError: A file is missing or damaged, or of another version.
        """
        self.held = held
        directory = held.directory / DIRECTORY
        self._by_entity: Int32s = np.asarray(mapped_array(directory / BY_ENTITY))
        self._starts: Int32s = np.asarray(mapped_array(directory / STARTS))
        self.guard: Ranks = np.asarray(mapped_array(directory / GUARD))
        self.serials: Int64s = np.asarray(mapped_array(held.directory / "serials.npy"))
        live = ~held.dead
        silent = self.guard == SILENT
        self._open = np.packbits(live & ~silent, bitorder="little")
        self._silent = np.packbits(live & silent, bitorder="little")
        self._live = np.packbits(live, bitorder="little")
        self.has_silent = bool((live & silent).any())
        self._firsts = np.array([segment.first for segment in held.segments], dtype=np.int64)
        self._features = [segment.features(layout) for segment in held.segments]
        self._logs = [open_logs(segment.directory / "features") for segment in held.segments]
        self._place = {name: at for at, name in enumerate(names)}
        self._keys = [[open_keys(one.keys, name) for one in held.segments] for name in names]
        self._table = _addresses(self._keys, len(held.segments))

    @cached_property
    def _facts(self) -> list[_Facts]:
        return [_Facts(segment) for segment in self.held.segments]

    def warm(self) -> None:
        """Read what every question reads, so that the first one does not wait for the disk."""
        for facts in self._facts:
            facts.row(0, ("source",))

    @property
    def records(self) -> int:
        """How many living mentions there are."""
        return len(self._by_entity)

    def spans(self, asked: AskedKeys) -> tuple[Int32s, Spans]:
        """Return the names of keys by number, and where each key lies in each segment."""
        names = np.array([self._place[name] for name in asked.names], dtype=np.int32)
        keys: UInt64s = np.array(asked.keys, dtype=np.uint64)
        return names, spans_of(self._table, names, keys)

    def candidates(
        self, asked: Sequence[AskedKeys], most: int, most_silent: int
    ) -> list[tuple[Found, Found]]:
        """Return the mentions that share a key with each of some questions.

        A key that few share is worth more: log2 of how many mentions there are for each that has
        it, in bits.

        Args:
            asked: The keys of each question.
            most: So many mentions of no silent investigation, whose shared keys are worth most.
            most_silent: So many of silent ones; they are not looked for if 0.

        Returns:
            Of each question those of no silent investigation, and apart the others.
        """
        names, spans = self.spans(
            AskedKeys(
                [name for one in asked for name in one.names],
                [key for one in asked for key in one.keys],
            )
        )
        found, first = [], 0
        for one in asked:
            here = slice(first, first + len(one.names))
            found.append(self._candidates(names[here], spans[here], most, most_silent))
            first = here.stop
        return found

    def _candidates(
        self, names: Int32s, spans: Spans, most: int, most_silent: int
    ) -> tuple[Found, Found]:
        nobody = Found(np.empty(0, dtype=np.int32), 0, 0)
        if not len(names):
            return nobody, nobody
        sizes = (spans[:, :, 1] - spans[:, :, 0]).sum(axis=1)
        order = np.argsort(sizes, kind="stable")
        # in such steps sums are exact: who shares the same keys is worth the same
        worth = np.round(np.log2(max(self.records, 2) / np.maximum(sizes, 1)) * STEPS).clip(1)
        room = min(MOST_MET, int(sizes.sum()) + 1)

        def best(there: Bytes, most: int) -> Found:
            found, gained, passed = candidates_of(
                self._table, names, spans, order, worth, there, room
            )
            return Found(best_of(found, gained, most), len(found), int(passed))

        wanted = self.has_silent and most_silent > 0
        silent = best(self._silent, most_silent) if wanted else nobody
        return best(self._open, most), silent

    def holders(self, asked: AskedKeys) -> tuple[Int32s, Int64s]:
        """Return the living mentions of each key, and where those of each key start."""
        if not asked.names:
            return np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64)
        names, spans = self.spans(asked)
        return members_of(self._table, names, spans, self._live)

    def of_entity(self, serial: int) -> Int32s:
        """Return the living mentions of an entity."""
        if not 0 <= serial < len(self._starts) - 1:
            return np.empty(0, dtype=np.int32)
        return self._by_entity[self._starts[serial] : self._starts[serial + 1]]

    def parts(self, mentions: Int32s) -> tuple[list[Part], Int32s]:
        """Return some mentions as they are packed, by segment; and them in that order."""
        if len(self._firsts) == 1:
            return [Part(self._features[0], self._logs[0], mentions.astype(np.int64))], mentions
        of = np.searchsorted(self._firsts, mentions, side="right") - 1
        order = np.argsort(of, kind="stable")
        parts = []
        for segment in np.unique(of):
            here = mentions[order][of[order] == segment].astype(np.int64)
            first = self._firsts[segment]
            parts.append(Part(self._features[segment], self._logs[segment], here - first))
        return parts, mentions[order]

    def fitting(self, column: str, pattern: str, most: int) -> tuple[list[str], int]:
        """Return the values of a column that fit a pattern, and how many of them there are.

        Args:
            column: A text column, or one of lists.
            pattern: ``?`` is one character and ``*`` any number of them.
            most: So many values are returned at most.
        """
        found: dict[str, None] = {}
        total = 0
        for facts in self._facts:
            values, count = facts.fitting(column, pattern, most)
            found |= dict.fromkeys(values)
            total += count
        return list(found)[:most], total

    def row(self, mention: int, columns: Sequence[str]) -> dict[str, Any]:
        """Return some columns of a mention: texts, lists of texts, dates, whole numbers, None."""
        segment = int(np.searchsorted(self._firsts, mention, side="right")) - 1
        place = mention - int(self._firsts[segment])
        return self._facts[segment].row(place, columns)


def _addresses(keys: Sequence[Sequence[SortedKeys]], segments: int) -> Table:
    table = np.zeros((len(keys), segments, 3), dtype=np.int64)
    for name, of_name in enumerate(keys):
        for segment, held in enumerate(of_name):
            table[name, segment, KEYS] = held.keys.ctypes.data
            table[name, segment, OF_MENTIONS] = held.mentions.ctypes.data
            table[name, segment, LENGTH] = len(held.keys)
    return table


def best_of(mentions: Int32s, gained: Floats, most: int) -> Int32s:
    """Return the mentions that gained most, in order; of equal ones the lowest number first.

    Args:
        mentions: Their numbers.
        gained: What each gained, in whole steps; past 2**31 steps all is the same.
        most: So many of them.
    """
    # one number tells both, so that they are put in order at once
    told = np.minimum(gained, _LOWEST).astype(np.int64) << 31 | (_LOWEST - mentions)
    if len(told) > most:
        told = np.partition(told, len(told) - most)[len(told) - most :]
    told.sort()
    return (_LOWEST - (told[::-1] & _LOWEST)).astype(np.int32)


def _date_of(digits: int) -> dt.date:
    """Return a date of its eight digits, four bits each."""
    text = f"{digits & 0xFFFFFFFF:08x}"
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


class _Facts:
    """The columns of a segment's mentions, read one value at a time."""

    def __init__(self, segment: Segment) -> None:
        held: Features = segment.facts
        self._rows, self._lists, self._ends = held.rows, held.lists, held.ends
        self._data = memoryview(held.data)  # type: ignore[arg-type] # numpy says less than it has
        self._bytes, self._owner = held.data, held.owner
        self._layout = held.layout
        self._slots = held.layout.slots

    def row(self, place: int, columns: Sequence[str]) -> dict[str, Any]:
        held = self._rows[place].tolist()
        return {name: self._value(held, name) for name in columns}

    def _value(self, row: list[int], name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        slot = self._slots.get(name)
        if slot is None:
            return None
        held = row[slot.place]
        if slot.form == "text":
            return self._text(held) if held >= 0 else None
        if slot.form == "list":
            count = row[slot.place + 1]
            codes = self._lists[held : held + max(count, 0)].tolist()
            return [self._text(code) for code in codes] if count >= 0 else None
        if held == NOTHING:
            return None
        return _date_of(held) if slot.form == "date" else held

    def fitting(self, name: str, pattern: str, most: int) -> tuple[list[str], int]:
        if name not in self._slots:
            return [], 0
        group = self._layout.group_of(name)
        # of the owners' own type: they would all be copied into another one
        bounds = np.array([group, group + 1], dtype=self._owner.dtype)
        first, last = np.searchsorted(self._owner, bounds).tolist()
        codes, count = fitting(self._bytes, self._ends, first, last, pattern, most)
        return [self._text(code) for code in codes.tolist()], int(count)

    def _text(self, code: int) -> str:
        ends = self._ends
        return str(self._data[int(ends[code]) : int(ends[code + 1])], "utf-8")

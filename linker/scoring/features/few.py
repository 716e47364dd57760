"""Some mentions of several packed sets, packed together: questions and their candidates.

Each packed set has codes of its own for its strings. Here rows of several sets are brought under
one set of codes, at a cost that grows with the rows asked for alone, however many strings the sets
hold: codes met are remembered in a small table by set, their strings in one by what they say.

What a set knows of a code besides its string, the logarithms of term frequencies, comes along.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from linker.scoring.features.few_taken import (
    Bounds,
    Columns,
    Places,
    Room,
    Set,
    Strings,
    copied_rows,
    most_codes,
    taken_in,
)
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import Features, Int64s
from linker.scoring.features.term_logs import TermLogs
from linker.scoring.functions.text import READABLE
from linker.scoring.levels.sides import Form

USUAL_BYTES: Final = 16
"""Of a string; where they are longer, more room is made."""


@dataclass(frozen=True)
class Part:
    """Some rows of a packed set.

    Attributes:
        features: The set.
        logs: The logarithms of its strings' term frequencies.
        numbers: Which rows.
    """

    features: Features
    logs: TermLogs
    numbers: Int64s


def packed_together(
    parts: Sequence[Part], columns: Sequence[str], needed: Container[str] | None = None
) -> tuple[Features, TermLogs]:
    """Return the rows of several packed sets of one layout, one after the other.

    Args:
        parts: At least one; their rows come in this order.
        columns: The columns with term frequencies, as every part's logarithms have them.
        needed: Columns whose texts will be compared; those of others are left out, though it
            stays known which record has them. All unless given.
    """
    layout = parts[0].features.layout
    groups = {name: number for number, names in enumerate(layout.groups) for name in names}
    places = _places(layout, groups, needed)
    of_groups = _of_groups(len(layout.groups), [groups[name] for name in columns])
    rows = np.empty((sum(len(part.numbers) for part in parts), layout.width), dtype=np.int32)
    firsts = np.cumsum([0, *(len(part.numbers) for part in parts)]).tolist()
    held = [
        copied_rows(part.features.rows, part.numbers, places.listed, rows, first)
        for part, first in zip(parts, firsts, strict=False)
    ]
    codes = [
        most_codes(len(part.numbers), places, lists)
        for part, lists in zip(parts, held, strict=True)
    ]
    room = Room(
        rows,
        np.empty(sum(held), dtype=np.int32),
        np.zeros(sum(codes) + 1, dtype=np.int64),
        np.empty(sum(codes), dtype=np.uint8),
        np.empty((max(len(columns), 1), sum(codes))),
        np.zeros(3, dtype=np.int64),
    )
    data = np.empty(USUAL_BYTES * sum(codes) + READABLE, dtype=np.uint8)
    # what comes last need not be remembered, for nothing is compared with it: the largest part
    order = sorted(range(len(parts)), key=lambda number: codes[number])
    strings = _strings(sum(codes) - codes[order[-1]])
    for number in order:
        part, first = parts[number], firsts[number]
        here = part.features
        of = Set(here.lists, here.data, here.ends, part.logs.values)
        logged = Columns(*of_groups, _bounds(part.logs, columns))
        remember = number != order[-1]
        span = (first, first + len(part.numbers), codes[number])
        data = taken_in(of, span, (places, logged), (strings, remember), room, data)
    rows[:, _left_out(layout, needed)] = -1
    used, end = int(room.filled[1]), int(room.filled[2])
    data[end : end + READABLE] = 0
    features = Features(
        layout,
        rows,
        room.lists,
        data[: end + READABLE],
        room.ends[: used + 1],
        room.owner[:used],
    )
    starts = {name: at * sum(codes) for at, name in enumerate(columns)}
    return features, TermLogs(room.logs[: len(columns)].ravel(), starts)


def _places(layout: Layout, groups: Mapping[str, int], needed: Container[str] | None) -> Places:
    """Return the places in a row of needed texts and of needed lists, and their groups."""
    found: dict[Form, list[tuple[int, int]]] = {"text": [], "list": []}
    for name, slot in layout.slots.items():
        if slot.form in found and (needed is None or name in needed):
            found[slot.form].append((slot.place, groups[name]))
    texts, listed = (
        np.array(found[form], dtype=np.int64).reshape(-1, 2).T.copy() for form in found
    )
    return Places(texts[0], texts[1], listed[0], listed[1])


def _left_out(layout: Layout, needed: Container[str] | None) -> Int64s:
    """Return the places in a row that are emptied: those of texts and lists not needed."""
    return np.array(
        [
            place
            for name, slot in layout.slots.items()
            if slot.form in {"text", "list"} and needed is not None and name not in needed
            for place in range(slot.place, slot.place + slot.width)
        ],
        dtype=np.int64,
    )


def _bounds(logs: TermLogs, columns: Sequence[str]) -> Bounds:
    """Return where the stretch of each column starts and ends."""
    ends = np.array([*sorted(logs.starts.values()), len(logs.values)])
    starts = np.array([logs.starts[name] for name in columns], dtype=np.int64)
    after = np.minimum(np.searchsorted(ends, starts, side="right"), len(ends) - 1)
    return np.stack([starts, ends[after]], axis=1)


def _of_groups(count: int, groups: Sequence[int]) -> tuple[Int64s, Int64s]:
    """Return by group where its columns start, and the numbers of all columns, group by group.

    Args:
        count: How many groups there are.
        groups: The group of each column.
    """
    firsts = np.searchsorted(np.sort(groups), np.arange(count + 1))
    return firsts.astype(np.int64), np.argsort(groups, kind="stable").astype(np.int64)


def _strings(codes: int) -> Strings:
    """Return a table with room for the strings of so many codes, none in it yet."""
    size = 64
    while size < 2 * codes:
        size *= 2
    return Strings(np.full(size, -1, dtype=np.int32), np.empty(size, dtype=np.uint64))

"""Some mentions of several packed sets, packed together: questions and their candidates.

Each packed set has codes of its own for its strings. Here rows of several sets are brought under
one set of codes, at a cost that grows with the rows asked for alone, however many strings the sets
hold: codes met are remembered in a small table by set, the strings of the first set by what they
say.

What a set knows of a code besides its string, the logarithms of term frequencies, comes along.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
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
        places: Where in them the texts are that will be compared, as `places_of` tells; all texts
            unless given.
    """

    features: Features
    logs: TermLogs
    numbers: Int64s
    places: Places | None = None


def packed_together(
    parts: Sequence[Part], columns: Sequence[str], needed: Container[str] | None = None
) -> tuple[Features, TermLogs]:
    """Return the rows of several packed sets of one layout, one after the other.

    Rows of the first part can be compared with each other and with all others: a string of another
    part has the code that it has in the first one. Strings that only others have may have several
    codes.

    Args:
        parts: At least one; their rows come in this order.
        columns: The columns with term frequencies, as every part's logarithms have them.
        needed: Columns whose texts will be compared, in parts that do not say where these are.
    """
    layout = parts[0].features.layout
    usual = places_of(layout, needed)
    groups = [layout.group_of(name) for name in columns]
    of_groups = _of_groups(len(layout.groups), groups)
    bounds: dict[int, Bounds] = {}
    firsts = np.cumsum([0, *(len(part.numbers) for part in parts)]).tolist()
    rows = np.empty((firsts[-1], layout.width), dtype=np.int32)
    held, codes = [], []
    for part, first in zip(parts, firsts, strict=False):
        places = part.places or usual
        held.append(copied_rows(part.features.rows, part.numbers, places, rows, first))
        codes.append(len(part.numbers) * len(places.texts) + held[-1])
    every = sum(codes)
    room = Room(
        rows,
        np.empty(sum(held), dtype=np.int32),
        np.zeros(every + 1, dtype=np.int64),
        np.empty(every, dtype=np.uint8),
        np.empty((max(len(columns), 1), every)),
        np.zeros(3, dtype=np.int64),
    )
    data = np.empty(USUAL_BYTES * every + READABLE, dtype=np.uint8)
    strings = _strings(codes[0])
    for number, (part, first) in enumerate(zip(parts, firsts, strict=False)):
        here = part.features
        if id(part.logs) not in bounds:
            bounds[id(part.logs)] = _bounds(part.logs, columns)
        of = Set(here.lists, here.data, here.ends, part.logs.values)
        what = part.places or usual, Columns(*of_groups, bounds[id(part.logs)])
        span = first, first + len(part.numbers), codes[number]
        data = taken_in(of, span, what, (strings, number == 0), room, data)
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
    starts = {name: at * every for at, name in enumerate(columns)}
    return features, TermLogs(room.logs[: len(columns)].ravel(), starts)


def places_of(layout: Layout, needed: Container[str] | None = None) -> Places:
    """Return where in a row the texts and lists of some columns are.

    Args:
        layout: Of the rows.
        needed: Columns whose texts will be compared; those of others are left out, though it stays
            known which record has them. All unless given.
    """
    groups = {name: number for number, names in enumerate(layout.groups) for name in names}
    found: dict[Form, list[tuple[int, int]]] = {"text": [], "list": []}
    left_out: list[int] = []
    for name, slot in layout.slots.items():
        if slot.form not in found:
            continue
        if needed is None or name in needed:
            found[slot.form].append((slot.place, groups[name]))
        else:
            left_out += range(slot.place, slot.place + slot.width)
    texts, listed = (
        np.array(found[form], dtype=np.int64).reshape(-1, 2).T.copy() for form in found
    )
    return Places(texts[0], texts[1], listed[0], listed[1], np.array(left_out, dtype=np.int64))


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

"""A few mentions packed by themselves, as `pack` packs a table of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np

from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import NOTHING, Features
from linker.scoring.functions.text import READABLE
from linker.scoring.levels.sides import WORD_BITS

_SIGN = 1 << 31


def pack_one(mention: Mapping[str, object], layout: Layout) -> Features:
    """Return one mention, packed.

    Args:
        mention: Columns and their values: texts, lists of texts, dates and whole numbers; what is
            missing is None or not there.
        layout: Where the columns go.
    """
    return pack_few([mention], layout)


def pack_few(mentions: Iterable[Mapping[str, object]], layout: Layout) -> Features:
    """Return some mentions, packed, in their order; see `pack_one`."""
    codes: dict[tuple[int, str], int] = {}
    lists: list[int] = []
    groups = {name: number for number, names in enumerate(layout.groups) for name in names}
    nothing = _nothing(layout)

    def code_of(name: str, text: str) -> int:
        return codes.setdefault((groups[name], text), len(codes))

    rows = []
    for mention in mentions:
        row = nothing.copy()
        for name, value in mention.items():
            slot = layout.slots.get(name)
            if slot is None or value is None:
                continue
            row[slot.number // WORD_BITS] |= 1 << slot.number % WORD_BITS
            if slot.form == "text":
                row[slot.place] = code_of(name, str(value))
            elif slot.form == "list":
                held = list(dict.fromkeys(value)) if isinstance(value, list) else []
                row[slot.place : slot.place + 2] = len(lists), len(held)
                lists += [code_of(name, text) for text in held]
            elif isinstance(value, dt.date):
                digits = int(f"{value.year:04}{value.month:02}{value.day:02}", 16)
                row[slot.place] = digits - 2 * _SIGN if digits >= _SIGN else digits
            else:
                row[slot.place] = value if isinstance(value, int) else NOTHING
        rows.append(row)
    texts = [text.encode() for _, text in codes]
    ends = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=ends[1:])
    return Features(
        layout,
        np.array(rows, dtype=np.int32).reshape(len(rows), layout.width),
        np.array(lists, dtype=np.int32),
        np.frombuffer(b"".join(texts) + bytes(READABLE), dtype=np.uint8).copy(),
        ends,
        np.array([group for group, _ in codes], dtype=np.uint8),
    )


def _nothing(layout: Layout) -> list[int]:
    """Return the row of a mention that has nothing."""
    row = [0] * layout.width
    for slot in layout.slots.values():
        if slot.form == "list":
            row[slot.place + 1] = -1
        else:
            row[slot.place] = -1 if slot.form == "text" else NOTHING
    return row

"""Hypothesis strategies of pairs of records whose values are alike more often than not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tests.scoring.levels.meanings import DAY, MANY, MARGIN, MONTH, OTHERS, ROOT, YEAR, A, B, Pair

LETTERS = "abcé漢 "
WORD = st.sampled_from(
    [
        *("", "a", "b", "é", "ana", "anna", "ána", "maria", "mario", "marta", "漢字"),
        *("abdziz", "aziz", "abdmaria", "abd", "abda"),
    ]
)
ADDRESS = st.lists(st.sampled_from(["12", "main", "st", "unit", "b"]), max_size=5).map(" ".join)
HEARD = st.text("zsaehcphkvf ", max_size=5) | st.sampled_from(["sahra", "zara", "zarra", "sauer"])
TEXT = WORD | ADDRESS | HEARD | st.text(LETTERS, max_size=7) | st.text(max_size=20)
MAILBOX = st.sampled_from(["info@a.mx", "info@b.mx", "ventas@a.mx", "infos@a.mx", "ana7@a.mx", "@"])
LIST = (
    st.lists(st.none() | WORD, max_size=5)
    | st.lists(TEXT, max_size=3)
    | st.lists(MAILBOX, max_size=3)
)
DATE = st.dates(dt.date(1951, 1, 1), dt.date(1953, 12, 31)) | st.dates()
NUMBER = st.integers(1948, 1954) | st.integers(-10_000, 10_000)
EDIT = st.tuples(st.integers(0, 30), st.sampled_from(LETTERS), st.integers(0, 3))


def edited(value: str, place: int, letter: str, kind: int) -> str:
    """Insert, delete, replace or exchange a letter."""
    at = place % (len(value) + 1)
    first, rest = value[:at], value[at:]
    return first + (letter + rest, rest[1:], letter + rest[1:], rest[1::-1] + rest[2:])[kind]


@st.composite
def near_text(draw: st.DrawFn, value: str) -> str:
    """Draw the text after a few edits."""
    for edit in draw(st.lists(EDIT, max_size=3)):
        value = edited(value, *edit)
    return value


@st.composite
def near_date(draw: st.DrawFn, value: dt.date) -> dt.date:
    """Draw a date with parts of this one, exchanged or changed, or some days from it."""
    year = draw(st.sampled_from([value.year, min(value.year + 1, 9999), max(value.year - 4, 1)]))
    steps = st.sampled_from([(value.month, value.day), (value.day, value.month), (value.month, 1)])
    month, day = draw(steps)
    moved = value.toordinal() + draw(st.sampled_from([0, 1, -1, 30, 31, 365, 366, 1461, 1462]))
    if draw(st.booleans()) and 1 <= moved <= dt.date.max.toordinal():
        return dt.date.fromordinal(moved)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return dt.date(year, 1, 10)


def sides(values: st.SearchStrategy[Any], near: Any) -> st.SearchStrategy[tuple[Any, Any]]:
    """Draw two values, either missing now and then, mostly near each other."""

    @st.composite
    def pair(draw: st.DrawFn) -> tuple[Any, Any]:
        left = draw(values)
        right = draw(st.one_of(near(left), near(left), st.just(left), values))
        missing = draw(st.integers(0, 15))
        return None if missing in {0, 2} else left, None if missing in {1, 2} else right

    return pair()


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Draw a pair of records; now and then a value stands in the other one's other column."""
    pair: dict[str, tuple[Any, Any]] = {
        A: draw(sides(TEXT, near_text)),
        B: draw(sides(WORD, near_text)),
        MANY: draw(sides(LIST, lambda values: st.permutations(values[1:] + values[:1] * 2))),
        DAY: draw(sides(DATE, near_date)),
        YEAR: draw(sides(NUMBER, lambda year: st.integers(year - 3, year + 3))),
        ROOT: draw(sides(WORD, st.just)),
        OTHERS: (None, None),
        MONTH: draw(sides(st.integers(1, 3), st.just)),
        MARGIN: draw(sides(st.integers(0, 2), st.just)),
    }
    crossing = draw(st.integers(0, 3))
    if crossing:
        pair[B] = pair[A][1] if crossing > 1 else pair[B][0], pair[A][0]
    if crossing > 2 and pair[MANY][1] is not None:
        pair[MANY] = pair[MANY][0], [*pair[MANY][1], pair[A][0]]
    return pair

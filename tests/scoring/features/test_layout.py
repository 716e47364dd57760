"""Where a row holds each column, and which columns share codes."""

from __future__ import annotations

import polars as pl
import pytest

from linker.config import LevelSettings
from linker.errors import LinkerError
from linker.schemas import PERSON
from linker.scoring.features.layout import form_of, layout_of
from linker.scoring.levels import Kind, kind_of
from linker.scoring.levels.sides import WORD_BITS, known_words
from tests.scoring.levels.cases import CASES

EVERY = tuple(PERSON)


def kinds(*levels: dict[str, object]) -> list[Kind]:
    return [kind_of(LevelSettings(**level), "test") for level in levels]


def test_places_follow_each_other_after_the_known_words() -> None:
    """No two columns share a place, none is left out, and the width is what they all take."""
    layout = layout_of([case.kind for case in CASES], PERSON, more=EVERY)
    assert set(layout.columns) == set(EVERY)
    taken = [
        place
        for slot in layout.slots.values()
        for place in range(slot.place, slot.place + slot.width)
    ]
    assert taken == list(range(known_words(len(EVERY)), layout.width))
    assert [slot.number for slot in layout.slots.values()] == list(range(len(EVERY)))
    assert layout.row_bytes == 4 * layout.width


@pytest.mark.parametrize("columns", [1, 30, 31, 32, 62, 63])
def test_a_known_word_tells_of_so_many_columns(columns: int) -> None:
    """A word more is begun for each 31 columns."""
    chosen = EVERY[:columns]
    layout = layout_of([], PERSON, more=chosen)
    words = -(-len(chosen) // WORD_BITS)
    assert layout.slots[chosen[0]].place == known_words(len(chosen)) == words


def test_columns_that_are_compared_share_codes() -> None:
    """Directly or over a third column; others have codes of their own, numbers and dates none."""
    layout = layout_of(
        kinds(
            {"kind": "crossed", "column": "given_name", "other": "middle_name"},
            {"kind": "among", "column": "middle_name", "list": "surname_parts"},
            {"kind": "exact", "column": "birth_date"},
            {"kind": "exact", "column": "surname"},
        ),
        PERSON,
    )
    assert layout.groups == (("given_name", "middle_name", "surname_parts"), ("surname",))
    assert [layout.group_of(column) for column in ("surname_parts", "surname")] == [0, 1]


def test_columns_with_term_frequencies_take_the_lowest_codes() -> None:
    """Their groups come first, so that a table of their values by code is short."""
    levels = kinds({"kind": "exact", "column": "ssn"}, {"kind": "exact", "column": "surname"})
    assert layout_of(levels, PERSON).groups == (("ssn",), ("surname",))
    assert layout_of(levels, PERSON, first=["surname"]).groups == (("surname",), ("ssn",))


def test_the_same_columns_are_packed_the_same_way() -> None:
    """A layout depends on the kinds and the schema alone."""
    every = [case.kind for case in CASES]
    assert layout_of(every, PERSON) == layout_of(every, PERSON)


@pytest.mark.parametrize("dtype", [pl.Boolean(), pl.Float64(), pl.List(pl.Int32())])
def test_a_type_that_no_level_compares_is_a_defect(dtype: pl.DataType) -> None:
    """No mention has such a column."""
    with pytest.raises(LinkerError, match="cannot be compared"):
        form_of(dtype)

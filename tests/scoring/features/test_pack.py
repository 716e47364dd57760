"""Packing mentions into whole numbers, and adding more of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linker.config import LevelSettings
from linker.schemas import PERSON
from linker.scoring.features import pack as packing
from linker.scoring.features.layout import Layout, layout_of
from linker.scoring.features.pack import Features, append, pack_frame
from linker.scoring.functions.text import READABLE
from linker.scoring.levels import kind_of
from linker.scoring.levels.sides import WORD_BITS
from tests.scoring.features.decoding import decoded, squeezed
from tests.scoring.people import people

TOGETHER = {"kind": "among", "column": "given_name", "list": "surname_parts"}
COLUMNS = ("given_name", "surname_parts", "aliases", "birth_date", "birth_year")
LAYOUT = layout_of([kind_of(LevelSettings(**TOGETHER), "test")], PERSON, more=COLUMNS)

TEXT = st.none() | st.sampled_from(["", "a", "b", "漢"]) | st.text(max_size=5)
LIST = st.none() | st.lists(TEXT, max_size=4)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "given_name": TEXT,
            "surname_parts": LIST,
            "aliases": LIST,
            "birth_date": st.none() | st.dates(),
            "birth_year": st.none() | st.integers(-(2**31) + 1, 2**31 - 1),
        }
    ),
    max_size=8,
)
NOTHING_IN_IT: dict[str, Any] = dict.fromkeys(COLUMNS)
EMPTY_LISTS: dict[str, Any] = {**NOTHING_IN_IT, "surname_parts": [], "aliases": []}


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={column: PERSON[column] for column in COLUMNS})


def holds_together(features: Features, layout: Layout) -> None:
    """What readers of addresses rely on."""
    assert features.rows.dtype == features.lists.dtype == np.int32
    assert features.rows.flags.c_contiguous
    assert features.rows.shape[1] == layout.width
    assert len(features.data) == features.ends[-1] + READABLE
    assert len(features.ends) == len(features.owner) + 1
    assert (np.diff(features.ends) >= 0).all()


@given(ROWS, st.integers(1, 2))
@example([], 1)
@example([NOTHING_IN_IT], 1)
@example([EMPTY_LISTS, NOTHING_IN_IT], 2)
def test_what_is_packed_can_be_read_back(rows: list[dict[str, Any]], threads: int) -> None:
    """Texts, lists without repeats, dates, numbers, and what is missing, of any mentions."""
    features = pack_frame(frame(rows), LAYOUT, threads)
    holds_together(features, LAYOUT)
    assert features.records == len(rows)
    assert decoded(features) == squeezed(frame(rows), LAYOUT.columns)


@given(ROWS)
def test_equal_strings_of_columns_compared_have_equal_codes(rows: list[dict[str, Any]]) -> None:
    """Within a group a string has one code; the owner of a code says which group it is of."""
    features = pack_frame(frame(rows), LAYOUT)
    strings = features.strings(np.arange(len(features.owner))).to_pylist()
    named = list(zip(features.owner.tolist(), strings, strict=True))
    assert len(set(named)) == len(named)
    for column in ("given_name", "surname_parts", "aliases"):
        group, slot = LAYOUT.group_of(column), LAYOUT.slots[column]
        for row in features.rows.tolist():
            codes = row[slot.place : slot.place + 1]
            if slot.form == "list":
                first, count = codes[0], max(row[slot.place + 1], 0)
                codes = features.lists[first : first + count].tolist()
            assert all(features.owner[code] == group for code in codes if code >= 0)


def test_a_bit_says_what_a_record_has() -> None:
    """Of more columns than one word tells of, each has its bit; a sign is never one."""
    mentions = people(40, 1).with_columns(pl.col("surname").alias("role"))
    columns = tuple(PERSON)
    assert len(columns) > WORD_BITS
    layout = layout_of([], PERSON, more=columns)
    features = pack_frame(mentions, layout)
    for column, slot in layout.slots.items():
        word, bit = divmod(slot.number, WORD_BITS)
        known = features.rows[:, word] >> bit & 1
        assert known.tolist() == mentions[column].is_not_null().cast(pl.Int32).to_list(), column
    words = features.rows[:, : -(-len(columns) // WORD_BITS)]
    assert (words >= 0).all()


def test_rows_are_filled_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of any size give the same rows."""
    whole = pack_frame(people(25, 2), LAYOUT)
    for size in (1, 7, 25):
        monkeypatch.setattr(packing, "_BLOCK", size)
        assert np.array_equal(pack_frame(people(25, 2), LAYOUT).rows, whole.rows)


def test_a_part_of_a_table_is_packed_as_itself() -> None:
    """Slices, chunks, and lists that a condition made missing are what they seem."""
    mentions = people(30, 3).select(COLUMNS)
    chunked = pl.concat([mentions.head(13), mentions.tail(17)], rechunk=False)
    masked = mentions.with_columns(
        pl.when(pl.col("birth_year").is_null()).then("surname_parts").alias("surname_parts")
    )
    for table in (mentions.slice(7, 9), chunked, masked):
        assert decoded(pack_frame(table, LAYOUT)) == squeezed(table, LAYOUT.columns)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, ROWS, ROWS)
@example([], [NOTHING_IN_IT], [])
@example([NOTHING_IN_IT], [EMPTY_LISTS], [NOTHING_IN_IT])
def test_appending_is_packing_all_at_once(
    first: list[dict[str, Any]], second: list[dict[str, Any]], third: list[dict[str, Any]]
) -> None:
    """However mentions are divided, they are read back; what was there keeps rows and codes."""
    features = pack_frame(frame(first), LAYOUT)
    for rows in (second, third):
        longer = append(features, frame(rows))
        holds_together(longer, LAYOUT)
        assert np.array_equal(longer.rows[: features.records], features.rows)
        assert np.array_equal(longer.owner[: len(features.owner)], features.owner)
        features = longer
    assert decoded(features) == squeezed(frame([*first, *second, *third]), LAYOUT.columns)
    strings = features.strings(np.arange(len(features.owner))).to_pylist()
    named = set(zip(features.owner.tolist(), strings, strict=True))
    assert len(named) == len(strings)

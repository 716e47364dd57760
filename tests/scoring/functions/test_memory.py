"""Numbers read and written at addresses, and texts found by their codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.compiled import compiled
from linker.scoring.functions import memory
from tests.scoring.functions.places import address_of, dictionary

INT32 = st.integers(-(2**31), 2**31 - 1)
INT64 = st.integers(-(2**63), 2**63 - 1)


@compiled
def loaded(whole: int, long: int, real: int, place: int) -> tuple[int, int, float]:
    return memory.int32_at(whole, place), memory.int64_at(long, place), memory.float_at(real, place)


@compiled
def stored(small: int, long: int, real: int, place: int, values: tuple[int, int, float]) -> None:
    memory.put_int8(small, place, np.int8(values[0]))
    memory.put_int64(long, place, values[1])
    memory.put_float(real, place, values[2])


@compiled
def prefetched(place: int) -> int:
    return memory.prefetch(place)


@given(st.lists(st.tuples(INT32, INT64, st.floats(allow_nan=False)), min_size=1, max_size=5))
def test_numbers_are_read_where_they_stand(rows: list[tuple[int, int, float]]) -> None:
    """Places count numbers, of 4 or 8 bytes each, from the address; below it as well."""
    whole, long, real = (
        np.array(column, dtype)
        for column, dtype in zip(
            zip(*rows, strict=True), (np.int32, np.int64, np.float64), strict=True
        )
    )
    for place, row in enumerate(rows):
        assert loaded(address_of(whole), address_of(long), address_of(real), place) == row
        last = len(rows) - 1
        ends = address_of(whole, last), address_of(long, last), address_of(real, last)
        assert loaded(*ends, place - last) == row


@given(st.integers(0, 4), st.integers(-128, 127), INT64, st.floats(allow_nan=False))
def test_numbers_are_written_where_asked_and_nowhere_else(
    place: int, small: int, long: int, real: float
) -> None:
    """A store changes its place and leaves the neighbours."""
    arrays = np.full(5, 7, np.int8), np.full(5, 7, np.int64), np.full(5, 7.0)
    stored(*(address_of(array) for array in arrays), place, (small, long, real))
    for array, value in zip(arrays, (small, long, real), strict=True):
        expected: list[Any] = [7] * 5
        expected[place] = value
        assert array.tolist() == expected


@given(st.lists(st.text(max_size=6), min_size=1, max_size=6))
def test_a_code_finds_its_text(texts: list[str]) -> None:
    """The address and the length of a code's text are those of its bytes, empty ones included."""
    data, ends = dictionary(texts)
    for code, text in enumerate(texts):
        start = memory.text_at(address_of(data), address_of(ends), code) - address_of(data)
        length = memory.length_of(address_of(ends), code)
        assert data[start : start + length].tobytes().decode() == text


def test_asking_for_memory_changes_nothing() -> None:
    """Even an address that belongs to no one may be asked for."""
    array = np.arange(4)
    assert [prefetched(place) for place in (address_of(array), 0, -1)] == [0, 0, 0]
    assert array.tolist() == [0, 1, 2, 3]

"""The hashes that keys are made of: frozen, since keys are stored and compared between runs."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from linker.blocking.hashing import (
    EVERY_CHARACTER,
    HASH_VERSION,
    hash_numbers,
    hash_texts,
    joined_keys,
    mixed,
)
from tests.blocking.twins import ALL_BITS, GOLDEN, fnv1a, hash_of, splitmix

NO_OFFSETS = np.empty(0, np.int64)
TEXTS = st.lists(st.none() | st.text(max_size=9), max_size=6)


def hashes(texts: list[str | None], characters: int = EVERY_CHARACTER) -> list[int]:
    encoded = [(text or "").encode() for text in texts]
    ends = np.cumsum([0, *(len(each) for each in encoded)]).astype(np.int64)
    known = np.array([text is not None for text in texts], np.uint8)
    data = np.frombuffer(b"".join(encoded), np.uint8).copy()
    return [int(value) for value in hash_texts(data, ends, known, characters)]


def test_the_twins_are_what_their_authors_published() -> None:
    """FNV-1a of known texts, and the first numbers of splitmix64 from 0."""
    assert fnv1a(b"") == 0xCBF29CE484222325
    assert fnv1a(b"a") == 0xAF63DC4C8601EC8C
    assert fnv1a(b"foobar") == 0x85944171F73967E8
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [splitmix(GOLDEN * step & ALL_BITS) for step in (1, 2, 3)] == published


def test_hashes_are_frozen() -> None:
    """These very numbers lie in stores: whoever changes them names a new HASH_VERSION."""
    assert HASH_VERSION == "fnv1a-splitmix64/1"
    assert hashes(["", None, "a", "cruz", "ñandú", "漢😀"]) == [
        *(0, 0),
        0x02C0BDBF481420F8,
        0x6BFD95DE5009F4E1,
        0xFBB10D2851DC0A7A,
        0x571614DD872E8173,
    ]


@given(TEXTS, st.integers(1, 4) | st.just(EVERY_CHARACTER))
@example(["éa", "éb", "😀😀", "a", ""], 1)
def test_texts_hash_as_their_twin(texts: list[str | None], characters: int) -> None:
    """Whatever the texts are, so many code points of them count, and missing ones have no hash."""
    shortened = [text if text is None else text[:characters] for text in texts]
    assert hashes(texts, characters) == [hash_of(text) for text in shortened]


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=6))
@example([0, None, -1, 1980])
def test_numbers_hash_as_their_twin(numbers: list[int | None]) -> None:
    """Whole numbers, negative ones included; one that is missing has no hash, 0 has one."""
    values = np.array([number or 0 for number in numbers], np.int64)
    known = np.array([number is not None for number in numbers], np.uint8)
    assert hash_numbers(values, known).tolist() == [hash_of(number) for number in numbers]


@given(st.integers(0, ALL_BITS))
@example(0)
@example(ALL_BITS)
def test_mixing_is_a_bijection(value: int) -> None:
    """Mixed bits can be unmixed, so that no two numbers meet by it."""
    found = int(mixed(np.uint64(value)))
    assert found == splitmix(value)
    found ^= found >> 31 ^ found >> 62
    found = found * pow(0x94D049BB133111EB, -1, 1 << 64) & ALL_BITS
    found ^= found >> 27 ^ found >> 54
    found = found * pow(0xBF58476D1CE4E5B9, -1, 1 << 64) & ALL_BITS
    found ^= found >> 30 ^ found >> 60
    assert found == value


U64 = st.integers(0, ALL_BITS)
PARTS = st.lists(st.lists(st.just(0) | U64, max_size=3), min_size=1, max_size=5)


@given(PARTS, st.data())
def test_keys_are_joined_with_every_value_of_a_list(
    lists: list[list[int]], data: st.DataObject
) -> None:
    """Each key meets each present value of its record's list; without one it is gone."""
    records = sorted(data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=6)))
    keys = data.draw(st.lists(U64, min_size=len(records), max_size=len(records)))
    flat = np.array([value for values in lists for value in values], np.uint64)
    offsets = np.cumsum([0, *(len(values) for values in lists)]).astype(np.int64)
    longer, whose = joined_keys(
        np.array(keys, np.uint64), np.array(records, np.int32), flat, offsets
    )
    expected = [
        (splitmix((key * GOLDEN + value) & ALL_BITS), record)
        for key, record in zip(keys, records, strict=True)
        for value in lists[record]
        if value
    ]
    assert list(zip(longer.tolist(), whose.tolist(), strict=True)) == expected


@given(st.lists(st.just(0) | U64, min_size=1, max_size=5))
def test_a_part_that_is_no_list_gives_one_key_a_record(part: list[int]) -> None:
    """A record with the part keeps its key, longer; one without has none any more."""
    keys = np.arange(len(part), dtype=np.uint64)
    records = np.arange(len(part), dtype=np.int32)
    longer, whose = joined_keys(keys, records, np.array(part, np.uint64), NO_OFFSETS)
    assert whose.tolist() == [record for record, value in enumerate(part) if value]
    assert longer.tolist() == [
        splitmix((record * GOLDEN + value) & ALL_BITS) for record, value in enumerate(part) if value
    ]

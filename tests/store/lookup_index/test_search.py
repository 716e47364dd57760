"""Who shares keys with a question, in mapped files of several segments."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.store.lookup_index.search import candidates_of, members_of, spans_of

MENTIONS = 40
EDGES = [0, 1, 2, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 2, (1 << 64) - 1]
KEYS = st.sampled_from(EDGES) | st.integers(0, (1 << 64) - 1)


@st.composite
def segments(draw: st.DrawFn) -> list[tuple[Any, Any]]:
    """Sorted keys and their mentions, of one name, in some segments."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        rows = draw(
            st.lists(st.tuples(KEYS, st.integers(0, MENTIONS - 1)), max_size=30, unique=True)
        )
        rows.sort()
        keys = np.array([key for key, _ in rows], dtype=np.uint64)
        found.append((keys, np.array([mention for _, mention in rows], dtype=np.int32)))
    return found


def table_of(held: list[tuple[Any, Any]]) -> Any:
    table = np.zeros((1, len(held), 3), dtype=np.int64)
    for segment, (keys, mentions) in enumerate(held):
        table[0, segment] = keys.ctypes.data, mentions.ctypes.data, len(keys)
    return table


def bits(numbers: list[int]) -> Any:
    mask = np.zeros(MENTIONS, dtype=np.bool_)
    mask[numbers] = True
    return np.packbits(mask, bitorder="little")


def asked_of(keys: list[int]) -> tuple[Any, Any]:
    return np.zeros(len(keys), dtype=np.int32), np.array(keys, dtype=np.uint64)


@given(held=segments(), keys=st.lists(KEYS, max_size=12))
def test_every_key_is_found_where_it_lies(held: list[tuple[Any, Any]], keys: list[int]) -> None:
    """Where a key starts and ends is what a search by halves says, at the edges as well."""
    names, asked = asked_of(keys + [int(key) for keys_, _ in held for key in keys_[:3]])
    spans = spans_of(table_of(held), names, asked)
    for segment, (sorted_keys, _) in enumerate(held):
        left = np.searchsorted(sorted_keys, asked, "left")
        right = np.searchsorted(sorted_keys, asked, "right")
        empty = left == right
        assert (spans[:, segment, 0] == left)[~empty].all()
        assert (spans[:, segment, 1] - spans[:, segment, 0] == right - left).all()


def test_many_keys_of_any_spread() -> None:
    """Keys that lie close together are found though a guess by their value is far off."""
    draw = np.random.default_rng(5)
    close = draw.integers(1 << 40, (1 << 40) + 5_000, size=20_000, dtype=np.uint64)
    spread = draw.integers(0, 1 << 64, size=20_000, dtype=np.uint64, endpoint=False)
    for keys in (close, spread, np.concatenate([close, spread])):
        held = [(np.sort(keys), np.zeros(len(keys), dtype=np.int32))]
        names, asked = asked_of([*keys[:500].tolist(), 0, 1 << 40, (1 << 64) - 1])
        spans = spans_of(table_of(held), names, asked)
        sizes = np.searchsorted(held[0][0], asked, "right") - np.searchsorted(held[0][0], asked)
        assert (spans[:, 0, 1] - spans[:, 0, 0] == sizes).all()


@given(
    held=segments(),
    there=st.lists(st.integers(0, MENTIONS - 1), unique=True),
    more=st.lists(KEYS, max_size=3),
)
def test_members_and_candidates(
    held: list[tuple[Any, Any]], there: list[int], more: list[int]
) -> None:
    """Members are those of each key that count; candidates all of them, once, keys added."""
    known = [int(key) for keys, _ in held for key in keys]
    names, asked = asked_of(list(dict.fromkeys([*known[::2], *more])))
    table, wanted = table_of(held), bits(there)
    spans = spans_of(table, names, asked)
    found, starts = members_of(table, names, spans, wanted)
    worth = np.arange(1.0, len(asked) + 1)
    expected: dict[int, float] = {}
    for number, key in enumerate(asked.tolist()):
        of_key = [
            int(mention)
            for keys, mentions in held
            for one, mention in zip(keys.tolist(), mentions.tolist(), strict=True)
            if one == key and mention in there
        ]
        assert found[starts[number] : starts[number + 1]].tolist() == of_key
        for mention in of_key:
            expected[mention] = expected.get(mention, 0.0) + worth[number]
    order = np.arange(len(asked))
    mentions, gained, passed = candidates_of(table, names, spans, order, worth, wanted, MENTIONS)
    assert dict(zip(mentions.tolist(), gained.tolist(), strict=True)) == expected
    assert passed == 0


def test_past_the_most_only_known_mentions_gain() -> None:
    """Once there are enough, further ones are passed over and counted, and keys still add up."""
    keys = np.array([1, 1, 1, 2, 2, 2], dtype=np.uint64)
    held = [(keys, np.array([0, 1, 2, 1, 2, 3], dtype=np.int32))]
    names, asked = asked_of([1, 2])
    table = table_of(held)
    spans = spans_of(table, names, asked)
    everyone = bits(list(range(MENTIONS)))
    found, gained, passed = candidates_of(
        table, names, spans, np.array([0, 1]), np.array([5.0, 1.0]), everyone, 3
    )
    assert found.tolist() == [0, 1, 2]
    assert gained.tolist() == [5.0, 6.0, 6.0]
    assert passed == 1


def test_mentions_past_the_bits_are_not_there() -> None:
    """A mention that the generation does not know yet is none of its."""
    held = [(np.array([7], dtype=np.uint64), np.array([5_000], dtype=np.int32))]
    names, asked = asked_of([7])
    spans = spans_of(table_of(held), names, asked)
    assert members_of(table_of(held), names, spans, bits([1]))[0].tolist() == []

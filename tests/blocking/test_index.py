"""The key index: files of keys, and who has them, against dictionaries."""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.blocking import index
from linker.blocking.hashing import Int32s, UInt64s
from linker.blocking.index import KeyIndex, SortedKeys, write_keys, write_sorted
from linker.errors import StoreError
from tests.blocking.twins import splitmix

KEYS = [0, *(splitmix(number) for number in range(6)), 2**64 - 1]
KEY = st.sampled_from(KEYS)
SEGMENTS = st.lists(st.lists(st.tuples(KEY, KEY, st.integers(0, 4)), max_size=12), max_size=3)
"""For each segment: key, refined key, which of its five mentions."""
ASKED = st.lists(st.tuples(KEY, KEY), max_size=9)
DEAD = st.sets(st.integers(0, 14))

Held = list[tuple[int, int, int]]


def columns(held: list[tuple[int, ...]]) -> tuple[UInt64s, UInt64s, Int32s]:
    keys, refined, mentions = zip(*held, strict=True) if held else ((), (), ())
    return np.array(keys, np.uint64), np.array(refined, np.uint64), np.array(mentions, np.int32)


def numbered(segments: list[Held]) -> list[Held]:
    """Five numbers to each segment."""
    return [
        [(key, refined, mention + 5 * number) for key, refined, mention in held]
        for number, held in enumerate(segments)
    ]


def dead_of(dead: set[int], total: int = 15) -> np.ndarray:
    return np.array([number in dead for number in range(total)], np.bool_)


@given(SEGMENTS, ASKED, DEAD)
def test_the_live_mentions_of_a_key_are_found(
    tmp_path_factory: pytest.TempPathFactory,
    segments: list[Held],
    asked: list[tuple[int, int]],
    dead: set[int],
) -> None:
    """Whatever is asked, in any order and repeatedly, of any number of segments."""
    directory = tmp_path_factory.mktemp("keys")
    expected: dict[int, set[int]] = defaultdict(set)
    for number, held in enumerate(numbered(segments)):
        keys, _, mentions = columns(held)
        write_keys(directory / str(number), "a", keys, mentions)
        for key, _, mention in held:
            expected[key] |= {mention} - dead
    found = KeyIndex([directory / str(number) for number in range(len(segments))], dead_of(dead))
    wanted, _, _ = columns([(*each, 0) for each in asked])
    members, starts = found.members("a", wanted)
    parts = [members[a:b].tolist() for a, b in itertools.pairwise(starts)]
    assert parts == [sorted(expected[key]) for key, _ in asked]
    assert found.counts("a", wanted).tolist() == [len(expected[key]) for key, _ in asked]
    assert members.dtype == np.int32


@given(SEGMENTS, ASKED, DEAD)
def test_the_live_mentions_of_a_refined_key_are_found(
    tmp_path_factory: pytest.TempPathFactory,
    segments: list[Held],
    asked: list[tuple[int, int]],
    dead: set[int],
) -> None:
    """A refined key is found under its key, and a key tells all that refine it."""
    directory = tmp_path_factory.mktemp("keys")
    expected: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, held in enumerate(numbered(segments)):
        keys, refined, mentions = columns(sorted(set(held)))
        write_sorted(directory / str(number), "a+", SortedKeys(keys, mentions, refined))
        for key, finer, mention in held:
            expected[key, finer] |= {mention} - dead
    found = KeyIndex([directory / str(number) for number in range(len(segments))], dead_of(dead))
    wanted, finer, _ = columns([(*each, 0) for each in asked])
    members, starts = found.members("a+", wanted, finer)
    parts = [members[a:b].tolist() for a, b in itertools.pairwise(starts)]
    assert parts == [sorted(expected[each]) for each in asked]
    assert found.counts("a+", wanted, finer).tolist() == [len(expected[each]) for each in asked]
    under = found.refinements("a+", np.unique(wanted))
    triples = zip(under.keys.tolist(), under.refined.tolist(), under.mentions.tolist(), strict=True)
    assert list(triples) == sorted(
        (key, finer, mention)
        for (key, finer), mentions in expected.items()
        for mention in mentions
        if key in wanted.tolist()
    )


def test_keys_are_written_sorted_each_once(tmp_path: Path) -> None:
    """Keys may come in any order and repeatedly; what lies on disk is sorted by key and mention."""
    keys = np.array([KEYS[2], KEYS[1], KEYS[2], KEYS[2]], np.uint64)
    write_keys(tmp_path, "value.ssn", keys, np.array([7, 3, 1, 7], np.int32))
    held = [
        np.load(tmp_path / f"value.ssn.{column}.npy").tolist() for column in ("keys", "mentions")
    ]
    assert list(zip(*held, strict=True)) == sorted([(KEYS[2], 1), (KEYS[2], 7), (KEYS[1], 3)])


def test_many_keys_are_found(tmp_path: Path) -> None:
    """A hundred thousand keys that a few mentions each share, asked for by the thousand."""
    draw = np.random.default_rng(1)
    pool = draw.integers(0, 1 << 63, 30_000, np.uint64)
    keys = pool[draw.integers(0, 30_000, 100_000)]
    mentions = np.arange(100_000, dtype=np.int32)
    write_keys(tmp_path, "a", keys, mentions)
    dead = draw.random(100_000) < 0.3
    asked = np.sort(pool[:1_000])
    members, starts = KeyIndex([tmp_path], dead).members("a", asked)
    expected = [np.flatnonzero((keys == key) & ~dead) for key in asked[::50]]
    assert [members[starts[at] : starts[at + 1]].tolist() for at in range(0, 1_000, 50)] == [
        each.tolist() for each in expected
    ]


def test_mentions_of_later_numbers_are_not_there(tmp_path: Path) -> None:
    """An index of the state before does not see what a newer segment holds."""
    write_keys(tmp_path, "a", np.array([5, 5], np.uint64), np.array([1, 2], np.int32))
    found = KeyIndex([tmp_path], np.zeros(2, np.bool_))
    assert found.total == 2
    assert found.members("a", np.array([5], np.uint64))[0].tolist() == [1]


def test_files_not_asked_for_longest_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many segments and names there are, few files are open, and all are found again."""
    monkeypatch.setattr(index, "MOST_OPEN", 2)
    for number in range(4):
        write_keys(
            tmp_path / str(number), "a", np.array([9], np.uint64), np.array([number], np.int32)
        )
    found = KeyIndex([tmp_path / str(number) for number in range(4)], np.zeros(4, np.bool_))
    for _ in range(2):
        assert found.members("a", np.array([9], np.uint64))[0].tolist() == [0, 1, 2, 3]
        assert len(found._open) == 2


@pytest.mark.parametrize("damage", ["missing", "empty", "garbled", "shorter", "other numbers"])
def test_damaged_files_are_refused(tmp_path: Path, damage: str) -> None:
    """Files that are not whole stop with one line that names them; never is a candidate lost."""
    write_keys(tmp_path, "a", np.array([5, 6], np.uint64), np.array([1, 2], np.int32))
    path = tmp_path / "a.mentions.npy"
    if damage == "missing":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "garbled":
        path.write_bytes(b"no numbers")
    elif damage == "shorter":
        np.save(path, np.array([1], np.int32))
    else:
        np.save(path, np.array([1, 2], np.int64))
    found = KeyIndex([tmp_path], np.zeros(3, np.bool_))
    with pytest.raises(StoreError, match="keys 'a' are missing or damaged; run linker link --full"):
        found.counts("a", np.array([5], np.uint64))

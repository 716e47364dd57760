"""Compiled text functions: the same answers as DuckDB and as independent implementations."""

from __future__ import annotations

import random

import duckdb
import jellyfish
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from linker.scoring.functions import text
from linker.scoring.functions.bits import Bytes
from linker.scoring.functions.compiled import compiled

Pairs = list[tuple[str, str]]
Answers = dict[str, np.ndarray]

LETTERS = "abcde é漢😀"
TEXT = st.text(LETTERS, max_size=12) | st.text("ab", max_size=70) | st.text(max_size=8)
EDITS = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(LETTERS), st.integers(0, 3)))
PADDING = st.sampled_from([0, 20, 64])
LEAST = (0.5, 0.7, 0.8, 0.88, 0.92, 0.95, 1.0)


def edited(value: str, edits: list[tuple[int, str, int]]) -> str:
    """Insert, delete, replace or exchange letters."""
    for place, letter, kind in edits:
        at = place % (len(value) + 1)
        first, rest = value[:at], value[at:]
        value = first + (letter + rest, rest[1:], letter + rest[1:], rest[1::-1] + rest[2:])[kind]
    return value


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Draw two texts, half of the time a few edits apart."""
    left = draw(TEXT)
    return left, draw(TEXT | EDITS.map(lambda edits: edited(left, edits[:4])))


def sides(left: str, right: str, padding: int = 64) -> tuple[Bytes, int, int, Bytes, int, int]:
    """Return both texts as slices, with other bytes before and after them."""
    a, b = left.encode(), right.encode()
    array = np.frombuffer(b"ab" + a + b + b"a" * padding, np.uint8).copy()
    middle = 2 + len(a)
    return array, 2, middle, array, middle, middle + len(b)


def packed(some: Pairs) -> tuple[Bytes, np.ndarray]:
    """Return pairs as one array of bytes and the ends of their texts."""
    encoded = [side.encode() for pair in some for side in pair]
    ends = np.concatenate([[0], np.cumsum([len(each) for each in encoded])]).astype(np.int64)
    return np.frombuffer(b"".join(encoded), np.uint8).copy(), ends


@compiled
def similarities(data: Bytes, ends: np.ndarray) -> np.ndarray:
    out = np.empty(len(ends) // 2, np.float64)
    for i in range(len(out)):
        start, middle, end = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        out[i] = text.jaro_winkler(data, start, middle, data, middle, end)
    return out


@compiled
def reached(data: Bytes, ends: np.ndarray, least: float) -> np.ndarray:
    out = np.empty(len(ends) // 2, np.bool_)
    for i in range(len(out)):
        start, middle, end = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        out[i] = text.jaro_winkler_reaches(data, start, middle, data, middle, end, least)
    return out


@compiled
def edits_within(data: Bytes, ends: np.ndarray, at_most: int, swaps: bool) -> np.ndarray:
    out = np.empty(len(ends) // 2, np.bool_)
    for i in range(len(out)):
        start, middle, end = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        if swaps:
            out[i] = text.damerau_levenshtein_within(
                data, start, middle, data, middle, end, at_most
            )
        else:
            out[i] = text.levenshtein_within(data, start, middle, data, middle, end, at_most)
    return out


@pytest.fixture(scope="module")
def many() -> Pairs:
    """Return pairs of all lengths to 90, of small and large alphabets, near and far."""
    chance = random.Random(20)
    alphabets = ("ab", "abcdefghij", "abcdefghijklmnopqrstuvwxyz '", LETTERS)
    some = []
    for _ in range(30_000):
        letters, longest = chance.choice(alphabets), chance.choice((3, 8, 14, 20, 90))
        left, right = (
            "".join(chance.choices(letters, k=chance.randint(0, longest))) for _ in range(2)
        )
        if chance.random() < 0.6:
            edits = [
                (chance.randrange(99), chance.choice(letters), chance.randrange(4))
                for _ in range(chance.randint(0, 4))
            ]
            right = edited(left, edits)
        some.append((left, right))
    return some


@pytest.fixture(scope="module")
def of_duckdb(many: Pairs) -> Answers:
    """Return DuckDB's answers for these pairs."""
    table = pa.table({"left": [a for a, _ in many], "right": [b for _, b in many]})
    table = table.append_column("place", pa.array(range(len(many))))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("pairs", table)
        return connection.execute(
            "SELECT jaro_winkler_similarity(pairs.left, pairs.right) AS similarity, "
            "levenshtein(pairs.left, pairs.right) AS edits, "
            "damerau_levenshtein(pairs.left, pairs.right) AS keystrokes FROM pairs ORDER BY place"
        ).fetchnumpy()


def test_jaro_winkler_is_duckdbs_to_the_last_bit(many: Pairs, of_duckdb: Answers) -> None:
    """Over pairs of all lengths and alphabets the similarity has the very bits of DuckDB's."""
    assert np.array_equal(similarities(*packed(many)), of_duckdb["similarity"])


def test_reaching_a_threshold_is_comparing_the_similarity(many: Pairs, of_duckdb: Answers) -> None:
    """Usual thresholds, and ones that some pairs reach exactly, are reached as if compared."""
    arrays = packed(many)
    similarity = of_duckdb["similarity"]
    for least in (0.0, *LEAST, *np.unique(similarity)[::500]):
        assert np.array_equal(reached(*arrays, float(least)), similarity >= least)


@pytest.mark.parametrize("at_most", [-1, 0, 1, 2, 3, 5])
def test_edit_distances_are_duckdbs(many: Pairs, of_duckdb: Answers, at_most: int) -> None:
    """Within so many edits or keystrokes is what DuckDB's distance says, byte by byte."""
    arrays = packed(many)
    assert np.array_equal(edits_within(*arrays, at_most, False), of_duckdb["edits"] <= at_most)
    assert np.array_equal(edits_within(*arrays, at_most, True), of_duckdb["keystrokes"] <= at_most)


@given(pairs(), PADDING)
def test_jaro_winkler_agrees_with_rapidfuzz(pair: tuple[str, str], padding: int) -> None:
    """The similarity is the usual one of the bytes, wherever the texts lie in the array."""
    left, right = (side.encode() for side in pair)
    expected = JaroWinkler.similarity(left, right) if left and right else 0.0
    arguments = sides(*pair, padding)
    assert text.jaro_winkler(*arguments) == pytest.approx(expected, abs=1e-12)
    for least in LEAST:
        assert text.jaro_winkler_reaches(*arguments, least) == (
            text.jaro_winkler(*arguments) >= least
        )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("", "", 0.0), ("", "a", 0.0), ("a", "", 0.0), ("a", "a", 1.0), ("a", "b", 0.0)],
)
def test_an_empty_text_is_like_nothing(left: str, right: str, expected: float) -> None:
    """Two empty texts are unlike, as in DuckDB; a single letter is like itself only."""
    assert text.jaro_winkler(*sides(left, right)) == expected


@given(pairs(), st.integers(0, 6), PADDING)
@example(("ca", "abc"), 2, 0)
@example(("ac", "cba"), 2, 0)
def test_keystrokes_agree_with_rapidfuzz(pair: tuple[str, str], most: int, padding: int) -> None:
    """The distances are Levenshtein's and the unrestricted Damerau-Levenshtein of the bytes."""
    left, right = (side.encode() for side in pair)
    arguments = (*sides(*pair, padding), most)
    assert text.levenshtein_within(*arguments) == (Levenshtein.distance(left, right) <= most)
    assert text.damerau_levenshtein_within(*arguments) == (
        DamerauLevenshtein.distance(left, right) <= most
    )


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 4))
def test_keystrokes_of_ascii_agree_with_jellyfish(left: str, right: str, most: int) -> None:
    """Of short texts with few letters, where edits overlap, the distance is jellyfish's."""
    within = text.damerau_levenshtein_within(*sides(left, right), most)
    assert within == (jellyfish.damerau_levenshtein_distance(left, right) <= most)


@given(pairs(), st.integers(1, 5))
@example(("éa", "éb"), 1)
@example(("é", "è"), 1)
def test_characters_are_code_points(pair: tuple[str, str], length: int) -> None:
    """Lengths, beginnings and initials count code points, not bytes."""
    left, right = pair
    arguments = sides(left, right)
    assert text.characters(*arguments[:3]) == len(left)
    assert text.first_character_equal(*arguments) == (left[:1] == right[:1])
    assert text.prefix_equal(*arguments, length) == (
        len(left) >= length and left[:length] == right[:length]
    )
    assert text.is_initial_of(*arguments) == (
        1 in (len(left), len(right)) and left[:1] == right[:1]
    )

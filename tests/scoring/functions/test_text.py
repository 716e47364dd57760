"""Compiled text functions: the same answers as DuckDB and as independent implementations."""

from __future__ import annotations

import ctypes
import mmap
import random
import sys
from itertools import product

import duckdb
import jellyfish
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from linker.compiled import compiled
from linker.scoring.functions import text
from linker.scoring.functions.bits import Bytes, address
from tests.scoring.functions.places import dictionary, on_bytes, on_texts

Pairs = list[tuple[str, str]]
Answers = dict[str, np.ndarray]

LETTERS = "abcde é漢😀"
TEXT = st.text(LETTERS, max_size=12) | st.text("ab", max_size=70) | st.text(max_size=8)
EDITS = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(LETTERS), st.integers(0, 3)))
AROUND = st.sampled_from([b"\0", b"a", b"ab", "é漢".encode()])
NO_ACCESS = 0  # what Linux calls PROT_NONE
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


def packed(some: Pairs) -> tuple[Bytes, np.ndarray]:
    """Return the texts of pairs, the left ones at even places."""
    return dictionary(side for pair in some for side in pair)


@compiled
def similarities(data: Bytes, ends: np.ndarray) -> np.ndarray:
    out = np.empty(len(ends) // 2, np.float64)
    for i in range(len(out)):
        a, b, c = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        out[i] = text.jaro_winkler(address(data, a), b - a, address(data, b), c - b)
    return out


@compiled
def reached(data: Bytes, ends: np.ndarray, least: float) -> np.ndarray:
    out = np.empty(len(ends) // 2, np.bool_)
    for i in range(len(out)):
        a, b, c = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        out[i] = text.jaro_winkler_reaches(address(data, a), b - a, address(data, b), c - b, least)
    return out


@compiled
def edits_within(data: Bytes, ends: np.ndarray, at_most: int, swaps: bool) -> np.ndarray:
    out = np.empty(len(ends) // 2, np.bool_)
    for i in range(len(out)):
        a, b, c = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        left, right = address(data, a), address(data, b)
        if swaps:
            out[i] = text.damerau_levenshtein_within(left, b - a, right, c - b, at_most)
        else:
            out[i] = text.levenshtein_within(left, b - a, right, c - b, at_most)
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


@given(pairs(), AROUND)
def test_jaro_winkler_agrees_with_rapidfuzz(pair: tuple[str, str], around: bytes) -> None:
    """The similarity is the usual one of the bytes, whatever lies around the texts."""
    left, right = (side.encode() for side in pair)
    expected = JaroWinkler.similarity(left, right) if left and right else 0.0
    similarity = on_bytes(text.jaro_winkler, left, right, around=around)
    assert similarity == pytest.approx(expected, abs=1e-12)
    for least in LEAST:
        reaches = on_bytes(text.jaro_winkler_reaches, left, right, least, around=around)
        assert reaches == (similarity >= least)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("", "", 0.0), ("", "a", 0.0), ("a", "", 0.0), ("a", "a", 1.0), ("a", "b", 0.0)],
)
def test_an_empty_text_is_like_nothing(left: str, right: str, expected: float) -> None:
    """Two empty texts are unlike, as in DuckDB; a single letter is like itself only."""
    assert on_texts(text.jaro_winkler, left, right) == expected


@given(pairs(), st.integers(0, 6), AROUND)
@example(("ca", "abc"), 2, b"a")
@example(("ac", "cba"), 2, b"a")
def test_keystrokes_agree_with_rapidfuzz(pair: tuple[str, str], most: int, around: bytes) -> None:
    """The distances are Levenshtein's and the unrestricted Damerau-Levenshtein of the bytes."""
    left, right = (side.encode() for side in pair)
    within = on_bytes(text.levenshtein_within, left, right, most, around=around)
    assert within == (Levenshtein.distance(left, right) <= most)
    within = on_bytes(text.damerau_levenshtein_within, left, right, most, around=around)
    assert within == (DamerauLevenshtein.distance(left, right) <= most)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 4))
def test_keystrokes_of_ascii_agree_with_jellyfish(left: str, right: str, most: int) -> None:
    """Of short texts with few letters, where edits overlap, the distance is jellyfish's."""
    within = on_texts(text.damerau_levenshtein_within, left, right, most)
    assert within == (jellyfish.damerau_levenshtein_distance(left, right) <= most)


@pytest.mark.parametrize("swaps", [False, True])
def test_every_short_text_of_two_letters(swaps: bool) -> None:
    """All pairs of texts up to five bytes of two letters are as far apart as rapidfuzz says."""
    texts = ["".join(letters) for size in range(6) for letters in product("ab", repeat=size)]
    some = list(product(texts, texts))
    distance = DamerauLevenshtein.distance if swaps else Levenshtein.distance
    apart = np.array([distance(left, right) for left, right in some])
    for at_most in range(-1, 5):
        assert np.array_equal(edits_within(*packed(some), at_most, swaps), apart <= at_most)


@given(pairs(), st.integers(1, 5))
@example(("éa", "éb"), 1)
@example(("é", "è"), 1)
def test_characters_are_code_points(pair: tuple[str, str], length: int) -> None:
    """Lengths, beginnings and initials count code points, not bytes."""
    left, right = pair
    assert on_texts(lambda a, n, *_: text.characters(a, n), left, right) == len(left)
    assert on_texts(text.prefix_equal, left, right, length) == (
        len(left) >= length and left[:length] == right[:length]
    )
    assert on_texts(text.is_initial_of, left, right) == (
        1 in (len(left), len(right)) and left[:1] == right[:1]
    )


@pytest.mark.parametrize(
    ("left", "right", "held"),
    [
        ("4 hillview rise", "unit 01 11 hillv2 4 hillview rise 667979", True),
        ("1450 n city rd unit 900", "unit 900 1450 n city rd", True),
        ("18 danver pl", "18 danver ct loughborough", False),
        ("18 danver pl", "18 danver placement", False),
        ("jia musa shahdara rd", "jia musa shahdara rd lahore", False),
        ("405 lexington", "405 lexington ave new york", False),
        ("", "18 danver pl", False),
    ],
)
def test_a_street_line_is_held_by_the_whole_address(left: str, right: str, held: bool) -> None:
    """Every word is there, in any order; three at least and a number, so that it is one door."""
    assert on_texts(text.one_holds, left, right, 3) == held
    assert on_texts(text.one_holds, right, left, 3) == held


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("sahra", "zara", True),
        ("keeley", "kaylee", True),
        ("fysl", "faisal", True),
        ("sdyqy", "siddiqui", True),
        ("philip", "filip", True),
        ("cecilia", "sesilia", True),
        ("carl", "karla", True),
        ("mark", "marsha", False),
        ("rosemay", "rosemary", False),
        ("ana", "ina", False),
        ("李", "王", False),
    ],
)
def test_what_sounds_alike_has_the_same_consonants(left: str, right: str, same: bool) -> None:
    """Vowels and doubled letters do not count; one consonant alone says nothing."""
    assert on_texts(text.same_consonants, left, right, 2) == same
    assert on_texts(text.same_consonants, right, left, 2) == same


@pytest.mark.skipif(sys.platform != "linux", reason="pages are guarded by a call of Linux")
@pytest.mark.parametrize(
    ("left", "right", "left_out"),
    [
        ("univrsl", "universal", True),
        ("bnk", "bank", True),
        ("expt", "export", False),
        ("banke", "bank", True),
        ("baneko", "bankoe", False),
        ("", "aei", True),
    ],
)
def test_a_word_without_vowels_is_the_word(left: str, right: str, left_out: bool) -> None:
    """Vowels of one word may be missing in the other, and nothing else."""
    assert on_texts(text.vowels_left_out, left, right) == left_out
    assert on_texts(text.vowels_left_out, right, left) == left_out


def test_nothing_is_read_beyond_what_is_readable() -> None:
    """A text at the end of memory, followed by what no one may read, is compared like any other."""
    page = mmap.PAGESIZE
    memory = mmap.mmap(-1, 2 * page)
    bytes_of = np.frombuffer(memory, np.uint8)
    end = bytes_of.ctypes.data + page
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    assert protect(end, page, NO_ACCESS) == 0
    try:
        for length in (0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200):
            start = page - max(length, text.READABLE)
            bytes_of[:page] = ord("b")
            bytes_of[start : start + length] = ord("a")
            bytes_of[start + length // 2] = ord("c")
            for other in (0, length // 2, length - 1, length):
                _agrees(bytes_of, start, length, max(other, 0))
    finally:
        protect(end, page, mmap.PROT_READ | mmap.PROT_WRITE)


def _agrees(bytes_of: Bytes, start: int, length: int, other: int) -> None:
    left, right = (bytes_of[start : start + size].tobytes() for size in (length, other))
    place = int(bytes_of.ctypes.data) + start
    for sides in ((place, length, place, other), (place, other, place, length)):
        for most in range(4):
            near = Levenshtein.distance(left, right) <= most
            assert text.levenshtein_within(*sides, most) == near
            near = DamerauLevenshtein.distance(left, right) <= most
            assert text.damerau_levenshtein_within(*sides, most) == near
        expected = JaroWinkler.similarity(left, right) if other and length else 0.0
        assert text.jaro_winkler(*sides) == pytest.approx(expected)
        assert text.prefix_equal(*sides, 3) == (min(length, other) >= 3)
        assert text.is_initial_of(*sides) == (min(length, other) == 1)

"""Values that fit a pattern."""

from __future__ import annotations

import fnmatch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.scoring.functions.text import READABLE
from linker.store.lookup_index.wildcards import fitting

TEXTS = st.text("AB1", max_size=6) | st.text("AB", min_size=7, max_size=12)
PATTERNS = st.text("AB1?*", max_size=7) | st.text("AB?*", min_size=7, max_size=14)


def fit(texts: list[str], pattern: str, most: int = 100) -> tuple[list[int], int]:
    ends = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    data = np.frombuffer("".join(texts).encode() + bytes(READABLE), dtype=np.uint8).copy()
    codes, count = fitting(data, ends, 0, len(texts), pattern, most)
    return codes.tolist(), count


@given(texts=st.lists(TEXTS, max_size=12), pattern=PATTERNS)
def test_as_file_names_are_matched(texts: list[str], pattern: str) -> None:
    """? is one character and * any number of them, as in the standard library's file patterns."""
    expected = [at for at, text in enumerate(texts) if fnmatch.fnmatchcase(text, pattern)]
    assert fit(texts, pattern) == (expected, len(expected))


def test_all_are_counted_though_few_are_returned() -> None:
    """Past the most, values are counted alone."""
    assert fit(["A1", "A2", "B1", "A3"], "A*", most=2) == ([0, 1], 3)


def test_many_stars_take_no_long_time() -> None:
    """A pattern of stars over a long text ends: each star is tried once more, not all together."""
    assert fit(["A" * 5_000 + "B"], "A*A*A*A*A*A*C") == ([], 0)


@given(
    text=st.text("AB1", min_size=3, max_size=14),
    hidden=st.sets(st.integers(0, 13)),
    cut=st.tuples(st.integers(0, 13), st.integers(0, 13)) | st.none(),
)
def test_what_a_pattern_was_made_of_fits_it(
    text: str, hidden: set[int], cut: tuple[int, int] | None
) -> None:
    """Whatever characters are unknown, and wherever some are left out, the value is found."""
    known = "".join("?" if at in hidden else character for at, character in enumerate(text))
    first, last = sorted(cut) if cut else (0, 0)
    pattern = f"{known[:first]}*{known[last:]}" if cut else known
    assert 1 in fit(["B1", text, "1A"], pattern)[0]

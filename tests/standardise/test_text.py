"""Tests of the text that every field shares."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.text import (
    alphanumeric,
    digits,
    is_placeholder,
    is_placeholder_name,
    is_placeholder_number,
    to_ascii,
    trimmed,
    words,
)

ANY_TEXT = st.text(max_size=60)


@given(ANY_TEXT)
def test_words_are_plain_and_stay_so(text: str) -> None:
    """Words are lower-case ASCII letters and digits, and reading them again changes nothing."""
    read = words(text)
    assert read == " ".join(read.split())
    assert all(c == " " or (c.isascii() and c.isalnum() and c == c.lower()) for c in read)
    assert words(read) == read


@pytest.mark.parametrize("function", [to_ascii, trimmed, alphanumeric, digits])
@given(text=ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(function: object, text: str) -> None:
    """Each cleaning function is idempotent."""
    assert callable(function)
    assert function(function(text)) == function(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O'Brien", "obrien"),
        ("  Peña\tNIETO ", "pena nieto"),
        ("Łódź", "lodz"),
        ("Владимир", "vladimir"),
        ("a-b_c.d", "a b c d"),
        ("", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    """Any script becomes lower-case ASCII words."""
    assert words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "???",
        "Unknown",
        "UNKNOWN ",
        "n/a",
        "N.A.",
        "(none)",
        "NULL",
        "xxx",
        "XXXX",
        "not provided",
        "Not  Provided",
        "SIN NOMBRE",
        "-0-",
        "Desconocido",
        "s/n",
    ],
)
def test_placeholders_say_nothing(text: str) -> None:
    """Words for "not recorded", in English and Spanish, say nothing."""
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["John Doe", "Nunez", "x", "Ex", "0", "Nolan", "Max"])
def test_values_are_no_placeholders(text: str) -> None:
    """Real values that resemble a placeholder are kept."""
    assert not is_placeholder(text)


def test_na_is_a_name() -> None:
    """Na and Nan are names of people, and nothing anywhere else."""
    assert is_placeholder("NA")
    assert not is_placeholder_name("Na")
    assert not is_placeholder_name("Nan")
    assert is_placeholder_name("n/a")


@pytest.mark.parametrize(
    "text", ["000-00-0000", "999999999", "123-45-6789", "0", "555-555-5555", "unknown"]
)
def test_placeholder_numbers(text: str) -> None:
    """A repeated digit, or counting up, is no number."""
    assert is_placeholder_number(text)


@given(st.text(alphabet="0179 -xXab\t\u00a0\u0660é", max_size=12))
def test_short_ways_with_numbers_change_nothing(text: str) -> None:
    """What is decided without a closer look is decided as it would be with one."""
    plain = "".join(words(text).split())
    assert alphanumeric(text) == plain.upper()
    repeated = re.fullmatch(r"0+|([0-9])\1{4,}", plain) is not None
    assert is_placeholder_number(text) == (is_placeholder(text) or repeated)


@given(st.sampled_from(["not", "provided", "no", "name", "x", "xxx", "na"]), st.data())
def test_white_space_in_a_placeholder_does_not_count(first: str, data: st.DataObject) -> None:
    """Any white space, and any amount of it, parts the words of a placeholder alike."""
    second = data.draw(st.sampled_from(["provided", "name", "known", "given", "xx"]))
    space = data.draw(st.text(alphabet=" \t\u00a0\u2003", min_size=1, max_size=3))
    assert is_placeholder(first + space + second) == is_placeholder(f"{first} {second}")


@pytest.mark.parametrize("text", ["1", "111", "4", "219099999", "123456780"])
def test_real_numbers(text: str) -> None:
    """Short numbers and irregular ones are numbers."""
    assert not is_placeholder_number(text)

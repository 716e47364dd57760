"""Tests of the numbers that documents and agencies give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.identifiers import (
    is_placeholder_tax_id,
    read_a_number,
    read_identifier,
    read_national_id,
    read_passport,
    read_ssn,
    read_tax_id,
)

READERS = [
    *(read_a_number, read_identifier, read_national_id, read_passport, read_ssn, read_tax_id),
]
NUMBERISH = st.text(alphabet="AOI0123456789 -#./", max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A012345678", "012345678"),
        ("A 012-345-678", "012345678"),
        ("a# 12 345 678", "012345678"),
        ("1234567", "001234567"),
        ("012345678", "012345678"),
        ("A0I2345678", "0I2345678"),
        ("A12345", None),
        ("A1234567890", None),
        ("999999999", None),
        ("ABCDEFG", None),
        ("", None),
    ],
)
def test_a_numbers(text: str, expected: str | None) -> None:
    """A-numbers of seven to nine digits, with or without the A, have one form of nine."""
    assert read_a_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("584-16-0130", "584160130"),
        ("584 16 0130", "584160130"),
        ("912-34-5678", "912345678"),
        ("584-16-O130", "58416O130"),
        ("3241", None),
        ("000-12-3456", None),
        ("666-12-3456", None),
        ("584-00-0130", None),
        ("584-16-0000", None),
        ("078-05-1120", None),
        ("111-11-1111", None),
        ("123-45-6789", None),
        ("584-16-01301", None),
    ],
)
def test_social_security_numbers(text: str, expected: str | None) -> None:
    """Nine digits as issued are a number; the last four and impossible ones are not."""
    assert read_ssn(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("g-1234 5678", "G12345678"),
        ("1", "1"),
        ("0000", None),
        ("unknown", None),
        ("X" * 31, None),
        ("—", None),
    ],
)
def test_identifiers(text: str, expected: str | None) -> None:
    """Identifiers are letters and digits in capitals."""
    assert read_identifier(text) == expected


def test_a_curp_is_mended() -> None:
    """In a CURP, letters and digits stand where they must; other identifiers are left alone."""
    assert read_national_id("HEGG560427MVZRRLO4") == "HEGG560427MVZRRLO4"
    assert read_national_id("HEGG56O427MVZRRL04") == "HEGG560427MVZRRL04"
    assert read_national_id("hegg56o4z7mvzrrl04") == "HEGG56O4Z7MVZRRL04"
    assert read_national_id("O12") == "O12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GOM-850101-AB1", "GOM850101AB1"),
        ("GOM85O1O1AB1", "GOM850101AB1"),
        ("GOMA85I2O1AB1", "GOMA851201AB1"),
        ("GOM85O2O0AB1", "GOM85O2O0AB1"),
        ("XAXX010101000", None),
        ("XEXX-010101-000", None),
        ("12-3456780", "123456780"),
        ("unknown", None),
    ],
)
def test_tax_ids(text: str, expected: str | None) -> None:
    """In the date of a Mexican tax id digits are put right; the general public's say nothing."""
    assert read_tax_id(text) == expected


def test_a_tax_id_for_the_general_public_says_nothing() -> None:
    """It is no mistake of the source, and therefore not set aside."""
    assert is_placeholder_tax_id("XAXX010101000")
    assert is_placeholder_tax_id("n/a")
    assert not is_placeholder_tax_id("GOM850101AB1")


LINE = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"  # the example of the standard


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LINE, "L898902C3"),
        (LINE.lower(), "L898902C3"),
        ("L898902C37" + LINE[10:], None),
        ("AB12345<<" + "6" + LINE[10:], "AB12345"),
        ("g-1234 5678", "G12345678"),
    ],
)
def test_passports(text: str, expected: str | None) -> None:
    """Of a machine-readable line the number is read, where its check digit is right."""
    assert read_passport(text) == expected


@pytest.mark.parametrize("read", READERS)
@given(text=st.one_of(st.text(max_size=80), NUMBERISH))
def test_reading_an_identifier_twice_is_reading_it_once(read: object, text: str) -> None:
    """Every reader takes any text, and its result is its own canonical form."""
    assert callable(read)
    found = read(text)
    if found is not None:
        assert found.isascii()
        assert found.isalnum()
        assert read(found) == found

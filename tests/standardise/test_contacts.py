"""Tests of telephone numbers, email addresses and number plates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.contacts import read_email, read_phone, read_plate

PHONEISH = st.text(alphabet="+0123456789 -()x.", max_size=24)
MEXICAN = st.from_regex(r"(?:33|55|81|664|656|899)[1-9][0-9]{6,7}", fullmatch=True).filter(
    lambda number: len(number) == 10
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("702-919-1300", "+17029191300"),
        ("(702) 919-1300 x12", "+17029191300"),
        ("1 702 919 1300", "+17029191300"),
        ("+1 702 919 1300", "+17029191300"),
        ("(01) 55 5123 4567", "+525551234567"),
        ("044 664 123 4567", "+526641234567"),
        ("+52 1 664 123 4567", "+526641234567"),
        ("+52 664 123 4567", "+526641234567"),
        ("664 123 4567", "+526641234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+39 0352 6553537", "+3903526553537"),
        ("92-42-35761999", "+924235761999"),
        ("7 (4812) 85-62-34", "+74812856234"),
        ("999 999 999 999 998", "999999999999998"),
        ("321-3212", "3213212"),
        ("12345", None),
        ("555-555-5555", None),
        ("call me", None),
    ],
)
def test_phones(text: str, expected: str | None) -> None:
    """US, Mexican and foreign numbers have one form; seven digits and more are kept."""
    assert read_phone(text) == expected


@given(MEXICAN, st.sampled_from(["01", "044", "045", "+52 1 ", "+52 ", "521", "52", "01152"]))
def test_mexican_prefixes_make_no_difference(number: str, prefix: str) -> None:
    """The prefixes dropped in August 2019 all give the same number."""
    assert read_phone(prefix + number) == "+52" + number


@given(st.one_of(st.text(max_size=40), PHONEISH))
def test_reading_a_phone_twice_is_reading_it_once(text: str) -> None:
    """A telephone number is its own canonical form."""
    found = read_phone(text)
    if found is not None:
        assert found.lstrip("+").isdigit()
        assert len(found) >= 7
        assert read_phone(found) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" BSmith@Work.COM ", "bsmith@work.com"),
        ("mailto:a.b@c.mx", "a.b@c.mx"),
        ("<a@b.co>", "a@b.co"),
        ("Ana Belén <ana@b.co>", "ana@b.co"),
        ('"B., Ana"<ana@b.co>;', "ana@b.co"),
        ("ana@b.co>", "ana@b.co"),
        ("a@b", None),
        ("no at sign.com", None),
        ("a@b@c.com", None),
        ("unknown", None),
    ],
)
def test_emails(text: str, expected: str | None) -> None:
    """An email address is lower-case, with one @ and a dot after it."""
    assert read_email(text) == expected


@given(st.one_of(st.text(max_size=40), st.emails()))
def test_reading_an_email_twice_is_reading_it_once(text: str) -> None:
    """An email address is its own canonical form."""
    found = read_email(text)
    assert found is None or read_email(found) == found


def test_plates_misread_are_equal() -> None:
    """Plates that differ in O and 0, I and 1, B and 8, S and 5, Z and 2 have one form."""
    assert read_plate("OIBSZ-77") == read_plate("0185 277") == "0185277"
    assert read_plate("abc 1234") == "A8C1234"
    assert read_plate("XXX") is None
    assert read_plate("a plate too long to be one") is None


@given(st.text(max_size=40))
def test_reading_a_plate_twice_is_reading_it_once(text: str) -> None:
    """A plate is its own canonical form."""
    found = read_plate(text)
    assert found is None or read_plate(found) == found

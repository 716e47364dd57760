"""Tests of addresses, states and countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.addresses import (
    Address,
    read_address,
    read_city,
    read_postal_code,
    read_street,
)
from linker.standardise.countries import is_country, read_country
from linker.standardise.states import read_state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123 Main Street, Las Vegas NV 89132", ("123 main st", "las vegas", "NV", "89132")),
        ("3212 W. 32nd St Palm Harbor, FL 60527", ("3212 w 32nd st", "palm harbor", "FL", "60527")),
        ("169 3rd Ave. Camden, NJ 08030-1234", ("169 3rd ave", "camden", "NJ", "08030")),
        (
            "80 Delaware Ave SE Washington DC 40040",
            ("80 delaware ave se", "washington", "DC", "40040"),
        ),
        ("10 Foo Rd, Santa Fe, New Mexico 87501", ("10 foo rd", "santa fe", "NM", "87501")),
        ("1 Elm St, Wheeling, West Virginia 26003", ("1 elm st", "wheeling", "WV", "26003")),
        ("638 Downey St, Salem, OR", ("638 downey st", "salem", "OR", None)),
        ("1 Main St, Suite 5, Dallas, TX 75001", ("1 main st unit 5", "dallas", "TX", "75001")),
        ("6371 E Foothill Dr", ("6371 e foothill dr", None, None, None)),
        ("Calle 5 de Mayo 12345", ("calle 5 de mayo 12345", None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_one_line_addresses(text: str, expected: tuple[str | None, ...]) -> None:
    """A line that clearly ends in city and state is split; any other is all street."""
    assert read_address(text) == Address(*expected)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("123 North Main Street", "123 N. Main St"),
        ("5112 145th st apt # 5", "5112 145th Street, Unit 5"),
        ("P.O. Box 12987", "po box 12987"),
        ("Avenida Juárez 5 Col. Centro", "Av Juarez 5 colonia centro"),
        ("#321, Street 128", "No 321, Street 128"),
        ("Calle Juárez No. 321 Int. 4", "Calle Juarez 321, interior 4"),
        ("Rua Augusta, n° 1500", "rua augusta 1500"),
        ("Flat No. 5, 12 MG Road", "Flat 5, 12 MG Rd"),
        ("#4, 12 Main St", "Unit 4, 12 Main St"),
    ],
)
def test_streets_written_differently_are_equal(left: str, right: str) -> None:
    """Common abbreviations have one form."""
    assert read_street(left) == read_street(right)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("89132", "89132"),
        ("89132-1234", "89132"),
        ("891321234", "89132"),
        ("89132.0", "89132"),
        ("m1s 1t4", "M1S1T4"),
        ("00000", None),
        ("0", None),
        ("0O0o0", "0O0O0"),
        ("44444", "44444"),
        ("n/a", None),
    ],
)
def test_postal_codes(text: str, expected: str | None) -> None:
    """Postal codes are letters and digits in capitals; a ZIP+4 is cut to five digits."""
    assert read_postal_code(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nevada", "NV"),
        ("nv", "NV"),
        ("N.Y.", "NY"),
        ("Nuevo León", "NLE"),
        ("N.L.", "NLE"),
        ("B.C.", "BCN"),
        ("Edo. Mex.", "MEX"),
        ("CDMX", "CMX"),
        ("Ontario", "ON"),
        ("Bavaria", "bavaria"),
    ],
)
def test_states(text: str, expected: str) -> None:
    """States of the US, Mexico and Canada become codes; others stay words."""
    assert read_state(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mexico", "MX"),
        ("MÉXICO", "MX"),
        ("mex", "MX"),
        ("Mexicana", "MX"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("Estados Unidos", "US"),
        ("Lichtenstein", "LI"),
        ("RUS", "RU"),
        ("British", "GB"),
        ("Côte d'Ivoire", "CI"),
        ("Atlantis", "atlantis"),
    ],
)
def test_countries(text: str, expected: str) -> None:
    """Countries and nationalities become ISO codes; others stay words."""
    assert read_country(text) == expected


def test_codes_are_no_country_names() -> None:
    """A short code in an organization's name is not taken for a country."""
    assert is_country("mexico")
    assert not is_country("mex")


@pytest.mark.parametrize("read", [read_street, read_city, read_postal_code, read_state])
@given(text=st.text(max_size=60))
def test_reading_a_place_twice_is_reading_it_once(read: object, text: str) -> None:
    """Every reader takes any text, and its result is its own canonical form."""
    assert callable(read)
    found = read(text)
    assert found is None or read(found) == found


@given(st.text(max_size=60))
def test_a_country_is_its_own_canonical_form(text: str) -> None:
    """A country's code, or the words of an unknown one, read as themselves."""
    found = read_country(text)
    assert found is None or read_country(found) == found


@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "Main",
                "No",
                "St",
                ",",
                "Las",
                "Vegas",
                "NV",
                "89132",
                "West",
                "Virginia",
                "#",
                "DC",
            ]
        ),
        max_size=10,
    ).map(" ".join)
    | st.text(max_size=80)
)
def test_no_word_of_an_address_is_lost(text: str) -> None:
    """Splitting an address loses nothing but the signs between its parts."""
    split = read_address(text)
    whole = read_street(text) or ""
    kept = " ".join(filter(None, (split.street, split.city))).split()
    assert len(kept) <= len(whole.split())
    assert set((split.street or "").split()) <= set(whole.split())

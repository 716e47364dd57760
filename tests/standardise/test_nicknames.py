"""Tests of the one name that stands for a group of nicknames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nicknames import NickNamer

from linker.standardise.nicknames import given_name_root


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("bob", "robert"),
        ("bill", "william"),
        ("tom", "thomas"),
        ("mike", "michael"),
        ("liz", "elizabeth"),
        ("pepe", "jose"),
        ("paco", "francisco"),
        ("pancho", "francisco"),
        ("chuy", "jesus"),
        ("lupe", "guadalupe"),
        ("memo", "guillermo"),
        ("nacho", "ignacio"),
        ("beto", "alberto"),
        ("tono", "antonio"),
        ("lalo", "eduardo"),
        ("quique", "enrique"),
        ("concha", "concepcion"),
        ("kathryn", "katherine"),
        ("jose", "jose"),
        ("angel", "angel"),
        ("hannah", "hannah"),
        ("zzyzx", "zzyzx"),
    ],
)
def test_roots(name: str, root: str) -> None:
    """Nicknames and spellings share the root of their name; other names are their own."""
    assert given_name_root(name) == root


@pytest.mark.parametrize(
    "name", ["mohammed", "muhammad", "mohamed", "mohammad", "mohamad", "muhammed", "mohd", "mhd"]
)
def test_spellings_of_muhammad_share_a_root(name: str) -> None:
    """The many romanisations of Muhammad are one name."""
    assert given_name_root(name) == "muhammad"


def test_mahmoud_is_another_name() -> None:
    """Names near Muhammad that are not it keep their own root."""
    assert given_name_root("mahmoud") != "muhammad"
    assert given_name_root("ahmad") != "muhammad"


def test_a_root_is_its_own_root() -> None:
    """Every name that stands for a group stands for itself."""
    names = [name for name in NickNamer().canonical_lookup if name.isalpha()]
    assert len(names) > 1000
    assert [n for n in names if given_name_root(given_name_root(n)) != given_name_root(n)] == []


@given(st.text(max_size=40))
def test_any_text_has_a_root(text: str) -> None:
    """Any text has a root, and the root has itself."""
    assert given_name_root(given_name_root(text)) == given_name_root(text)


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("peggie", "margaret"),
        ("robbie", "robert"),
        ("charley", "charles"),
        ("terri", "terri"),  # not Terry
        ("marie", "marie"),  # a name of its own
        ("ray", "raymond"),
    ],
)
def test_an_english_short_form_is_known_by_each_of_its_endings(name: str, root: str) -> None:
    """Peggie and Peggey are Peggy; what does not end so stays what it was."""
    assert given_name_root(name) == root

"""Tests of what surrounds a person: case context, attributes, narrative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.attributes import (
    is_spanish_sex_column,
    read_role,
    read_sex,
    read_yes_no,
)
from linker.standardise.context import (
    read_category,
    read_designation,
    read_label,
    read_sensitivity,
    read_status,
)
from linker.standardise.narrative import read_narrative


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open", "open"),
        ("ACTIVE", "open"),
        ("pending", "open"),
        ("Abierta", "open"),
        ("on-hold", "suspended"),
        ("Cerrado", "closed"),
        ("re-opened", "reopened"),
        ("7", None),
    ],
)
def test_statuses(text: str, expected: str | None) -> None:
    """A status is open, suspended, closed or reopened, or cannot be read: it is never guessed."""
    assert read_status(text) == expected


def test_sensitivities() -> None:
    """A sensitivity is open, pointer_only or silent."""
    assert [read_sensitivity(t) for t in ("Open", "pointer_only", "SILENT", "?x")] == [
        "open",
        "pointer_only",
        "silent",
        None,
    ]


def test_designations_and_categories() -> None:
    """A designation is yes, no or its own words; a category is its words."""
    assert [read_designation(t) for t in ("Y", "No", "CPOT 2019")] == ["yes", "no", "cpot 2019"]
    assert read_category("Alien Smuggling ") == "alien smuggling"
    assert read_label("  Unit\t 7 ") == "Unit 7"
    assert [read_yes_no(t) for t in ("Sí", "0", "maybe")] == ["yes", "no", None]


def test_sexes() -> None:
    """M is a man, unless the column says H for men."""
    assert read_sex("M") == "male"
    assert read_sex("M", spanish=True) == "female"
    assert read_sex("H", spanish=True) == "male"
    assert [read_sex(t) for t in ("Mujer", "femenino", "Male", "X", "7")] == [
        "female",
        "female",
        "male",
        "other",
        None,
    ]
    assert is_spanish_sex_column(["H", "M"])
    assert not is_spanish_sex_column(["M", "F"])


def test_roles() -> None:
    """Known roles have one word each; others keep theirs."""
    assert [read_role(t) for t in ("Suspect", "Smuggled Alien", "testigo", "Boat Captain")] == [
        "target",
        "smuggled_person",
        "witness",
        "boat_captain",
    ]


def test_a_narrative_keeps_its_words() -> None:
    """A narrative loses nothing but whitespace."""
    assert read_narrative("  Seen\n\nat  O'Hare — ÑANDÚ. ") == "Seen at O'Hare — ÑANDÚ."
    assert read_narrative(" \n") is None


READERS = [read_status, read_sensitivity, read_label, read_category, read_designation]


@pytest.mark.parametrize("read", [*READERS, read_role, read_sex, read_yes_no, read_narrative])
@given(text=st.text(max_size=60))
def test_reading_twice_is_reading_once(read: object, text: str) -> None:
    """Every reader takes any text, and its result is its own canonical form."""
    assert callable(read)
    found = read(text)
    assert found is None or read(found) == found

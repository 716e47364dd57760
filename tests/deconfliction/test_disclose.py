"""The table of disclosure: role by sensitivity by class, whole."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.deconfliction.disclose import (
    CASE,
    CLASSES,
    NOTHING,
    OWNING,
    POINTER,
    ROLES,
    WHOLE,
    Role,
    Viewer,
    counted,
    disclosed,
    fields_shown,
    record_shown,
    sensitivity_of,
    values_shown,
)
from linker.schemas import SENSITIVITIES, Sensitivity

TABLE: dict[tuple[Role, Sensitivity], tuple[frozenset[str], frozenset[str]]] = {
    # of others, (role, sensitivity): where identity is asserted, where it is not
    ("requester", "open"): (WHOLE, POINTER),
    ("requester", "pointer_only"): (POINTER, POINTER),
    ("requester", "silent"): (NOTHING, NOTHING),
    ("owner", "open"): (WHOLE, POINTER),
    ("owner", "pointer_only"): (POINTER, POINTER),
    ("owner", "silent"): (NOTHING, NOTHING),
    ("reviewer", "open"): (WHOLE, POINTER),
    ("reviewer", "pointer_only"): (CASE, POINTER),
    ("reviewer", "silent"): (NOTHING, NOTHING),
    ("manager", "open"): (WHOLE, WHOLE),
    ("manager", "pointer_only"): (WHOLE, WHOLE),
    ("manager", "silent"): (WHOLE, WHOLE),
    ("auditor", "open"): (NOTHING, NOTHING),
    ("auditor", "pointer_only"): (NOTHING, NOTHING),
    ("auditor", "silent"): (NOTHING, NOTHING),
}
ROW = {
    "class": "SIMULTANEOUS",
    "agency": "HSI",
    "unit": "Laredo",
    "office": "Laredo office",
    "case_id": "H-1",
    "status": "open",
    "opened": "2025-01-10",
    "closed": None,
    "other_kind": "case",
    "contact_name": "Dana Whitfield",
    "contact_phone": "203-555-0134",
    "contact_email": "dana@example",
    "sensitivity": "open",
    "source": "cases",
    "record_id": "k01",
}


def test_the_table_is_whole() -> None:
    """Every role and every sensitivity has its row."""
    assert set(TABLE) == set(product(ROLES, SENSITIVITIES))


@pytest.mark.parametrize("class_", [*CLASSES, "LATER", ""])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(("role", "sensitivity"), TABLE)
def test_fields_shown(role: Role, sensitivity: Sensitivity, own: bool, class_: str) -> None:
    """Role, ownership, sensitivity and class decide, as the table says."""
    asserted, not_asserted = TABLE[role, sensitivity]
    identity = class_ in {"SIMULTANEOUS", "PRIOR", "INDETERMINATE", "PRIOR_CONTACT"}
    expected = asserted if identity else not_asserted
    if own and role in {"owner", "reviewer", "manager"}:
        expected = WHOLE
    assert fields_shown(role, own=own, sensitivity=sensitivity, class_=class_) == expected


@pytest.mark.parametrize("sensitivity", SENSITIVITIES)
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("role", ROLES)
def test_records_and_values(role: Role, own: bool, sensitivity: Sensitivity) -> None:
    """A requester sees no value; of a record that is not there neither place nor value is."""
    viewer = Viewer(role)
    shown = fields_shown(role, own=own, sensitivity=sensitivity, class_="PRIOR_CONTACT")
    there = counted(viewer, own=own, sensitivity=sensitivity)
    assert there == bool(shown)
    assert record_shown(viewer, own=own, sensitivity=sensitivity) == ("source" in shown)
    values = values_shown(viewer, own=own, sensitivity=sensitivity)
    assert there or not values
    assert not (role == "requester" and values)
    assert values == (
        role == "manager"
        or (own and role in {"owner", "reviewer"})
        or (role == "reviewer" and sensitivity == "open")
    )


def test_what_a_requester_sees_of_a_pointer() -> None:
    """Whom to call is there, every other field is empty, and the shape stays."""
    told = disclosed(Viewer("requester"), {**ROW, "sensitivity": "pointer_only"})
    assert told is not None
    assert list(told) == list(ROW)
    assert {name for name, value in told.items() if value is not None} == set(POINTER)


def test_a_silent_investigation_is_as_if_it_were_not_there() -> None:
    """Nothing at all is told of it, whoever asks, but to its own unit and to managers."""
    silent = {**ROW, "sensitivity": "silent"}
    for role in ROLES:
        told = disclosed(Viewer(role, "DEA", "Laredo"), silent)
        assert (told is None) == (role != "manager"), role
        own = disclosed(Viewer(role, " hsi", "LAREDO "), silent)
        assert (own == silent) == (role in OWNING), role


@pytest.mark.parametrize(
    ("agency", "unit", "owns"),
    [
        ("HSI", "Laredo", True),
        ("hsi ", " laredo", True),
        ("HSI", None, False),
        ("HSI", "El Paso", False),
        ("DEA", "Laredo", False),
        (None, None, False),
        (None, "Laredo", False),
        ("", "", False),
    ],
)
def test_whose_an_investigation_is(agency: str | None, unit: str | None, owns: bool) -> None:
    """Agency and unit must both be the viewer's, however they are written."""
    assert Viewer("owner", agency, unit).owns(ROW) is owns
    assert not Viewer("requester", agency, unit).owns(ROW)


def test_an_agency_without_units_owns_what_has_none() -> None:
    """Where a source gives no unit, the agency answers for its investigations."""
    assert Viewer("owner", "HSI").owns({"agency": "HSI", "unit": None})
    assert not Viewer("owner", "").owns({"agency": None, "unit": None})


@pytest.mark.parametrize(
    ("word", "meant"),
    [(None, "open"), ("open", "open"), ("silent", "silent"), ("Open", "silent"), ("x", "silent")],
)
def test_an_unknown_word_is_silent(word: str | None, meant: str) -> None:
    """It is safer to say too little."""
    assert sensitivity_of(word) == meant


@given(
    role=st.sampled_from(ROLES),
    sensitivity=st.sampled_from(SENSITIVITIES),
    row=st.fixed_dictionaries({name: st.none() | st.text(max_size=5) for name in ROW}),
)
def test_nothing_is_shown_that_the_table_does_not_name(
    role: Role, sensitivity: Sensitivity, row: dict[str, Any]
) -> None:
    """A field that nobody placed in the table is shown to nobody."""
    told = disclosed(Viewer(role), {**row, "sensitivity": sensitivity, "narrative": "secret"})
    assert told is None or told["narrative"] is None

"""Entity ids and the serial numbers they stand for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.entity_ids import mint, serial_of


@given(st.integers(0, 2**62 - 1), st.integers(0, 2**40))
def test_an_id_tells_its_serial_number_again(seed: int, serial: int) -> None:
    """Minting is undone by the same seed, for both entity types."""
    person = mint(seed, np.array([serial]), "person")[0]
    organization = mint(seed, np.array([serial]), "organization")[0]
    assert serial_of(seed, person) == ("person", serial)
    assert serial_of(seed, organization) == ("organization", serial)


def test_what_is_no_id_has_no_serial_number() -> None:
    """Other words, wrong letters and other lengths are told apart from ids."""
    for word in ("", "p", "x0000000000000", "p00000000000!0", "p000000000000l", "p0" * 9):
        assert serial_of(1, word) is None

"""Mailboxes of an office: which addresses are, and which only look like it."""

from __future__ import annotations

import numpy as np
import pytest

from linker.scoring.functions.mailboxes import OFFICES, is_office
from tests.scoring.functions.places import address_of


def said(text: str) -> bool:
    signs = np.frombuffer(text.encode() + b"!", dtype=np.uint8)
    return bool(is_office(address_of(signs, 0), len(text.encode())))


@pytest.mark.parametrize("office", OFFICES)
def test_every_name_of_an_office_is_known(office: str) -> None:
    """Those of RFC 2142 and the others, whatever the site."""
    assert said(f"{office}@example.org")


@pytest.mark.parametrize(
    "text", ["", "info", "@", "infos@example.org", "nfo@example.org", "juan.info@a.mx", "inf@a.mx"]
)
def test_a_person_with_such_a_name_is_no_office(text: str) -> None:
    """The whole of what stands before the @ counts."""
    assert not said(text)

"""The one text that stands for an event, and its hash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.audit.chain import GENESIS, canonical, hash_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.dictionaries(TEXTS, VALUES, max_size=8)


@given(EVENTS)
def test_the_text_says_all(event: dict[str, Any]) -> None:
    """What is read back from the text is what was written, and gives the same text."""
    said = canonical(event)
    assert json.loads(said) == event
    assert canonical(json.loads(said)) == said


@given(EVENTS, st.randoms())
def test_the_order_of_keys_says_nothing(event: dict[str, Any], random: Any) -> None:
    """Equal values have one text and one hash, whatever order their keys came in."""
    names = list(event)
    random.shuffle(names)
    assert canonical({name: event[name] for name in names}) == canonical(event)


@given(EVENTS, TEXTS, VALUES)
def test_any_change_shows(event: dict[str, Any], name: str, value: Any) -> None:
    """Events that differ in anything but their own hash have different hashes."""
    other = {**event, name: value}
    same = canonical({**other, "hash": 0}) == canonical({**event, "hash": 0})
    assert (hash_of(other) == hash_of(event)) == same


def test_the_hash_is_what_the_documents_say() -> None:
    """A hash is SHA-256 of the canonical text without the hash, as anybody can compute it."""
    event = {"previous": GENESIS, "sequence": 1, "kind": "lookup", "hash": "whatever"}
    assert (
        canonical(event)
        == f'{{"hash":"whatever","kind":"lookup","previous":"{GENESIS}","sequence":1}}'
    )
    assert hash_of(event) == "c3b1215c35c44d341a5e0afc1301dc9a308dc104d29e9ee2dcdbcfe46c8b4498"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(number: float) -> None:
    """Numbers that JSON does not have are refused rather than written."""
    with pytest.raises(ValueError, match="JSON"):
        canonical({"milliseconds": number})

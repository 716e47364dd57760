"""What stands before every route: depth, steps of time, sessions, numbers, the log's lines."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import StoreError
from linker.service.door.depth import MOST, too_deep
from linker.service.door.logs import JsonLines
from linker.service.door.padding import leaves_at
from linker.service.pages.session import Why, cookies, packed, session_of

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=30,
)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((depth_of(inner) for inner in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth_of(inner) for inner in value), default=0)
    return 0


@given(tree=TREES, wraps=st.integers(0, 2 * MOST), ascii_only=st.booleans())
def test_depth_is_told_without_reading(tree: object, wraps: int, ascii_only: bool) -> None:
    """JSON counts as too deep exactly where it is nested deeper than is allowed."""
    for _ in range(wraps):
        tree = [tree]
    body = json.dumps(tree, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert too_deep(body) == (depth_of(tree) > MOST)


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * 1_000_000, True),
        (b'{"a":' * 100_000, True),
        (b'"' + b"[" * 1_000 + b'"', False),
        (b'"\\"' + b"[" * 1_000 + b'\\\\"', False),
        (b"[]" * 1_000, False),
        (b'"' * 99_999, False),
        (b"\\" * 99_999, False),
    ],
    ids=["open", "keys", "in a text", "after escapes", "side by side", "quotes", "escapes"],
)
def test_depth_of_what_is_no_json(body: bytes, deep: bool) -> None:
    """Brackets in texts do not count, those that are never closed do, and it takes no time."""
    assert too_deep(body) == deep


@given(
    arrived=st.floats(0, 1e6),
    took=st.floats(0, 100),
    step=st.floats(0.001, 10),
)
def test_answers_leave_at_multiples_of_a_step(arrived: float, took: float, step: float) -> None:
    """Never before it is ready, never more than a step later, always whole steps from arrival."""
    now = arrived + took
    leaves = leaves_at(arrived, now, step)
    steps = (leaves - arrived) / step
    assert leaves >= now - 1e-6
    assert leaves <= now + step + 1e-6
    assert steps == pytest.approx(round(steps), abs=1e-4)
    assert round(steps) >= 1
    assert leaves_at(arrived, now, 0) == now


@given(purpose=st.text(max_size=200), case_number=st.text(max_size=100), secure=st.booleans())
def test_what_is_asked_for_survives_a_cookie(purpose: str, case_number: str, secure: bool) -> None:
    """Any text can be kept in a cookie and read again, by the names that TLS asks for."""
    why = Why(purpose, case_number)
    ((_, header),) = cookies({"linker_why": packed(why)}, secure=secure)
    sent = header.split(";")[0]
    assert header.isascii()
    assert "\n" not in header
    assert session_of(sent, secure=secure).why == why
    assert session_of(sent, secure=not secure).why == Why()


@given(st.text(max_size=300))
def test_any_cookie_can_be_read(header: str) -> None:
    """Whatever a browser brings is a session: at worst one in which nobody is signed in."""
    found = session_of(header, secure=False)
    assert found.secret
    assert not found.is_ours("")
    session_of(f"linker_why={header}; linker_form={header}; linker_session={header}", secure=False)


def test_a_form_key_belongs_to_a_session() -> None:
    """The key fits the secret and the token that it was made with, and no other."""
    one = session_of("linker_form=secret; linker_session=lk_a", secure=False)
    assert one.is_ours(one.form_key)
    for other in ("linker_form=secret; linker_session=lk_b", "linker_form=s; linker_session=lk_a"):
        assert not session_of(other, secure=False).is_ours(one.form_key)


def test_a_line_of_the_log_names_nobody() -> None:
    """An error of ours is logged with its text, any other one by its type and place alone."""
    told = []
    for error in (StoreError("var/store: is damaged"), ValueError("Esperanza Quintanilla")):
        try:
            raise error
        except (StoreError, ValueError):
            record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it", None, sys.exc_info())
        told.append(json.loads(JsonLines().format(record)))
    assert told[0]["text"] == "var/store: is damaged"
    assert told[1]["error"] == "ValueError"
    assert "text" not in told[1]
    assert "Esperanza" not in str(told)

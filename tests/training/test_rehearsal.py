"""What a training would be made of: pairs of sessions, comparisons with data."""

from __future__ import annotations

from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.config.load import default_settings
from linker.config.settings import EntitySettings
from linker.schemas import MENTIONS
from linker.training.rehearsal import comparisons_with_data, pairs_that_agree, session_pairs

VALUES = st.none() | st.sampled_from("ab")


@given(st.lists(st.tuples(VALUES, VALUES), max_size=12))
def test_pairs_that_agree_are_those_equal_in_all(rows: list[tuple[str | None, str | None]]) -> None:
    """Counted by groups as one by one: equal in every column, nothing missing."""
    frame = pl.DataFrame(rows, schema={"one": pl.String(), "two": pl.String()}, orient="row")
    equal = sum(left == right and None not in left for left, right in combinations(frame.rows(), 2))
    assert pairs_that_agree(frame, ["one", "two"]) == equal


def test_sessions_are_told_by_kind_with_their_pairs() -> None:
    """Each configured session, whether its pairs suffice, and what it is for."""
    settings = EntitySettings.model_validate(default_settings("person"))
    training = settings.training.model_copy(
        update={
            "sessions": [["surname"]],
            "fallback_sessions": [["given_name"]],
            "household_sessions": [["surname", "city"]],
            "min_session_pairs": 2,
        }
    )
    mentions = pl.DataFrame(
        {"surname": ["a", "a", "a"], "given_name": ["b", "b", None], "city": [None, None, None]},
        schema={"surname": pl.String(), "given_name": pl.String(), "city": pl.String()},
    )
    found = session_pairs(mentions, settings.model_copy(update={"training": training}))
    assert found == [
        {"kind": "configured", "columns": ["surname"], "pairs": 3, "enough": True},
        {"kind": "fallback", "columns": ["given_name"], "pairs": 1, "enough": False},
        {"kind": "household", "columns": ["surname", "city"], "pairs": 0, "enough": False},
    ]


def test_comparisons_without_data_are_told() -> None:
    """A comparison whose fields are empty is named in a note, and not among the others."""
    settings = EntitySettings.model_validate(default_settings("person"))
    nothing = pl.DataFrame(
        {name: [None] * 20 for name in MENTIONS["person"]}, schema=dict(MENTIONS["person"])
    )
    mentions = nothing.with_columns(ssn=pl.lit("123456789"))
    kept, notes = comparisons_with_data(mentions, settings, "person")
    assert kept == ["ssn"]
    assert len(notes) == len(settings.comparisons) - 1

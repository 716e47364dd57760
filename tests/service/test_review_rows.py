"""Two records beside each other: what is marked, and by which name a reviewer is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from linker.access import Identity
from linker.review.item import Decided, ReviewItem, Side
from linker.service import examples_of_review as examples
from linker.service.bodies import ReviewDecision
from linker.service.pages.review import LONGEST_MARKED, pieces, rows_of, text_of
from linker.service.reviewing import evidence_of, reviewer_of, told_of
from linker.service.routes.review import NextPair, Pair, Queue


def test_a_reviewer_is_known_by_what_lasts() -> None:
    """A token goes by whom it was made for, whom a provider knows by the subject."""
    known = {"subject": "s-1", "role": "reviewer", "agency": None, "unit": None, "token_id": None}
    assert reviewer_of(Identity(name="R. Vega", how="token", **known)) == "R. Vega"
    assert reviewer_of(Identity(name="R. Vega", how="oidc", **known)) == "s-1"


@settings(max_examples=60)
@given(left=st.text(max_size=40), right=st.text(max_size=40))
def test_pieces_make_the_texts(left: str, right: str) -> None:
    """Marked pieces put together are the texts; what is not marked is the same in both."""
    one, other = pieces(left, right)
    assert "".join(piece.text for piece in one) == left
    assert "".join(piece.text for piece in other) == right
    same = ["".join(p.text for p in side if not p.is_apart).casefold() for side in (one, other)]
    assert same[0] == same[1]


def test_rows_say_what_differs() -> None:
    """Fields stand beside each other, marked by sign and words; parts of a day are not repeated."""
    day = {"birth_date_precision": "day", "birth_year": 1984}
    left = {"surname": "Quintanilla", "birth_date": "1984-03-17", "phones": ["1", "2"], **day}
    right = {"surname": "Quintanila", "birth_date": "1985-01-01", **day, "aliases": "x" * 600}
    item = ReviewItem(
        number=1,
        entity_type="person",
        left=Side("cases", "k01", left),
        right=Side("cases", "k02", right),
        differences={
            "surname": "alike",
            "birth_date": "different",
            "birth_year": "different",
            "birth_date_precision": "equal",
            "phones": "one_missing",
            "aliases": "alike",
        },
        context={},
    )
    rows = {row.name: row for row in rows_of(item)}
    assert list(rows) == ["surname", "birth_date", "phones", "aliases"]
    assert [piece.text for piece in rows["surname"].left if piece.is_apart] == ["l"]
    assert rows["phones"].left[0].text == "1; 2"
    assert rows["phones"].right == ()
    assert (rows["birth_date"].sign, rows["birth_date"].words) == ("≠", "different")
    assert len("x" * 600) > LONGEST_MARKED
    assert [piece.is_apart for piece in rows["aliases"].right] == [False]
    assert text_of(1984) == "1984"


def test_what_a_model_says_is_told_as_a_whole_or_not_at_all() -> None:
    """Before a verdict every word of the model is null; after it each comparison has its weight."""
    sides = Side("cases", "k01", {"name": "Transportes Quetzal"}), Side("cases", "k02", {})
    item = ReviewItem(3, "organization", *sides, {"name": "one_missing"}, {})
    said = told_of(item)
    assert evidence_of(item) is None
    assert {name for name, value in said.items() if value is None} == {
        *("decided_by_me", "final", "part", "match_weight", "match_probability"),
        *("prior_weight", "summary", "evidence"),
    }
    known = replace(
        item,
        decided_by_me="match",
        evidence=("Name: alike.", "City: another."),
        waterfall={"prior": -9.0, "name": 14.0, "city": -1.5},
    )
    told = told_of(known)
    assert told["prior_weight"] == -9.0
    assert [(part["comparison"], part["side"], part["words"]) for part in told["evidence"]] == [
        ("name", "for", "Name: alike."),
        ("city", "against", "City: another."),
    ]


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        *((Pair, shown["value"]) for shown in examples.PAIRS.values()),
        *((NextPair, shown["value"]) for shown in examples.NEXT.values()),
        *((Decided, shown["value"]) for shown in examples.DECISIONS.values()),
        *((ReviewDecision, shown["value"]) for shown in examples.VERDICTS.values()),
        (Queue, examples.QUEUE),
    ],
)
def test_examples_of_review_have_their_form(kind: Any, example: dict[str, Any]) -> None:
    """Every example of a pair, a verdict and a queue is one, with nothing else."""
    adapter = TypeAdapter(kind)
    shown = adapter.dump_python(adapter.validate_python(example), exclude_unset=True)
    assert {name: shown[name] for name in example} == example

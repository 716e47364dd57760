"""Bodies: what is taken, and what is said of what is not, without a value of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from linker.lookup.answer import Answer
from linker.schemas import LIST_FIELDS, ORGANIZATION_FIELDS, PERSON_FIELDS
from linker.service import examples
from linker.service.bodies import (
    BulkLookup,
    Explanation,
    Lookup,
    PersonQuery,
    Purpose,
    question_of,
)
from linker.service.invalid import KNOWN, invalid
from linker.service.routes.alerts import Alerts
from linker.service.routes.audit import Events
from linker.service.routes.entities import Entity, History
from linker.service.routes.explanations import Explained
from linker.service.routes.lookups import BulkAnswer
from linker.service.routes.status import Status

LOOKUP: TypeAdapter[Any] = TypeAdapter(Lookup)
WHY = {"purpose": "p", "case_number": "c"}
GOOD: Mapping[str, Any] = {"entity_type": "person", "fields": {"surname": "Cruz"}, **WHY}


def refused(body: object, kind: TypeAdapter[Any] = LOOKUP) -> str:
    """What is said of a body."""
    with pytest.raises(ValidationError) as caught:
        kind.validate_python(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    problem = invalid(errors)
    assert problem.status in {400, 422}
    return problem.detail


@pytest.mark.parametrize("entity", ["person", "organization"])
def test_every_field_of_an_entity_can_be_asked_by(entity: str) -> None:
    """All canonical fields are taken, lists where there may be several values."""
    names = PERSON_FIELDS if entity == "person" else ORGANIZATION_FIELDS
    fields = {name: ["a", "b"] if name in LIST_FIELDS else "a" for name in names}
    body = LOOKUP.validate_python({"entity_type": entity, "fields": fields, **WHY})
    assert question_of(body).fields == fields


def test_empty_values_are_not_asked_by() -> None:
    """A field without a value is as if it were not there."""
    fields = {"surname": "Cruz", "given_name": "", "phones": [], "sex": None}
    body = LOOKUP.validate_python({**GOOD, "fields": fields})
    assert question_of(body).fields == {"surname": "Cruz"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"entity_type": "boat"}, "the body's entity_type must be person or organization"),
        ({"purpose": ""}, "the body's purpose is empty"),
        ({"purpose": " \t "}, "the body's purpose is empty, or not in the form"),
        ({"purpose": "x" * 501}, "the body's purpose is too long"),
        ({"case_number": 7}, "the body's case_number must be a text"),
        ({"until": "yesterday"}, "the body's until is empty, or not in the form"),
        ({"porpose": "x"}, "the body has an unknown field; did you mean 'purpose'?"),
        ({"fields": {"surnme": "x"}}, "has an unknown field; did you mean 'surname'?"),
        ({"fields": {"surname": ["x"]}}, "the body's fields.surname must be a text"),
        ({"fields": {"surname": "x\0y"}}, "the body's fields.surname is empty, or not in the"),
        ({"fields": {"surname": "\ud800"}}, "the body's fields.surname holds what is no text"),
        ({"fields": {"surname": "x" * 1_001}}, "the body's fields.surname is too long"),
        ({"fields": {"phones": ["x"] * 51}}, "the body's fields.phones has too many values"),
        ({"fields": {"phones": [1]}}, "the body's fields.phones[0] must be a text"),
        ({"fields": []}, "the body's fields does not fit its description"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], said: str) -> None:
    """The place is named, with the nearest name where one is unknown."""
    assert said in refused({**GOOD, **change})


def test_a_place_within_a_bulk_is_named() -> None:
    """Of a bulk it is said which query does not fit."""
    queries = [{"entity_type": "person", "fields": {}}] * 2
    queries.append({"entity_type": "person", "fields": {"surname": 7}})  # type: ignore[dict-item]
    said = refused({"queries": queries, **WHY}, TypeAdapter(BulkLookup))
    assert said == "the body's queries[2].fields.surname must be a text"


KEYS = st.text(min_size=1, max_size=30) | st.sampled_from(sorted(KNOWN))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(min_size=12, max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def texts_of(value: object) -> set[str]:
    """All texts that stand in a value, as keys or values."""
    if isinstance(value, dict):
        return {text for pair in value.items() for part in pair for text in texts_of(part)}
    if isinstance(value, list):
        return {text for inner in value for text in texts_of(inner)}
    return {value} if isinstance(value, str) else set()


@given(
    body=ANYTHING, kind=st.sampled_from([LOOKUP, TypeAdapter(BulkLookup), TypeAdapter(Explanation)])
)
def test_no_value_is_repeated(body: object, kind: TypeAdapter[Any]) -> None:
    """Whatever a body holds, what is said of it repeats none of its texts but known names."""
    try:
        kind.validate_python(body)
    except ValidationError:
        said = refused(body, kind)
        strange = {text for text in texts_of(body) if len(text) > 11} - KNOWN
        assert not [text for text in strange if text in said]
        assert "\n" not in said


@given(st.text(max_size=60))
def test_a_purpose_says_something(text: str) -> None:
    """A purpose is taken exactly where it has a sign that can be seen, on one line."""
    kind: TypeAdapter[str] = TypeAdapter(Purpose)
    says = any(letter > " " for letter in text) and all(letter >= " " for letter in text)
    try:
        kind.validate_python(text)
    except ValidationError:
        assert not says
    else:
        assert says


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        *((Answer, answer["value"]) for answer in examples.ANSWERS.values()),
        (BulkAnswer, examples.BULK),
        (Entity, examples.ENTITY),
        (History, examples.HISTORY),
        (Explained, examples.EXPLAINED),
        (Status, examples.STATUS),
        (Alerts, examples.ALERTS),
        (Events, examples.EVENTS),
    ],
)
def test_examples_of_answers_have_their_form(kind: Any, example: dict[str, Any]) -> None:
    """Every example of an answer is one, with all that such an answer has and nothing else."""
    shown = TypeAdapter(kind).dump_python(
        TypeAdapter(kind).validate_python(example), exclude_unset=True
    )
    assert shown == example


def test_the_description_says_the_bounds() -> None:
    """The schema of a body has the bounds that are enforced."""
    schema = json.dumps(TypeAdapter(PersonQuery).json_schema())
    assert '"maxLength": 1000' in schema
    assert '"maxItems": 50' in schema
    assert '"additionalProperties": false' in schema

"""Which field would help a question most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.evidence.helpful import advice, helpful_fields
from linker.model import LinkageModel, ModelInUse
from linker.schemas import ENTITY_TYPES, ORGANIZATION_FIELDS, PERSON_FIELDS, EntityType

FIELDS = {"person": PERSON_FIELDS, "organization": ORGANIZATION_FIELDS}


def test_what_tells_most_comes_first(people: LinkageModel) -> None:
    """Numbers from the body and of authorities before a birth date, that before sex and city."""
    fields = helpful_fields(people, ["full_name"])
    order = ["fingerprint_id", "national_id", "birth_date", "birth_place", "sex"]
    assert [field for field in fields if field in order] == order
    assert fields.index("address") < fields.index("postal_code") < fields.index("city")


def test_organizations_are_asked_for_their_numbers(
    shipped: dict[EntityType, ModelInUse],
) -> None:
    """A tax or registration number tells more of an organization than its principals or city."""
    fields = helpful_fields(shipped["organization"].model, ["name"])
    assert set(fields[:2]) == {"tax_id", "registration_id"}
    assert fields.index("principals") < fields.index("city")


def test_what_hardly_any_record_has_helps_little(people: LinkageModel) -> None:
    """Where few records have fingerprints, a birth date is the better question."""
    filled = {"fingerprint_id": 0.02, "fbi_number": 0.0, "birth_year": 0.97}
    fields = helpful_fields(people, ["full_name"], filled)
    assert fields.index("birth_date") < fields.index("fingerprint_id")
    assert "fbi_number" not in fields


@pytest.mark.parametrize(
    ("given_fields", "asked", "not_asked"),
    [
        ([], "full_name", {"given_name", "surname", "middle_name"}),
        (["surname"], "given_name", {"full_name", "surname"}),
        (["given_name"], "surname", {"full_name", "given_name"}),
        (["full_name"], "birth_date", {"full_name", "given_name", "surname", "middle_name"}),
        (["full_name", "age"], "birth_date", {"age", "observed_on"}),
    ],
)
def test_a_name_is_asked_for_as_a_person_gives_it(
    given_fields: list[str], asked: str, not_asked: set[str], people: LinkageModel
) -> None:
    """A whole name where none is given, else the part that is missing; never an age."""
    fields = helpful_fields(people, given_fields)
    assert asked in fields
    assert not not_asked & set(fields)


@given(data=st.data())
def test_only_canonical_fields_that_were_not_given_are_named(
    data: st.DataObject, shipped: dict[EntityType, ModelInUse]
) -> None:
    """Each once, in the order of what they are expected to add, and none that adds nothing."""
    entity_type = data.draw(st.sampled_from(ENTITY_TYPES))
    known = advice(shipped[entity_type].model)
    given_fields = data.draw(st.sets(st.sampled_from(FIELDS[entity_type])))
    filled = data.draw(st.dictionaries(st.sampled_from(FIELDS[entity_type]), st.floats(0, 1)))
    fields = known.helpful_fields(given_fields, filled)
    gains = known.gains(given_fields, filled)
    assert len(set(fields)) == len(fields)
    assert set(fields) <= set(FIELDS[entity_type]) - given_fields
    assert [gains[field] for field in fields] == sorted(
        (gain for gain in gains.values() if gain > 0), reverse=True
    )

"""What a request's body may hold: bounded, typed strictly, and nothing not named here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from linker.lookup.question import Question
from linker.review.item import Verdict
from linker.schemas import LIST_FIELDS, ORGANIZATION_FIELDS, PERSON_FIELDS, EntityType

LONGEST: Final = 1_000
"""Characters of a value."""
MOST_VALUES: Final = 50
"""Of one field."""
LONGEST_REASON: Final = 500
"""Characters of why a reviewer decided so."""
LARGEST_BULK: Final = 100_000
"""Queries of any bulk; the configuration allows fewer."""

NO_NUL: Final = r"^[^\x00]*$"
SAYS_SOMETHING: Final = r"^[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*$"

Text = Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)]
Texts = Annotated[list[Text], Field(max_length=MOST_VALUES)]
Purpose = Annotated[
    str,
    Field(
        min_length=1,
        max_length=500,
        pattern=SAYS_SOMETHING,
        description="What the question is asked for, in the asker's words. Kept in the audit log.",
    ),
]
CaseNumber = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=SAYS_SOMETHING,
        description="The asker's case that it is asked for. Kept in the audit log.",
    ),
]
RecordName = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
Day = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        description=(
            "Tell the entities as they were in the last generation published on that day or before."
        ),
    ),
]


class Body(BaseModel):
    """What every body has in common."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _fields_of(entity: EntityType, names: tuple[str, ...]) -> type[Body]:
    kinds: dict[str, Any] = {
        name: (Text | Texts | None if name in LIST_FIELDS else Text | None, None) for name in names
    }
    made: type[Body] = create_model(f"{entity.capitalize()}Fields", __base__=Body, **kinds)
    made.__doc__ = (
        f"What is known of the {entity}, as a person writes it: any subset, at least one. "
        "An age may be a range, a document number or a plate may hold ? and *."
    )
    return made


if TYPE_CHECKING:  # a type checker cannot see what is made of names

    class PersonFields(Body):
        """Known fields of a person."""

    class OrganizationFields(Body):
        """Known fields of an organization."""

else:
    PersonFields = _fields_of("person", PERSON_FIELDS)
    OrganizationFields = _fields_of("organization", ORGANIZATION_FIELDS)


class PersonQuery(Body):
    """A person to look for."""

    entity_type: Literal["person"]
    fields: PersonFields
    until: Day | None = None


class OrganizationQuery(Body):
    """An organization to look for."""

    entity_type: Literal["organization"]
    fields: OrganizationFields
    until: Day | None = None


class PersonLookup(PersonQuery):
    """A person to look for, and what for."""

    purpose: Purpose
    case_number: CaseNumber


class OrganizationLookup(OrganizationQuery):
    """An organization to look for, and what for."""

    purpose: Purpose
    case_number: CaseNumber


Query = Annotated[PersonQuery | OrganizationQuery, Field(discriminator="entity_type")]
Lookup = Annotated[PersonLookup | OrganizationLookup, Field(discriminator="entity_type")]


class BulkLookup(Body):
    """Several targets to look for, for one purpose."""

    queries: Annotated[list[Query], Field(min_length=1, max_length=LARGEST_BULK)]
    purpose: Purpose
    case_number: CaseNumber


class Explanation(Body):
    """A question and a record: why does it match, or not?"""

    question: Query
    source: RecordName
    record_id: RecordName
    purpose: Purpose
    case_number: CaseNumber


class ReviewDecision(Body):
    """What a reviewer says of a pair of records."""

    verdict: Verdict
    reason: Annotated[
        str,
        Field(
            max_length=LONGEST_REASON,
            pattern=NO_NUL,
            description="Why, for the journal of decisions; may be empty.",
        ),
    ] = ""


def question_of(query: PersonQuery | OrganizationQuery) -> Question:
    """Return the question that a body asks; empty values are none."""
    given: Mapping[str, Any] = query.fields.model_dump(exclude_none=True)
    return Question(query.entity_type, {k: v for k, v in given.items() if v}, query.until)

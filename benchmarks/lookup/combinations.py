"""The usual combinations of fields that a question gives, and known targets asked for by them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.lookup.known import Fields, Record
from benchmarks.lookup.mix import NAMES
from benchmarks.lookup.spoiling import age_at, born, dice, readable
from linker.deconfliction.disclose import REQUESTER
from linker.lookup.answer import Answer
from linker.lookup.desk import Desk
from linker.lookup.missed import slack_of
from linker.lookup.query import read_question
from linker.lookup.question import Question
from linker.model import weight_of
from linker.schemas import EntityType

Combination = tuple[str, ...]
"""Canonical fields; ``birth_year`` is a birth date of which only the year is told."""

_NUMBERS: Final = (
    *("a_number", "fbi_number", "fingerprint_id", "ssn", "passport", "national_id"),
    "driver_license",
)
USUAL: Final[Mapping[EntityType, tuple[Combination, ...]]] = {
    "person": (
        ("full_name",),
        ("full_name", "birth_date"),
        ("full_name", "birth_year"),
        ("full_name", "age"),
        *(("full_name", "birth_date", number) for number in _NUMBERS),
        *((number,) for number in (*_NUMBERS, "phones", "plates", "emails")),
        ("full_name", "phones"),
        ("full_name", "plates"),
        ("full_name", "city"),
        ("full_name", "address"),
        ("full_name", "birth_year", "city"),
        ("full_name", "birth_date", "city"),
        ("full_name", "birth_date", "phones"),
        ("full_name", "birth_date", "sex"),
        ("surname",),
        ("surname", "birth_date"),
    ),
    "organization": (
        ("name",),
        ("name", "city"),
        ("name", "phones"),
        ("name", "address"),
        ("name", "principals"),
        ("name", "tax_id"),
        ("name", "registration_id"),
        ("name", "city", "phones"),
        ("registration_id",),
        ("tax_id",),
        ("phones",),
    ),
}
"""What a model is evaluated by."""
OTHERS: Final[Mapping[EntityType, tuple[Combination, ...]]] = {
    "person": (
        ("full_name", "sex"),
        ("full_name", "age", "city"),
        ("full_name", "a_number"),
        ("full_name", "age", "phones"),
        ("full_name", "birth_date", "ssn", "phones"),
        ("full_name", "birth_date", "sex", "city", "address"),
        ("a_number", "phones"),
        ("surname", "birth_year"),
    ),
    "organization": (
        ("name", "state"),
        ("name", "city", "principals"),
        ("name", "tax_id", "phones"),
        ("tax_id", "phones"),
    ),
}
"""What it is not evaluated by, to judge what is said of such questions."""


@dataclass(frozen=True)
class Sought:
    """A target that a question asks for, by a record that is not to be found itself.

    Attributes:
        record: The record.
        found: The ids of the entities that hold others of its target.
    """

    record: Record
    found: list[str]


def questions(
    combination: Combination,
    entity: EntityType,
    sought: Sequence[Sought],
    as_of: dt.date,
    most: int,
) -> Iterator[tuple[Question, Sought]]:
    """Return questions by a combination of fields, of the first targets that can be asked so.

    Args:
        combination: The fields.
        entity: What is looked for.
        sought: The targets.
        as_of: The day it is asked, at which an age is told.
        most: So many questions at most.
    """
    count = 0
    for one in sought:
        if count == most:
            return
        fields = _given(combination, entity, one.record, as_of)
        if fields is not None and readable(entity, fields, as_of) == fields:
            count += 1
            yield Question(entity, fields), one


def margin(
    combination: Combination, entity: EntityType, answer: Answer, sought: Sought, needed: float
) -> float:
    """Return how much more than needed the target weighs, in bits; -inf where it was not found.

    Without a name it is enough to be among the holders of an identifier, whatever that weighs.

    Args:
        combination: The fields that were given.
        entity: What is looked for.
        answer: What a lookup told.
        sought: The target.
        needed: The weight of a hit.
    """
    wanted = set(sought.found)
    if {NAMES[entity], "surname"}.isdisjoint(combination):
        named = [hit.entity_id for hit in answer.hits]
        named += [shared.entity_id for shared in answer.shared]
        return math.inf if wanted.intersection(named) else -math.inf
    weights = [
        math.inf if hit.tier == "CONFIRMED" else hit.match_weight - needed
        for hit in answer.hits
        if hit.entity_id in wanted
    ]
    return max(weights, default=-math.inf)


@dataclass(frozen=True)
class Counted:
    """What came of asking for targets by a combination of fields.

    Attributes:
        questions: The questions.
        margins: Of each, how much more than needed its target weighs; -inf where it is not found.
        slacks: Of each, how much more than needed a record weighs that says the same; below 0 the
            question is out of reach.
    """

    questions: list[Question]
    margins: list[float]
    slacks: list[float]

    @property
    def found(self) -> list[bool]:
        """Of each question, whether its target was found."""
        return [margin > -math.inf for margin in self.margins]

    @property
    def beyond(self) -> list[bool]:
        """Of each question, whether it is out of reach."""
        return [slack < 0 for slack in self.slacks]

    def in_reach(self, bits: float) -> tuple[int, int]:
        """Return how many were asked for and found if a match needed some bits more."""
        both = zip(self.margins, self.slacks, strict=True)
        within = [margin for margin, slack in both if slack >= bits]
        return len(within), sum(margin >= bits for margin in within)

    def out_of_reach(self) -> tuple[int, int]:
        """Return how many were asked for and found of what is out of reach."""
        far = [found for found, beyond in zip(self.found, self.beyond, strict=True) if beyond]
        return len(far), sum(far)


def count_found(
    desk: Desk,
    combination: Combination,
    entity: EntityType,
    sought: Sequence[Sought],
    most: int,
) -> Counted:
    """Ask for targets by a combination of fields, and see which were found.

    Args:
        desk: Whom to ask.
        combination: The fields.
        entity: What is looked for.
        sought: The targets.
        most: So many questions at most.
    """
    as_of, shelf = desk.generation.as_of, desk.shelf(entity)
    needed = weight_of(shelf.thresholds.review)
    counted = Counted([], [], [])
    for question, one in questions(combination, entity, sought, as_of, most):
        answer = desk.answer(question, REQUESTER, as_of).answer
        counted.questions.append(question)
        counted.margins.append(margin(combination, entity, answer, one, needed))
        counted.slacks.append(slack_of(shelf, read_question(question, as_of)))
    return counted


def _given(
    combination: Combination, entity: EntityType, record: Record, as_of: dt.date
) -> Fields | None:
    """Return what a record says of some fields; None where it lacks one."""
    date, year = born(entity, record.fields, as_of)
    told: dict[str, str | None] = {
        "birth_date": date.isoformat() if date else None,
        "birth_year": str(year) if year else None,
        "age": str(age_at(date, as_of)) if date else None,
    }
    fields: Fields = {}
    for name in combination:
        value = told[name] if name in told else _said(record, name)
        if not value:
            return None
        fields["birth_date" if name == "birth_year" else name] = value
    return fields


def _said(record: Record, name: str) -> str | None:
    """Return what a record says of a field; one of several values."""
    value = record.named.get(name) if name != "surname" else _surname(record)
    if isinstance(value, list):
        return dice(f"{record.source} {record.record_id} {name}").choice(value)
    return value


def _surname(record: Record) -> str | None:
    """Return the family name where the record has it by itself."""
    said = record.fields.get("surname")
    if isinstance(said, str):
        return said
    family, comma, _ = str(record.fields.get("full_name", "")).partition(",")
    return family if comma else None

"""The mix of questions: of each kind so many in a hundred, and what such a question gives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.lookup.known import Fields, Record
from benchmarks.lookup.spoiling import (
    age_at,
    born,
    in_part,
    misdated,
    mistyped_texts,
    numbers_in,
    rough_age,
    rough_name,
    some_of,
)
from linker.schemas import EntityType

NAMES: Final = {"person": "full_name", "organization": "name"}
OF_THE_SEED: Final = ("a_number", "ssn", "fbi_number", "fingerprint_id")
"""Numbers that the population makes of a person's place: two seeds have the same ones."""
_SHORTEST_PART: Final = 6
_OTHERS: Final = 0.3
"""How often a question gives a field that is neither a name nor a birth date."""


@dataclass(frozen=True)
class Asking:
    """What the questions of a kind are made with.

    Attributes:
        draw: Where chance comes from.
        entity: What is looked for.
        as_of: The day it is asked.
        seed: Of slips that are drawn for many at once.
    """

    draw: random.Random
    entity: EntityType
    as_of: dt.date
    seed: int

    @property
    def name(self) -> str:
        """The field of a whole name."""
        return NAMES[self.entity]

    @property
    def about(self) -> tuple[str, ...]:
        """The fields that a question gives if it gives any beside a name."""
        return (self.name, "birth_date", "age", "observed_on") if self._person else (self.name,)

    @property
    def _person(self) -> bool:
        return self.entity == "person"

    def born(self, record: Record) -> tuple[dt.date | None, int | None]:
        """Return the birth date and the birth year of a record."""
        return born(self.entity, record.fields, self.as_of)


Made = list[Fields | None]
"""A question a record; None where the record does not have what such a question gives."""


@dataclass(frozen=True)
class Kind:
    """A kind of question.

    Attributes:
        name: What it is called.
        percent: How many of a hundred questions are of it.
        about: What it gives, in words.
        make: Makes the questions.
        whose: Of which records: of any; of one that is left out of what is searched, while others
            of its target stay; of a target that is not there; of a very common name.
    """

    name: str
    percent: int
    about: str
    make: Callable[[Asking, Sequence[Record]], Made]
    whose: str = "any"


def exact(asking: Asking, records: Sequence[Record]) -> Made:  # noqa: ARG001 - one way for all
    """Give all that a record says, as its source wrote it."""
    return [record.fields or None for record in records]


def as_another_has_it(asking: Asking, records: Sequence[Record]) -> Made:
    """Give name and birth of a record, and some of its other fields."""
    return [
        some_of(asking.draw, record.named, asking.about, _OTHERS)
        if asking.name in record.named
        else None
        for record in records
    ]


def mistyped(asking: Asking, records: Sequence[Record]) -> Made:
    """Give a name with a slip, half of the dates wrong, half of the numbers mistyped."""
    draw = asking.draw
    named = [record for record in records if asking.name in record.named]
    names = mistyped_texts(asking.seed, [str(record.named[asking.name]) for record in named])
    dates = [asking.born(record)[0] for record in named]
    told = [date for date in dates if date is not None]
    wrong = iter(misdated(asking.seed, told))
    made: dict[int, Fields] = {}
    for record, name, date in zip(named, names, dates, strict=True):
        kept = [*asking.about, *numbers_in(asking.entity, record.fields)]
        fields = some_of(draw, record.named, kept, _OTHERS) | {asking.name: name}
        misdate = next(wrong) if date is not None else None
        if misdate is not None and draw.random() < 0.5:
            fields["birth_date"] = misdate.isoformat()
        for number in numbers_in(asking.entity, record.fields):
            if draw.random() >= _OTHERS:
                del fields[number]
            elif draw.random() < 0.5:
                slip = mistyped_texts(draw.getrandbits(32), [str(fields[number])], figures=True)
                fields[number] = slip[0]
        made[id(record)] = fields
    return [made.get(id(record)) for record in records]


def roughly(asking: Asking, records: Sequence[Record]) -> Made:
    """Give an initial or another order of words, an age for a birth date, perhaps a city."""
    draw = asking.draw
    made: Made = []
    for record in records:
        name = record.named.get(asking.name)
        if not isinstance(name, str):
            made.append(None)
            continue
        date, year = asking.born(record)
        fields: Fields = {asking.name: rough_name(draw, name)}
        if date is not None and draw.random() < 0.7:
            fields["age"] = rough_age(draw, age_at(date, asking.as_of))
        elif year is not None:
            fields["birth_date"] = str(year)
        rest: Fields = {field: record.fields[field] for field in _ROUGH if field in record.fields}
        made.append(fields | some_of(draw, rest, (), 0.5))
    return made


_ROUGH: Final = ("city", "phones", "plates", "principals", "sex")


def name_and_a_little(asking: Asking, records: Sequence[Record]) -> Made:
    """Give a name, and the birth year of a person or the city of an organization."""
    made: Made = []
    for record in records:
        year = asking.born(record)[1]
        little = {"birth_date": str(year)} if year is not None else _city(record)
        fits = asking.name in record.named and little and (year or asking.entity != "person")
        made.append({asking.name: record.named[asking.name], **little} if fits else None)
    return made


def name_alone(asking: Asking, records: Sequence[Record]) -> Made:
    """Give a name and nothing else."""
    return [
        {asking.name: record.named[asking.name]} if asking.name in record.named else None
        for record in records
    ]


def name_and_more(asking: Asking, records: Sequence[Record]) -> Made:
    """Give a name, and the birth date of a person or the city of an organization."""
    made: Made = []
    for record, alone in zip(records, name_alone(asking, records), strict=True):
        date = asking.born(record)[0]
        more: Fields = {"birth_date": date.isoformat()} if date is not None else _city(record)
        made.append(alone | more if alone and more else None)
    return made


def _city(record: Record) -> Fields:
    return {"city": record.fields["city"]} if "city" in record.fields else {}


def phone(asking: Asking, records: Sequence[Record]) -> Made:
    """Give one telephone number."""
    return [_one(asking.draw, record, "phones") for record in records]


def number_in_part(asking: Asking, records: Sequence[Record]) -> Made:
    """Give one number of an authority, some of it unknown."""
    made: Made = []
    for record in records:
        held = [
            name
            for name in numbers_in(asking.entity, record.fields)
            if len(record.fields[name]) >= _SHORTEST_PART
        ]
        name = asking.draw.choice(held) if held else None
        made.append({name: in_part(asking.draw, str(record.fields[name]))} if name else None)
    return made


def plate_in_part(asking: Asking, records: Sequence[Record]) -> Made:
    """Give a plate, some of it unknown."""
    made: Made = []
    for record in records:
        plate = _one(asking.draw, record, "plates")
        made.append({"plates": in_part(asking.draw, str(plate["plates"]))} if plate else None)
    return made


def as_a_stranger(asking: Asking, records: Sequence[Record]) -> Made:
    """Give what a record of another population says, but for numbers made of its place."""
    strangers = [
        Record(
            record.source,
            record.record_id,
            record.true_id,
            {name: value for name, value in record.fields.items() if name not in OF_THE_SEED},
        )
        for record in records
    ]
    return as_another_has_it(asking, strangers)


def _one(draw: random.Random, record: Record, field: str) -> Fields | None:
    """Return one value of a list field."""
    values = record.fields.get(field)
    return {field: draw.choice(list(values))} if values else None


KINDS: Final = (
    Kind("exact", 20, "all that a record says, as its source wrote it", exact),
    Kind(
        "another record",
        20,
        "name, birth and some other fields as another record of the target has them",
        as_another_has_it,
        "left out",
    ),
    Kind("mistyped", 12, "a slip in the name, wrong dates and numbers, fields left out", mistyped),
    Kind(
        "roughly",
        12,
        "initials, words in another order, an age or a range of ages, few fields",
        roughly,
    ),
    Kind("name and year", 8, "name and birth year, or an organization's city", name_and_a_little),
    Kind("phone", 4, "one telephone number alone", phone),
    Kind("number in part", 4, "one number with wildcards alone", number_in_part),
    Kind("plate in part", 2, "one plate with wildcards alone", plate_in_part),
    Kind(
        "absent",
        10,
        "name, birth and some other fields of somebody who is not there",
        as_a_stranger,
        "not there",
    ),
    Kind(
        "common name", 4, "one of the most frequent names, and nothing else", name_alone, "common"
    ),
    Kind(
        "common and date",
        4,
        "the same with the birth date, or an organization's city",
        name_and_more,
        "common",
    ),
)
"""The mix. Where a kind has no question for an entity type, it is asked of the other alone."""

"""Reading a question: what it gives becomes a mention, and what it gives in part a pattern."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linker.errors import QueryError, nearest
from linker.lookup.question import Question
from linker.schemas import (
    DOCUMENTS,
    LIST_FIELDS,
    ORGANIZATION_FIELDS,
    PERSON_FIELDS,
    EntityType,
)
from linker.standardise.contacts import read_plate
from linker.standardise.one import Mention, standardise_one

MOST_CHARACTERS: Final = 1_000
"""A longer value is no name, number or address."""
MOST_VALUES: Final = 50
"""Of a list field."""
A_NUMBER_DIGITS: Final = 9
LEAST_KNOWN: Final = 3
"""Characters of a number that a pattern must give."""
FIELDS: Final[Mapping[EntityType, tuple[str, ...]]] = {
    "person": PERSON_FIELDS,
    "organization": ORGANIZATION_FIELDS,
}
_PATTERN: Final = re.compile(r"[?*]")
_KNOWN_PART: Final = re.compile(r"[A-Z0-9]+")
_NO_PART: Final = re.compile(r"[^A-Z0-9?*]")


@dataclass(frozen=True)
class Asked:
    """A question, read.

    Attributes:
        entity_type: What is looked for.
        mention: What it gives, standardised as the records were.
        patterns: Column: what is known of its value, ``?`` for one character and ``*`` for some.
        fields: The fields it gives.
    """

    entity_type: EntityType
    mention: Mention
    patterns: Mapping[str, tuple[str, ...]]
    fields: tuple[str, ...]


def patterned(entity_type: EntityType) -> tuple[str, ...]:
    """Return the fields whose values a question may know in part."""
    plates = ("plates",) if entity_type == "person" else ()
    return (*DOCUMENTS[entity_type], *plates)


def read_question(question: Question, today: dt.date) -> Asked:
    """Read a question.

    Args:
        question: As a person wrote it.
        today: The day it is asked, from which an age counts back.

    Raises:
        QueryError: Nothing was given, or a field is unknown, or a value cannot be read; names the
            field, never the value.
    """
    entity_type = question.entity_type
    given = {name: _one(name, value) for name, value in question.fields.items() if value}
    if not given:
        raise QueryError("the query is empty: give a name, a number, a phone or a plate")
    for name, value in given.items():
        _refuse_bad(name, value, entity_type)
    patterns: dict[str, tuple[str, ...]] = {}
    for name in patterned(entity_type):
        values = [given[name]] if isinstance(given.get(name), str) else list(given.get(name, ()))
        parts = [value for value in values if isinstance(value, str) and _PATTERN.search(value)]
        if parts:
            patterns[name] = tuple(one for part in parts for one in _patterns(name, part))
            given[name] = [value for value in values if value not in parts]  # type: ignore[misc]
    whole = {name: value for name, value in given.items() if value}
    mention, unread = standardise_one(entity_type, whole, today)
    for name, reason in unread.items():
        raise QueryError(f"the query's {_words(name)} cannot be read: {reason}")
    if not mention and not patterns:
        raise QueryError("the query names nobody: give a name, a number, a phone or a plate")
    return Asked(entity_type, mention, patterns, tuple(sorted(given)))


def _refuse_bad(name: str, value: str | list[str], entity_type: EntityType) -> None:
    if name not in FIELDS[entity_type]:
        hint = nearest(name, FIELDS[entity_type])
        raise QueryError(f"{entity_type} has no such field as was asked by{hint}")
    values = [value] if isinstance(value, str) else value
    if len(values) > MOST_VALUES:
        raise QueryError(f"the query's {_words(name)} are more than {MOST_VALUES}")
    for text in values:
        if len(text) > MOST_CHARACTERS:
            raise QueryError(
                f"the query's {_words(name)} is longer than {MOST_CHARACTERS:,} characters"
            )
        try:
            text.encode()
        except UnicodeEncodeError:  # bytes of the command line that were no text
            raise QueryError(
                f"the query's {_words(name)} holds bytes that are no text: "
                "is the terminal's encoding UTF-8?"
            ) from None


def _one(name: str, value: str | list[str]) -> str | list[str]:
    """Return the one value of a field that holds no list."""
    if isinstance(value, str) or name in LIST_FIELDS:
        return value
    if len(value) > 1:
        raise QueryError(f"the query's {_words(name)} is given {len(value)} times: give one")
    return value[0]


def _patterns(name: str, text: str) -> list[str]:
    """Return what is known of a value in the form that values of its column have."""
    pattern = re.sub(r"\*+", "*", _NO_PART.sub("", text.upper()))
    if name == "a_number":
        pattern = pattern.lstrip("A")
    if len(pattern.replace("*", "").replace("?", "")) < LEAST_KNOWN:
        raise QueryError(
            f"the query's {_words(name)} is known too little of: give {LEAST_KNOWN} characters "
            "or more beside ? and *"
        )
    if name == "plates":
        return [_KNOWN_PART.sub(_folded, pattern)]
    if name == "a_number":  # shorter ones are filled up by zeros
        missing = max(A_NUMBER_DIGITS - len(pattern), 0)
        return [f"{'0' * n}{pattern}" for n in (range(3) if "*" in pattern else [missing])]
    return [pattern]


def _folded(part: re.Match[str]) -> str:
    """Return a known part of a plate as plates are folded."""
    # a letter before it: by itself a part such as 0 would say nothing
    return (read_plate(f"Q{part[0]}") or f"Q{part[0]}")[1:]


def _words(name: str) -> str:
    return name.replace("_", " ")

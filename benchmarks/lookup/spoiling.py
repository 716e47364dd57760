"""What a question has of a target: mistyped, left out, cut short, or known in part.

Slips are those of the population, drawn anew, so that no record has them yet.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from benchmarks.lookup.known import Fields
from benchmarks.population.calendar import as_dates
from benchmarks.population.marks import Marks
from benchmarks.population.mistyping import FIGURES, LETTERS, mistyped
from benchmarks.population.profiles import FULL_BIRTH, PROFILES
from benchmarks.population.rates import Rates
from benchmarks.population.value_errors import birth
from linker.errors import QueryError
from linker.lookup.query import read_question
from linker.lookup.question import Question
from linker.schemas import DOCUMENTS, EntityType
from linker.standardise.one import standardise_one

EPOCH: Final = dt.date(1970, 1, 1)
_BIRTH: Final = ("birth_date", "age", "observed_on")
_WRONG: Final = Rates(
    birth_date_missing=0.0,
    birth_year_only=0.1,
    birth_year_drift=0.35,
    day_month_swapped=0.5,
    one_digit_off=0.9,
)
"""Nearly every date gets an error, each kind about as often as the others."""


def dice(seed: str) -> random.Random:
    """Return where chance comes from, the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - chance, no secret


def mistyped_texts(seed: int, texts: Sequence[str], *, figures: bool = False) -> list[str]:
    """Return texts with one slip each.

    Args:
        seed: Of the slips.
        texts: Names, or numbers.
        figures: Whether figures are mistaken for each other, and nothing is lost.
    """
    rows = np.ones(len(texts), dtype=np.bool_)
    alphabet = FIGURES if figures else LETTERS
    values = pl.Series(texts, dtype=pl.String)
    return mistyped(np.random.default_rng(seed), values, rows, alphabet).to_list()


def misdated(seed: int, dates: Sequence[dt.date]) -> list[dt.date]:
    """Return birth dates, nearly all of them wrong: the year, a figure, day and month changed."""
    rows = len(dates)
    days = np.array([(date - EPOCH).days for date in dates], dtype=np.int64)
    booking = next(at for at, profile in enumerate(PROFILES) if profile.name == "booking")
    profile = np.full(rows, booking, dtype=np.int64)
    known = np.zeros(rows, dtype=np.bool_)
    marks = Marks(np.random.default_rng(seed), _WRONG, rows)
    born, form = birth(marks, days, known, profile)
    wrong: list[dt.date] = as_dates(born).to_list()
    full = (form == FULL_BIRTH).tolist()
    return [new if told else old for new, old, told in zip(wrong, dates, full, strict=True)]


def born(entity: EntityType, fields: Fields, as_of: dt.date) -> tuple[dt.date | None, int | None]:
    """Return the birth date and the birth year that a record tells, as far as it does."""
    told: Fields = {name: fields[name] for name in _BIRTH if name in fields}
    if entity != "person" or not told:
        return None, None
    # without a name nothing is a mention
    mention, _ = standardise_one("person", {"full_name": "Any Name", **told}, as_of)
    date, year = mention.get("birth_date"), mention.get("birth_year")
    return (
        date if isinstance(date, dt.date) else None,
        year if isinstance(year, int) else None,
    )


def age_at(born_on: dt.date, day: dt.date) -> int:
    """Return how old somebody is on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def rough_age(draw: random.Random, age: int) -> str:
    """Return an age as somebody guesses it: a year off at most, or a range of five years."""
    if draw.random() < 0.5:
        return str(max(age + draw.choice((-1, 0, 0, 1)), 0))
    first = max(age - draw.randrange(5), 0)
    return f"{first}-{first + 4}"


def rough_name(draw: random.Random, name: str) -> str:
    """Return a name with its words in another order, or the given name cut to its initial."""
    family, comma, given = (part.strip() for part in name.partition(","))
    words = f"{given} {family}".split() if comma else name.split()
    if len(words) < 2:
        return name
    if draw.random() < 0.5:
        turn = draw.randrange(1, len(words))
        return " ".join([*words[turn:], *words[:turn]])
    return " ".join([f"{words[0][0]}.", *words[1:]])


def some_of(draw: random.Random, fields: Fields, kept: Sequence[str], share: float) -> Fields:
    """Return some fields: those named, and each other one with a probability."""
    return {name: value for name, value in fields.items() if name in kept or draw.random() < share}


def readable(entity: EntityType, fields: Fields, as_of: dt.date) -> Fields | None:
    """Return what of a question can be read, as a person would give it; None where nothing can.

    A source may hold a number of too few figures; whoever types it is told, and leaves it out.
    """
    kept = dict(fields)
    if not any(character in str(value) for value in fields.values() for character in "?*"):
        _, unread = standardise_one(entity, fields, as_of)
        kept = {name: value for name, value in fields.items() if name not in unread}
    try:
        read_question(Question(entity, kept), as_of)
    except QueryError:
        return None
    return kept


def numbers_in(entity: EntityType, fields: Fields) -> list[str]:
    """Return the fields that hold a number of an authority."""
    return [name for name in DOCUMENTS[entity] if isinstance(fields.get(name), str)]


def in_part(draw: random.Random, number: str) -> str:
    """Return a number of which two characters cannot be read, or the last two are not known."""
    if draw.random() < 0.4:
        return f"{number[:-2]}*"
    places = [at for at, character in enumerate(number) if character.isalnum()]
    hidden = set(draw.sample(places[1:], 2))
    return "".join("?" if at in hidden else character for at, character in enumerate(number))

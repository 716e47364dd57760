"""Records of people: what each says about the person behind it, before a source lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.calendar import as_dates, years_between
from benchmarks.population.cases import Cases, event_days
from benchmarks.population.contacts import email_texts, phone_texts, place_texts, plate_texts
from benchmarks.population.curp import NameLetters
from benchmarks.population.draws import Bools, Ints, chance, pick
from benchmarks.population.homes import StashHouses
from benchmarks.population.marks import Marks
from benchmarks.population.name_errors import assumed, spelled, written
from benchmarks.population.names import Vocabulary
from benchmarks.population.people import Columns
from benchmarks.population.places import BIRTH_CITIES, COUNTRIES, MX_STATE_NAMES, Cities
from benchmarks.population.value_errors import (
    ARREST,
    CASE,
    INTEL,
    NO_BIRTH,
    WATCHLIST,
    birth,
    numbers,
    shown,
)

ACCENTED: Final = np.array([0.2, 0.0, 0.6, 0.4])
"""Shares of case, arrest, intelligence and watchlist records that keep accents."""

ROLES: Final = ("target", "associate", "smuggled_person", "witness", "victim", "arrestee")
ROLE_WEIGHTS: Final = {
    CASE: (50, 22, 18, 5, 5, 0),
    ARREST: (0, 0, 0, 0, 0, 100),
    INTEL: (35, 50, 10, 2, 3, 0),
    WATCHLIST: (100, 0, 0, 0, 0, 0),
}


@dataclass(frozen=True)
class World:
    """What all chunks share."""

    vocabulary: Vocabulary
    letters: NameLetters
    cities: Cities
    stash: StashHouses
    cases: Cases


def person_records(
    marks: Marks,
    world: World,
    people: tuple[Columns, Columns, pl.DataFrame],
    who: Ints,
    source: Ints,
) -> pl.DataFrame:
    """Return one row a record of what it says.

    Args:
        marks: Draws and remembers; of as many rows as there are records.
        world: Names, cities, stash houses, cases.
        people: The chunk's people (with homes), their false names and their papers.
        who: Row of the person behind each record.
        source: CASE, ARREST, INTEL or WATCHLIST.

    Returns:
        Columns given, middle, family_1, family_2, suffix, aka, sex (0 male, 1 female, null), born
        (Date), birth_form, age, birth_place, birth_country, citizenship, the numbers, phones,
        emails, plates, the place columns, role, and day (Int64, of an arrest or a report).
    """
    rng, rows = marks.rng, marks.rows
    true, false, papers = people
    table = {name: values[who] for name, values in true.items()}
    held = papers[who]
    told, under = assumed(marks, who, table, false)
    told = spelled(marks, told, world.vocabulary)
    accented: Bools = rng.random(rows) < ACCENTED[source]
    names = written(marks, told, world.vocabulary, accented)
    born, form = birth(marks, told["born"], (table["day_unknown"] > 0) & ~under, source)
    day = event_days(rng, table["born"], rows)
    arrests = np.bincount(who[source == ARREST], minlength=len(true["born"]))
    own = numbers(marks, held, source, arrests[who] > 0)
    with_address = shown(rng, "address", source), shown(rng, "city", source)
    plain = pl.DataFrame(
        {name: world.vocabulary.plain.gather(table[name]) for name in ("given", "family_1")}
    )
    return pl.concat(
        [
            names,
            pl.DataFrame(
                {
                    "sex": _sex(marks, table["sex"], source),
                    "born": as_dates(born, form != NO_BIRTH),
                    "birth_form": form,
                    "age": years_between(born, day),
                }
            ),
            _origins(rng, table, source),
            own,
            place_texts(marks, table, world.stash, world.cities, with_address),
            pl.DataFrame(
                {
                    "phones": phone_texts(
                        marks, table, world.stash, world.cities, shown(rng, "phones", source)
                    ),
                    "emails": email_texts(rng, plain, who, shown(rng, "emails", source)),
                    "plates": plate_texts(marks, held, shown(rng, "plates", source)),
                    "role": _roles(rng, source),
                    "day": day,
                }
            ),
        ],
        how="horizontal",
    )


def _sex(marks: Marks, sex: Ints, source: Ints) -> pl.Series:
    present = shown(marks.rng, "sex", source)
    wrong = marks.draw("sex_wrong", present)
    return pl.select(
        pl.when(pl.Series(present)).then(pl.Series(np.where(wrong, 1 - sex, sex)))
    ).to_series()


def _origins(rng: np.random.Generator, table: Columns, source: Ints) -> pl.DataFrame:
    """Return birth place and country, and citizenship, which differs for the naturalised."""
    country = pl.Series(COUNTRIES).gather(table["country"])
    mexican = pl.Series(table["country"] == COUNTRIES.index("MX"))
    state = pl.Series(MX_STATE_NAMES).gather(table["birth_state"])
    city = country.replace(BIRTH_CITIES)
    citizen = pl.Series(chance(rng, len(source), 0.03))
    place = pl.Series(shown(rng, "birth_place", source))
    known = pl.Series(shown(rng, "citizenship", source))
    return pl.select(
        pl.when(place).then(pl.when(mexican).then(state).otherwise(city)).alias("birth_place"),
        pl.when(place | known).then(country).alias("birth_country"),
        pl.when(known)
        .then(pl.when(citizen).then(pl.lit("US")).otherwise(country))
        .alias("citizenship"),
    )


def _roles(rng: np.random.Generator, source: Ints) -> pl.Series:
    role = np.zeros(len(source), dtype=np.int64)
    for code, weights in ROLE_WEIGHTS.items():
        rows = np.flatnonzero(source == code)
        role[rows] = pick(rng, len(rows), weights)
    return pl.Series(ROLES).gather(role)

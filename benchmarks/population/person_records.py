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
from benchmarks.population.findable import Evidence
from benchmarks.population.homes import StashHouses
from benchmarks.population.marks import Marks
from benchmarks.population.name_errors import Assumed, also_listed, assumed, spelled, written
from benchmarks.population.name_rarity import NameRarity
from benchmarks.population.names import Vocabulary
from benchmarks.population.people import Columns
from benchmarks.population.places import COUNTRIES, Cities, birth_places
from benchmarks.population.profiles import (
    ARREST,
    CASE,
    INTEL,
    NO_BIRTH,
    WATCHLIST,
    drawn_profiles,
    shown,
)
from benchmarks.population.value_errors import birth, numbers

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
    rarity: NameRarity


def person_records(
    marks: Marks,
    world: World,
    people: tuple[Columns, Columns, pl.DataFrame],
    who: Ints,
    source: Ints,
) -> tuple[pl.DataFrame, Evidence, Bools]:
    """Return one row a record of what it says, and what that is worth.

    Args:
        marks: Draws and remembers; of as many rows as there are records.
        world: Names, cities, stash houses, cases.
        people: The chunk's people (with homes), their false names and their papers.
        who: Row of the person behind each record.
        source: CASE, ARREST, INTEL or WATCHLIST.

    Returns:
        Columns given, middle, family_1, family_2, suffix, aka, sex (0 male, 1 female, null), born
        (Date), birth_form, age, birth_place, birth_country, citizenship, the numbers, phones,
        emails, plates, the place columns, role, and day (Int64, of an arrest or a report); what
        each record shows of its person; and the records under a false name.
    """
    rng, rows = marks.rng, marks.rows
    true, false, papers = people
    table = {name: values[who] for name, values in true.items()}
    held = papers[who]
    records_each = np.bincount(who, minlength=len(true["born"]))
    profile = drawn_profiles(rng, source, records_each[who] == 1)
    told, names_used = assumed(marks, who, table, false, source)
    under: Bools = names_used.used > 0
    as_told = told
    told = also_listed(rng, spelled(marks, told, world.vocabulary), world.vocabulary, source)
    accented: Bools = rng.random(rows) < ACCENTED[source]
    names = written(marks, told, world.vocabulary, accented)
    born, form = birth(marks, told["born"], (table["day_unknown"] > 0) & ~under, profile)
    day = _apart(who, event_days(rng, table["born"], rows), source == ARREST)
    arrests = np.bincount(who[source == ARREST], minlength=len(true["born"]))
    own, own_numbers = numbers(marks, held, profile, arrests[who] > 0, under)
    with_address = shown(rng, "address", profile), shown(rng, "city", profile)
    places, home = place_texts(marks, table, world.stash, world.cities, with_address)
    phones, own_phones = phone_texts(
        marks, table, world.stash, world.cities, shown(rng, "phones", profile)
    )
    plates, own_plates = plate_texts(marks, held, shown(rng, "plates", profile))
    plain = pl.DataFrame(
        {name: world.vocabulary.plain.gather(table[name]) for name in ("given", "family_1")}
    )
    unique = held["fingerprint_id"].cast(pl.Int64).to_numpy()
    emails = email_texts(rng, plain, unique, shown(rng, "emails", profile))
    records = pl.concat(
        [
            names,
            pl.DataFrame(
                {
                    "sex": _sex(marks, table["sex"], profile),
                    "born": as_dates(born, form != NO_BIRTH),
                    "birth_form": form,
                    "age": years_between(born, day),
                }
            ),
            _origins(rng, table, profile),
            own,
            places,
            pl.DataFrame(
                {
                    "phones": phones,
                    "emails": emails,
                    "plates": plates,
                    "role": _roles(rng, source),
                    "day": day,
                }
            ),
        ],
        how="horizontal",
    )
    evidence = Evidence(who)
    second = (as_told["family_2"] > 0) & ~marks.shows("surname_dropped")
    telling = world.rarity.telling(as_told, second)
    evidence.add("name", (names_used.used + 1) * telling)
    _biography(evidence, names_used, form != NO_BIRTH, (who, table["born"], false["born"]))
    for name, values in own_numbers.items():
        evidence.add(name, values)
    evidence.add("email", emails.is_not_null().to_numpy())
    for kind, shows in (
        ("phone", own_phones),
        ("plate", own_plates),
        ("home", (home == 1, home == 2)),
    ):
        for number, rows_shown in enumerate(shows):
            evidence.add(kind, rows_shown * (1 + names_used.used * 2 + number))
    return records, evidence, under


def _biography(
    evidence: Evidence, names: Assumed, dated: Bools, births: tuple[Ints, Ints, Ints]
) -> None:
    """Add the name with the birth date, and a name listed besides if the date was kept for both.

    Args:
        evidence: Where it is added.
        names: The name of each record and the one it lists besides.
        dated: Records with a birth date, a year or an age.
        births: The person behind each record, their birth day, and those of all false names.
    """
    who, true, false = births
    evidence.add("biography", (names.used + 1) * dated)
    number = np.maximum(names.used, names.listed) - 1
    kept = false[who, np.maximum(number, 0)] == true
    evidence.add("biography", (names.listed + 1) * (dated & kept))


def _apart(who: Ints, day: Ints, arrested: Bools) -> Ints:
    """Keep the arrests of one person two days apart: nobody is in custody in two places at once."""
    rows = np.flatnonzero(arrested)
    rows = rows[np.lexsort((day[rows], who[rows]))]
    days, again = day[rows], who[rows][1:] == who[rows][:-1]
    while (close := again & (np.diff(days) < 2)).any():
        late = np.flatnonzero(close) + 1
        days[late] = days[late - 1] + 2
    moved = day.copy()
    moved[rows] = days
    return moved


def _sex(marks: Marks, sex: Ints, profile: Ints) -> pl.Series:
    present = shown(marks.rng, "sex", profile)
    wrong = marks.draw("sex_wrong", present)
    return pl.select(
        pl.when(pl.Series(present)).then(pl.Series(np.where(wrong, 1 - sex, sex)))
    ).to_series()


def _origins(rng: np.random.Generator, table: Columns, profile: Ints) -> pl.DataFrame:
    """Return birth place and country, and citizenship, which differs for the naturalised."""
    country = pl.Series(COUNTRIES).gather(table["country"])
    told_place = birth_places(table["country"], table["birth_state"])
    citizen = pl.Series(chance(rng, len(profile), 0.03))
    place = pl.Series(shown(rng, "birth_place", profile))
    known = pl.Series(shown(rng, "citizenship", profile))
    return pl.select(
        pl.when(place).then(told_place).alias("birth_place"),
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

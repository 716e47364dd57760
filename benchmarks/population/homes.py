"""Where people and organizations live and how they are reached: addresses and telephone numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.population.cultures import SPANISH
from benchmarks.population.draws import Bools, Ints, chance, pick, stream
from benchmarks.population.people import Columns
from benchmarks.population.places import FIRST_MX_STREET, STREETS, Cities

HOME = ("house", "street", "flat", "city", "zip")
"""Columns of an address: house number, street code, flat (0 none), city code, last two figures."""


@dataclass(frozen=True)
class StashHouses:
    """Addresses and phones that strangers share; row number is the stash house's code."""

    homes: Columns
    phone: Ints
    office_phone: Ints  # of lawyers, shelters, offices, which dozens of people give as theirs
    office_city: Ints


def stash_houses(seed: int, people: int, cities: Cities) -> StashHouses:
    """Return one stash house for every 2,000 people, at least three, and an office for 8,000."""
    rng = stream(seed, 3)
    rows = max(3, people // 2_000)
    homes = addresses(rng, np.zeros(rows, dtype=np.bool_), cities)
    office_city = rng.integers(0, len(cities.area), max(2, people // 8_000))
    return StashHouses(
        homes=homes,
        phone=phones(rng, homes["city"], cities),
        office_phone=phones(rng, office_city, cities),
        office_city=office_city,
    )


def addresses(rng: np.random.Generator, in_mexico: Bools, cities: Cities) -> Columns:
    """Return a random address a row.

    Args:
        rng: Where chance comes from.
        in_mexico: Rows whose address is Mexican; the others are in the United States.
        cities: The cities.

    Returns:
        The columns of `HOME`.
    """
    rows = len(in_mexico)
    city = pick(rng, rows, np.where(cities.mexican, 0, cities.weight))
    mexican = pick(rng, rows, np.where(cities.mexican, cities.weight, 0))
    street = rng.integers(0, FIRST_MX_STREET, rows)
    mexican_street = rng.integers(FIRST_MX_STREET, len(STREETS), rows)
    flat = rng.integers(1, 40, rows) * chance(rng, rows, 0.2)
    return {
        "house": 1 + (rng.random(rows) ** 2 * 9_800).astype(np.int64),
        "street": np.where(in_mexico, mexican_street, street),
        "flat": flat,
        "city": np.where(in_mexico, mexican, city),
        "zip": rng.integers(1, 100, rows),
    }


def phones(rng: np.random.Generator, city: Ints, cities: Cities) -> Ints:
    """Return a national number of ten figures in each row's city."""
    area = cities.area[city]
    figures = np.where(area < 100, 8, 7)
    low = 10**figures
    numbers: Ints = area * low + (rng.random(len(city)) * low * 0.8 + low * 0.2).astype(np.int64)
    return numbers


def homes_of(rng: np.random.Generator, people: Columns, cities: Cities) -> Columns:
    """Return the present and the earlier address and phones of each person.

    Returns:
        The columns of `HOME` and phone, twice: with suffix ``_1`` (now) and ``_2`` (earlier); a
        phone is 0 where there is none.
    """
    rows, head = len(people["head"]), people["head"]
    hispanic: Bools = np.isin(people["culture"], SPANISH)
    table: Columns = {}
    for suffix, has_phone in (("_1", 0.75), ("_2", 0.35)):
        in_mexico = chance(rng, rows, 0.42) & hispanic
        home = addresses(rng, in_mexico, cities)
        phone = phones(rng, home["city"], cities) * chance(rng, rows, has_phone)
        together = (people["relation"] > 0) & chance(rng, rows, 0.75)
        for column, values in (*home.items(), ("phone", phone)):
            shared = together & (column != "phone" or chance(rng, rows, 0.6))
            table[column + suffix] = np.where(shared, values[head], values)
    return table

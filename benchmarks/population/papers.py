"""Numbers that people hold: A-numbers, fingerprint ids, social security, passports and the like."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.cultures import CULTURES, SPANISH
from benchmarks.population.curp import NameLetters, curps
from benchmarks.population.draws import Bools, Ints, chance
from benchmarks.population.numbering import coded, padded, scrambled
from benchmarks.population.people import GROUP, Columns
from benchmarks.population.places import COUNTRIES
from benchmarks.population.rates import Rates

HELD: Final = {
    "a_number": 0.75,  # of people born abroad
    "ssn_native": 0.9,  # of people born in the United States
    "ssn_foreign": 0.2,
    "passport": 0.45,
    "national_id": 0.75,  # of people born in Mexico
    "driver_license": 0.45,
    "email": 0.35,
    "plate": 0.45,
    "second_plate": 0.2,
}
"""Shares of people who hold a number at all. Of a sample of 384 migrants 107 had been given no
A-number (DHS Office of Inspector General, U.S. Border Patrol Screened Migrants at the Southwest
Border but Could Strengthen Processes, September 2022); the others are assumptions."""


def papers(
    rng: np.random.Generator, first: int, people: Columns, letters: NameLetters, rates: Rates
) -> pl.DataFrame:
    """Return the numbers that each person holds, null where none.

    Args:
        rng: The chunk's stream.
        first: Number of the first person of the chunk among all people.
        people: Columns of `people.people`.
        letters: For the CURP.
        rates: The rates in force.

    Returns:
        Columns a_number, other_a_number, ssn (Int64), fbi_number, fingerprint_id, passport,
        national_id, driver_license, plate_1, plate_2 (String), stolen (Boolean: A-number and ssn
        are a stranger's).
    """
    rows = len(people["born"])
    number = np.arange(first, first + rows)
    country = people["country"]
    native = country == COUNTRIES.index("US")
    a_number = _kept(_a_numbers(number), ~native & chance(rng, rows, HELD["a_number"]))
    several = chance(rng, rows, rates.several_a_numbers)
    has_ssn = chance(rng, rows, HELD["ssn_native"]) & native
    has_ssn |= chance(rng, rows, HELD["ssn_foreign"]) & ~native
    curp = chance(rng, rows, HELD["national_id"]) & (country == COUNTRIES.index("MX"))
    table = pl.DataFrame(
        {
            "a_number": a_number,
            "other_a_number": _kept(1_000_000 + scrambled(number, 22_999_999), several),
            "ssn": _kept(_ssns(number), has_ssn),
            "fbi_number": _fbi_numbers(number),
            "fingerprint_id": padded(1_000_000_000 + scrambled(number, 899_999_989), 10),
            "passport": _passports(rng, people["culture"], native),
            "national_id": curps(rng, people, letters),
            "driver_license": coded(rng, rows, "A########"),
            "plate_1": _plates(rng, people["culture"]),
            "plate_2": _plates(rng, people["culture"]),
        }
    )
    plate = chance(rng, rows, HELD["plate"])
    held = {
        "passport": chance(rng, rows, HELD["passport"]),
        "national_id": curp,
        "driver_license": chance(rng, rows, HELD["driver_license"]),
        "plate_1": plate,
        "plate_2": plate & chance(rng, rows, HELD["second_plate"]),
    }
    table = table.with_columns(
        pl.when(pl.Series(mask)).then(pl.col(column)).alias(column) for column, mask in held.items()
    ).with_columns(pl.when(pl.col("a_number").is_not_null()).then(pl.col("other_a_number")))
    return _steal(rng, table, rates)


def _kept(numbers: Ints, mask: Bools) -> pl.Series:
    return pl.select(pl.when(pl.Series(mask)).then(pl.Series(numbers))).to_series()


def _a_numbers(number: Ints) -> Ints:
    """Return A-numbers of eight and nine figures; a group of relatives holds neighbouring ones."""
    return 24_000_000 + scrambled(number // GROUP, 50_000_000) * GROUP + number % GROUP


def _ssns(number: Ints) -> Ints:
    """Return social security numbers whose area, group and serial were never zero."""
    place = scrambled(number, 665 * 99 * 9999)
    area, rest = place // (99 * 9999) + 1, place % (99 * 9999)
    return area * 1_000_000 + (rest // 9999 + 1) * 10_000 + rest % 9999 + 1


def _fbi_numbers(number: Ints) -> pl.Series:
    place = scrambled(number, 1_000_000 * 20 * 20)
    letters = pl.Series(list("ABCDEFHJKLMNPRTVWXYZ"))
    first = letters.gather(place // 1_000_000 % 20)
    second = letters.gather(place // 20_000_000)
    return padded(place % 1_000_000, 6) + first + second + padded(number % 9 + 1, 1)


def _passports(rng: np.random.Generator, culture: Ints, native: Bools) -> pl.Series:
    rows = len(culture)
    mexican, american, chinese, other = (
        coded(rng, rows, pattern) for pattern in ("G########", "5########", "E########", "A#######")
    )
    frame = pl.DataFrame({"m": mexican, "u": american, "c": chinese, "o": other})
    return frame.select(
        pl.when(pl.Series(native))
        .then("u")
        .when(pl.Series(np.isin(culture, SPANISH)))
        .then("m")
        .when(pl.Series(culture == CULTURES.index("chinese")))
        .then("c")
        .otherwise("o")
    ).to_series()


def _plates(rng: np.random.Generator, culture: Ints) -> pl.Series:
    rows = len(culture)
    american, mexican = coded(rng, rows, "AAA####"), coded(rng, rows, "AAA-##-##")
    use_mexican = np.isin(culture, SPANISH) & chance(rng, rows, 0.5)
    return pl.select(pl.when(pl.Series(use_mexican)).then(mexican).otherwise(american)).to_series()


def _steal(rng: np.random.Generator, table: pl.DataFrame, rates: Rates) -> pl.DataFrame:
    """Let some people use the A-number and ssn of a stranger of the same chunk."""
    rows = len(table)
    strangers = table[rng.integers(0, rows, rows)]
    stolen = pl.Series(chance(rng, rows, rates.stolen_identifier))
    numbers = (strangers["a_number"].is_not_null() | strangers["ssn"].is_not_null()) & stolen
    return table.with_columns(
        *(
            pl.when(numbers & strangers[column].is_not_null())
            .then(strangers[column])
            .otherwise(pl.col(column))
            .alias(column)
            for column in ("a_number", "ssn")
        ),
        numbers.alias("stolen"),
    )

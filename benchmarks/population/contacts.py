"""Phones, addresses, plates and e-mail as a record has them."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.population.draws import Bools, Ints, below, chance
from benchmarks.population.homes import HOME, StashHouses
from benchmarks.population.marks import Marks
from benchmarks.population.numbering import padded
from benchmarks.population.people import Columns
from benchmarks.population.places import STREETS, Cities

PLACE = ("address", "city", "state", "postal_code", "country")


def phone_texts(
    marks: Marks, table: Columns, stash: StashHouses, cities: Cities, present: Bools
) -> tuple[pl.Series, tuple[Bools, Bools]]:
    """Return the phones of each record as a list, null where there is none; and which are its own.

    Args:
        marks: Draws and remembers.
        table: Columns phone_1, city_1, phone_2, city_2 of who is behind each record.
        stash: The stash houses.
        cities: The cities, which tell a Mexican number.
        present: Records that have phones at all.

    Returns:
        The lists, and which records show the first and the second of who is behind them.
    """
    rng, rows = marks.rng, marks.rows
    has_any = (table["phone_1"] > 0) | (table["phone_2"] > 0)
    shared = marks.draw("shared_phone", present & has_any)
    of_office = marks.draw("office_phone", present & has_any & ~shared)
    house = rng.integers(0, len(stash.phone), rows)
    office = rng.integers(0, len(stash.office_phone), rows)
    first = np.where(shared, stash.phone[house], table["phone_1"])
    first = np.where(of_office, stash.office_phone[office], first)
    city = np.where(shared, stash.homes["city"][house], table["city_1"])
    mexican = cities.mexican[np.where(of_office, stash.office_city[office], city)]
    foreign = shared | of_office
    # One number in two records of three: the other is on paper but not asked for.
    both = chance(rng, rows, 0.33)
    second = table["phone_2"] * (both | (first == 0)) * ~foreign
    texts = pl.DataFrame(
        {
            "one": phone_text(rng, first, mexican),
            "two": phone_text(rng, second, cities.mexican[table["city_2"]]),
        }
    )
    lists = pl.concat_list("one", "two").list.drop_nulls()
    column = texts.select(
        pl.when(pl.Series(present) & (lists.list.len() > 0)).then(lists).alias("phones")
    ).to_series()
    return column, (present & (first > 0) & ~foreign, present & (second > 0))


def phone_text(rng: np.random.Generator, number: Ints, mexican: Bools) -> pl.Series:
    """Write national numbers as people do; 0 becomes null.

    Mexican numbers carry 01, 044, 045 or +52 1 as they did before August 2019, +52 or nothing.
    """
    rows = len(number)
    style = np.where(mexican, 4 + rng.integers(0, 8, rows), rng.integers(0, 4, rows))
    digits = pl.Series(number).cast(pl.String)
    a, b, c = digits.str.slice(0, 3), digits.str.slice(3, 3), digits.str.slice(6)
    spaced = a + " " + b + " " + c
    manner = pl.Series(style)
    text = (
        pl.when(manner == 0)
        .then("(" + a + ") " + b + "-" + c)
        .when(manner == 1)
        .then(a + "-" + b + "-" + c)
        .when(manner == 2)
        .then("+1 " + spaced)
        .when(manner == 4)
        .then("+52 1 " + spaced)
        .when(manner == 5)
        .then("+52 " + spaced)
        .when(manner == 6)
        .then("01 " + spaced)
        .when(manner == 7)
        .then("044 " + spaced)
        .when(manner == 8)
        .then("045" + digits)
        .when(manner == 9)
        .then(spaced)
        .otherwise(digits)
    )
    return pl.select(pl.when(pl.Series(number) > 0).then(text)).to_series()


def place_texts(
    marks: Marks,
    table: Columns,
    stash: StashHouses,
    cities: Cities,
    present: tuple[Bools, Bools],
) -> tuple[pl.DataFrame, Ints]:
    """Return where each record says that its subject lives.

    Args:
        marks: Draws and remembers.
        table: The columns of `homes.HOME` with suffixes ``_1`` and ``_2``.
        stash: The stash houses.
        cities: The cities.
        present: Records that have a street address, and records that have a city.

    Returns:
        The columns of `PLACE`, null where the record has none; and which home's street address each
        record shows: 1, 2, or 0 for none of its own.
    """
    rng, rows = marks.rng, marks.rows
    street_shown, city_shown = present
    shared = marks.draw("shared_address", street_shown)
    moved = marks.draw("moved", (street_shown | city_shown) & ~shared)
    house = rng.integers(0, len(stash.phone), rows)
    home = {
        column: np.where(
            shared,
            stash.homes[column][house],
            np.where(moved, table[column + "_2"], table[column + "_1"]),
        )
        for column in HOME
    }
    place = cities.frame[home["city"]]
    texts = place.with_columns(
        address_text(rng, home, cities.mexican[home["city"]]).alias("address"),
        (pl.col("zip3") + padded(home["zip"], 2)).alias("postal_code"),
    )
    street, city = pl.Series(street_shown), pl.Series(city_shown | street_shown)
    plain = pl.Series(chance(rng, rows, 0.5))
    bare = pl.col("city").str.normalize("NFD").str.replace_all(r"\p{M}", "")
    own = (street_shown & ~shared) * (1 + moved.astype(np.int64))
    columns = texts.select(
        pl.when(street).then("address").alias("address"),
        pl.when(city).then(pl.when(plain).then(bare).otherwise("city")).alias("city"),
        pl.when(city).then("state").alias("state"),
        pl.when(street).then("postal_code").alias("postal_code"),
        pl.when(city).then("country").alias("country"),
    )
    return columns, own


def address_text(rng: np.random.Generator, home: Columns, mexican: Bools) -> pl.Series:
    """Write addresses: the number first in the United States, last in Mexico, at times in full."""
    rows = len(mexican)
    flat = pl.Series(home["flat"]).cast(pl.String)
    manner = pl.Series(rng.integers(0, 4, rows))
    frame = pl.DataFrame(
        {
            "street": STREETS.gather(home["street"]),
            "house": pl.Series(home["house"]).cast(pl.String),
        }
    )
    in_full = (
        pl.col("street")
        .str.replace(r" St$", " Street")
        .str.replace(r" Ave$", " Avenue")
        .str.replace(r" Rd$", " Road")
        .str.replace(r" Dr$", " Drive")
        .str.replace(r"^Av\. ", "Avenida ")
        .str.replace(r"^Calle ", "C. ")
    )
    street = pl.when(manner == 0).then(in_full).otherwise(pl.col("street"))
    apart = pl.when(manner == 1).then(" #" + flat).otherwise(" Apt " + flat)
    inner = pl.when(manner == 1).then(" Int. " + flat).otherwise("-" + flat)
    has_flat = pl.Series(home["flat"] > 0)
    american = pl.col("house") + " " + street + pl.when(has_flat).then(apart).otherwise(pl.lit(""))
    local = (
        street
        + pl.when(manner == 2).then(pl.lit(" No. ")).otherwise(pl.lit(" "))
        + pl.col("house")
        + pl.when(has_flat).then(inner).otherwise(pl.lit(""))
    )
    return frame.select(
        pl.when(pl.Series(mexican)).then(local).otherwise(american).alias("address")
    ).to_series()


def plate_texts(
    marks: Marks, held: pl.DataFrame, present: Bools
) -> tuple[pl.Series, tuple[Bools, Bools]]:
    """Return the plates of each record as a list, null where there is none; and which it shows."""
    has = present & held["plate_1"].is_not_null().to_numpy()
    alike = held["plate_1"].str.contains("[O0I1B8]").fill_null(value=False).to_numpy()
    confused = pl.Series(marks.draw("plate_confused", has & alike))
    # Each look-alike changes into its partner; the detour over * keeps them from changing back.
    misread = pl.col("plate_1")
    for letter, figure in (("O", "0"), ("I", "1"), ("B", "8")):
        for old, new in ((letter, "*"), (figure, letter), ("*", figure)):
            misread = misread.str.replace_all(old, new, literal=True)
    second = pl.Series(chance(marks.rng, marks.rows, 0.5))
    lists = pl.concat_list("first", "second").list.drop_nulls()
    column = (
        held.select(
            pl.when(confused).then(misread).otherwise("plate_1").alias("first"),
            pl.when(second).then("plate_2").alias("second"),
        )
        .select(pl.when(pl.Series(has)).then(lists).alias("plates"))
        .to_series()
    )
    has_second = held["plate_2"].is_not_null().to_numpy()
    return column, (has, has & second.to_numpy() & has_second)


def email_texts(
    rng: np.random.Generator, names: pl.DataFrame, person: Ints, present: Bools
) -> pl.Series:
    """Return an invented address at an example domain, made of the true name and number.

    Args:
        rng: Where chance comes from.
        names: Columns given and family_1 without accents, of the person behind each record.
        person: A number that no two people share, so that the address is the same in every record,
            and namesakes have others.
        present: Records that have one.
    """
    domain = pl.Series(["mail.example", "correo.example", "post.example"]).gather(person % 3)
    local = names.select(
        pl.concat_str("given", "family_1", separator=".")
        .str.to_lowercase()
        .str.replace_all(" ", "")
    ).to_series()
    number = pl.Series(person % 9_973).cast(pl.String)
    text = local + number + "@" + domain
    quiet = below(rng, np.full(len(person), 10)) == 0
    return pl.select(
        pl.when(pl.Series(present & ~quiet)).then(pl.concat_list(text)).alias("emails")
    ).to_series()

"""The columns of `schemas.PERSON`, built from the mapped fields of one source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from linker.standardise import attributes, identifiers, names
from linker.standardise.addresses import read_city
from linker.standardise.contacts import read_plate
from linker.standardise.countries import read_country
from linker.standardise.lists import merged, split
from linker.standardise.name_keys import name_keys, name_written, other_given_keys
from linker.standardise.names import NameWords
from linker.standardise.reading import Reader, Reading
from linker.standardise.shared_columns import IDENTIFIER, Columns
from linker.standardise.text import (
    is_placeholder,
    is_placeholder_name,
    is_placeholder_number,
    trimmed,
)
from linker.standardise.uniques import map_uniques, map_uniques_to_columns

MOST_PARTS: Final = 3

PLATE: Final = Reader(read_plate, "not a number plate: more than 12 signs", is_placeholder_number)
ALIAS: Final = Reader(names.canonical_alias, "no name in it", is_placeholder_name)
SUFFIX: Final = Reader(names.read_suffix, "not a generation suffix such as jr or iii")

PERSON_NUMBERS: Final = {
    "a_number": Reader(
        identifiers.read_a_number, "not an A-number: 7 to 9 digits", is_placeholder_number
    ),
    "ssn": Reader(
        identifiers.read_ssn,
        "not a Social Security number: 9 digits, as issued",
        is_placeholder_number,
    ),
    "national_id": Reader(identifiers.read_national_id, IDENTIFIER.reason, is_placeholder_number),
    "fbi_number": IDENTIFIER,
    "fingerprint_id": IDENTIFIER,
    "passport": Reader(identifiers.read_passport, IDENTIFIER.reason, is_placeholder_number),
    "driver_license": IDENTIFIER,
    "predicate": Reader(attributes.read_yes_no, "neither yes nor no"),
}
PERSON_WORDS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "birth_place": read_city,
    "birth_country": read_country,
    "citizenship": read_country,
    "role": attributes.read_role,
}
NAME_FIELDS: Final[Mapping[str, Callable[[str], NameWords]]] = {
    "full_name": names.read_full_name,
    "given_name": names.read_given_name,
    "middle_name": names.read_given_name,
    "surname": names.read_surname,
    "second_surname": names.read_surname,
}
SHOWN: Final = (
    "given_name",
    "middle_name",
    "surname_prefix",
    "surname",
    "second_surname",
    "suffix",
)
"""The fields of a name as it is written, in order."""


def name_columns(reading: Reading) -> Columns:
    """Return the columns of the name: the parts told apart, and what is derived from them.

    Explicit parts win over the full name, which fills those that the record leaves open.
    """
    columns: Columns = {}
    if reading.has("aliases"):
        columns["aliases"] = reading.values("aliases", ALIAS)
    if not reading.has(*NAME_FIELDS):
        return columns
    frame = _name_words(reading).pipe(_assembled).collect()
    found = split(frame["found"], "|")
    keys = split(map_uniques(frame["words"], name_keys, pl.String()), " ")
    as_given = _as_given(reading)
    return {
        "name_as_given": as_given,
        "full_name": frame["full_name"],
        "given_name": frame["given_name"],
        "given_name_root": _first_of(keys, frame["given_name"]),
        "nickname_of": split(map_uniques(frame["given_name"], other_given_keys, pl.String()), " "),
        "middle_name": frame["middle_name"],
        "surname": frame["family"],
        "surname_parts": frame["surname_parts"],
        "surname_prefix": frame["prefix"],
        "native_name": map_uniques(as_given, names.native_name, pl.String()),
        "suffix": frame["suffix"],
        "name_tokens": frame["name_tokens"],
        "name_written": split(map_uniques(frame["words"], name_written, pl.String()), " "),
        "name_keys": keys,
        "name_key": keys.list.sort().list.join(" "),
        "name_sounds": split(map_uniques(frame["family"], names.family_sounds, pl.String()), " "),
        "aliases": merged(columns.get("aliases", found), found),
    }


def _name_words(reading: Reading) -> pl.LazyFrame:
    """Return the words of every name field: ``surname_family``, ``full_name_given``, ..."""
    columns = []
    for field, function in NAME_FIELDS.items():
        if reading.has(field):
            words = map_uniques_to_columns(reading.raw(field), function, NameWords._fields)
            columns += [words[part].rename(f"{field}_{part}") for part in NameWords._fields]
    if reading.has("surname_prefix"):
        columns.append(reading.text("surname_prefix", names.read_prefix).rename("told_prefix"))
    if reading.has("suffix"):
        columns.append(reading.value("suffix", SUFFIX).rename("told_suffix"))
    names_of_all = [f"{field}_{part}" for field in NAME_FIELDS for part in NameWords._fields]
    missing = {"told_prefix", "told_suffix", *names_of_all} - {column.name for column in columns}
    return (
        pl.DataFrame(columns)
        .lazy()
        .with_columns(pl.lit(None, pl.String).alias(name) for name in sorted(missing))
        .with_columns(
            pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep(),
        )
    )


def _assembled(words: pl.LazyFrame) -> pl.LazyFrame:
    """Return the name's columns, put together from the words of its fields."""
    given, full_given = pl.col("given_name_given"), pl.col("full_name_given")
    # A single word is a family name only where the record gives no given name.
    full_family = pl.when(given.is_null() | full_given.is_not_null()).then("full_name_family")
    words = words.with_columns(
        full_family=full_family,
        first=pl.coalesce(given, full_given),
        told_family=_joined("surname_family", "second_surname_family"),
        told_particles=_joined("surname_prefix", "second_surname_prefix"),
    ).with_columns(
        family=pl.coalesce("told_family", "full_family"),
        prefix=pl.coalesce(
            "told_prefix",
            pl.when(pl.col("told_family").is_not_null())
            .then("told_particles")
            .otherwise("full_name_prefix"),
        ),
        suffix=pl.coalesce("told_suffix", *(f"{field}_suffix" for field in NAME_FIELDS)),
        given_name=pl.col("first").str.splitn(" ", 2).struct.field("field_0"),
        middle_name=_joined(
            pl.col("first").str.splitn(" ", 2).struct.field("field_1"), "middle_name_given"
        ),
        found=pl.concat_str(
            [f"{field}_aliases" for field in NAME_FIELDS], separator="|", ignore_nulls=True
        ),
    )
    every = _joined(
        "full_name_given", "full_family", "full_name_other", "first", "middle_name", "family"
    )
    return words.select(
        "given_name",
        "middle_name",
        "family",
        "prefix",
        "suffix",
        "found",
        full_name=_joined("given_name", "middle_name", "family", "suffix"),
        surname_parts=pl.col("family").str.split(" ").list.head(MOST_PARTS),
        words=pl.concat_str(
            _joined("given_name", "middle_name").fill_null(""),
            pl.col("family").fill_null(""),
            separator="|",
        ),
        name_tokens=every.str.split(" ").list.unique().list.sort(),
    )


def attribute_columns(reading: Reading) -> Columns:
    """Return sex, birth place, countries, identifiers, plates, role and predicate, if mapped."""
    columns = {n: reading.text(n, read) for n, read in PERSON_WORDS.items() if reading.has(n)}
    columns |= {
        n: reading.value(n, reader) for n, reader in PERSON_NUMBERS.items() if reading.has(n)
    }
    if reading.has("plates"):
        columns["plates"] = reading.values("plates", PLATE)
    if reading.has("sex"):
        columns["sex"] = _sex(reading)
    return columns


def _sex(reading: Reading) -> pl.Series:
    spanish = reading.habits.spanish_sex
    return reading.value("sex", sex_reader(lambda text: attributes.read_sex(text, spanish=spanish)))


def sex_reader(read: Callable[[str], str | None]) -> Reader:
    """Return how a sex is read, given what its words mean in a column."""
    return Reader(
        read,
        "sex is not male, female or other",
        lambda text: is_placeholder(text) or attributes.is_unknown_sex(text),
    )


def _joined(*parts: str | pl.Expr) -> pl.Expr:
    """Return the parts that are not null, joined by one space; null where all are."""
    if not parts:
        return pl.lit(None, pl.String)
    text = pl.concat_str(list(parts), separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _first_of(keys: pl.Series, given: pl.Series) -> pl.Series:
    """Return the key of each given name: the first, where there is a given name."""
    first = pl.DataFrame({"keys": keys, "given": given}).select(
        pl.when(pl.col("given").is_not_null()).then(pl.col("keys").list.first())
    )
    return first.to_series()


def _as_given(reading: Reading) -> pl.Series:
    """Return the whole name as written, else its parts as written, joined."""
    told = [
        map_uniques(reading.raw(field), as_shown, pl.String())
        for field in ("full_name", *SHOWN)
        if reading.has(field)
    ]
    frame = pl.DataFrame(told)
    parts = _joined(*(column.name for column in told if column.name != "full_name"))
    whole = pl.col("full_name") if reading.has("full_name") else pl.lit(None, pl.String)
    return frame.select(pl.coalesce(whole, parts).alias("name_as_given")).to_series()


def as_shown(text: str) -> str | None:
    """Return a name, or a part of one, as it is shown; None where it says nothing."""
    return None if is_placeholder_name(text) else trimmed(text)

"""The columns of `schemas.PERSON`, built from the mapped fields of one source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from linker.standardise import attributes, identifiers, names
from linker.standardise.addresses import read_city
from linker.standardise.contacts import read_plate
from linker.standardise.countries import read_country
from linker.standardise.dates import read_age, read_precision
from linker.standardise.lists import merged, split
from linker.standardise.names import NameWords
from linker.standardise.nicknames import given_name_root
from linker.standardise.reading import Reader, Reading
from linker.standardise.shared_columns import IDENTIFIER, Columns
from linker.standardise.text import (
    is_placeholder,
    is_placeholder_name,
    is_placeholder_number,
    trimmed,
)
from linker.standardise.uniques import map_uniques, map_uniques_to_columns

_MOST_PARTS: Final = 3

_A_NUMBER: Final = Reader(
    identifiers.read_a_number, "not an A-number: 7 to 9 digits", is_placeholder_number
)
_SSN: Final = Reader(
    identifiers.read_ssn, "not a Social Security number: 9 digits, as issued", is_placeholder_number
)
_NATIONAL_ID: Final = Reader(identifiers.read_national_id, IDENTIFIER.reason, is_placeholder_number)
_PLATE: Final = Reader(read_plate, "not a number plate: more than 12 signs", is_placeholder_number)
_ALIAS: Final = Reader(names.canonical_alias, "no name in it", is_placeholder_name)
_AGE: Final = Reader(read_age, "not an age: 0 to 130 years")
_PRECISION: Final = Reader(read_precision, "precision is not day, month or year")
_SUFFIX: Final = Reader(names.read_suffix, "not a generation suffix such as jr or iii")
_PREDICATE: Final = Reader(attributes.read_yes_no, "neither yes nor no")


def name_columns(reading: Reading) -> Columns:
    """Return the columns of the name: the parts told apart, and what is derived from them.

    Explicit parts win over the full name, which fills those that the record leaves open.
    """
    full = _words(reading, "full_name", names.read_full_name)
    given = _words(reading, "given_name", names.read_given_name)
    middle = _words(reading, "middle_name", names.read_given_name)
    paternal = _words(reading, "surname", names.read_surname)
    maternal = _words(reading, "second_surname", names.read_surname)
    pieces = {"full": full, "given": given, "middle": middle, "paternal": paternal}
    pieces["maternal"] = maternal
    frame = pl.DataFrame(
        [
            piece[name].rename(f"{field}_{name}")
            for field, piece in pieces.items()
            for name in NameWords._fields
        ]
    ).with_columns(
        told_prefix=reading.text("surname_prefix", names.read_prefix),
        told_suffix=reading.value("suffix", _SUFFIX),
    )
    frame = frame.with_columns(
        # A single word is a family name only where the record gives no given name.
        full_family=pl.when(
            pl.col("given_given").is_null() | pl.col("full_given").is_not_null()
        ).then("full_family"),
        from_full=pl.col("given_given").is_null() & pl.col("full_given").is_not_null(),
        told_family=_joined("paternal_family", "maternal_family"),
    ).with_columns(
        first=pl.when("from_full").then("full_given").otherwise("given_given"),
        family=pl.coalesce("told_family", "full_family"),
        prefix=pl.when(pl.col("told_family").is_not_null())
        .then(pl.coalesce("told_prefix", _joined("paternal_prefix", "maternal_prefix")))
        .otherwise(pl.coalesce("told_prefix", "full_prefix")),
        suffix=pl.coalesce(
            "told_suffix", "paternal_suffix", "maternal_suffix", "given_suffix", "full_suffix"
        ),
    )
    space = pl.col("first").str.find(" ", literal=True)
    rest = pl.when(space.is_not_null()).then(
        pl.col("first").str.splitn(" ", 2).struct.field("field_1")
    )
    frame = frame.with_columns(
        given_name=pl.col("first").str.splitn(" ", 2).struct.field("field_0"),
        middle_name=_joined(rest, "middle_given"),
    )
    words = _joined("full_given", "full_family", "full_other", "first", "middle_given", "family")
    frame = frame.with_columns(
        full_name=_joined("given_name", "middle_name", "family", "suffix"),
        surname_parts=pl.col("family").str.split(" ").list.head(_MOST_PARTS),
        name_tokens=words.str.split(" ").list.unique().list.sort(),
    )
    found = pl.concat_str(
        [f"{field}_aliases" for field in pieces], separator="|", ignore_nulls=True
    ).alias("found")
    return {
        "name_as_given": _as_given(reading),
        "full_name": frame["full_name"],
        "given_name": frame["given_name"],
        "given_name_root": map_uniques(frame["given_name"], given_name_root, pl.String()),
        "middle_name": frame["middle_name"],
        "surname": frame["family"],
        "surname_parts": frame["surname_parts"],
        "surname_prefix": frame["prefix"],
        "suffix": frame["suffix"],
        "name_tokens": frame["name_tokens"],
        "name_sounds": split(map_uniques(frame["family"], names.name_sounds, pl.String()), " "),
        "aliases": merged(
            reading.values("aliases", _ALIAS), split(frame.select(found)["found"], "|")
        ),
    }


def birth_columns(reading: Reading) -> Columns:
    """Return the birth date with its precision, from the date itself or else from age.

    The first of January means only the year, unless the source says that the day is known. An age
    counts back from the day it was observed, or else from when the source was drawn.
    """
    frame = pl.DataFrame(
        {
            "number": reading.dates("birth_date", partial=True),
            "told": reading.value("birth_date_precision", _PRECISION),
            "age": reading.value("age", _AGE, pl.Int32()),
            "observed": reading.dates("observed_on"),
        }
    ).with_columns(
        year=pl.col("number") // 10000,
        month=pl.col("number") // 100 % 100,
        day=pl.col("number") % 100,
    )
    new_year = (pl.col("month") == 1) & (pl.col("day") == 1) & pl.col("told").ne_missing("day")
    observed = pl.col("observed").fill_null(pl.lit(reading.as_of, pl.Date()))
    frame = frame.with_columns(
        precision=pl.when(pl.col("year").is_null())
        .then(None)
        .when((pl.col("told") == "year") | (pl.col("month") == 0) | new_year)
        .then(pl.lit("year"))
        .when((pl.col("told") == "month") | (pl.col("day") == 0))
        .then(pl.lit("month"))
        .otherwise(pl.lit("day")),
        by_age=(observed.dt.year() - pl.col("age")).cast(pl.Int32),
    ).with_columns(
        birth_date=pl.when(pl.col("precision") == "day").then(pl.date("year", "month", "day")),
        birth_date_precision=pl.when(pl.col("precision").is_null() & pl.col("by_age").is_not_null())
        .then(pl.lit("year"))
        .otherwise("precision"),
        birth_year=pl.coalesce("year", "by_age"),
        birth_month=pl.when(pl.col("precision").is_in(["day", "month"])).then("month"),
    )
    wanted = ("birth_date", "birth_date_precision", "birth_year", "birth_month")
    return {name: frame[name] for name in wanted}


def attribute_columns(reading: Reading) -> Columns:
    """Return sex, birth place, countries, identifiers, plates, role and predicate."""
    spanish = attributes.is_spanish_sex_column(reading.raw("sex").drop_nulls().unique().to_list())
    sex = Reader(
        lambda text: attributes.read_sex(text, spanish=spanish),
        "sex is not male, female or other",
        lambda text: is_placeholder(text) or attributes.is_unknown_sex(text),
    )
    return {
        "sex": reading.value("sex", sex),
        "birth_place": reading.text("birth_place", read_city),
        "birth_country": reading.text("birth_country", read_country),
        "citizenship": reading.text("citizenship", read_country),
        "a_number": reading.value("a_number", _A_NUMBER),
        "ssn": reading.value("ssn", _SSN),
        "national_id": reading.value("national_id", _NATIONAL_ID),
        **{
            name: reading.value(name, IDENTIFIER)
            for name in ("fbi_number", "fingerprint_id", "passport", "driver_license")
        },
        "plates": reading.values("plates", _PLATE),
        "role": reading.text("role", attributes.read_role),
        "predicate": reading.value("predicate", _PREDICATE),
    }


def _words(reading: Reading, field: str, function: Callable[[str], NameWords]) -> pl.DataFrame:
    return map_uniques_to_columns(reading.raw(field), function, NameWords._fields)


def _joined(*parts: str | pl.Expr) -> pl.Expr:
    """Return the parts that are not null, joined by one space; null where all are."""
    text = pl.concat_str(list(parts), separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _as_given(reading: Reading) -> pl.Series:
    parts = ("given_name", "middle_name", "surname_prefix", "surname", "second_surname", "suffix")
    told = [map_uniques(reading.raw(field), _shown, pl.String()) for field in parts]
    whole = map_uniques(reading.raw("full_name"), _shown, pl.String())
    frame = pl.DataFrame([part.rename(str(at)) for at, part in enumerate(told)])
    joined = frame.select(text=_joined(*frame.columns))["text"]
    return whole.zip_with(whole.is_not_null(), joined).rename("name_as_given")


def _shown(text: str) -> str | None:
    return None if is_placeholder_name(text) else trimmed(text)

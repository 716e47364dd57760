"""The Mexican population code (CURP): what it is made of, and what it therefore tells.

Eighteen characters: four letters of the names, the birth date, sex, state of birth, three inner
consonants, a character that tells century and namesakes apart, a check digit. A CURP is valid if
all of these can be and the check digit is right. What it is built from follows from it: two
records with one valid CURP that also agree on birth date and sex hold one piece of evidence (see
the level kind ``told_by``).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

import polars as pl

from linker.standardise.tables import word_set
from linker.standardise.uniques import map_uniques, map_uniques_to_columns

_STATES: Final = word_set(
    """
    AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC TL TS VZ
    YN ZS
    """
)
"""The codes of the states, the capital, and of birth abroad (NE)."""
_FORM: Final = re.compile(
    r"[A-Z][AEIOUX][A-Z]{2}([0-9]{2})([0-9]{2})([0-9]{2})([HMX])([A-Z]{2})"
    r"[B-DF-HJ-NP-TV-Z]{3}([A-Z0-9])[0-9]"
)
_VALUES: Final = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ")
}
_SEXES: Final = {"H": "male", "M": "female"}
_CHECKED: Final = 17

Columns = dict[str, pl.Series]


class Told(NamedTuple):
    """What a valid CURP tells; empty texts where it does not."""

    born: str
    """The birth date, ISO."""
    sex: str


def read_curp(text: str) -> Told | None:
    """Return what a CURP tells, or None where the text is no valid one.

    Args:
        text: Upper-case letters and digits.
    """
    match = _FORM.fullmatch(text)
    if match is None or match.group(5) not in _STATES or check_digit(text) != int(text[-1]):
        return None
    century = 1900 if match.group(6).isdigit() else 2000
    try:
        born = dt.date(century + int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        return None
    return Told(born.isoformat(), _SEXES.get(match.group(4), ""))


def check_digit(text: str) -> int:
    """Return the digit that must follow the first seventeen characters of a CURP."""
    return -sum(_VALUES[sign] * (_CHECKED + 1 - at) for at, sign in enumerate(text[:_CHECKED])) % 10


def curp_columns(columns: Columns) -> Columns:
    """Return ``curp``, and birth date and sex where a record has none but its CURP tells them.

    They serve to compare the record with those that give a birth date and no CURP. That they are
    no evidence beside an equal CURP is for the comparisons to say, by the level ``told_by``.

    Args:
        columns: ``national_id``, canonical; and the columns of birth and sex, as far as mapped.
    """
    national_id = columns["national_id"]
    valid = map_uniques(national_id, lambda text: text if read_curp(text) else None, pl.String())
    if valid.null_count() == len(valid):
        return {"curp": valid}
    told = map_uniques_to_columns(valid, lambda text: read_curp(text) or ("", ""), Told._fields)
    born = told["born"].str.to_date("%Y-%m-%d", strict=False)
    lacking = born.is_not_null()
    if "birth_year" in columns:
        lacking &= columns["birth_year"].is_null()
    found: Columns = {"curp": valid}
    filled = {
        "birth_date": born,
        "birth_date_precision": pl.Series(["day"]).new_from_index(0, len(born)),
        "birth_year": born.dt.year().cast(pl.Int32),
        "birth_year_margin": pl.Series([0], dtype=pl.Int32).new_from_index(0, len(born)),
        "birth_month": born.dt.month().cast(pl.Int32),
    }
    for name, values in filled.items():
        nothing = pl.Series([None], dtype=values.dtype).new_from_index(0, len(values))
        found[name] = values.zip_with(lacking, columns.get(name, nothing))
    sex = told["sex"].replace({"": None})
    given = columns.get("sex")
    found["sex"] = sex if given is None else given.zip_with(given.is_not_null(), sex)
    return found

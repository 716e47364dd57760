"""Birth dates, sex and numbers as a record has them: what is there, and what is wrong with it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.calendar import joined, parts
from benchmarks.population.draws import Bools, Ints, chance, pick
from benchmarks.population.marks import Marks
from benchmarks.population.mistyping import FIGURES, mistyped
from benchmarks.population.placeholders import placed
from benchmarks.population.profiles import (
    FULL_BIRTH,
    NO_BIRTH,
    birth_forms,
    shown,
)

NUMBERS: Final = (
    "a_number",
    "fbi_number",
    "fingerprint_id",
    "ssn",
    "passport",
    "national_id",
    "driver_license",
)
PAPERS: Final = ("a_number", "ssn", "passport", "national_id", "driver_license")
HIDDEN: Final = 0.75
"""Share of the records under a false name that have none of the person's papers; an assumption."""
MISTYPED: Final = ("a_number", "ssn", "passport", "national_id", "driver_license")


def birth(marks: Marks, born: Ints, day_unknown: Bools, profile: Ints) -> tuple[Ints, Ints]:
    """Return birth day and form of each record.

    Args:
        marks: Draws and remembers.
        born: Birth day as told.
        day_unknown: People who have 1 January on every paper.
        profile: Indexes of `profiles.PROFILES`.

    Returns:
        Days since 1970, and the form: NO_BIRTH, FULL_BIRTH, BIRTH_YEAR or AGE.
    """
    rng, rows = marks.rng, marks.rows
    form = birth_forms(rng, profile)
    form[marks.draw("birth_date_missing", form == FULL_BIRTH)] = NO_BIRTH
    full = form == FULL_BIRTH
    marks.mark("year_or_age_only", (form != NO_BIRTH) & ~full)
    year, month, day = parts(born)
    clean = full & ~day_unknown
    marks.mark("birth_year_only", full & day_unknown)
    only = marks.draw("birth_year_only", clean)
    clean &= ~only
    drift = marks.draw("birth_year_drift", ((form != NO_BIRTH) & ~full) | clean)
    clean &= ~drift
    swap = marks.draw("day_month_swapped", clean & (day <= 12) & (day != month))
    digit = marks.draw("one_digit_off", clean & ~swap)
    year = year + drift * _drifts(rng, rows)
    wrong_day, wrong_month = _one_digit(rng, day, month)
    of_day = chance(rng, rows, 0.6)
    new_day = np.where(swap, month, np.where(digit & of_day, wrong_day, day))
    new_month = np.where(swap, day, np.where(digit & ~of_day, wrong_month, month))
    first = only | (full & day_unknown)
    new_day, new_month = np.where(first, 1, new_day), np.where(first, 1, new_month)
    # 29 February does not survive a drift of the year, nor 31 a change of the month.
    new_day = np.where(drift | digit, np.minimum(new_day, 28), new_day)
    return joined(year, new_month, new_day), form


def _drifts(rng: np.random.Generator, rows: int) -> Ints:
    """Return years to add: mostly one or two, at times ten, either way."""
    size = np.array([1, 2, 3, 4, 5, 10])[pick(rng, rows, [45, 20, 10, 5, 5, 15])]
    return size * (1 - 2 * chance(rng, rows, 0.5).astype(np.int64))


def _one_digit(rng: np.random.Generator, day: Ints, month: Ints) -> tuple[Ints, Ints]:
    """Return each day and each month with one figure changed; both still exist."""
    step = np.array([1, -1, 10, -10])[rng.integers(0, 4, len(day))]
    wrong_day = day + step
    wrong_day = np.where((wrong_day < 1) | (wrong_day > 28), (day % 10) + 10, wrong_day)
    wrong_day = np.where(wrong_day == day, np.where(day > 1, day - 1, 2), wrong_day)
    wrong_month = np.where(month == 12, 11, np.where(month == 9, 8, month + 1))
    return wrong_day, np.where(month == 10, 11, wrong_month)


def numbers(
    marks: Marks, held: pl.DataFrame, profile: Ints, arrested: Bools, under: Bools
) -> tuple[pl.DataFrame, dict[str, Ints]]:
    """Return the numbers each record has, as texts, with their errors.

    Args:
        marks: Draws and remembers.
        held: Columns of `papers.papers` for the person behind each record.
        profile: Indexes of `profiles.PROFILES`.
        arrested: People with at least one arrest; only they have fingerprints on file.
        under: Records under a false name: most papers, which tell the true one, are kept back.

    Returns:
        The columns of `NUMBERS`, null where the record has none; and for each of them which of the
        person's own numbers the record shows: 1, 2 for a second one, 0 for none.
    """
    rng = marks.rng
    held = held.with_columns(
        pl.when(pl.Series(arrested)).then(name).alias(name)
        for name in ("fbi_number", "fingerprint_id")
    )
    present = {
        name: shown(rng, name, profile) & _mask(held[name].is_not_null()) for name in NUMBERS
    }
    hidden = under & chance(rng, marks.rows, HIDDEN)
    for name in PAPERS:
        present[name] &= ~hidden
    lost = marks.draw("identifier_missing", np.logical_or.reduce(list(present.values())))
    present = {name: rows & ~lost for name, rows in present.items()}
    has_other = _mask(held["other_a_number"].is_not_null())
    other = marks.draw("other_a_number", present["a_number"] & has_other)
    texts = held.select(
        _a_number(rng, _either(other, held["other_a_number"], held["a_number"])),
        _ssn(rng, held["ssn"]),
        *(name for name in NUMBERS if name not in ("a_number", "ssn")),
    )
    marks.mark("stolen_identifier", _mask(held["stolen"]) & (present["a_number"] | present["ssn"]))
    slips = np.logical_or.reduce([present[name] for name in MISTYPED])
    slip = marks.draw("identifier_typo", slips)
    draw = np.stack([rng.random(marks.rows) * present[name] for name in MISTYPED])
    chosen = np.argmax(draw, axis=0)
    columns = texts.to_dict()
    for place, name in enumerate(MISTYPED):
        columns[name] = mistyped(rng, columns[name], slip & (chosen == place), FIGURES)
    made = marks.draw("placeholder_number", present["a_number"] | present["ssn"])
    frame = placed(rng, pl.DataFrame(columns), present, made)
    own = {name: present[name].astype(np.int64) for name in NUMBERS}
    own["a_number"] += present["a_number"] & other
    for name in ("a_number", "ssn"):
        own[name] *= ~made
    return frame, own


def _a_number(rng: np.random.Generator, number: pl.Series) -> pl.Series:
    """Write A-numbers with and without the A, of eight figures or filled up to nine."""
    style = pl.Series(rng.integers(0, 5, len(number)))
    bare = number.cast(pl.String)
    filled = bare.str.zfill(9)
    spaced = filled.str.slice(0, 3) + " " + filled.str.slice(3, 3) + " " + filled.str.slice(6)
    return pl.select(
        pl.when(style == 0)
        .then(bare)
        .when(style == 1)
        .then("A" + bare)
        .when(style == 2)
        .then("A-" + filled)
        .when(style == 3)
        .then("A " + spaced)
        .otherwise("A" + filled)
        .alias("a_number")
    ).to_series()


def _ssn(rng: np.random.Generator, number: pl.Series) -> pl.Series:
    dashed = pl.Series(chance(rng, len(number), 0.7))
    text = number.cast(pl.String).str.zfill(9)
    parted = text.str.slice(0, 3) + "-" + text.str.slice(3, 2) + "-" + text.str.slice(5)
    return pl.select(pl.when(dashed).then(parted).otherwise(text).alias("ssn")).to_series()


def _either(first: Bools, one: pl.Series, other: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(first)).then(one).otherwise(other)).to_series()


def _mask(values: pl.Series) -> Bools:
    return values.fill_null(value=False).to_numpy().astype(np.bool_)

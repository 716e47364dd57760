"""How an organization's name is written down, and what goes wrong with it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import Bools, Ints
from benchmarks.population.marks import Marks
from benchmarks.population.mistyping import FIGURES, mistyped
from benchmarks.population.organizations import AMERICAN, CHINESE, CRIMINAL, FORMS

ABBREVIATIONS: Final = {
    "Transportes": "Transp", "Autotransportes": "Autotransp", "Logística": "Log",
    "Comercializadora": "Com", "Constructora": "Const", "Importadora": "Imp",
    "Distribuidora": "Dist", "Servicios": "Serv", "Internacional": "Intl", "Hermanos": "Hnos",
    "Transport": "Trans", "Logistics": "Log", "Trucking": "Trkg", "International": "Intl",
    "Construction": "Const", "Brothers": "Bros", "Organización": "Org", "Properties": "Props",
    "Landscaping": "Lndscp", "Import Export": "Imp Exp", "Express": "Exp",
}  # fmt: skip
TRANSLATIONS: Final = {
    "Transportes": "Transport", "Autotransportes": "Trucking", "Fletes": "Freight",
    "Logística": "Logistics", "Constructora": "Construction", "Importadora": "Imports",
    "Organización": "Organization", "Cártel": "Cartel", "Grupo": "Group", "Servicios": "Services",
    "Trucking": "Autotransportes", "Freight": "Fletes", "Logistics": "Logística",
    "Transport": "Transportes", "Imports": "Importadora", "Brothers": "Hermanos",
    "Internacional": "International", "International": "Internacional", "Hermanos": "Brothers",
}  # fmt: skip

LISTED: Final = 0.6
"""Share of records under the other trading name that list the first, a fifth of it of others; an
assumption: a list has both where it knows both."""

FILE_SHARES: Final = ((0.72, 0.28), (0.60, 0.40))
"""Shares of profiles among case and intelligence records: looked up, and only named."""

PRESENT: Final[dict[str, tuple[float, float, float, float]]] = {
    "registration_id": (0.85, 0.05, 0.15, 0.00),
    "tax_id": (0.85, 0.10, 0.40, 0.00),
    "phones": (0.80, 0.55, 0.65, 0.45),
    "address": (0.90, 0.40, 0.45, 0.10),
    "city": (0.95, 0.80, 0.85, 0.75),
    "kind": (0.95, 0.60, 0.75, 0.40),
}
"""How often a record has a field of those organizations that have one: case records of one that was
looked up and of one only named, intelligence records the same; assumptions."""


def profiles(rng: np.random.Generator, intel: Bools) -> Ints:
    """Return the profile of each record: a column of `PRESENT`."""
    looked_up = np.array([shares[0] for shares in FILE_SHARES])[intel.astype(np.int64)]
    named: Bools = rng.random(len(intel)) >= looked_up
    drawn: Ints = intel.astype(np.int64) * 2 + named
    return drawn


def written_names(
    marks: Marks, style: Ints, told: pl.DataFrame
) -> tuple[pl.DataFrame, tuple[Bools, Bools, Bools]]:
    """Return the name and other names of each record.

    Args:
        marks: Draws and remembers.
        style: Style of the organization behind each record.
        told: Frame of `organizations.organizations`, one row a record.

    Returns:
        Columns name and also (String, null where none); and the records under the other trading
        name, those that list the name not used, and those that give only initials.
    """
    rng, rows = marks.rng, marks.rows
    everyone = np.ones(rows, dtype=np.bool_)
    american = (style == AMERICAN) | (style == CHINESE)
    own_name = _joined(told["head"], told["core"], told["tail"], american)
    other_name = _joined(told["other_head"], told["other_core"], None, american)
    under = marks.draw("organization_alias", everyone)
    listed = pl.Series(rng.random(rows) < np.where(under, LISTED, LISTED / 5))
    mask = pl.Series(under)
    words = told.select(
        pl.when(mask).then("other_head").otherwise("head").alias("head"),
        pl.when(mask).then("other_core").otherwise("core").alias("core"),
        pl.when(~mask).then("tail").alias("tail"),
    )
    words = _reworded(marks, words)
    slip = marks.draw("organization_typo", everyone)
    words = words.with_columns(mistyped(rng, words["core"], slip).alias("core"))
    name = _joined(words["head"], words["core"], words["tail"], american)
    name, short = _acronyms(marks, name, style)
    form = _forms(marks, told["form"], style)
    columns = pl.select(
        pl.concat_str([name.alias("n"), form.alias("f")], separator=" ", ignore_nulls=True).alias(
            "name"
        ),
        pl.when(listed).then(pl.when(mask).then(own_name).otherwise(other_name)).alias("also"),
    )
    return columns, (under, listed.to_numpy(), short)


def _joined(head: pl.Series, core: pl.Series, tail: pl.Series | None, american: Bools) -> pl.Series:
    """Put the words in order: Transportes Cruz del Norte, but Cruz Brothers Trucking."""
    end = pl.Series([None] * len(head), dtype=pl.String) if tail is None else tail
    frame = pl.DataFrame({"head": head, "core": core, "tail": end})
    local = pl.concat_str("head", "core", "tail", separator=" ", ignore_nulls=True)
    english = pl.concat_str("core", "tail", "head", separator=" ", ignore_nulls=True)
    return frame.select(
        pl.when(pl.Series(american)).then(english).otherwise(local).alias("name")
    ).to_series()


def _reworded(marks: Marks, words: pl.DataFrame) -> pl.DataFrame:
    """Abbreviate, translate, drop or swap words; one of these a record."""
    can_abbreviate = _in(words["head"], ABBREVIATIONS) | _in(words["tail"], ABBREVIATIONS)
    short = marks.draw("abbreviated", can_abbreviate)
    can_translate = _in(words["head"], TRANSLATIONS) | _in(words["tail"], TRANSLATIONS)
    foreign = marks.draw("translated", can_translate & ~short)
    three = words["tail"].is_not_null().to_numpy() & ~short & ~foreign
    dropped = marks.draw("word_dropped", three)
    swapped = marks.draw("words_swapped", ~short & ~foreign & ~dropped)
    which = pl.Series(marks.rng.random(marks.rows) < 0.5)
    head, core, tail = pl.col("head"), pl.col("core"), pl.col("tail")
    lost, turned = pl.Series(dropped), pl.Series(swapped)
    return words.with_columns(
        pl.when(pl.Series(short))
        .then(column.replace(ABBREVIATIONS))
        .when(pl.Series(foreign))
        .then(column.replace(TRANSLATIONS))
        .otherwise(column)
        for column in (head, tail)
    ).select(
        pl.when(turned).then(core).when(~(lost & which)).then(head).alias("head"),
        pl.when(turned).then(head).otherwise(core).alias("core"),
        pl.when(~(lost & ~which)).then(tail).alias("tail"),
    )


def _acronyms(marks: Marks, name: pl.Series, style: Ints) -> tuple[pl.Series, Bools]:
    words = name.str.count_matches(r"\S+").to_numpy()
    short = marks.draw("acronym", (words >= 3) & (style != CRIMINAL))
    initials = name.str.replace_all(r"\b(de la|del|de|y|e|of)\b", "").str.extract_all(r"\b\p{L}")
    text = initials.list.join("").str.to_uppercase()
    return pl.select(pl.when(pl.Series(short)).then(text).otherwise(name)).to_series(), short


def _forms(marks: Marks, form: pl.Series, style: Ints) -> pl.Series:
    has_form = form.is_not_null().to_numpy()
    kind = marks.one_of(("legal_form_dropped", "legal_form_changed"), has_form)
    nexts = {
        text: group[(place + 1) % len(group)]
        for group in reversed(FORMS)
        for place, text in enumerate(group)
    }
    changed = form.replace(nexts)
    # Half of the Mexican forms are written without points: SA DE CV.
    bare = pl.Series(marks.rng.random(marks.rows) < 0.5) & pl.Series(style == 0)
    unpointed = changed.str.replace_all(".", "", literal=True).str.to_uppercase()
    original = form.str.replace_all(".", "", literal=True).str.to_uppercase()
    number = pl.Series(kind)
    return pl.select(
        pl.when(number == 1)
        .then(pl.lit(None, dtype=pl.String))
        .when((number == 2) & bare)
        .then(unpointed)
        .when(number == 2)
        .then(changed)
        .when(bare)
        .then(original)
        .otherwise(form)
    ).to_series()


def organization_numbers(
    marks: Marks, told: pl.DataFrame, profile: Ints
) -> tuple[pl.DataFrame, dict[str, Bools]]:
    """Return registration and tax numbers with their errors, and which records show which."""
    rng, rows = marks.rng, marks.rows
    names = ("registration_id", "tax_id")
    present = {
        name: (rng.random(rows) < np.array(PRESENT[name])[profile])
        & told[name].is_not_null().to_numpy()
        for name in names
    }
    lost = marks.draw("identifier_missing", present["registration_id"] | present["tax_id"])
    present = {name: mask & ~lost for name, mask in present.items()}
    slip = marks.draw("identifier_typo", present["registration_id"] | present["tax_id"])
    on_tax = present["tax_id"] & ((rng.random(rows) < 0.5) | ~present["registration_id"])
    columns = {
        "registration_id": mistyped(rng, told["registration_id"], slip & ~on_tax, FIGURES),
        "tax_id": mistyped(rng, told["tax_id"], slip & on_tax, FIGURES),
    }
    frame = pl.DataFrame(columns).select(
        pl.when(pl.Series(present[name])).then(name).alias(name) for name in names
    )
    return frame, present


def _in(values: pl.Series, words: dict[str, str]) -> Bools:
    found: Bools = values.is_in(list(words)).fill_null(value=False).to_numpy()
    return found

"""Small models that have every kind of level between them, with random weights."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import polars as pl

from linker.config import LevelSettings
from linker.model import LinkageModel, ModelInUse, TrainedComparison, TrainedLevel
from linker.schemas import MENTIONS, EntityType
from linker.scoring.features.layout import Layout, layout_of
from linker.scoring.kernel.plan import plan_of

Level = dict[str, Any]

ELSE: Level = {"kind": "else"}


def missing(*columns: str) -> Level:
    return {"kind": "missing", "of": columns}


def on(kind: str, column: str, term_frequency: str | None = None, **more: Any) -> Level:
    found: Level = {"kind": kind, "column": column, **more}
    return found | {"term_frequency": term_frequency} if term_frequency else found


def alike(column: str, least: float, term_frequency: str | None = None) -> Level:
    return on("jaro_winkler", column, term_frequency, at_least=least)


def within(column: str, most: int) -> Level:
    return on("damerau_levenshtein", column, at_most=most)


IMPRECISE = {"date": "birth_date", "year": "birth_year"}
SAME_DAY = {"kind": "same_month_day", "column": "birth_date"}
SAME_SURNAME = {"kind": "exact", "column": "surname"}

Structure = tuple[EntityType, dict[tuple[str, str], list[Level]]]
"""Whose mentions, and by name and role the levels of each comparison."""

NAMES: Structure = (
    "person",
    {
        ("given_name", "identity"): [
            missing("given_name"),
            on("exact", "given_name", "given_name", relatives=0.3),
            {"kind": "nickname"},
            alike("given_name", 0.92),
            on("initial", "given_name"),
            {"kind": "crossed", "column": "given_name", "other": "middle_name"},
            {"kind": "among", "column": "given_name", "list": "surname_parts"},
            alike("given_name", 0.8, "given_name"),
            ELSE,
        ],
        ("surname", "family"): [
            missing("surname"),
            on("exact", "surname", "surname"),
            on("levenshtein", "surname", at_most=1),
            on("overlap", "surname_parts"),
            on("list_alike", "surname_parts", at_least=0.9),
            on("prefix", "surname", length=3),
            ELSE,
        ],
        ("whole_name", "identity"): [
            {"kind": "missing_all", "of": ["given_name", "surname"]},
            {"kind": "swapped", "column": "given_name", "other": "surname"},
            {
                "kind": "name_or_alias",
                "column": "name_key",
                "list": "aliases",
                "term_frequency": "name_key",
            },
            ELSE,
        ],
        ("fingerprint_id", "biometric"): [
            missing("fingerprint_id"),
            on("exact", "fingerprint_id"),
            within("fingerprint_id", 1),
            ELSE,
        ],
        ("phones", "association"): [
            missing("phones"),
            on("overlap", "phones", at_least=2),
            on("overlap", "phones"),
            ELSE,
        ],
        ("plates", "association"): [missing("plates"), on("list_near", "plates"), ELSE],
        ("national_id", "identity"): [
            missing("national_id"),
            on("exact", "national_id"),
            on("mistyped", "national_id", checked="curp", at_most=2),
            ELSE,
        ],
    },
)

WHOLE: Structure = (
    "person",
    {
        ("name", "identity"): [
            missing("given_name"),
            on("exact", "name_key", "name_key"),
            {"kind": "same_words", "term_frequency": "name_key"},
            {
                "kind": "same_words",
                "written": "name_written",
                "alike": 0.88,
                "term_frequency": "name_key",
            },
            {
                "kind": "all_of",
                "levels": [
                    on("both_common", "given_name", among="name_keys", bits=10),
                    alike("given_name", 0.8),
                ],
            },
            {"kind": "same_words", "alike": 0.8, "differing": 0.29, "given_names": "either"},
            on("exact", "given_name", "given_name"),
            {
                "kind": "any_of",
                "levels": [
                    alike("given_name", 0.8),
                    on("same_consonants", "given_name"),
                ],
            },
            ELSE,
        ],
        ("address", "association"): [
            missing("address"),
            on("one_holds", "address", words=2),
            ELSE,
        ],
        ("surname", "family"): [
            {
                "kind": "missing_or",
                "of": ["surname"],
                "levels": [
                    on("exact", "name_key"),
                    {"kind": "same_words", "alike": 0.88},
                    {
                        "kind": "all_of",
                        "levels": [
                            {"kind": "known", "of": ["given_name"]},
                            {"kind": "name_or_alias", "column": "name_key", "list": "aliases"},
                        ],
                    },
                ],
            },
            on("exact", "surname", "surname"),
            on("overlap", "surname_parts"),
            ELSE,
        ],
        # what says all already is found at once here
        ("middle_name", "identity"): [
            {"kind": "missing_or", "of": ["middle_name"], "levels": [on("exact", "name_key")]},
            on("exact", "middle_name"),
            alike("middle_name", 0.8),
            ELSE,
        ],
        ("phones", "association"): [missing("phones"), on("overlap", "phones"), ELSE],
        ("emails", "identity"): [
            {"kind": "missing_or", "of": ["emails"], "levels": [on("office_mailbox", "emails")]},
            on("overlap", "emails"),
            on("list_near", "emails", at_most=4, least=8, same_digits=True),
            ELSE,
        ],
        ("fingerprint_id", "biometric"): [
            missing("fingerprint_id"),
            on("exact", "fingerprint_id"),
            ELSE,
        ],
    },
)

DATES: Structure = (
    "person",
    {
        ("birth_date", "identity"): [
            {"kind": "told_by", "of": ["birth_year"], "by": "curp", "same": ["birth_date"]},
            on("exact", "birth_date", relatives=0.6),
            {"kind": "imprecise_month", **IMPRECISE, "month": "birth_month"},
            {"kind": "imprecise_year", **IMPRECISE, "both": True},
            {"kind": "imprecise_year", **IMPRECISE, "month": "birth_month"},
            {"kind": "imprecise_year", **IMPRECISE, "years": 1, "margin": "birth_year_margin"},
            on("day_month_swapped", "birth_date"),
            on("date_keystrokes", "birth_date", at_most=1),
            {"kind": "all_of", "levels": [SAME_DAY, on("near_number", "birth_year", at_most=12)]},
            on("within_days", "birth_date", days=30),
            on("within_years", "birth_date", years=1),
            on("same_year", "birth_date"),
            on("near_number", "birth_year", at_most=3),
            on("same_day", "birth_date"),
            ELSE,
        ],
        ("same_day", "association"): [missing("birth_date"), SAME_DAY, ELSE],
        ("household", "family"): [
            missing("surname", "birth_year"),
            {
                "kind": "all_of",
                "levels": [alike("given_name", 0.7), SAME_SURNAME],
                "term_frequency": "surname",
            },
            {"kind": "exact", "columns_all": ["surname", "birth_year"]},
            ELSE,
        ],
        # the best level of a biometric identifier is a dear one here
        ("fbi_number", "biometric"): [missing("fbi_number"), within("fbi_number", 1), ELSE],
    },
)

ORGANIZATIONS: Structure = (
    "organization",
    {
        ("name", "identity"): [
            missing("name"),
            on("exact", "name", "name"),
            on("same_letters", "name"),
            {
                "kind": "all_of",
                "levels": [
                    on("rare_words", "name_tokens", bits=8, share=0.6, of="all", alike=0.88),
                    on("same_if_any", "legal_form", or_as_many="name_tokens"),
                ],
                "term_frequency": "name",
            },
            on("rare_words", "name_tokens", bits=12, share=0.8, rest="one"),
            on("overlap_share", "name_tokens", at_least=0.6, common=2),
            on("rare_words", "name_tokens", bits=5, share=0.5, of="all", alike=0.8),
            on("overlap_share", "name_tokens", at_least=1.0, of="fewer"),
            alike("name", 0.9, "name"),
            on("list_alike", "aliases", at_least=0.9),
            ELSE,
        ],
        ("tax_id", "identity"): [missing("tax_id"), on("exact", "tax_id"), ELSE],
        ("aliases", "association"): [
            missing("aliases"),
            on("rare_words", "aliases", bits=4, keystrokes=0),
            ELSE,
        ],
    },
)

STRUCTURES: dict[str, Structure] = {
    "names": NAMES,
    "whole": WHOLE,
    "dates": DATES,
    "organizations": ORGANIZATIONS,
}

GROUPS = (0.5, 0.3, 0.2)
"""The shares of groups of words that keep company."""
ALONE = 0.15
"""The share of words that are a name by themselves."""
WORDS = {"name": "name_tokens", "name_key": "name_keys"}
"""Columns made of words, and the list of these."""


def weighed(structure: Structure, seed: int) -> ModelInUse:
    """A model of a structure, its weights and term frequencies random.

    Term frequencies know some of the values of `tests.scoring.people` and not others.
    """
    draw = random.Random(seed)
    entity_type, comparisons = structure
    trained = tuple(
        TrainedComparison(name=name, role=role, levels=_levels(levels, draw))  # type: ignore[arg-type]
        for (name, role), levels in comparisons.items()
    )
    columns = sorted(
        {
            str(level["term_frequency"])
            for levels in comparisons.values()
            for level in levels
            if "term_frequency" in level
        }
    )
    words = {column: WORDS[column] for column in columns if column in WORDS}
    listed = {
        level["column"]
        for levels in comparisons.values()
        for level in levels
        if level["kind"] == "rare_words"
    }
    adjusted = [*columns, *sorted({*words.values(), *listed})]
    model = LinkageModel(
        entity_type=entity_type,
        version="test",
        prior=draw.uniform(0.001, 0.2),
        comparisons=trained,
        term_frequency_floors={column: draw.uniform(1e-6, 1e-3) for column in adjusted},
        term_frequency_words=words,
        term_frequency_groups=dict.fromkeys(words.values(), GROUPS),
        term_frequency_alone=dict.fromkeys(words.values(), ALONE),
    )
    frequencies = {column: _frequencies(column, draw) for column in adjusted}
    for column in words.values():
        frequencies[column] = frequencies[column].with_columns(
            groups=_groups(frequencies[column].height, seed)
        )
    return ModelInUse(model=model, term_frequencies=frequencies, digest="0" * 64)


def layout_for(in_use: ModelInUse) -> Layout:
    """How mentions are packed for a model."""
    model = in_use.model
    return layout_of(
        [level.kind for level in plan_of(model).every_level],
        MENTIONS[model.entity_type],
        first=model.adjusting_columns,
        more=model.term_frequency_columns,
    )


def _levels(levels: Sequence[Level], draw: random.Random) -> tuple[TrainedLevel, ...]:
    m, u = (_shares(len(levels) - 1, draw) for _ in "mu")
    trained = []
    for number, level in enumerate(levels):
        beside = {
            "term_frequency": level.get("term_frequency"),
            "relatives": level.get("relatives"),
        }
        plain = LevelSettings(**{k: v for k, v in level.items() if k not in beside})
        shares = {"m": m[number - 1], "u": u[number - 1]} if number else {}
        trained.append(TrainedLevel(level=plain, label=str(level), **beside, **shares))
    return tuple(trained)


def _shares(count: int, draw: random.Random) -> list[float]:
    values = [draw.uniform(0.003, 1) for _ in range(count)]
    return [value / sum(values) for value in values]


KNOWN = (
    *("ana", "juan", "josé", "cruz", "lópez", "garcía", "ana cruz", "juan lópez", "漢字"),
    *("gulf", "freight", "apex", "foods", "gulf freight", "apex foods", "apex"),
)


def _groups(words: int, seed: int) -> pl.Series:
    """How many times more common words are in each group of words; of some it is not known."""
    draw = random.Random(seed)
    numbers = [[draw.uniform(0.1, 5.0) for _ in GROUPS] for _ in range(words)]
    kept = [row if draw.random() < 0.7 else None for row in numbers]
    return pl.Series(kept, dtype=pl.List(pl.Float32))


def _frequencies(column: str, draw: random.Random) -> pl.DataFrame:
    values = sorted({value for value in KNOWN if draw.random() < 0.6})
    shares = [draw.uniform(1e-5, 0.4) for _ in values]
    return pl.DataFrame(
        {column: values, "tf": shares}, schema={column: pl.String, "tf": pl.Float64}
    )

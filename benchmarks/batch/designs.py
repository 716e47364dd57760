"""The two models that are compared, and the rules that their candidate pairs come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import polars as pl

from linker.blocking.keys import hash_part, key_columns, key_parts
from linker.blocking.pairs import find_runs
from linker.config import BlockingRule, ComparisonSettings, EntitySettings
from linker.model import ModelInUse, TrainedLevel
from linker.scoring.settings import untrained
from linker.training.estimate import estimate
from linker.training.registry import splink_json, write_model

ModelName = Literal["simple", "multi"]

NO_CAP: Final = 1_000_000_000
"""Records that may share a key: Splink caps nothing."""
SAMPLE: Final = 100_000
"""Records that the simple model is trained on."""


@dataclass(frozen=True)
class Rules:
    """Blocking rules that find about as many pairs a record at every size.

    Attributes:
        narrow: Keys of rules that mostly find one person's records.
        wide: Keys that one more rule may have: the one is taken that finds the most pairs, but no
            more than `most`.
        most: Pairs a record.
    """

    narrow: dict[str, list[str]]
    wide: list[list[str]]
    most: float


# Rules that read lists are the last: Splink passes over what rules before them found, but not
# over what they found themselves.
RULES: Final[dict[ModelName, Rules]] = {
    "simple": Rules(
        {
            "document": ["fbi_number"],
            "surname_and_birth_date": ["surname", "birth_date"],
            "given_name_and_birth_date": ["given_name", "birth_date"],
            "birth_date_and_postal_code": ["birth_date", "postal_code"],
            "surname_and_postal_code": ["surname", "postal_code"],
            "given_name_and_postal_code": ["given_name", "postal_code", "birth_year"],
            "beginnings": ["surname:prefix3", "given_name:prefix3", "birth_date:month_day"],
        },
        [
            ["surname" + much, "birth_year", *more]
            for much in (*(f":prefix{letters}" for letters in range(2, 8)), "")
            for more in ([], ["sex"], ["given_name:initial"], ["sex", "given_name:initial"])
        ],
        14.0,
    ),
    "multi": Rules(
        {
            "fingerprint_id": ["fingerprint_id"],
            "fbi_number": ["fbi_number"],
            "ssn": ["ssn"],
            "a_number": ["a_number"],
            "birth_date_and_postal_code": ["birth_date", "postal_code"],
            "email": ["emails"],
            "plate_and_initial": ["plates", "given_name:initial"],
            "phone_and_initial": ["phones", "given_name:initial"],
            "any_name_and_birth_year": ["names", "birth_year"],
            "name_word_and_birth_date": ["name_tokens", "birth_date"],
        },
        [
            ["surname_parts" + much, "birth_year", *more]
            for much in (":prefix3", ":prefix4", ":prefix6", "")
            for more in ([], ["sex"], ["given_name:initial"], ["sex", "given_name:initial"])
        ],
        12.0,
    ),
}

_SIMPLE: Final[list[dict[str, object]]] = [
    {
        "name": "given_name",
        "levels": [
            {"kind": "missing", "of": ["given_name"]},
            {"kind": "exact", "column": "given_name", "term_frequency": "given_name", "m": 0.8},
            {"kind": "jaro_winkler", "column": "given_name", "at_least": 0.92, "m": 0.07},
            {"kind": "jaro_winkler", "column": "given_name", "at_least": 0.8, "m": 0.05},
            {"kind": "else", "m": 0.08},
        ],
    },
    {
        "name": "surname",
        "levels": [
            {"kind": "missing", "of": ["surname"]},
            {"kind": "exact", "column": "surname", "term_frequency": "surname", "m": 0.8},
            {"kind": "jaro_winkler", "column": "surname", "at_least": 0.92, "m": 0.07},
            {"kind": "jaro_winkler", "column": "surname", "at_least": 0.8, "m": 0.05},
            {"kind": "else", "m": 0.08},
        ],
    },
    {
        "name": "birth_date",
        "levels": [
            {"kind": "missing", "of": ["birth_year"]},
            {"kind": "exact", "column": "birth_date", "m": 0.85},
            {"kind": "within_days", "column": "birth_date", "days": 31, "m": 0.03},
            {"kind": "near_number", "column": "birth_year", "at_most": 1, "m": 0.1},
            {"kind": "else", "m": 0.02},
        ],
    },
    {
        "name": "sex",
        "levels": [
            {"kind": "missing", "of": ["sex"]},
            {"kind": "exact", "column": "sex", "m": 0.98},
            {"kind": "else", "m": 0.02},
        ],
    },
    {
        "name": "location",
        "levels": [
            {"kind": "missing_all", "of": ["postal_code", "city"]},
            {"kind": "exact", "column": "postal_code", "m": 0.6},
            {"kind": "exact", "column": "city", "m": 0.15},
            {"kind": "else", "m": 0.25},
        ],
    },
    {
        "name": "document",
        "levels": [
            {"kind": "missing", "of": ["fbi_number"]},
            {"kind": "exact", "column": "fbi_number", "m": 0.9},
            {"kind": "damerau_levenshtein", "column": "fbi_number", "at_most": 1, "m": 0.04},
            {"kind": "else", "m": 0.06},
        ],
    },
]
"""Six comparisons of single values, of kinds that Splink has itself."""

_ANY_NAME: Final[dict[str, object]] = {
    "name": "any_name",
    "levels": [
        {"kind": "missing", "of": ["full_name"]},
        {"kind": "name_or_alias", "column": "full_name", "list": "aliases"},
        {"kind": "else"},
    ],
}
MULTI_COLUMNS: Final = ("full_name", "aliases")
"""What the multi-valued model reads besides what the shipped one reads."""
_ANY_NAME_ODDS: Final = (None, (0.4, 1e-4), (0.6, 0.9999))
"""m and u of its levels."""


def rules_of(name: ModelName, mentions: pl.DataFrame) -> list[BlockingRule]:
    """Return the rules of a model, the wide one fitted to the mentions."""
    rules = RULES[name]
    made = [BlockingRule(name=rule, key=key) for rule, key in rules.narrow.items()]
    wide = [BlockingRule(name="wide", key=key) for key in rules.wide]
    counted = sorted(zip(_pairs_of(wide, mentions), range(len(wide)), strict=True))
    few = [number for pairs, number in counted if pairs <= rules.most * mentions.height]
    return [*made, wide[few[-1] if few else counted[0][1]]]


def _pairs_of(rules: Sequence[BlockingRule], mentions: pl.DataFrame) -> list[int]:
    """Return how many pairs each rule finds."""
    hashed = {part.name: hash_part(part, mentions) for part in key_parts(rules, "person")}
    _, counts = find_runs(rules, "person", hashed, mentions.height, NO_CAP)
    return [count.pairs for count in counts]


def rule_columns() -> set[str]:
    """Return the columns that any rule of any model reads."""
    every = [
        BlockingRule(name="rule", key=key)
        for rules in RULES.values()
        for key in (*rules.narrow.values(), *rules.wide)
    ]
    return key_columns(every, "person")


def write_simple(mentions: pl.DataFrame, shipped: EntitySettings, directory: Path) -> Path:
    """Train the simple model on a sample, and return where it was written.

    Args:
        mentions: The mentions.
        shipped: The shipped settings of people; how to train is taken from them.
        directory: The registry's root.
    """
    training = shipped.training.model_copy(
        update={
            "max_records": SAMPLE,
            "u_max_pairs": 2e6,
            "em_max_pairs": 5e5,
            "sessions": [["given_name", "surname"], ["birth_date"], ["fbi_number"]],
            "prior_rules": [["given_name", "surname", "birth_date"], ["fbi_number"]],
        }
    )
    comparisons = [ComparisonSettings.model_validate(comparison) for comparison in _SIMPLE]
    settings = shipped.model_copy(update={"comparisons": comparisons, "training": training})
    found = estimate(mentions, settings, "person", "simple", _quietly)
    pages = {"splink.json": splink_json(found.splink_settings)}
    return write_model(directory, found.model, found.term_frequencies, pages)


def write_multi(shipped: ModelInUse, directory: Path) -> Path:
    """Write the shipped model with one comparison more, of aliases, and return where."""
    plain = untrained(ComparisonSettings.model_validate(_ANY_NAME), "person")
    levels: Sequence[TrainedLevel] = [
        level.model_copy(update={"m": odds[0], "u": odds[1]} if odds else {})
        for level, odds in zip(plain.levels, _ANY_NAME_ODDS, strict=True)
    ]
    aliases = plain.model_copy(update={"levels": tuple(levels)})
    model = shipped.model.model_copy(
        update={"version": "multi", "comparisons": (*shipped.model.comparisons, aliases)}
    )
    return write_model(directory, model, shipped.term_frequencies, {})


def _quietly(line: str) -> None:
    """Say nothing of how training goes."""

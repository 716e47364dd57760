"""Records drawn from a model: known m and u probabilities, and known matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from linker.config import EntitySettings
from linker.config.load import default_settings
from linker.database import connect, load
from linker.schemas import PERSON
from linker.scoring.duckdb_functions import record_functions
from linker.scoring.settings import untrained
from linker.training.fitting import Fitting, fitting_of


@dataclass(frozen=True)
class Field:
    """A column whose values are `roots` roots in `variants` spellings each, all equally common.

    Two spellings of one root are one keystroke apart, two roots are more. `m` are the shares of
    matches whose values are equal, near and different.
    """

    column: str
    roots: int
    variants: int
    m: tuple[float, float, float]
    role: str = "identity"

    @property
    def u(self) -> tuple[float, float, float]:
        equal = 1 / (self.roots * self.variants)
        near = (self.variants - 1) * equal
        return equal, near, 1 - equal - near

    def texts(self, numbers: np.ndarray[Any, Any]) -> list[str]:
        values = []
        for number in numbers:
            root, variant = divmod(int(number), self.variants)
            values.append("".join(digit * 2 for digit in f"{root:04}") + "abcdefgh"[variant])
        return values


def simulate(fields: Sequence[Field], twice: int, once: int, seed: int) -> pl.DataFrame:
    """Return two records each of `twice` people, the first of all before the second; one of others.

    The second records of people are those from number `twice + once` on, in the people's order.
    """
    draw = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for field in fields:
        first = draw.integers(0, field.roots * field.variants, twice + once)
        root, variant = np.divmod(first[:twice], field.variants)
        level = draw.choice(3, twice, p=np.array(field.m) / sum(field.m))
        other_variant = (variant + draw.integers(1, max(field.variants, 2), twice)) % field.variants
        other_root = (root + draw.integers(1, field.roots, twice)) % field.roots
        second = np.where(level == 2, other_root, root) * field.variants + np.where(
            level == 1, other_variant, variant
        )
        columns[field.column] = field.texts(np.concatenate([first, second]))
    whole = 2 * twice + once
    columns |= {"source": ["s"] * whole, "record_id": [f"{n:06}" for n in range(whole)]}
    frame = pl.DataFrame(columns).with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    return pl.concat([pl.DataFrame(schema=dict(PERSON)), frame], how="diagonal").select(
        list(PERSON)
    )


def settings(fields: Sequence[Field], **training: Any) -> EntitySettings:
    """Return settings that compare the fields: equal, near, different."""
    values = default_settings("person")
    values["comparison"] = [
        {
            "name": field.column,
            "role": field.role,
            "levels": [
                {"kind": "missing", "of": [field.column]},
                {"kind": "exact", "column": field.column, "m": 0.7},
                {"kind": "damerau_levenshtein", "column": field.column, "at_most": 1, "m": 0.2},
                {"kind": "else", "m": 0.1},
            ],
        }
        for field in fields
    ]
    nothing = {"sessions": [], "fallback_sessions": [], "prior_rules": [], "household_sessions": []}
    values["training"] = {**nothing, "u_max_pairs": 2e5, **training}
    return EntitySettings.model_validate(values)


@contextmanager
def fitted(mentions: pl.DataFrame, given: EntitySettings, said: list[str]) -> Iterator[Fitting]:
    """Give a fitting of all comparisons over some mentions."""
    comparisons = [untrained(comparison, "person") for comparison in given.comparisons]
    with (
        closing(connect()) as connection,
        record_functions(connection, comparisons, "person", mentions),
    ):
        load(connection, "mentions", mentions)
        yield fitting_of(
            connection,
            comparisons,
            given.comparisons,
            given.training,
            mentions.height,
            said.append,
        )

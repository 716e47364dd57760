"""Identifiers that too many unlike records hold: associations, and no evidence of who someone is.

A number that was made up for a form, or that a forger sells, is held by strangers. Taken for
evidence it would chain them into one person, a biometric one even against all else. Such a value
is demoted: for this generation it makes no candidate pairs and scores as missing. Who holds it is
still told to share an identifier (see `linker.deconfliction.shared`).

What counts is not how many records hold a value but how many of them are unlike each other, no
two alike in anything: one person's forty records, with their aliases, are few of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from linker.schemas import DEMOTED, DOCUMENTS, EntityType, check, empty
from linker.store.mention_table import Mentions

YEARS_ALIKE: Final = 3
"""Birth years no further apart than this are alike: who gives another name gives another date."""
MOST_COMPARED: Final = 2_000
"""So many different records of one value are compared with each other at most."""

_FACTS: Final[Mapping[EntityType, tuple[str, ...]]] = {
    "person": ("name_tokens", "name_sounds", "aliases", "given_name_root", "birth_year"),
    "organization": ("name_tokens", "name_sounds", "aliases"),
}
"""The columns by which records are alike."""
NAMING: Final = "name_tokens"
"""A record without a name is unlike no other."""
_TOLD_APART_BY: Final[Mapping[EntityType, tuple[str, ...]]] = {
    "person": ("birth_year", "given_name_root", "name_sounds", NAMING),
    "organization": ("name_sounds", NAMING),
}
"""The facts, the narrowest first, by which few unlike records are told at once."""
MADE_OF: Final = {"national_id": ("curp",)}
"""Columns that hold the same value where it has passed a check."""


@dataclass(frozen=True)
class WithoutDemoted:
    """Mentions as they are compared: demoted values are missing."""

    mentions: Mentions
    demoted: pl.DataFrame

    @property
    def height(self) -> int:
        """How many there are."""
        return self.mentions.height

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns, in the order of mentions."""
        return without_demoted(self.mentions.read(columns), self.demoted)


def demotion_columns(entity_type: EntityType) -> tuple[str, ...]:
    """Return the columns of mentions that `demoted_values` reads."""
    return (*DOCUMENTS[entity_type], *_FACTS[entity_type])


def demoted_values(entity_type: EntityType, mentions: Mentions, limit: int) -> pl.DataFrame:
    """Return the identifiers' values that more than `limit` mutually unlike records hold.

    Args:
        entity_type: What the mentions are of.
        mentions: Those with the columns `demotion_columns`.
        limit: How many unlike records may share a value.

    Returns:
        `DEMOTED`, sorted.
    """
    held = pl.concat(
        _often_held(mentions.read([column])[column], column, limit)
        for column in DOCUMENTS[entity_type]
    )
    for fact in _TOLD_APART_BY[entity_type]:
        if held.is_empty():
            break
        held = _with_many(held, mentions.read([fact])[fact], limit, needed=fact == NAMING)
    if held.is_empty():
        return empty(DEMOTED)
    facts = [mentions.read([fact])[fact].gather(held["at"]) for fact in _FACTS[entity_type]]
    rows = []
    for (column, value), records in held.with_columns(facts).group_by(["column", "value"]):
        named = records.drop_nulls(NAMING).drop("at").unique(maintain_order=True)
        if _has_unlike(named.head(MOST_COMPARED), limit):
            rows.append({"column": column, "value": value, "records": records.height})
    found = pl.DataFrame(rows, schema=dict(DEMOTED)).sort("column", "value")
    return check(found, DEMOTED, "demoted")


def without_demoted(mentions: pl.DataFrame, demoted: pl.DataFrame) -> pl.DataFrame:
    """Return mentions whose demoted values are null.

    Args:
        mentions: Any columns of mentions.
        demoted: `DEMOTED`.
    """
    if demoted.is_empty():
        return mentions
    nulled = []
    for (column,), values in demoted.group_by(["column"]):
        for name in (str(column), *MADE_OF.get(str(column), ())):
            if name in mentions.columns:
                kept = ~pl.col(name).is_in(values["value"].implode())
                nulled.append(pl.when(kept).then(name).alias(name))
    return mentions.with_columns(nulled)


def _often_held(values: pl.Series, column: str, limit: int) -> pl.DataFrame:
    """Return ``column``, ``value``, ``at`` (the row) of values that more than `limit` records hold.

    A rare value whose hash is another's may be among them; it is told apart later.
    """
    rows = pl.DataFrame({"value": values}).lazy().with_row_index("at").drop_nulls("value")
    hashed = rows.select("at", hash=pl.col("value").hash()).collect()
    often = hashed.group_by("hash").len().filter(pl.col("len") > limit)
    at = hashed.join(often, on="hash", how="semi").sort("at")["at"]
    held = pl.DataFrame({"value": values.gather(at), "at": at})
    return held.select(pl.lit(column).alias("column"), "value", "at")


def _with_many(held: pl.DataFrame, facts: pl.Series, limit: int, *, needed: bool) -> pl.DataFrame:
    """Return who holds the values that may have more than `limit` unlike holders by one fact.

    Unlike records differ in every fact, so that there are no more of them than the fact has
    different values; a record that lacks it may differ from all. Of a list its first value serves.

    Args:
        held: Columns column, value, at.
        facts: One fact of all mentions.
        limit: How many unlike records may share a value.
        needed: Whether a record that lacks the fact does not count.
    """
    told = facts.gather(held["at"])
    told = told.list.first() if told.dtype == pl.List(pl.String) else told
    kinds = held.select("column", "value").with_columns(told.alias("fact"))
    different = kinds.drop_nulls("fact").unique()
    counted = [different, *([] if needed else [kinds.filter(pl.col("fact").is_null())])]
    counts = pl.concat(counted).group_by("column", "value").len()
    many = counts.filter(pl.col("len") > limit)
    return held.join(many, on=["column", "value"], how="semi", maintain_order="left")


def _has_unlike(records: pl.DataFrame, limit: int) -> bool:
    """Whether more than `limit` records, chosen one after the other, are alike in nothing."""
    chosen: list[_Facts] = []
    for row in records.iter_rows(named=True):
        facts = _facts(row)
        if not any(facts.alike(other) for other in chosen):
            chosen.append(facts)
            if len(chosen) > limit:
                return True
    return False


@dataclass(frozen=True)
class _Facts:
    words: frozenset[str]
    sounds: frozenset[str]
    root: str | None
    year: int | None

    def alike(self, other: _Facts) -> bool:
        """Whether two records have a word, a sound, a name or nearly a birth year in common."""
        if self.words & other.words or self.sounds & other.sounds:
            return True
        if self.root is not None and self.root == other.root:
            return True
        if self.year is None or other.year is None:
            return False
        return abs(self.year - other.year) <= YEARS_ALIKE


def _facts(row: Mapping[str, Any]) -> _Facts:
    words = {*row["name_tokens"], *(word for name in row["aliases"] or () for word in name.split())}
    sounds = frozenset(row["name_sounds"] or ())
    return _Facts(frozenset(words), sounds, row.get("given_name_root"), row.get("birth_year"))

"""Blocking keys: each rule maps a mention to zero or more stable 64-bit numbers.

A rule's key is a list of parts. A part is a column of the mention, or one of the `COMBINED`
columns, with an optional transform after a colon. A list column makes one key for each of its
values. A mention that lacks a part has no key under that rule. Equality is all there is: two
mentions that share a key become a candidate pair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from linker.config import BlockingRule
from linker.errors import ConfigError, nearest
from linker.schemas import DATE, MENTIONS, TEXT, TEXTS, EntityType

Combined = tuple[str, tuple[str, ...]]
"""A DuckDB expression and the columns it reads."""

COMBINED: Final[dict[EntityType, dict[str, Combined]]] = {
    "person": {
        "names": (
            "list_distinct(list_prepend(full_name, coalesce(aliases, [])))",
            ("full_name", "aliases"),
        ),
    },
    "organization": {
        "name_and_aliases": (
            "list_distinct(list_prepend(name, coalesce(aliases, [])))",
            ("name", "aliases"),
        ),
        "name_or_acronym": ("list_distinct([name, acronym])", ("name", "acronym")),
    },
}
"""Multi-valued key parts made of several columns, by name."""

_TRANSFORMS: Final[dict[str, tuple[str, pl.DataType]]] = {
    "initial": ("left({}, 1)", TEXT),
    "year": ("year({})", DATE),
    "month_day": ("month({0}) * 100 + day({0})", DATE),
}
"""Transforms: name, DuckDB expression and the type of the values it takes."""
_PREFIX: Final = re.compile(r"prefix([1-9])")
_SEPARATOR: Final = "chr(31)"


@dataclass(frozen=True)
class KeyPart:
    """One part of a key: its expression over a mention, what it reads, whether it is a list."""

    expression: str
    columns: tuple[str, ...]
    is_list: bool
    transform: str | None

    def apply(self, value: str) -> str:
        """Return the SQL of the part's transform of one value, as text, null where empty."""
        text = self.transform.format(value) if self.transform else value
        return f"nullif(CAST({text} AS VARCHAR), '')"


def parse_key(rule: BlockingRule, entity_type: EntityType) -> list[KeyPart]:
    """Return the parts of a rule's key.

    Raises:
        ConfigError: A part names no column, or an unknown transform (the nearest valid name is
            offered), or a transform that the column's values cannot take.
    """
    return [_parse_part(part, rule, entity_type) for part in rule.key]


def key_columns(rules: Sequence[BlockingRule], entity_type: EntityType) -> set[str]:
    """Return the mention columns that the keys of some rules read.

    Raises:
        ConfigError: A rule names an unknown column or transform.
    """
    parts = [part for rule in rules for part in parse_key(rule, entity_type)]
    return {column for part in parts for column in part.columns}


def _parse_part(part: str, rule: BlockingRule, entity_type: EntityType) -> KeyPart:
    column, colon, transform_name = part.partition(":")
    place = f"{entity_type}: blocking {rule.name!r}"
    schema = MENTIONS[entity_type]
    combined = COMBINED[entity_type]
    if column not in schema and column not in combined:
        hint = nearest(column, [*schema, *combined])
        raise ConfigError(f"{place}: unknown column {column!r}{hint}")
    held = TEXTS if column in combined else schema[column]
    transform = None
    if colon:
        transform, takes = _transform(transform_name, place)
        if takes != (held.inner if isinstance(held, pl.List) else held):
            what = "dates" if takes == DATE else "texts"
            raise ConfigError(
                f"{place}: transform {transform_name!r} takes {what}, "
                f"which {column!r} does not hold"
            )
    expression, columns = combined.get(column, (column, (column,)))
    return KeyPart(
        expression=expression,
        columns=columns,
        is_list=isinstance(held, pl.List),
        transform=transform,
    )


def _transform(name: str, place: str) -> tuple[str, pl.DataType]:
    """Return the expression of a transform and the type of the values it takes."""
    if prefix := _PREFIX.fullmatch(name):
        return f"left({{}}, {prefix[1]})", TEXT
    if name not in _TRANSFORMS:
        hint = nearest(name, [*_TRANSFORMS, "prefix3"])
        raise ConfigError(f"{place}: unknown transform {name!r}{hint}")
    return _TRANSFORMS[name]


def keys_sql(rule: BlockingRule, number: int, entity_type: EntityType, mentions: str) -> str:
    """Return SQL that yields (rule, key, mention) for one rule.

    Args:
        rule: The blocking rule.
        number: The rule's place in the order of rules, from 0.
        entity_type: Whose mentions they are.
        mentions: The name of the table of mentions.

    The key is DuckDB's ``md5_number_lower`` of the rule's name and the parts' texts, which does
    not change between versions, unlike its ``hash``.

    Raises:
        ConfigError: The rule names an unknown column or transform.
    """
    parts = parse_key(rule, entity_type)
    inner = f"SELECT mention, {_columns(parts)} FROM {mentions}"
    for index, part in enumerate(parts):
        if part.is_list:
            inner = f"SELECT * REPLACE (unnest(part_{index}) AS part_{index}) FROM ({inner})"
    nulls = " AND ".join(f"text_{index} IS NOT NULL" for index in range(len(parts)))
    named = ", ".join(
        f"{part.apply(f'part_{index}')} AS text_{index}" for index, part in enumerate(parts)
    )
    joined = ", ".join(f"text_{index}" for index in range(len(parts)))
    # a transform may map two values of a list to one key
    distinct = "DISTINCT " if any(part.is_list for part in parts) else ""
    return (
        f"SELECT {distinct}{number}::UTINYINT AS rule, "
        f"md5_number_lower(concat_ws({_SEPARATOR}, '{rule.name}', {joined}))::UBIGINT AS key, "
        f"mention FROM (SELECT mention, {named} FROM ({inner})) WHERE {nulls}"
    )


def _columns(parts: Sequence[KeyPart]) -> str:
    return ", ".join(f"{part.expression} AS part_{index}" for index, part in enumerate(parts))


def write_keys(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[BlockingRule],
    entity_type: EntityType,
    mentions: str,
) -> None:
    """Fill the table ``keys`` (schema `KEYS`, unsorted) from a table of mentions.

    Args:
        connection: Where both tables are.
        rules: The blocking rules in order.
        entity_type: Whose mentions they are.
        mentions: The name of the table of mentions.

    Raises:
        ConfigError: A rule names an unknown column or transform.
    """
    connection.execute("CREATE OR REPLACE TABLE keys (rule UTINYINT, key UBIGINT, mention BIGINT)")
    for number, rule in enumerate(rules):
        connection.execute(f"INSERT INTO keys {keys_sql(rule, number, entity_type, mentions)}")

"""Blocking keys: each rule maps a mention to zero or more stable 64-bit numbers.

A rule's key is a list of parts. A part is a column of the mention, or one of the `COMBINED`
columns, with an optional transform after a colon. A list column makes one key for each of its
values. A mention that lacks a part has no key under that rule. Equality is all there is: two
mentions that share a key become a candidate pair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from linker.blocking.combined import BUCKETS, COMBINED
from linker.blocking.hashing import (
    EVERY_CHARACTER,
    Bytes,
    Int32s,
    Int64s,
    UInt64s,
    hash_numbers,
    hash_texts,
    joined_keys,
)
from linker.config import BlockingRule
from linker.errors import ConfigError, nearest
from linker.schemas import DATE, MENTIONS, TEXT, TEXTS, EntityType

_OF_EACH_KIND: Final = np.uint64(32)
"""Buckets: few enough that 200 records meet in them, enough that 6,000 do not fill them."""

_DATE_TRANSFORMS: Final = {
    "year": lambda column: column.dt.year(),
    "month_day": lambda column: column.dt.month().cast(pl.Int32) * 100 + column.dt.day(),
}
_PREFIX: Final = re.compile(r"prefix([1-9])")


@dataclass(frozen=True)
class KeyPart:
    """One part of a key: its values in a frame of mentions, what it reads, what of it counts.

    Attributes:
        name: As written in the rule.
        values: Texts, lists of texts, or whole numbers.
        columns: The columns it reads.
        characters: How many characters of a text count.
    """

    name: str
    values: pl.Expr
    columns: tuple[str, ...]
    characters: int


@dataclass(frozen=True)
class HashedPart:
    """The hashes of a part of every mention; with `offsets`, of every value of every list."""

    hashes: UInt64s
    offsets: Int64s


def parse_key(rule: BlockingRule, entity_type: EntityType) -> list[KeyPart]:
    """Return the parts of a rule's key.

    Raises:
        ConfigError: A part names no column, or an unknown transform (the nearest valid name is
            offered), or a transform that the column's values cannot take.
    """
    return [_parse_part(part, rule, entity_type) for part in rule.key]


def parse_refinement(rule: BlockingRule, entity_type: EntityType) -> list[KeyPart]:
    """Return the parts by which a rule refines its over-full keys.

    Raises:
        ConfigError: As `parse_key`.
    """
    return [_parse_part(part, rule, entity_type) for part in rule.refine]


def key_columns(rules: Sequence[BlockingRule], entity_type: EntityType) -> set[str]:
    """Return the mention columns that the keys of some rules read.

    Raises:
        ConfigError: A rule names an unknown column or transform.
    """
    return {column for part in key_parts(rules, entity_type) for column in part.columns}


def key_parts(rules: Sequence[BlockingRule], entity_type: EntityType) -> list[KeyPart]:
    """Return the parts of some rules, those of refinements included, each once.

    Raises:
        ConfigError: A rule names an unknown column or transform.
    """
    parts = [
        part
        for rule in rules
        for part in (*parse_key(rule, entity_type), *parse_refinement(rule, entity_type))
    ]
    return list({part.name: part for part in parts}.values())


def _parse_part(part: str, rule: BlockingRule, entity_type: EntityType) -> KeyPart:
    column, colon, transform = part.partition(":")
    place = f"{entity_type}: blocking {rule.name!r}"
    schema = MENTIONS[entity_type]
    combined = COMBINED[entity_type]
    if column not in schema and column not in combined:
        hint = nearest(column, [*schema, *combined])
        raise ConfigError(f"{place}: unknown column {column!r}{hint}")
    held = TEXTS if column in combined else schema[column]
    values, columns = combined.get(column, (pl.col(column), (column,)))
    characters = EVERY_CHARACTER
    if colon and column == BUCKETS:
        raise ConfigError(f"{place}: {BUCKETS!r} takes no transform")
    if colon:
        takes = _takes(transform, place)
        if takes != (held.inner if isinstance(held, pl.List) else held):
            what = "dates" if takes == DATE else "texts"
            raise ConfigError(
                f"{place}: transform {transform!r} takes {what}, which {column!r} does not hold"
            )
        if takes == DATE:
            values = _DATE_TRANSFORMS[transform](values)
        else:
            prefix = _PREFIX.fullmatch(transform)
            characters = int(prefix[1]) if prefix else 1
    return KeyPart(part, values, columns, characters)


def _takes(transform: str, place: str) -> pl.DataType:
    """Return the type of the values that a transform takes."""
    if transform in _DATE_TRANSFORMS:
        return DATE
    if transform != "initial" and not _PREFIX.fullmatch(transform):
        hint = nearest(transform, [*_DATE_TRANSFORMS, "initial", "prefix3"])
        raise ConfigError(f"{place}: unknown transform {transform!r}{hint}")
    return TEXT


def hash_part(part: KeyPart, mentions: pl.DataFrame) -> HashedPart:
    """Return the hashes of a part of every mention.

    Args:
        part: The part.
        mentions: A frame with the columns it reads.
    """
    values = mentions.select(part.values.alias("part")).to_series()
    if part.name == BUCKETS:
        return _drawn(_hash_texts(values.to_arrow().cast(pa.large_string()), part.characters))
    if values.dtype == TEXTS:
        lists = values.to_arrow().cast(pa.large_list(pa.large_string()))
        # a missing list may hold values still, which Arrow hides and its offsets do not
        counts = np.diff(np.asarray(lists.offsets)) * np.asarray(lists.is_valid())
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        return HashedPart(_hash_texts(lists.flatten(), part.characters), offsets)
    no_lists = np.empty(0, dtype=np.int64)
    if values.dtype == TEXT:
        texts = values.to_arrow().cast(pa.large_string())
        return HashedPart(_hash_texts(texts, part.characters), no_lists)
    known = values.is_not_null().to_numpy().astype(np.uint8)
    numbers = values.to_physical().cast(pl.Int64).fill_null(0).to_numpy()
    return HashedPart(hash_numbers(np.array(numbers), known), no_lists)


def _drawn(records: UInt64s) -> HashedPart:
    """Return two buckets for each record, one of each kind, by the hash of what identifies it."""
    numbers = np.empty(2 * len(records), dtype=np.int64)
    numbers[::2] = records % _OF_EACH_KIND
    numbers[1::2] = (records >> np.uint64(32)) % _OF_EACH_KIND + _OF_EACH_KIND
    known = np.ones(len(numbers), dtype=np.uint8)
    return HashedPart(hash_numbers(numbers, known), np.arange(0, len(numbers) + 1, 2))


def _hash_texts(texts: pa.LargeStringArray, characters: int) -> UInt64s:
    if not len(texts):
        return np.empty(0, dtype=np.uint64)
    _, offsets, content = texts.buffers()
    # copies, since compiled functions tell arrays that may be written from those that may not
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(content, dtype=np.uint8) if content else np.empty(0, dtype=np.uint8)
    known: Bytes = np.asarray(texts.is_valid()).astype(np.uint8)
    return np.asarray(hash_texts(data.copy(), ends.copy(), known, characters))


def rule_seed(rule: BlockingRule) -> np.uint64:
    """Return what every key of a rule begins with: the hash of its name."""
    name = np.frombuffer(rule.name.encode(), dtype=np.uint8).copy()
    bounds = np.array([0, len(name)], dtype=np.int64)
    known = np.ones(1, dtype=np.uint8)
    return np.uint64(hash_texts(name, bounds, known, EVERY_CHARACTER)[0])


def rule_keys(
    rule: BlockingRule,
    entity_type: EntityType,
    hashed: Mapping[str, HashedPart],
    records: int,
) -> tuple[UInt64s, Int32s]:
    """Return the keys of one rule and the mention of each, unsorted; a key may repeat.

    Args:
        rule: The blocking rule.
        entity_type: Whose mentions they are.
        hashed: The hashes of every part of the rule, by its name.
        records: How many mentions there are.
    """
    keys = np.full(records, rule_seed(rule), dtype=np.uint64)
    whose = np.arange(records, dtype=np.int32)
    return extended_keys(keys, whose, parse_key(rule, entity_type), hashed)


def extended_keys(
    keys: UInt64s,
    records: Int32s,
    parts: Sequence[KeyPart],
    hashed: Mapping[str, HashedPart],
) -> tuple[UInt64s, Int32s]:
    """Return keys extended by further parts, and the mention of each."""
    for part in parts:
        found = hashed[part.name]
        keys, records = joined_keys(keys, records, found.hashes, found.offsets)
    return keys, records

"""Independent twins of the compiled hashes, in plain Python, and mentions to make keys of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from linker.blocking.keys import HashedPart, hash_part, key_parts, rule_keys
from linker.config import BlockingRule
from linker.schemas import MENTIONS, EntityType

ALL_BITS = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def fnv1a(content: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in content:
        value = (value ^ byte) * 0x100000001B3 & ALL_BITS
    return value


def splitmix(value: int) -> int:
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & ALL_BITS
    value = (value ^ value >> 27) * 0x94D049BB133111EB & ALL_BITS
    return value ^ value >> 31


def hash_of(part: str | int | None) -> int:
    """The hash of a text or number; of what is missing or empty, 0."""
    if part is None or part == "":
        return 0
    value = fnv1a(part.encode()) if isinstance(part, str) else (part + GOLDEN) & ALL_BITS
    return splitmix(value) or 1


def key_of(rule: str, *parts: str | int) -> int:
    """The key of one value of each part."""
    key = hash_of(rule)
    for part in parts:
        key = splitmix((key * GOLDEN + hash_of(part)) & ALL_BITS)
    return key


def mentions(rows: Sequence[dict[str, Any]], entity_type: EntityType = "person") -> pl.DataFrame:
    numbered = [{"mention": number, **row} for number, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema=dict(MENTIONS[entity_type]))


def hashed(
    frame: pl.DataFrame, rules: Sequence[BlockingRule], entity_type: EntityType = "person"
) -> dict[str, HashedPart]:
    return {part.name: hash_part(part, frame) for part in key_parts(rules, entity_type)}


def keys(
    frame: pl.DataFrame, rule: BlockingRule, entity_type: EntityType = "person"
) -> list[tuple[int, int]]:
    """Key and mention, repeats included, sorted."""
    parts = hashed(frame, [rule], entity_type)
    found, records = rule_keys(rule, entity_type, parts, frame.height)
    assert found.dtype == np.uint64
    assert records.dtype == np.int32
    assert (np.diff(records) >= 0).all()  # what sorting expects
    return sorted(zip(found.tolist(), records.tolist(), strict=True))

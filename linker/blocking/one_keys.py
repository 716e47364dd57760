"""The keys of one mention by itself, as those of a table of one.

A text is hashed by the compiled function of the tables; what a key is made of is put together here
once more, value by value. That both give the same keys is tested on every rule and transform.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from linker.blocking.combined import (
    BIRTH_YEARS,
    BUCKETS,
    END,
    JOINED,
    PAIRED,
    UNDATED,
    WORD_ENDS,
)
from linker.blocking.hashing import NO_HASH, hash_texts
from linker.blocking.index import rule_name
from linker.blocking.keys import KeyPart, parse_key, rule_seed
from linker.config import BlockingRule
from linker.schemas import EntityType

Mention = Mapping[str, object]
Values = Sequence[str | int]

_WHOLE: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_EPOCH: Final = dt.date(1970, 1, 1)


def _mixed(value: int) -> int:
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _WHOLE
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _WHOLE
    return value ^ (value >> 31)


def texts_of(mention: Mention, *columns: str) -> list[str]:
    """Return the texts of some columns, those of lists included."""
    found: list[str] = []
    for column in columns:
        value = mention.get(column)
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            found += value
    return found


def _pairs(mention: Mention) -> list[str]:
    words = texts_of(mention, "name_keys")
    pairs = [[*pair] for pair in combinations(sorted(words[:PAIRED]), 2)]
    if len(words) >= JOINED:
        (first, second), (before, last) = words[:2], words[-2:]
        pairs += [sorted((first + second, last)), sorted((before + last, first))]
    return [" ".join(pair) for pair in pairs]


def _birth_years(mention: Mention) -> list[str]:
    year, margin = mention.get("birth_year"), mention.get("birth_year_margin")
    if not isinstance(year, int):
        return []
    spread = (0, -1, 1) if isinstance(margin, int) and margin > 0 else (0,)
    return [str(year + shift) for shift in spread]


def _word_ends(mention: Mention) -> list[str]:
    (name,) = texts_of(mention, "name") or [""]
    return [] if " " in name or len(name) <= END else [f"{name[:END]}-", f"-{name[-END:]}"]


_COMBINED: Final[Mapping[str, Callable[[Mention], list[str]]]] = {
    "names": lambda mention: texts_of(mention, "name_key", "full_name", "aliases"),
    "name_pairs": _pairs,
    "name_words": lambda mention: [*dict.fromkeys(texts_of(mention, "name_tokens", "name_keys"))],
    "name_and_aliases": lambda mention: texts_of(mention, "name", "aliases"),
    "name_joined": lambda mention: [text.replace(" ", "") for text in texts_of(mention, "name")],
    "name_or_acronym": lambda mention: texts_of(mention, "name", "acronym"),
    WORD_ENDS: _word_ends,
    BIRTH_YEARS: _birth_years,
    UNDATED: lambda mention: [UNDATED] if mention.get("birth_year") is None else [],
    BUCKETS: lambda _: [],  # a question is no record
}


def _number(value: object, transform: str) -> int | None:
    if isinstance(value, dt.date):
        if transform == "year":
            return value.year
        if transform == "month_day":
            return value.month * 100 + value.day
        return (value - _EPOCH).days
    return value if isinstance(value, int) else None


def values_of(part: KeyPart, mention: Mention) -> Values:
    """Return the values that a part of a key has in a mention: texts, or whole numbers.

    Args:
        part: The part, as `linker.blocking.keys.parse_key` reads it.
        mention: Columns and what it has of them.
    """
    column, _, transform = part.name.partition(":")
    if column in _COMBINED:
        return _COMBINED[column](mention)
    texts = texts_of(mention, column)
    if texts:
        return texts
    number = _number(mention.get(column), transform)
    return [] if number is None else [number]


def hash_values(asked: Iterable[tuple[Values, int]]) -> list[list[int]]:
    """Return the hashes of several lists of values; of what is empty there is none.

    Args:
        asked: Values, and how many characters of a text count.
    """
    lists = list(asked)
    texts: dict[int, list[str]] = {}
    for values, characters in lists:
        texts.setdefault(characters, []).extend(v for v in values if isinstance(v, str))
    hashed = {characters: iter(_hashed(found, characters)) for characters, found in texts.items()}
    return [
        [
            code
            for value in values
            for code in [
                next(hashed[characters])
                if isinstance(value, str)
                else _mixed(value + _GOLDEN & _WHOLE) or 1
            ]
            if code != NO_HASH
        ]
        for values, characters in lists
    ]


def _hashed(texts: Sequence[str], characters: int) -> list[int]:
    if not texts:
        return []
    content = [text.encode() for text in texts]
    ends = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in content], out=ends[1:])
    data = np.frombuffer(b"".join(content) or b"\0", dtype=np.uint8).copy()
    known = np.ones(len(texts), dtype=np.uint8)
    found: list[int] = hash_texts(data, ends, known, characters).tolist()
    return found


def joined(keys: Sequence[int], parts: Iterable[Sequence[int]]) -> list[int]:
    """Return keys extended by further parts, each by every hash of a part."""
    found = list(keys)
    for part in parts:
        found = [_mixed(key * _GOLDEN + code & _WHOLE) for key in found for code in part]
    return found


@dataclass(frozen=True)
class _Rule:
    name: str
    keys: str
    seed: int
    parts: tuple[str, ...]


class KeyMaker:
    """Blocking rules made ready to be asked for the keys of one mention after another."""

    def __init__(self, rules: Sequence[BlockingRule], entity_type: EntityType) -> None:
        """Read the rules.

        Raises:
            ConfigError: A rule names an unknown column or transform.
        """
        parts_of: dict[str, KeyPart] = {}
        self._rules = []
        for rule in rules:
            parts = parse_key(rule, entity_type)
            parts_of |= {part.name: part for part in parts}
            names = tuple(part.name for part in parts)
            self._rules.append(_Rule(rule.name, rule_name(rule), int(rule_seed(rule)), names))
        self._parts = [(part.name.partition(":")[0], part) for part in parts_of.values()]

    @property
    def names(self) -> list[str]:
        """What the keys of the rules are called, in their order."""
        return [rule.keys for rule in self._rules]

    def keys(self, mention: Mention) -> dict[str, list[int]]:
        """Return by rule the keys of a mention, each once; rules that it has none of left out."""
        return self.keys_of([mention])[0]

    def keys_of(self, mentions: Sequence[Mention]) -> list[dict[str, list[int]]]:
        """Return the keys of each of some mentions; see `keys`."""
        there = [
            [part for column, part in self._parts if column in mention or column in _COMBINED]
            for mention in mentions
        ]
        # in one go: each call of the compiled function has its price
        hashed = iter(
            hash_values(
                (values_of(part, mention), part.characters)
                for mention, parts in zip(mentions, there, strict=True)
                for part in parts
            )
        )
        return [self._joined({part.name: next(hashed) for part in parts}) for parts in there]

    def _joined(self, hashes: Mapping[str, list[int]]) -> dict[str, list[int]]:
        """Return the keys of a mention by rule, given the hashes of parts that it has."""
        found = {}
        for rule in self._rules:
            parts = [hashes.get(part, ()) for part in rule.parts]
            if all(parts):
                found[rule.name] = list(dict.fromkeys(joined([rule.seed], parts)))
        return found

"""Levels that read how rare words are, and what they mean."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from tests.scoring.levels.case import TERMS, Case, case
from tests.scoring.levels.meanings import MANY, ROOT, Pair, alike, apart, both, on, present


def rarity(word: str) -> float:
    known = dict(TERMS.tables[MANY].iter_rows())
    return -math.log2(known.get(word, TERMS.floors[MANY]))


def _spelt_alike(
    one: str, other: str, keystrokes: int, similar: float | None, differing: float
) -> bool | None:
    long = min(len(one.encode()), len(other.encode())) >= 5
    if long and keystrokes and apart(DamerauLevenshtein, keystrokes)(one, other):
        return True
    if similar is None:
        return False
    most = int(differing * max(len(one.encode()), len(other.encode())))
    near = apart(DamerauLevenshtein, most)(one, other)
    cut = one.startswith(other) or other.startswith(one)
    if not near and not cut and not _vowels_left_out(*sorted((one, other), key=len)):
        return False
    return alike(similar)(one, other)


def _vowels_left_out(short: str, long: str) -> bool:
    return re.fullmatch("[aeiou]*".join(["", *map(re.escape, short), ""]), long) is not None


def _replaced(one: set[str], other: set[str]) -> bool:
    return bool(one and other) or any(word[:1] in set("0123456789") for word in one | other)


def rare(
    bits: float, least: float, of: str, keystrokes: int, similar: float | None, *more: Any
) -> Callable[[list[str], list[str]], bool | None]:
    """Words in common by their rarity; None where it matters which of several goes with which."""
    differing, whose = more or (1.0, "both")

    def spelt_alike(one: str, other: str) -> bool | None:
        return _spelt_alike(one, other, keystrokes, similar, differing)

    def test(left: list[str], right: list[str]) -> bool | None:
        one, other = present(left), present(right)
        if not one or not other:
            return False
        equal = one & other
        answers = {(x, y): spelt_alike(x, y) for x in one - equal for y in other - equal}
        near = [pair for pair, answer in answers.items() if answer]
        ambiguous = len({x for x, _ in near}) < len(near) or len({y for _, y in near}) < len(near)
        if None in answers.values() or ambiguous:
            return None
        paired = [min(map(rarity, pair)) for pair in near]
        left_over = [side - equal - {w for p in near for w in p} for side in (one, other)]
        rest = [sum(map(rarity, side)) for side in left_over]
        if whose == "one" and _replaced(*left_over):
            return False
        shared = sum(map(rarity, equal)) + sum(max(0.0, value - 3.0) for value in paired)
        whole = sum(map(rarity, equal)) + sum(paired) + (sum(rest) if of == "all" else min(rest))
        if abs(shared - bits) < 1e-6 or abs(shared - least * whole) < 1e-6 < whole - shared:
            return None
        return shared >= bits - 1e-6 and shared >= least * whole - 1e-6

    return test


def of_rarity() -> list[Case]:
    def both_common(bits: float) -> Callable[[Pair], bool]:
        return lambda pair: (
            both(pair, ROOT)
            and pair[ROOT][0] != pair[ROOT][1]
            and max(map(rarity, pair[ROOT])) < bits
        )

    return [
        *(
            case(both_common(bits), "both_common", column=ROOT, among=MANY, bits=bits)
            for bits in (5.0, 10.5, 14.0)
        ),
        *of_rare_words(),
    ]


def of_rare_words() -> list[Case]:
    return [
        case(
            on(MANY, rare(bits, least, of, keystrokes, similar, *more)),
            "rare_words",
            column=MANY,
            bits=bits,
            share=least,
            of=of,
            keystrokes=keystrokes,
            **({"alike": similar} if similar else {}),
            **(dict(zip(("differing", "rest"), more, strict=True)) if more else {}),
        )
        for bits, least, of, keystrokes, similar, *more in (
            (12.0, 0.0, "fewer", 1, None),
            (5.0, 0.7, "fewer", 0, None),
            (5.0, 0.7, "all", 2, None),
            (3.0, 0.5, "all", 1, 0.8),
            (0.0, 1.0, "fewer", 0, 0.9),
            (3.0, 0.2, "fewer", 1, None, 1.0, "one"),
            (2.0, 0.3, "all", 0, 0.7, 0.4, "one"),
        )
    ]

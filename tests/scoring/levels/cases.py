"""Levels of every kind, each beside what it means in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

from linker.config import LevelSettings
from linker.scoring.features.term_logs import Terms
from linker.scoring.levels import Kind, kind_of
from tests.scoring.levels.meanings import (
    COLUMNS,
    DAY,
    MANY,
    MARGIN,
    MONTH,
    ROOT,
    YEAR,
    A,
    B,
    Pair,
    alike,
    among,
    any_alike,
    apart,
    both,
    crossed,
    days,
    imprecise,
    imprecise_month,
    keystrokes,
    name_or_alias,
    near_in_lists,
    on,
    present,
    same,
    share,
    swapped,
    told,
)
from tests.scoring.levels.names import same_words, words

TERMS = Terms(
    {
        MANY: pl.DataFrame(
            {MANY: ["a", "ana", "maria", "mario", "漢字"], "tf": [0.5, 0.1, 0.02, 0.001, 0.03]}
        )
    },
    {MANY: 1e-4},
)
"""How common the words of a list are."""


@dataclass(frozen=True)
class Case:
    """A level, and its meaning: None where both answers are right, on the edge of rounding."""

    level: LevelSettings
    meaning: Callable[[Pair], bool | None]

    @property
    def kind(self) -> Kind:
        return kind_of(self.level, "test")

    @property
    def name(self) -> str:
        values = [str(value) for value in self.level.parameters.values()]
        return "-".join([self.level.kind, *values])


def case(meaning: Callable[[Pair], bool | None], kind: str, **parameters: Any) -> Case:
    return Case(LevelSettings(kind=kind, **parameters), meaning)


def nothing_to_compare() -> list[Case]:
    two = [A, MANY]
    return [
        case(lambda pair: not both(pair, A), "missing", of=[A]),
        case(lambda pair: not both(pair, *two), "missing", of=two),
        case(lambda pair: not any(both(pair, c) for c in two), "missing_all", of=two),
        case(lambda pair: not any(both(pair, c) for c in COLUMNS), "missing_all", of=COLUMNS),
        case(lambda pair: both(pair, *two), "known", of=two),
        case(told, "told_by", of=[A], by=ROOT, same=[YEAR]),
        case(lambda _: True, "else"),
    ]


def of_texts() -> list[Case]:
    def initial(left: str, right: str) -> bool:
        return 1 in (len(left), len(right)) and left[:1] == right[:1]

    def prefix(length: int) -> Callable[[str, str], bool]:
        return lambda x, y: min(len(x), len(y)) >= length and x[:length] == y[:length]

    return [
        *(case(on(column, same), "exact", column=column) for column in (A, DAY, YEAR)),
        case(
            lambda p: on(A, same)(p) and on(B, same)(p) and on(YEAR, same)(p),
            "exact",
            columns_all=[A, B, YEAR],
        ),
        *(
            case(on(A, alike(least)), "jaro_winkler", column=A, at_least=least)
            for least in (0.6, 0.8, 0.92)
        ),
        *(
            case(on(A, apart(Levenshtein, most)), "levenshtein", column=A, at_most=most)
            for most in (1, 2, 4)
        ),
        *(
            case(
                on(A, apart(DamerauLevenshtein, most)),
                "damerau_levenshtein",
                column=A,
                at_most=most,
            )
            for most in (1, 2, 4)
        ),
        *(
            case(
                lambda p, most=most: not both(p, B) and on(A, apart(DamerauLevenshtein, most))(p),
                "mistyped",
                column=A,
                checked=B,
                at_most=most,
            )
            for most in (1, 2)
        ),
        case(on(A, initial), "initial", column=A),
        case(
            on(A, lambda x, y: x.replace(" ", "") == y.replace(" ", "")), "same_letters", column=A
        ),
        *(case(on(A, prefix(length)), "prefix", column=A, length=length) for length in (1, 3)),
    ]


def of_dates() -> list[Case]:
    return [
        case(on(DAY, swapped), "day_month_swapped", column=DAY),
        *(
            case(on(DAY, keystrokes(most)), "date_keystrokes", column=DAY, at_most=most)
            for most in (1, 2, 3)
        ),
        case(
            on(DAY, lambda x, y: (x.month, x.day) == (y.month, y.day)), "same_month_day", column=DAY
        ),
        case(on(DAY, lambda x, y: x.year == y.year), "same_year", column=DAY),
        *(
            case(
                on(DAY, lambda x, y, most=most: days(x, y) <= most),
                "within_days",
                column=DAY,
                days=most,
            )
            for most in (1, 30)
        ),
        *(
            case(
                on(DAY, lambda x, y, most=most: days(x, y) <= most * 365.25),
                "within_years",
                column=DAY,
                years=most,
            )
            for most in (1, 4)
        ),
        *(
            case(imprecise(years), "imprecise_year", date=DAY, year=YEAR, years=years)
            for years in (0, 1)
        ),
        *(
            case(
                imprecise(1, month=month, margin=margin),
                "imprecise_year",
                date=DAY,
                year=YEAR,
                years=1,
                **({"month": MONTH} if month else {}),
                **({"margin": MARGIN} if margin else {}),
            )
            for month, margin in ((True, False), (False, True), (True, True))
        ),
        case(imprecise_month, "imprecise_month", date=DAY, year=YEAR, month=MONTH),
        *(
            case(
                on(YEAR, lambda x, y, most=most: abs(x - y) <= most),
                "near_number",
                column=YEAR,
                at_most=most,
            )
            for most in (0.5, 2.0)
        ),
    ]


def of_names() -> list[Case]:
    def union(one: set[str], other: set[str]) -> int:
        return len(one | other)

    def fewer(one: set[str], other: set[str]) -> int:
        return min(len(one), len(other))

    def whole(
        alike: float | None, given_names: str, differing: float
    ) -> Callable[[Pair], bool | None]:
        def meaning(pair: Pair) -> bool | None:
            if not both(pair, MANY, ROOT):
                return False
            (left, right), (one, other) = pair[MANY], pair[ROOT]
            both_given = given_names == "both"
            spelling = (alike, differing)
            return same_words(words(left), words(right), one, other, spelling, both_given)

        return meaning

    return [
        *(
            case(
                whole(alike, given, differing),
                "same_words",
                column=MANY,
                given=ROOT,
                alike=alike,
                given_names=given,
                differing=differing,
            )
            for alike, given, differing in (
                *((None, "both", 1.0), (0.8, "both", 1.0), (0.8, "either", 1.0)),
                *((0.6, "both", 0.3), (0.6, "either", 0.5)),
            )
        ),
        case(lambda pair: any(crossed(pair)), "crossed", column=A, other=B),
        case(lambda pair: all(crossed(pair)), "swapped", column=A, other=B),
        case(on(ROOT, same), "nickname"),
        case(on(B, same), "nickname", column=B),
        case(among, "among", column=A, list=MANY),
        case(name_or_alias, "name_or_alias", column=A, list=MANY),
        *(
            case(
                on(MANY, lambda x, y, n=count: len(present(x) & present(y)) >= n),
                "overlap",
                column=MANY,
                at_least=count,
            )
            for count in (1, 2)
        ),
        *(
            case(
                on(MANY, share(least, whole, common)),
                "overlap_share",
                column=MANY,
                at_least=least,
                of=whole.__name__.replace("union", "all"),
                common=common,
            )
            for least, whole, common in (
                *((0.5, union, 1), (0.6, union, 2), (1.0, union, 1)),
                *((0.5, fewer, 1), (0.6, fewer, 2), (1.0, fewer, 1)),
            )
        ),
        *(
            case(on(MANY, near_in_lists(1, least)), "list_near", column=MANY, least=least)
            for least in (2, 4)
        ),
        *(
            case(on(MANY, any_alike(least)), "list_alike", column=MANY, at_least=least)
            for least in (0.8, 0.9)
        ),
    ]


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
    if not near and not one.startswith(other) and not other.startswith(one):
        return False
    return alike(similar)(one, other)


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


def joined() -> list[Case]:
    def conjunction(*cases: Case) -> Case:
        def meaning(pair: Pair) -> bool | None:
            found = {one.meaning(pair) for one in cases}
            return False if False in found else None if None in found else True

        return case(
            meaning, "all_of", levels=[{"kind": c.level.kind, **c.level.parameters} for c in cases]
        )

    texts = {one.name: one for one in of_texts()}
    dates = {one.name: one for one in of_dates()}
    names = {one.name: one for one in of_names()}

    def disjunction(*cases: Case) -> Case:
        def meaning(pair: Pair) -> bool | None:
            found = {one.meaning(pair) for one in cases} | {not both(pair, B)}
            return True if True in found else None if None in found else False

        levels = [{"kind": c.level.kind, **c.level.parameters} for c in cases]
        return case(meaning, "missing_or", of=[B], levels=levels)

    jaro, initial = texts[f"jaro_winkler-{A}-0.6"], texts[f"initial-{A}"]
    return [
        conjunction(dates[f"same_month_day-{DAY}"], dates[f"near_number-{YEAR}-2.0"]),
        conjunction(jaro, dates[f"same_year-{DAY}"]),
        conjunction(jaro, names[f"overlap-{MANY}-1"], names[f"crossed-{A}-{B}"]),
        conjunction(initial, jaro),
        conjunction(of_rarity()[0], jaro),
        disjunction(texts[f"exact-{A}"]),
        disjunction(jaro, names[f"overlap-{MANY}-1"]),
        disjunction(names[f"overlap-{MANY}-2"], names[f"among-{A}-{MANY}"]),
    ]


CASES = [
    *nothing_to_compare(),
    *of_texts(),
    *of_dates(),
    *of_names(),
    *of_rarity(),
    *joined(),
]

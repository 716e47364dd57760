"""Levels of every kind, each beside what it means in plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from linker.config import LevelSettings
from linker.scoring.levels import Kind, kind_of

A, B, MANY, OTHERS, DAY, YEAR, ROOT = COLUMNS = (
    *("given_name", "middle_name", "surname_parts", "aliases", "birth_date", "birth_year"),
    "given_name_root",
)
"""Columns of a person: two texts, two lists, a date, a number, another text."""

Pair = Mapping[str, tuple[Any, Any]]
"""By column the left and the right value."""


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


def both(pair: Pair, *columns: str) -> bool:
    """Whether both records have every one of some columns."""
    return all(value is not None for column in columns for value in pair[column])


def on(column: str, test: Callable[[Any, Any], bool | None]) -> Callable[[Pair], bool | None]:
    """A meaning over one column, never met where a side is missing."""
    return lambda pair: both(pair, column) and test(*pair[column])


def alike(least: float) -> Callable[[str, str], bool | None]:
    """The similarity of the bytes; an empty text is like nothing."""

    def test(left: str, right: str) -> bool | None:
        one, other = left.encode(), right.encode()
        similarity = JaroWinkler.similarity(one, other) if one and other else 0.0
        return None if abs(similarity - least) < 1e-9 else similarity >= least

    return test


def any_alike(least: float) -> Callable[[list[str], list[str]], bool | None]:
    test = alike(least)

    def some(left: list[str], right: list[str]) -> bool | None:
        found = {test(one, other) for one in present(left) for other in present(right)}
        return True if True in found else None if None in found else False

    return some


def apart(measure: Any, most: int) -> Callable[[str, str], bool]:
    return lambda left, right: measure.distance(left.encode(), right.encode()) <= most


def present(values: Iterable[str | None] | None) -> set[str]:
    """The values of a list as a set: repeated and missing ones do not count."""
    return {value for value in values or [] if value is not None}


def share(least: float, whole: Callable[[set[str], set[str]], int], common: int) -> Any:
    def test(left: list[str], right: list[str]) -> bool:
        one, other = present(left), present(right)
        inside = len(one & other)
        return inside >= common and inside >= least * whole(one, other)

    return test


def swapped(left: dt.date, right: dt.date) -> bool:
    return (left.year, left.month, left.day) == (right.year, right.day, right.month)


def crossed(pair: Pair) -> tuple[bool, bool]:
    (a_l, a_r), (b_l, b_r) = pair[A], pair[B]
    return a_l is not None and a_l == b_r, b_l is not None and b_l == a_r


def among(pair: Pair) -> bool:
    (left, right), (list_l, list_r) = pair[A], pair[MANY]
    return left in present(list_r) or right in present(list_l)


def name_or_alias(pair: Pair) -> bool:
    same = both(pair, A) and pair[A][0] == pair[A][1]
    return same or among(pair) or bool(present(pair[MANY][0]) & present(pair[MANY][1]))


def imprecise(years: int) -> Callable[[Pair], bool]:
    return lambda pair: (
        not both(pair, DAY) and both(pair, YEAR) and abs(pair[YEAR][0] - pair[YEAR][1]) <= years
    )


def days(left: dt.date, right: dt.date) -> int:
    return abs((left - right).days)


def same(left: object, right: object) -> bool:
    return left == right


def keystrokes(most: int) -> Callable[[dt.date, dt.date], bool]:
    return lambda left, right: (
        DamerauLevenshtein.distance(left.isoformat(), right.isoformat()) <= most
    )


def nothing_to_compare() -> list[Case]:
    two = [A, MANY]
    return [
        case(lambda pair: not both(pair, A), "missing", of=[A]),
        case(lambda pair: not both(pair, *two), "missing", of=two),
        case(lambda pair: not any(both(pair, c) for c in two), "missing_all", of=two),
        case(lambda pair: not any(both(pair, c) for c in COLUMNS), "missing_all", of=COLUMNS),
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
        case(on(A, initial), "initial", column=A),
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

    return [
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
            case(on(MANY, any_alike(least)), "list_alike", column=MANY, at_least=least)
            for least in (0.8, 0.9)
        ),
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
    jaro, initial = texts[f"jaro_winkler-{A}-0.6"], texts[f"initial-{A}"]
    return [
        conjunction(dates[f"same_month_day-{DAY}"], dates[f"near_number-{YEAR}-2.0"]),
        conjunction(jaro, dates[f"same_year-{DAY}"]),
        conjunction(jaro, names[f"overlap-{MANY}-1"], names[f"crossed-{A}-{B}"]),
        conjunction(initial, jaro),
    ]


CASES = [*nothing_to_compare(), *of_texts(), *of_dates(), *of_names(), *joined()]

"""Levels of every kind, each beside what it means in plain Python."""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

from tests.scoring.levels.case import Case, case
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
    one_holds,
    only_offices,
    present,
    same,
    same_consonants,
    share,
    swapped,
    told,
)
from tests.scoring.levels.names import same_words, words
from tests.scoring.levels.rare_words import of_rare_words, of_rarity


def same_or_as_many(pair: Pair) -> bool:
    left, right = pair[MANY]
    as_many = both(pair, MANY) and len(present(left)) == len(present(right))
    return pair[A][0] == pair[A][1] or as_many


def nothing_to_compare() -> list[Case]:
    two = [A, MANY]
    return [
        case(lambda pair: not both(pair, A), "missing", of=[A]),
        case(lambda pair: not both(pair, *two), "missing", of=two),
        case(lambda pair: not any(both(pair, c) for c in two), "missing_all", of=two),
        case(lambda pair: not any(both(pair, c) for c in COLUMNS), "missing_all", of=COLUMNS),
        case(lambda pair: both(pair, *two), "known", of=two),
        *(
            case(lambda pair, c=column: pair[c][0] == pair[c][1], "same_if_any", column=column)
            for column in (A, YEAR)
        ),
        case(same_or_as_many, "same_if_any", column=A, or_as_many=MANY),
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
        *(case(on(A, one_holds(words)), "one_holds", column=A, words=words) for words in (1, 3)),
        *(
            case(on(A, same_consonants(fewest)), "same_consonants", column=A, fewest=fewest)
            for fewest in (1, 2)
        ),
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
        case(on(DAY, lambda x, y: x.day == y.day), "same_day", column=DAY),
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
        case(imprecise(0, neither=True), "imprecise_year", date=DAY, year=YEAR, both=True),
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
        alike: float | None, given_names: str, differing: float, given: str = ROOT
    ) -> Callable[[Pair], bool | None]:
        def meaning(pair: Pair) -> bool | None:
            if not both(pair, MANY, given):
                return False
            (left, right), (one, other) = pair[MANY], pair[given]
            both_given = given_names == "both"
            spelling = (alike, differing)
            return same_words(words(left), words(right), one, other, spelling, both_given)

        return meaning

    def either_way(pair: Pair) -> bool | None:
        found = [whole(0.8, "both", 0.5, given)(pair) for given in (ROOT, A)]
        return True if True in found else None if None in found else False

    return [
        case(
            either_way,
            "same_words",
            column=MANY,
            given=ROOT,
            written=MANY,
            given_written=A,
            alike=0.8,
            differing=0.5,
        ),
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
        case(
            on(MANY, near_in_lists(2, 2, same_digits=True)),
            "list_near",
            column=MANY,
            at_most=2,
            least=2,
            same_digits=True,
        ),
        case(on(MANY, only_offices), "office_mailbox", column=MANY),
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

    def any_of(*cases: Case) -> Case:
        def meaning(pair: Pair) -> bool | None:
            found = {one.meaning(pair) for one in cases}
            return True if True in found else None if None in found else False

        return case(
            meaning, "any_of", levels=[{"kind": c.level.kind, **c.level.parameters} for c in cases]
        )

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
        conjunction(of_rare_words()[0], jaro),
        any_of(jaro, texts[f"same_consonants-{A}-2"]),
        any_of(dates[f"same_month_day-{DAY}"], initial, of_rare_words()[0]),
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

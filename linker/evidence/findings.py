"""What each kind of comparison level finds of two records, as a clause in plain words.

A clause stands by itself ("both records give the same day of birth") and never holds a value of
either record: it is made of the level's parameters alone. A new kind enters its words in
`FINDINGS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from linker.evidence.fields import noun
from linker.evidence.numbers import natural
from linker.scoring.levels import Kind
from linker.scoring.levels.basic import AllOf, AnyOf, Else, Known, MissingAll, MissingOr
from linker.scoring.levels.dates import (
    DateKeystrokes,
    ImpreciseYear,
    NearNumber,
    WithinDays,
    WithinYears,
)
from linker.scoring.levels.identifiers import ListNear, Mistyped, OfficeMailbox, ToldBy
from linker.scoring.levels.names import ListAlike, Overlap, OverlapShare, SameWords
from linker.scoring.levels.rarity import BothCommon, RareWords
from linker.scoring.levels.text import Exact, OneHolds, Prefix, SameConsonants, SameIfAny

_SAME: Final[Mapping[str, str]] = {
    "name": "both records give the same name, legal forms left out",
    "birth_date": "both records give the same day of birth",
    "name_key": "both names have the same words, in whatever order and romanisation",
    "given_name_root": (
        "both given names stand for one name, as nicknames and other spellings of it do"
    ),
}
"""What equality of a column means where its noun does not tell it."""
_COMMON: Final[Mapping[str, str]] = {
    "name_sounds": "a family name of one record sounds like one of the other's",
}
"""The same of a list that has a value in common."""
COUNTED: Final = "another comparison has counted it already"
"""Why something is passed over that both records give."""
OFFICE: Final = "what they have in common is the mailbox of an office"
"""The same of e-mail addresses."""


def finding(kind: Kind) -> str:
    """Return what a level of this kind finds, as a clause."""
    return FINDINGS[kind.name](kind)


def listed(parts: Iterable[str], word: str) -> str:
    """Return parts as a list in words: ``a, b and c``."""
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def _any_of_nouns(columns: Iterable[str]) -> str:
    return listed([noun(column).indefinite for column in columns], "or")


def _many(column: str) -> str:
    return noun(column).many


def _same(columns: Iterable[str]) -> list[str]:
    """Return what equality of some columns means, in one clause where their nouns tell it."""
    columns = list(columns)
    plain = [noun(column).one for column in columns if column not in _SAME]
    clauses = [f"both records give the same {listed(plain, 'and')}"] if plain else []
    return clauses + [_SAME[column] for column in columns if column in _SAME]


def _exact(kind: Exact) -> str:
    return " and ".join(_same(kind.columns))


def _similarity(least: float) -> str:
    return f"(Jaro-Winkler similarity of {least:g} or more, where 1 is equal)"


def _keystrokes(most: int) -> str:
    if most == 1:
        return "one keystroke (a sign wrong, missing or too many, or two neighbours swapped)"
    return f"{most} keystrokes (signs wrong, missing or too many, or neighbours swapped)"


def _digits(kind: DateKeystrokes) -> str:
    if kind.at_most == 1:
        return "the dates differ by one digit, or by two neighbouring digits swapped"
    return f"the dates differ by at most {kind.at_most} digits, or neighbouring digits swapped"


def _mistyped(kind: Mistyped) -> str:
    apart = f"the {_many(kind.column)} differ by at most {_keystrokes(kind.at_most)}"
    return f"{apart}, and not both are valid {_many(kind.checked)}, so that one may be mistyped"


def _one_holds(kind: OneHolds) -> str:
    one = noun(kind.column).one
    return (
        f"the {_many(kind.column)} are the same, or every word of the shorter {one} stands in the "
        f"longer one, {kind.words} words at least and a number among them"
    )


def _same_words(kind: SameWords) -> str:
    clause = "every word of the shorter name is in the longer one, in whatever order"
    if kind.alike is not None:
        clause += f", some of them only spelt alike {_similarity(kind.alike)} or without 'Abdul'"
    if kind.given_names == "either":
        return f"{clause}, and a given name may be left out of one of them"
    return f"{clause}, both given names among them"


def _overlap(kind: Overlap) -> str:
    if kind.column in _COMMON and kind.at_least == 1:
        return _COMMON[kind.column]
    words = noun(kind.column)
    if kind.at_least > 1:
        return f"the records have at least {kind.at_least} {words.many} in common"
    return f"the records have {words.indefinite} in common"


def _overlap_share(kind: OverlapShare) -> str:
    many = _many(kind.column)
    of = "both records" if kind.of == "all" else "the record that has fewer of them"
    share = "all" if kind.at_least == 1 else f"at least {natural(kind.at_least)}"
    least = f", {kind.common} of them at least" if kind.common > 1 else ""
    if kind.of == "all" and kind.at_least == 1:
        return f"all {many} are the same in both records{least}"
    return f"{share} of the {many} of {of} are in common{least}"


def _rare_words(kind: RareWords) -> str:
    many = _many(kind.column)
    clause = f"the records have {many} in common"
    if kind.bits:
        clause = (
            f"the {many} that both records have are together so rare that at most "
            f"{natural(2.0**-kind.bits)} records would have them by chance"
        )
    if kind.share:
        whose = "all words of both" if kind.of == "all" else "the words of the shorter one"
        clause += f", and carry at least {kind.share:.0%} of what {whose} tell"
    if kind.rest == "one":
        clause += "; at most one of the records has others besides, none of them a number"
    return clause


def _both_common(kind: BothCommon) -> str:
    share = natural(2.0**-kind.bits)
    return (
        f"the {_many(kind.column)} differ and both are common ones, each borne by more than {share}"
    )


def _imprecise_year(kind: ImpreciseYear) -> str:
    only = "only the year of birth" if kind.month else "no day of birth"
    giving = f"both records give {only}" if kind.both else f"at least one record gives {only}"
    clause = f"{giving}, and the years "
    if not kind.years and not kind.margin:
        return clause + "agree"
    clause += f"are at most {kind.years} apart" if kind.years else "agree"
    return clause + (", or as near as an estimated year allows" if kind.margin else "")


def _list_near(kind: ListNear) -> str:
    one = noun(kind.column).indefinite
    digits = ", but not in a digit" if kind.same_digits else ""
    return (
        f"{one} of one record, {kind.least} signs long at least, is a part of one of "
        f"the other's, or differs from it by at most {_keystrokes(kind.at_most)}{digits}"
    )


def _all_of(kind: AllOf) -> str:
    parts = kind.parts()
    equal = [part for part in parts if isinstance(part, Exact)]
    clauses = _same(column for part in equal for column in part.columns)
    clauses += [finding(part) for part in parts if not isinstance(part, Exact)]
    return ", and ".join(clauses)


def _any_of(kind: AnyOf) -> str:
    return ", or ".join(finding(part) for part in kind.parts())


def _missing(columns: Iterable[str]) -> str:
    return f"not both records give {listed([noun(c).indefinite for c in columns], 'and')}"


def _missing_all(kind: MissingAll) -> str:
    return f"there is not {_any_of_nouns(kind.of)} that both records give"


def _told_by(kind: ToldBy) -> str:
    return f"{_missing(kind.of)}, or the {noun(kind.by).one} of both tells it already"


def _missing_or(kind: MissingOr) -> str:
    return f"{_missing(kind.of)}, or {passed_over(kind)}"


def passed_over(kind: MissingOr) -> str:
    """Return why what both records give is not compared."""
    offices = all(isinstance(part, OfficeMailbox) for part in kind.parts())
    return OFFICE if offices else COUNTED


def _known(kind: Known) -> str:
    return f"both records give {listed([noun(c).indefinite for c in kind.of], 'and')}"


def _else(kind: Else) -> str:
    """Return the words of a last level that has some of its own; see `differing` for others."""
    return "the records differ" if kind.differs == "differs" else kind.differs


def differing(column: str, *, is_list: bool, likened: bool) -> str:
    """Return what the last level of a comparison finds: whatever no other level does.

    Args:
        column: What is compared.
        is_list: Whether it holds several values.
        likened: Whether there are levels for values that are only alike.
    """
    words = noun(column)
    if is_list:
        near = ", nor one that is nearly the same" if likened else ""
        return f"no {words.one} is in common{near}"
    if not likened:
        return f"the records give different {words.many}"
    return f"the {words.many} differ by more than a slip or another way of writing would explain"


def differing_places(columns: Iterable[str]) -> str:
    """Return the same where one column in common is enough to compare."""
    nouns = listed([noun(column).one for column in columns], "and")
    return f"what both records give of {nouns} differs"


def _near_number(kind: NearNumber) -> str:
    return f"the {_many(kind.column)} are at most {kind.at_most:g} apart"


def _list_alike(kind: ListAlike) -> str:
    one = noun(kind.column).indefinite
    return f"{one} of one record is spelt like one of the other's {_similarity(kind.at_least)}"


def _within_days(kind: WithinDays) -> str:
    return f"the {_many(kind.column)} are at most {kind.days} days apart"


def _within_years(kind: WithinYears) -> str:
    return f"the {_many(kind.column)} are at most {kind.years} years apart"


def _prefix(kind: Prefix) -> str:
    return f"the {_many(kind.column)} begin with the same {kind.length} signs"


def _same_if_any(kind: SameIfAny) -> str:
    same = f"both records give the same {noun(kind.column).one} or none"
    return f"{same}, or have as many {_many(kind.or_as_many)}" if kind.or_as_many else same


def _same_consonants(kind: SameConsonants) -> str:
    return (
        f"the {_many(kind.column)} have the same consonants, {kind.fewest} at least, and differ in "
        "what is not heard or not written"
    )


FINDINGS: Final[Mapping[str, Callable[[Any], str]]] = {
    "all_of": _all_of,
    "among": lambda kind: (
        f"the {noun(kind.column).one} of one record is {noun(kind.list).of_other}"
    ),
    "any_of": _any_of,
    "both_common": _both_common,
    "crossed": lambda kind: (
        f"the {noun(kind.column).one} of one record is the {noun(kind.other).one} of the other"
    ),
    "damerau_levenshtein": lambda kind: (
        f"the {_many(kind.column)} differ by at most {_keystrokes(kind.at_most)}"
    ),
    "date_keystrokes": _digits,
    "day_month_swapped": lambda kind: (
        f"the {_many(kind.column)} are the same but for day and month, which are swapped"
    ),
    "else": _else,
    "exact": _exact,
    "imprecise_month": lambda _: (
        "at least one record gives no day of birth, and year and month agree"
    ),
    "imprecise_year": _imprecise_year,
    "initial": lambda kind: (
        f"the {noun(kind.column).one} of one record is a single letter, with which the other's "
        "begins"
    ),
    "jaro_winkler": lambda kind: (
        f"the {_many(kind.column)} are spelt alike {_similarity(kind.at_least)}"
    ),
    "known": _known,
    "levenshtein": lambda kind: (
        f"the {_many(kind.column)} differ by at most {kind.at_most} letters wrong, missing or too "
        "many"
    ),
    "list_alike": _list_alike,
    "list_near": _list_near,
    "missing": lambda kind: _missing(kind.of),
    "missing_all": _missing_all,
    "missing_or": _missing_or,
    "mistyped": _mistyped,
    "name_or_alias": lambda kind: (
        f"the records have {_any_of_nouns([kind.column, kind.list])} in common"
    ),
    "near_number": _near_number,
    "nickname": lambda kind: " and ".join(_same([kind.column])),
    "office_mailbox": lambda _: OFFICE,
    "one_holds": _one_holds,
    "overlap": _overlap,
    "overlap_share": _overlap_share,
    "prefix": _prefix,
    "rare_words": _rare_words,
    "same_consonants": _same_consonants,
    "same_if_any": _same_if_any,
    "same_day": lambda _: "the day of the month of birth is the same",
    "same_letters": lambda kind: f"the {_many(kind.column)} are the same but for spaces",
    "same_month_day": lambda _: "day and month of birth are the same",
    "same_words": _same_words,
    "same_year": lambda _: "the year of birth is the same",
    "swapped": lambda kind: (
        f"the {noun(kind.column).one} and the {noun(kind.other).one} have changed places"
    ),
    "told_by": _told_by,
    "within_days": _within_days,
    "within_years": _within_years,
}
"""Kind by its name: its words."""

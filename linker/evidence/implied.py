"""Which levels hold because others do: names are compared by several comparisons at once.

A pair whose whole names are the same has the same family name, which is then not counted again. Who
asks what another level would change has to know. Only what follows from the levels themselves is
taken to hold; of what may or may not follow nothing is said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from linker.scoring.levels import Kind
from linker.scoring.levels.basic import AllOf, AnyOf, Known, MissingOr
from linker.scoring.levels.names import Overlap, SameWords
from linker.scoring.levels.text import Exact

_IN_COMMON: Final = {
    "surname": ("surname_parts", "name_sounds"),
    "surname_parts": ("name_sounds",),
}
"""Column: list columns that have a value in common where it is equal, or has one in common."""
_WORDS: Final = {"name_key": "name_keys"}
"""Column that is made of all words of a name: the list column of the words."""


def facts(kinds: Sequence[Kind], place: int) -> list[Kind]:
    """Return what holds of a pair that meets a level of a comparison.

    Args:
        kinds: The kinds of the comparison's levels.
        place: The place of the level that the pair meets.
    """
    if not place:
        return []
    needed: tuple[str, ...] = getattr(kinds[0], "of", ())
    is_known = kinds[0].name != "missing_all" and bool(needed)
    return [kinds[place], *([Known(of=needed)] if is_known else [])]


def holds(wanted: Kind, known: Iterable[Kind]) -> bool:
    """Return whether a level must hold of a pair of which some are known to hold."""
    known = list(known)
    if isinstance(wanted, AllOf):
        return all(holds(part, known) for part in wanted.parts())
    if isinstance(wanted, AnyOf):
        return any(holds(part, known) for part in wanted.parts())
    return any(_implies(fact, wanted) for fact in known)


def counted_already(first: Kind, known: Iterable[Kind]) -> bool:
    """Return whether a comparison is passed over since levels that hold say it all already.

    Args:
        first: The kind of its first level.
        known: What holds of the pair.
    """
    return isinstance(first, MissingOr) and any(holds(part, known) for part in first.parts())


def _implies(fact: Kind, wanted: Kind) -> bool:
    if fact == wanted:
        return True
    if isinstance(fact, AllOf):
        return any(_implies(part, wanted) for part in fact.parts())
    if isinstance(wanted, Known):
        return isinstance(fact, Known | Exact) and set(wanted.of) <= set(_known(fact))
    if isinstance(wanted, SameWords):
        return _same_words(fact, wanted)
    if isinstance(wanted, Overlap) and wanted.at_least == 1:
        columns = fact.columns if isinstance(fact, Exact | Overlap) else ()
        return any(wanted.column in _IN_COMMON.get(column, ()) for column in columns)
    return False


def _known(fact: Known | Exact) -> tuple[str, ...]:
    return fact.of if isinstance(fact, Known) else fact.columns


def _same_words(fact: Kind, wanted: SameWords) -> bool:
    """Return whether names have the same words: they are equal, or so by a stricter measure."""
    if isinstance(fact, Exact):
        return any(_WORDS.get(column) == wanted.column for column in fact.columns)
    if not isinstance(fact, SameWords) or (fact.column, fact.given) != (
        wanted.column,
        wanted.given,
    ):
        return False
    if fact.written is not None and fact.written != wanted.written:
        return False
    if wanted.given_names == "both" and fact.given_names == "either":
        return False
    if fact.alike is None:
        return True
    stricter = wanted.alike is not None and fact.alike >= wanted.alike
    return stricter and fact.differing <= wanted.differing

"""Kinds that compare names and lists: parts in another place, nicknames, aliases, lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import splink.comparison_level_library as cll
from pydantic import Field

from linker.scoring.levels.base import ColumnKind, Kind, words
from linker.scoring.levels.sides import Form, Sides


class Crossed(Kind):
    """One side's `column` equals the other side's `other`, in either direction."""

    name: ClassVar = "crossed"
    nanoseconds: ClassVar = 2.0
    column: str
    other: str

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """Both columns."""
        return {self.column: ("text",), self.other: ("text",)}

    @property
    def compared(self) -> tuple[tuple[str, ...], ...]:
        """Both columns."""
        return ((self.column, self.other),)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} is the other's {words(self.other)}"

    def test(self, sides: Sides) -> str:
        """Return the test in either direction."""
        one, other = self.column, self.other
        return f"{sides.crossed(one, other)} or {sides.crossed(other, one)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return either of Splink's levels of reversed columns, as it has them both at once."""
        one = cll.ColumnsReversedLevel(self.column, self.other)
        return cll.Or(one, cll.ColumnsReversedLevel(self.other, self.column))


class Swapped(Crossed):
    """`column` and `other` have changed places: given name and family name."""

    name: ClassVar = "swapped"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} and {words(self.other)} swapped"

    def test(self, sides: Sides) -> str:
        """Return the test in both directions."""
        one, other = self.column, self.other
        return f"{sides.crossed(one, other)} and {sides.crossed(other, one)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's level of reversed columns."""
        return cll.ColumnsReversedLevel(self.column, self.other, symmetrical=True)


class Nickname(ColumnKind):
    """Both names stand for one name: the roots that `column` holds are equal."""

    name: ClassVar = "nickname"
    nanoseconds: ClassVar = 1.0
    column: str = "given_name_root"

    @property
    def label(self) -> str:
        """The level in words."""
        return f"nicknames of one {words(self.column).removesuffix(' root')}"

    def test(self, sides: Sides) -> str:
        """Return the test of equal roots."""
        return sides.same(self.column)

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's exact match level of the roots."""
        return cll.ExactMatchLevel(self.column)


class Among(Kind):
    """One side's `column` is among the other side's list `list`, in either direction."""

    name: ClassVar = "among"
    nanoseconds: ClassVar = 10.0
    column: str
    list: str

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The text column and the list column."""
        return {self.column: ("text",), self.list: ("list",)}

    @property
    def compared(self) -> tuple[tuple[str, ...], ...]:
        """Both columns."""
        return ((self.column, self.list),)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} is among the other's {words(self.list)}"

    def test(self, sides: Sides) -> str:
        """Return the test in either direction."""
        one = f"contains({sides.left(self.column)}, {sides.right_list(self.list)})"
        return f"{one} or contains({sides.right(self.column)}, {sides.left_list(self.list)})"


class NameOrAlias(Among):
    """A name of one side, its `column` or one of its list `list`, is a name of the other side."""

    name: ClassVar = "name_or_alias"
    nanoseconds: ClassVar = 15.0

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} or {words(self.list)} in common"

    def test(self, sides: Sides) -> str:
        """Return the test of equal names, a name among aliases, and common aliases."""
        lists = sides.lists(self.list, self.list)
        among = super().test(sides)
        return f"{sides.same(self.column)} or {among} or overlaps({lists}, 1)"


class SameWords(Kind):
    """Every word of the name with fewer words has one of its own in the other name.

    Words are equal, or two of them make one of the other name, or one is the initial of the other;
    with `alike` they may also be so like (Jaro-Winkler), with no more than a share `differing` of
    the longer one's letters wrong, or be a servant's name without "servant" (Abdul Rahman,
    Rahman). One at least is equal, and two are more than initials. Each
    given name must be in the other name. What only one name has is taken to be left out of the
    other; where that may be a given name, the other one must be in both, and a father may be taken
    for his son, whose name ends with the father's.

    `column` lists the key of every word of a name, and `given` is that of the given name. With
    `written`, which lists the words as they are written, these may be what fits: an initial is one
    of a written word (K is Khalid's, whose key begins with h), and a slip hides what makes a key.
    """

    name: ClassVar = "same_words"
    column: str = "name_keys"
    given: str = "given_name_root"
    written: str | None = None
    given_written: str = "given_name"
    alike: float | None = Field(default=None, gt=0, le=1)
    differing: float = Field(default=1.0, gt=0, le=1)
    """The share of the longer word's letters that may differ (Damerau-Levenshtein)."""
    given_names: str = Field(default="both", pattern="^(both|either)$")
    """Whether both given names must be in the other name; one of them may be left out of it."""

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The list of words and the given name, as keys and as they are written."""
        forms: dict[str, tuple[Form, ...]] = {}
        for listed, given in self._ways:
            forms |= {listed: ("list",), given: ("text",)}
        return forms

    @property
    def compared(self) -> tuple[tuple[str, ...], ...]:
        """The given name is one of the words."""
        return self._ways

    @property
    def _ways(self) -> tuple[tuple[str, str], ...]:
        keys = (self.column, self.given)
        return (keys,) if self.written is None else (keys, (self.written, self.given_written))

    @property
    def likens(self) -> bool:
        """Whether words need only be alike."""
        return self.alike is not None

    @property
    def cost(self) -> float:
        """What one test costs: similarities are dear."""
        return 40.0 if self.alike else 16.0

    @property
    def label(self) -> str:
        """The level in words."""
        alike = f" or alike (Jaro-Winkler {self.alike:g})" if self.alike else ""
        left_out = "words" if self.given_names == "both" else "a given name"
        return f"the same name but for order and {left_out} left out{alike}"

    def test(self, sides: Sides) -> str:
        """Return the test of the words."""
        how = (
            f"data, ends, ({self.alike or 2.0!r}, {self.differing!r}), {self.given_names == 'both'}"
        )
        tests = [
            f"words_fit({sides.lists(listed, listed)}, {sides.both(given)}, {how})"
            for listed, given in self._ways
        ]
        return f"({' or '.join(tests)})"

    def bound(self, sides: Sides) -> str:
        """Return the test whether any word is equal."""
        tests = [f"overlaps({sides.lists(listed, listed)}, 1)" for listed, _ in self._ways]
        return f"({' or '.join(tests)})"


class Overlap(ColumnKind):
    """The lists have at least `at_least` values in common."""

    name: ClassVar = "overlap"
    forms: ClassVar[tuple[Form, ...]] = ("list",)
    nanoseconds: ClassVar = 10.0
    at_least: int = Field(default=1, ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        many = f"{self.at_least} " if self.at_least > 1 else ""
        return f"{many}{words(self.column)} in common"

    def test(self, sides: Sides) -> str:
        """Return the test of common values."""
        return f"overlaps({sides.lists(self.column, self.column)}, {self.at_least})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's array intersection level."""
        return cll.ArrayIntersectLevel(self.column, min_intersection=self.at_least)


class OverlapShare(ColumnKind):
    """The lists' common values are at least `at_least` (0 to 1) of all values, or of the fewer.

    With `of` = "all" this is the Jaccard index; with "fewer" it is the overlap coefficient, which
    forgives words that one side leaves out.
    """

    name: ClassVar = "overlap_share"
    forms: ClassVar[tuple[Form, ...]] = ("list",)
    nanoseconds: ClassVar = 12.0
    at_least: float = Field(gt=0, le=1)
    of: str = Field(default="all", pattern="^(all|fewer)$")
    common: int = Field(default=1, ge=1)
    """Least number of values in common."""

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{self.at_least:.0%} of {self.of} {words(self.column)} in common"

    def test(self, sides: Sides) -> str:
        """Return the test of the share of common values."""
        lists = sides.lists(self.column, self.column)
        return f"overlap_share_{self.of}({lists}, {self.at_least!r}, {self.common})"


class ListAlike(ColumnKind):
    """Some value of one list is like some value of the other (Jaro-Winkler)."""

    name: ClassVar = "list_alike"
    forms: ClassVar[tuple[Form, ...]] = ("list",)
    nanoseconds: ClassVar = 80.0
    at_least: float = Field(gt=0, lt=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} alike (Jaro-Winkler {self.at_least:g})"

    def test(self, sides: Sides) -> str:
        """Return the test of every pair of values.

        Splink's pairwise level is written with a lambda arrow, which DuckDB 2.0 refuses.
        """
        lists = sides.lists(self.column, self.column)
        return f"alike_in_lists({lists}, data, ends, {self.at_least!r})"

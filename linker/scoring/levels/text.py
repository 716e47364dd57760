"""Kinds that compare texts: equality, edit distances, initials, prefixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import splink.comparison_level_library as cll
from pydantic import Field, model_validator

from linker.scoring.levels.base import ColumnKind, Kind, custom, words
from linker.scoring.levels.sides import Form, Sides

SCALAR: tuple[Form, ...] = ("text", "number", "date")


class Exact(Kind):
    """The column is equal on both sides; with `columns_all`, each of several columns is."""

    name: ClassVar = "exact"
    nanoseconds: ClassVar = 1.0
    column: str | None = None
    columns_all: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_columns(self) -> Self:
        if bool(self.column) == bool(self.columns_all):
            raise ValueError("give either column or columns_all")
        return self

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The compared columns."""
        return dict.fromkeys((self.column,) if self.column else self.columns_all, SCALAR)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"same {' and '.join(words(column) for column in self.columns)}"

    def test(self, sides: Sides) -> str:
        """Return the test of equal codes."""
        return " and ".join(sides.same(column) for column in self.columns)

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's exact match level, or a conjunction of them."""
        levels = [cll.ExactMatchLevel(column) for column in self.columns]
        return levels[0] if len(levels) == 1 else cll.And(*levels)


class SameIfAny(ColumnKind):
    """The column is equal on both sides or missing on both; to be joined with others.

    What one record says and the other does not is told apart as what they say differently is. With
    `or_as_many`, a list column, it need not be where both lists have as many values: where words
    were looked for among each other, none was added then, and one may be misspelt.
    """

    name: ClassVar = "same_if_any"
    forms: ClassVar[tuple[Form, ...]] = SCALAR
    nanoseconds: ClassVar = 1.0
    or_as_many: str | None = None

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The column, and the list."""
        lists: dict[str, tuple[Form, ...]] = {self.or_as_many: ("list",)} if self.or_as_many else {}
        return {**super().takes, **lists}

    @property
    def label(self) -> str:
        """The level in words."""
        as_many = f" or as many {words(self.or_as_many)}" if self.or_as_many else ""
        return f"same {words(self.column)}, or none{as_many}"

    def test(self, sides: Sides) -> str:
        """Return the test of equal codes, of bits that say neither has the column, and of counts.

        What a question lacks is left out of its candidates' texts, but not of their bits.
        """
        same = f"({sides.same(self.column)} or {sides.unknown(self.column)})"
        if self.or_as_many is None:
            return same
        return f"({same} or {sides.as_many(self.or_as_many)})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of SQL's own test."""
        same = f"{self.column}_l IS NOT DISTINCT FROM {self.column}_r"
        if self.or_as_many is not None:
            one, other = (f"len(list_distinct({self.or_as_many}_{side}))" for side in ("l", "r"))
            same += f" OR {one} = {other}"
        return custom(same, self.label)


class JaroWinkler(ColumnKind):
    """Jaro-Winkler similarity of the column is at least `at_least` (0 to 1)."""

    name: ClassVar = "jaro_winkler"
    nanoseconds: ClassVar = 45.0
    at_least: float = Field(gt=0, lt=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} alike (Jaro-Winkler {self.at_least:g})"

    def test(self, sides: Sides) -> str:
        """Return the test of the similarity."""
        strings = sides.texts(self.column)
        return f"{sides.known(self.column)} and jaro_winkler_reaches({strings}, {self.at_least!r})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's Jaro-Winkler level."""
        return cll.JaroWinklerLevel(self.column, self.at_least)


class Levenshtein(ColumnKind):
    """Levenshtein distance of the column is at most `at_most`."""

    name: ClassVar = "levenshtein"
    nanoseconds: ClassVar = 25.0
    at_most: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} letters"

    def test(self, sides: Sides) -> str:
        """Return the test of the distance."""
        strings = sides.texts(self.column)
        return f"{sides.known(self.column)} and levenshtein_within({strings}, {self.at_most})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's Levenshtein level."""
        return cll.LevenshteinLevel(self.column, self.at_most)


class DamerauLevenshtein(ColumnKind):
    """Damerau-Levenshtein distance of the column is at most `at_most`; a swap counts once."""

    name: ClassVar = "damerau_levenshtein"
    nanoseconds: ClassVar = 25.0
    at_most: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} within {self.at_most} keystrokes"

    def test(self, sides: Sides) -> str:
        """Return the test of the distance."""
        known, strings = sides.known(self.column), sides.texts(self.column)
        return f"{known} and damerau_levenshtein_within({strings}, {self.at_most})"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's Damerau-Levenshtein level."""
        return cll.DamerauLevenshteinLevel(self.column, self.at_most)


class SameLetters(ColumnKind):
    """The column is equal but for spaces: "good will" and "goodwill"."""

    name: ClassVar = "same_letters"
    nanoseconds: ClassVar = 6.0

    @property
    def label(self) -> str:
        """The level in words."""
        return f"same {words(self.column)} but for spaces"

    def test(self, sides: Sides) -> str:
        """Return the test of the letters."""
        return f"{sides.known(self.column)} and same_letters({sides.texts(self.column)})"


class OneHolds(ColumnKind):
    """One text holds the other: they are equal, or every word of one is a word of the other.

    A whole address on one line is then the street line of another record, whatever city, code or
    floor stands before or after it. That takes `words` words at least, a number among them.
    """

    name: ClassVar = "one_holds"
    nanoseconds: ClassVar = 20.0
    words: int = Field(default=3, ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"one {words(self.column)} holds the other"

    def test(self, sides: Sides) -> str:
        """Return the test of equal codes, and of the words."""
        known, strings = sides.known(self.column), sides.texts(self.column)
        holds = f"one_holds({strings}, {self.words})"
        return f"{known} and ({sides.left(self.column)} == {sides.right(self.column)} or {holds})"

    def bound(self, sides: Sides) -> str:
        """Return the test whether both have the text."""
        return sides.known(self.column)


class SameConsonants(ColumnKind):
    """The consonants that are heard are the same, in their order, and at least `fewest`.

    Vowels, h, w and y are not heard, nor is a consonant twice: "Sahra" and "Zara", "Keeley" and
    "Kaylee". A name in Arabic letters has mostly no other ones than its consonants.
    """

    name: ClassVar = "same_consonants"
    nanoseconds: ClassVar = 20.0
    fewest: int = Field(default=2, ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} with the same consonants"

    def test(self, sides: Sides) -> str:
        """Return the test of the consonants."""
        strings = sides.texts(self.column)
        return f"{sides.known(self.column)} and same_consonants({strings}, {self.fewest})"


class Initial(ColumnKind):
    """One side is a single letter, the first letter of the other side."""

    name: ClassVar = "initial"
    nanoseconds: ClassVar = 6.0

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} is the other's initial"

    def test(self, sides: Sides) -> str:
        """Return the test of lengths and first letters."""
        return f"{sides.known(self.column)} and is_initial_of({sides.texts(self.column)})"


class Prefix(ColumnKind):
    """The first `length` letters of the column are equal, and both sides have as many."""

    name: ClassVar = "prefix"
    nanoseconds: ClassVar = 6.0
    length: int = Field(ge=1)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} begins with the same {self.length} letters"

    def test(self, sides: Sides) -> str:
        """Return the test of the first letters."""
        strings = sides.texts(self.column)
        return f"{sides.known(self.column)} and prefix_equal({strings}, {self.length})"

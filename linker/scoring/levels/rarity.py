"""Kinds that compare lists of words by how rare the words are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field

from linker.scoring.levels.base import ColumnKind, Kind, words
from linker.scoring.levels.sides import Form, Sides

_NEVER: Final = 2.0
"""A similarity that no two words reach."""


class BothCommon(Kind):
    """The words in `column` differ, and each is common by itself: less than `bits` bits rare.

    A slip of the pen seldom turns one common name into another, so that "Juan" and "Juana" or
    "Hassan" and "Hussein" are rather two people than one misspelt. How common a word is, the list
    column `among` tells, whose words it is one of.
    """

    name: ClassVar = "both_common"
    nanoseconds: ClassVar = 6.0
    column: str
    among: str
    bits: float = Field(gt=0, le=30)

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The column, and the list of which its words are."""
        return {self.column: ("text",), self.among: ("list",)}

    @property
    def compared(self) -> tuple[tuple[str, ...], ...]:
        """Both columns: a word has one code in either."""
        return ((self.column, self.among),)

    @property
    def word_columns(self) -> tuple[str, ...]:
        """The list."""
        return (self.among,)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{words(self.column)} differs, and both are common ({self.bits:g} bits)"

    def test(self, sides: Sides) -> str:
        """Return the test of both words' rarity."""
        logs = sides.word_logs(self.among)
        return f"both_common({sides.both(self.column)}, {logs}, {self.bits!r})"


class RareWords(ColumnKind):
    """The words in common are at least `bits` rare together, and such a `share` of all.

    A word is as many bits rare as -log2 of its term frequency in the model, so that two rare words
    say more than four common ones. Words are in common that are equal or spelt alike: at most
    `keystrokes` apart where both have five letters or more, or, if `alike` is given, with at least
    that Jaro-Winkler similarity and no more than a share `differing` of the longer one's letters
    wrong, or cut short, or without vowels; such words count 3 bits less. With `of` = "all" the
    share is of all words of both lists; with "fewer" it forgives what one side leaves out. With
    `rest` = "one" a list may have words that the other one lacks, other than numbers, but not both:
    "Norte" does not speak against a name without it, while "Norte" and "Sur" tell two names apart.
    """

    name: ClassVar = "rare_words"
    forms: ClassVar[tuple[Form, ...]] = ("list",)
    nanoseconds: ClassVar = 60.0
    bits: float = Field(ge=0, le=100)
    share: float = Field(default=0.0, ge=0, le=1)
    of: Literal["fewer", "all"] = "fewer"
    keystrokes: int = Field(default=1, ge=0, le=2)
    alike: float | None = Field(default=None, gt=0, le=1)
    differing: float = Field(default=1.0, gt=0, le=1)
    rest: Literal["both", "one"] = "both"

    @property
    def word_columns(self) -> tuple[str, ...]:
        """The compared column."""
        return (self.column,)

    @property
    def label(self) -> str:
        """The level in words."""
        share = f", {self.share:.0%} of {self.of}" if self.share else ""
        rest = ", none replaced" if self.rest == "one" else ""
        return f"{words(self.column)} in common that are {self.bits:g} bits rare{share}{rest}"

    def test(self, sides: Sides) -> str:
        """Return the test of the rarity of common words."""
        lists = sides.lists(self.column, self.column)
        texts = f"(data, ends, {sides.word_logs(self.column)})"
        rest = f"({self.of == 'fewer'}, {self.rest == 'one'})"
        wanted = f"({self.bits!r}, {self.share!r}), {rest}"
        least = _NEVER if self.alike is None else self.alike
        spelling = f"({self.keystrokes}, {least!r}, {self.differing!r})"
        return f"rare_words({lists}, {texts}, {wanted}, {spelling})"

    def bound(self, sides: Sides) -> str | None:
        """Return the test whether both have words."""
        return sides.known(self.column)

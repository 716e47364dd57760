"""Kinds that compare numbers and number plates: mistyped, in part, or telling what is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import splink.comparison_level_library as cll
from pydantic import Field

from linker.scoring.levels.base import ColumnKind, Kind, custom, words
from linker.scoring.levels.basic import Missing
from linker.scoring.levels.sides import Form, Sides
from linker.scoring.levels.text import SCALAR, DamerauLevenshtein


class ToldBy(Missing):
    """A column is missing, or an identifier built from the columns says already what they say.

    A CURP holds the birth date: two records with one CURP and one birth date have one piece of
    evidence and not two. Where the columns differ although the identifier is equal, they count.
    """

    name: ClassVar = "told_by"
    by: str
    """The identifier, null unless it is valid."""
    same: tuple[str, ...] = Field(min_length=1)
    """The columns that agree where the identifier tells them truly."""

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The columns that may be missing, the identifier, and what it tells."""
        return {**super().takes, self.by: ("text",), **dict.fromkeys(self.same, SCALAR)}

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{super().label}, or told by the {words(self.by)}"

    @property
    def in_training(self) -> Kind:
        """The plain missing level: what is told by an identifier is no sample of matches.

        If it were left out, only contradictions would be learnt of matches with that identifier.
        """
        return Missing(of=self.of)

    def test(self, sides: Sides) -> str:
        """Return the test whether the columns are missing or told."""
        told = " and ".join(sides.same(column) for column in (self.by, *self.same))
        return f"({super().test(sides)} or ({told}))"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's null level joined with its exact match levels."""
        told = cll.And(*(cll.ExactMatchLevel(column) for column in (self.by, *self.same)))
        return cll.Or(super().creator(), told).configure(is_null_level=True)


class Mistyped(DamerauLevenshtein):
    """Damerau-Levenshtein distance at most `at_most`, unless both sides have passed a check.

    Two numbers that both have the right check digit are two numbers, however alike: the CURPs of
    namesakes born on one day differ in the last two signs alone.
    """

    name: ClassVar = "mistyped"
    checked: str
    """The column that holds the same value where it passed its check, null elsewhere."""

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The compared column and the one that is known where it passed."""
        return {**super().takes, self.checked: ("text",)}

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{super().label}, one of them mistyped"

    def test(self, sides: Sides) -> str:
        """Return the test of the check and of the distance."""
        return f"not {sides.known(self.checked)} and {super().test(sides)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of Splink's condition and the check."""
        passed = f'("{self.checked}_l" IS NULL OR "{self.checked}_r" IS NULL)'
        apart = super().creator().create_level_dict("duckdb")["sql_condition"]
        return custom(f"{passed} AND {apart}", self.label)


class ListNear(ColumnKind):
    """Some value of one list is within `at_most` keystrokes of one of the other, or holds it.

    Values of fewer than `least` characters are left out: a part of a number plate tells something
    only while it is most of it. With `same_digits` only letters and signs may differ: the email
    addresses of namesakes are often alike but for the number that tells them apart.
    """

    name: ClassVar = "list_near"
    forms: ClassVar[tuple[Form, ...]] = ("list",)
    nanoseconds: ClassVar = 60.0
    at_most: int = Field(default=1, ge=1)
    least: int = Field(default=5, ge=1)
    same_digits: bool = False

    @property
    def label(self) -> str:
        """The level in words."""
        same = ", digits the same" if self.same_digits else ""
        return f"{words(self.column)} within {self.at_most} keystrokes, or in part{same}"

    def test(self, sides: Sides) -> str:
        """Return the test of every pair of values."""
        lists = sides.lists(self.column, self.column)
        near = f"({self.at_most}, {self.least}, {self.same_digits})"
        return f"near_in_lists({lists}, data, ends, {near})"


class OfficeMailbox(ColumnKind):
    """Email addresses are in common, and all of those are mailboxes of an office, such as info@.

    Whoever works there may give it. The names are those of RFC 2142 and others in use.
    """

    name: ClassVar = "office_mailbox"
    forms: ClassVar[tuple[Form, ...]] = ("list",)
    nanoseconds: ClassVar = 12.0

    @property
    def label(self) -> str:
        """The level in words."""
        return f"only an office's {words(self.column)} in common"

    def test(self, sides: Sides) -> str:
        """Return the test of what is in common."""
        return f"offices_in_common({sides.lists(self.column, self.column)}, data, ends)"

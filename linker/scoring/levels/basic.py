"""Kinds that every comparison has: nothing to compare, everything else, several at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, Self

import splink.comparison_level_library as cll
from pydantic import Field, model_validator
from splink.comparison_level_library import CustomLevel

from linker.config import LevelSettings
from linker.config.levels import ELSE_KIND
from linker.scoring.levels.base import CHEAP_NS, EQUALITY_NS, Kind, built, custom, words
from linker.scoring.levels.sides import Form, Sides

ANY: tuple[Form, ...] = ("text", "number", "date", "list")


class _NothingToCompare(Kind):
    """Columns are missing on either side, so that nothing can be compared."""

    of: tuple[str, ...] = Field(min_length=1)

    nanoseconds: ClassVar = EQUALITY_NS

    joined_by: ClassVar[Literal["or", "and"]]
    """Whether any of the columns is enough to be missing, or all must be."""

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The columns that may be missing."""
        return dict.fromkeys(self.of, ANY)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{f' {self.joined_by} '.join(words(column) for column in self.of)} missing"

    def test(self, sides: Sides) -> str:
        """Return the test whether the columns are missing."""
        known = sides.known if self.joined_by == "or" else sides.any_known
        return f"not {known(*self.of)}"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's null level, or several joined."""
        levels = [cll.NullLevel(column) for column in self.of]
        joined = cll.Or if self.joined_by == "or" else cll.And
        level = levels[0] if len(levels) == 1 else joined(*levels)
        return level.configure(is_null_level=True)


class Missing(_NothingToCompare):
    """At least one of the columns is missing on either side: nothing can be compared."""

    name: ClassVar = "missing"
    joined_by: ClassVar = "or"


class MissingAll(_NothingToCompare):
    """None of the columns is known on both sides: nothing can be compared."""

    name: ClassVar = "missing_all"
    joined_by: ClassVar = "and"


class Known(Kind):
    """Both records have every one of the columns, whatever they hold; to be joined with others."""

    name: ClassVar = "known"
    nanoseconds: ClassVar = EQUALITY_NS
    of: tuple[str, ...] = Field(min_length=1)

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The columns."""
        return dict.fromkeys(self.of, ANY)

    @property
    def label(self) -> str:
        """The level in words."""
        return f"{' and '.join(words(column) for column in self.of)} known"

    def test(self, sides: Sides) -> str:
        """Return the test whether both have the columns."""
        return sides.known(*self.of)

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of SQL's own test."""
        sides = [f"{column}_{side} IS NOT NULL" for column in self.of for side in ("l", "r")]
        return custom(" AND ".join(sides), self.label)


class _Several(Kind):
    """Several levels together."""

    levels: tuple[LevelSettings, ...]

    @model_validator(mode="after")
    def _parts_have_conditions(self) -> Self:
        for level in self.levels:
            if level.is_missing or level.kind == ELSE_KIND:
                raise ValueError(
                    f"kind {level.kind!r} has no condition that could hold with others"
                )
        self.parts()
        return self

    def parts(self) -> list[Kind]:
        """Return the levels that must hold."""
        return [built(level) for level in self.levels]

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The columns of all levels; what two levels read, both must be able to take."""
        taken: dict[str, tuple[Form, ...]] = {}
        for part in self.parts():
            for column, forms in part.takes.items():
                known = taken.get(column, forms)
                taken[column] = tuple(form for form in forms if form in known)
        return taken

    @property
    def compared(self) -> tuple[tuple[str, ...], ...]:
        """What each of the levels compares with each other."""
        return tuple(group for part in self.parts() for group in part.compared)

    @property
    def likens(self) -> bool:
        """Whether one of the levels does."""
        return any(part.likens for part in self.parts())

    @property
    def word_columns(self) -> tuple[str, ...]:
        """What the words of any of the levels are in."""
        every = (column for part in self.parts() for column in part.word_columns)
        return tuple(dict.fromkeys(every))

    @property
    def cost(self) -> float:
        """What the dearest of them costs: the cheap ones are tested first and mostly decide."""
        return max(part.cost for part in self.parts())

    def functions(self) -> list[Kind]:
        """Return what the levels need."""
        return [kind for part in self.parts() for kind in part.functions()]


class AllOf(_Several):
    """Every one of several levels holds."""

    name: ClassVar = "all_of"
    levels: tuple[LevelSettings, ...] = Field(min_length=2)

    @property
    def label(self) -> str:
        """The level in words."""
        return " and ".join(part.label for part in self.parts())

    def test(self, sides: Sides) -> str:
        """Return the conjunction of the tests, the cheapest first."""
        parts = _cheapest_first(self.parts())
        return " and ".join(f"({part.test(sides)})" for part in parts)

    def bound(self, sides: Sides) -> str | None:
        """Return the conjunction of the cheap tests."""
        cheap = [part.test(sides) for part in self.parts() if part.cost <= CHEAP_NS]
        return " and ".join(f"({test})" for test in cheap) or None

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of the conjunction of Splink's levels."""
        conditions = [f"({part.condition()})" for part in self.parts()]
        return custom(" AND ".join(conditions), self.label)


class AnyOf(_Several):
    """One at least of several levels holds: they say the same, each where the others cannot."""

    name: ClassVar = "any_of"
    levels: tuple[LevelSettings, ...] = Field(min_length=2)

    @property
    def label(self) -> str:
        """The level in words."""
        return " or ".join(part.label for part in self.parts())

    def test(self, sides: Sides) -> str:
        """Return the disjunction of the tests, the cheapest first."""
        return _any(part.test(sides) for part in _cheapest_first(self.parts()))

    def bound(self, sides: Sides) -> str | None:
        """Return the disjunction of what bounds each; None where a part has no bound."""
        return _any_bound(self.parts(), sides)

    def creator(self) -> Any:  # noqa: ANN401
        """Return a level of the disjunction of Splink's levels."""
        return custom(_any((part.condition() for part in self.parts()), "OR"), self.label)


class MissingOr(_Several):
    """Columns are missing on either side, or one of several levels holds that says it all already.

    A family name that a comparison of whole names has counted is not to be counted again.
    """

    name: ClassVar = "missing_or"
    of: tuple[str, ...] = Field(min_length=1)
    levels: tuple[LevelSettings, ...] = Field(min_length=1)

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """The columns that may be missing, and those of the levels."""
        return {**dict.fromkeys(self.of, ANY), **super().takes}

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that may be missing."""
        return self.of

    @property
    def label(self) -> str:
        """The level in words."""
        return " or ".join([self._missing.label, *(part.label for part in self.parts())])

    @property
    def _missing(self) -> Missing:
        return Missing(of=self.of)

    def test(self, sides: Sides) -> str:
        """Return the disjunction of the tests, the cheapest first."""
        parts = [self._missing, *_cheapest_first(self.parts())]
        return _any(part.test(sides) for part in parts)

    def certain(self, sides: Sides) -> str:
        """Return the disjunction of the cheap tests."""
        cheap = [part for part in self.parts() if part.cost <= CHEAP_NS]
        return _any(part.test(sides) for part in [self._missing, *cheap])

    def bound(self, sides: Sides) -> str | None:
        """Return the disjunction of what bounds each; None where a part has no bound."""
        return _any_bound([self._missing, *self.parts()], sides)

    def by_record(self) -> CustomLevel:
        """Return the level as a null level of Splink's over packed mentions."""
        level = super().by_record()
        level.configure(is_null_level=True)
        return level

    def creator(self) -> Any:  # noqa: ANN401
        """Return a null level of the disjunction of Splink's levels."""
        parts = [self._missing, *self.parts()]
        condition = _any((part.condition() for part in parts), "OR")
        return custom(condition, self.label).configure(is_null_level=True)


class Else(Kind):
    """Whatever met no level above."""

    name: ClassVar = "else"
    differs: str = "differs"

    @property
    def takes(self) -> Mapping[str, tuple[Form, ...]]:
        """None."""
        return {}

    @property
    def label(self) -> str:
        """The level in words."""
        return self.differs

    def test(self, sides: Sides) -> str:  # noqa: ARG002 - every pair meets it
        """Return the test that is always true."""
        return "True"

    def creator(self) -> Any:  # noqa: ANN401
        """Return Splink's else level."""
        return cll.ElseLevel()


def _cheapest_first(parts: list[Kind]) -> list[Kind]:
    return sorted(parts, key=lambda part: part.cost)


def _any(tests: Iterable[str], word: str = "or") -> str:
    """Return the disjunction of some tests."""
    return f" {word} ".join(f"({test})" for test in tests)


def _any_bound(parts: list[Kind], sides: Sides) -> str | None:
    """Return the disjunction of what bounds each; None where one of them has no bound."""
    bounds = [part.test(sides) if part.cost <= CHEAP_NS else part.bound(sides) for part in parts]
    found = [bound for bound in bounds if bound is not None]
    return _any(found) if len(found) == len(bounds) else None

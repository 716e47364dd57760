"""A model's comparisons as ladders, and where a pair stands on all of them once it moves on one.

Comparisons of other fields stay as they are. Where one comparison counts what another one says
already (a whole name and its family name, a CURP and the birth date in it), the others follow as
far as the levels themselves tell; how far they do not is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from linker.evidence.fields import origin
from linker.evidence.implied import counted_already, facts, holds
from linker.evidence.known import Known, Lacking
from linker.evidence.level_words import LevelWords, level_words
from linker.evidence.verdict import Met
from linker.model import LinkageModel, TrainedComparison
from linker.schemas import EntityType
from linker.scoring.levels import Kind, kind_of
from linker.scoring.levels.identifiers import ToldBy
from linker.scoring.levels.text import Exact


@dataclass(frozen=True)
class Ladder:
    """A comparison, the kinds of its levels, and their words."""

    comparison: TrainedComparison
    entity_type: EntityType
    kinds: tuple[Kind, ...]
    words: tuple[LevelWords, ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that its levels compare."""
        return self._origins(column for kind in self.kinds[1:] for column in kind.columns)

    @cached_property
    def told_by(self) -> str | None:
        """The field of the identifier that may tell all that it compares."""
        first = self.kinds[0]
        return origin(first.by, self.entity_type) if isinstance(first, ToldBy) else None

    def tells(self, place: int) -> frozenset[str]:
        """Return the fields that are equal where a level is met."""
        kind = self.kinds[place]
        return self._origins(kind.columns if isinstance(kind, Exact) else ())

    def met(self, place: int, instead_of: Met | None = None) -> Met:
        """Return a level as met by values that are as common as most, or as those there are.

        Args:
            place: Its place.
            instead_of: The level that is met as it is; where it tells how common a value is, and
                the other one asks the same, the value is taken to stay as common.
        """
        level, part = self.comparison.levels[place], 0.0
        if instead_of is not None and instead_of.term_part:
            was, then = self.words[instead_of.place], self.words[place]
            if was.term_column == then.term_column:
                part = instead_of.term_part + math.log2(then.term_u / was.term_u)
        return Met(place, level.weight + part, part)

    def lacking(self, known: Known) -> Lacking:
        """Return which side lacks what is needed to compare."""
        words = self.words[0]
        return known.lacking(words.needed, any_of=not words.needs_all)

    def _origins(self, columns: Iterable[str]) -> frozenset[str]:
        return frozenset(origin(column, self.entity_type) for column in columns)


@dataclass(frozen=True)
class Moved:
    """Where a pair stands once it moved on one ladder.

    Attributes:
        levels: The level met of each comparison.
        counted: Comparisons that are passed over then, since the change says all that they say.
        unsure: Comparisons of which it is not known what they would find then.
    """

    levels: tuple[Met, ...]
    counted: tuple[str, ...]
    unsure: tuple[str, ...]


def ladders(model: LinkageModel) -> tuple[Ladder, ...]:
    """Return a model's comparisons with the kinds and words of their levels.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    return tuple(
        Ladder(
            comparison,
            model.entity_type,
            tuple(kind_of(level.level, comparison.name) for level in comparison.levels),
            level_words(comparison, model.entity_type),
        )
        for comparison in model.comparisons
    )


def is_counted(steps: Sequence[Ladder], levels: Sequence[Met], number: int) -> bool:
    """Return whether a comparison is passed over because others say all that it says.

    Args:
        steps: The ladders.
        levels: The level met of each.
        number: Which comparison.
    """
    return counted_already(steps[number].kinds[0], _facts(steps, levels, number))


def may_be_told(steps: Sequence[Ladder], levels: Sequence[Met], number: int) -> bool:
    """Return whether an equal identifier may tell all that a comparison says.

    It does only where it is valid and says the same, which no level tells.
    """
    by = steps[number].told_by
    return any(by in step.tells(met.place) for step, met in zip(steps, levels, strict=True))


def move(
    steps: Sequence[Ladder],
    levels: Sequence[Met],
    number: int,
    place: int,
    known: Known | None = None,
) -> Moved:
    """Return where a pair stands once it meets another level of one comparison.

    Args:
        steps: The ladders.
        levels: The level met of each.
        number: Which comparison.
        place: The place of the other level.
        known: Which columns both sides have, if that is known.
    """
    then = list(levels)
    then[number] = steps[number].met(place, levels[number])
    counted, unsure = [], []
    if place and may_be_told(steps, then, number):
        unsure.append(number)
    for other, step in enumerate(steps):
        if other == number:
            continue
        if then[other].place and is_counted(steps, then, other):
            then[other] = step.met(0)
            counted.append(other)
        elif not then[other].place:
            is_lacking = known is not None and step.lacking(known) != "neither"
            if not is_lacking and _passed_over(steps, levels, other):
                unsure += [] if _passed_over(steps, then, other) else [other]
        elif step.fields & steps[number].fields:
            hold = [*_facts(steps, then, other), *facts(step.kinds, then[other].place)]
            closer = [at for at in range(1, then[other].place) if holds(step.kinds[at], hold)]
            then[other] = step.met(closer[0]) if closer else then[other]
            unsure.append(other)
        elif step.told_by in steps[number].tells(place):
            unsure.append(other)
    names = [step.comparison.name for step in steps]
    return Moved(
        tuple(then),
        tuple(names[other] for other in counted),
        tuple(names[other] for other in unsure),
    )


def _passed_over(steps: Sequence[Ladder], levels: Sequence[Met], number: int) -> bool:
    return is_counted(steps, levels, number) or may_be_told(steps, levels, number)


def _facts(steps: Sequence[Ladder], levels: Sequence[Met], without: int) -> list[Kind]:
    """Return what holds by all comparisons but one."""
    return [
        fact
        for number, (step, met) in enumerate(zip(steps, levels, strict=True))
        if number != without
        for fact in facts(step.kinds, met.place)
    ]

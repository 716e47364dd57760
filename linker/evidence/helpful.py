"""Which field would help a question most, as far as the model tells."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linker.evidence.fields import FULL_NAME, NAME_PARTS, columns_of
from linker.evidence.implied import counted_already, facts
from linker.evidence.ladders import Ladder, ladders
from linker.model import LinkageModel, TrainedLevel
from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS, EntityType

_NOT_ASKED: Final = frozenset(
    {"age", "observed_on", "birth_date_precision", "second_surname", "surname_prefix"}
)
"""Fields that only stand in for another one, or belong to it."""


@dataclass(frozen=True)
class Expected:
    """What a comparison is expected to say of a match.

    Attributes:
        readings: The columns that each level reads, and its weight times the share of matches that
            meet it, in bits; the last level, which says that nothing agrees, reads what is needed.
        needed: The columns without which nothing is compared.
        needs_all: Whether each of them is needed, or any one.
    """

    readings: tuple[tuple[frozenset[str], float], ...]
    needed: tuple[str, ...]
    needs_all: bool

    def gain(self, columns: frozenset[str], filled: Mapping[str, float]) -> float:
        """Return what some columns add to the weight of a match on average, in bits."""
        shares = [filled.get(column, 1.0) for column in self.needed]
        known = min(shares, default=1.0) if self.needs_all else max(shares, default=1.0)
        return known * math.fsum(part for read, part in self.readings if read & columns)


@dataclass(frozen=True)
class Advice:
    """What each field would help, worked out once for a model.

    Attributes:
        entity_type: What the model is of.
        comparisons: What each comparison is expected to say.
    """

    entity_type: EntityType
    comparisons: tuple[Expected, ...]

    def helpful_fields(
        self, fields_given: Collection[str], filled: Mapping[str, float] | None = None
    ) -> list[str]:
        """Return the fields that would tell most if they were given too; see `helpful_fields`."""
        gains = self.gains(fields_given, filled)
        return sorted((field for field in gains if gains[field] > 0), key=lambda one: -gains[one])

    def gains(
        self, fields_given: Collection[str], filled: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """Return what each field that was not given would add to the weight of a match, in bits.

        Args:
            fields_given: The canonical fields that a question has.
            filled: Column: the share of records that have it, 1 where it is not told.

        Returns:
            Field: bits on average, in the order of the canonical fields.
        """
        found = {}
        for field in _to_ask(self.entity_type, frozenset(fields_given)):
            columns = frozenset(columns_of(field, self.entity_type))
            found[field] = math.fsum(one.gain(columns, filled or {}) for one in self.comparisons)
        return found


def advice(model: LinkageModel) -> Advice:
    """Return what each field would help, of a model.

    A comparison counts with the mean weight of its levels among matches, as far as they read what
    is made of a field. Of what another comparison mostly says already the rest counts.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    steps = ladders(model)
    return Advice(model.entity_type, tuple(_expected(step, steps) for step in steps))


def helpful_fields(
    model: LinkageModel,
    fields_given: Collection[str],
    filled: Mapping[str, float] | None = None,
) -> list[str]:
    """Return the fields that would tell most if they were given as well, the best first.

    An `Advice` says the same faster, to whom asks more than once.

    Args:
        model: The model in use.
        fields_given: The canonical fields that a question has.
        filled: Column: the share of records that have it. Without it every field counts as if all
            records had it, which favours what is telling and rare.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    return advice(model).helpful_fields(fields_given, filled)


def _to_ask(entity_type: EntityType, given: frozenset[str]) -> list[str]:
    """Return the fields that could be asked for: a name as a whole, or the part that is missing."""
    if entity_type == "organization":
        return [field for field in ORGANIZATION_FIELDS if field not in given]
    asked = [field for field in PERSON_FIELDS if field not in given | _NOT_ASKED]
    has_parts = bool(given & frozenset(NAME_PARTS))
    if has_parts and FULL_NAME not in given:
        return [field for field in asked if field != FULL_NAME]
    return [field for field in asked if field not in {*NAME_PARTS, "middle_name"}]


def _expected(step: Ladder, steps: Sequence[Ladder]) -> Expected:
    needed = step.words[0].needed
    fresh = (1 - _said_already(step, steps)) / _whole(step)
    levels = zip(step.kinds[1:], step.comparison.levels[1:], strict=True)
    return Expected(
        readings=tuple(
            (frozenset(kind.columns or needed), fresh * _m(level) * level.weight)
            for kind, level in levels
        ),
        needed=needed,
        needs_all=step.words[0].needs_all,
    )


def _said_already(step: Ladder, steps: Sequence[Ladder]) -> float:
    """Return the share of matches of which another comparison says all that one says."""
    shares = [
        math.fsum(
            _m(level)
            for place, level in enumerate(other.comparison.levels)
            if counted_already(step.kinds[0], facts(other.kinds, place))
        )
        / _whole(other)
        for other in steps
        if other is not step
    ]
    return max(shares, default=0.0)


def _whole(step: Ladder) -> float:
    """Return the sum of m over the levels: bounds on weights may have moved it from 1."""
    return math.fsum(_m(level) for level in step.comparison.levels)


def _m(level: TrainedLevel) -> float:
    return level.m or 0.0

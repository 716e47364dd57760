"""Judging what a lookup without a hit says: how probable it is that it missed a target.

By each combination of fields it is counted how often a target that is there was missed, and held
against what was said of these questions: by the model's evaluation, and by the model itself, which
serves where there is no evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from benchmarks.lookup.combinations import OTHERS, USUAL, Sought, count_found
from linker.lookup.desk import Desk
from linker.lookup.evaluation import Evaluation
from linker.lookup.missed import estimated
from linker.lookup.query import Asked, read_question
from linker.lookup.shelf import Shelf
from linker.schemas import EntityType

FEWEST: Final = 100
"""A share of fewer questions says too little to be judged by."""


@dataclass(frozen=True)
class Judged:
    """One combination of fields.

    Attributes:
        entity: What was looked for.
        fields: The combination.
        evaluated: Whether the evaluation asked by it too.
        asked: How many targets were asked for.
        beyond: The share of questions that are out of reach.
        missed: The share of them that was not found.
        estimated: What the evaluation says on average; None where it says nothing.
        expected: What the model itself says on average.
    """

    entity: EntityType
    fields: tuple[str, ...]
    evaluated: bool
    asked: int
    beyond: float
    missed: float
    estimated: float | None
    expected: float

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def judge(desk: Desk, entity: EntityType, sought: Sequence[Sought], most: int) -> list[Judged]:
    """Ask for known targets by every combination, and hold what is said against what was missed.

    Args:
        desk: Whom to ask.
        entity: What is looked for.
        sought: The targets.
        most: So many questions of a combination at most.
    """
    found = []
    shelf, as_of = desk.shelf(entity), desk.generation.as_of
    for combination in (*USUAL[entity], *OTHERS[entity]):
        counted = count_found(desk, combination, entity, sought, most)
        if not counted.questions:
            continue
        read = [read_question(question, as_of) for question in counted.questions]
        found.append(
            Judged(
                entity=entity,
                fields=combination,
                evaluated=combination in USUAL[entity],
                asked=len(read),
                beyond=round(_mean(counted.beyond), 4),
                missed=round(1 - _mean(counted.found), 4),
                estimated=_said(shelf, read, shelf.evaluation) if shelf.evaluation else None,
                expected=_said(shelf, read, None),
            )
        )
    return found


def _said(shelf: Shelf, read: Sequence[Asked], evaluation: Evaluation | None) -> float:
    return round(_mean([estimated(shelf, one, evaluation).probability for one in read]), 4)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def largest(judged: Sequence[Judged], *, evaluated: bool) -> tuple[float | None, float | None]:
    """Return the largest differences of what was said from what was missed.

    Args:
        judged: What `judge` returned.
        evaluated: Whether of combinations that the evaluation asked by, or of the others.

    Returns:
        That of the evaluation, and that of the model itself; None where there is none.
    """
    many = [one for one in judged if one.asked >= FEWEST and one.evaluated == evaluated]
    said = [abs(one.estimated - one.missed) for one in many if one.estimated is not None]
    itself = [abs(one.expected - one.missed) for one in many]
    return max(said, default=None), max(itself, default=None)

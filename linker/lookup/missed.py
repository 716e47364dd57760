"""How probable it is that a record of the target is there and was not found.

Two things miss: no blocking key agrees, or the weight of what agrees is too low. Of some questions
that is certain: a very common name by itself is out of reach, for a record that says the very same
weighs too little. Of the others a model that was evaluated says how often targets were missed, by
which fields a question gave: `evaluation.json` in its directory, written by
``python -m benchmarks.lookup --evaluate``. Of a model that was not, the weight is what the model
itself expects (its m probabilities, of the fields given), and what keys miss is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from linker.evidence.ladders import Ladder, ladders
from linker.lookup.answer import MissEstimate
from linker.lookup.query import Asked
from linker.model import LinkageModel, weight_of
from linker.scoring.levels import Kind
from linker.scoring.levels.dates import ImpreciseMonth, ImpreciseYear

if TYPE_CHECKING:
    from linker.lookup.shelf import Shelf

EVALUATION: Final = "evaluation.json"
_NAMES: Final = frozenset({"full_name", "given_name", "surname", "name", "aliases"})
_GRID: Final = 16
"""Steps of a bit in which weights are summed."""


@dataclass(frozen=True)
class Evaluation:
    """What asking for known targets gave.

    Attributes:
        of: What was asked, in words.
        rows: By the fields a question gave: how many were asked for, how many were found, of
            questions that are not out of reach.
        beyond: The same of all that are.
    """

    of: str
    rows: Mapping[frozenset[str], tuple[int, int]]
    beyond: tuple[int, int] = (0, 0)

    def nearest(self, fields: Iterable[str]) -> tuple[frozenset[str], int, int] | None:
        """Return the evaluated question that gives the most of some fields and no other.

        Of several, the one that missed the fewest: who gives more is found by each of them.

        Args:
            fields: As `fields_told` names them.
        """
        given = frozenset(fields)
        within = [row for row in self.rows if row and row <= given]
        if not within:
            return None
        best = max(within, key=lambda row: (len(row), -_share_missed(*self.rows[row]), sorted(row)))
        return best, *self.rows[best]


def read_evaluation(directory: Path) -> Evaluation | None:
    """Return the evaluation of a model; None where it has none, or one that cannot be read."""
    try:
        told: Any = json.loads((directory / EVALUATION).read_text(encoding="utf-8"))
        rows = {
            frozenset(row["fields"]): (int(row["asked"]), int(row["found"])) for row in told["rows"]
        }
        beyond = told.get("out_of_reach", {"asked": 0, "found": 0})
        return Evaluation(str(told["of"]), rows, (int(beyond["asked"]), int(beyond["found"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def missed(shelf: Shelf, asked: Asked, itself: float | None = None) -> MissEstimate:
    """Estimate how probable it is that a record of the target was missed.

    Args:
        shelf: What was asked.
        asked: The question.
        itself: What a record weighs that says exactly what was asked; worked out unless given.
    """
    return estimated(shelf, asked, shelf.evaluation, itself)


def estimated(
    shelf: Shelf, asked: Asked, evaluation: Evaluation | None, itself: float | None = None
) -> MissEstimate:
    """Estimate the same by an evaluation, or without one.

    Args:
        shelf: What was asked.
        asked: The question.
        evaluation: That of the model in use; None where it has none.
        itself: As in `missed`.
    """
    short = short_of(shelf, asked, itself)
    if short > 0:
        return _out_of_reach(evaluation, short)
    evaluated = by_evaluation(evaluation, asked) if evaluation else None
    return evaluated or by_model(shelf, asked)


def short_of(shelf: Shelf, asked: Asked, itself: float | None = None) -> float:
    """Return by how many bits a question is out of reach: 0 where it is not.

    A record that says exactly what was asked, and nothing else, weighs so much too little. Without
    a name nothing is out of reach: whoever holds an identifier is told of.

    Args:
        shelf: What is asked.
        asked: The question.
        itself: As in `missed`.
    """
    if _NAMES.isdisjoint(asked.fields):
        return 0.0
    if itself is None:
        scoring = shelf.scoring
        itself = float(scoring.itself(scoring.questions([scoring.compared(asked.mention)]))[0])
    return max(weight_of(shelf.thresholds.review) - itself, 0.0)


def _out_of_reach(evaluation: Evaluation | None, short: float) -> MissEstimate:
    count, found = evaluation.beyond if evaluation else (0, 0)
    return MissEstimate(
        round(_share_missed(count, found), 4) if count else 1.0,
        f"a record that says exactly this and nothing else weighs {short:.1f} bits too little to "
        "be a match: give more",
    )


def fields_told(asked: Asked) -> frozenset[str]:
    """Return the fields that a question gives, as an evaluation names them.

    A name is whole where it has a given name and a family name; a birth date of which the year is
    told alone is ``birth_year``.
    """
    fields = set(asked.fields)
    if {"given_name", "surname"} <= fields:
        fields.add("full_name")
    if "birth_date" in fields and "birth_date" not in asked.mention:
        fields.discard("birth_date")
        if "birth_year" in asked.mention:
            fields.add("birth_year")
    return frozenset(fields)


def by_evaluation(evaluation: Evaluation, asked: Asked) -> MissEstimate | None:
    """Return what an evaluation says of a question; None where it asked for nothing of it."""
    near = evaluation.nearest(fields_told(asked))
    if near is None:
        return None
    fields, count, found = near
    names = ", ".join(sorted(fields)).replace("_", " ")
    return MissEstimate(
        round(_share_missed(count, found), 4),
        f"of {count:,} questions that gave {names}, {found:,} found their target; {evaluation.of}",
    )


def _share_missed(count: int, found: int) -> float:
    """Return the rule of succession: no count of misses is proof that there are none."""
    return (count - found + 1) / (count + 2)


def by_model(shelf: Shelf, asked: Asked) -> MissEstimate:
    """Return what a model that was not evaluated says of a question itself."""
    filled = shelf.filled
    if _NAMES.isdisjoint(asked.fields):
        column = max(asked.fields, key=lambda field: filled.get(field, 0.0))
        return MissEstimate(
            round(1 - filled.get(column, 0.0), 4),
            f"the share of records that hold no {column.replace('_', ' ')}; a name would find them",
        )
    probability = shelf.expectation.misses(asked.mention, shelf.thresholds.review, filled)
    return MissEstimate(
        round(probability, 4),
        "what the model itself expects of matches that agree in no more than was asked; this model "
        "was not evaluated by questions of known targets, so keys that disagree are not counted",
    )


@dataclass(frozen=True)
class _Step:
    """A comparison, as matches meet it.

    Attributes:
        needed: The columns without which nothing is compared.
        needs_all: Whether each of them is needed, or any one.
        levels: By level the columns it reads, the share of matches that meet it, and its weight in
            steps of the grid.
    """

    needed: tuple[str, ...]
    needs_all: bool
    levels: tuple[tuple[frozenset[str], float, int], ...]

    def known(self, asked: Collection[str], filled: Mapping[str, float]) -> float:
        """Return in what share of pairs with a question there is something to compare."""
        there = [filled.get(name, 1.0) if name in asked else 0.0 for name in self.needed]
        return (min if self.needs_all else max)(there, default=1.0)

    def met(self, asked: Collection[str]) -> dict[int, float]:
        """Return by weight the share of matches that meet a level, of columns that are asked.

        Who would meet a level that reads more meets the next one that can be told.
        """
        found: dict[int, float] = {}
        waiting = 0.0
        for columns, share, weight in self.levels:
            waiting += share
            if columns.issubset(asked):
                found[weight] = found.get(weight, 0.0) + waiting
                waiting = 0.0
        return found


class Expectation:
    """What a model itself expects of matches: how much they weigh, by what is compared."""

    def __init__(self, model: LinkageModel) -> None:
        """Read the model.

        Raises:
            ConfigError: A level's kind or a parameter is unknown.
        """
        self._prior = model.prior_weight
        self._steps = [_step(ladder) for ladder in ladders(model)]

    def misses(self, asked: Collection[str], review: float, filled: Mapping[str, float]) -> float:
        """Return the share of matches whose weight is expected below the review threshold.

        Comparisons are independent of each other, as the model takes them to be; those of which the
        question or a record lacks what is needed weigh nothing. Term frequencies are left out.

        Args:
            asked: The columns that the question's mention has.
            review: The review threshold, a probability.
            filled: Column: the share of records that have it.
        """
        weights, first = np.ones(1), 0
        for step in self._steps:
            known = step.known(asked, filled)
            if known == 0:
                continue
            met = {weight: share * known for weight, share in step.met(asked).items()}
            met[0] = met.get(0, 0.0) + 1 - known
            low, high = min(met), max(met)
            summed = np.zeros(len(weights) + high - low)
            for weight, share in met.items():
                summed[weight - low : weight - low + len(weights)] += share * weights
            weights, first = summed, first + low
        enough = (weight_of(review) - self._prior) * _GRID
        below = np.arange(first, first + len(weights)) < enough
        return float(weights[below].sum() / weights.sum())


def _step(ladder: Ladder) -> _Step:
    levels = list(zip(ladder.kinds, ladder.comparison.levels, strict=True))[1:]
    whole = sum(level.m or 0.0 for _, level in levels)
    return _Step(
        needed=ladder.words[0].needed,
        needs_all=ladder.words[0].needs_all,
        levels=tuple(
            (_told(kind), (level.m or 0.0) / whole, round(level.weight * _GRID))
            for kind, level in levels
        ),
    )


def _told(kind: Kind) -> frozenset[str]:
    """Return the columns that a question must have for a level to be met."""
    if isinstance(kind, ImpreciseYear):
        return frozenset({kind.year})
    if isinstance(kind, ImpreciseMonth):
        return frozenset({kind.year, kind.month})
    return frozenset(kind.columns)

"""How probable it is that a record of the target is there and was not found.

Two things miss: no blocking key agrees, or the weight of what agrees is too low. Of some questions
that is certain: a very common name by itself is out of reach, for a record that says the very same
weighs too little. Of the others a model that was evaluated says how often targets were missed, by
which fields a question gave (`linker.lookup.evaluation`). Of a model that was not, the weight is
what the model itself expects (`linker.lookup.expected`), and what keys miss is unknown.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from linker.lookup.answer import MissEstimate
from linker.lookup.evaluation import Evaluation
from linker.lookup.query import Asked
from linker.model import weight_of

if TYPE_CHECKING:
    from linker.lookup.shelf import Shelf

_NAMES: Final = frozenset({"full_name", "given_name", "surname", "name", "aliases"})


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
    slack = slack_of(shelf, asked, itself)
    if slack < 0:
        return _out_of_reach(evaluation, -slack)
    evaluated = by_evaluation(evaluation, shelf, asked) if evaluation else None
    return evaluated or by_model(shelf, asked)


def evidence_needed(shelf: Shelf) -> float:
    """Return how much evidence makes a hit, in bits: the review threshold over the prior."""
    return weight_of(shelf.thresholds.review) - shelf.scoring.in_use.model.prior_weight


def slack_of(shelf: Shelf, asked: Asked, itself: float | None = None) -> float:
    """Return how much more than needed a record weighs that says exactly what was asked, in bits.

    Below 0 a question is out of reach: a record that says this and nothing else is no hit. Without
    a name nothing is: whoever holds an identifier is told of.

    Args:
        shelf: What is asked.
        asked: The question.
        itself: As in `missed`.
    """
    if _NAMES.isdisjoint(asked.fields):
        return math.inf
    if itself is None:
        scoring = shelf.scoring
        itself = float(scoring.itself(scoring.questions([scoring.compared(asked.mention)]))[0])
    return itself - weight_of(shelf.thresholds.review)


def _out_of_reach(evaluation: Evaluation | None, short: float) -> MissEstimate:
    counts = evaluation.beyond if evaluation else None
    return MissEstimate(
        round(counts.missed(0), 4) if counts and counts.at(0)[0] else 1.0,
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


def by_evaluation(evaluation: Evaluation, shelf: Shelf, asked: Asked) -> MissEstimate | None:
    """Return what an evaluation says of a question; None where it asked for nothing of it.

    Args:
        evaluation: That of the model in use.
        shelf: Says how much evidence a match needs here.
        asked: The question.
    """
    bits = evidence_needed(shelf) - evaluation.needed
    fields = evaluation.nearest(fields_told(asked), bits)
    if fields is None:
        return None
    counts = evaluation.rows[fields]
    many, found = counts.at(bits)
    names = ", ".join(sorted(fields)).replace("_", " ")
    more = round(bits)
    harder = f", counted as if a match needed {more} bits more, as it does here" if more > 0 else ""
    return MissEstimate(
        round(counts.missed(bits), 4),
        f"of {many:,} questions that gave {names}, {found:,} found their target; "
        f"{evaluation.of}{harder}",
    )


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

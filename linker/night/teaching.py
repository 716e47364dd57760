"""The labelled pairs that a model is trained on: people's decisions, by the numbers of records.

Labels are taken as a whole. Where some of them contradict each other (A is B, B is C, A is not C),
nobody knows which is wrong, and none of these is trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.entities.decisions import decide
from linker.night.records import Records
from linker.schemas import RECORD

MOST_TOLD: Final = 5
"""So many contradictions are told one by one, and so many numbers of waiting decisions."""


@dataclass(frozen=True)
class Lessons:
    """The labelled pairs of some records.

    Attributes:
        pairs: ``mention_l``, ``mention_r`` (numbers of the records) and ``is_match``, sorted.
        notes: What there is to say of them, a sentence each; numbers of decisions alone.
    """

    pairs: pl.DataFrame
    notes: tuple[str, ...]

    @property
    def matches(self) -> int:
        """How many of the pairs are one target."""
        return int(self.pairs["is_match"].sum())

    @property
    def usable(self) -> pl.DataFrame | None:
        """The pairs, None where not one of them is a match: m is the share among matches."""
        return self.pairs if self.matches else None


def lessons_of(decisions: pl.DataFrame, records: Records) -> Lessons:
    """Return the labelled pairs of some records.

    Args:
        decisions: `linker.night.labels.telling_decisions` of the part to train on.
        records: The records that a model is trained on; those that the decisions name are among
            them, or no source holds them.
    """
    decided = decide(decisions, records.entity_type, records.mentions.read(list(RECORD)))
    contradictions = [sorted({found.parts, *found.path}) for found in decided.conflicts]
    at_odds = {number for numbers in contradictions for number in numbers}
    sides = [
        found.with_columns(is_match=pl.lit(is_match, pl.Boolean()))
        for found, is_match in ((decided.together, True), (decided.apart, False))
    ]
    pairs = (
        pl.concat(sides)
        .filter(~pl.col("decision").is_in(sorted(at_odds)))
        .select("mention_l", "mention_r", "is_match")
        .sort("mention_l", "mention_r")
    )
    notes = _contradicting(contradictions)
    if decided.waiting:
        notes.append(
            f"labels: of {_decisions(decided.waiting)} a record is in no source; what "
            f"{'it says' if len(decided.waiting) == 1 else 'they say'} waits for it"
        )
    if pairs.height:
        notes.append(_counts(pairs))
    elif decisions.height:
        notes.append("labels: none is left to train on")
    return Lessons(pairs, tuple(notes))


def _contradicting(contradictions: Sequence[Sequence[int]]) -> list[str]:
    notes = [
        f"labels: {_decisions(numbers)} contradict each other, so that none of them is trained "
        "on; withdraw one"
        for numbers in contradictions[:MOST_TOLD]
    ]
    more = len(contradictions) - MOST_TOLD
    if more > 0:
        notes.append(f"labels: {more:,} more contradictions among decisions are not trained on")
    return notes


def _counts(pairs: pl.DataFrame) -> str:
    matches = int(pairs["is_match"].sum())
    others = pairs.height - matches
    if not matches:
        return (
            f"labels: none of the {others:,} labelled pairs is a match, so that they say nothing "
            "of m; they are left out"
        )
    if not others:
        return f"labels: all {matches:,} labelled pairs are matches; no pair says what is none"
    return f"labels: {matches:,} matches and {others:,} non-matches of people's decisions"


def _decisions(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"decision {numbers[0]}"
    told = ", ".join(map(str, numbers[:MOST_TOLD]))
    more = f" and {len(numbers) - MOST_TOLD:,} more" if len(numbers) > MOST_TOLD else ""
    return f"decisions {told}{more}"

"""Scoring questions against their candidates: by the batch's kernel, from the batch's features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int32s
from linker.deconfliction.demotion import MADE_OF
from linker.evidence.known import Known
from linker.evidence.words import Phrasebook, phrasebook
from linker.model import ModelInUse, TrainedComparison
from linker.scoring.explain import Evidence, evidence_of
from linker.scoring.features.few import Part, packed_together, places_of
from linker.scoring.features.few_taken import Places
from linker.scoring.features.layout import Layout
from linker.scoring.features.one_term_logs import OneTermLogs
from linker.scoring.features.pack import Features, Rows
from linker.scoring.features.pack_one import pack_few
from linker.scoring.features.term_logs import TermLogs
from linker.scoring.kernel.drive import Floats, Kept
from linker.scoring.levels.sides import WORD_BITS, known_words
from linker.scoring.scorer import (
    EVERYTHING,
    PackedMentions,
    probabilities,
    room,
    score_pairs,
    scorer_of,
)
from linker.standardise.one import Mention
from linker.store.lookup_index.index import LookupIndex

MOST_TOGETHER: Final = 2_048
"""So many candidates are packed together, some 2 MB: they stay near the processor until they are
scored. Of one question all are, however many."""
MOST_REMEMBERED: Final = 4_096
"""Of so many combinations of columns it is remembered where they are."""


@dataclass(frozen=True)
class Questions:
    """Some questions as they are compared, packed.

    Attributes:
        features: They, in their order.
        logs: The logarithms of their values' term frequencies.
        places: Of each, where in rows of candidates the texts are that are compared with its own.
    """

    features: Features
    logs: TermLogs
    places: tuple[Places, ...]


@dataclass(frozen=True)
class Pairing:
    """A question, by its place, and mentions to score it against.

    Attributes:
        question: Its place among `Questions`.
        mentions: Their numbers.
        least: The weight from which on a mention is of interest, in bits; one whose biometric
            identifier is equal is always.
    """

    question: int
    mentions: Int32s
    least: float = EVERYTHING


@dataclass(frozen=True)
class Scored:
    """A question's candidates, scored.

    Attributes:
        mentions: The numbers of those that are of interest.
        kept: The weights, levels and parts of each, in this order.
        probabilities: Of a match.
        held: What the question has, and after it what each candidate has: the known words of rows.
        compared: How many were compared.
        layout: Says which columns these tell of.
    """

    mentions: Int32s
    kept: Kept
    probabilities: np.ndarray[tuple[int], np.dtype[np.float64]]
    held: Rows
    compared: int
    layout: Layout

    def known(self, place: int) -> Known:
        """Return which columns the question has, and which the candidate at a place."""
        return Known(self._columns(0), self._columns(place + 1))

    def _columns(self, row: int) -> frozenset[str]:
        words = self.held[row].tolist()
        return frozenset(
            name
            for name, slot in self.layout.slots.items()
            if words[slot.number // WORD_BITS] >> slot.number % WORD_BITS & 1
        )

    def with_more(self, other: Scored) -> Scored:
        """Return these candidates of a question, and others of it after them."""
        one, two = self.kept, other.kept
        kept = Kept(
            np.concatenate([one.left, two.left]),
            np.concatenate([one.right, two.right]),
            np.concatenate([one.rule, two.rule]),
            np.concatenate([one.weight, two.weight]),
            np.concatenate([one.identity, two.identity]),
            np.concatenate([one.confirmed, two.confirmed]),
            np.concatenate([one.found, two.found]),
            np.concatenate([one.parts, two.parts]),
            one.tally,
        )
        return Scored(
            np.concatenate([self.mentions, other.mentions]),
            kept,
            np.concatenate([self.probabilities, other.probabilities]),
            np.concatenate([self.held, other.held[1:]]),
            self.compared + other.compared,
            self.layout,
        )


class Scoring:
    """A model of a generation, made ready to be asked over and over."""

    def __init__(self, in_use: ModelInUse, demoted: pl.DataFrame) -> None:
        """Load the kernel.

        Args:
            in_use: The model, its prior that of the link.
            demoted: `DEMOTED`, the values that count as missing.

        Raises:
            ModelError: A level is untrained.
        """
        self.in_use = in_use
        self.scorer = scorer_of(in_use)
        self.phrases: Phrasebook = phrasebook(in_use.model)
        self._demoted = {
            str(column): frozenset(values["value"])
            for (column,), values in demoted.partition_by("column", as_dict=True).items()
        }
        most = max(len(comparison.levels) for comparison in self.comparisons)
        # by comparison and level; what says that something is missing speaks for nothing
        self._weights = np.full((len(self.comparisons), most), -np.inf)
        for number, comparison in enumerate(self.comparisons):
            for place, level in enumerate(comparison.levels):
                self._weights[number, place] = -np.inf if level.is_missing else level.weight
        self._terms = OneTermLogs(in_use, self.scorer.plan.word_columns)
        self._columns = self._terms.columns
        self._known_places: dict[frozenset[str], Places] = {}
        self._read_with = {
            column: frozenset(
                name
                for level in self.scorer.plan.every_level
                if column in {level.trained.term_frequency, *level.kind.word_columns}
                for name in level.kind.columns
            )
            for column in self._columns
        }

    @property
    def comparisons(self) -> Sequence[TrainedComparison]:
        """The model's comparisons."""
        return self.in_use.model.comparisons

    def compared(self, mention: Mention) -> Mention:
        """Return a mention as it is compared: values that strangers share are missing."""
        left_out = {
            name
            for column, values in self._demoted.items()
            if mention.get(column) in values
            for name in (column, *MADE_OF.get(column, ()))
        }
        return {name: value for name, value in mention.items() if name not in left_out}

    def questions(self, mentions: Sequence[Mention]) -> Questions:
        """Return questions packed, given as they are compared."""
        packed = pack_few(mentions, self.scorer.layout)
        places = tuple(self._places(self._needed(mention)) for mention in mentions)
        return Questions(packed, self._terms.logs(packed), places)

    def _places(self, needed: frozenset[str]) -> Places:
        known = self._known_places.get(needed)
        if known is None:
            known = places_of(self.scorer.layout, needed)
            if len(self._known_places) < MOST_REMEMBERED:
                self._known_places[needed] = known
        return known

    def score(self, index: LookupIndex, mention: Mention, mentions: Int32s) -> Scored:
        """Score a question against some mentions.

        Args:
            index: Where they lie.
            mention: The question's, as it is compared.
            mentions: Their numbers.
        """
        return self.score_many(index, self.questions([mention]), [Pairing(0, mentions)])[0]

    def score_many(
        self, index: LookupIndex, questions: Questions, asked: Sequence[Pairing]
    ) -> list[Scored]:
        """Score several questions, each against mentions of its own.

        What comes of a question is what would come of it alone.

        Args:
            index: Where the mentions lie.
            questions: The questions.
            asked: Which of them, and against what.
        """
        return [
            scored for some in _together(asked) for scored in self._score(index, questions, some)
        ]

    def itself(self, questions: Questions) -> Floats:
        """Return what records weigh that say exactly what some questions do, and nothing else.

        Returns:
            Bits, by question; infinity where a biometric identifier is given, which confirms.
        """
        packed = PackedMentions(self.scorer, questions.features, questions.logs)
        same = np.arange(len(questions.places), dtype=np.int32)
        kept = score_pairs(packed, same, same)
        return np.where(kept.confirmed, np.inf, kept.weight)

    def _score(
        self, index: LookupIndex, questions: Questions, asked: Sequence[Pairing]
    ) -> Iterator[Scored]:
        rows = np.array([pairing.question for pairing in asked], dtype=np.int64)
        parts = [Part(questions.features, questions.logs, rows)]
        ordered = []
        for pairing in asked:
            places = questions.places[pairing.question]
            of_segments, mentions = index.parts(np.sort(pairing.mentions))
            parts += [replace(part, places=places) for part in of_segments]
            ordered.append(mentions)
        packed = PackedMentions(self.scorer, *packed_together(parts, self._columns))
        held = packed.features.rows[:, : known_words(len(self.scorer.layout.slots))]
        first = len(asked)
        for left, (pairing, mentions) in enumerate(zip(asked, ordered, strict=True)):
            count = len(mentions)
            if not count:
                yield self._nobody(held[left : left + 1])
                continue
            right = np.arange(first, first + count, dtype=np.int32)
            kept = score_pairs(
                packed, np.full_like(right, left), right, pairing.least, details=True
            )
            yield Scored(
                mentions[kept.right - first],
                kept,
                probabilities(kept.weight),
                held[np.append(left, kept.right)],
                count,
                self.scorer.layout,
            )
            first += count

    def _nobody(self, held: Rows) -> Scored:
        """Return that a question has no candidates."""
        kept = room(0, len(self.comparisons), details=True)
        return Scored(np.empty(0, dtype=np.int32), kept, kept.weight, held, 0, self.scorer.layout)

    def _needed(self, mention: Mention) -> frozenset[str]:
        """Return the columns whose texts are compared with a question's, or are asked how common.

        A text is compared with texts of its group alone. A term frequency is read where a level is
        met, which takes a column that the question has.
        """
        met = [group for group in self.scorer.layout.groups if not mention.keys().isdisjoint(group)]
        read = [
            column
            for column, needing in self._read_with.items()
            if not mention.keys().isdisjoint(needing)
        ]
        return frozenset(read).union(*met)

    def evidence(self, scored: Scored, place: int) -> list[Evidence]:
        """Return what each comparison says of the candidate at a place."""
        kept = scored.kept
        return [
            evidence_of(comparison, int(level), float(part))
            for comparison, level, part in zip(
                self.comparisons, kept.found[place], kept.parts[place], strict=True
            )
        ]

    def in_words(self, scored: Scored, place: int) -> list[dict[str, Any]]:
        """Return the evidence of the candidate at a place as JSON values, with words."""
        known = scored.known(place)
        return [
            {
                "comparison": evidence.comparison,
                "side": evidence.side,
                "level": evidence.level,
                "place": evidence.place,
                "weight": evidence.weight,
                "term_frequency_weight": evidence.term_frequency_weight,
                "words": self.phrases.in_words(evidence, known),
            }
            for evidence in self.evidence(scored, place)
        ]

    def speaking_for(self, scored: Scored, places: Sequence[int]) -> list[str]:
        """Return the comparisons that speak for one of some candidates at least, in their order."""
        kept = scored.kept
        every = np.arange(len(self.comparisons))
        weights = self._weights[every, kept.found[places]] + kept.parts[places]
        speaking = (weights > 0).any(axis=0)
        return [self.comparisons[number].name for number in np.flatnonzero(speaking).tolist()]


def sides(evidence: Iterable[Evidence]) -> Mapping[str, list[str]]:
    """Return the comparisons by what they say: for, against, absent."""
    found: dict[str, list[str]] = {"for": [], "against": [], "absent": []}
    for one in evidence:
        found[one.side].append(one.comparison)
    return found


def _together(asked: Sequence[Pairing]) -> Iterator[list[Pairing]]:
    """Return runs of questions whose candidates are packed together."""
    some: list[Pairing] = []
    count = 0
    for pairing in asked:
        if some and count + len(pairing.mentions) > MOST_TOGETHER:
            yield some
            some, count = [], 0
        some.append(pairing)
        count += len(pairing.mentions)
    if some:
        yield some

"""What is open of one entity type of a generation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from linker.blocking.one_keys import KeyMaker
from linker.entities.cluster import is_link
from linker.evidence.helpful import Advice, advice
from linker.evidence.summary import summary_words
from linker.evidence.verdict import Verdict
from linker.lookup.answer import Tier
from linker.lookup.evaluation import Evaluation, read_evaluation
from linker.lookup.expected import Expectation
from linker.lookup.scoring import Scored, Scoring
from linker.model import Thresholds
from linker.schemas import EntityType
from linker.store.generation import Generation
from linker.store.lookup_index.index import LookupIndex

MOST_REMEMBERED: Final = 4_096
"""Of so many combinations of fields it is remembered what would help."""


@dataclass(frozen=True)
class Shelf:
    """One entity type of a published generation, open.

    Attributes:
        entity_type: Of which.
        generation: The generation.
        index: Its lookup index.
        scoring: Its model.
        maker: Makes the keys of its blocking rules.
        rules: Rule: what its keys are called.
        thresholds: Those in use.
    """

    entity_type: EntityType
    generation: Generation
    index: LookupIndex
    scoring: Scoring
    maker: KeyMaker
    rules: Mapping[str, str]
    thresholds: Thresholds

    @cached_property
    def evaluation(self) -> Evaluation | None:
        """What the model's evaluation says of what is missed; None where it has none."""
        return read_evaluation(self.generation.model_directory(self.entity_type))

    @cached_property
    def filled(self) -> Mapping[str, float]:
        """By column the share of mentions that have it."""
        held = self.index.held
        return {name: 1 - count / max(held.total, 1) for name, count in held.nulls.items()}

    @cached_property
    def expectation(self) -> Expectation:
        """What the model itself expects of matches."""
        return Expectation(self.scoring.in_use.model)

    @cached_property
    def _advice(self) -> Advice:
        return advice(self.scoring.in_use.model)

    @cached_property
    def _helpful(self) -> dict[tuple[str, ...], list[str]]:
        return {}

    def helpful(self, fields: tuple[str, ...]) -> list[str]:
        """Return the fields that would tell most if a question gave them as well.

        Args:
            fields: Those it gives.
        """
        known = self._helpful.get(fields)
        if known is None:
            known = self._advice.helpful_fields(fields, self.filled)
            if len(self._helpful) < MOST_REMEMBERED:
                self._helpful[fields] = known
        return known

    @property
    def as_of(self) -> dt.date:
        """The date investigations are judged at."""
        return self.generation.as_of

    def near(self, scored: Scored) -> list[int]:
        """Return the places of the candidates that may be the one asked for, the heaviest first.

        Candidates of equal weight come in the order of their numbers.
        """
        kept = scored.kept
        enough = (scored.probabilities >= self.thresholds.review) | kept.confirmed
        places = enough.nonzero()[0].tolist()
        return sorted(places, key=lambda at: (-kept.weight[at], scored.mentions[at]))

    def surely_found(self, scored: Scored) -> bool:
        """Return whether some candidate is a link."""
        kept = scored.kept
        linked = scored.probabilities >= self.thresholds.link
        linked &= kept.identity >= self.thresholds.identity_floor
        return bool((linked | kept.confirmed).any())

    def summary(self, scored: Scored, place: int, verdict: Verdict) -> str:
        """Return the conclusion on a candidate, in words."""
        evidence = self.scoring.evidence(scored, place)
        return summary_words(self.scoring.in_use.model, evidence, self.thresholds, verdict)

    def tier(self, scored: Scored, place: int, *, confirmed: bool) -> Tier:
        """Return how sure it is that a candidate is the one asked for."""
        if confirmed:
            return "CONFIRMED"
        probability = float(scored.probabilities[place])
        identity = float(scored.kept.identity[place])
        return "PROBABLE" if is_link(probability, identity, self.thresholds) else "POSSIBLE"

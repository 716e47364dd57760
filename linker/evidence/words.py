"""Evidence in words: what was compared, what was found, how often that is so, what it says.

A sentence is made of a model's parameters, of a weight, and of which columns both records have. It
never sees a value of either record, and so cannot show one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linker.evidence.fields import noun
from linker.evidence.findings import listed
from linker.evidence.known import Known, Lacking
from linker.evidence.level_words import LevelWords, level_words
from linker.evidence.numbers import bits, is_nothing, natural, signed_bits
from linker.evidence.strength import strength
from linker.model import LinkageModel, TrainedComparison
from linker.schemas import EntityType
from linker.scoring.explain import Evidence

PEOPLE: Final[Mapping[EntityType, str]] = {"person": "people", "organization": "organizations"}
NOTHING: Final = "Says nothing either way."


def in_words(
    comparison: TrainedComparison,
    place: int,
    weight: float,
    term_frequency_weight: float,
    entity_type: EntityType = "person",
    known: Known | None = None,
) -> str:
    """Return what a comparison says of two records, without a value of either.

    A `Phrasebook` says the same faster, to whom asks more than once.

    Args:
        comparison: The comparison.
        place: The place of the level that the pair met, from 0.
        weight: What it weighs, in bits, term-frequency part included.
        term_frequency_weight: That part.
        entity_type: What the records are about.
        known: Which columns both sides have, so that an absence can be told exactly.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    level = level_words(comparison, entity_type)[place]
    return _sentence(level, weight, term_frequency_weight, entity_type, known)


@dataclass(frozen=True)
class Phrasebook:
    """The words of all levels of a model, made once: a lookup says hundreds of sentences.

    Attributes:
        entity_type: What the model is of.
        levels: Comparison: the words of its levels, by place.
    """

    entity_type: EntityType
    levels: Mapping[str, tuple[LevelWords, ...]]

    def in_words(self, evidence: Evidence, known: Known | None = None) -> str:
        """Return what one comparison says of a pair; see `in_words`."""
        level = self.levels[evidence.comparison][evidence.place]
        part = evidence.term_frequency_weight
        return _sentence(level, evidence.weight, part, self.entity_type, known)


def phrasebook(model: LinkageModel) -> Phrasebook:
    """Return the words of a model's levels.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    levels = {
        comparison.name: level_words(comparison, model.entity_type)
        for comparison in model.comparisons
    }
    return Phrasebook(model.entity_type, levels)


def conclusion(weight: float, entity_type: EntityType) -> str:
    """Return what a weight says, and how strongly, as a sentence."""
    if is_nothing(weight):
        return NOTHING
    strongly = strength(weight)
    if strongly is None:
        return f"Says hardly anything: {signed_bits(weight)}."
    side = "for" if weight > 0 else "against"
    return f"Speaks {strongly} {side} one {entity_type}: {signed_bits(weight)}."


def lacking_words(level: LevelWords, lacking: Lacking) -> str:
    """Return why nothing is compared, as a clause.

    Args:
        level: Any level of the comparison.
        lacking: Which side does not give what is needed.
    """
    if lacking == "neither":
        return f"both records give one, but {level.passed_over}"
    nouns = [noun(column).indefinite for column in level.needed]
    if lacking == "both":
        return f"neither the question nor the record gives {listed(nouns, 'or')}"
    if level.needs_all:
        return f"the {lacking} does not give {listed(nouns, 'and')}"
    other = "record" if lacking == "question" else "question"
    plain = listed([noun(column).one for column in level.needed], "or")
    return f"the {lacking} gives no {plain} that the {other} gives too"


def _sentence(
    level: LevelWords,
    weight: float,
    term_part: float,
    entity_type: EntityType,
    known: Known | None,
) -> str:
    if level.is_missing:
        found = level.found
        if known is not None:
            lacking = known.lacking(level.needed, any_of=not level.needs_all)
            found = lacking_words(level, lacking)
        return f"{level.heading}: {found}. {NOTHING}"
    parts = [
        f"{level.heading}: {level.found}.",
        level.often,
        _rarity(level, term_part, entity_type),
        conclusion(weight, entity_type),
        (level.if_for if weight > 0 else level.if_against) if strength(weight) else "",
    ]
    return " ".join(part for part in parts if part)


def _rarity(level: LevelWords, term_part: float, entity_type: EntityType) -> str:
    """Return how common the value is that both records give, as far as its weight tells it.

    The term-frequency part of a weight is log2(u) - log2(tf), so tf follows from it.
    """
    if level.term_column is None or not term_part:
        return ""
    share = min(level.term_u * 2.0**-term_part, 1.0)
    words = noun(level.term_column)
    which = f"this {words.one}" if level.equal_terms else f"the commoner of the two {words.many}"
    frequency = natural(share)
    give = "gives" if frequency.startswith("1 in ") else "give"
    often = f"About {frequency} {PEOPLE[entity_type]} {give} {which}"
    if is_nothing(term_part):
        return f"{often}, which is usual."
    if term_part > 0:
        return f"{often}: rarer than usual, which adds {bits(term_part)}."
    return f"{often}: commoner than usual, which takes {bits(-term_part)} off."

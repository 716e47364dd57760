"""What is said of every level of the shipped models, as the golden files beside this one hold it.

``python -m tests.evidence.sentences`` writes them anew; read what changed before you commit it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from linker.evidence.known import Known
from linker.evidence.words import in_words
from linker.jobs.models import shipped_model
from linker.model import LinkageModel, TrainedComparison, read_model
from linker.schemas import ENTITY_TYPES, MENTIONS, EntityType

TERM_PARTS = (-2.5, 2.5)
"""Bits that the rarity of a value takes off and adds."""


def golden_file(entity_type: EntityType) -> Path:
    return Path(__file__).with_name(f"words_{entity_type}.txt")


def sentences(entity_type: EntityType) -> list[str]:
    """A line for every level, more where a value's rarity counts, and all ways to be absent."""
    model = read_model(shipped_model(entity_type), entity_type).model
    return [line for comparison in model.comparisons for line in _lines(comparison, model)]


def _lines(comparison: TrainedComparison, model: LinkageModel) -> Iterator[str]:
    entity_type = model.entity_type
    everything, nothing = frozenset(MENTIONS[entity_type]), frozenset[str]()
    yield f"# {comparison.name}"
    for place, level in enumerate(comparison.levels):
        yield in_words(comparison, place, level.weight, 0.0, entity_type)
        for part in TERM_PARTS if level.term_frequency else ():
            yield in_words(comparison, place, level.weight + part, part, entity_type)
    for question in (nothing, everything):
        for record in (nothing, everything):
            known = Known(question, record)
            yield in_words(comparison, 0, 0.0, 0.0, entity_type, known)
    yield ""


if __name__ == "__main__":
    for entity_type in ENTITY_TYPES:
        text = "\n".join(sentences(entity_type))
        golden_file(entity_type).write_text(text, encoding="utf-8")

"""What a model is trained on: records of the store or the sources, and people's decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linker.blocking.keys import key_columns
from linker.config import Config, EntitySettings
from linker.entities.decisions import named_records
from linker.night.labels import telling_decisions
from linker.night.profile import profile_columns
from linker.night.records import Records, read_otherwise, records_of
from linker.night.teaching import Lessons, lessons_of
from linker.progress import Progress
from linker.schemas import MENTIONS, EntityType
from linker.scoring.settings import comparison_columns


@dataclass(frozen=True)
class Material:
    """What a model is trained on.

    Attributes:
        settings: Those of the entity type.
        records: A sample of `TrainingSettings.max_records`, and those that decisions name.
        lessons: The labelled pairs of these records.
        notes: What there is to say of all this, a sentence each.
    """

    settings: EntitySettings
    records: Records
    lessons: Lessons
    notes: tuple[str, ...]

    @property
    def entity_type(self) -> EntityType:
        """What the records are mentions of."""
        return self.records.entity_type

    @property
    def data(self) -> dict[str, Any]:
        """Which records, JSON values."""
        return {
            "digest": self.records.digest,
            "origin": self.records.origin,
            "generation": self.records.generation,
            "total": self.records.total,
            "sampled": self.records.height,
            "added": self.records.added,
            "seed": self.records.seed,
        }


def material_of(
    config: Config, entity_type: EntityType, progress: Progress, *, from_sources: bool
) -> Material:
    """Return what a model of an entity type is trained on.

    Decisions that are kept for evaluation are not looked at. The records that the others name are
    among the records, or no source holds them.

    Args:
        config: Sources, store, training settings.
        entity_type: Of which.
        progress: Receives a line about each step.
        from_sources: Read the sources though something has been published.

    Raises:
        StoreError: The store is damaged, or another version of linker wrote it.
        SourceError: A source cannot be read, or too many of its rows are bad.
    """
    settings = config.settings_of(entity_type)
    decisions = telling_decisions(config, entity_type, "training")
    records = records_of(
        config,
        entity_type,
        training_columns(settings, entity_type),
        progress,
        most=settings.training.max_records,
        seed=settings.training.seed,
        from_sources=from_sources,
        also=named_records(decisions),
    )
    progress.say(f"{entity_type}: to train on: {records.origin}")
    lessons = lessons_of(decisions, records)
    otherwise = read_otherwise(config, entity_type) if records.generation is not None else []
    notes = tuple(
        f"source {name}: generation {records.generation} has not read it as it is configured now; "
        "link first, or train with --from-sources"
        for name in otherwise
    )
    for note in (*notes, *lessons.notes):
        progress.say(note)
    return Material(settings, records, lessons, (*notes, *lessons.notes))


def training_columns(settings: EntitySettings, entity_type: EntityType) -> set[str]:
    """Return the columns of mentions that a training reads."""
    training = settings.training
    read = {
        column
        for comparison in settings.comparisons
        for column in comparison_columns(comparison, entity_type)
    }
    read.update(
        level.term_frequency
        for comparison in settings.comparisons
        for level in comparison.levels
        if level.term_frequency
    )
    read.update(training.term_frequency_words.values())
    read.update(training.term_frequency_witnesses)
    read.update(training.strong_identifiers)
    rules = [*training.sessions, *training.fallback_sessions]
    rules += [*training.prior_rules, *training.fallback_prior_rules, *training.household_sessions]
    read.update(column for rule in rules for column in rule)
    read |= key_columns(settings.blocking, entity_type)
    read.update(profile_columns(settings, entity_type))
    return read & set(MENTIONS[entity_type])

"""The retraining recipe: sources to a model in the registry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linker.config import Config, EntitySettings
from linker.errors import ModelError, UsageError
from linker.jobs.mentions import take_in
from linker.jobs.progress import Progress
from linker.report.model_page import model_page
from linker.schemas import MENTIONS, EntityType
from linker.scoring.fit import refuse_bad_comparisons
from linker.scoring.settings import comparison_columns
from linker.store.layout import storage_errors
from linker.training.estimate import estimate
from linker.training.registry import next_version, splink_json, write_model

_VERSION: Final = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True)
class Trained:
    """A model that was trained and where it lies."""

    entity_type: EntityType
    version: str
    directory: Path
    records: int
    comparisons: tuple[str, ...]
    comparisons_left_out: tuple[str, ...]
    seconds: float


def train(
    config: Config, entity_type: EntityType, out: Path, version: str | None, progress: Progress
) -> Trained:
    """Train a model of one entity type on all its sources and write it to the registry.

    Args:
        config: Sources, comparisons, training settings.
        entity_type: What to train.
        out: The registry's root.
        version: The version's name; the next number unless given.
        progress: Receives a line about each step.

    Raises:
        LinkerError: A source, the configuration or the records do not serve; one line.
    """
    if entity_type not in config.entity_types:
        raise UsageError(f"no source of the configuration holds {entity_type} mentions")
    name = version or next_version(out, entity_type)
    if not _VERSION.fullmatch(name):
        raise UsageError(f"version {name!r}: use letters, digits, '_', '-' and '.' alone")
    if (out / entity_type / name).exists():
        raise ModelError(f"{out / entity_type / name}: this version exists; name another")
    settings = config.settings_of(entity_type)
    refuse_bad_comparisons(settings.comparisons, entity_type)
    columns = _columns(settings, entity_type)
    intake = take_in(config, [entity_type], progress, {entity_type: columns})
    mentions = intake.mentions[entity_type].read(["mention", *columns])
    estimated = estimate(mentions, settings, entity_type, name, progress.say)
    model = estimated.model.model_copy(
        update={
            "training": {
                **estimated.model.training,
                "sources": {count.name: count.digest for count in intake.sources},
            }
        }
    )
    pages = {
        "splink.json": splink_json(estimated.splink_settings),
        "report.html": model_page(model, estimated.notes),
    }
    with storage_errors(out, "no model was written"):
        directory = write_model(out, model, estimated.term_frequencies, pages)
    progress.say(f"model {entity_type}/{name} written to {directory}")
    return Trained(
        entity_type=entity_type,
        version=name,
        directory=directory,
        records=mentions.height,
        comparisons=tuple(comparison.name for comparison in model.comparisons),
        comparisons_left_out=model.comparisons_left_out,
        seconds=progress.seconds,
    )


def _columns(settings: EntitySettings, entity_type: EntityType) -> set[str]:
    """Return the columns of mentions that an estimate reads."""
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
    rules = [*training.sessions, *training.fallback_sessions]
    rules += [*training.prior_rules, *training.fallback_prior_rules]
    read.update(column for rule in rules for column in rule)
    return read & set(MENTIONS[entity_type])

"""The retraining recipe: sources to a model in the registry."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from linker.blocking.keys import key_columns
from linker.compiled import thread_count
from linker.config import Config, EntitySettings
from linker.deconfliction.demotion import WithoutDemoted, demoted_values, demotion_columns
from linker.errors import ModelError, UsageError
from linker.intake.mentions import take_in
from linker.model import ModelInUse
from linker.night.matching import refuse_bad_rules, score_candidates
from linker.progress import Progress
from linker.report.model_page import model_page
from linker.schemas import MENTIONS, EntityType
from linker.scoring.fit import refuse_bad_comparisons
from linker.scoring.settings import comparison_columns
from linker.store.layout import storage_errors
from linker.store.mention_table import MentionFrame
from linker.training.estimate import estimate, sample_of
from linker.training.registry import next_version, splink_json, write_model
from linker.training.thresholds import LinkThreshold, link_threshold

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
    refuse_bad_rules(settings, entity_type)
    columns = _columns(settings, entity_type)
    needed = {*columns, *demotion_columns(entity_type)}
    intake = take_in(config, [entity_type], progress, {entity_type: needed})
    every = intake.mentions[entity_type]
    demoted = demoted_values(entity_type, every, settings.shared_value_limit)
    mentions = WithoutDemoted(every, demoted).read(["mention", *columns])
    estimated = estimate(mentions, settings, entity_type, name, progress.say)
    if settings.identity_floor is not None:  # the configuration knows better than these households
        told = {"identity_floor": settings.identity_floor}
        estimated = replace(estimated, model=estimated.model.model_copy(update=told))
    found = _link_threshold(
        sample_of(mentions, settings.training),
        ModelInUse(model=estimated.model, term_frequencies=estimated.term_frequencies, digest=""),
        settings,
        thread_count(config.link.threads),
    )
    if found:
        progress.say(
            f"link threshold: probability {found.probability:.3f}; of the pairs of records that "
            f"{found.links:,} links put together {found.false_share:.1%} are expected to be false, "
            f"and {found.found_share:.0%} of all matches to be among them"
        )
    model = estimated.model.model_copy(
        update={
            "link_threshold": found.probability if found else None,
            "training": {
                **estimated.model.training,
                "sources": {count.name: count.digest for count in intake.sources},
            },
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


def _link_threshold(
    sample: pl.DataFrame, in_use: ModelInUse, settings: EntitySettings, threads: int
) -> LinkThreshold | None:
    """Return the link threshold that the candidate pairs of the training records ask for."""
    mentions = MentionFrame(sample.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64)))
    pairs = score_candidates(mentions, in_use, settings, threads).pairs
    floor = in_use.model.thresholds(settings).identity_floor
    may_link = pairs.filter(
        ~pl.col("confirmed") & (pl.col("identity_weight") >= floor), pl.col("match_weight") >= 0
    )
    matches = in_use.model.prior * sample.height * (sample.height - 1) / 2
    count = settings.training.false_links_count
    return link_threshold(may_link, sample.height, matches, count)


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
    rules += [*training.prior_rules, *training.fallback_prior_rules, *training.household_sessions]
    read.update(column for rule in rules for column in rule)
    read |= key_columns(settings.blocking, entity_type)
    return read & set(MENTIONS[entity_type])

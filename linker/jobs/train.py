"""The retraining recipe: records and people's decisions to a model in the registry."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.compiled import thread_count
from linker.config import Config
from linker.entities.cluster import mark_links
from linker.entities.left_over import once_of
from linker.errors import ModelError, UsageError
from linker.model import LinkageModel, ModelInUse, weight_of
from linker.night.matching import Candidates, refuse_bad_rules, score_candidates
from linker.night.material import Material, material_of, training_columns
from linker.night.profile import PROFILE_FILE, profile_of
from linker.progress import Progress
from linker.report.model_page import Beside, model_page
from linker.schemas import EntityType
from linker.scoring.fit import refuse_bad_comparisons
from linker.store.layout import storage_errors
from linker.training.account import (
    TRAINING_FILE,
    account_of,
    digest_of,
    effective_config,
    plain,
    text_of,
)
from linker.training.estimate import Estimate, estimate
from linker.training.left_over import left_over
from linker.training.registry import claimed_version, splink_json, write_model
from linker.training.rehearsal import comparisons_with_data, session_pairs
from linker.training.thresholds import link_threshold

_VERSION: Final = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """What is asked of a training.

    Attributes:
        out: The registry's root.
        version: The version's name; the next number unless given.
        from_sources: Read the sources though something has been published.
        about: What the trainer has to say; it is kept with the model.
    """

    out: Path
    version: str | None = None
    from_sources: bool = False
    about: str | None = None


@dataclass(frozen=True)
class Trained:
    """A model that was trained and where it lies.

    Attributes:
        entity_type: What it is a model of.
        version: Its name.
        directory: Where it lies.
        records: How many records it was trained on.
        total: Of how many these are.
        origin: Where they are from, in words.
        comparisons: Those of the model, by name.
        comparisons_left_out: Those whose fields said nothing.
        labels: How many labelled pairs there were.
        sessions: The EM sessions, as in ``training.json``.
        notes: What there is to say of the model, a sentence each.
        stages: Seconds by step.
        seconds: In all.
    """

    entity_type: EntityType
    version: str
    directory: Path
    records: int
    total: int
    origin: str
    comparisons: tuple[str, ...]
    comparisons_left_out: tuple[str, ...]
    labels: int
    sessions: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    stages: dict[str, float]
    seconds: float


@dataclass(frozen=True)
class Rehearsed:
    """What a training would be made of; nothing was written.

    Attributes:
        entity_type: Of what a model would be.
        records: How many records it would be trained on.
        total: Of how many these are.
        origin: Where they are from, in words.
        comparisons: Those that have data, by name.
        sessions: Of each configured session ``kind``, ``columns``, ``pairs``, ``enough``.
        labels: How many labelled pairs there are, ``matches`` and ``non_matches``.
        notes: What there is to say, a sentence each.
        seconds: In all.
    """

    entity_type: EntityType
    records: int
    total: int
    origin: str
    comparisons: tuple[str, ...]
    sessions: tuple[dict[str, Any], ...]
    labels: dict[str, int]
    notes: tuple[str, ...]
    seconds: float


def train(config: Config, entity_type: EntityType, wanted: Wanted, progress: Progress) -> Trained:
    """Train a model of one entity type and write it to the registry.

    Its records are those that the store has published, or where there are none those of the
    sources; of more than ``training.max_records`` a seeded sample. People's decisions that are not
    kept for evaluation are labels. The same data, configuration and seed give the same files.

    Args:
        config: Sources, store, comparisons, training settings.
        entity_type: What to train.
        wanted: Where to write it, and of what to train it.
        progress: Receives a line about each step.

    Raises:
        LinkerError: A source, the store, the configuration or the records do not serve; one line.
    """
    _refuse_beforehand(config, entity_type)
    _refuse_bad_name(wanted)
    with claimed_version(wanted.out, entity_type, wanted.version) as version:
        return _train(config, entity_type, wanted, version, progress)


def _train(
    config: Config, entity_type: EntityType, wanted: Wanted, version: str, progress: Progress
) -> Trained:
    material = material_of(config, entity_type, progress, from_sources=wanted.from_sources)
    estimated = _estimate(material, version, progress)
    with progress.stage(f"{entity_type}: link threshold"):
        model, candidates = _with_link_threshold(estimated, material, config, progress)
    once = once_of(material.records.mentions.read(["source"])["source"], config.once)
    model = _with_left_over(model, candidates, material, once, progress)
    in_use = _in_use(model, estimated)
    with progress.stage(f"{entity_type}: profile"):
        links = mark_links(candidates.pairs, model.thresholds(material.settings), once)
        records = material.records
        profile = profile_of(
            records.mentions,
            in_use,
            material.settings,
            links,
            candidates.packed,
            total=records.total,
        )
    notes = (*material.notes, *estimated.notes)
    settings = effective_config(config, entity_type)
    account = account_of(estimated, settings, material.data, notes, wanted.about)
    beside = Beside(training=account, profile=profile.model_dump(mode="json"))
    pages = {
        "splink.json": splink_json(estimated.splink_settings),
        "report.html": model_page(model, notes, beside),
        TRAINING_FILE: text_of(account),
        PROFILE_FILE: profile.as_json(),
    }
    provenance = {
        "data": {**material.data, "sources": records.sources},
        "config_digest": digest_of(settings),
    }
    with (
        progress.stage(f"{entity_type}: write"),
        storage_errors(wanted.out, "no model was written"),
    ):
        directory = write_model(wanted.out, model, in_use.term_frequencies, pages, provenance)
    progress.say(f"model {entity_type}/{version} written to {directory}")
    return Trained(
        entity_type=entity_type,
        version=version,
        directory=directory,
        records=records.height,
        total=records.total,
        origin=records.origin,
        comparisons=tuple(comparison.name for comparison in model.comparisons),
        comparisons_left_out=model.comparisons_left_out,
        labels=material.lessons.pairs.height,
        sessions=tuple(account["sessions"]),
        notes=notes,
        stages={name: round(seconds, 3) for name, seconds in progress.stages},
        seconds=progress.seconds,
    )


def rehearse(
    config: Config, entity_type: EntityType, wanted: Wanted, progress: Progress
) -> Rehearsed:
    """Tell what a model of one entity type would be trained on; nothing is written.

    Args:
        config: Sources, store, comparisons, training settings.
        entity_type: What would be trained.
        wanted: As for `train`.
        progress: Receives a line about each step.

    Raises:
        LinkerError: A source, the store or the configuration do not serve; one line.
    """
    _refuse_beforehand(config, entity_type)
    _refuse_bad_name(wanted)
    if wanted.version and (wanted.out / entity_type / wanted.version).exists():
        place = wanted.out / entity_type / wanted.version
        raise ModelError(f"{place}: this version exists; name another")
    material = material_of(config, entity_type, progress, from_sources=wanted.from_sources)
    settings, records, lessons = material.settings, material.records, material.lessons
    mentions = records.mentions.read(_estimated_from(material))
    kept, left_out = comparisons_with_data(mentions, settings, entity_type)
    notes = [*material.notes, *left_out]
    if records.height < settings.training.min_records:
        notes.append(
            f"{records.height:,} records are too few to train on "
            f"(training.min_records = {settings.training.min_records:,})"
        )
    return Rehearsed(
        entity_type=entity_type,
        records=records.height,
        total=records.total,
        origin=records.origin,
        comparisons=tuple(kept),
        sessions=tuple(session_pairs(mentions, settings)),
        labels={
            "pairs": lessons.pairs.height,
            "matches": lessons.matches,
            "non_matches": lessons.pairs.height - lessons.matches,
        },
        notes=tuple(notes),
        seconds=progress.seconds,
    )


def _refuse_beforehand(config: Config, entity_type: EntityType) -> None:
    """Check what can be checked before anything is read."""
    if entity_type not in config.entity_types:
        raise UsageError(f"no source of the configuration holds {entity_type} mentions")
    settings = config.settings_of(entity_type)
    refuse_bad_comparisons(settings.comparisons, entity_type)
    refuse_bad_rules(settings, entity_type)


def _refuse_bad_name(wanted: Wanted) -> None:
    if wanted.version is not None and not _VERSION.fullmatch(wanted.version):
        raise UsageError(f"version {wanted.version!r}: use letters, digits, '_', '-' and '.' alone")


def _estimate(material: Material, version: str, progress: Progress) -> Estimate:
    """Return the estimate, told what it was made of, and what the configuration knows better."""
    records, settings = material.records, material.settings
    estimated = estimate(
        records.mentions.read(_estimated_from(material)),
        settings,
        material.entity_type,
        version,
        progress.say,
        material.lessons.usable,
    )
    told: dict[str, Any] = {
        "training": {
            **plain(estimated.model.training),
            "records": records.total,  # the prior is that of all records: see `for_records`
            "records_sampled": records.height,
            "labels": material.lessons.pairs.height,
            "data": records.digest,
            "sources": sorted(records.sources),
        }
    }
    if settings.identity_floor is not None:  # the configuration knows better than these households
        told["identity_floor"] = settings.identity_floor
    return replace(estimated, model=estimated.model.model_copy(update=told))


def _with_link_threshold(
    estimated: Estimate, material: Material, config: Config, progress: Progress
) -> tuple[LinkageModel, Candidates]:
    """Return the model with the link threshold that the candidate pairs of its records ask for.

    And these pairs, from the review threshold on.
    """
    model, settings, records = estimated.model, material.settings, material.records
    thresholds = model.thresholds(settings)
    candidates = score_candidates(
        records.mentions,
        _in_use(model, estimated),
        settings,
        thread_count(config.link.threads),
        min(0.0, weight_of(thresholds.review)),
        lambda done: progress.update(f"{model.entity_type}: {done:,} pairs scored"),
    )
    may_link = candidates.pairs.filter(
        ~pl.col("confirmed") & (pl.col("identity_weight") >= thresholds.identity_floor),
        pl.col("match_weight") >= 0,
    )
    matches = model.prior * records.height * (records.height - 1) / 2
    count = settings.training.false_links_count
    found = link_threshold(may_link, records.height, matches, count)
    if found:
        progress.say(
            f"link threshold: probability {found.probability:.3f}; of the pairs of records that "
            f"{found.links:,} links put together {found.false_share:.1%} are expected to be false, "
            f"and {found.found_share:.0%} of all matches to be among them"
        )
    told = {"link_threshold": found.probability if found else None}
    return model.model_copy(update=told), candidates


def _with_left_over(
    model: LinkageModel,
    candidates: Candidates,
    material: Material,
    once: pl.Series,
    progress: Progress,
) -> LinkageModel:
    """Return the model with what being left over weighs between sources without duplicates."""
    thresholds = model.thresholds(material.settings)
    links = mark_links(candidates.pairs, thresholds)
    found = left_over(links, once, thresholds, model.prior_weight)
    for each in found:
        progress.say(
            f"left over: records of {each.sources[0]} and {each.sources[1]} without another "
            f"partner are one by {each.weight:.1f} bits more"
        )
    return model.model_copy(update={"left_over": found})


def _in_use(model: LinkageModel, estimated: Estimate) -> ModelInUse:
    return ModelInUse(model=model, term_frequencies=estimated.term_frequencies, digest="")


def _estimated_from(material: Material) -> list[str]:
    return ["mention", *sorted(training_columns(material.settings, material.entity_type))]

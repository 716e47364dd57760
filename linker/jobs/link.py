"""The nightly recipe: sources to a published generation."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from linker import __version__
from linker.blocking.hashing import HASH_VERSION
from linker.blocking.keys import key_columns
from linker.compiled import thread_count
from linker.config import Config, EntitySettings
from linker.deconfliction.classify import READ as CLASSIFYING
from linker.deconfliction.classify import classify_in_parts
from linker.deconfliction.demotion import WithoutDemoted, demoted_values
from linker.deconfliction.shared import shared_columns, shared_identifiers
from linker.entities.ledger import RunStamp
from linker.jobs.alarms import alarms
from linker.jobs.clusters import Clustered, cluster_mentions
from linker.jobs.matching import (
    count_candidates,
    match,
    refuse_bad_rules,
    without_associations,
)
from linker.jobs.mentions import Intake, take_in
from linker.jobs.models import model_in_use
from linker.jobs.progress import Progress
from linker.jobs.summary import (
    InvestigationTally,
    demoted_summary,
    entity_summary,
    run_warnings,
    set_aside_summary,
)
from linker.model import LinkageModel, ModelInUse
from linker.report.run_page import run_page
from linker.report.run_report import RunReport
from linker.schemas import INVESTIGATIONS, LEDGER, EntityType, check, empty
from linker.store.generation import (
    Generation,
    clear_remains,
    current_generation,
    next_number,
    prune,
    publish,
    start_building,
)
from linker.store.layout import (
    Store,
    find_store,
    storage_errors,
    store_on_trial,
    write_lock,
)
from linker.store.mention_table import MentionTable
from linker.store.table_file import TableFile


@dataclass(frozen=True)
class _Run:
    """What all entity types of a run have in common."""

    config: Config
    store: Store
    before: Generation | None
    as_of: dt.date
    investigations: TableFile
    tally: InvestigationTally
    progress: Progress


@dataclass(frozen=True)
class _Linked:
    """One entity type, linked."""

    model: LinkageModel
    mentions: MentionTable
    clustered: Clustered
    shared_left_out: pl.DataFrame
    demoted: pl.DataFrame


def link(config: Config, progress: Progress) -> tuple[RunReport, Generation]:
    """Link every source and publish a generation.

    Args:
        config: What to link, and how.
        progress: Receives a line about each step.

    Returns:
        The run's report and the published generation.

    Raises:
        LinkerError: Something a person can mend; nothing was published.
    """
    directory = config.resolve(config.store.directory)
    store = find_store(directory)
    models = {entity: model_in_use(config, entity) for entity in config.entity_types}
    for entity in config.entity_types:
        refuse_bad_rules(config.settings_of(entity), entity)
    with ExitStack() as held:
        if store is None:
            store = held.enter_context(store_on_trial(directory))
        else:
            held.enter_context(write_lock(store))
        start_building(store)
        held.callback(clear_remains, store)
        with progress.stage("read and standardise"), storage_errors(store.directory):
            intake = take_in(config, config.entity_types, progress, building=store.building)
        return _build(config, store, intake, models, progress)


def _build(
    config: Config,
    store: Store,
    intake: Intake,
    models: dict[EntityType, tuple[ModelInUse, Path]],
    progress: Progress,
) -> tuple[RunReport, Generation]:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    as_of = config.link.as_of or at.date()
    number = next_number(store)
    before = current_generation(store) if store.current() is not None else None
    linked: dict[EntityType, _Linked] = {}
    tally = InvestigationTally()
    with (
        storage_errors(store.directory),
        TableFile(store.building / "investigations.parquet", INVESTIGATIONS) as investigations,
    ):
        run = _Run(config, store, before, as_of, investigations, tally, progress)
        for entity, (in_use, model_directory) in models.items():
            shutil.copytree(model_directory, store.building / "models" / entity)
            stamp = RunStamp(number, at.isoformat(), in_use.name)
            linked[entity] = _link_type(run, intake.mentions[entity], in_use, stamp)
    manifest = {
        "number": number,
        "at": at.isoformat(),
        "as_of": as_of.isoformat(),
        "linker_version": __version__,
        "digest": _digest(config, intake, models),
        "entity_types": list(linked),
        "models": {entity: in_use.name for entity, (in_use, _) in models.items()},
        "next_serial": {
            **(before.manifest["next_serial"] if before else {}),
            **{entity: done.clustered.next_serial for entity, done in linked.items()},
        },
        "key_hash": HASH_VERSION,
        "expected_records": {
            entity: config.settings_of(entity).expected_records for entity in linked
        },
        "rules": {
            entity: [
                {"name": rule.name, "key": rule.key} for rule in config.settings_of(entity).blocking
            ]
            for entity in linked
        },
        "sources": [asdict(count) for count in intake.sources],
        "counts": {
            entity: {
                "mentions": done.mentions.height,
                "links": int(done.clustered.matched.pairs["link"].sum()),
                "entities": done.clustered.membership["entity_id"].n_unique(),
            }
            for entity, done in linked.items()
        },
    }
    tables, ledger = _tables(linked, intake)
    report = _report(manifest, config, intake, linked, tally, progress)
    with storage_errors(store.directory):
        text = json.dumps(report.model_dump(mode="json", by_alias=True), indent=1)
        (store.building / "report.json").write_text(text + "\n", encoding="utf-8")
        (store.building / "report.html").write_text(run_page(report), encoding="utf-8")
    with progress.stage("publish"):
        generation = publish(store, number, tables, ledger, manifest)
        prune(store, config.store.keep_generations)
    progress.say(f"generation {number} published; report: {generation.directory / 'report.html'}")
    return report, generation


def _link_type(run: _Run, mentions: MentionTable, in_use: ModelInUse, stamp: RunStamp) -> _Linked:
    """Match, cluster, name and classify the mentions of one entity type."""
    entity, progress = in_use.model.entity_type, run.progress
    settings = run.config.settings_of(entity)
    threads = thread_count(run.config.link.threads)
    with progress.stage(f"{entity}: shared values"):
        demoted = demoted_values(entity, mentions, settings.shared_value_limit)
    compared = WithoutDemoted(mentions, demoted)
    matched = match(compared, in_use, settings, run.store.building, threads, progress)
    shutil.rmtree(run.store.building / "spill", ignore_errors=True)
    with progress.stage(f"{entity}: entities"):
        done = cluster_mentions(mentions, matched, run.config, run.before, run.store.seed, stamp)
    with progress.stage(f"{entity}: investigations"):
        left_out = _investigate(run, mentions, done)
    progress.say(
        f"{entity}: {int(done.matched.pairs['link'].sum()):,} links, "
        f"{done.membership['entity_id'].n_unique():,} entities"
    )
    return _Linked(in_use.model, mentions, done, left_out, demoted)


def _investigate(run: _Run, mentions: MentionTable, clustered: Clustered) -> pl.DataFrame:
    """Classify and write the investigations of one entity type; return what sharing left out."""
    entity = mentions.entity_type
    membership = clustered.membership.select(
        mention=pl.int_range(pl.len(), dtype=pl.Int64),
        entity_id="entity_id",
        entity=pl.Series(clustered.labels),  # a cluster is named by its smallest mention
    )
    holding = mentions.read(shared_columns(entity))
    shared, left_out = shared_identifiers(entity, holding, membership)
    del holding
    numbers = membership.select("mention", entity_id="entity")  # compared sooner than ids
    alike = without_associations(clustered.matched.pairs, numbers, shared)
    facts = mentions.read(CLASSIFYING)
    parts = classify_in_parts(
        entity,
        facts,
        membership,
        alike,
        shared,
        run.as_of,
        tell=lambda crowded: run.tally.crowds(entity, crowded),
    )
    with ThreadPoolExecutor(1) as writer:  # writes a part while the next one is made
        written = writer.submit(run.investigations.append, empty(INVESTIGATIONS))
        for part in parts:
            run.tally.add(part)
            written.result()
            written = writer.submit(run.investigations.append, part)
        written.result()
    return left_out


def _tables(
    linked: dict[EntityType, _Linked], intake: Intake
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return the generation's tables by name, and the run's ledger."""
    tables: dict[str, pl.DataFrame] = {"quarantine": intake.set_aside}
    for entity, done in linked.items():
        tables[f"membership_{entity}"] = done.clustered.membership
        tables[f"pairs_{entity}"] = done.clustered.matched.pairs
        tables[f"cuts_{entity}"] = done.clustered.cuts
        tables[f"demoted_{entity}"] = done.demoted
    ledger = pl.concat([empty(LEDGER), *(done.clustered.ledger for done in linked.values())])
    return tables, check(ledger, LEDGER, "ledger")


def _digest(
    config: Config, intake: Intake, models: dict[EntityType, tuple[ModelInUse, Path]]
) -> str:
    """Return a digest of everything that decides the result: sources, settings, models."""
    parts: list[Any] = [
        __version__,
        [(count.name, count.digest) for count in intake.sources],
        [source.model_dump(mode="json", exclude={"path"}) for source in config.sources],
        {e: config.settings_of(e).model_dump(mode="json", exclude={"model"}) for e in models},
        {entity: in_use.digest for entity, (in_use, _) in models.items()},
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _report(
    manifest: dict[str, Any],
    config: Config,
    intake: Intake,
    linked: dict[EntityType, _Linked],
    tally: InvestigationTally,
    progress: Progress,
) -> RunReport:
    events = pl.concat([done.clustered.ledger for done in linked.values()])
    counted = events.group_by("event").len().sort("event")
    left_out = pl.concat([done.shared_left_out for done in linked.values()])
    return RunReport.model_validate(
        {
            "generation": manifest["number"],
            "at": manifest["at"],
            "as_of": manifest["as_of"],
            "linker_version": __version__,
            "models": manifest["models"],
            "sources": [
                {key: value for key, value in asdict(count).items() if key != "digest"}
                for count in intake.sources
            ],
            "quarantine": set_aside_summary(intake.set_aside),
            "entity_types": {
                entity: entity_summary(
                    done.mentions,
                    done.clustered.matched,
                    done.clustered.membership,
                    done.model.thresholds(config.settings_of(entity)),
                    done.clustered.cuts["cut"],
                )
                for entity, done in linked.items()
            },
            "investigations": tally.summary(),
            "ledger": dict(counted.iter_rows()),
            "shared_left_out": left_out.rename({"values_left_out": "values"}).to_dicts(),
            "demoted": [
                row
                for entity, done in linked.items()
                for row in demoted_summary(entity, done.demoted)
            ],
            "warnings": [
                *tally.warnings,
                *(
                    warning
                    for done in linked.values()
                    for warning in _warnings(done, config.settings_of(done.model.entity_type))
                ),
            ],
            "stages": [
                {"stage": stage, "seconds": round(seconds, 2)} for stage, seconds in progress.stages
            ],
            "seconds": round(progress.seconds, 2),
        }
    )


def _warnings(done: _Linked, settings: EntitySettings) -> list[str]:
    """Return what looks wrong with one entity type."""
    matched, membership = done.clustered.matched, done.clustered.membership
    cuts, least = done.clustered.cuts["cut"], settings.training.min_records
    return [
        *run_warnings(done.model, matched.pairs, membership, cuts, least),
        *alarms(done.model, matched, membership, done.mentions, settings),
    ]


def rehearse(config: Config, progress: Progress) -> dict[str, Any]:
    """Read, standardise and count pairs as `link` would, and write nothing.

    Returns:
        ``sources``: counts of each; ``rules``: by entity type, what each blocking rule yields.

    Raises:
        LinkerError: What `link` would raise before scoring.
    """
    for entity in config.entity_types:
        model_in_use(config, entity)
        refuse_bad_rules(config.settings_of(entity), entity)
    columns = {
        entity: key_columns(config.settings_of(entity).blocking, entity)
        for entity in config.entity_types
    }
    intake = take_in(config, config.entity_types, progress, columns)
    threads = thread_count(config.link.threads)
    rules = {
        entity: [
            asdict(count)
            for count in count_candidates(mentions, config.settings_of(entity), entity, threads)
        ]
        for entity, mentions in intake.mentions.items()
    }
    return {"sources": [asdict(count) for count in intake.sources], "rules": rules}

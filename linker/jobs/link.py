"""The nightly recipe: what changed in the sources, to a published generation."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.hashing import HASH_VERSION
from linker.blocking.keys import key_columns
from linker.compiled import thread_count
from linker.config import Config
from linker.entities.decisions import in_force
from linker.intake.mentions import Intake, take_in
from linker.jobs.models import model_in_use
from linker.model import ModelInUse
from linker.night.anew import link_anew
from linker.night.decided import Decisions
from linker.night.differences import what_changes
from linker.night.gate import held_back, refusal, told_of
from linker.night.increment import link_delta
from linker.night.investigations import tell_investigations
from linker.night.known_sources import abandoned, forgotten, known_sources
from linker.night.linked import Delta, Linked, Run
from linker.night.manifest import manifest_of
from linker.night.matching import count_candidates, refuse_bad_rules
from linker.night.profiling import record_profiles
from linker.night.reporting import run_report
from linker.night.starting_over import changed_settings
from linker.progress import Progress
from linker.report.run_page import run_page
from linker.report.run_report import RunReport
from linker.schemas import LEDGER, EntityType, check, empty
from linker.scoring.fit import refuse_bad_comparisons
from linker.store.decision_table import read_decisions
from linker.store.generation import (
    Generation,
    clear_remains,
    current_generation,
    next_number,
    prune,
    publish,
    start_building,
)
from linker.store.journal import settle_tombstones
from linker.store.layout import (
    Store,
    find_store,
    storage_errors,
    store_on_trial,
    write_lock,
)
from linker.store.lookup_index.write import can_be_indexed, write_lookup_index
from linker.store.remains import drop_terms, scrub_tables, without_terms
from linker.store.tombstones import Tombstones, read_tombstones
from linker.store.warehouse import carry_over

Models = dict[EntityType, tuple[ModelInUse, Path]]


def link(
    config: Config, progress: Progress, *, anew: bool = False, aside: bool = False
) -> tuple[RunReport, Generation]:
    """Link what changed in the sources since the last generation, and publish one.

    All mentions are linked anew on the first run, and where something changed that concerns them
    all; else those that changed. Where nothing changed nothing is published.

    Args:
        config: What to link, and how.
        progress: Receives a line about each step.
        anew: Whether to link all mentions anew in any case.
        aside: Whether to hold the generation back, so that a person sees first what it changes.

    Returns:
        The run's report and its generation; those of the last run if nothing changed.

    Raises:
        GateError: The run differs too much from the published generation; it is on disk, and a
            person can publish it.
        LinkerError: Something a person can mend; nothing was published.
    """
    directory = config.resolve(config.store.directory)
    store = find_store(directory)
    models = {entity: model_in_use(config, entity) for entity in config.entity_types}
    _refuse_beforehand(config)
    with ExitStack() as held:
        if store is None:
            store = held.enter_context(store_on_trial(directory))
        else:
            held.enter_context(write_lock(store))
        start_building(store)
        held.callback(clear_remains, store)
        buried = read_tombstones(store)
        models = {
            entity: (without_terms(in_use, buried), directory)
            for entity, (in_use, directory) in models.items()
        }
        before = current_generation(store) if store.current() is not None else None
        with progress.stage("read and standardise"), storage_errors(store.directory):
            intake = take_in(
                config,
                config.entity_types,
                progress,
                building=store.building,
                known=known_sources(config, before),
                buried=buried or None,
            )
        run = _run(config, store, before, buried, progress)
        deltas = {entity: _delta(run, entity, intake) for entity in config.entity_types}
        reasons = _reasons(run, deltas, models, anew=anew)
        if before is not None and not reasons and _as_it_was(run, deltas):
            progress.say(
                f"nothing changed since generation {before.number} of {before.manifest['at']}; "
                "nothing was published"
            )
            return _report_of(before), before
        if before is not None:
            said = "; ".join(reasons)
            progress.say(
                f"all mentions are linked anew: {said}" if said else "what changed is linked"
            )
        return _build(run, intake, deltas, models, reasons, aside=aside)


def _run(
    config: Config,
    store: Store,
    before: Generation | None,
    buried: Tombstones,
    progress: Progress,
) -> Run:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return Run(
        config=config,
        store=store,
        before=before,
        number=next_number(store),
        at=at,
        as_of=config.link.as_of or at.date(),
        buried=buried,
        decisions=_decisions(store, before, at),
        progress=progress,
    )


def _decisions(store: Store, before: Generation | None, at: dt.datetime) -> Decisions:
    """Return what people decided, and what of it the published generation follows."""
    every = read_decisions(store)
    followed = before.manifest["decisions"] if before else []
    return Decisions(every, in_force(every, at.isoformat()), frozenset(followed))


def _delta(run: Run, entity: EntityType, intake: Intake) -> Delta:
    """Return what changed of an entity type, sources that are configured no more included."""
    gone = intake.gone.get(entity, np.empty(0, dtype=np.int64))
    if run.before is not None and entity in run.before.entity_types:
        gone = np.union1d(gone, abandoned(run.config, run.before, entity))
        gone = np.union1d(gone, forgotten(run.before, entity, run.buried))
    return Delta(intake.mentions[entity], intake.contents[entity], gone)


MOST_CHANGED: Final = 0.1
"""Where more than this share of all mentions changed, linking all anew is the shorter way."""
MOST_SEGMENTS: Final = 60
"""Each segment more is one more place to look; so many are brought into one."""


def _reasons(
    run: Run, deltas: Mapping[EntityType, Delta], models: Models, *, anew: bool
) -> list[str]:
    """Return why all mentions are to be linked anew; nothing where what changed is enough."""
    if run.before is None:
        return ["it is the first run"]
    reasons = ["it was asked for"] if anew else []
    if run.before.manifest.get("key_hash") != HASH_VERSION:
        reasons.append("blocking keys are hashed otherwise")
    if run.buried.pending:
        reasons.append("records are to be forgotten")
    for entity, (in_use, _) in models.items():
        held = run.warehouse_before(entity)
        if held is None:
            reasons.append(f"the first sources of {entity} mentions came")
            continue
        if not can_be_indexed(held):
            reasons.append(f"{entity}: lookups need files that earlier versions did not write")
        changed = changed_settings(run.config, in_use, run.before.manifest)
        reasons += [f"{entity}: {name} changed" for name in changed]
        delta = deltas[entity]
        if max(delta.mentions.height, len(delta.gone)) > MOST_CHANGED * held.height:
            reasons.append(f"{entity}: more than {MOST_CHANGED:.0%} of the mentions changed")
        if len(held.segments) >= MOST_SEGMENTS:
            reasons.append(f"{entity}: there are {len(held.segments)} segments")
    return reasons


def _linked_otherwise(run: Run, models: Models) -> bool:
    """Return whether another model or other settings than of the published generation decided."""
    return run.before is not None and any(
        changed_settings(run.config, in_use, run.before.manifest) for in_use, _ in models.values()
    )


def _as_it_was(run: Run, deltas: Mapping[EntityType, Delta]) -> bool:
    """Return whether a run would publish what is published."""
    same_day = run.before is not None and run.before.manifest["as_of"] == run.as_of.isoformat()
    decided = run.decisions.changed.is_empty()
    return same_day and decided and all(delta.is_empty for delta in deltas.values())


def _report_of(generation: Generation) -> RunReport:
    """Return the report of a generation, as that of a run that found no news."""
    return RunReport.model_validate(generation.report).model_copy(update={"news": False})


def _build(
    run: Run,
    intake: Intake,
    deltas: Mapping[EntityType, Delta],
    models: Models,
    reasons: list[str],
    *,
    aside: bool,
) -> tuple[RunReport, Generation]:
    """Build a generation and publish it."""
    building, progress = run.store.building, run.progress
    linked: dict[EntityType, Linked] = {}
    with storage_errors(run.store.directory):
        _carry_over(run, *(() if reasons else _INVESTIGATIONS))
        for entity, (model, model_directory) in models.items():
            shutil.copytree(model_directory, building / "models" / entity)
            drop_terms(building / "models" / entity, entity, run.buried)
            held = run.warehouse_before(entity)
            linked[entity] = (
                link_anew(run, entity, deltas[entity], model)
                if reasons or held is None
                else link_delta(run, held, deltas[entity], model)
            )
            _say(run, linked[entity])
        with progress.stage("lookup index"):
            write_lookup_index({entity: done.held for entity, done in linked.items()})
        tally = tell_investigations(run, linked)
        in_use = {entity: model for entity, (model, _) in models.items()}
        with progress.stage("profile"):
            drifted = record_profiles(run, linked, in_use)
        manifest = manifest_of(run, intake, linked, in_use, tally, reasons)
        _write_tables(run, intake, linked)
        changes = what_changes(run, linked, meetings=aside or _linked_otherwise(run, models))
        report = run_report(run, manifest, intake, linked, tally, changes)
        against = held_back(report, run.before, run.config.gate, aside=aside)
        told = {"held_back": tuple(against), "warnings": (*report.warnings, *drifted)}
        report = report.model_copy(update=told)
        text = json.dumps(report.model_dump(mode="json", by_alias=True), indent=1)
        (building / "report.json").write_text(text + "\n", encoding="utf-8")
        (building / "report.html").write_text(run_page(report), encoding="utf-8")
    with progress.stage("publish"):
        scrub = partial(scrub_tables, buried=run.buried) if run.buried.pending else None
        generation = publish(run.store, run.number, manifest, against, scrub)
        prune(run.store, run.config.store.keep_generations, run.config.store.keep_days)
        if run.buried.pending and not against:
            settle_tombstones(run.store, run.number)
    if aside:
        progress.say(told_of(run.number, against, generation.directory))
        return report, generation
    if against:
        raise refusal(run.number, against, generation.directory)
    progress.say(
        f"generation {run.number} published; report: {generation.directory / 'report.html'}"
    )
    return report, generation


_OF_EVERY_RUN: Final = ("ledger", "moves_person", "moves_organization")
"""Tables of which each run writes a file, and the generations after it keep all."""


_INVESTIGATIONS: Final = ("investigations", "told", "crowds")
"""Tables that are written anew where all mentions are linked anew."""


def _carry_over(run: Run, *more: str) -> None:
    """Give the generation being built what earlier runs wrote of some tables."""
    if run.before is None:
        return
    for table in (*_OF_EVERY_RUN, *more):
        if (run.before.directory / table).exists():
            carry_over(run.before.directory / table, run.store.building / table)


def _say(run: Run, done: Linked) -> None:
    links = int(done.held.pairs(["link"])["link"].sum())
    run.progress.say(f"{done.held.entity_type}: {links:,} links, {done.held.entities:,} entities")


def _write_tables(run: Run, intake: Intake, linked: Mapping[EntityType, Linked]) -> None:
    """Write the tables that are not written yet."""
    building = run.store.building
    intake.set_aside.write_parquet(building / "quarantine.parquet")
    for entity, done in linked.items():
        done.cuts.write_parquet(building / entity / "cuts.parquet")
        done.demoted.write_parquet(building / entity / "demoted.parquet")
        run.write(done.moves, f"moves_{entity}")
    ledger = pl.concat([empty(LEDGER), *(done.ledger for done in linked.values())])
    run.write(check(ledger, LEDGER, "ledger"), "ledger")


def _refuse_beforehand(config: Config) -> None:
    """Check before any file is read what a run would stumble over once all is linked."""
    for entity in config.entity_types:
        settings = config.settings_of(entity)
        refuse_bad_comparisons(settings.comparisons, entity)
        refuse_bad_rules(settings, entity)


def rehearse(config: Config, progress: Progress) -> dict[str, Any]:
    """Read, standardise and count pairs as `link` would, and write nothing.

    Returns:
        ``sources``: counts of each; ``rules``: by entity type, what each blocking rule yields.

    Raises:
        LinkerError: What `link` would raise before scoring.
    """
    for entity in config.entity_types:
        model_in_use(config, entity)
    _refuse_beforehand(config)
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

"""The report of a run, made of what each stage left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from linker.intake.mentions import Intake
from linker.night.alarms import alarms
from linker.night.linked import Linked, Run
from linker.night.summary import (
    demoted_summary,
    entity_sizes,
    entity_summary,
    run_warnings,
    set_aside_summary,
)
from linker.night.tally import InvestigationTally
from linker.report.run_report import RunChanges, RunReport, SourceCount
from linker.schemas import EntityType


def run_report(
    run: Run,
    manifest: Mapping[str, Any],
    intake: Intake,
    linked: Mapping[EntityType, Linked],
    tally: InvestigationTally,
    changes: RunChanges | None,
) -> RunReport:
    """Return the report of a run.

    Args:
        run: The run.
        manifest: What it says about itself.
        intake: What became of the sources.
        linked: What became of each entity type.
        tally: What is told of investigations.
        changes: What the run changes of what is published.
    """
    events = pl.concat([done.ledger for done in linked.values()]).group_by("event").len()
    pairs = {entity: done.held.pairs() for entity, done in linked.items()}
    seed, progress = run.store.seed, run.progress
    return RunReport.model_validate(
        {
            "generation": run.number,
            "at": manifest["at"],
            "as_of": manifest["as_of"],
            "linker_version": manifest["linker_version"],
            "anew": manifest["anew"],
            "models": manifest["models"],
            "sources": [_told(count) for count in intake.sources],
            "quarantine": set_aside_summary(intake.set_aside),
            "entity_types": {
                entity: entity_summary(done, pairs[entity], seed) for entity, done in linked.items()
            },
            "investigations": tally.summary(),
            "changes": changes.model_dump() if changes else None,
            "ledger": dict(events.sort("event").iter_rows()),
            "shared_left_out": [
                row
                for left_out in tally.left_out.values()
                for row in left_out.rename({"values_left_out": "values"}).to_dicts()
            ],
            "demoted": [
                row
                for entity, done in linked.items()
                for row in demoted_summary(entity, done.demoted)
            ],
            "warnings": [
                *tally.warnings,
                *(
                    f"{entity}: {conflict.text}"
                    for entity, done in linked.items()
                    for conflict in done.decided.conflicts
                ),
                *(
                    warning
                    for entity, done in linked.items()
                    for warning in _warnings(run, done, pairs[entity])
                ),
            ],
            "stages": [
                {"stage": stage, "seconds": round(seconds, 2)} for stage, seconds in progress.stages
            ],
            "seconds": round(progress.seconds, 2),
        }
    )


def _told(count: Any) -> dict[str, Any]:  # noqa: ANN401 - of the nouns of intake
    return {key: value for key, value in asdict(count).items() if key in SourceCount.model_fields}


def _warnings(run: Run, done: Linked, pairs: pl.DataFrame) -> list[str]:
    """Return what looks wrong with one entity type."""
    settings = run.settings(done.held.entity_type)
    return [
        *run_warnings(
            done.model,
            pairs,
            entity_sizes(done.held),
            done.cuts["cut"],
            settings.training.min_records,
        ),
        *alarms(done, pairs, settings),
    ]

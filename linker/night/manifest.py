"""The manifest of a generation: what the run says about itself, and the next one needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from linker import __version__
from linker.blocking.hashing import HASH_VERSION
from linker.intake.mentions import Intake
from linker.model import ModelInUse
from linker.night.linked import Linked, Run
from linker.night.starting_over import settings_digests
from linker.night.tally import InvestigationTally
from linker.schemas import EntityType
from linker.store.generation import LAYOUT
from linker.store.publication import reserved_serials


def manifest_of(
    run: Run,
    intake: Intake,
    linked: Mapping[EntityType, Linked],
    models: Mapping[EntityType, ModelInUse],
    tally: InvestigationTally,
    reasons: list[str],
) -> dict[str, Any]:
    """Return the manifest of a run, JSON values.

    Args:
        run: The run.
        intake: What became of the sources.
        linked: What became of each entity type.
        models: What each was scored with.
        tally: What is told of investigations.
        reasons: Why all mentions were linked anew, if they were.
    """
    config = run.config
    return {
        "number": run.number,
        "layout": LAYOUT,
        "seed": run.store.seed,
        "at": run.at.isoformat(),
        "as_of": run.as_of.isoformat(),
        "linker_version": __version__,
        "anew": reasons,
        "entity_types": list(linked),
        "models": {entity: in_use.name for entity, in_use in models.items()},
        "settings": {entity: settings_digests(config, in_use) for entity, in_use in models.items()},
        "next_serial": {
            **reserved_serials(run.store),
            **{entity: done.next_serial for entity, done in linked.items()},
        },
        "decisions": run.decisions.numbers,
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
        "rule_counts": {
            entity: [asdict(count) for count in done.counts] for entity, done in linked.items()
        },
        "left_out": {entity: found.to_dicts() for entity, found in tally.left_out.items()},
        "nulls": {entity: done.nulls for entity, done in linked.items()},
        "sources": [asdict(count) for count in intake.sources],
        "memory": {name: memory.as_json() for name, memory in intake.memory.items()},
        "counts": {
            entity: {
                "mentions": done.held.height,
                "links": int(done.held.pairs(["link"])["link"].sum()),
                "entities": done.held.entities,
            }
            for entity, done in linked.items()
        },
    }

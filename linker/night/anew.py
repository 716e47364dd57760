"""An entity type linked anew: all its mentions numbered, keyed, scored and clustered."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from linker.compiled import thread_count
from linker.deconfliction.demotion import WithoutDemoted, demoted_values
from linker.entities.hold import reading
from linker.model import ModelInUse
from linker.night.clusters import World, cluster_world, rules_of
from linker.night.index_files import write_index
from linker.night.linked import Delta, Linked, Run
from linker.night.matching import match
from linker.night.merging import merged
from linker.schemas import CUTS, MEMBERSHIP, MENTIONS, EntityType
from linker.store.mention_table import MentionTable
from linker.store.segment import ONLY_WHOLE, UInt64s, write_facts
from linker.store.warehouse import Warehouse, open_segments, open_warehouse, write_arrays


def link_anew(run: Run, entity: EntityType, delta: Delta, in_use: ModelInUse) -> Linked:
    """Link all mentions of an entity type: those kept from before, and the new ones.

    Args:
        run: The run.
        entity: The entity type.
        delta: What changed since the published generation; everything on the first run.
        in_use: The model.

    Raises:
        BudgetError: A blocking rule makes too many pairs.
        OSError: The disk is full, or cannot be written.
    """
    settings, progress = run.settings(entity), run.progress
    threads = thread_count(run.config.link.threads)
    before = run.warehouse_before(entity)
    segment = run.segment(entity)
    segment.mkdir(parents=True)
    if before is not None:
        with progress.stage(f"{entity}: renumber"):
            mentions, contents = _renumbered(before, delta, segment / "mentions.parquet")
    else:
        mentions, contents = delta.mentions.moved(segment / "mentions.parquet"), delta.contents
    np.save(segment / "contents.npy", contents)
    with progress.stage(f"{entity}: shared values"):
        demoted = demoted_values(entity, mentions, settings.shared_value_limit)
    compared = WithoutDemoted(mentions, demoted)
    spill = run.store.building / "spill"
    matched = match(compared, in_use, settings, segment, spill, threads, progress, run.config.once)
    shutil.rmtree(spill, ignore_errors=True)
    with progress.stage(f"{entity}: facts"):
        write_facts(segment, entity, mentions, 0, threads)
        write_index(segment / "keys", entity, mentions, 0)
    with progress.stage(f"{entity}: entities"):
        held = Warehouse(
            entity,
            run.directory(entity),
            open_segments(entity, run.directory(entity)),
            np.zeros(mentions.height, dtype=np.bool_),
        )
        decided = run.decisions.by_number(held)
        world = World(
            mentions.read({"source", "record_id", *reading(MENTIONS[entity])}),
            matched.pairs,
            run.read_before(entity, "membership", MEMBERSHIP),
            run.read_before(entity, "cuts", CUTS),
            decided,
        )
        done = cluster_world(
            entity,
            world,
            rules_of(run.config, entity, in_use.model, matched.thresholds),
            run.first_serial(entity),
            run.store.seed,
            run.stamp(in_use),
        )
        write_arrays(
            run.directory(entity),
            dead=held.dead,
            serials=done.membership["serial"].to_numpy(),
            components=done.components.astype(np.int32),
        )
        run.write(matched.pairs, "pairs", entity)
    return Linked(
        held=open_warehouse(entity, run.directory(entity)),
        model=in_use.model,
        thresholds=matched.thresholds,
        counts=matched.counts,
        first_found=matched.first_found,
        decided=decided,
        altered=None,
        nulls={name: count for name, count in mentions.nulls.items() if name not in ONLY_WHOLE},
        cuts=done.cuts,
        demoted=demoted,
        ledger=done.ledger,
        moves=done.moves,
        next_serial=done.next_serial,
    )


def _renumbered(before: Warehouse, delta: Delta, path: Path) -> tuple[MentionTable, UInt64s]:
    kept = ~before.dead
    kept[delta.gone] = False
    return merged(before, kept, delta.mentions, delta.contents, path)

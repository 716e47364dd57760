"""Components of links that a night's changes touch, clustered anew among themselves."""

from __future__ import annotations

import numpy as np
import polars as pl

from linker.entities.decisions import Decided
from linker.entities.hold import reading
from linker.entities.touched import touched_mentions
from linker.entity_ids import mint
from linker.model import ModelInUse
from linker.night.clusters import World, cluster_world, rules_of
from linker.night.decided import ends_of, within
from linker.night.linked import Linked, Rescored, Run, Taken
from linker.schemas import CUTS, MENTIONS, RECORD
from linker.scoring.features.pack import Int64s
from linker.store.warehouse import VOID, Bools, Warehouse, open_warehouse, write_arrays


def recluster(
    run: Run,
    before: Warehouse,
    after: Warehouse,
    taken: Taken,
    rescored: Rescored,
    in_use: ModelInUse,
) -> Linked:
    """Cluster anew what the changes of a run touch, and write what is told of each mention.

    Args:
        run: The run.
        before: What the published generation holds.
        after: What the one being built holds; whose entities they are is written here.
        taken: What came and what is gone.
        rescored: What became of the scored pairs.
        in_use: The model.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    entity, new = after.entity_type, np.arange(before.total, after.total)
    changed = pl.concat(frame.select(*VOID, "link") for frame in (rescored.scored, rescored.void))
    components = np.concatenate([before.components, new.astype(np.int32)])
    decided = run.decisions.by_number(after)
    reviewed = run.decisions.altered(before, after)
    others = np.concatenate([new, *(reviewed[name].to_numpy() for name in VOID)])
    touched = touched_mentions(components, taken.gone, changed, others)
    numbers, world = _world(run, before, after, touched, decided)
    thresholds = in_use.model.thresholds(run.settings(entity))
    done = cluster_world(
        entity,
        world,
        rules_of(run.config, entity, in_use.model, thresholds),
        run.first_serial(entity),
        run.store.seed,
        run.stamp(in_use),
    )
    serials = np.concatenate([before.serials, np.full(len(new), -1, dtype=np.int64)])
    serials[taken.gone] = -1
    serials[numbers] = done.membership["serial"].to_numpy()
    components[taken.gone] = taken.gone
    components[numbers] = numbers[done.components]
    write_arrays(run.directory(entity), dead=after.dead, serials=serials, components=components)
    elsewhere = run.read_before(entity, "cuts", CUTS).join(
        world.cuts, on=list(CUTS), how="anti", nulls_equal=True
    )
    return Linked(
        held=open_warehouse(entity, run.directory(entity)),
        model=in_use.model,
        thresholds=thresholds,
        counts=rescored.counts,
        first_found=rescored.first_found,
        decided=decided,
        altered=ends_of([changed, _of_dead(before, after), reviewed]),
        nulls=_nulls(run, before, taken),
        cuts=pl.concat([elsewhere, done.cuts]).sort(list(CUTS)),
        demoted=taken.demoted,
        ledger=done.ledger,
        moves=done.moves,
        next_serial=done.next_serial,
    )


def _of_dead(before: Warehouse, after: Warehouse) -> pl.DataFrame:
    """Return the pairs that went with a mention."""
    pairs = before.pairs(list(VOID))
    return pairs.filter(~after.alive(pairs))


def _nulls(run: Run, before: Warehouse, taken: Taken) -> dict[str, int]:
    """Return by column how many mentions lack it now."""
    then = run.nulls_before(before.entity_type)
    gone = before.rows(taken.gone, then)
    return {
        name: count - gone[name].null_count() + taken.mentions.nulls[name]
        for name, count in then.items()
    }


def _world(
    run: Run, before: Warehouse, after: Warehouse, touched: Bools, decided: Decided
) -> tuple[Int64s, World]:
    """Return the living mentions that are touched, in the order of their records, as a world."""
    entity = after.entity_type
    living = np.flatnonzero(touched & ~after.dead)
    columns = {*RECORD, *reading(MENTIONS[entity])}
    rows = after.rows(living, columns).with_columns(number=pl.Series(living, dtype=pl.Int64))
    records = rows.sort("source", "record_id")
    numbers = records["number"].to_numpy()
    place = np.full(after.total, -1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    known = np.flatnonzero(touched[: before.total] & ~before.dead)
    membership = before.rows(known, RECORD).with_columns(
        mint(run.store.seed, before.serials[known], entity),
        serial=pl.Series(before.serials[known], dtype=pl.Int64),
    )
    cuts = run.read_before(entity, "cuts", CUTS).join(
        membership.select(list(RECORD)), on=list(RECORD), how="semi"
    )
    pairs, here = _pairs_within(after, place), within(decided, place)
    return numbers, World(records.drop("number"), pairs, membership, cuts, here)


def _pairs_within(after: Warehouse, place: Int64s) -> pl.DataFrame:
    """Return the pairs of a world by places in it, which are those of `place`, -1 outside."""
    pairs = after.pairs(uncut=True)
    left, right = (place[pairs[name].to_numpy()] for name in VOID)
    inside = (left >= 0) & (right >= 0)
    ends = {
        "mention_l": pl.Series(np.minimum(left, right)[inside], dtype=pl.Int64),
        "mention_r": pl.Series(np.maximum(left, right)[inside], dtype=pl.Int64),
    }
    found = pairs.filter(pl.Series(inside, dtype=pl.Boolean)).with_columns(**ends)
    return found.sort(list(VOID))

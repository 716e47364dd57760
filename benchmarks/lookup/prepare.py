"""Before any clock starts: the questions are drawn, and records to ask by are left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.batch.job import say
from benchmarks.lookup.combinations import Sought
from benchmarks.lookup.draw import (
    ROOM,
    SHARES,
    Posed,
    Target,
    World,
    common_targets,
    numbers_left_out,
    posed,
    strangers,
    targets,
    worlds,
)
from benchmarks.lookup.known import Record, truth_of
from benchmarks.lookup.left_out import store_without
from benchmarks.lookup.mix import KINDS
from benchmarks.lookup.own import Own
from benchmarks.lookup.spoiling import dice, readable
from linker.config import Config
from linker.schemas import EntityType
from linker.scoring.features.pack import Int64s
from linker.store.generation import current_generation
from linker.store.layout import open_store

VIEW: Final = "view"
"""The directory of the store in which some records are left out."""
DRAWN: Final = "drawn.json"
"""The file of what was drawn."""
_LEFT_OUT: Final = 2_500
"""So many targets of a type at least are asked for by a record that is left out."""


def prepare(
    config: Config, entities: Sequence[EntityType], lookups: int, own: int, seed: int, out: Path
) -> dict[str, Any]:
    """Draw the questions, and make the store that some records are left out of.

    Args:
        config: Names the store, which is only read.
        entities: What is asked for.
        lookups: How many questions there are of the mix.
        own: How many records are looked up by their own values.
        seed: Of all that is drawn.
        out: Where the store and `DRAWN` go.

    Returns:
        ``records``: the living mentions of all entity types; ``generation``; ``people``: numbers of
        mentions for Splink to ask for.

    Raises:
        CommandError: The truth about the records is not there.
    """
    store = open_store(config.resolve(config.store.directory))
    generation = current_generation(store)
    found = worlds(config, generation, entities)
    whole = sum(SHARES[world.entity] for world in found)
    without: dict[EntityType, Int64s] = {}
    drawn: dict[str, list[Any]] = {"posed": [], "own": [], "sought": []}
    for world in found:
        say(f"drawing questions of {world.entity}")
        count = round(lookups * SHARES[world.entity] / whole)
        pools = _pools(world, count, own, seed, out)
        left_out = pools["left out"]
        without[world.entity] = numbers_left_out(left_out)
        drawn["posed"] += [asdict(one) for one in posed(world, pools, count, seed)]
        hidden = set(without[world.entity].tolist())
        drawn["own"] += [asdict(one) for one in _own(world, pools["any"], own, hidden)]
        drawn["sought"] += [
            {
                "entity": world.entity,
                "record": asdict(target.record),
                "found": world.entities(target.there),
            }
            for target in left_out
        ]
    dice(str(seed)).shuffle(drawn["posed"])
    (out / DRAWN).write_text(json.dumps(drawn), encoding="utf-8")
    store_without(config, without, out / VIEW)
    return {
        "generation": generation.number,
        "records": sum(generation.warehouse(one).height for one in generation.entity_types),
        "people": [one["number"] for one in drawn["own"] if one["entity"] == "person"][:20],
    }


def _pools(
    world: World, count: int, own: int, seed: int, out: Path
) -> Mapping[str, Sequence[Target]]:
    """Return by whose records a kind asks the targets of such kinds, in random order."""
    truth = truth_of(world.config, world.entity)
    left_out = targets(world, truth, max(_LEFT_OUT, count), seed + 1, left_out=True)
    hidden = set(numbers_left_out(left_out).tolist())
    every = targets(world, truth, max(ROOM * count, 2 * own), seed)
    share = {kind.whose: kind.percent for kind in KINDS}
    absent = round(count * share["not there"] / 100)
    return {
        # who is asked for by a record that is left out is not asked for otherwise
        "any": [target for target in every if hidden.isdisjoint((target.number, *target.there))],
        "left out": left_out,
        "common": common_targets(world, truth, ROOM * count, seed),
        "not there": strangers(world, 2 * absent, out / f"strangers_{world.entity}"),
    }


def _own(world: World, pool: Sequence[Target], count: int, hidden: set[int]) -> list[Own]:
    """Return records to be looked up by their own values: the last of a pool, asked for least."""
    kept = [target for target in reversed(pool) if world.visible[target.number]]
    kept = [target for target in kept if target.number not in hidden]
    share = round(count * SHARES[world.entity])
    return [
        Own(world.entity, fields, one.number)
        for one in kept[:share]
        if (fields := readable(world.entity, one.record.fields, world.as_of)) is not None
    ]


def read_posed(out: Path) -> list[Posed]:
    """Return the questions that were drawn, in the order in which they are asked."""
    return [Posed(**one) for one in _drawn(out)["posed"]]


def read_own(out: Path, entity: EntityType) -> list[Own]:
    """Return the records of a type that are looked up by their own values."""
    return [Own(**one) for one in _drawn(out)["own"] if one["entity"] == entity]


def read_sought(out: Path, entity: EntityType) -> list[Sought]:
    """Return the targets of a type that are asked for by records that are left out."""
    return [
        Sought(Record(**one["record"]), one["found"])
        for one in _drawn(out)["sought"]
        if one["entity"] == entity
    ]


def _drawn(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / DRAWN).read_text(encoding="utf-8"))
    return found

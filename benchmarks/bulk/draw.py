"""Drawing targets: known ones as a record has them, messy ones, and some who are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.lookup.draw import Target, World, strangers, targets, worlds
from benchmarks.lookup.known import Fields, truth_of
from benchmarks.lookup.mix import Asking, Made, as_a_stranger, exact, mistyped
from benchmarks.lookup.spoiling import dice, readable
from linker.config import Config
from linker.schemas import EntityType
from linker.store.generation import current_generation
from linker.store.layout import open_store

ROOM: Final = 2
"""So many are drawn for each target: not everyone can be asked for in every way."""


@dataclass(frozen=True)
class Drawn:
    """A target of the file.

    Attributes:
        kind: exact, messy or absent.
        fields: What is asked.
        found: The ids of the entities to be found; none of who is not there.
    """

    kind: str
    fields: Fields
    found: list[str]


def draw(config: Config, entity: EntityType, count: int, seed: int, work: Path) -> list[Drawn]:
    """Return so many targets in random order: four of ten exact, four messy, two absent.

    Args:
        config: Of a population and the store that it was linked into, which is only read.
        entity: What they are.
        count: How many.
        seed: Of the draw.
        work: Where the population of those who are not there is written.

    Raises:
        CommandError: The truth about the records is not there.
    """
    store = open_store(config.resolve(config.store.directory))
    (world,) = worlds(config, current_generation(store), [entity])
    known = round(0.4 * count)
    absent = count - 2 * known
    pool = targets(world, truth_of(config, entity), 2 * ROOM * known, seed)
    half = len(pool) // 2
    away = strangers(world, ROOM * absent, work / "strangers")
    drawn = [
        *_posed(world, "exact", pool[:half], known, seed),
        *_posed(world, "messy", pool[half:], known, seed + 1),
        *_posed(world, "absent", away, absent, seed + 2),
    ]
    dice(str(seed)).shuffle(drawn)
    return drawn


def _posed(world: World, kind: str, pool: Sequence[Target], count: int, seed: int) -> list[Drawn]:
    """Return so many targets of a kind, of the first that can be asked for in that way."""
    asking = Asking(dice(f"{seed}"), world.entity, world.as_of, seed)
    make = {"exact": exact, "messy": mistyped, "absent": as_a_stranger}[kind]
    made: Made = make(asking, [target.record for target in pool])
    found = [
        Drawn(kind, told, world.entities(target.there) if target.there else [])
        for target, fields in zip(pool, made, strict=True)
        if fields and (told := readable(world.entity, fields, world.as_of))
    ]
    return found[:count]


def write_targets(drawn: Sequence[Drawn], path: Path) -> None:
    """Write targets as a CSV whose columns are the fields, and ``id``: their place from 1."""
    names = dict.fromkeys(name for one in drawn for name in one.fields)
    columns: Mapping[str, list[str | None]] = {
        name: [_text(one.fields.get(name)) for one in drawn] for name in names
    }
    ids = [str(place) for place in range(1, len(drawn) + 1)]
    pl.DataFrame({"id": ids, **columns}).write_csv(path)


def _text(value: str | list[str] | None) -> str | None:
    return "; ".join(value) if isinstance(value, list) else value

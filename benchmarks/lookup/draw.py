"""Drawing the questions: whom they are about, and which entities must be found.

A target is there for a requester where a record of it is not of a silent investigation; the
entities that hold such records are those to be found. Targets are drawn at random, each for one
question of the mix; of some, one record is left out of what is searched, and asked by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.lookup.known import Fields, Record, read_records, sampled, truth_of
from benchmarks.lookup.mix import KINDS, NAMES, Asking, Kind
from benchmarks.lookup.spoiling import dice, readable
from benchmarks.population import Plan, config_text, generate
from linker.config import Config, load_config
from linker.entity_ids import id_of
from linker.schemas import EntityType
from linker.scoring.features.pack import Int64s
from linker.store.generation import Generation
from linker.store.lookup_index.guards import guards
from linker.store.record_keys import numbers_of
from linker.store.segment import SILENT
from linker.store.warehouse import Warehouse

SHARES: Final[Mapping[EntityType, float]] = {"person": 0.875, "organization": 0.125}
"""Of the questions, as of the population's records."""
ROOM: Final = 4
"""So many targets are drawn for each question: not every one can be asked by what a kind gives."""
STRANGERS: Final = 990_001
"""The seed of the population that the absent are drawn from."""
MOST_FREQUENT: Final = 50
"""So many full names are very common ones."""
_FEWEST: Final = 1_000


@dataclass(frozen=True)
class Posed:
    """A question of the mix.

    Attributes:
        kind: Its kind.
        entity: What is looked for.
        fields: What it gives.
        found: The ids of the entities to be found; none where the target is not there.
    """

    kind: str
    entity: EntityType
    fields: Fields
    found: list[str]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Target:
    """Whom a question is about.

    Attributes:
        record: The record it is asked by.
        there: The numbers of the target's other records, and of this one unless it is left out,
            that a requester may find.
        number: The number of this record's mention.
    """

    record: Record
    there: tuple[int, ...]
    number: int


@dataclass(frozen=True)
class World:
    """One entity type of a published generation, with the truth about its records.

    Attributes:
        config: The configuration.
        generation: The published generation.
        entity: Of which type.
        held: What it holds.
        visible: By number of a mention, whether a requester may find it.
    """

    config: Config
    generation: Generation
    entity: EntityType
    held: Warehouse
    visible: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def as_of(self) -> dt.date:
        """The day that questions are asked on."""
        return self.generation.as_of

    def entities(self, mentions: Sequence[int]) -> list[str]:
        """Return the ids of the entities that hold some mentions."""
        seed = self.generation.manifest["seed"]
        serials = np.unique(self.held.serials[np.array(mentions, dtype=np.int64)]).tolist()
        return [id_of(seed, serial, self.entity) for serial in serials]


def worlds(config: Config, generation: Generation, wanted: Sequence[EntityType]) -> list[World]:
    """Return the entity types of a generation that are asked for."""
    held = {entity: generation.warehouse(entity) for entity in generation.entity_types}
    guard = guards(held)
    return [
        World(config, generation, entity, one, (guard[entity] != SILENT) & ~one.dead)
        for entity, one in held.items()
        if entity in wanted
    ]


def targets(
    world: World, truth: pl.DataFrame, count: int, seed: int, *, left_out: bool = False
) -> list[Target]:
    """Return targets drawn at random, each with one of its records to ask by.

    Args:
        world: Where they are.
        truth: Who the records are about.
        count: How many; fewer where there are not so many.
        seed: Of the draw.
        left_out: Whether the record that is asked by is not to be found itself.
    """
    drawn = sampled(truth, count, seed, fewest=2 if left_out else 1)
    numbers = numbers_of(world.held, drawn)
    chance = dice(str(seed))
    chosen: list[tuple[int, tuple[int, ...]]] = []
    for rows in _runs(drawn["true_id"].to_list()):
        living = [row for row in rows if numbers[row] >= 0]
        if not living:
            continue
        row = chance.choice(living)
        others = [int(numbers[at]) for at in living if not left_out or at != row]
        there = tuple(number for number in others if world.visible[number])
        if there:
            chosen.append((row, there))
    records = read_records(world.config, world.entity, drawn[[row for row, _ in chosen]])
    return [
        Target(record, there, int(numbers[row]))
        for record, (row, there) in zip(records, chosen, strict=True)
    ]


def _runs(names: Sequence[str]) -> Iterator[range]:
    """Return where equal names stand, one after the other."""
    first = 0
    for at in range(1, len(names) + 1):
        if at == len(names) or names[at] != names[first]:
            yield range(first, at)
            first = at


def posed(
    world: World, pools: Mapping[str, Sequence[Target]], questions: int, seed: int
) -> list[Posed]:
    """Return the questions of the mix about one entity type.

    Args:
        world: What is asked.
        pools: By whose records a kind asks: targets in random order.
        questions: How many questions.
        seed: Of what is left out and mistyped.
    """
    found: list[Posed] = []
    used = dict.fromkeys(pools, 0)
    for place, kind in enumerate(KINDS):
        count = round(questions * kind.percent / 100)
        pool = pools[kind.whose]
        asking = Asking(dice(f"{seed} {place}"), world.entity, world.as_of, seed + place)
        made, used[kind.whose] = _made(kind, asking, pool, used[kind.whose], count)
        found += [
            Posed(kind.name, world.entity, fields, world.entities(target.there))
            for fields, target in made
        ]
    return found


def _made(
    kind: Kind, asking: Asking, pool: Sequence[Target], first: int, count: int
) -> tuple[list[tuple[Fields, Target]], int]:
    """Return so many questions of a kind, of the next targets that can be asked by what it gives.

    Where the pool ends it is gone through once more from its start.
    """
    found: list[tuple[Fields, Target]] = []
    tried, place = 0, first
    while len(found) < count and tried < len(pool):
        here = [pool[(place + at) % len(pool)] for at in range(min(count, len(pool) - tried))]
        made = kind.make(asking, [target.record for target in here])
        for target, given in zip(here, made, strict=True):
            tried += 1
            place += 1
            fields = readable(asking.entity, given, asking.as_of) if given else None
            if fields and len(found) < count:
                found.append((fields, target))
    return found, place % max(len(pool), 1)


def common_targets(world: World, truth: pl.DataFrame, count: int, seed: int) -> list[Target]:
    """Return targets who bear one of the most frequent names, by one record each."""
    name = NAMES[world.entity]
    rows = pl.concat(
        pl.scan_parquet(segment.directory / "mentions.parquet").select("source", "record_id", name)
        for segment in world.held.segments
    )
    counts = rows.group_by(name).len().drop_nulls().sort(["len", name], descending=[True, False])
    frequent = counts.head(MOST_FREQUENT).select(name).collect()
    bearers = rows.join(frequent.lazy(), on=name, how="semi").collect()
    known = truth.join(bearers, on=["source", "record_id"], how="semi")
    known = known.sort("true_id", "source", "record_id")
    drawn = known.sample(min(count, known.height), shuffle=True, seed=seed)
    numbers = numbers_of(world.held, drawn)
    kept = (numbers >= 0) & world.visible[numbers]
    drawn, numbers = drawn.filter(pl.Series(kept)), numbers[kept]
    others = truth.join(drawn.select("true_id").unique(), on="true_id", how="semi")
    there: dict[str, list[int]] = {}
    every = zip(others["true_id"], numbers_of(world.held, others).tolist(), strict=True)
    for true_id, number in every:
        if number >= 0 and world.visible[number]:
            there.setdefault(true_id, []).append(number)
    records = read_records(world.config, world.entity, drawn)
    return [
        Target(record, tuple(there[record.true_id]), int(number))
        for record, number in zip(records, numbers, strict=True)
    ]


def strangers(world: World, count: int, directory: Path) -> list[Target]:
    """Return targets that are not there: of a population of another seed.

    Args:
        world: Where they are not.
        count: How many.
        directory: Where that population is written.
    """
    plan = Plan(max(_FEWEST, 4 * count), STRANGERS, "parquet", entities=world.entity)
    generate(plan, directory)
    path = directory / "linker.toml"
    path.write_text(
        config_text(str(directory), str(directory / "store"), "parquet", world.entity),
        encoding="utf-8",
    )
    config = load_config(path)
    drawn = sampled(truth_of(config, world.entity), count, STRANGERS)
    first = drawn.unique("true_id", keep="first", maintain_order=True)
    return [Target(record, (), -1) for record in read_records(config, world.entity, first)]


def numbers_left_out(pool: Sequence[Target]) -> Int64s:
    """Return the numbers of the mentions that are asked by and left out."""
    return np.array([target.number for target in pool], dtype=np.int64)

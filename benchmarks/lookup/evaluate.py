"""Evaluating a model by questions of known targets: ``evaluation.json`` in its directory.

A population of a seed that no model was trained on is linked with the model. Of each target with
several records one is left out of what is searched, and the target is asked for by it, with every
usual combination of fields: errors between records count, and so do targets of which nothing in
common is recorded.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any, Final

from benchmarks.batch.job import say
from benchmarks.commands import CommandError, run
from benchmarks.lookup.combinations import USUAL, Sought, count_found
from benchmarks.lookup.draw import World, numbers_left_out, targets, worlds
from benchmarks.lookup.known import truth_of
from benchmarks.lookup.left_out import in_store, store_without
from benchmarks.population import Plan, config_text, expected_text, generate
from linker.config import load_config
from linker.lookup.desk import Desk, open_desk
from linker.lookup.evaluation import EVALUATION
from linker.lookup.missed import evidence_needed
from linker.model import read_model
from linker.schemas import ENTITY_TYPES, EntityType
from linker.store.generation import current_generation
from linker.store.layout import open_store

SEED: Final = 29
"""Of the population: neither the one models are trained on nor one of the scoreboard's."""
TARGETS: Final = 16_000
"""So many targets are drawn; not each can be asked by every combination."""
MOST_BITS: Final = 12
"""A match needs a bit more evidence among twice as many records; so many more are counted."""
MOST_ASKED: Final = 4_000
"""So many questions of a combination: a share of misses is then known to a percent."""


def evaluate(directory: Path, records: int, seed: int, work: Path) -> list[dict[str, Any]]:
    """Evaluate a model and write what came of it into its directory.

    Args:
        directory: The model's.
        records: How many records the population has, all of the model's entity type.
        seed: Of the population.
        work: A directory for files.

    Returns:
        The rows of the evaluation: fields, asked, found.

    Raises:
        CommandError: There is no model, or a command failed.
        LinkerError: The model cannot be used.
    """
    entity = _entity_of(directory)
    config_file = _population(entity, directory, records, seed, work)
    say(f"linking {records:,} records")
    run("link", "--config", str(config_file))
    config = load_config(config_file)
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    (world,) = worlds(config, generation, [entity])
    sought, desk = left_out(world, TARGETS, seed, work / "view")
    rows, far = [], [0, 0]
    for combination in USUAL[entity]:
        counted = count_found(desk, combination, entity, sought, MOST_ASKED)
        (asked, found), *harder = (counted.in_reach(bits) for bits in range(MOST_BITS + 1))
        more, also = counted.out_of_reach()
        far = [far[0] + more, far[1] + also]
        if asked:
            row = {"fields": sorted(combination), "asked": asked, "found": found}
            rows.append({**row, "harder": harder})
        say(f"{', '.join(combination)}: {found:,} of {asked:,}; {also:,} of {more:,} out of reach")
    told = {
        "of": f"asked of an invented population of {records:,} records (seed {seed}) by records of "
        "the target that were not among those searched",
        "needed": round(evidence_needed(desk.shelf(entity)), 6),
        "out_of_reach": {"asked": far[0], "found": far[1]},
    }
    write_evaluation(directory, told, rows)
    return rows


def left_out(world: World, count: int, seed: int, view: Path) -> tuple[list[Sought], Desk]:
    """Leave one record out of each of some targets; return what is sought, and whom to ask.

    Args:
        world: What is searched.
        count: How many targets.
        seed: Of the draw.
        view: Where the store without these records goes.
    """
    pool = targets(world, truth_of(world.config, world.entity), count, seed, left_out=True)
    store_without(world.config, {world.entity: numbers_left_out(pool)}, view)
    sought = [Sought(target.record, world.entities(target.there)) for target in pool]
    return sought, open_desk(in_store(world.config, view))


def write_evaluation(directory: Path, told: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Write the evaluation of a model, and its digest into the model's manifest.

    Args:
        directory: The model's.
        told: of: what was asked, in words; needed: how much evidence a match needed, in bits;
            out_of_reach: asked, found.
        rows: fields; asked, found: of questions that are in reach; harder: the same if a match
            needed one bit more, two bits and so on.
    """
    head = "".join(f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in told.items())
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    text = f'{{\n{head} "rows": [\n{lines}\n ]\n}}\n'
    (directory / EVALUATION).write_text(text, encoding="utf-8")
    path = directory / "manifest.json"
    if path.exists():
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"][EVALUATION] = hashlib.sha256(text.encode()).hexdigest()
        path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _entity_of(directory: Path) -> EntityType:
    for entity in ENTITY_TYPES:
        if directory.resolve().parent.name == entity and (directory / "model.json").is_file():
            read_model(directory, entity)
            return entity
    raise CommandError(
        f"{directory}: no model there; name a directory such as models/person/1, whose parent is "
        "called after the entity type"
    )


def _population(entity: EntityType, model: Path, records: int, seed: int, work: Path) -> Path:
    """Write a population of one entity type, and its configuration, which names the model."""
    out = work / "population"
    say(f"generating {records:,} records")
    summary = generate(Plan(records, seed, "parquet", entities=entity), out)
    text = config_text(str(out), str(out / "store"), "parquet", entity)
    # the section of the entity type may be there already
    expected = tomllib.loads(expected_text(summary.sources)).get(entity, {})
    section = {**expected, "model": str(model.resolve())}
    text += f"\n[{entity}]\n"
    text += "".join(f"{name} = {json.dumps(value)}\n" for name, value in section.items())
    path = out / "linker.toml"
    path.write_text(text, encoding="utf-8")
    return path

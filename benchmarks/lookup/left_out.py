"""A view of a store in which some records are dead, so that others of their targets must be found.

The files are those of the published generation, linked to; only what says which mentions live is
written anew, as a night writes it after records are gone. The entities stay: a record that is left
out may have brought two others together.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from linker.config import Config
from linker.jobs.models import model_in_use
from linker.lookup.evaluation import EVALUATION
from linker.model import read_model
from linker.schemas import EntityType
from linker.scoring.features.pack import Int64s
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store
from linker.store.lookup_index.write import DIRECTORY, write_lookup_index
from linker.store.warehouse import open_warehouse

DEAD = "dead.npy"


def store_without(config: Config, left_out: Mapping[EntityType, Int64s], directory: Path) -> None:
    """Make a store that holds the published generation without some mentions.

    Args:
        config: Names the store.
        left_out: By entity type the numbers of mentions.
        directory: Of the new store; made.

    Raises:
        StoreError: Nothing has been published.
        OSError: The directory cannot be written.
    """
    store = open_store(config.resolve(config.store.directory))
    generation = current_generation(store)
    made = directory / "generations" / generation.directory.name
    _link_all(generation.directory, made, {*generation.entity_types, "models"})
    for path in (store.directory / "store.json", store.pointer):
        shutil.copy(path, directory / path.name)
    held = {}
    for entity in generation.entity_types:
        _link_all(generation.directory / entity, made / entity, {DEAD, DIRECTORY})
        dead = generation.warehouse(entity).dead
        dead[left_out.get(entity, np.empty(0, dtype=np.int64))] = True
        np.save(made / entity / DEAD, dead)
        held[entity] = open_warehouse(entity, made / entity)
        _models(config, generation, entity, made)
    write_lookup_index(held)


def in_store(config: Config, directory: Path) -> Config:
    """Return a configuration whose store lies elsewhere."""
    store = config.store.model_copy(update={"directory": directory.resolve()})
    return config.model_copy(update={"store": store})


def _link_all(source: Path, target: Path, apart: set[str]) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.name not in apart:
            (target / path.name).symlink_to(path.resolve())


def _models(config: Config, generation: Generation, entity: EntityType, made: Path) -> None:
    """Link to a model; to its evaluation too, where it was evaluated after it was linked with."""
    own = generation.model_directory(entity)
    there = made / "models" / entity
    _link_all(own, there, set())
    in_use, directory = model_in_use(config, entity)
    evaluation = directory / EVALUATION
    same = read_model(own, entity).digest == in_use.digest
    if same and evaluation.exists() and not (there / EVALUATION).exists():
        (there / EVALUATION).symlink_to(evaluation.resolve())

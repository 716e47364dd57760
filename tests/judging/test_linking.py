"""Records linked in memory."""

from __future__ import annotations

import polars as pl

from linker.judging.linking import at_threshold, link_records, needed_columns
from linker.model import weight_of
from linker.night.records import records_of
from linker.progress import Progress
from linker.store.generation import current_generation
from linker.store.layout import open_store
from tests.judging.conftest import Population


def partition(entities: pl.DataFrame) -> set[tuple[tuple[str, str], ...]]:
    """The records of each entity."""
    named = entities.select("entity_id", record=pl.concat_list("source", "record_id"))
    groups = named.group_by("entity_id").agg("record")["record"].to_list()
    return {tuple(sorted(tuple(record) for record in group)) for group in groups}


def test_linking_in_memory_is_what_link_does(population: Population) -> None:
    """The same records, model and configuration give the entities that the store has."""
    config, in_use = population.config, population.in_use
    records = records_of(config, "person", needed_columns(in_use, config), Progress())
    linking = link_records(records, in_use, config, Progress())
    store = open_store(config.resolve(config.store.directory))
    stored = current_generation(store).read("membership_person")
    assert partition(linking.entities) == partition(stored)


def test_another_threshold_is_another_linking(population: Population) -> None:
    """Clustering anew gives what linking with that threshold gives, from the same scores."""
    config, in_use = population.config, population.in_use
    records = records_of(config, "person", needed_columns(in_use, config), Progress())
    linking = link_records(records, in_use, config, Progress(), least=-10.0)
    settings = config.person.model_copy(update={"link_threshold": 0.6})
    loose = link_records(
        records, in_use, config.model_copy(update={"person": settings}), Progress()
    )
    again = at_threshold(linking, 0.6)
    assert partition(again.entities) == partition(loose.entities)
    assert len(partition(again.entities)) < len(partition(linking.entities))
    links = again.pairs.filter("link")
    assert links.filter(~pl.col("confirmed"))["match_weight"].min() >= weight_of(0.6)  # type: ignore[operator]

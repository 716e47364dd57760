"""A set linked by the product's commands, as rows of the scoreboard."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.accuracy.bootstrap import intervals
from benchmarks.accuracy.groups import by_missing, by_value, findable
from benchmarks.accuracy.losses import Judged, judge, shares
from benchmarks.real.dataset import STORE, RealSet
from benchmarks.real.measurement import Linked, link_set, score
from linker.config import load_config
from linker.schemas import EntityType
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store


def measure_rows(real: RealSet, work: Path, *, train: bool = True) -> list[dict[str, Any]]:
    """Train, link and export a set; return a row for it, and for each type where it has both.

    A row has the figures of `benchmarks.real.measurement.Row`; ``intervals``: the 95% interval of
    each share; ``candidate_pairs``, and how many a record; what `losses.shares` says of all pairs;
    and of a single entity type, as far as the truth tells, the same ``by_missing``, ``by_culture``,
    ``by_kind`` and of the ``findable`` pairs alone.

    Args:
        real: The set; its conversions are in place.
        work: Where configuration, models and store go.
        train: Whether to train at all, or to link with the shipped models.

    Raises:
        CommandError: A command failed for another reason than that a model cannot be trained.
    """
    linked = link_set(real, work, train=train)
    generation = current_generation(open_store(work / STORE))
    judged = {entity: judge_type(real, linked, generation, entity) for entity in real.entity_types}
    rows = []
    for base in score(real, linked):
        entities: list[EntityType] = [entity for entity in judged if entity in base.entity]
        row = asdict(base) | _of_pairs([judged[entity] for entity in entities])
        row["intervals"] = intervals(_records(real, linked.entities, entities))
        counts = [linked.report["entity_types"][entity] for entity in entities]
        row["candidate_pairs"] = sum(count["candidate_pairs"] for count in counts)
        row["candidate_pairs_per_record"] = row["candidate_pairs"] / max(
            sum(count["mentions"] for count in counts), 1
        )
        if len(entities) == 1:
            row |= _groups(judged[entities[0]], generation, entities[0])
        rows.append(row)
    return rows


def judge_type(real: RealSet, linked: Linked, generation: Generation, entity: EntityType) -> Judged:
    """Judge what linking a set made of one entity type.

    Args:
        real: The set.
        linked: What linking it left behind.
        generation: The one that was published.
        entity: The entity type.
    """
    settings = load_config(linked.config).settings_of(entity)
    truth = real.truth.filter(pl.col("entity_type") == entity)
    return judge(generation, entity, settings, truth)


def _records(real: RealSet, entities: pl.DataFrame, types: list[EntityType]) -> pl.DataFrame:
    """Return who each record is about and where it was put."""
    truth = real.truth.filter(pl.col("entity_type").is_in(types)).drop_nulls("true_id")
    return truth.join(
        entities, on=["entity_type", "source", "record_id"], how="left", maintain_order="left"
    ).select("true_id", "entity_id")


def _of_pairs(judged: list[Judged]) -> dict[str, Any]:
    pairs = pl.concat(one.pairs for one in judged)
    links = pl.concat(one.links for one in judged)
    found = shares(pairs, links, sum(one.absent for one in judged))
    del found["recall"]  # the row has it
    return found


def _groups(judged: Judged, generation: Generation, entity: EntityType) -> dict[str, Any]:
    found: dict[str, Any] = {
        "by_missing": by_missing(judged, generation, entity),
        "by_culture": by_value(judged, "culture"),
        "by_kind": by_value(judged, "kinds"),
        "findable": findable(judged),
    }
    return {name: value for name, value in found.items() if value}

"""Filling the queue: what is known already, which pairs are chosen beside it, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config import Config
from linker.entities.decisions import in_force
from linker.lookup.shelf import Shelf
from linker.model import weight_of
from linker.night.labels import LABELS, labelled
from linker.progress import Progress
from linker.review.choose import Known, Level, allotted, choose
from linker.review.item import PARTS, Part
from linker.review.pool import STRATA, Pool, groups_of, levels_of, pool_of
from linker.review.queue_file import QUEUED, read_items
from linker.schemas import DECISION_RECORDS, RECORD, empty
from linker.store.decision_table import read_decisions
from linker.store.journal import now
from linker.store.layout import Store
from linker.store.reading import read_json
from linker.store.record_keys import numbers_of

TRAINING: Final = "training.json"
"""What training says of itself, beside the model."""
_WHY_FEWER: Final = {
    "session": "the model names no level that training sessions disagree on, or no pair has one",
    "blind": "no more candidate pairs are kept apart for evaluation",
}


@dataclass(frozen=True)
class Filling:
    """What the queue is filled with.

    Attributes:
        rows: `QUEUED`, in the order in which they are queued.
        candidates: How many pairs were looked at.
        passed: How many of these were decided or queued already.
        wanted: How many each part was to have.
        strata: Of the blind part: stratum of weights: how many were drawn.
    """

    rows: pl.DataFrame
    candidates: int
    passed: int
    wanted: dict[Part, int]
    strata: dict[str, int]

    @property
    def parts(self) -> dict[Part, int]:
        """How many each part has."""
        counted = Counter(self.rows["part"].to_list())
        return {part: counted[part] for part in PARTS}

    @property
    def notes(self) -> list[str]:
        """Why a part has fewer than it was to have."""
        notes = []
        for part, count in self.parts.items():
            if count < self.wanted[part]:
                why = _WHY_FEWER.get(part, "there are no more such pairs")
                notes.append(f"{part}: {count:,} of {self.wanted[part]:,}: {why}")
        return notes


def filling(
    store: Store, shelf: Shelf, config: Config, asked: tuple[int, int], progress: Progress
) -> Filling:
    """Choose the pairs to queue of one entity type; nothing is written.

    Args:
        store: Its queue and journal say what is queued and decided already.
        shelf: The published generation's records and model.
        config: Shares, thresholds, blocking rules.
        asked: How many pairs, and the seed.
        progress: Receives a line about each step.

    Raises:
        StoreError: The store, its journal or its queue cannot be read.
    """
    size, seed = asked
    pool = pool_of(shelf, config, seed, progress)
    free = _without(pool, _passed_over(store, shelf))
    told = config.review.shares.model_dump()
    shares: dict[Part, float] = {part: told[part] for part in PARTS}
    chosen = choose(free, known_of(shelf, config), size, shares, seed)
    rows = chosen.with_columns(
        entity_type=pl.lit(shelf.entity_type),
        model=pl.lit(shelf.scoring.in_use.name),
        generation=pl.lit(shelf.generation.number),
        seed=pl.lit(seed),
        stratum=pl.when(pl.col("part") == "blind").then(pl.col("stratum")),
    )
    drawn = Counter(rows["stratum"].drop_nulls().to_list())
    return Filling(
        rows=rows.select(pl.col(name).cast(kind) for name, kind in QUEUED.items()),
        candidates=pool.pairs.height,
        passed=pool.pairs.height - free.pairs.height,
        wanted=allotted(size, shares),
        strata={stratum: drawn[stratum] for stratum in STRATA if drawn[stratum]},
    )


def known_of(shelf: Shelf, config: Config) -> Known:
    """Return what is known beside the pairs: labels to train on, thresholds, disagreements.

    Args:
        shelf: The published generation's records and model.
        config: Names the store.

    Raises:
        StoreError: The journal cannot be read.
    """
    labels = _numbered(shelf, labelled(config, shelf.entity_type, "training"))
    return Known(
        review=weight_of(shelf.thresholds.review),
        link=weight_of(shelf.thresholds.link),
        labels=levels_of(shelf, labels),
        label_groups=groups_of(shelf, labels).to_list(),
        disagreements=disagreements_of(shelf),
    )


def disagreements_of(shelf: Shelf) -> list[Level]:
    """Return the levels whose weights differ between training sessions, the widest spread first.

    A model of which training kept no sessions names none.
    """
    path = shelf.generation.model_directory(shelf.entity_type) / TRAINING
    if not path.exists():
        return []
    told = sorted(
        read_json(path).get("disagreements", ()),
        key=lambda one: (-float(one["spread"]), one["comparison"], one["level"]),
    )
    places = {
        (comparison.name, level.label): (number, place)
        for number, comparison in enumerate(shelf.scoring.comparisons)
        for place, level in enumerate(comparison.levels)
    }
    named = [(one["comparison"], one["level"]) for one in told]
    return [places[name] for name in named if name in places]


def _numbered(shelf: Shelf, labels: pl.DataFrame) -> pl.DataFrame:
    """Return the labels both of whose records are there, with the numbers of their mentions."""
    found = labels if labels.height else empty(LABELS)
    for side in ("l", "r"):
        names = labels.select(pl.col(f"{name}_{side}").alias(name) for name in RECORD)
        numbers = numbers_of(shelf.index.held, names)
        found = found.with_columns(pl.Series(f"mention_{side}", numbers, dtype=pl.Int64()))
    return found.filter((pl.col("mention_l") >= 0) & (pl.col("mention_r") >= 0))


def _passed_over(store: Store, shelf: Shelf) -> pl.DataFrame:
    """Return the pairs that are decided or queued; `DECISION_RECORDS`."""
    standing = in_force(read_decisions(store), now()).filter(entity_type=shelf.entity_type)
    queued = [
        (*item.left, *item.right)
        for item in read_items(store)
        if item.entity_type == shelf.entity_type
    ]
    rows = pl.DataFrame(queued, schema=dict(DECISION_RECORDS), orient="row")
    return pl.concat([standing.select(list(DECISION_RECORDS)), rows])


def _without(pool: Pool, pairs: pl.DataFrame) -> Pool:
    marked = pool.pairs.select(list(DECISION_RECORDS)).join(
        pairs.unique().with_columns(there=pl.lit(value=True)),
        on=list(DECISION_RECORDS),
        how="left",
        maintain_order="left",
    )
    return pool.where(marked["there"].is_null())

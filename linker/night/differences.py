"""What a run changes, against what is published: entities, and which investigations meet.

Entities are counted from the run's ledger and moves, whatever the run is. Investigations are
compared where they may all have changed, by two readings of what each generation tells: one for
which pairs of them meet, kept as hashes, and one for those that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from linker.night.linked import Linked, Run
from linker.night.tally import SURE, unit_name
from linker.report.run_report import EntityChanges, MeetingChanges, RunChanges, UnitChanges
from linker.schemas import DIFFERENCES, EntityType, check, conform, empty
from linker.store.investigations import InvestigationTable
from linker.store.segment import UInt64s

MEETINGS: Final = ("SIMULTANEOUS", "PRIOR", "HISTORICAL_OVERLAP")
"""The classes of two investigations of one entity that lie somehow in time."""
_SIDE: Final = ("agency", "unit", "case_id", "source", "record_id")
_SIDES: Final = (*_SIDE, *(f"other_{name}" for name in _SIDE))
PAIR: Final = {**{name: DIFFERENCES[name] for name in _SIDES}, "pair": pl.UInt64()}
"""Two investigations that meet, the lesser by agency and case first, and a hash of both."""


@dataclass(frozen=True)
class Told:
    """What a generation tells of investigations.

    Attributes:
        table: All that it tells.
        entity_types: Those that it has.
    """

    table: InvestigationTable
    entity_types: Sequence[EntityType]

    def met(self) -> Iterator[pl.DataFrame]:
        """Yield the rows of investigations that meet, and a hash of both, ``pair``."""
        mine, theirs = pl.col("mine"), pl.col("theirs")
        first = pl.when(mine <= theirs).then(mine).otherwise(theirs)
        second = pl.when(mine <= theirs).then(theirs).otherwise(mine)
        for part in self.table.parts(self.entity_types, (*_SIDES, "class", "tier")):
            rows = part.filter(pl.col("class").is_in(MEETINGS) & pl.col("tier").is_in(SURE))
            yield rows.with_columns(mine=_name_of(""), theirs=_name_of("other_")).with_columns(
                pair=pl.concat_str(first, second, separator="\x1e").hash()
            )


def what_changes(
    run: Run, linked: Mapping[EntityType, Linked], *, meetings: bool
) -> RunChanges | None:
    """Return what a run changes; None where nothing is published that it could change.

    Args:
        run: The run, whose investigations are written.
        linked: What became of each entity type.
        meetings: Whether to compare investigations too, and to write `DIFFERENCES`.

    Raises:
        StoreError: A file of the published generation is missing or damaged.
        OSError: The disk is full, or cannot be written.
    """
    if run.before is None:
        return None
    entities = {}
    for entity, done in linked.items():
        counts = run.before.manifest["counts"].get(entity, {})
        entities[entity] = entity_changes(done.ledger, done.moves, counts, done.held.height)
    if not meetings:
        return RunChanges(entities=entities)
    with run.progress.stage("differences"):
        before, building = run.before, run.store.building
        differences = meeting_differences(
            Told(InvestigationTable(before.directory, before.as_of), before.entity_types),
            Told(InvestigationTable(building, run.as_of), list(linked)),
        )
        differences.write_parquet(building / "differences.parquet")
    return RunChanges(entities=entities, investigations=meeting_changes(differences))


def entity_changes(
    ledger: pl.DataFrame, moves: pl.DataFrame, before: Mapping[str, Any], mentions: int
) -> EntityChanges:
    """Count what became of the entities of one entity type.

    Args:
        ledger: What happened in the run, schema `LEDGER`.
        moves: The records whose entity changed, schema `MOVES`.
        before: How many ``entities`` and ``mentions`` were published; of a new type nothing.
        mentions: How many there are now.
    """
    told = {
        event: ledger.filter(event=event)
        for event in ("created", "changed", "merged", "split", "retired")
    }
    entities, height = before.get("entities", 0), before.get("mentions", 0)
    split = told["split"]
    involved = pl.concat(
        [told["merged"]["other_entity_id"], split["other_entity_id"], split["entity_id"]]
    )
    ended = told["merged"].height + told["retired"].height
    gone = moves["entity_id"].null_count()
    new = mentions - height + gone
    return EntityChanges(
        before=entities,
        now=entities - ended + told["created"].height,
        unchanged=entities - ended - told["changed"].height,
        merged=told["merged"].height,
        split=split["other_entity_id"].n_unique(),
        changed=told["changed"].filter(~pl.col("entity_id").is_in(involved.implode())).height,
        created=told["created"].height,
        retired=told["retired"].height,
        moved=moves.height - gone - new,
    )


def meeting_differences(before: Told, now: Told) -> pl.DataFrame:
    """Return the pairs of investigations that meet in one of two generations alone.

    Two investigations meet where one of them is told of the other by a class of `MEETINGS`, at
    tier CONFIRMED or PROBABLE, whatever the class and on whichever entity.

    Args:
        before: What the published one tells.
        now: What the other one does.

    Returns:
        Schema `DIFFERENCES`, sorted; each pair once, with the first two of its records.

    Raises:
        StoreError: A file is missing or damaged.
    """
    met, meet = _hashes(before.met()), _hashes(now.met())
    found = [  # pairs are compared by hashes: names of all would not fit into memory
        _only(now, np.setdiff1d(meet, met, assume_unique=True), "meets"),
        _only(before, np.setdiff1d(met, meet, assume_unique=True), "parts"),
    ]
    whole = pl.concat(found).sort("agency", "case_id", "other_agency", "other_case_id", *_SIDES)
    return check(conform(whole, DIFFERENCES), DIFFERENCES, "differences")


def meeting_changes(differences: pl.DataFrame) -> MeetingChanges:
    """Count the pairs that newly meet and that part, in all and by the two units.

    Args:
        differences: Schema `DIFFERENCES`.
    """
    mine, theirs = unit_name("agency", "unit"), unit_name("other_agency", "other_unit")
    units = (
        differences.select(
            "change",
            unit=pl.when(mine <= theirs).then(mine).otherwise(theirs),
            other_unit=pl.when(mine <= theirs).then(theirs).otherwise(mine),
        )
        .group_by("unit", "other_unit")
        .agg(meet=(pl.col("change") == "meets").sum(), part=(pl.col("change") == "parts").sum())
    )
    return MeetingChanges(
        meet=differences.filter(change="meets").height,
        part=differences.filter(change="parts").height,
        units=tuple(UnitChanges.model_validate(row) for row in units.to_dicts()),
    )


def _name_of(side: str) -> pl.Expr:
    """Return what names an investigation: agency and case, or the record where it has none."""
    agency, case, *record = (pl.col(f"{side}{name}") for name in ("agency", "case_id", *_SIDE[3:]))
    alone = pl.concat_str(pl.lit(""), *record, separator="\x1f")
    return pl.concat_str(agency.fill_null(""), pl.coalesce(case, alone), separator="\x1f")


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each pair of rows once, `PAIR`, with the first of its records."""
    swapped = pl.col("mine") > pl.col("theirs")
    ordered = rows.with_columns(
        pl.when(swapped).then(there).otherwise(here).alias(here)
        for name in _SIDE
        for here, there in ((name, f"other_{name}"), (f"other_{name}", name))
    )
    return _first_of_each(conform(ordered, PAIR))


def _first_of_each(pairs: pl.DataFrame) -> pl.DataFrame:
    records = ("source", "record_id", "other_source", "other_record_id")
    return pairs.sort(records).unique("pair", keep="first", maintain_order=True)


def _hashes(parts: Iterable[pl.DataFrame]) -> UInt64s:
    """Return the hashes of all pairs, sorted."""
    found = (part["pair"].unique().to_numpy() for part in parts)
    return np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *found]))


def _only(told: Told, wanted: UInt64s, change: str) -> pl.DataFrame:
    """Return some pairs, each once, and what is said of them."""
    found = [empty(PAIR)]
    if len(wanted):  # what is as it was is not read again
        for part in told.met():
            here = np.isin(part["pair"].to_numpy(), wanted)
            found.append(_once(part.filter(pl.Series(here, dtype=pl.Boolean))))
    pairs = _first_of_each(pl.concat(found))
    return pairs.with_columns(change=pl.lit(change)).drop("pair")

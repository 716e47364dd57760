"""Investigations of a run: all told on a run that starts over, else those that a change touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl

from linker.deconfliction.changed_cases import investigations_more
from linker.deconfliction.classify import READ as CLASSIFYING
from linker.deconfliction.classify import Telling, tell_in_parts
from linker.deconfliction.left_out import left_out_after
from linker.deconfliction.night import Night
from linker.deconfliction.shared import (
    LEFT_OUT,
    shared_columns,
    shared_identifiers,
    without_associations,
)
from linker.deconfliction.tell_anew import tell_anew
from linker.deconfliction.touched import touched_entities
from linker.entities.reviewed import reviewed
from linker.entity_ids import mint
from linker.errors import LinkerError
from linker.night.linked import Linked, Run
from linker.night.tally import COUNTED, InvestigationTally, count_investigations
from linker.schemas import INVESTIGATIONS, EntityType, empty
from linker.store.generation import Generation
from linker.store.investigations import TOLD, InvestigationTable, write_told
from linker.store.table_file import TableFile


def tell_investigations(run: Run, linked: Mapping[EntityType, Linked]) -> InvestigationTally:
    """Classify investigations, and write what is told of them.

    Args:
        run: The run.
        linked: What became of each entity type: all of them linked anew, or none.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    before = run.before
    anew = before is None or all(done.altered is None for done in linked.values())
    tally = InvestigationTally() if anew or before is None else InvestigationTally(_counted(before))
    path = run.file_of("investigations")
    path.parent.mkdir(parents=True, exist_ok=True)
    told, nights = [empty(TOLD)], []
    with TableFile(path, INVESTIGATIONS) as file:
        for entity, done in linked.items():
            with run.progress.stage(f"{entity}: investigations"):
                if anew or before is None:
                    _write(_all(run, done, tally), file, tally)
                    continue
                nights.append(_night(run, before, done))
                told.append(_again(run, before, nights[-1], file, tally))
    run.write(tally.crowds_told, "crowds")
    if anew:
        tally.total = count_investigations(done.held for done in linked.values())
    else:
        write_told(run.store.building, path.stem, pl.concat(told))
        tally.total += investigations_more(nights)
    tally.warn(InvestigationTable(run.store.building, run.as_of).crowds())
    return tally


def _counted(before: Generation) -> Mapping[str, Any]:
    """Return what the report of the published generation counts."""
    counted: Mapping[str, Any] = before.report["investigations"]
    return counted


def _write(parts: Iterable[pl.DataFrame], file: TableFile, tally: InvestigationTally) -> None:
    """Write and count parts of the table, each while the next one is made."""
    with ThreadPoolExecutor(1) as writer:
        written = writer.submit(file.append, empty(INVESTIGATIONS))
        for part in parts:
            tally.add(part)
            written.result()
            written = writer.submit(file.append, part)
        written.result()


def _all(run: Run, done: Linked, tally: InvestigationTally) -> Iterator[pl.DataFrame]:
    """Tell of every entity; mentions are numbered from 0 in the order of their records."""
    held = done.held
    entity = held.entity_type
    _, first, place = np.unique(held.serials, return_index=True, return_inverse=True)
    membership = pl.DataFrame(
        [
            pl.int_range(held.height, dtype=pl.Int64, eager=True).alias("mention"),
            mint(run.store.seed, held.serials, entity),
            pl.Series("entity", first[place], dtype=pl.Int64),  # named by its smallest mention
        ]
    )
    shared, left_out = shared_identifiers(entity, held.read(shared_columns(entity)), membership)
    tally.left_out[entity] = left_out
    numbers = membership.select("mention", entity_id="entity")  # compared sooner than ids
    entities = numbers["entity_id"]
    alike = without_associations(reviewed(held.pairs(), done.decided, entities), numbers, shared)
    telling = Telling(run.as_of, crowds=tally.take_crowds)
    return tell_in_parts(entity, held.read(CLASSIFYING), membership, alike, shared, telling)


def _night(run: Run, before: Generation, done: Linked) -> Night:
    """Return an entity type before and after the run."""
    if done.altered is None:
        raise LinkerError("one entity type was linked anew and another not: a defect of linker")
    held = done.held
    return Night(
        warehouse=held,
        serials_before=before.warehouse(held.entity_type).serials,
        pairs=reviewed(held.pairs(), done.decided, pl.Series(held.serials)),
        altered=done.altered,
        as_of_before=before.as_of,
        as_of=run.as_of,
    )


def _again(
    run: Run, before: Generation, night: Night, file: TableFile, tally: InvestigationTally
) -> pl.DataFrame:
    """Tell of the entities that a change touches, and return which these are, `TOLD`."""
    entity, seed = night.warehouse.entity_type, run.store.seed
    touched = touched_entities(night)
    told = pl.DataFrame([mint(seed, touched.told, entity)]).select(
        pl.lit(entity).alias("entity_type"), "entity_id"
    )
    rows = InvestigationTable(before.directory, before.as_of)
    tally.take_away(rows.of_entities(entity, told["entity_id"], COUNTED))
    left_out = pl.DataFrame(before.manifest["left_out"][entity], schema=dict(LEFT_OUT))
    tally.left_out[entity] = left_out_after(night, left_out)
    parts = tell_anew(
        night, touched.tell, lambda serials: mint(seed, serials, entity), crowds=tally.take_crowds
    )
    _write(parts, file, tally)
    run.progress.say(f"{entity}: {len(touched.tell):,} entities told anew")
    return told

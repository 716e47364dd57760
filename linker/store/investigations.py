"""The investigations of a generation: what several runs told, the latest of each entity.

A run writes what it told into ``investigations/<run>.parquet`` (`schemas.INVESTIGATIONS`, sorted),
which entities it told anew into ``told/<run>.parquet`` (`TOLD`), and those of them that have more
than is told into ``crowds/<run>.parquet`` (`schemas.CROWDS`). Rows count unless a later run told of
their entity anew. The first run told of all entities and needs no list. Rows that still count say
what the generation's as-of date says, whichever night they are of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from linker.schemas import CROWDS, INVESTIGATIONS, TEXT, EntityType, Schema, check, empty
from linker.store.reading import collected, damaged

TOLD: Final[Schema] = {"entity_type": TEXT, "entity_id": TEXT}
"""Entities that a run told anew, those of which nothing is told any more included; sorted."""
AT_ONCE: Final = 400_000
"""About so many rows are read together."""
ORDER: Final = (
    *("entity_id", "source", "record_id", "class", "tier"),
    *("other_entity_id", "other_source", "other_record_id"),
)
"""What rows of one entity type are sorted by; what is missing comes last."""
_GROUP: Final = 1 << 14
"""Rows in a row group of a list of entities: one of them is found without reading them all."""


def write_told(directory: Path, run: str, told: pl.DataFrame) -> None:
    """Write which entities a run told anew.

    Args:
        directory: The generation's.
        run: The name of the run's files.
        told: `TOLD`, in any order.

    Raises:
        OSError: The file cannot be written.
    """
    (directory / "told").mkdir(exist_ok=True)
    frame = check(told.unique().sort("entity_type", "entity_id"), TOLD, "told")
    frame.write_parquet(directory / "told" / f"{run}.parquet", row_group_size=_GROUP)


@dataclass(frozen=True)
class _Run:
    """What one run wrote: its rows, and the entities it told anew (None: all of them)."""

    rows: Path
    told: Path | None

    def select(self, wanted: pl.Expr, columns: Sequence[str]) -> pl.DataFrame:
        return collected(self.rows, lambda rows: rows.filter(wanted).select(columns))

    def entities(self, wanted: pl.Expr) -> pl.DataFrame | None:
        """Return the ids of entities told anew among those wanted; None: all of these."""
        if self.told is None:
            return None
        return collected(self.told, lambda told: told.filter(wanted).select("entity_id"))


@dataclass(frozen=True)
class InvestigationTable:
    """`schemas.INVESTIGATIONS` of a generation.

    Attributes:
        directory: The generation's.
        as_of: The generation's as-of date.
    """

    directory: Path
    as_of: dt.date

    def parts(
        self,
        entity_types: Sequence[EntityType],
        columns: Sequence[str] = tuple(INVESTIGATIONS),
        at_once: int = AT_ONCE,
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows in order: by entity type in the order given, then by `ORDER`.

        All rows of an entity are in one part.

        Args:
            entity_types: Those wanted.
            columns: Those wanted.
            at_once: About how many rows a part has.

        Raises:
            StoreError: A file is missing or damaged.
        """
        runs = self._runs()
        bounds = _bounds([run.rows for run in runs], at_once)
        for entity_type in entity_types:
            for first, last in zip([None, *bounds], [*bounds, None], strict=True):
                wanted = pl.col("entity_type") == entity_type
                if first is not None:
                    wanted &= pl.col("entity_id") >= first
                if last is not None:
                    wanted &= pl.col("entity_id") < last
                part = self._merged(runs, wanted, columns)
                if part.height:
                    yield part

    def read(self, entity_types: Sequence[EntityType]) -> pl.DataFrame:
        """Return the whole table.

        Raises:
            StoreError: A file is missing or damaged.
        """
        return pl.concat([empty(INVESTIGATIONS), *self.parts(entity_types)])

    def of_entity(self, entity_type: EntityType, entity_id: str) -> pl.DataFrame:
        """Return the rows of one entity.

        Raises:
            StoreError: A file is missing or damaged.
        """
        wanted = (pl.col("entity_type") == entity_type) & (pl.col("entity_id") == entity_id)
        for run in reversed(self._runs()):
            entities = run.entities(wanted)
            if entities is None or entities.height:
                return self._stamped(run.select(wanted, tuple(INVESTIGATIONS)))
        return empty(INVESTIGATIONS)

    def of_entities(
        self, entity_type: EntityType, entity_ids: pl.Series, columns: Sequence[str]
    ) -> pl.DataFrame:
        """Return some columns of the rows of some entities.

        Raises:
            StoreError: A file is missing or damaged.
        """
        wanted = pl.col("entity_type") == entity_type
        return self._merged(
            self._runs(), wanted & pl.col("entity_id").is_in(entity_ids.implode()), columns
        )

    def crowds(self) -> pl.DataFrame:
        """Return `schemas.CROWDS` of all entities.

        Raises:
            StoreError: A file is missing or damaged.
        """
        found = empty(CROWDS)
        for run in self._runs():
            if run.told is not None and found.height:
                told = collected(run.told, lambda told: told.select(list(TOLD)))
                found = found.join(told, on=list(TOLD), how="anti")
            path = self.directory / "crowds" / run.rows.name
            found = pl.concat([found, collected(path, lambda rows: rows.select(list(CROWDS)))])
        return found.sort(list(TOLD))

    def _merged(
        self, runs: Sequence[_Run], wanted: pl.Expr, columns: Sequence[str]
    ) -> pl.DataFrame:
        """Return the rows that count among those wanted, in order."""
        reading = list(dict.fromkeys([*columns, *ORDER])) if len(runs) > 1 else list(columns)
        found: list[pl.DataFrame] = []
        later: list[pl.DataFrame] = []
        for run in reversed(runs):
            rows = run.select(wanted, reading)
            if later:
                rows = rows.join(
                    pl.concat(later), on="entity_id", how="anti", maintain_order="left"
                )
            found += [rows] if rows.height else []
            entities = run.entities(wanted)
            later += [entities] if entities is not None else []
        if not found:
            return empty({name: INVESTIGATIONS[name] for name in columns})
        merged = found[0] if len(found) == 1 else pl.concat(found).sort(ORDER, nulls_last=True)
        return self._stamped(merged).select(columns)

    def _stamped(self, rows: pl.DataFrame) -> pl.DataFrame:
        if "as_of" not in rows.columns:
            return rows
        return rows.with_columns(pl.lit(self.as_of, dtype=pl.Date).alias("as_of"))

    def _runs(self) -> list[_Run]:
        """Return what lies there, the first run first."""
        rows = sorted((self.directory / "investigations").glob("*.parquet"))
        if not rows:
            raise damaged(self.directory / "investigations")
        later = [_Run(path, self.directory / "told" / path.name) for path in rows[1:]]
        return [_Run(rows[0], None), *later]


def _bounds(paths: Sequence[Path], at_once: int) -> list[str]:
    """Return entity ids that part the rows of some sorted files into portions of about one size."""
    groups: list[tuple[str, int]] = []
    for path in paths:
        about = _metadata(path)
        column = about.schema.names.index("entity_id")
        for number in range(about.num_row_groups):
            group = about.row_group(number)
            statistics = group.column(column).statistics
            if statistics is not None and statistics.has_min_max:
                groups.append((statistics.min, group.num_rows))
    bounds, rows = [], 0
    for least, count in sorted(groups):
        if rows and rows + count > at_once:
            bounds.append(least)
            rows = 0
        rows += count
    return sorted(set(bounds))


def _metadata(path: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        raise damaged(path) from None

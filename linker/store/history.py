"""History: who was whom at any published generation, from the ledger and the moves of its runs.

Each run leaves its events in ``ledger/<number>.parquet`` and the records whose entity changed in
``moves_<entity type>/<number>.parquet``; a generation holds those of every run that led to it. The
last move of a record at or before a run says which entity it belonged to then. What was rolled back
is not in the history of what is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from linker.errors import StoreError, UsageError
from linker.schemas import ENTITY_TYPES, LEDGER, MOVES, RECORD, EntityType, empty
from linker.store.generation import Generation
from linker.store.layout import Store

_RECORD: Final = list(RECORD)
_ORDER: Final = ["generation", "entity_type", "entity_id", "event", "other_entity_id"]
_STAYS: Final = {**MOVES, "since": pl.Int64()}
"""The last move of records, and the number of its run."""


class History:
    """The runs that led to a generation."""

    def __init__(self, generation: Generation) -> None:
        """Open the history of a generation for reading."""
        self.generation = generation
        self._directory = generation.directory

    @cached_property
    def runs(self) -> list[int]:
        """The numbers of the runs, ascending."""
        return sorted(_parts(self._directory / "ledger"))

    @cached_property
    def times(self) -> dict[int, str]:
        """When each run that changed an entity started, ISO 8601, UTC, by its number.

        Raises:
            StoreError: A file is missing or damaged.
        """
        with self._reading():
            found = self._ledger().select("generation", "run_at").unique().collect()
        return dict(sorted(found.rows()))

    def ledger(self, number: int | None = None) -> pl.DataFrame:
        """Return the ledger of all runs, or of those up to a number, schema `LEDGER`, in order.

        Raises:
            StoreError: A file is missing or damaged.
        """
        rows = self._ledger()
        if number is not None:
            rows = rows.filter(pl.col("generation") <= number)
        with self._reading():
            return rows.sort(_ORDER).collect()

    def events(self, entity_id: str) -> pl.DataFrame:
        """Return what the ledger says of an entity, or of others with it, schema `LEDGER`.

        Raises:
            StoreError: A file is missing or damaged.
        """
        named = (pl.col("entity_id") == entity_id) | (pl.col("other_entity_id") == entity_id)
        with self._reading():
            return self._ledger().filter(named).sort(_ORDER).collect()

    def now(self, entity_id: str) -> str | None:
        """Return the entity that lives where one went: itself, or what it was merged into.

        None where its records are gone, or where it never was.

        Raises:
            StoreError: A file is missing or damaged.
        """
        ends = pl.col("event").is_in(["merged", "retired"])
        with self._reading():
            ended = self._ledger().filter(ends).select("entity_id", "other_entity_id").collect()
        went: dict[str, str | None] = dict(ended.rows())
        here: str | None = entity_id
        while here is not None and here in went:
            here = went[here]
        return here

    def membership(
        self,
        entity_type: EntityType,
        number: int | None = None,
        records: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """Return which record belonged to which entity after a run, schema `MOVES`, sorted.

        Args:
            entity_type: Of which.
            number: The run's; the last unless given.
            records: ``source`` and ``record_id`` of those wanted; all unless given.

        Raises:
            StoreError: A file is missing or damaged.
        """
        found = self._stays(entity_type, number, records).drop_nulls("entity_id")
        return found.select(list(MOVES)).sort(_RECORD)

    def moved_since(self, entity_type: EntityType, number: int) -> pl.DataFrame:
        """Return who records were after a run that were moved by a later one, schema `MOVES`.

        ``entity_id`` is null where nobody knew the record then.

        Raises:
            StoreError: A file is missing or damaged.
        """
        with self._reading():
            later = self._moves(entity_type).filter(pl.col("since") > number)
            records = later.select(_RECORD).unique().collect()
        then = self.membership(entity_type, number, records)
        return records.join(then, on=_RECORD, how="left").sort(_RECORD)

    def stays(self, entity_type: EntityType, entity_id: str) -> pl.DataFrame:
        """Return when records belonged to an entity, sorted by record and time.

        Returns:
            ``source``, ``record_id``, ``since`` and ``until``, the numbers of the runs that brought
            and took the record (null where it is still there), and ``now``, the entity that the
            record belongs to now (null where it is gone).

        Raises:
            StoreError: A file is missing or damaged.
        """
        with self._reading():
            moves = self._moves(entity_type)
            mine = moves.filter(pl.col("entity_id") == entity_id).select(_RECORD).unique().collect()
            runs = moves.join(mine.lazy(), on=_RECORD, how="semi").sort(*_RECORD, "since").collect()
        later = runs.with_columns(
            pl.col("since").shift(-1).over(_RECORD).alias("until"),
            pl.col("entity_id").last().over(_RECORD).alias("now"),
        )
        return later.filter(pl.col("entity_id") == entity_id).select(
            *_RECORD, "since", "until", "now"
        )

    def _stays(
        self, entity_type: EntityType, number: int | None, records: pl.DataFrame | None
    ) -> pl.DataFrame:
        with self._reading():
            moves = self._moves(entity_type, number)
            if records is not None:
                moves = moves.join(records.lazy().select(_RECORD), on=_RECORD, how="semi")
            # stable: of equal records the later run's move is first
            return (
                moves.sort("since", descending=True, maintain_order=True)
                .unique(_RECORD, keep="first", maintain_order=True)
                .collect()
            )

    def _ledger(self) -> pl.LazyFrame:
        parts = [pl.scan_parquet(path) for path in _parts(self._directory / "ledger").values()]
        return pl.concat([empty(LEDGER).lazy(), *parts], how="diagonal")

    def _moves(self, entity_type: EntityType, number: int | None = None) -> pl.LazyFrame:
        parts = [
            pl.scan_parquet(path).with_columns(since=pl.lit(run, dtype=pl.Int64))
            for run, path in sorted(_parts(self._directory / f"moves_{entity_type}").items())
            if number is None or run <= number
        ]
        return pl.concat([empty(_STAYS).lazy(), *parts])

    @contextmanager
    def _reading(self) -> Iterator[None]:
        if not self.runs:
            raise StoreError(
                f"generation {self.generation.number} was published by another version of linker "
                "and has no history; run linker link"
            )
        try:
            yield
        except (OSError, pl.exceptions.PolarsError):
            raise StoreError(
                f"{self._directory}: its history is damaged; publish a new generation"
            ) from None


def _parts(directory: Path) -> dict[int, Path]:
    """Return the files that runs wrote, by the runs' numbers."""
    found = (path for path in directory.glob("*.parquet") if path.stem.isdecimal())
    return {int(path.stem): path for path in found}


def entity_type_of(entity_id: str) -> EntityType | None:
    """Return the entity type that an id is of, by its first letter."""
    return next((entity for entity in ENTITY_TYPES if entity_id[:1] == entity[0]), None)


@dataclass(frozen=True)
class AsOf:
    """What was published at a time.

    Attributes:
        number: The last run at or before it that changed an entity.
        generation: The generation that was published, where it is still on disk.
    """

    number: int
    generation: Generation | None


def as_of(store: Store, history: History, until: str) -> AsOf:
    """Find what was published at a time, of the runs that led to what is published now.

    Args:
        store: Where generations lie.
        history: That of the published generation.
        until: ISO 8601 to the second, UTC; what a run started before it published counts.

    Raises:
        UsageError: Nothing had been published by then.
        StoreError: A file is missing or damaged.
    """
    earlier = [number for number, at in history.times.items() if at < until]
    if not earlier:
        first = next(iter(history.times.values()), None)
        since = f"; the first generation is of {first[:10]}" if first else ""
        raise UsageError(f"nothing had been published by then{since}")
    held = [
        Generation(number, store.generation(number))
        for number in store.numbers()
        if number in history.runs and earlier[-1] <= number
    ]
    known = [generation for generation in held if str(generation.manifest["at"]) < until]
    return AsOf(earlier[-1], known[-1] if known else None)


def end_of(text: str) -> str:
    """Return the second that a day, or the time that is given, has ended by: ISO 8601, UTC.

    Args:
        text: A date such as ``2026-03-01``, or a date and time, UTC unless it says otherwise.

    Raises:
        UsageError: It is neither.
    """
    try:
        if len(text) <= len("2026-03-01"):
            day = dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
            return (day + dt.timedelta(days=1)).isoformat(timespec="seconds")
        time = dt.datetime.fromisoformat(text)
        zoned = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
        after = zoned.astimezone(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=1)
        return after.isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise UsageError("--as-of: not a date such as 2026-03-01") from None

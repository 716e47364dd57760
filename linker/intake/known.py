"""What is known of a source from the last generation: its mentions, and what was noted of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from linker.blocking.hashing import Int64s, UInt64s
from linker.sources.delivery import Received
from linker.standardise.habits import Habits, Telling


@dataclass(frozen=True)
class SourceMemory:
    """What a generation's manifest keeps of a source for the next night.

    None of it is a value of anybody's: files by name, size and digest, counts, and habits.

    Attributes:
        settings: `contents.settings_digest` of its configuration.
        as_of: When it was drawn.
        digest: Of all its files, as in `linker.sources.delivery.Delivery`.
        outside: How many rows did not meet its ``where``.
        forgotten: How many rows were of records that were forgotten.
        counts_back: Whether what some values mean depends on when it was drawn.
        received: Its files so far; of a snapshot only how many rows it has.
        telling: What its values tell of how it writes.
        habits: How its mentions were read.
    """

    settings: str
    as_of: dt.date
    digest: str
    outside: int
    forgotten: int
    counts_back: bool
    received: Received
    telling: Telling
    habits: Habits

    def as_json(self) -> dict[str, Any]:
        """Return it as objects, lists, texts and numbers."""
        found: dict[str, Any] = _adapter().dump_python(self, mode="json")
        found["habits"]["day_first"].sort()  # a set has no order of its own
        return found

    @classmethod
    def from_json(cls, kept: object) -> SourceMemory:
        """Return what `as_json` was made of.

        Raises:
            ValueError: It is no such thing.
        """
        return _adapter().validate_python(kept)


@cache
def _adapter() -> TypeAdapter[SourceMemory]:
    return TypeAdapter(SourceMemory)


@dataclass(frozen=True)
class KnownSource:
    """A source as the last generation holds it; of the same entity type.

    Attributes:
        find: Record ids -> the number of each one's live mention, or -1; and its content as intake
            gave it, 0 where there is none.
        numbers: The numbers of all its live mentions.
        memory: What intake noted of it then.
        quarantined: Its rows of that generation's quarantine, `schemas.KEPT_QUARANTINE`.
    """

    find: Callable[[pl.Series], tuple[Int64s, UInt64s]]
    numbers: Callable[[], Int64s]
    memory: SourceMemory
    quarantined: pl.DataFrame

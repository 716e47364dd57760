from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pytest

from linker.deconfliction.classify import classify
from linker.deconfliction.shared import SHARED
from linker.schemas import PERSON, SCORED_PAIRS

AS_OF = dt.date(2024, 6, 1)


@dataclass
class World:
    """Mentions given by name, as few columns as a test needs; and what connects them."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    entity_of: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str, bool, bool]] = field(default_factory=list)
    shared: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def add(self, entity: str, record: str, **columns: Any) -> World:
        kind = "case" if "case_id" in columns else "other"
        row = {"source": "src", "record_id": record, "kind": kind, **columns}
        self.records[record] = row
        self.entity_of[record] = entity
        return self

    def case(self, entity: str, case_id: str, timeline: str, **columns: Any) -> World:
        """``timeline``: status, opened and closed, separated by blanks; ``-`` where missing."""
        status, opened, closed = (None if part == "-" else part for part in timeline.split())
        return self.add(
            entity,
            columns.pop("record", f"r-{case_id}"),
            case_id=case_id,
            **{
                "agency": "A",
                "status": status,
                "opened": opened and dt.date.fromisoformat(opened),
                "closed": closed and dt.date.fromisoformat(closed),
                **columns,
            },
        )

    def pair(self, left: str, right: str, *, link: bool, confirmed: bool = False) -> World:
        self.pairs.append((left, right, link, confirmed))
        return self

    def numbers(self) -> dict[str, int]:
        ordered = sorted(self.records.values(), key=lambda row: (row["source"], row["record_id"]))
        return {row["record_id"]: number for number, row in enumerate(ordered)}

    def mentions(self) -> pl.DataFrame:
        numbers = self.numbers()
        rows = [{"mention": numbers[name], **row} for name, row in self.records.items()]
        return pl.DataFrame(rows, schema=dict(PERSON)).sort("mention")

    def membership(self) -> pl.DataFrame:
        numbers = self.numbers()
        rows = [(numbers[name], entity) for name, entity in self.entity_of.items()]
        schema = {"mention": pl.Int64, "entity_id": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row").sort("mention")

    def pair_frame(self) -> pl.DataFrame:
        numbers = self.numbers()
        rows = [
            (*sorted((numbers[left], numbers[right])), 0, 9.0, 0.99, 9.0, confirmed, link)
            for left, right, link, confirmed in self.pairs
        ]
        schema = {**SCORED_PAIRS, "link": pl.Boolean}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def shared_frame(self) -> pl.DataFrame:
        numbers = self.numbers()
        rows = [
            (*sorted((numbers[left], numbers[right])), names) for left, right, names in self.shared
        ]
        return pl.DataFrame(rows, schema=dict(SHARED), orient="row")

    def classified(self, as_of: dt.date = AS_OF) -> pl.DataFrame:
        return classify(
            "person",
            self.mentions(),
            self.membership(),
            self.pair_frame(),
            self.shared_frame(),
            as_of,
        )

    def seen(self, as_of: dt.date = AS_OF) -> set[tuple[Any, ...]]:
        """(case, class, tier, what it meets) of every row."""
        columns = ["case_id", "class", "tier", "other_case_id"]
        return set(self.classified(as_of).select(columns).iter_rows())


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def new_world() -> Callable[[], World]:
    return World

"""Counts of investigations for the report: what was counted before, less and more.

What an entity's rows count for does not depend on other entities, so that the counts of a
generation are those of the one before, less the rows that count no longer, and those now told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from linker.deconfliction.crowds import MOST, crowded
from linker.deconfliction.index_keys import keys_of
from linker.deconfliction.timeline import ALONE
from linker.schemas import CROWDS, EntityType, empty
from linker.store.warehouse import Warehouse

COUNTED: Final = (
    *("entity_id", "agency", "case_id", "unit", "class", "tier"),
    *("other_case_id", "other_agency", "other_unit"),
)
"""The columns of investigations that are counted."""
SURE: Final = ("CONFIRMED", "PROBABLE")
"""The tiers of meetings that count."""
_CLASSES: Final = {"class": pl.String(), "tier": pl.String(), "rows": pl.Int64()}
_MEETINGS: Final = {
    "unit": pl.String(),
    "other_unit": pl.String(),
    "meetings": pl.Int64(),
    "entities": pl.Int64(),
}
_MET: Final = {"simultaneous": "SIMULTANEOUS", "prior": "PRIOR"}


class InvestigationTally:
    """Counts investigations by class and tier, and who meets whom."""

    def __init__(self, before: Mapping[str, Any] | None = None) -> None:
        """Start with what the report of the generation before counted, or with nothing.

        Args:
            before: What `summary` returned.
        """
        told = before or {}
        self._classes = [pl.DataFrame(told.get("classes", []), schema=_CLASSES)]
        self._met = {kind: [pl.DataFrame(told.get(kind, []), schema=_MEETINGS)] for kind in _MET}
        self._crowds = [empty(CROWDS)]
        self.total: int = told.get("total", 0)
        self.warnings: list[str] = []
        self.left_out: dict[EntityType, pl.DataFrame] = {}

    def add(self, investigations: pl.DataFrame) -> None:
        """Count some rows with the columns `COUNTED`, all those of their entities."""
        self._count(investigations, 1)

    def take_away(self, investigations: pl.DataFrame) -> None:
        """Count some rows no longer; see `add`."""
        self._count(investigations, -1)

    def take_crowds(self, crowds: pl.DataFrame) -> None:
        """Take entities of which not everything is told, schema `CROWDS`."""
        self._crowds.append(crowds)

    @property
    def crowds_told(self) -> pl.DataFrame:
        """The crowds that were taken, schema `CROWDS`."""
        return pl.concat(self._crowds)

    def warn(self, crowds: pl.DataFrame) -> None:
        """Warn of all entities of which not every meeting is told, schema `CROWDS`."""
        for (entity_type,), of_type in sorted(
            crowds.partition_by("entity_type", as_dict=True).items()
        ):
            found = crowded(of_type)
            self.warnings.append(
                f"{entity_type}: entities of more than {MOST:,} investigations or contacts: "
                f"{found.entities:,}, the largest with {found.investigations:,} and "
                f"{found.contacts:,}; of each an investigation is told the first {MOST:,}, the "
                "active and latest before others"
            )

    def summary(self) -> dict[str, Any]:
        """Return the counts for the report."""
        classes = pl.concat(self._classes).group_by("class", "tier").agg(pl.col("rows").sum())
        return {
            "total": self.total,
            "classes": classes.filter(pl.col("rows") > 0)
            .sort("class", "tier", nulls_last=True)
            .to_dicts(),
            **{kind: _summed(parts) for kind, parts in self._met.items()},
        }

    def _count(self, rows: pl.DataFrame, sign: int) -> None:
        counts = rows.group_by("class", "tier").agg(pl.len().cast(pl.Int64).alias("rows") * sign)
        self._classes.append(counts.select(list(_CLASSES)))
        for kind, wanted in _MET.items():
            found = _by_unit_pair(rows, wanted).with_columns(pl.col("meetings", "entities") * sign)
            self._met[kind].append(found.select(list(_MEETINGS)))


def count_investigations(warehouses: Iterable[Warehouse]) -> int:
    """Return how many investigations the mentions of all entity types are of."""
    keys, alone = [np.empty(0, dtype=np.uint64)], 0
    for held in warehouses:
        facts = held.read(["source", "kind", "case_id", "agency"])
        keys.append(np.unique(keys_of("case", facts).keys))
        alone += facts.filter(ALONE).height
    return len(np.unique(np.concatenate(keys))) + alone


def _summed(parts: list[pl.DataFrame]) -> list[dict[str, Any]]:
    return (
        pl.concat(parts)
        .group_by("unit", "other_unit")
        .agg(pl.col("meetings", "entities").sum())
        .filter(pl.col("meetings") > 0)
        .sort(["meetings", "unit", "other_unit"], descending=[True, False, False])
        .to_dicts()
    )


def _by_unit_pair(investigations: pl.DataFrame, wanted: str) -> pl.DataFrame:
    """Count the meetings of a class by pair of units; a symmetric class counts each once."""
    rows = investigations.filter((pl.col("class") == wanted) & pl.col("tier").is_in(SURE)).select(
        "entity_id",
        "case_id",
        "other_case_id",
        unit_name("agency", "unit").alias("unit"),
        unit_name("other_agency", "other_unit").alias("other_unit"),
    )
    if wanted == "SIMULTANEOUS":
        rows = rows.filter(
            (pl.col("unit") < pl.col("other_unit"))
            | (
                (pl.col("unit") == pl.col("other_unit"))
                & (pl.col("case_id") < pl.col("other_case_id"))
            )
        )
    return rows.group_by("unit", "other_unit").agg(
        pl.len().cast(pl.Int64).alias("meetings"),
        pl.col("entity_id").n_unique().cast(pl.Int64).alias("entities"),
    )


def unit_name(agency: str, unit: str) -> pl.Expr:
    """Return how a unit is named, such as ``HSI / Laredo``, of the columns of its two parts."""
    return pl.concat_str(
        [pl.col(agency).fill_null("?"), pl.col(unit).fill_null("?")], separator=" / "
    )

"""What became of a source's rows: counted, judged, and told in a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config import Config, Source
from linker.errors import SourceError
from linker.schemas import EntityType
from linker.sources.quarantine import enforce_bad_row_limit

UNREADABLE_SHARE: Final = 0.5
"""A column most of whose rows hold unreadable values is mapped or formatted wrongly."""
FEW: Final = 10
"""So many bad rows or values of a delta are too few to say something of the whole source."""


@dataclass(frozen=True)
class SourceCounts:
    """What became of a source's rows.

    rows = new + changed + unchanged + quarantined + outside + superseded + deletions + forgotten.

    Attributes:
        rows: Of a snapshot all rows; of a delta source those that arrived, as what follows is.
        mentions: All mentions of the source, as it is now.
        quarantined: Rows that are no mention.
        outside: Rows that do not meet its ``where``.
        values_set_aside: Single values that could not be read.
        new: Records that had no mention.
        changed: Records that say something else than they did.
        gone: Records that had a mention and have none now.
        unchanged: Records that are as they were.
        superseded: Rows of a delta source that a later row of their record supersedes.
        deletions: Records of a delta source of which the last row says that they are gone.
        deletions_unknown: Those of them that had no mention.
        forgotten: Rows of records that were forgotten and that the source still brings.
    """

    name: str
    kind: str
    entity: EntityType
    rows: int
    mentions: int
    quarantined: int
    outside: int
    values_set_aside: int
    as_of: str
    digest: str
    new: int
    changed: int = 0
    gone: int = 0
    unchanged: int = 0
    superseded: int = 0
    deletions: int = 0
    deletions_unknown: int = 0
    forgotten: int = 0

    @property
    def line(self) -> str:
        """What is told of it while a run goes on."""
        told = [
            f"{self.name}: {self.rows:,} rows = "
            f"{self.new + self.changed + self.unchanged:,} mentions + "
            f"{self.quarantined:,} quarantined"
            + (f" + {self.outside:,} outside" if self.outside else "")
            + (f" + {self.superseded:,} superseded" if self.superseded else "")
            + (f" + {self.deletions:,} deletions" if self.deletions else "")
            + (f" + {self.forgotten:,} forgotten" if self.forgotten else "")
        ]
        if self.unchanged or self.changed or self.gone:
            told.append(f"{self.new:,} new, {self.changed:,} changed, {self.gone:,} gone")
        if self.deletions_unknown:
            told.append(f"{self.deletions_unknown:,} deletions of records not known")
        if self.values_set_aside:
            told.append(f"{self.values_set_aside:,} values set aside")
        return "; ".join(told)


def quarantined_rows(set_aside: pl.DataFrame) -> int:
    """Return how many rows are no mention, of a table with schema `QUARANTINE`."""
    rows = set_aside.filter(pl.col("outcome") == "row")
    return rows["row"].n_unique() if rows.height else 0


def judge(
    source: Source, config: Config, set_aside: pl.DataFrame, *, rows: int, mentions: int, few: int
) -> None:
    """Refuse a source that cannot be trusted.

    Args:
        source: The source.
        config: Gives the limit of bad rows where the source has none of its own.
        set_aside: What was set aside of the rows that were read.
        rows: How many rows belong to it.
        mentions: How many of them became mentions.
        few: So many bad rows, or values of a column, pass in any case, unless none is allowed.

    Raises:
        SourceError: Too many rows are bad, or too many values of a column cannot be read.
    """
    limit = source.bad_row_limit if source.bad_row_limit is not None else config.link.bad_row_limit
    bad = quarantined_rows(set_aside)
    if bad > few or limit == 0:
        whole = set_aside.filter(pl.col("outcome") == "row")
        enforce_bad_row_limit(source, bad, rows, limit, _commonest(whole))
    values = set_aside.filter(pl.col("outcome") == "value")
    worst = values.group_by("column").agg(
        pl.len().alias("values"), pl.col("reason").mode().sort().first().alias("reason")
    )
    for column, found, reason in worst.sort("values", "column", descending=True).iter_rows():
        if found > max(UNREADABLE_SHARE * mentions, few):
            raise SourceError(
                f"source {source.name!r}: column {column!r}: {found:,} of {mentions:,} values "
                f"cannot be read ({reason}); check its mapping, or give its format in "
                "[source.formats]"
            )


def _commonest(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return ""
    counts = rows.group_by("reason").len().sort("len", "reason", descending=[True, False])
    return str(counts["reason"][0])

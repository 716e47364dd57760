"""Sources to mentions: what training, linking and lookups have in common at their start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from linker.config import Config, Source
from linker.errors import SourceError
from linker.jobs.progress import Progress
from linker.schemas import MENTIONS, QUARANTINE, EntityType, check, empty
from linker.sources.quarantine import enforce_bad_row_limit
from linker.sources.read import read_source
from linker.standardise.mentions import standardise


@dataclass(frozen=True)
class SourceCounts:
    """What became of a source's rows: rows = mentions + quarantined + outside."""

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


@dataclass(frozen=True)
class Intake:
    """Every mention by entity type, what was set aside, and the counts of each source."""

    mentions: dict[EntityType, pl.DataFrame]
    set_aside: pl.DataFrame
    sources: list[SourceCounts]


def take_in(config: Config, entity_types: Sequence[EntityType], progress: Progress) -> Intake:
    """Read and standardise the sources of the given entity types.

    Mentions are numbered from 0 in (source, record_id) order within an entity type.

    Raises:
        SourceError: A source cannot be read, or too many of its rows are bad.
    """
    parts: dict[EntityType, list[pl.DataFrame]] = {entity: [] for entity in entity_types}
    aside: list[pl.DataFrame] = [empty(QUARANTINE)]
    counts: list[SourceCounts] = []
    for source in sorted(config.sources, key=lambda source: source.name):
        if source.entity not in parts:
            continue
        progress.update(f"reading {source.name} ...")
        mentions, set_aside, count = _take_in_source(source, config)
        parts[source.entity].append(mentions)
        aside.append(set_aside)
        counts.append(count)
        progress.say(
            f"{count.name}: {count.rows:,} rows = {count.mentions:,} mentions + "
            f"{count.quarantined:,} quarantined"
            + (f" + {count.outside:,} outside" if count.outside else "")
            + (f"; {count.values_set_aside:,} values set aside" if count.values_set_aside else "")
        )
    numbered = {entity: _number(frames, entity) for entity, frames in parts.items() if frames}
    whole = pl.concat(aside).sort("source", "row", "column", "reason", nulls_last=True)
    return Intake(numbered, whole, counts)


def _take_in_source(
    source: Source, config: Config
) -> tuple[pl.DataFrame, pl.DataFrame, SourceCounts]:
    read = read_source(source, config)
    made = standardise(read.rows, source, as_of=read.as_of)
    set_aside = pl.concat(
        [read.rejected.select(list(QUARANTINE)), made.set_aside.select(list(QUARANTINE))]
    )
    rows = set_aside.filter(pl.col("outcome") == "row")
    quarantined = rows.select("row").n_unique() if rows.height else 0
    if made.mentions.height + quarantined + read.outside != read.total:
        raise SourceError(
            f"source {source.name!r}: {read.total:,} rows became {made.mentions.height:,} mentions "
            f"and {quarantined:,} quarantined rows, which do not add up: a defect of linker"
        )
    limit = source.bad_row_limit if source.bad_row_limit is not None else config.link.bad_row_limit
    enforce_bad_row_limit(source, quarantined, read.total - read.outside, limit, _commonest(rows))
    _refuse_unreadable_columns(source, made.mentions.height, set_aside)
    count = SourceCounts(
        name=source.name,
        kind=source.kind,
        entity=source.entity,
        rows=read.total,
        mentions=made.mentions.height,
        quarantined=quarantined,
        outside=read.outside,
        values_set_aside=set_aside.height - rows.height,
        as_of=read.as_of.isoformat(),
        digest=read.digest,
    )
    return made.mentions, set_aside, count


UNREADABLE_SHARE = 0.5
"""A column most of whose rows hold unreadable values is mapped or formatted wrongly."""


def _refuse_unreadable_columns(source: Source, mentions: int, set_aside: pl.DataFrame) -> None:
    values = set_aside.filter(pl.col("outcome") == "value")
    worst = values.group_by("column").agg(
        pl.len().alias("values"), pl.col("reason").mode().sort().first().alias("reason")
    )
    for column, found, reason in worst.sort("values", "column", descending=True).iter_rows():
        if found > UNREADABLE_SHARE * mentions:
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


def _number(frames: Sequence[pl.DataFrame], entity: EntityType) -> pl.DataFrame:
    whole = pl.concat(frames).sort("source", "record_id").drop("mention")
    numbered = whole.with_row_index("mention").with_columns(pl.col("mention").cast(pl.Int64))
    return check(numbered.select(list(MENTIONS[entity])), MENTIONS[entity], f"mentions_{entity}")

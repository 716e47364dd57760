"""What a run hands from one stage to the next: what is new, and what an entity type became."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from linker.blocking.pairs import RuleCount
from linker.config import Config, EntitySettings
from linker.entities.decisions import Decided
from linker.entities.ledger import RunStamp
from linker.model import LinkageModel, ModelInUse, Thresholds
from linker.night.decided import Decisions
from linker.progress import Progress
from linker.schemas import DEMOTED, EntityType, Schema, empty
from linker.scoring.features.pack import Int64s
from linker.store.generation import Generation
from linker.store.layout import Store
from linker.store.mention_table import MentionTable
from linker.store.publication import reserved_serials
from linker.store.segment import UInt64s
from linker.store.tombstones import Tombstones
from linker.store.warehouse import Warehouse


@dataclass(frozen=True)
class Run:
    """What all entity types of a run have in common.

    Attributes:
        config: What to link, and how.
        store: Where to.
        before: The published generation.
        number: That of the generation being built.
        at: When the run started.
        as_of: The date investigations are judged at.
        buried: What was forgotten.
        decisions: What people decided.
        progress: Receives a line about each step.
    """

    config: Config
    store: Store
    before: Generation | None
    number: int
    at: dt.datetime
    as_of: dt.date
    buried: Tombstones
    decisions: Decisions
    progress: Progress

    def directory(self, entity: EntityType) -> Path:
        """Return the directory of an entity type in the generation being built."""
        return self.store.building / entity

    def file_of(self, table: str, entity: EntityType | None = None) -> Path:
        """Return the file that this run writes of a table of which every run writes one."""
        directory = self.directory(entity) if entity else self.store.building
        return directory / table / f"{self.number:06d}.parquet"

    def segment(self, entity: EntityType) -> Path:
        """Return the directory of the segment that this run writes."""
        return self.directory(entity) / "segments" / f"{self.number:06d}"

    def warehouse_before(self, entity: EntityType) -> Warehouse | None:
        """Return what the published generation holds of an entity type."""
        if self.before is None or entity not in self.before.entity_types:
            return None
        return self.before.warehouse(entity)

    def read_before(self, entity: EntityType, table: str, schema: Schema) -> pl.DataFrame:
        """Return a table of an entity type as it was published, empty where there is none."""
        if self.before is None or entity not in self.before.entity_types:
            return empty(schema)
        return self.before.read(f"{table}_{entity}")

    def first_serial(self, entity: EntityType) -> int:
        """Return the first serial number that no entity has had."""
        return reserved_serials(self.store).get(entity, 0)

    def demoted_before(self, entity: EntityType) -> pl.DataFrame:
        """Return the values that were demoted in the published generation."""
        return self.read_before(entity, "demoted", DEMOTED)

    def counts_before(self, entity: EntityType) -> list[RuleCount]:
        """Return what each blocking rule yielded in the published generation."""
        counts = self.before.manifest["rule_counts"][entity] if self.before else []
        return [RuleCount(**count) for count in counts]

    def nulls_before(self, entity: EntityType) -> dict[str, int]:
        """Return by column how many mentions of the published generation lack it."""
        return dict(self.before.manifest["nulls"][entity]) if self.before else {}

    def write(self, frame: pl.DataFrame, table: str, entity: EntityType | None = None) -> None:
        """Write what this run adds to a table.

        Raises:
            OSError: The disk is full, or cannot be written.
        """
        path = self.file_of(table, entity)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path)

    def settings(self, entity: EntityType) -> EntitySettings:
        """Return the settings of an entity type."""
        return self.config.settings_of(entity)

    def stamp(self, in_use: ModelInUse) -> RunStamp:
        """Return what each row of the ledger carries."""
        return RunStamp(self.number, self.at.isoformat(), in_use.name)


@dataclass(frozen=True)
class Delta:
    """What changed in the sources of one entity type since the published generation.

    Attributes:
        mentions: Those that are new or changed, in (source, record_id) order, from 0.
        contents: By mention a hash of the row it was made from.
        gone: The numbers of mentions that are gone or changed, ascending.
    """

    mentions: MentionTable
    contents: UInt64s
    gone: Int64s

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.mentions.height and not len(self.gone)


@dataclass(frozen=True)
class Taken:
    """What an increment takes in: the mentions of its segment, and the numbers that die.

    Attributes:
        mentions: New and changed ones, and those whose shared values count anew.
        contents: By mention a hash of the row it was made from.
        gone: The numbers that die, ascending.
        demoted: Schema `DEMOTED`, as it is now.
    """

    mentions: MentionTable
    contents: UInt64s
    gone: Int64s
    demoted: pl.DataFrame


@dataclass(frozen=True)
class Rescored:
    """What an increment did to the scored pairs.

    Attributes:
        counts: What each blocking rule yields now, all mentions considered.
        first_found: For each rule the candidate pairs that no earlier rule had found, of the new.
        scored: `linker.store.warehouse.PAIRS` that are new; a link is one by its weight alone.
        void: Those that are no candidate pairs any more, likewise.
    """

    counts: list[RuleCount]
    first_found: dict[str, int]
    scored: pl.DataFrame
    void: pl.DataFrame


@dataclass(frozen=True)
class Linked:
    """What an entity type became.

    Attributes:
        held: What the generation being built holds of it.
        model: What its pairs were scored with.
        thresholds: Those in use.
        counts: What each blocking rule yields now, all mentions considered.
        first_found: For each rule the candidate pairs of this run that no earlier rule had found.
        decided: What decisions say of its mentions, by number.
        altered: ``mention_l`` and ``mention_r`` of the pairs that came or went; None where all
            were scored anew.
        nulls: By column how many mentions lack it; but for long texts.
        cuts: Schema `CUTS`.
        demoted: Schema `DEMOTED`.
        ledger: What happened in this run, schema `LEDGER`.
        moves: Schema `MOVES`.
        next_serial: The next free serial number of an entity.
    """

    held: Warehouse
    model: LinkageModel
    thresholds: Thresholds
    counts: list[RuleCount]
    first_found: dict[str, int]
    decided: Decided
    altered: pl.DataFrame | None
    nulls: dict[str, int]
    cuts: pl.DataFrame
    demoted: pl.DataFrame
    ledger: pl.DataFrame
    moves: pl.DataFrame
    next_serial: int

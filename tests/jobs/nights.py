"""A warehouse of mentions in memory, which takes what intake tells it changed, night by night."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import polars as pl

from linker.blocking.hashing import Int64s, UInt64s
from linker.config import load_config
from linker.intake.known import KnownSource, SourceMemory
from linker.intake.mentions import Intake, take_in
from linker.progress import Progress
from linker.schemas import ENTITY_TYPES, KEPT_QUARANTINE, MENTIONS, RECORD, EntityType, empty

Record = tuple[str, str]


class Nights:
    """What is left of all that was taken in so far."""

    def __init__(self, config: Path, entity: EntityType = "person") -> None:
        self.config = config
        self.entity = entity
        self.numbers: dict[Record, int] = {}
        self.contents: dict[int, int] = {}
        self.mentions = empty(MENTIONS[entity])
        self.quarantine = empty(KEPT_QUARANTINE)
        self.memory: dict[str, object] = {}
        self.total = 0
        self.said = ""

    def known(self) -> dict[str, KnownSource]:
        """What intake is told of the sources; the notes go through JSON, as in a manifest."""
        return {
            name: KnownSource(
                find=lambda ids, name=name: self._find(name, ids),
                numbers=lambda name=name: self._numbers_of(name),
                memory=SourceMemory.from_json(json.loads(json.dumps(memory))),
                quarantined=self.quarantine.filter(pl.col("source") == name),
            )
            for name, memory in self.memory.items()
        }

    def _find(self, source: str, ids: pl.Series) -> tuple[Int64s, UInt64s]:
        numbers = [self.numbers.get((source, record), -1) for record in ids]
        contents = [self.contents.get(number, 0) for number in numbers]
        return np.array(numbers, np.int64), np.array(contents, np.uint64)

    def _numbers_of(self, source: str) -> Int64s:
        found = [number for (name, _), number in self.numbers.items() if name == source]
        return np.array(sorted(found), np.int64)

    def take(self, building: Path | None = None) -> Intake:
        """Take in what changed since the last night."""
        config = load_config(self.config)
        lines = io.StringIO()
        progress = Progress(lines)
        known = self.known()
        intake = take_in(config, config.entity_types, progress, building=building, known=known)
        new = intake.mentions[self.entity].read(MENTIONS[self.entity])
        self.said = lines.getvalue()
        gone = {int(number) for number in intake.gone[self.entity]}
        assert gone <= set(self.numbers.values())
        self.numbers = {it: number for it, number in self.numbers.items() if number not in gone}
        for at, (source, record) in enumerate(new.select(list(RECORD)).iter_rows()):
            assert (source, record) not in self.numbers
            self.numbers[source, record] = self.total + at
            self.contents[self.total + at] = int(intake.contents[self.entity][at])
        assert len(intake.contents[self.entity]) == new.height
        numbered = new.with_columns(pl.col("mention") + self.total)
        live = self.mentions.filter(~pl.col("mention").is_in(list(gone)))
        self.mentions = pl.concat([live, numbered])
        self.total += new.height
        self.quarantine = intake.set_aside
        self.memory = {name: it.as_json() for name, it in intake.memory.items()}
        counted = {it.name: it.mentions for it in intake.sources if it.entity == self.entity}
        held = {name: len(self._numbers_of(name)) for name in counted}
        assert counted == held
        return intake

    def live(self) -> pl.DataFrame:
        """All mentions there are now, numbered from 0 in order, as one run would have them."""
        table = self.mentions.sort("source", "record_id")
        return table.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))

    def at_once(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The mentions and the quarantine of one run over what the files hold now."""
        config = load_config(self.config)
        intake = take_in(config, config.entity_types, Progress(io.StringIO()))
        assert all(
            len(intake.gone[entity]) == 0 for entity in ENTITY_TYPES if entity in intake.gone
        )
        return intake.mentions[self.entity].read(MENTIONS[self.entity]), intake.set_aside

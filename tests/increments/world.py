"""The state of a small world, written for an increment or whole, and what a link made of it."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from unittest import mock

import polars as pl

from linker.config import load_config
from linker.jobs import link as job
from linker.jobs.export import export
from linker.jobs.review import import_decisions
from linker.progress import Progress
from linker.schemas import EntityType
from linker.store.layout import open_or_create_store
from tests.increments.sources import FIRST_DAY, SOURCES, Arriving, Row, SourceShape, config_text

ANCHOR = "0"
"""The record that each source always holds: a source without any is refused."""

Record = tuple[str, str]
"""Source and record id."""
Partition = dict[EntityType, dict[Record, str]]
"""The entity id of each record."""


class World:
    """What every source holds now, and what has changed since it was last written."""

    def __init__(self, models: dict[EntityType, Path], arriving: Arriving) -> None:
        self._models = {entity: str(path) for entity, path in models.items()}
        self._arriving = arriving
        self._night = 0
        self._news: dict[str, list[Row]] = {name: [] for name in SOURCES}
        self._decisions: list[Row] = []
        self.as_of = FIRST_DAY
        self.rows: dict[str, dict[str, Row]] = {name: {} for name in SOURCES}
        for name, shape in SOURCES.items():
            key = "name" if shape.entity == "person" else "firm"
            own = {column: values[-1] for column, values in shape.values.items()}
            self.put(name, ANCHOR, own | {key: f"Keeper {name}".title()})

    def put(self, source: str, record_id: str, values: Row) -> None:
        """Let a record come, or have other values."""
        row = {**self.rows[source].get(record_id, {}), **values, "id": record_id}
        self.rows[source][record_id] = row
        self._news[source].append(row)

    def take(self, source: str, record_id: str) -> None:
        """Let a record go."""
        del self.rows[source][record_id]
        self._news[source].append({"id": record_id, "gone": "yes"})

    def decide(self, one: Record, other: Record, decision: str) -> None:
        """Let someone decide what two records are to each other."""
        row = {"entity": SOURCES[one[0]].entity, "decision": decision, "author": "r.vega"}
        row |= {"source_l": one[0], "record_id_l": one[1], "reason": "seen in their papers"}
        row |= {"source_r": other[0], "record_id_r": other[1]}
        self._decisions.append(row | {"made_at": f"2026-05-01T00:00:{len(self._decisions):02}Z"})

    def step(self, days: int) -> None:
        """Let investigations be judged at a later date."""
        self.as_of += dt.timedelta(days)

    def write_news(self, directory: Path) -> Path:
        """Write what arrives tonight, and return the configuration's path."""
        for name, shape in SOURCES.items():
            path = directory / shape.file_name(self._arriving, self._night)
            if not shape.delta:
                _write(path, shape, self.rows[name].values())
            elif self._news[name]:
                _write(path, shape, self._news[name])
        return self._configured(directory, self._arriving)

    def taken(self) -> None:
        """Say that a link has taken in what was written."""
        self._night += 1
        self._news = {name: [] for name in SOURCES}

    def write_whole(self, directory: Path) -> Path:
        """Write the final state as it would come to a new store, and return the configuration."""
        directory.mkdir(parents=True)
        for name, shape in SOURCES.items():
            _write(directory / f"{name}.csv", shape, self.rows[name].values())
        return self._configured(directory, "one file overwritten")

    def _configured(self, directory: Path, arriving: Arriving) -> Path:
        path = directory / "linker.toml"
        path.write_text(config_text(arriving, self.as_of, self._models))
        if self._decisions:
            config = load_config(path)
            open_or_create_store(config.resolve(config.store.directory))
            file = directory / "decisions.csv"
            _write_rows(file, list(self._decisions[0]), self._decisions)
            import_decisions(config, file, None, dry_run=False, keep_good=False)
        return path


def _write(path: Path, shape: SourceShape, rows: Iterable[Row]) -> None:
    _write_rows(path, shape.columns, rows)


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def link_quietly(config: Path, *, anew_beyond: float | None = None) -> tuple[int, bool]:
    """Link; return the number of the published generation, and whether that was an increment.

    Args:
        config: The configuration.
        anew_beyond: The share of mentions beyond which a change is linked anew: a small world is
            too small for the product's own.
    """
    said = io.StringIO()
    share = job.MOST_CHANGED if anew_beyond is None else anew_beyond
    with contextlib.redirect_stderr(io.StringIO()), mock.patch.object(job, "MOST_CHANGED", share):
        _, generation = job.link(load_config(config), Progress(said))
    return generation.number, "what changed is linked" in said.getvalue()


class Published:
    """What a store has published, without what tells one store from another."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self.entities: Partition = {"person": {}, "organization": {}}
        for entity_type, entity_id, *record in self._table("entities").iter_rows():
            self.entities[entity_type][record[0], record[1]] = entity_id

    def _table(self, name: str) -> pl.DataFrame:
        out = self._config.with_name(f"{name}.parquet")
        export(load_config(self._config), name, out)
        return pl.read_parquet(out)

    def groups(self, entity_type: EntityType) -> dict[str, frozenset[Record]]:
        """The records of each entity."""
        found: dict[str, set[Record]] = {}
        for record, entity_id in self.entities[entity_type].items():
            found.setdefault(entity_id, set()).add(record)
        return {entity_id: frozenset(records) for entity_id, records in found.items()}

    def partition(self, entity_type: EntityType) -> set[frozenset[Record]]:
        """The sets of records that are one entity."""
        return set(self.groups(entity_type).values())

    def pairs(self) -> dict[tuple[Record, Record], tuple[float, float]]:
        """Match weight and probability of each pair of records, whichever is named first."""
        found = {}
        for source_l, left, source_r, right, *weights in self._table("pairs").iter_rows():
            one, other = sorted([(source_l, left), (source_r, right)])
            found[one, other] = tuple(weights)
        return found

    def investigations(self) -> list[str]:
        """The rows of investigations, sorted, an entity named by its first record."""
        first = {
            entity_id: min(records)
            for entity_type in self.entities
            for entity_id, records in self.groups(entity_type).items()
        }
        table = self._table("investigations")
        return sorted(
            repr(
                {**row, "entity_id": first[row["entity_id"]]}
                | {"other_entity_id": first.get(row["other_entity_id"])}
            )
            for row in table.iter_rows(named=True)
        )

    def has_a_whole_ledger(self) -> None:
        """Hold the ledger against the entities: who lives was created once, and has not ended."""
        events = self._table("ledger").group_by("entity_id").agg("event")
        said = dict(events.iter_rows())
        living = {it for found in self.entities.values() for it in found.values()}
        assert living <= said.keys()
        for entity_id, them in said.items():
            assert them.count("created") == 1
            ended = {"merged", "retired"} & set(them)
            assert bool(ended) == (entity_id not in living), (entity_id, them)

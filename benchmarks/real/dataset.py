"""A data set with known answers: the configuration that links it, and the truth."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
import tomlkit

from benchmarks.commands import CommandError
from linker.schemas import EntityType, SourceKind

STORE = "store"
"""Where a set's generations go, beside its configuration."""

TRUTH = {
    "entity_type": pl.String(),
    "source": pl.String(),
    "record_id": pl.String(),
    "true_id": pl.String(),
}


@dataclass(frozen=True)
class FileSource:
    """One ``[[source]]`` of a configuration.

    Attributes:
        name: The source's name.
        path: Its file.
        entity: What it holds.
        record_id: The column that names a record.
        fields: Canonical field = source column, or several. Never a column that holds truth.
        kind: What the mentions belong to.
        formats: Canonical field = date format.
        duplicates: Whether the source may hold several records of one target.
    """

    name: str
    path: Path
    entity: EntityType
    record_id: str
    fields: Mapping[str, str | Sequence[str]]
    kind: SourceKind = "other"
    formats: Mapping[str, str] = field(default_factory=dict)
    duplicates: bool = True


@dataclass(frozen=True)
class RealSet:
    """A data set, ready to be linked.

    Attributes:
        name: How the set is called.
        entity_types: What its sources hold.
        config: The configuration, TOML; it names no model.
        truth: `TRUTH`, one row a record that has a known answer.
    """

    name: str
    entity_types: tuple[EntityType, ...]
    config: str
    truth: pl.DataFrame


SetMaker = Callable[[Path, Path], RealSet]
"""Takes the data folder and a work directory for conversions."""


def real_set(name: str, sources: Sequence[FileSource], truth: pl.DataFrame) -> RealSet:
    """Put a set together.

    Args:
        name: How the set is called.
        sources: At least one.
        truth: The columns of `TRUTH`, in any order.
    """
    types = tuple(dict.fromkeys(source.entity for source in sources))
    sections = [f"[store]\ndirectory = {_toml(STORE)}\n", *map(_section, sources)]
    return RealSet(name, types, "\n".join(sections), truth.select(list(TRUTH)))


def with_fields(real: RealSet, fields: Collection[str]) -> RealSet:
    """Return a set that maps no other fields than these: what is found where less is known.

    Args:
        real: The set.
        fields: Canonical fields; a source need not have all of them.

    Raises:
        CommandError: No source has one of them.
    """
    config = tomllib.loads(real.config)
    mapped = sorted({name for source in config["source"] for name in source["fields"]})
    unknown = sorted(set(fields) - set(mapped))
    if unknown:
        raise CommandError(f"it has no {', '.join(unknown)}; it has {', '.join(mapped)}")
    for source in config["source"]:
        for section in ("fields", "formats"):
            had = source.get(section, {})
            source[section] = {name: value for name, value in had.items() if name in fields}
    return replace(real, config=tomlkit.dumps(config))


def truth_of(records: pl.DataFrame, source: FileSource, true_id: pl.Expr) -> pl.DataFrame:
    """Return the truth of one source.

    Args:
        records: The source's rows, its record id column included.
        source: Where they are from.
        true_id: Who each row is about.
    """
    return records.select(
        entity_type=pl.lit(source.entity),
        source=pl.lit(source.name),
        record_id=pl.col(source.record_id).cast(pl.String),
        true_id=true_id.cast(pl.String),
    )


def _section(source: FileSource) -> str:
    keys: dict[str, str | Sequence[str]] = {
        "name": source.name,
        "path": source.path.resolve().as_posix(),
        "kind": source.kind,
        "entity": source.entity,
        "record_id": source.record_id,
    }
    told = [] if source.duplicates else ["duplicates = false"]
    lines = ["[[source]]", *_lines(keys), *told, "[source.fields]", *_lines(source.fields)]
    if source.formats:
        lines += ["[source.formats]", *_lines(source.formats)]
    return "\n".join([*lines, ""])


def _lines(table: Mapping[str, str | Sequence[str]]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in table.items()]


def _toml(value: str | Sequence[str]) -> str:
    """Write a text or a list of texts; what JSON writes of them is TOML as well."""
    return json.dumps(value if isinstance(value, str) else list(value))

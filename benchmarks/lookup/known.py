"""Records with known answers: who each is about, and what it says, as its source wrote it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.commands import CommandError
from linker.config import Config, Source
from linker.schemas import LIST_FIELDS, EntityType

TRUTH: Final = "truth.parquet"
"""The file beside those of a population that says who each record is about."""

Fields = dict[str, str | list[str]]
"""Canonical fields and their values, as a question gives them."""

ASKED: Final[Mapping[EntityType, tuple[str, ...]]] = {
    "person": (
        *("full_name", "given_name", "middle_name", "surname", "second_surname", "suffix"),
        *("aliases", "birth_date", "age", "observed_on", "sex", "birth_place", "birth_country"),
        *("citizenship", "a_number", "fbi_number", "fingerprint_id", "ssn", "passport"),
        *("national_id", "driver_license", "phones", "emails", "plates", "address", "city"),
        *("state", "postal_code", "country"),
    ),
    "organization": (
        *("name", "aliases", "registration_id", "tax_id", "phones", "emails", "address", "city"),
        *("state", "postal_code", "country", "principals"),
    ),
}
"""What of a record a question may give: all that says who somebody is."""
_NAME_PARTS: Final = ("given_name", "middle_name", "surname", "second_surname", "suffix")


@dataclass(frozen=True)
class Record:
    """A record with a known answer.

    Attributes:
        source: Its source.
        record_id: Its id there.
        true_id: Who it is about.
        fields: What it says, as its source wrote it.
    """

    source: str
    record_id: str
    true_id: str
    fields: Fields

    @property
    def named(self) -> Fields:
        """What it says, with its name in one field of a person's."""
        parts = [self.fields[name] for name in _NAME_PARTS if name in self.fields]
        if not parts or "full_name" in self.fields:
            return self.fields
        rest = {name: value for name, value in self.fields.items() if name not in _NAME_PARTS}
        return {"full_name": " ".join(str(part) for part in parts), **rest}


def truth_of(config: Config, entity: EntityType) -> pl.DataFrame:
    """Return who the records of a population are about: source, record_id, true_id.

    Raises:
        CommandError: The population's truth is not beside its files.
    """
    directories = {_file_of(config, source).parent for source in config.sources}
    found = [directory / TRUTH for directory in directories if (directory / TRUTH).exists()]
    if not found:
        raise CommandError(
            f"{TRUTH}: not beside the files of the sources; name the configuration of a population "
            "that benchmarks.population wrote"
        )
    wanted = pl.col("entity_type") == entity
    return (
        pl.scan_parquet(found[0])
        .filter(wanted)
        .select("source", "record_id", "true_id")
        .collect()
        .sort("true_id", "source", "record_id")
    )


def sampled(truth: pl.DataFrame, targets: int, seed: int, fewest: int = 1) -> pl.DataFrame:
    """Return the records of some targets drawn at random, in random order of targets.

    Args:
        truth: What `truth_of` returned.
        targets: How many targets; all where there are fewer.
        seed: Of the draw.
        fewest: Targets of fewer records are left out.
    """
    counted = truth.group_by("true_id").len().filter(pl.col("len") >= fewest).sort("true_id")
    drawn = counted["true_id"].sample(min(targets, counted.height), shuffle=True, seed=seed)
    order = pl.DataFrame({"true_id": drawn}).with_row_index("order")
    return truth.join(order, on="true_id").sort("order", "source", "record_id").drop("order")


def read_records(config: Config, entity: EntityType, truth: pl.DataFrame) -> list[Record]:
    """Return some records with what they say, in the order of `truth`.

    Args:
        config: Says how columns are called.
        entity: What the records are of.
        truth: source, record_id, true_id of the records wanted.

    Raises:
        CommandError: A source is no Parquet file.
    """
    found: dict[tuple[str, str], Fields] = {}
    for source in config.sources:
        ids = truth.filter(pl.col("source") == source.name)["record_id"]
        if source.entity == entity and len(ids):
            found |= _read(source, _file_of(config, source), set(ids), entity)
    return [
        Record(source, record_id, true_id, found[source, record_id])
        for source, record_id, true_id in truth.iter_rows()
        if (source, record_id) in found
    ]


def _file_of(config: Config, source: Source) -> Path:
    path = config.resolve(source.path if isinstance(source.path, str) else source.path[0])
    if path.suffix != ".parquet":
        raise CommandError(
            f"{source.name}: is no Parquet file; write the population with --format parquet"
        )
    return path


def _read(
    source: Source, path: Path, ids: Collection[str], entity: EntityType
) -> dict[tuple[str, str], Fields]:
    record_id = str(source.record_id)
    columns = {
        name: column
        for name, column in source.fields.items()
        if name in ASKED[entity] and isinstance(column, str)
    }
    rows = pl.scan_parquet(path).filter(pl.col(record_id).is_in(list(ids)))
    # one column may be two fields
    wanted = [pl.col(record_id).alias("record_id")]
    wanted += [pl.col(column).alias(f"field.{name}") for name, column in columns.items()]
    found = {}
    for row in rows.select(wanted).collect().iter_rows(named=True):
        fields: Fields = {}
        for name in columns:
            value = _text(row[f"field.{name}"], name, source)
            if value:
                fields[name] = value
        if "age" not in fields:  # it says when an age was told, and nothing else
            fields.pop("observed_on", None)
        found[source.name, str(row["record_id"])] = fields
    return found


def _text(value: Any, name: str, source: Source) -> str | list[str] | None:  # noqa: ANN401 - of Parquet
    """Return a value as a person would give it; a code of the source's own is put into words."""
    if value is None:
        return None
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    if name in LIST_FIELDS:
        return [text]
    return source.values.get(name, {}).get(text, text)

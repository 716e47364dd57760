"""The sanctions list of the US Treasury: names, and the names they are also known by.

Names alone: what the list says of a person lies with the primary name, and an also-known-as name
given a copy of it would be found by the copy. A primary name is a watchlist mention, and each
also-known-as name is an intelligence mention of its own.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of
from linker.schemas import EntityType

TYPES: dict[EntityType, str] = {"person": "individual", "organization": "-0-"}
"""What the list's type column says; ``-0-`` stands for everything that is no person, ship or
aircraft."""


def ofac_people(data: Path, work: Path) -> RealSet:
    """4,620 people and the 6,272 names they are also known by."""
    return _set("ofac_people", data / "ofac", work, "person")


def ofac_organizations(data: Path, work: Path) -> RealSet:
    """3,673 organizations and the 5,457 names they are also known by."""
    return _set("ofac_organizations", data / "ofac", work, "organization")


def _set(name: str, folder: Path, work: Path, entity: EntityType) -> RealSet:
    primary = _read(folder / "sdn.csv", {1: "ent_num", 2: "name", 3: "type"}).filter(
        pl.col("type") == TYPES[entity]
    )
    also = _read(folder / "alt.csv", {1: "ent_num", 2: "alt_num", 4: "name"}).join(
        primary, on="ent_num", how="semi"
    )
    fields = {"full_name" if entity == "person" else "name": "name"}
    listed = FileSource("sdn", work / "sdn.csv", entity, "ent_num", fields, kind="watchlist")
    known_as = FileSource("alt", work / "alt.csv", entity, "alt_num", fields, kind="intel")
    truth = []
    for source, records in ((listed, primary), (known_as, also)):
        records.select(source.record_id, "name").write_csv(source.path)
        truth.append(truth_of(records, source, pl.col("ent_num")))
    return real_set(name, [listed, known_as], pl.concat(truth))


def _read(path: Path, columns: dict[int, str]) -> pl.DataFrame:
    """Read the named columns, counted from 1; the files have no header and end in character 26."""
    rows = pl.read_csv(path, has_header=False, infer_schema=False, truncate_ragged_lines=True)
    return rows.select(
        pl.nth(number - 1).str.strip_chars().alias(name) for number, name in columns.items()
    ).filter(pl.all_horizontal(pl.all().is_not_null()))

"""What tables say of forgotten records: found by their tombstones, and taken out."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from linker.model import ModelInUse
from linker.schemas import record_sides
from linker.store.reading import read_table, schema_of
from linker.store.tombstones import Tombstones


def forgotten_in(directory: Path, buried: Tombstones) -> dict[Path, int]:
    """Return which tables below a directory name forgotten records, and in how many rows.

    Raises:
        StoreError: A table is damaged.
    """
    found = {}
    for path in sorted(directory.rglob("*.parquet")):
        rows = sum(int(_known(path, side, buried).sum()) for side in _sides_of(path))
        if rows:
            found[path] = rows
    return found


def scrub_tables(directory: Path, buried: Tombstones) -> int:
    """Take forgotten records out of the tables of the generation being built.

    An event of the ledger stays, without the record that it names; rows of other tables go. Files
    are written anew, since other generations may share the old ones. Mentions are left as they
    are: a run that starts over has none of a forgotten record.

    Returns:
        In how many rows forgotten records were named.

    Raises:
        StoreError: A table is damaged.
        OSError: The disk is full, or cannot be written.
    """
    count = 0
    for path in forgotten_in(directory, buried):
        if path.stem.startswith("mentions"):
            continue
        rows = pl.read_parquet(path)
        ledger = "ledger" in (path.stem, path.parent.name)
        for side in record_sides(rows.columns):
            gone = _of(rows, side, buried)
            count += int(gone.sum())
            if ledger:
                clean = [pl.when(~gone).then(pl.col(name)).alias(name) for name in side]
                rows = rows.with_columns(clean)
            else:
                rows = rows.filter(~gone)
        aside = path.with_name(f"{path.name}.new")
        rows.write_parquet(aside)
        aside.replace(path)
    return count


def without_terms(in_use: ModelInUse, buried: Tombstones) -> ModelInUse:
    """Return a model without forgotten values in its term frequencies; its name stays.

    They are values that only forgotten records had, so that no pair's weight changes. What scores
    a night's pairs is so the same as what `drop_terms` leaves for the lookups of its generation.
    """
    entity = in_use.model.entity_type
    kept = {
        column: terms.filter(~buried.known("term", f"{entity}.{column}", terms[column]))
        for column, terms in in_use.term_frequencies.items()
        if f"{entity}.{column}" in buried.places("term")
    }
    if not kept:
        return in_use
    return in_use.model_copy(update={"term_frequencies": {**in_use.term_frequencies, **kept}})


def drop_terms(directory: Path, entity_type: str, buried: Tombstones) -> int:
    """Take forgotten values out of the term frequencies of a generation's copy of a model.

    Returns:
        How many values were dropped.

    Raises:
        OSError: The files cannot be written.
    """
    count = 0
    for place in buried.places("term"):
        entity, _, column = place.partition(".")
        path = directory / "tf" / f"{column}.parquet"
        if entity != entity_type or not path.exists():
            continue
        terms = pl.read_parquet(path)
        gone = buried.known("term", place, terms[column])
        if gone.any():
            count += int(gone.sum())
            terms.filter(~gone).write_parquet(path)
    return count


def _sides_of(path: Path) -> list[tuple[str, str]]:
    return record_sides(schema_of(path))


def _known(path: Path, side: tuple[str, str], buried: Tombstones) -> pl.Series:
    return _of(read_table(path, side), side, buried)


def _of(rows: pl.DataFrame, side: tuple[str, str], buried: Tombstones) -> pl.Series:
    """Tell of each row whether the record that two columns name was forgotten."""
    source, record_id = side
    found = pl.repeat(False, rows.height, dtype=pl.Boolean(), eager=True)
    for place in buried.places("record"):
        here = rows[source] == place
        if here.any():
            asked = rows.filter(here)[record_id].unique()
            known = asked.filter(buried.forgotten(place, asked))
            found |= (here & rows[record_id].is_in(known.implode())).fill_null(value=False)
    return found

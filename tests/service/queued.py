"""A service whose store has pairs to review, two reviewers each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from linker.access.tokens import Grant, make_token
from linker.audit import Who, open_audit
from linker.config import load_config
from linker.review.queue_file import QUEUED, add_items
from linker.schemas import DECISION_RECORDS
from linker.store.layout import Store, open_store
from tests.jobs.running import copy_of
from tests.service.serving import OWNERS, Served, add_service, served, without_service

Pair = tuple[str, str]
PERSONS: tuple[Pair, ...] = (
    *(("cases k01", "cases k02"), ("arrests a01", "cases k01"), ("arrests a01", "cases k03")),
    *(("arrests a03", "cases k11"), ("cases k11", "cases k12"), ("arrests a02", "cases k09")),
    *(("cases x00", "cases x08"), ("cases x01", "cases x09"), ("cases x02", "cases x10")),
    *(("cases x03", "cases x11"), ("cases x04", "cases x12"), ("cases x05", "cases x13")),
)
"""Some are one person by all signs, the later ones share a given name."""
SILENT: Pair = ("cases k13", "cases silentrecord-k04")
POINTED: Pair = ("cases k01", "cases pointerrecord-k06")
FIRMS: Pair = ("firms f01", "firms f02")
GONE: Pair = ("cases gone1", "cases gone2")


def store_of(config: Path) -> Store:
    """The store of a configuration."""
    loaded = load_config(config)
    return open_store(loaded.resolve(loaded.store.directory))


def queue_pairs(config: Path, pairs: tuple[Pair, ...], *, part: str = "threshold") -> None:
    """Queue pairs of records, each written as its source and record id."""
    rows = [
        {
            "entity_type": "organization" if one.startswith("firms") else "person",
            **dict(zip(DECISION_RECORDS, (*one.split(), *other.split()), strict=True)),
            "part": part,
            "link": True,
            "match_weight": 4.321,
            "model": "person/1",
            "generation": 1,
            "seed": 7,
        }
        for one, other in pairs
    ]
    frame = pl.DataFrame(rows, schema_overrides={"match_weight": pl.Float64()})
    missing = [pl.lit(None, kind).alias(name) for name, kind in QUEUED.items() if name not in frame]
    add_items(store_of(config), frame.with_columns(missing), "2026-06-30T02:00:05+00:00")


@contextmanager
def a_queue(world: Path, directory: Path) -> Iterator[Served]:
    """Serve a copy of a linked store with pairs to review, for three reviewers and a manager."""
    config = without_service(copy_of(world, directory / "queued"))
    with config.open("a", encoding="utf-8") as text:
        text.write("\n[review]\nreviewers = 2\n")
    queue_pairs(config, (*PERSONS, SILENT, POINTED, FIRMS, GONE))
    with served(add_service(config)) as made:
        with open_audit(load_config(config)) as log:
            for name in ("second", "third"):
                grant = Grant(name, "reviewer", **OWNERS)
                made.tokens[name] = make_token(log, grant, Who("test")).token
        yield made


def number_of(pair: Pair) -> int:
    """The number that a pair of the queue has."""
    return (*PERSONS, SILENT, POINTED, FIRMS, GONE).index(pair) + 1

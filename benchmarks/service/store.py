"""The store that is served: a population linked twice, one generation published or the other."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.batch.job import say
from benchmarks.commands import CommandError, run
from benchmarks.population import Plan, config_text, expected_text, generate
from linker.config import Config, load_config
from linker.jobs.publish import publish
from linker.jobs.rollback import rollback
from linker.store.layout import open_store
from linker.store.publication import states

ROOMY: Final = """
[service]
port = 0
workers = {workers}
requests_per_minute = 100000000
burst = 1000000
concurrent_requests = 1000
answer_milliseconds = {step}
reload_seconds = 0.25
"""
"""No asker is held back: what is measured is how fast answers come."""


def linked_twice(records: int, seed: int, work: Path) -> Path:
    """Write a population, link it, take a record away, and link it again.

    Raises:
        CommandError: A command failed.
    """
    out = work / "population"
    say(f"generating {records:,} records")
    summary = generate(Plan(records, seed, "parquet"), out)
    text = config_text(str(out), str(out / "store"), "parquet", "both")
    path = out / "linker.toml"
    path.write_text(text + expected_text(summary.sources), encoding="utf-8")
    say(f"linking {records:,} records")
    run("link", "--config", str(path))
    say("linking them again, one record less")
    source = next(
        iter(sorted(out.glob("*.parquet"), key=lambda file: file.name != "cases.parquet"))
    )
    rows = pl.read_parquet(source)
    rows.head(rows.height - 1).write_parquet(source)
    run("link", "--config", str(path))
    return path


def two_generations(config: Config) -> tuple[int, int]:
    """Return the published generation of a store, and another one that can be published.

    Raises:
        CommandError: There are no two.
    """
    found = states(open_store(config.resolve(config.store.directory)))
    published = [number for number, state in found.items() if state == "published"]
    others = [number for number, state in found.items() if state in {"earlier", "rolled back"}]
    if not published or not others:
        raise CommandError("the store has no two generations to publish in turn; link it again")
    return published[0], max(others)


def point_at(config: Config, number: int) -> None:
    """Publish a generation of a store that is on disk."""
    store = open_store(config.resolve(config.store.directory))
    if number < (store.current() or 0):
        rollback(config, number, "a benchmark")
    else:
        publish(config, number, "a benchmark")


@contextmanager
def roomy(path: Path, step: int, workers: int) -> Iterator[Path]:
    """Give a configuration beside another one, with a service that holds nobody back.

    Args:
        path: The other one; it must have no section of a service.
        step: Answers leave at multiples of so many milliseconds.
        workers: How many processes answer.

    Raises:
        CommandError: It has one.
    """
    text = path.read_text(encoding="utf-8")
    if "service" in tomllib.loads(text):
        raise CommandError(f"{path}: has a section [service]; take it out for the benchmark")
    made = path.with_name(f"{path.stem}-benchmark.toml")
    made.write_text(text + ROOMY.format(workers=workers, step=step), encoding="utf-8")
    try:
        load_config(made)
        yield made
    finally:
        made.unlink(missing_ok=True)

"""One store measured: questions, memory, opening, records by their own values, misses, Splink."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.batch.job import run_side, say
from benchmarks.commands import run as run_command
from benchmarks.lookup.asking import SIDE
from benchmarks.lookup.judge import Judged, largest
from benchmarks.lookup.memory import drop_page_cache, files_below, read_through
from benchmarks.population import Plan, config_text, expected_text, generate
from linker.config import load_config
from linker.schemas import ENTITY_TYPES, EntityType
from linker.store.generation import current_generation
from linker.store.layout import open_store
from linker.store.lookup_index.write import DIRECTORY

OPENED: Final = 3
"""How often the index is opened, each time in a process of its own; the median counts."""
SPLINK_ROUNDS: Final = 5
"""For so many records Splink is asked, one after the other; the median counts."""


@dataclass(frozen=True)
class Wanted:
    """What is measured.

    Attributes:
        records: How many records the population has that is linked.
        config: The configuration of a store that is linked already, to be measured instead.
        entities: What is asked for.
        lookups: How many questions of the mix.
        own: How many records are looked up by their own values.
        judged: How many questions of a combination of fields judge what is said of misses.
        seed: Of the population and of the questions.
        cold: Whether the index is opened too after the system forgot its files.
        splink: Whether Splink is asked too.
    """

    records: int
    config: Path | None
    entities: tuple[EntityType, ...] = ENTITY_TYPES
    lookups: int = 10_000
    own: int = 3_000
    judged: int = 400
    seed: int = 5
    cold: bool = False
    splink: bool = True


def measure(wanted: Wanted, work: Path) -> dict[str, Any]:
    """Measure one store.

    Args:
        wanted: What is measured.
        work: A directory for files.

    Raises:
        CommandError: A command or a side failed.
        LinkerError: The configuration or the store cannot be read.
    """
    path = wanted.config or _linked(wanted.records, wanted.seed, work)
    load_config(path)  # says what is wrong with it before anything is drawn
    job = {"config": str(path.resolve()), "out": str(work), "entities": list(wanted.entities)}

    def side(word: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of JSON
        say(f"{word} ...")
        return run_side(word, {**job, **more}, work, SIDE)

    drawn = side("prepare", lookups=wanted.lookups, own=wanted.own, seed=wanted.seed)
    side("open", view=True)  # compiles what is not compiled yet
    own, shared = _parts(path)
    read_through(*own, *shared)
    asked = side("ask")
    found = {
        "records": drawn["records"],
        "lookups": asked["all"]["asked"],
        **{name: asked["all"][name] for name in _FIGURES},
        "kinds": asked["kinds"],
        **_opening(path, side, cold=wanted.cold),
        "memory_mb": asked["memory"],
        "memory_before_mb": asked["memory_before"],
        "second_process_mb": asked["second"],
        **_index(path),
        "own_values": side("own") if wanted.own else {},
        **(_judged(side("judge", asked=wanted.judged)["judged"]) if wanted.judged else {}),
        "splink_seconds": None,
        "ratio_to_splink": None,
    }
    if wanted.splink and "person" in wanted.entities:
        found |= _splink(side, drawn["people"], found["p50_ms"])
    return found


_FIGURES: Final = (
    *("p50_ms", "p95_ms", "p99_ms", "max_ms", "cpu_p50_ms", "cpu_p99_ms"),
    *("candidates", "hits", "first", "recall", "false_hits", "false_links"),
)


def _linked(records: int, seed: int, work: Path) -> Path:
    """Write a population, link it with the shipped models, and return its configuration."""
    out = work / "population"
    say(f"generating {records:,} records")
    summary = generate(Plan(records, seed, "parquet"), out)
    text = config_text(str(out), str(out / "store"), "parquet", "both")
    path = out / "linker.toml"
    path.write_text(text + expected_text(summary.sources), encoding="utf-8")
    say(f"linking {records:,} records")
    run_command("link", "--config", str(path))
    return path


def _opening(path: Path, side: Any, *, cold: bool) -> dict[str, Any]:  # noqa: ANN401 - a function
    warm = [side("open", view=False) for _ in range(OPENED)]
    found = {
        "open_seconds": round(statistics.median(one["seconds"] for one in warm), 4),
        "import_seconds": round(statistics.median(one["import_seconds"] for one in warm), 3),
        "open_cold_seconds": None,
    }
    if cold and drop_page_cache():
        found["open_cold_seconds"] = round(side("open", view=False)["seconds"], 3)
    elif cold:
        say(f"{path}: the system does not let its files be forgotten; opened with them alone")
    return found


def _index(path: Path) -> dict[str, Any]:
    """Return how many files the index has, and their bytes; those of segments serve nights too."""
    own, shared = _parts(path)
    files, size = files_below(*own, *shared)
    return {"index_files": files, "index_bytes": size, "index_own_bytes": files_below(*own)[1]}


def _parts(path: Path) -> tuple[list[Path], list[Path]]:
    """Return the directories of the index: what only lookups read, and what nights read too."""
    config = load_config(path)
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    own, shared = [], []
    for entity in generation.entity_types:
        held = generation.warehouse(entity)
        own.append(held.directory / DIRECTORY)
        for segment in held.segments:
            shared += [segment.directory / name for name in ("keys", "features", "facts")]
    return own, shared


def _judged(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    judged = [Judged(**{**row, "fields": tuple(row["fields"])}) for row in rows]
    evaluated, itself = largest(judged, evaluated=True)
    others, _ = largest(judged, evaluated=False)
    return {
        "judged": list(rows),
        "largest_difference": evaluated,
        "largest_difference_of_others": others,
        "largest_difference_without_evaluation": itself,
    }


def _splink(side: Any, people: Sequence[int], p50: float) -> dict[str, Any]:  # noqa: ANN401 - a function
    prepared = side("prepare_splink")
    took = side("splink", **prepared, people=list(people[:SPLINK_ROUNDS]))
    Path(prepared["mentions"]).unlink()
    seconds = statistics.median(took["seconds"])
    return {
        "splink_seconds": round(seconds, 3),
        "splink_every_rule_seconds": round(min(took["every_rule_seconds"]), 3),
        "splink_rounds": [round(one, 3) for one in took["seconds"]],
        "splink_peak_gb": round(took["peak_gb"], 2),
        "ratio_to_splink": round(seconds / (p50 / 1000), 1),
    }

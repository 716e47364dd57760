"""Linking a set with the product's own commands, and judging what comes out."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import commands
from benchmarks.commands import USAGE_OR_DATA_ERROR, CommandError
from benchmarks.real.dataset import RealSet
from linker.schemas import EntityType
from linker.training.metrics import measure


@dataclass(frozen=True)
class Row:
    """One line of the scoreboard.

    ``set`` is the set's name; where a set holds both types, a line for each adds the type's name.
    ``entity`` is person, organization, or both joined by ``+``; ``records`` counts those with a
    known answer. ``model`` is ``trained`` on the set or ``shipped``. The six shares are those of
    `linker.training.metrics.Accuracy`. ``seconds`` is what training, linking and exporting the
    whole set took by the clock. ``note`` says why a model could not be trained.
    """

    set: str
    entity: str
    records: int
    model: str
    pairwise_precision: float
    pairwise_recall: float
    pairwise_f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float
    seconds: float
    note: str


@dataclass(frozen=True)
class Linked:
    """What linking a set left behind.

    Attributes:
        config: The configuration; it names the models that were trained.
        entities: The exported entities, `linker.schemas.ENTITIES`.
        report: What ``linker link --json`` said.
        trained: The types whose model was trained on the set.
        notes: By type, why a model was not trained.
        seconds: What training, linking and exporting took.
        train_seconds: What training took of it.
        link_seconds: What linking took of it.
    """

    config: Path
    entities: pl.DataFrame
    report: dict[str, Any]
    trained: tuple[EntityType, ...]
    notes: dict[EntityType, str]
    seconds: float
    train_seconds: float = 0.0
    link_seconds: float = 0.0


def measure_set(real: RealSet, work: Path) -> list[Row]:
    """Link a set, and compare what comes out with the truth.

    Args:
        real: The set; its conversions are in place.
        work: Where configuration, models and store go.

    Raises:
        CommandError: A command failed for another reason than that a model cannot be trained.
    """
    return score(real, link_set(real, work))


def link_set(real: RealSet, work: Path, *, train: bool = True) -> Linked:
    """Train where the set is large enough, link, export.

    Args:
        real: The set; its conversions are in place.
        work: Where configuration, models and store go.
        train: Whether to train at all, or to link with the shipped models.

    Raises:
        CommandError: A command failed for another reason than that a model cannot be trained.
    """
    config = work / "linker.toml"
    config.write_text(real.config, encoding="utf-8")
    started = time.perf_counter()
    trained: dict[EntityType, Path] = {}
    notes: dict[EntityType, str] = {}
    for entity in real.entity_types if train else ():
        directory, note = _train(config, entity, work / "models")
        notes[entity] = note
        if directory:
            trained[entity] = directory
    trained_at = time.perf_counter()
    sections = [f'[{entity}]\nmodel = "{path.as_posix()}"\n' for entity, path in trained.items()]
    config.write_text("\n".join([real.config, *sections]), encoding="utf-8")
    report = json.loads(commands.run("link", "--config", str(config), "--json") or "{}")
    linked_at = time.perf_counter()
    out = work / "entities.parquet"
    commands.run("export", "--config", str(config), "--table", "entities", "--out", str(out))
    exported_at = time.perf_counter()
    return Linked(
        config=config,
        entities=pl.read_parquet(out),
        report=report,
        trained=tuple(trained),
        notes=notes,
        seconds=exported_at - started,
        train_seconds=trained_at - started,
        link_seconds=linked_at - trained_at,
    )


def score(real: RealSet, linked: Linked) -> list[Row]:
    """Judge the exported entities: the whole set, and each type of a set that holds both.

    Args:
        real: The set.
        linked: What linking it left behind.

    Raises:
        CommandError: The export holds none of the set's records.
    """
    entities = linked.entities
    if real.truth.join(entities, on=["source", "record_id"], how="semi").is_empty():
        raise CommandError(f"{real.name}: the exported entities hold none of the set's records")
    groups = [real.entity_types]
    if len(real.entity_types) > 1:
        groups += [(entity,) for entity in real.entity_types]
    rows = []
    for group in groups:
        ours, theirs = (
            frame.filter(pl.col("entity_type").is_in(group)) for frame in (entities, real.truth)
        )
        found = measure(ours, theirs)
        whole = group == real.entity_types
        models = dict.fromkeys("trained" if name in linked.trained else "shipped" for name in group)
        rows.append(
            Row(
                set=real.name if whole else f"{real.name}_{group[0]}",
                entity="+".join(group),
                records=found.records,
                model="+".join(models),
                pairwise_precision=found.pairwise_precision,
                pairwise_recall=found.pairwise_recall,
                pairwise_f1=found.pairwise_f1,
                b3_precision=found.b3_precision,
                b3_recall=found.b3_recall,
                b3_f1=found.b3_f1,
                seconds=round(linked.seconds, 2),
                note="; ".join(filter(None, (linked.notes.get(name, "") for name in group))),
            )
        )
    return rows


def _train(config: Path, entity: EntityType, out: Path) -> tuple[Path | None, str]:
    """Return the trained model's directory, or why there is none."""
    done = commands.call("train", "--config", str(config), "--entity", entity, "--out", str(out))
    if done.returncode == USAGE_OR_DATA_ERROR:
        return None, commands.last_words(done)
    if done.returncode != 0:
        raise CommandError(
            f"linker train: exit code {done.returncode}: {commands.last_words(done)}"
        )
    (manifest,) = out.glob(f"**/{entity}/*/manifest.json")
    return manifest.parent, ""

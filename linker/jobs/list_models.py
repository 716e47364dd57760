"""The models there are: where each is from, how good it was found to be, which one is in use."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from linker.config import Config, load_config
from linker.errors import LinkerError
from linker.jobs.model_change import config_name, undone_text
from linker.jobs.model_named import registry_of, setting_of
from linker.jobs.models import model_in_use, shipped_model, ships
from linker.judging.judgement import Judgement, read_judgements
from linker.model import LinkageModel, read_model
from linker.night.records import published
from linker.schemas import ENTITY_TYPES, EntityType
from linker.training.registry_log import RegistryAct, read_acts, state_of
from linker.training.versions import damage, versions_in


def list_models(path: Path) -> dict[str, Any]:
    """Return every version of both entity types as JSON values.

    Args:
        path: The configuration file.

    Raises:
        ConfigError: The configuration cannot be used.
        ModelError: The registry or its log cannot be read.
    """
    config = load_config(path)
    registry = registry_of(config)
    models: list[dict[str, Any]] = []
    notes: list[str] = []
    acts: list[dict[str, Any]] = []
    for entity_type in ENTITY_TYPES:
        told = read_acts(registry, entity_type)
        used, problem = _in_use(config, entity_type)
        linked, unread = _published(config, entity_type)
        notes += [line for line in (problem, unread) if line]
        named = config.settings_of(entity_type).model
        undone = state_of(told, config_name(config, path), named).undone
        notes += [undone_text(undone, entity_type)] if undone else []
        acts += [{"entity_type": entity_type, **act.model_dump(mode="json")} for act in told]
        rows = [
            _told(config, entity_type, directory, used=used, acts=told)
            for directory in _directories(config, entity_type, used)
        ]
        models += [{**row, "published": bool(linked) and row["name"] == linked} for row in rows]
    return {"registry": str(registry), "models": models, "log": acts, "notes": notes}


def _in_use(config: Config, entity_type: EntityType) -> tuple[Path | None, str | None]:
    """Return the directory of the model in use; where it cannot be used, why."""
    try:
        return model_in_use(config, entity_type)[1], None
    except LinkerError as error:
        return None, f"the model of {entity_type} in use: {error}"


def _published(config: Config, entity_type: EntityType) -> tuple[str | None, str | None]:
    """Return the model that the published generation was linked by; where it is unread, why."""
    try:
        generation = published(config, entity_type)
        models = generation.manifest["models"] if generation else {}
    except LinkerError as error:
        return None, f"the published generation: {error}"
    return models.get(entity_type), None


def _directories(config: Config, entity_type: EntityType, used: Path | None) -> list[Path]:
    """Return where models lie: those that ship, those of the registry, and the one in use."""
    roots: dict[Path, Path] = {}
    try:
        shipped = versions_in(shipped_model(entity_type).parent.parent, entity_type)
    except LinkerError:
        shipped = []
    for directory in [*shipped, *versions_in(registry_of(config), entity_type)]:
        roots.setdefault(directory.resolve(), directory)
    if used is not None:
        roots.setdefault(used.resolve(), used)
    return list(roots.values())


def _told(
    config: Config,
    entity_type: EntityType,
    directory: Path,
    *,
    used: Path | None,
    acts: list[RegistryAct],
) -> dict[str, Any]:
    setting = setting_of(config, entity_type, directory)
    found: dict[str, Any] = {
        "entity_type": entity_type,
        "version": directory.name,
        "name": None,
        "directory": str(directory),
        "setting": setting,
        "ships": ships(directory),
        "in_use": used is not None and used.resolve() == directory.resolve(),
        "problems": [],
        "written": None,
        "trained": None,
        "judged": None,
        "promoted": None,
    }
    try:
        in_use = read_model(directory, entity_type)
        judgements = read_judgements(directory)
    except LinkerError as error:
        return {**found, "problems": [str(error)]}
    mine = [it for it in judgements if it.model == in_use.name]
    put = [act for act in acts if act.version == in_use.name]
    return {
        **found,
        "name": in_use.name,
        "problems": damage(directory),
        "written": None if ships(directory) else _written(directory),
        "trained": _trained(in_use.model, directory),
        "judged": _judged(mine[-1]) if mine else None,
        "promoted": {"at": put[-1].at, "who": put[-1].who, "what": put[-1].what} if put else None,
    }


def _trained(model: LinkageModel, directory: Path) -> dict[str, Any]:
    """Return what a model was trained on, as far as it says so."""
    told = model.training
    data: dict[str, Any] = {}
    try:
        recorded = json.loads((directory / "training.json").read_text(encoding="utf-8"))
        if isinstance(recorded, dict) and isinstance(recorded.get("data"), dict):
            data = recorded["data"]
    except (OSError, ValueError):  # of a version that wrote none
        pass
    return {
        "records": data.get("total", told.get("records")),
        "sampled": data.get("sampled", told.get("records_sampled")),
        "origin": data.get("origin"),
        "digest": data.get("digest"),
        "seed": data.get("seed", told.get("seed")),
    }


def _written(directory: Path) -> str | None:
    """Return the day of the model's file; the model knows none, to be the same on every day."""
    try:
        at = (directory / "model.json").stat().st_mtime
    except OSError:
        return None
    return dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()


def _judged(judgement: Judgement) -> dict[str, Any]:
    overall = judgement.overall.model_dump(mode="json")
    return {
        "at": judgement.at,
        "truth": judgement.truth.model_dump(mode="json"),
        "data": judgement.data.model_dump(mode="json"),
        "overall": overall,
    }

"""The registry: ``<directory>/<entity type>/<version>/`` holds a model and how it came to be."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker import __version__
from linker.errors import ModelError
from linker.model import LinkageModel
from linker.schemas import EntityType

LIBRARIES: Final = ("duckdb", "numba", "numpy", "polars", "splink")
"""Whose versions may change what is estimated."""


def libraries() -> dict[str, str]:
    """Return the versions of this program and of the libraries that estimate."""
    return {"linker": __version__} | {name: library_version(name) for name in LIBRARIES}


def next_version(directory: Path, entity_type: EntityType) -> str:
    """Return the next free version number of an entity type, as text."""
    taken = [
        int(path.name) for path in (directory / entity_type).glob("*") if path.name.isdecimal()
    ]
    return str(max(taken, default=0) + 1)


def write_model(
    directory: Path,
    model: LinkageModel,
    term_frequencies: dict[str, pl.DataFrame],
    pages: Mapping[str, str],
    provenance: Mapping[str, Any] | None = None,
) -> Path:
    """Write a model aside and move it into place whole.

    Args:
        directory: The registry's root.
        model: The trained model.
        term_frequencies: By column: a frame of that column and ``tf``.
        pages: Further files by name: ``splink.json``, ``report.html``.
        provenance: What else ``manifest.json`` says, JSON values: of which records and settings.

    Returns:
        The model's directory.

    Raises:
        ModelError: The version exists, or the directory cannot be written.
    """
    target = directory / model.entity_type / model.version
    if target.exists():
        raise ModelError(f"{target}: this version exists; models are never overwritten")
    aside = target.with_name(f".{model.version}.writing")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        (aside / "tf").mkdir(parents=True)
        text = model.model_dump_json(indent=1, exclude_none=True)
        (aside / "model.json").write_text(text + "\n", encoding="utf-8")
        for column, frame in term_frequencies.items():
            frame.write_parquet(aside / "tf" / f"{column}.parquet")
        for name, page in pages.items():
            (aside / name).write_text(page, encoding="utf-8")
        manifest = json.dumps(_manifest(aside, model, provenance or {}), indent=1, sort_keys=True)
        (aside / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
        aside.rename(target)
    except OSError as error:
        raise ModelError(f"{target}: cannot be written: {error.strerror or error}") from None
    finally:  # gone already where all went well
        shutil.rmtree(aside, ignore_errors=True)
    return target


def _manifest(
    directory: Path, model: LinkageModel, provenance: Mapping[str, Any]
) -> dict[str, Any]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {
        **provenance,
        "entity_type": model.entity_type,
        "version": model.version,
        "files": {
            str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
        "libraries": libraries(),
    }


def splink_json(settings: dict[str, Any]) -> str:
    """Return Splink settings as the text of a file that Splink's `Linker` reads."""
    kept = {key: value for key, value in settings.items() if key != "linker_uid"}
    return json.dumps(kept, indent=1, default=str) + "\n"

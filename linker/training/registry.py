"""The registry: ``<directory>/<entity type>/<version>/`` holds a model and how it came to be."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version as library_version
from pathlib import Path
from typing import IO, Any, Final

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


@contextmanager
def claimed_version(
    directory: Path, entity_type: EntityType, name: str | None = None
) -> Iterator[str]:
    """Hold a free version while its model is made, so that no two trainings make the same one.

    A training that dies holds nothing any more: what holds is a lock on an open file.

    Args:
        directory: The registry's root.
        entity_type: Whose version.
        name: The version; the lowest number above all that are there or being made unless given.

    Raises:
        ModelError: The named version exists or is being made, or the directory cannot be written.
    """
    models = directory / entity_type
    made = [path for path in (models, directory) if not path.exists()]
    try:
        models.mkdir(parents=True, exist_ok=True)
        version = name or next_version(directory, entity_type)
        while (claim := _claim(models, version)) is None:
            if name:
                what = "this version exists" if (models / name).exists() else "it is being made"
                raise ModelError(f"{models / name}: {what}; name another")
            version = str(int(version) + 1)
    except OSError as error:
        raise ModelError(f"{models}: cannot be written: {error.strerror or error}") from None
    with claim:
        try:
            yield version
        finally:
            _give_up(claim)
            for path in made:
                with suppress(OSError):  # a model is in it, or somebody else's claim
                    path.rmdir()


def _claim(models: Path, version: str) -> IO[str] | None:
    """Return a version's claim; nothing where it exists, or somebody else makes it."""
    claim = _held(models / f".{version}.claim")
    if claim and (models / version).exists():
        with claim:
            _give_up(claim)
        return None
    return claim


def _give_up(claim: IO[str]) -> None:
    with suppress(OSError):
        Path(claim.name).unlink()


def _held(path: Path) -> IO[str] | None:
    """Return the file, locked; nothing where somebody else holds it."""
    while True:
        handle = path.open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # who held it may have removed it between the two calls: then this lock is of no file
            if path.exists() and os.path.samestat(os.fstat(handle.fileno()), path.stat()):
                return handle
        except BlockingIOError:
            handle.close()
            return None
        except BaseException:
            handle.close()
            raise
        handle.close()


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

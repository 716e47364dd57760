"""The page of a model written anew, when something more is known of it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

from linker.errors import ModelError
from linker.judging.judgement import METRICS, read_judgements
from linker.model import read_model
from linker.night.profile import PROFILE_FILE
from linker.report.model_page import Beside, model_page
from linker.schemas import EntityType
from linker.training.account import TRAINING_FILE

PAGE: Final = "report.html"
MANIFEST: Final = "manifest.json"
DRIFT: Final = "drift.json"


def renew_page(directory: Path, entity_type: EntityType) -> Path:
    """Write the page of a model anew from what lies in its directory, and what the manifest lists.

    The model itself, and with it its digest, stays as it is.

    Args:
        directory: The model's.
        entity_type: Of what it is a model.

    Returns:
        The page.

    Raises:
        ModelError: The model is damaged, or the page cannot be written.
    """
    model = read_model(directory, entity_type).model
    training = _told(directory / TRAINING_FILE) or {}
    beside = Beside(
        training=training,
        judgements=[judgement.model_dump(mode="json") for judgement in read_judgements(directory)],
        profile=_told(directory / PROFILE_FILE),
        drift=_told(directory / DRIFT),
    )
    page = model_page(model, [str(note) for note in training.get("notes", ())], beside)
    path = directory / PAGE
    try:
        _replace(path, page)
        _list(directory, (PAGE, METRICS, DRIFT))
    except OSError as error:
        raise ModelError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path


def _told(path: Path) -> dict[str, Any] | None:
    """Return the JSON object of a file; None where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise ModelError(f"{path}: is damaged; remove it, or train the model anew") from None
    if not isinstance(found, dict):
        raise ModelError(f"{path}: is damaged; remove it, or train the model anew")
    return found


def _list(directory: Path, names: tuple[str, ...]) -> None:
    """Give files that were written anew their new digests in the manifest."""
    path = directory / MANIFEST
    manifest = _told(path)
    if manifest is None or not isinstance(manifest.get("files"), dict):
        return
    for name in names:
        file = directory / name
        if file.exists():
            manifest["files"][name] = hashlib.sha256(file.read_bytes()).hexdigest()
    _replace(path, json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def _replace(path: Path, text: str) -> None:
    """Write a file aside, and let it take the place of what is there."""
    aside = path.with_name(f".{path.name}.writing")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)  # noqa: PTH105 - over what is there
    finally:
        aside.unlink(missing_ok=True)

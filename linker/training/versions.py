"""The versions in a registry, and whether a model's files are those that training wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from linker.errors import ModelError, nearest
from linker.schemas import EntityType

REWRITTEN: Final = frozenset(
    {"report.html", "metrics.json", "drift.json", "evaluation.json", "manifest.json"}
)
"""Files of a model that later commands write anew: what is found of it, and the page of that."""
MOST_NAMED: Final = 3
"""So many files are named where several are not as they were."""


def versions_in(registry: Path, entity_type: EntityType) -> list[Path]:
    """Return the directories of the models of an entity type, numbers first and in their order.

    Args:
        registry: Holds ``<entity type>/<version>/``.
        entity_type: Whose models.

    Raises:
        ModelError: The registry cannot be read.
    """
    try:
        found = [
            path
            for path in (registry / entity_type).glob("*")
            if not path.name.startswith(".") and (path / "model.json").is_file()
        ]
    except OSError as error:
        raise ModelError(f"{registry}: cannot be read: {error.strerror or error}") from None
    return sorted(found, key=_order)


def _order(path: Path) -> tuple[bool, int, str]:
    number = path.name.isdecimal()
    return (not number, int(path.name) if number else 0, path.name)


def unknown_version(word: str, entity_type: EntityType, known: list[Path]) -> ModelError:
    """Return the error of a version that no registry has, with the nearest one that is there."""
    names = list(dict.fromkeys(path.name for path in known))
    there = f"; there are {', '.join(names)}" if names else "; run linker train"
    hint = nearest(word, names) or there
    return ModelError(f"no version {word!r} of {entity_type} in the registry{hint}")


def damage(directory: Path) -> list[str]:
    """Return what is not as training wrote it, a sentence each; none where all is well.

    Each file that decides a weight, or says how it came to be, is held against its SHA-256 in
    `manifest.json`. What later commands write anew (`REWRITTEN`) is passed over.

    Args:
        directory: The model's.
    """
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        listed = {str(name): str(digest) for name, digest in manifest["files"].items()}
    except FileNotFoundError:
        return ["it has no manifest.json, so nobody can tell whether its files are as trained"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ["its manifest.json is damaged, so nobody can tell whether its files are as trained"]
    expected = {name: digest for name, digest in listed.items() if name not in REWRITTEN}
    needed = {"model.json", *(f"tf/{path.name}" for path in (directory / "tf").glob("*.parquet"))}
    wrong = [name for name, digest in expected.items() if _digest(directory / name) != digest]
    wrong += sorted(needed - expected.keys())
    if not wrong:
        return []
    more = f" and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
    names = ", ".join(sorted(wrong)[:MOST_NAMED])
    return [f"files are not those that training wrote (manifest.json): {names}{more}"]


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None

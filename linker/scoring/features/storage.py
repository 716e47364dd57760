"""Packed mentions on disk: the arrays as they lie in memory, mapped when they are read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from linker.arrays import map_array
from linker.errors import StoreError
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import FEATURES_VERSION, Features
from linker.scoring.functions.text import READABLE

LAYOUT_FILE: Final = "layout.json"
"""What the arrays beside it hold; written last."""

_ARRAYS: Final[Mapping[str, np.dtype[Any]]] = {
    "rows": np.dtype(np.int32),
    "lists": np.dtype(np.int32),
    "data": np.dtype(np.uint8),
    "ends": np.dtype(np.int64),
    "owner": np.dtype(np.uint8),
}
"""The arrays of `Features`, each in a file of its name, and what they are made of."""


def write_features(features: Features, directory: Path) -> None:
    """Write packed mentions: ``<array>.npy`` for each array, and `LAYOUT_FILE`.

    Args:
        features: The packed mentions.
        directory: Where the files go; made unless it is there.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name in _ARRAYS:
        np.save(directory / f"{name}.npy", getattr(features, name), allow_pickle=False)
    about = {
        "version": FEATURES_VERSION,
        "layout": _described(features.layout),
        "shapes": {name: getattr(features, name).shape for name in _ARRAYS},
    }
    text = json.dumps(about, indent=1)
    (directory / LAYOUT_FILE).write_text(text + "\n", encoding="utf-8")


def open_features(directory: Path, layout: Layout) -> Features:
    """Return packed mentions whose arrays are mapped: only what is read comes into memory.

    Whoever writes to such an array changes a copy of its own, never the file.

    Args:
        directory: Where `write_features` wrote them.
        layout: How the model that scores them needs them packed.

    Raises:
        StoreError: A file is missing or damaged, or the mentions were packed by a version with
            another layout, or for a model that reads other columns.
    """
    about = _about(directory)
    if about.get("version") != FEATURES_VERSION:
        raise StoreError(
            f"{directory}: mentions were packed by another version of linker; run linker link"
        )
    if about.get("layout") != _described(layout):
        raise StoreError(f"{directory}: mentions were packed for another model; run linker link")
    shapes = about.get("shapes")
    if not isinstance(shapes, dict):
        raise _damaged(directory / LAYOUT_FILE)
    arrays = {name: _mapped(directory / f"{name}.npy", shapes.get(name)) for name in _ARRAYS}
    features = Features(layout, **arrays)
    if not _fit(features):
        raise _damaged(directory)
    return features


def _described(layout: Layout) -> dict[str, Any]:
    """Return a layout as JSON gives it back."""
    return {
        "width": layout.width,
        "slots": [
            [column, slot.place, slot.form, slot.number] for column, slot in layout.slots.items()
        ],
        "groups": [list(group) for group in layout.groups],
    }


def _about(directory: Path) -> dict[str, Any]:
    path = directory / LAYOUT_FILE
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _damaged(path) from None
    if not isinstance(about, dict):
        raise _damaged(path)
    return about


def _mapped(path: Path, shape: object) -> np.ndarray[Any, Any]:
    """Return the array of a file, of the shape it was written with."""
    try:
        array = map_array(path, "c")
    except (OSError, ValueError, EOFError, SyntaxError):  # numpy reads a header as a literal
        raise _damaged(path) from None
    if array.dtype != _ARRAYS[path.stem] or list(array.shape) != shape:
        raise _damaged(path)
    # a plain array: to the compiler a mapped one is of another type
    return np.asarray(array)


def _fit(features: Features) -> bool:
    """Return whether arrays belong together; a kernel trusts them and reads at addresses."""
    ends = features.ends
    return (
        features.rows.ndim == 2  # noqa: PLR2004 - records and places
        and features.rows.shape[1] == features.layout.width
        and len(ends) == len(features.owner) + 1
        and int(ends[0]) == 0
        and int(ends[-1]) + READABLE == len(features.data)
    )


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path}: is missing or damaged; run linker link")

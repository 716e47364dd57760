"""The state of what is published, as it is told over HTTP: no paths, the published one alone."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from linker.store.generation import Generation

_OF_SOURCE: Final = ("name", "rows", "mentions", "quarantined", "as_of")


def state_of(generation: Generation) -> dict[str, Any]:
    """Return what is told of a published generation.

    Raises:
        StoreError: Its manifest is missing or damaged.
    """
    manifest = generation.manifest
    since = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(manifest["at"])
    return {
        "generation": generation.number,
        "published": manifest["at"],
        "age_hours": round(since.total_seconds() / 3600, 2),
        "as_of": manifest["as_of"],
        "models": manifest["models"],
        "counts": manifest["counts"],
        "sources": [{key: source[key] for key in _OF_SOURCE} for source in manifest["sources"]],
    }

"""Status: which generation is published, how old it is, what it holds, which model made it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from linker.config import Config
from linker.store.generation import Generation
from linker.store.layout import open_store
from linker.store.publication import states


def status(config: Config) -> dict[str, Any]:
    """Return the state of the store as JSON values.

    Raises:
        StoreError: There is no store, or it is damaged.
    """
    store = open_store(config.resolve(config.store.directory))
    current = store.current()
    generations = []
    for number, state in states(store).items():
        if state == "unfinished":  # the next run removes it
            continue
        generation = Generation(number, store.generation(number))
        manifest = generation.manifest
        generations.append(
            {
                "number": number,
                "published": number == current,
                "state": state,
                "held_back": generation.held_back,
                "built_on": manifest.get("parent"),
                "at": manifest["at"],
                "as_of": manifest["as_of"],
                "models": manifest["models"],
                "counts": manifest["counts"],
                "sources": [
                    {
                        key: source[key]
                        for key in ("name", "rows", "mentions", "quarantined", "as_of")
                    }
                    for source in manifest["sources"]
                ],
            }
        )
    return {
        "store": str(store.directory),
        "current": current,
        "age_hours": _age(generations, current),
        "generations": generations,
    }


def _age(generations: list[dict[str, Any]], current: int | None) -> float | None:
    for generation in generations:
        if generation["number"] == current:
            since = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(generation["at"])
            return round(since.total_seconds() / 3600, 2)
    return None

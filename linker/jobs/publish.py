"""Publish a generation that is on disk: one that the gate held back, or one rolled back from."""

from __future__ import annotations

from typing import Any

from linker.config import Config
from linker.errors import StoreError, UsageError
from linker.jobs.pointing import Pointed, point_at, refuse_forgotten
from linker.report.run_page import run_page
from linker.report.run_report import RunReport
from linker.store.generation import Generation, clear_remains
from linker.store.journal import author_of, now
from linker.store.layout import Store, open_store, write_lock
from linker.store.publication import find_generation, states, write_release


def publish(
    config: Config,
    number: int | None,
    why: str | None,
    *,
    force: bool = False,
    by: str | None = None,
    dry_run: bool = False,
) -> Pointed:
    """Publish a generation that is on disk and is not published.

    Args:
        config: Names the store.
        number: Which; the newest that was held back, after the published one, unless given.
        why: What the journal says of it; needed to force.
        force: Publish it although the gate held it back.
        by: Who does it; the user of the operating system unless given.
        dry_run: Only tell what would be done.

    Raises:
        UsageError: There is no such generation, it is published, or the gate held it back.
        StoreError: The store cannot be used or written; the pointer is as it was.
    """
    store = open_store(config.resolve(config.store.directory))
    with write_lock(store):
        if not dry_run:
            clear_remains(store)
        generation = _chosen(store, number)
        before = store.current()
        if generation.number == before:
            raise UsageError(f"generation {before} is published already")
        reasons = generation.held_back
        if reasons and not force and not dry_run:
            raise UsageError(
                f"generation {generation.number} is held back: {'; '.join(reasons)}; "
                "look at its report, then add --force and --why"
            )
        if not dry_run and not (why and why.strip()):
            raise UsageError("say why, for the journal: --why TEXT")
        refuse_forgotten(store, generation)
        done = Pointed(
            what="publish",
            generation=generation.number,
            instead_of=before,
            at=now(),
            who=author_of(by),
            why=(why or "").strip(),
            reasons=tuple(reasons),
            dry_run=dry_run,
        )
        if dry_run:
            return done
        return point_at(store, done, lambda: _release(store, generation, done))


def _chosen(store: Store, number: int | None) -> Generation:
    if number is not None:
        return find_generation(store, number)
    current = store.current() or 0
    waiting = [
        found for found, state in states(store).items() if state == "held back" and found > current
    ]
    if not waiting:
        raise UsageError(
            f"{store.directory}: no generation after the published one is held back; name one "
            "with --generation"
        )
    return find_generation(store, max(waiting))


def _release(store: Store, generation: Generation, done: Pointed) -> None:
    """Write into a generation that was held back, and on its page, who published it."""
    if not done.reasons:
        return
    released: dict[str, Any] = {"at": done.at, "who": done.who, "why": done.why}
    try:
        report = RunReport.model_validate({**generation.report, "released": released})
    except ValueError:
        raise StoreError(
            f"{generation.directory / 'report.json'}: is damaged or of another version; publish a "
            "new generation"
        ) from None
    pages = {
        "report.json": report.model_dump_json(by_alias=True, indent=1) + "\n",
        "report.html": run_page(report),
    }
    write_release(store, generation, released, pages)

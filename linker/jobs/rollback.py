"""Roll back: readers see an earlier generation again, and the next run builds on it."""

from __future__ import annotations

from linker.config import Config
from linker.errors import UsageError
from linker.jobs.pointing import Pointed, point_at, refuse_forgotten
from linker.store.generation import Generation, clear_remains, current_generation
from linker.store.journal import author_of, now
from linker.store.layout import Store, open_store, write_lock
from linker.store.publication import find_generation, states


def rollback(
    config: Config,
    number: int | None,
    why: str | None,
    *,
    by: str | None = None,
    dry_run: bool = False,
) -> Pointed:
    """Publish an earlier generation again.

    Args:
        config: Names the store.
        number: Which; the one that the published one was built on unless given.
        why: What the journal says of it.
        by: Who does it; the user of the operating system unless given.
        dry_run: Only tell what would be done.

    Raises:
        UsageError: There is no such generation, or it is no earlier one.
        StoreError: The store cannot be used or written; the pointer is as it was.
    """
    store = open_store(config.resolve(config.store.directory))
    with write_lock(store):
        if not dry_run:
            clear_remains(store)
        published = current_generation(store)
        target = _chosen(store, published, number)
        if not dry_run and not (why and why.strip()):
            raise UsageError("say why, for the journal: --why TEXT")
        refuse_forgotten(store, target)
        done = Pointed(
            what="rollback",
            generation=target.number,
            instead_of=published.number,
            at=now(),
            who=author_of(by),
            why=(why or "").strip(),
            dry_run=dry_run,
        )
        return done if dry_run else point_at(store, done, lambda: None)


def _chosen(store: Store, published: Generation, number: int | None) -> Generation:
    found = states(store)
    if number is None:
        earlier = [it for it, state in found.items() if state == "earlier"]
        if not earlier:
            raise UsageError(
                f"{store.directory}: no generation before the published one is on disk"
            )
        number = max(earlier)
    target = find_generation(store, number)
    if number == published.number:
        raise UsageError(f"generation {number} is published already")
    if found[number] == "held back" or number > published.number:
        raise UsageError(
            f"generation {number} is {found[number]}, not an earlier one; publish it with "
            f"linker publish --generation {number}"
        )
    return target

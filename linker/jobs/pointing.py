"""Moving the pointer to a generation that is on disk, and saying so in the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from linker.errors import UsageError
from linker.store.generation import Generation
from linker.store.journal import Act, record_act
from linker.store.journal_file import open_journal
from linker.store.layout import Store
from linker.store.publication import move_pointer
from linker.store.remains import forgotten_in
from linker.store.tombstones import read_tombstones


@dataclass(frozen=True)
class Pointed:
    """Which generation was published by hand, instead of which, when, by whom and why.

    Attributes:
        reasons: Why the gate had held it back.
        dry_run: Whether nothing was done.
    """

    what: str
    generation: int
    instead_of: int | None
    at: str
    who: str
    why: str
    reasons: tuple[str, ...] = ()
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**asdict(self), "reasons": list(self.reasons)}


def point_at(store: Store, done: Pointed, prepare: Callable[[], None]) -> Pointed:
    """Write the act into the journal, prepare, and move the pointer; the lock must be held.

    The journal comes first: nothing is published by hand that it does not tell of.

    Raises:
        StoreError: The store cannot be written; the pointer is as it was.
    """
    act = Act(done.at, done.who, done.what, done.generation, done.instead_of, done.why)
    with open_journal(store) as connection:
        record_act(connection, act)
    prepare()
    move_pointer(store, done.generation)
    return done


def refuse_forgotten(store: Store, generation: Generation) -> None:
    """Refuse to publish what holds records that were forgotten since.

    Raises:
        UsageError: It does.
        StoreError: The journal or the generation is damaged.
    """
    buried = read_tombstones(store)
    if buried and forgotten_in(generation.directory, buried):
        raise UsageError(
            f"generation {generation.number} still holds records that were forgotten and cannot be "
            "published; choose a later one, or run linker link"
        )

"""The audit log: events are added at its end, and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from linker.audit import alerts, export, search, verify
from linker.audit.append import Transaction
from linker.audit.database import Database, open_database
from linker.audit.event import Event, Who, values_of
from linker.audit.key import AuditKey, key_file
from linker.audit.opening import key_of
from linker.audit.search import ALL, Wanted
from linker.audit.turns import Turns
from linker.audit.verify import Anchor, Verified
from linker.config import Config
from linker.deconfliction.disclose import Viewer
from linker.store.layout import open_store


def open_audit(config: Config) -> AuditLog:
    """Open the audit log of a configuration's store; make it where there is none.

    Open it in each process by itself, after it was started.

    Raises:
        StoreError: There is no store yet.
        ConfigError: ``audit.url`` cannot be used.
        AuditError: The database cannot be reached or written; the log's key, or of a log that was
            there the database, is gone; or a newer version of linker wrote it.
    """
    store = open_store(config.resolve(config.store.directory))
    database = open_database(config, store)
    try:
        return AuditLog(database, key_of(database, key_file(store)))
    except BaseException:
        database.close()
        raise


class AuditLog:
    """The audit log of one store; the threads of a process may share it.

    Attributes:
        database: Where it lies.
        key: The audit key.
    """

    def __init__(self, database: Database, key: AuditKey) -> None:
        """Take hold of an open database; see `open_audit`."""
        self.database = database
        self.key = key
        self._turns = Turns(self._write)

    def record(self, event: Event) -> int:
        """Add an event; it is on the disk when this returns. Return its sequence number.

        Raises:
            AuditError: It could not be written; what it tells of must not be answered.
        """
        return self.record_many([event])[0]

    def record_many(self, events: Sequence[Event]) -> list[int]:
        """Add events, all or none, in their order; return their sequence numbers.

        Raises:
            AuditError: They could not be written.
        """
        if not events:
            return []
        return self._turns.write([values_of(event, self.key) for event in events])

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction for what must happen together with its events, or not at all.

        Raises:
            AuditError: The database cannot be reached or written.
        """
        with self.database.writing() as connection:
            yield Transaction(connection, self.key, self.database.place)

    def verify(self, anchor: Anchor | None = None) -> Verified:
        """Check every event; see `linker.audit.verify.verify`."""
        return verify.verify(self.database, self.key, anchor)

    def read(self, wanted: Wanted = ALL, limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
        """Return events, newest first; see `linker.audit.search.read`."""
        return search.read(self.database, self.key, wanted, limit, offset)

    def count(self, wanted: Wanted = ALL) -> int:
        """Return how many events are wanted; see `linker.audit.search.count`."""
        return search.count(self.database, self.key, wanted)

    def export(self, path: Path, since: str | None = None, until: str | None = None) -> int:
        """Write events to a file; see `linker.audit.export.export`."""
        return export.export(self.database, path, since, until)

    def raise_alerts(self, asked: Event, met: Sequence[alerts.SilentMeeting]) -> list[int]:
        """Tell the owners of silent investigations; see `linker.audit.alerts.raise_alerts`."""
        if not met:
            return []
        with self.transaction() as transaction:
            return alerts.raise_alerts(transaction, asked, met)

    def alerts_for(
        self, viewer: Viewer, *, seen: bool = False, limit: int = 100, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Return the alerts that concern a viewer; see `linker.audit.alerts.alerts_for`."""
        return alerts.alerts_for(self.database, viewer, seen=seen, limit=limit, offset=offset)

    def mark_seen(self, ids: Sequence[int], who: Who, viewer: Viewer) -> int:
        """Note that alerts were seen; see `linker.audit.alerts.mark_seen`."""
        with self.transaction() as transaction:
            return alerts.mark_seen(transaction, ids, who, viewer)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Self:
        """Return the log, to be closed at the end of a with statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the database."""
        self.close()

    def _write(self, events: Sequence[dict[str, Any]]) -> list[int]:
        with self.transaction() as transaction:
            return transaction.append_values(events)

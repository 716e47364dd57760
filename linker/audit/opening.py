"""Opening: the log and its key are made together, once, whoever comes first and dies when."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select

from linker.audit.chain import GENESIS
from linker.audit.database import IN_USE, WAITS, Database
from linker.audit.head import head_of, is_sealed
from linker.audit.key import AuditKey, prepare_key, read_key, settle_key
from linker.audit.tables import HEAD, SCHEMA_VERSION, make_tables
from linker.errors import AuditError, StoreError
from linker.store.layout import aside


def key_of(database: Database, path: Path) -> AuditKey:
    """Return the key of a log; make both where there is neither.

    Args:
        database: The log's.
        path: The key's file.

    Raises:
        AuditError: The database cannot be reached or written; the key, or of a log that was there
            the database, is gone; or a newer version of linker wrote the log.
        StoreError: The key cannot be written.
    """
    until = time.monotonic() + WAITS
    while True:
        try:
            with database.reading() as connection:
                made = inspect(connection).has_table(HEAD.name)
                if made:
                    _refuse_newer(connection, database)
            return (read_key(path) if made else None) or _make(database, path)
        except AuditError as error:  # SQLite does not wait where others just make the same file
            if IN_USE not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.05)


def _make(database: Database, path: Path) -> AuditKey:
    with database.writing() as connection:
        database.lock(connection)
        if inspect(connection).has_table(HEAD.name):
            return _key_left(connection, database, path)
        if path.exists():
            raise AuditError(
                f"{database.place}: the audit log is gone, of which {path} tells that there was "
                "one; restore it from a backup, or delete that file to begin another log"
            )
        key = prepare_key(path)
        make_tables(connection)
        head = {"version": SCHEMA_VERSION, **head_of(0, GENESIS, key)}
        connection.execute(insert(HEAD).values(head))
    _settle(path, key)
    return key


def _key_left(connection: Connection, database: Database, path: Path) -> AuditKey:
    """Return the key of a log that is there: in its place, or left beside it by a run that died."""
    key = read_key(path)
    if key is not None:  # another process made both meanwhile
        return key
    prepared = read_key(aside(path))
    heads = connection.execute(select(HEAD)).mappings().all()
    if prepared is None or not any(is_sealed(dict(head), prepared) for head in heads):
        raise AuditError(
            f"{path}: is missing or damaged, and without it the audit log of {database.place} "
            "cannot be read or continued; restore it from a backup"
        )
    _settle(path, prepared)
    return prepared


def _settle(path: Path, key: AuditKey) -> None:
    try:
        settle_key(path)
    except StoreError:
        if read_key(path) != key:  # else another process put it there
            raise


def _refuse_newer(connection: Connection, database: Database) -> None:
    found = connection.execute(select(HEAD.c.version)).scalars().first()
    if isinstance(found, int) and found > SCHEMA_VERSION:
        raise AuditError(
            f"{database.place}: the audit log has version {found}, written by a newer version of "
            f"linker; this one reads version {SCHEMA_VERSION}; upgrade linker"
        )

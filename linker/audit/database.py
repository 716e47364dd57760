"""The audit database: SQLite in the store, or PostgreSQL by its URL."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from linker.config import Config
from linker.errors import AuditError, ConfigError
from linker.store.layout import Store

WAITS: Final = 30
"""Seconds that a writer waits for its turn, and PostgreSQL for an answer of the server."""
IN_USE: Final = "others have been writing"
"""What an error says where the wait was too long."""
_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+pg8000",
    "postgresql+pg8000": "postgresql+pg8000",
}
_WRITES: Final = "linker_writes"
_MAKING: Final = 0x6C696E6B  # names the advisory lock under which tables are made


@dataclass(frozen=True)
class Database:
    """An open audit database. Open one in each process; threads may share it.

    Attributes:
        place: What error messages call it; without a password.
        path: Its file, None on a server.
    """

    place: str
    path: Path | None
    _engine: Engine = field(repr=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that changes nothing; one statement sees one state of the database.

        Raises:
            AuditError: The database cannot be reached or read.
        """
        with self._errors("cannot be read"), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that changes something: whole when it ends, or not at all.

        With SQLite only one such transaction is open at a time, over all processes; with PostgreSQL
        the head's row is what they wait for.

        Raises:
            AuditError: The database cannot be reached or written.
        """
        engine = self._engine.execution_options(**{_WRITES: True})
        with self._errors("cannot be written"), engine.begin() as connection:
            yield connection

    def lock(self, connection: Connection) -> None:
        """Keep others from making the tables until the transaction of a connection ends."""
        if self.path is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _errors(self, outcome: str) -> Iterator[None]:
        """Turn what goes wrong with the database into one line, which quotes no value."""
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise AuditError(f"{self.place}: {outcome}: {_reason(error)}") from None


def open_database(config: Config, store: Store) -> Database:
    """Connect to the audit database that a configuration names, or that of its store.

    Raises:
        ConfigError: ``audit.url`` cannot be used.
        AuditError: The file of the database cannot be made.
    """
    written = config.audit.url
    if written is None:
        return _sqlite(store.directory / "audit.sqlite")
    try:
        url = make_url(written)
    except ArgumentError:
        raise ConfigError("audit: url: is no URL of a database") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise ConfigError(
            "audit: url: names a database that is not supported; write sqlite:///FILE or "
            "postgresql+pg8000://USER@HOST/DATABASE"
        )
    if driver.startswith("sqlite"):
        if not url.database or url.database == ":memory:" or url.query or url.host:
            raise ConfigError("audit: url: must name a file, as sqlite:///FILE")
        return _sqlite(config.resolve(Path(url.database)))
    return _postgres(url.set(drivername=driver))


def _sqlite(path: Path) -> Database:
    try:  # what SQLite puts beside the file has the file's permissions
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        reason = (os.strerror(error.errno) if error.errno else "the file system refuses").lower()
        raise AuditError(f"{path}: cannot be written: {reason}") from None
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": WAITS, "isolation_level": None},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # on the disk before an answer leaves
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return Database(str(path), path, engine)


def _postgres(url: URL) -> Database:
    query = dict(url.query)
    mode = query.pop("sslmode", "prefer")
    if query or mode not in ("disable", "prefer", "require", "verify-full"):
        raise ConfigError(
            "audit: url: may have sslmode=disable, prefer, require or verify-full, and no other "
            "parameter"
        )
    password = url.password or os.environ.get("PGPASSWORD")
    if password is not None:
        url = url.set(password=password)
    arguments: dict[str, Any] = {"timeout": WAITS, "application_name": "linker"}
    if mode != "prefer":
        arguments["ssl_context"] = _tls(mode)
    try:
        engine = create_engine(
            url.set(query={}), connect_args=arguments, pool_pre_ping=True, hide_parameters=True
        )
    except ImportError:
        raise AuditError(
            "audit: url: PostgreSQL needs the driver pg8000, which comes with linker[postgres]"
        ) from None
    port = f":{url.port}" if url.port else ""
    return Database(f"postgresql://{url.host or 'localhost'}{port}/{url.database}", None, engine)


def _tls(mode: str) -> ssl.SSLContext | bool:
    """Return what pg8000 takes for no TLS, TLS with any certificate, or with a valid one."""
    if mode == "disable":
        return False
    if mode == "verify-full":
        return ssl.create_default_context()
    return True


def _reason(error: Exception) -> str:
    """Say what is wrong with a database in words that hold none of its values."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for words, reason in _REASONS:
        if any(word in said for word in words):
            return reason
    return "it refuses what is asked of it; see its own log"


_REASONS: Final = (
    (("locked", "busy"), f"{IN_USE} for more than {WAITS} seconds; run again"),
    (("disk is full", "disk full", "no space", "53100"), "no space left on the disk; free some"),
    (("readonly", "read-only", "25006"), "it is read-only; check its permissions"),
    (("only ever added to",), "the audit log is only ever added to"),
    (
        ("not a database", "malformed", "no such table", "no such column", "42p01", "42703"),
        "it is damaged, or no audit log; restore it from a backup",
    ),
    (("unable to open", "disk i/o"), "its file cannot be opened; check its permissions"),
    (("28p01", "28000", "password"), "it refuses the user or the password"),
    (("3d000",), "there is no such database; make it"),
    (("refuses ssl",), "it speaks no TLS; mend that, or sslmode in audit.url"),
    (("certificate",), "its certificate cannot be verified; mend that, or sslmode in audit.url"),
    (("42501", "permission denied"), "the user may not do that there; grant it"),
    (
        ("network error", "can't create a connection", "connection", "timed out", "refused"),
        "it cannot be reached; start it, or mend audit.url",
    ),
)
"""What databases say, in their drivers' words or by SQLSTATE, and what is made of it."""

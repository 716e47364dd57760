"""Audit logs to be tested: their configuration, their events, and how someone would forge them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from linker.audit import AuditLog, EntityShown, Event, Shown, Who, open_audit
from linker.config import Config, load_config
from linker.store.layout import open_or_create_store
from tests.audit.postgres import Server, running

VEGA = Who("t1", "token", "J. Vega", "t1", "requester", "HSI", "Laredo")
LUND = Who("t2", "token", "K. Lund", "t2", "owner", "DEA", "El Paso")
ASKED = {"full_name": "Esperanza Quiñones", "phones": ["+52 55 1234 5678", "956-555-0101"]}
_CONFIG = """
[store]
directory = "store"

[[source]]
name = "cases"
path = "cases.csv"
kind = "case"
entity = "person"
record_id = "id"

[source.fields]
full_name = "name"
"""


@dataclass(frozen=True)
class Met:
    """A silent investigation, as an answer tells of it."""

    agency: str | None = "DEA"
    unit: str | None = "El Paso"
    case_id: str | None = "S-1"
    entity_id: str = "p1"
    tier: str = "PROBABLE"


def write_config(directory: Path, url: str | None = None, more: str = "") -> Path:
    """Write a configuration whose store is there and empty; return the file."""
    open_or_create_store(directory / "store")
    path = directory / "linker.toml"
    audit = f'\n[audit]\nurl = "{url}"\n' if url else ""
    path.write_text(_CONFIG + audit + more, encoding="utf-8")
    return path


def lookup(number: int = 1, who: Who = VEGA) -> Event:
    """A lookup that found two entities."""
    return Event(
        "lookup",
        who,
        purpose="a load of people at the river",
        case_number=f"C-{number}",
        entity_type="person",
        asked=ASKED,
        shown=Shown(
            "HIT",
            (
                EntityShown(f"p{number}", "PROBABLE", ("SIMULTANEOUS", "PRIOR"), 9),
                EntityShown("pshared", None, ("SHARED_IDENTIFIER",), 3),
            ),
            {"candidates": 12},
        ),
        generation=3,
        model="person/1",
        milliseconds=1.25,
        client="192.0.2.7",
    )


def execute(log: AuditLog, *statements: str) -> None:
    """Do something to the database as its owner can, each statement in a transaction."""
    for statement in statements:
        with log.database.writing() as connection:
            connection.execute(text(statement.replace(":", r"\:")))


def disarm(log: AuditLog) -> None:
    """Drop the triggers that refuse changes."""
    sqlite = log.database.path is not None
    for table in ("events", "terms"):
        for act in ("update", "delete", "truncate")[: 2 if sqlite else 3]:
            execute(log, f"DROP TRIGGER {table}_no_{act}" + ("" if sqlite else f" ON {table}"))
    execute(log, "DROP TRIGGER events_in_order" + ("" if sqlite else " ON events"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, where one is installed."""
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def config_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file of a configuration with each kind of database in turn."""
    if request.param == "sqlite":
        return write_config(tmp_path)
    server: Server = request.getfixturevalue("server")
    return write_config(tmp_path, server.emptied())


@pytest.fixture
def config(config_path: Path) -> Config:
    """A configuration with each kind of database in turn."""
    return load_config(config_path)


@pytest.fixture
def log(config: Config) -> Iterator[AuditLog]:
    """An audit log in each kind of database in turn."""
    with open_audit(config) as log:
        yield log


@pytest.fixture
def sqlite_config(tmp_path: Path) -> Config:
    """A configuration with a database in the store."""
    return load_config(write_config(tmp_path))


@pytest.fixture
def sqlite_log(sqlite_config: Config) -> Iterator[AuditLog]:
    """An audit log in the store."""
    with open_audit(sqlite_config) as log:
        yield log


@pytest.fixture
def postgres_log(server: Server, tmp_path: Path) -> Iterator[AuditLog]:
    """An audit log on a server."""
    with open_audit(load_config(write_config(tmp_path, server.emptied()))) as log:
        yield log

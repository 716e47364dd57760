"""The tables of the audit database, and the triggers that refuse to change what is written.

events    the log; `sequence` counts from 1 without a gap
terms     what events are found by: keyed hashes of values asked for, entities shown
head      one row: the last event's sequence and hash, sealed with the audit key
alerts    silent investigations that somebody met, until their owner has seen it
tokens    who may ask; what is kept of a token does not give it away

Whoever owns the database can drop the triggers: they stop mistakes. What stops no one but is always
found out is the chain (`linker.audit.verify`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

SCHEMA_VERSION: Final = 1
"""A database of a later one is refused."""

_NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's own row numbers
_TABLES: Final = MetaData()

EVENTS: Final = Table(
    "events",
    _TABLES,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, index=True),
    Column("name", Text, index=True),
    Column("how", Text),
    Column("token_id", Text),
    Column("role", Text),
    Column("agency", Text),
    Column("unit", Text),
    Column("purpose", Text),
    Column("case_number", Text, index=True),
    Column("entity_type", Text),
    Column("asked", Text, nullable=False),  # JSON: field -> keyed hashes
    Column("shown", Text, nullable=False),  # JSON: outcome, entities, counts
    Column("generation", BigInteger),
    Column("model", Text),
    Column("milliseconds", Double),
    Column("client", Text),
    Column("detail", Text),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
AS_JSON: Final = ("asked", "shown")
"""Columns of events that hold JSON values as canonical text."""

TERMS: Final = Table(
    "terms",
    _TABLES,
    Column("sequence", BigInteger, nullable=False),
    Column("term", Text, nullable=False),
    PrimaryKeyConstraint("sequence", "term"),
    Index("ix_terms_term", "term", "sequence"),
    sqlite_with_rowid=False,
)

HEAD: Final = Table(
    "head",
    _TABLES,
    Column("version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

ALERTS: Final = Table(
    "alerts",
    _TABLES,
    Column("id", _NUMBER, primary_key=True),
    Column("at", Text, nullable=False, index=True),
    Column("last_at", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("agency", Text),
    Column("unit", Text),
    Column("case_id", Text),
    Column("entity_id", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("asked_by", Text),
    Column("asked_name", Text),
    Column("asked_agency", Text),
    Column("asked_unit", Text),
    Column("purpose", Text),
    Column("case_number", Text),
    Column("generation", BigInteger),
    Column("seen_at", Text),
    Column("seen_by", Text),
)

TOKENS: Final = Table(
    "tokens",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("agency", Text),
    Column("unit", Text),
    Column("secret_hash", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("withdrawn_at", Text),
    Column("withdrawn_by", Text),
    Column("withdrawn_why", Text),
    Column("seal", Text, nullable=False),
)

_REFUSED: Final = "the audit log is only ever added to"
_GUARDED: Final = ("events", "terms")
_CHANGES: Final = ("update", "delete", "truncate")

# the second also stops INSERT OR REPLACE, which deletes without asking a trigger
_SQLITE_CHANGE: Final = (
    "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
)
_SQLITE_ORDER: Final = (
    "CREATE TRIGGER events_in_order BEFORE INSERT ON events "
    "WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM events) "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
)
_SQLITE_GUARDS: Final = (
    *(_SQLITE_CHANGE.format(table=name, act=act) for name in _GUARDED for act in _CHANGES[:2]),
    _SQLITE_ORDER,
)
_POSTGRES_FUNCTIONS: Final = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$; "
    "CREATE FUNCTION refuse_disorder() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.sequence IS DISTINCT FROM "
    "(SELECT coalesce(max(sequence), 0) + 1 FROM events) "
    f"THEN RAISE EXCEPTION '{_REFUSED}'; END IF; RETURN NEW; END $$"
)
_POSTGRES_CHANGE: Final = (
    "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)
_POSTGRES_ORDER: Final = (
    "CREATE TRIGGER events_in_order BEFORE INSERT ON events "
    "FOR EACH ROW EXECUTE FUNCTION refuse_disorder()"
)
_POSTGRES_GUARDS: Final = (
    *(_POSTGRES_CHANGE.format(table=name, act=act) for name in _GUARDED for act in _CHANGES),
    _POSTGRES_ORDER,
)


def make_tables(connection: Connection) -> None:
    """Make the tables and their triggers, in the transaction of a connection."""
    _TABLES.create_all(connection)
    if connection.dialect.name != "sqlite":
        connection.execute(text(_POSTGRES_FUNCTIONS))
    for statement in _guards(connection):
        connection.execute(text(statement))


def missing_guards(connection: Connection) -> list[str]:
    """Return the names of the triggers that should be there and are not."""
    sqlite = connection.dialect.name == "sqlite"
    listed = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    there = set(connection.execute(text(listed)).scalars())
    wanted = {statement.split()[2] for statement in _guards(connection)}
    return sorted(wanted - there)


def _guards(connection: Connection) -> tuple[str, ...]:
    return _SQLITE_GUARDS if connection.dialect.name == "sqlite" else _POSTGRES_GUARDS

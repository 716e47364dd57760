"""The queue on disk: which pairs are to be looked at, and what each reviewer said of them.

It is a SQLite file in the store's directory, for its owner alone, whose writes are on the disk
before a call returns. It names records and holds no value of them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.errors import StoreError
from linker.review.item import Part, Verdict
from linker.schemas import DECISION_RECORDS, EntityType, Schema
from linker.store.layout import Store

FILE: Final = "review.sqlite"
WAITS: Final = 30
"""Seconds that a writer waits for its turn."""

QUEUED: Final[Schema] = {
    "entity_type": pl.String(),
    **DECISION_RECORDS,
    "part": pl.String(),
    "stratum": pl.String(),  # of weights; of the blind part alone
    "sampling_weight": pl.Float64(),  # how many pairs it stands for; of the blind part alone
    "link": pl.Boolean(),  # whether the generation links the two
    "match_weight": pl.Float64(),
    "model": pl.String(),
    "generation": pl.Int64(),
    "seed": pl.Int64(),
}
"""What is known of a pair when it is queued."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS queue (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL,
    entity_type TEXT NOT NULL,
    source_l TEXT NOT NULL,
    record_id_l TEXT NOT NULL,
    source_r TEXT NOT NULL,
    record_id_r TEXT NOT NULL,
    part TEXT NOT NULL,
    stratum TEXT,
    sampling_weight REAL,
    link INTEGER NOT NULL,
    match_weight REAL NOT NULL,
    model TEXT NOT NULL,
    generation INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    queued_at TEXT NOT NULL,
    verdict TEXT,
    decision INTEGER,
    UNIQUE (entity_type, source_l, record_id_l, source_r, record_id_r)
);
CREATE TABLE IF NOT EXISTS reviews (
    number INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at TEXT NOT NULL,
    UNIQUE (number, reviewer)
);
"""


@dataclass(frozen=True)
class Review:
    """What one reviewer said of an item, in the order in which it was said."""

    reviewer: str
    verdict: Verdict
    reason: str
    made_at: str


@dataclass(frozen=True)
class Queued:
    """An item of the queue.

    Attributes:
        number: Its own, never given twice.
        batch: Which call queued it.
        entity_type: Of both records.
        left: Source and record id of the first record, by both.
        right: Of the second.
        part: Why it was chosen.
        stratum: Of weights, where it was drawn blind.
        sampling_weight: How many pairs it stands for, where it was drawn blind.
        link: Whether the generation of then linked the two.
        model: The model of that generation.
        verdict: What closed it, None while it is open.
        decision: The number of the clerical decision in the journal.
        reviews: What was said of it.
    """

    number: int
    batch: int
    entity_type: EntityType
    left: tuple[str, str]
    right: tuple[str, str]
    part: Part
    stratum: str | None
    sampling_weight: float | None
    link: bool
    model: str
    verdict: Verdict | None
    decision: int | None
    reviews: tuple[Review, ...]

    def said_by(self, reviewer: str) -> Review | None:
        """Return what a reviewer said of it, None before."""
        return next((review for review in self.reviews if review.reviewer == reviewer), None)


def queue_path(store: Store) -> Path:
    """Return where the queue of a store lies."""
    return store.directory / FILE


def read_items(store: Store, number: int | None = None) -> tuple[Queued, ...]:
    """Return the items of the queue by number, or the one of a number.

    Raises:
        StoreError: The file is damaged, or cannot be read.
    """
    path = queue_path(store)
    if not path.exists():
        return ()
    with _errors(path, "cannot be read"), closing(_connected(path)) as connection:
        connection.execute("BEGIN")
        return items_in(connection, number)


def items_in(connection: sqlite3.Connection, number: int | None = None) -> tuple[Queued, ...]:
    """Return the items that an open transaction sees, by number, or the one of a number."""
    where, values = ("", ()) if number is None else (" WHERE number = ?", (number,))
    said: dict[int, list[Review]] = {}
    for row in connection.execute(f"SELECT * FROM reviews{where} ORDER BY rowid", values):
        review = Review(row["reviewer"], row["verdict"], row["reason"], row["made_at"])
        said.setdefault(row["number"], []).append(review)
    found = connection.execute(f"SELECT * FROM queue{where} ORDER BY number", values)
    return tuple(_item(row, said.get(row["number"], [])) for row in found)


def add_items(store: Store, rows: pl.DataFrame, at: str) -> int:
    """Queue pairs, `QUEUED`, in their order; one that is there already stays as it is.

    Args:
        store: Whose queue.
        rows: The pairs.
        at: The time, ISO 8601.

    Returns:
        How many were added.

    Raises:
        StoreError: The file is damaged, or cannot be written.
    """
    names = list(QUEUED)
    marks = ", ".join("?" * (len(names) + 2))
    with writing(store) as connection:
        last = connection.execute("SELECT coalesce(max(batch), 0) FROM queue").fetchone()[0]
        before = connection.total_changes
        connection.executemany(
            f"INSERT OR IGNORE INTO queue ({', '.join(names)}, batch, queued_at) VALUES ({marks})",
            [(*row, last + 1, at) for row in rows.select(names).iter_rows()],
        )
        return connection.total_changes - before


def add_review(store: Store, number: int, review: Review) -> tuple[Review, bool]:
    """Record what a reviewer says of an item, unless the same reviewer has said something.

    Returns:
        What stands of the reviewer, and whether it was recorded now.

    Raises:
        StoreError: The file is damaged, or cannot be written.
    """
    with writing(store) as connection:
        before = connection.total_changes
        connection.execute(
            "INSERT OR IGNORE INTO reviews (number, reviewer, verdict, reason, made_at) "
            "SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM queue WHERE number = ?)",
            (
                *(number, review.reviewer, review.verdict, review.reason, review.made_at),
                number,
            ),
        )
        recorded = connection.total_changes > before
        items = items_in(connection, number)
    stands = items[0].said_by(review.reviewer) if items else None
    return stands or review, recorded


def close_items(connection: sqlite3.Connection, decided: Mapping[int, tuple[str, int]]) -> None:
    """Close items in an open transaction: number: verdict and number of the decision."""
    connection.executemany(
        "UPDATE queue SET verdict = ?, decision = ? WHERE number = ?",
        [(verdict, decision, number) for number, (verdict, decision) in sorted(decided.items())],
    )


def forget_records(store: Store, records: pl.DataFrame) -> int:
    """Take items on some records, and what was said of them, out of the file, bytes included.

    Args:
        store: Whose queue.
        records: Schema `RECORD`.

    Returns:
        How many items there were.

    Raises:
        StoreError: The file is damaged, or cannot be written.
    """
    path = queue_path(store)
    if not path.exists():
        return 0
    named = set(records.select("source", "record_id").iter_rows())
    with writing(store) as connection:
        gone = [
            (item.number,)
            for item in items_in(connection)
            if item.left in named or item.right in named
        ]
        for table in ("reviews", "queue"):
            connection.executemany(f"DELETE FROM {table} WHERE number = ?", gone)
    with _errors(path, "cannot be written"), closing(_connected(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(gone)


@contextmanager
def writing(store: Store) -> Iterator[sqlite3.Connection]:
    """Open a transaction that writes, making the file where there is none; an error undoes it.

    Only one is open at a time, over all processes.

    Raises:
        StoreError: The file is damaged, cannot be written, or others write for too long.
    """
    path = queue_path(store)
    with _errors(path, "cannot be written"):
        # what SQLite puts beside the file has the file's permissions
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(_connected(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_TABLES)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=WAITS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _item(row: sqlite3.Row, reviews: Sequence[Review]) -> Queued:
    told: dict[str, Any] = dict(row)
    return Queued(
        number=told["number"],
        batch=told["batch"],
        entity_type=told["entity_type"],
        left=(told["source_l"], told["record_id_l"]),
        right=(told["source_r"], told["record_id_r"]),
        part=told["part"],
        stratum=told["stratum"],
        sampling_weight=told["sampling_weight"],
        link=bool(told["link"]),
        model=told["model"],
        verdict=told["verdict"],
        decision=told["decision"],
        reviews=tuple(reviews),
    )


@contextmanager
def _errors(path: Path, outcome: str) -> Iterator[None]:
    """Turn what goes wrong with the file into one line, which quotes no value."""
    try:
        yield
    except OSError as error:
        reason = (os.strerror(error.errno) if error.errno else "the file system refuses").lower()
        raise StoreError(f"{path}: {outcome}: {reason}") from None
    except sqlite3.Error as error:
        said = str(error).lower()
        reason = next(
            (reason for words, reason in _REASONS if any(word in said for word in words)),
            "SQLite refuses; restore it from a backup",
        )
        raise StoreError(f"{path}: {outcome}: {reason}") from None


_REASONS: Final = (
    (("locked", "busy"), f"others have been writing for more than {WAITS} seconds; run again"),
    (("full", "no space"), "no space left on the disk; free some and run again"),
    (("readonly", "read-only"), "it is read-only; check its permissions"),
    (("unable to open", "disk i/o"), "it cannot be opened; check its permissions"),
    (
        ("not a database", "malformed", "no such table", "no such column"),
        "it is damaged, or no queue; restore it from a backup",
    ),
)
"""What SQLite says, and what is made of it."""

"""Clerical decisions on disk: a table of the journal, where they are about no single generation.

Rows are added and never deleted, but for those of forgotten records. Writing needs no lock of the
store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from linker.database import Connection, frame
from linker.schemas import DECISIONS, conform, record_sides
from linker.store.journal_file import journal_rows, open_journal
from linker.store.layout import Store


def read_decisions(store: Store) -> pl.DataFrame:
    """Return all decisions that were ever recorded, schema `DECISIONS`, by number.

    Raises:
        StoreError: The journal is damaged, or another program has it open.
    """
    return journal_rows(store, "decisions", "decision_id")


class DecisionWriter:
    """A transaction on the decisions of a store."""

    def __init__(self, connection: Connection) -> None:
        """Write through an open transaction."""
        self._connection = connection

    def all(self) -> pl.DataFrame:
        """Return all decisions, schema `DECISIONS`."""
        found = frame(self._connection, "SELECT * FROM decisions ORDER BY decision_id")
        return conform(found, DECISIONS)

    def add(self, rows: pl.DataFrame) -> list[int]:
        """Record decisions, schema `DECISIONS` without ``decision_id``; return their numbers."""
        numbered = conform(
            rows.with_row_index("decision_id", offset=next_number(self.all())), DECISIONS
        )
        self._connection.register("incoming_rows", numbered.to_arrow())
        self._connection.execute("INSERT INTO decisions BY NAME SELECT * FROM incoming_rows")
        self._connection.unregister("incoming_rows")
        return numbered["decision_id"].to_list()

    def withdraw(self, number: int, at: str, by: str, why: str) -> None:
        """Write down that a decision is withdrawn; one that was stays as it is."""
        self._connection.execute(
            "UPDATE decisions SET withdrawn_at = $at, withdrawn_by = $by, withdrawn_why = $why "
            "WHERE decision_id = $number AND withdrawn_at IS NULL",
            {"at": at, "by": by, "why": why, "number": number},
        )


def next_number(decisions: pl.DataFrame) -> int:
    """Return the number that the next decision gets."""
    return int(decisions.select(pl.col("decision_id").max().fill_null(0)).item()) + 1


@contextmanager
def writing_decisions(store: Store) -> Iterator[DecisionWriter]:
    """Give a transaction on the decisions of a store; an error undoes all of it.

    Raises:
        StoreError: The journal is damaged, cannot be written, or another program has it open.
    """
    with open_journal(store, "nothing was recorded") as connection:
        yield DecisionWriter(connection)


def delete_decisions(connection: Connection, records: pl.DataFrame) -> None:
    """Delete the decisions on some records, schema `RECORD`, in an open journal."""
    connection.register("forgotten", records.to_arrow())
    for source, record_id in record_sides(DECISIONS):
        connection.execute(
            f"DELETE FROM decisions WHERE ({source}, {record_id}) IN "
            "(SELECT (source, record_id) FROM forgotten)"
        )
    connection.unregister("forgotten")

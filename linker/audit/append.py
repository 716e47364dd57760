"""Appending: events are added at the end of the log, each chained to the one before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select, text, update

from linker.audit.chain import canonical, hash_of
from linker.audit.event import Event, terms_of, values_of
from linker.audit.head import head_of, is_sealed
from linker.audit.key import AuditKey
from linker.audit.tables import AS_JSON, EVENTS, HEAD, TERMS
from linker.errors import AuditError

_FROM_JSON: Final = (
    "INSERT INTO {table} SELECT * FROM "
    "json_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS json))"
)
"""How PostgreSQL takes rows of a table."""


@dataclass(frozen=True)
class Transaction:
    """An open transaction of the audit database: what is done in it and its events are one.

    Attributes:
        connection: To do something else by.
        key: The audit key.
        place: What error messages call the database.
    """

    connection: Connection
    key: AuditKey
    place: str

    def append(self, events: Sequence[Event]) -> list[int]:
        """Add events at the end of the log; return their sequence numbers.

        Raises:
            AuditError: The head does not fit the key: the log was tampered with.
        """
        return self.append_values([values_of(event, self.key) for event in events])

    def append_values(self, events: Sequence[dict[str, Any]]) -> list[int]:
        """Add what `values_of` made of events, as `append` does."""
        heads = self.connection.execute(select(HEAD).with_for_update()).mappings().all()
        if len(heads) != 1 or not is_sealed(dict(heads[0]), self.key):
            raise AuditError(
                f"{self.place}: the log's head does not fit audit.key, so nothing can be added; "
                "linker audit verify tells more"
            )
        rows: list[dict[str, Any]] = []
        terms: list[dict[str, Any]] = []
        sequence, previous = heads[0]["sequence"], heads[0]["hash"]
        for event in events:
            sequence += 1
            values = {"sequence": sequence, **event, "previous": previous}
            previous = hash_of(values)
            terms += [{"sequence": sequence, "term": term} for term in terms_of(event)]
            texts = {name: canonical(event[name]) for name in AS_JSON}
            rows.append({**values, **texts, "hash": previous})
        self._insert(EVENTS, rows)
        self._insert(TERMS, terms)
        self.connection.execute(update(HEAD).values(head_of(sequence, previous, self.key)))
        return [row["sequence"] for row in rows]

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        if self.connection.dialect.name == "sqlite":
            self.connection.execute(insert(table), rows)
        else:  # all in one journey to the server
            statement = _FROM_JSON.format(table=table.name)
            self.connection.execute(text(statement), {"rows": json.dumps(rows)})

"""Verifying: whether the log is what was written, from the first event to the last.

Reads the log once, in order, a thousand events at a time, while others may go on writing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from linker.audit.chain import GENESIS, canonical, hash_of
from linker.audit.database import Database
from linker.audit.event import terms_of
from linker.audit.head import is_sealed
from linker.audit.key import AuditKey
from linker.audit.search import as_json
from linker.audit.tables import AS_JSON, EVENTS, HEAD, TERMS, missing_guards
from linker.errors import UsageError

MOST_FINDINGS: Final = 20
"""A log of which so much is wrong is looked at no further."""
_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written.

    Attributes:
        sequence: Of the event, or of the first one of several; 0 where it is no event's.
        what: In words.
    """

    sequence: int
    what: str


@dataclass(frozen=True)
class Verified:
    """What became of verifying a log.

    Attributes:
        events: How many were read.
        last: The sequence number of the last event.
        last_hash: Its hash. Who keeps both elsewhere can prove later that no event up to it has
            been changed or removed, even by someone who has the key.
        findings: What is wrong, in the order of events; at most `MOST_FINDINGS`.
        unguarded: Triggers that should refuse changes and are not there.
    """

    events: int
    last: int
    last_hash: str
    findings: tuple[Finding, ...]
    unguarded: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with the events."""
        return not self.findings


@dataclass(frozen=True)
class Anchor:
    """What was kept elsewhere of a log: an event's sequence number and its hash."""

    sequence: int
    hash: str


def verify(database: Database, key: AuditKey, anchor: Anchor | None = None) -> Verified:
    """Check every event of a log, the chain, what events are found by, and the head.

    Args:
        database: The audit database.
        key: Its key.
        anchor: An event that must be there, as it was when this was kept.

    Raises:
        AuditError: The database cannot be read.
    """
    chain = _Chain(anchor=anchor)
    with database.reading() as connection:
        last = select(func.max(EVENTS.c.sequence)).scalar_subquery().label("last")
        end = connection.execute(select(last)).scalar_one() or 0
        heads = [dict(row) for row in connection.execute(select(HEAD, last)).mappings()]
        unguarded = tuple(missing_guards(connection))
    if len(heads) == 1:  # one statement: what is written meanwhile is in both
        end = heads[0]["last"] or 0
    for rows, terms in _batches(database, end):
        for row in rows:
            values = _values(row)
            chain.add(row, values)
            if values is not None and terms.get(row["sequence"], []) != terms_of(values):
                chain.found(row["sequence"], "is found by other terms than it was written with")
        if chain.given_up:
            break
    if not chain.given_up:
        _check_head(chain, heads, key)
        with database.reading() as connection:
            _check_strays(chain, connection)
        chain.end()
    return chain.verified(unguarded)


def verify_file(path: Path, anchor: Anchor | None = None) -> Verified:
    """Check an export in JSON Lines: every event in it, and that they are one chain.

    That it is all of the log, to its end, only the log itself can tell, or an anchor.

    Raises:
        UsageError: The file cannot be read, or is of another kind.
    """
    if path.suffix != ".jsonl":
        raise UsageError(f"{path}: only an export that ends in .jsonl can be verified")
    chain = _Chain(anchor=anchor)
    try:
        with path.open("rb") as lines:
            for line in lines:
                _add_line(chain, line)
                if chain.given_up:
                    break
    except OSError as error:
        reason = (os.strerror(error.errno) if error.errno else "it cannot be opened").lower()
        raise UsageError(f"{path}: cannot be read: {reason}") from None
    chain.end()
    return chain.verified(())


@dataclass
class _Chain:
    """What has been read of the chain, and what was wrong with it."""

    anchor: Anchor | None
    sequence: int = 0
    hash: object = GENESIS
    events: int = 0
    anchored: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def given_up(self) -> bool:
        return len(self.findings) >= MOST_FINDINGS

    def found(self, sequence: int, what: str) -> None:
        if not self.given_up:
            self.findings.append(Finding(sequence, what))

    def add(self, row: Mapping[str, Any], values: Mapping[str, Any] | None) -> None:
        """Take the next event: its columns, and all it says, None where it cannot be read."""
        sequence = row["sequence"]
        self.events += 1
        wanted = self.sequence + 1
        if sequence < wanted:
            self.found(sequence, "is there twice, or out of order")
        elif sequence > wanted:
            self.found(
                wanted, "is missing" + f", and all up to {sequence - 1}" * (sequence > wanted + 1)
            )
        elif row["previous"] != self.hash:
            self.found(sequence, "does not follow the event before it as that one is now")
        if values is None or not _is_hash_of(row["hash"], values):
            self.found(sequence, "was changed")
        self.sequence, self.hash = sequence, row["hash"]
        if self.anchor and sequence == self.anchor.sequence:
            self.anchored = True
            if row["hash"] != self.anchor.hash:
                self.found(sequence, "is another one than the anchor tells of")

    def end(self) -> None:
        """Say what was to come and did not."""
        if self.anchor and not self.anchored:
            self.found(self.anchor.sequence, "is missing, of which the anchor tells")

    def verified(self, unguarded: tuple[str, ...]) -> Verified:
        return Verified(self.events, self.sequence, str(self.hash), tuple(self.findings), unguarded)


def _batches(
    database: Database, end: int
) -> Iterator[tuple[Sequence[Mapping[str, Any]], dict[int, list[str]]]]:
    """Yield the events from the first to the `end`, in order, and the terms of each."""
    start: int | None = 1
    while start is not None and start <= end:
        stop = min(start + _AT_ONCE - 1, end)
        with database.reading() as connection:
            events, terms = EVENTS.c.sequence, TERMS.c.sequence
            rows = connection.execute(
                select(EVENTS).where(events.between(start, stop)).order_by(events)
            )
            found = connection.execute(
                select(TERMS).where(terms.between(start, stop)).order_by(terms, TERMS.c.term)
            )
            by_event: dict[int, list[str]] = {}
            for sequence, term in found:
                by_event.setdefault(sequence, []).append(term)
            listed = [dict(row) for row in rows.mappings()]
            start = stop + 1
            if not listed:  # whatever is missing here, go on where there is something
                start = connection.execute(
                    select(func.min(events)).where(events > stop)
                ).scalar_one()
        yield listed, by_event


def _values(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what an event says, None where its JSON is not as it was written."""
    try:
        values = as_json(row)
        if all(canonical(values[name]) == row[name] for name in AS_JSON):
            terms_of(values)
            return values
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return None


def _is_hash_of(found: object, values: Mapping[str, Any]) -> bool:
    try:
        return hash_of(values) == found
    except (ValueError, TypeError):
        return False


def _add_line(chain: _Chain, line: bytes) -> None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    columns = {"sequence", "previous", "hash"}
    if (
        not isinstance(values, dict)
        or not columns <= values.keys()
        or type(values["sequence"]) is not int  # true is no number here
    ):
        chain.found(chain.sequence + 1, "is no event; its line was changed")
        return
    if not chain.events:  # of a part of a log, what came before is not there to be compared
        chain.sequence, chain.hash = values["sequence"] - 1, values["previous"]
    chain.add(values, values)


def _check_head(chain: _Chain, heads: Sequence[Mapping[str, Any]], key: AuditKey) -> None:
    if len(heads) != 1:
        chain.found(0, f"the log has {len(heads) or 'no'} heads; it must have one")
        return
    head = heads[0]
    if not is_sealed(head, key):
        chain.found(0, "the head is not sealed with audit.key; the log was written without it")
    elif head["sequence"] > chain.sequence:
        last = head["sequence"]
        chain.found(chain.sequence + 1, f"is missing at the end, and all up to {last}")
    elif head["sequence"] < chain.sequence:
        chain.found(head["sequence"] + 1, "was added without the key")
    elif head["hash"] != chain.hash:
        chain.found(chain.sequence, "is not the last event that the head was sealed for")


def _check_strays(chain: _Chain, connection: Connection) -> None:
    """Look for what belongs nowhere: it would never be read in order."""
    last = select(func.max(EVENTS.c.sequence)).scalar_subquery()
    for table, what in ((EVENTS, "events"), (TERMS, "terms of events")):
        number = table.c.sequence
        beyond = or_(number < 1, number.is_(None), number > func.coalesce(last, 0))
        found = connection.execute(
            select(func.count()).select_from(table).where(beyond)
        ).scalar_one()
        if found:
            chain.found(0, f"{found:,} {what} have a number that no event can have")

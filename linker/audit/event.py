"""An event: who did what, when, why, and what they were shown."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar, cast

from linker.audit.key import AuditKey
from linker.deconfliction.disclose import Role
from linker.schemas import EntityType

Told = TypeVar("Told", bound=str | None)
"""A text, or none."""
Kind = Literal[
    "lookup",
    "bulk",
    "explanation",
    "entity",
    "history",
    "review",
    "status",
    "alert",
    "alerts_read",
    "alerts_seen",
    "signed_in",
    "signed_out",
    "denied",
    "token_made",
    "token_withdrawn",
    "audit_read",
    "export",
]
LONGEST: Final = 2_000
"""Characters of a text in an event; a longer one is cut, so that nobody fills the log."""
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What a database refuses in a text."""


@dataclass(frozen=True)
class Who:
    """Who did something.

    Attributes:
        subject: Names them for good: a token's id, an identity provider's subject, or a user of
            the operating system.
        how: How they are known: token, oidc, or command for the command line.
        name: As people call them.
        token_id: That of the token they showed.
        role: What they may do; None on the command line, where the file system decides.
        agency: Theirs.
        unit: Theirs.
    """

    subject: str | None
    how: Literal["token", "oidc", "command"] | None = None
    name: str | None = None
    token_id: str | None = None
    role: Role | None = None
    agency: str | None = None
    unit: str | None = None


NOBODY: Final = Who(None)
"""Who is not known, as where a token is refused."""


@dataclass(frozen=True)
class EntityShown:
    """An entity in an answer.

    Attributes:
        entity_id: Its id.
        tier: How sure it is; None where identity is not asserted.
        classes: Of the investigations and contacts shown with it, each once.
        fields: How many values of them were shown.
    """

    entity_id: str
    tier: str | None = None
    classes: tuple[str, ...] = ()
    fields: int = 0


@dataclass(frozen=True)
class Shown:
    """What was shown.

    Attributes:
        outcome: Of a lookup: HIT, SHARED_IDENTIFIER or NO_HIT; of an explanation its verdict; of a
            review the reviewer's.
        entities: Those of the answer.
        counts: Numbers by name, such as candidates.
    """

    outcome: str | None = None
    entities: tuple[EntityShown, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something to be remembered.

    Attributes:
        kind: What it is.
        who: Who did it.
        purpose: What for, in their words.
        case_number: The case they did it for.
        entity_type: What was looked for.
        asked: Canonical fields and values of the query; they are kept as keyed hashes alone.
        shown: What they were shown.
        generation: The one that was asked.
        model: The one that judged.
        milliseconds: How long it took.
        client: The address they came from.
        detail: What else is to be said: why a token was refused or withdrawn.
    """

    kind: Kind
    who: Who = NOBODY
    purpose: str | None = None
    case_number: str | None = None
    entity_type: EntityType | None = None
    asked: Mapping[str, str | Iterable[str]] = field(default_factory=dict, repr=False)
    shown: Shown = Shown()
    generation: int | None = None
    model: str | None = None
    milliseconds: float | None = None
    client: str | None = None
    detail: str | None = None


def values_of(event: Event, key: AuditKey) -> dict[str, Any]:
    """Return what is kept of an event: all but its place in the chain, as JSON values."""
    who, shown = event.who, event.shown
    spent = event.milliseconds
    entities = [
        {
            "entity_id": writable(entity.entity_id),
            "tier": writable(entity.tier),
            "classes": [writable(name) for name in entity.classes],
            "fields": entity.fields,
        }
        for entity in shown.entities
    ]
    counts = {writable(name): int(number) for name, number in shown.counts.items()}
    return {
        "at": now(),
        "kind": event.kind,
        "subject": writable(who.subject),
        "name": writable(who.name),
        "how": who.how,
        "token_id": writable(who.token_id),
        "role": who.role,
        "agency": writable(who.agency),
        "unit": writable(who.unit),
        "purpose": writable(event.purpose),
        "case_number": writable(event.case_number),
        "entity_type": event.entity_type,
        "asked": {writable(name): found for name, found in key.digests(event.asked).items()},
        "shown": {"outcome": writable(shown.outcome), "entities": entities, "counts": counts},
        "generation": event.generation,
        "model": writable(event.model),
        "milliseconds": None
        if spent is None or not math.isfinite(spent)
        else round(spent, 3) + 0.0,
        "client": writable(event.client),
        "detail": writable(event.detail),
    }


def terms_of(values: Mapping[str, Any]) -> list[str]:
    """Return what an event can be found by: the hashes of values asked for, entities shown."""
    hashes = {term for found in values["asked"].values() for term in found}
    entities = {entity_term(entity["entity_id"]) for entity in values["shown"]["entities"]}
    return sorted(hashes | entities)


def entity_term(entity_id: str) -> str:
    """Return what events that showed an entity are found by."""
    return f"entity:{entity_id}"


def now() -> str:
    """Return the time as it stands in the log: ISO 8601 to the microsecond, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def writable(text: Told) -> Told:
    """Return a text as every database takes it: not too long, without what none can hold."""
    written = None if text is None else _UNWRITABLE.sub("�", text[:LONGEST])
    return cast("Told", written)

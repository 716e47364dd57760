"""Tokens: made, listed and withdrawn by `linker access`, and known again when somebody brings one.

A token is ``lk_``, its id, ``_`` and a secret of 256 random bits. The secret is kept as its plain
SHA-256: a slow or salted hash protects passwords, which can be guessed; nobody guesses 256 random
bits, and a request must not wait. What a token allows is sealed with the audit key, so that who can
write into the database and has no key cannot raise a role or make up a token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Connection, insert, select, update

from linker.access.identity import Identity, Refusal
from linker.audit import AuditLog, Event, Who
from linker.audit.event import writable
from linker.audit.key import AuditKey
from linker.audit.tables import TOKENS
from linker.deconfliction.disclose import OWNING, ROLES, Role
from linker.errors import UsageError, nearest

PREFIX: Final = "lk_"
MOST_DAYS: Final = 365
LONGEST: Final = 200
"""Characters of a name, an agency or a unit."""
_ID_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is misread
_ID_LENGTH: Final = 12
_SECRET_BYTES: Final = 32
_FORM: Final = re.compile(rf"lk_([{_ID_LETTERS}]{{{_ID_LENGTH}}})_([A-Za-z0-9_-]{{43}})", re.ASCII)
_SEALED: Final = (
    *("id", "name", "role", "agency", "unit", "secret_hash", "expires_at", "withdrawn_at"),
)
_NO_SECRET: Final = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Grant:
    """What a token is to allow, and whom.

    Attributes:
        name: Whom.
        role: What they may do.
        agency: Theirs.
        unit: Theirs.
        days: How long.
    """

    name: str
    role: str
    agency: str | None = None
    unit: str | None = None
    days: int = 90


@dataclass(frozen=True)
class Made:
    """A token that was made.

    Attributes:
        id: Its id, by which it is listed and withdrawn.
        token: Itself; it is known this once.
        expires_at: ISO 8601, UTC.
    """

    id: str
    token: str = field(repr=False)
    expires_at: str


def make_token(log: AuditLog, grant: Grant, by: Who) -> Made:
    """Make a token and record that it was made.

    Args:
        log: The audit log; tokens lie in its database.
        grant: What it allows.
        by: Who makes it.

    Raises:
        UsageError: The grant cannot be used.
        AuditError: It could not be written.
    """
    _refuse_unusable(grant)
    token_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    at = dt.datetime.now(dt.UTC)
    row = {
        "id": token_id,
        "name": grant.name.strip(),
        "role": grant.role,
        "agency": _text(grant.agency),
        "unit": _text(grant.unit),
        "secret_hash": _hash(secret),
        "made_at": at.isoformat(timespec="seconds"),
        "made_by": writable(by.name or by.subject or ""),
        "expires_at": (at + dt.timedelta(days=grant.days)).isoformat(timespec="seconds"),
        "withdrawn_at": None,
    }
    told = ", ".join(str(row[name]) for name in ("role", "agency", "unit") if row[name])
    with log.transaction() as transaction:
        detail = f"token {token_id} for {row['name']}: {told}, until {row['expires_at']}"
        transaction.append([Event("token_made", by, detail=detail)])
        transaction.connection.execute(insert(TOKENS).values(**row, seal=_seal(row, log.key)))
    return Made(token_id, f"{PREFIX}{token_id}_{secret}", str(row["expires_at"]))


def list_tokens(log: AuditLog) -> list[dict[str, Any]]:
    """Return all tokens, the newest first, as JSON values without what is kept of the secret.

    Returns:
        For each ``id``, ``name``, ``role``, ``agency``, ``unit``, ``made_at``, ``made_by``,
        ``expires_at``, ``withdrawn_at``, ``withdrawn_by``, ``withdrawn_why`` and ``status``: in
        force, expired, withdrawn, or forged where its seal does not fit.

    Raises:
        AuditError: The database cannot be read.
    """
    with log.database.reading() as connection:
        query = select(TOKENS).order_by(TOKENS.c.made_at.desc(), TOKENS.c.id)
        rows = [dict(row) for row in connection.execute(query).mappings()]
    hidden = ("secret_hash", "seal")
    return [
        {name: value for name, value in row.items() if name not in hidden}
        | {"status": _fault(row, log.key) or "in force"}
        for row in rows
    ]


def withdraw_token(log: AuditLog, token_id: str, why: str, by: Who) -> None:
    """Withdraw a token and record why; it is refused within `linker.access.gatekeeper.REMEMBERED`.

    Args:
        log: The audit log.
        token_id: The token's id, not the token.
        why: Why.
        by: Who withdraws it.

    Raises:
        UsageError: There is no such token, it is withdrawn already, or no reason was given.
        AuditError: It could not be written.
    """
    if not why.strip():
        raise UsageError("--why: is empty; say why, the audit log keeps it")
    if token_id.startswith(PREFIX):
        raise UsageError("name the token by its id, which linker access list shows; not by itself")
    with log.transaction() as transaction:
        row = _read(transaction.connection, writable(token_id))
        if row is None:
            raise UsageError("no such token; linker access list shows those there are")
        if row["withdrawn_at"]:
            day = row["withdrawn_at"][:10]
            raise UsageError(f"token {token_id} was withdrawn already, on {day}")
        detail = f"token {token_id} for {row['name']}: {why.strip()}"
        transaction.append([Event("token_withdrawn", by, detail=detail)])
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        transaction.connection.execute(
            update(TOKENS)
            .where(TOKENS.c.id == token_id)
            .values(
                withdrawn_at=at,
                withdrawn_by=writable(by.name or by.subject),
                withdrawn_why=writable(why.strip()),
                seal=_seal({**row, "withdrawn_at": at}, log.key),
            )
        )


def parts_of(bearer: str) -> tuple[str, str]:
    """Return the id and the secret of a token.

    Raises:
        Refusal: It has not the form of one.
    """
    found = _FORM.fullmatch(bearer)
    if found is None:
        raise Refusal("no token of ours")
    return found[1], found[2]


def row_of(log: AuditLog, token_id: str) -> dict[str, Any] | None:
    """Return what is kept of a token, None where there is none.

    Raises:
        AuditError: The database cannot be read.
    """
    with log.database.reading() as connection:
        return _read(connection, token_id)


def identity_of(row: Mapping[str, Any] | None, secret: str, key: AuditKey) -> Identity:
    """Return whose token something is, given what is kept of it.

    Raises:
        Refusal: There is none, its secret is another, or it is not in force.
    """
    kept = str(row["secret_hash"]) if row else _NO_SECRET
    if not hmac.compare_digest(_hash(secret).encode(), kept.encode()) or row is None:
        raise Refusal("the secret is wrong" if row else "no such token")
    fault = _fault(row, key)
    if fault:
        raise Refusal(fault)
    return Identity(
        subject=row["id"],
        name=row["name"],
        role=cast("Role", row["role"]),
        agency=row["agency"],
        unit=row["unit"],
        token_id=row["id"],
        how="token",
    )


def _read(connection: Connection, token_id: str) -> dict[str, Any] | None:
    query = select(TOKENS).where(TOKENS.c.id == token_id)
    found = connection.execute(query).mappings().first()
    return None if found is None else dict(found)


def _fault(row: Mapping[str, Any], key: AuditKey) -> str | None:
    """Say why a token is not in force, None where it is."""
    if not key.sealed(str(row["seal"]), "token", *_sealed_texts(row)) or row["role"] not in ROLES:
        return "forged"
    if row["withdrawn_at"] is not None:
        return "withdrawn"
    if dt.datetime.fromisoformat(row["expires_at"]) <= dt.datetime.now(dt.UTC):
        return "expired"
    return None


def _seal(row: Mapping[str, Any], key: AuditKey) -> str:
    return key.seal("token", *_sealed_texts(row))


def _sealed_texts(row: Mapping[str, Any]) -> list[str]:
    return [f"{name}={row[name]!r}" for name in _SEALED]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _text(given: str | None) -> str | None:
    return (given.strip() or None) if given else None


def _refuse_unusable(grant: Grant) -> None:
    if grant.role not in ROLES:
        raise UsageError(f"--role: must be one of {', '.join(ROLES)}{nearest(grant.role, ROLES)}")
    if not 1 <= grant.days <= MOST_DAYS:
        raise UsageError(f"--days: must be from 1 to {MOST_DAYS}")
    if not grant.name.strip():
        raise UsageError("--name: is empty; say whose token it is")
    for option, text in (("name", grant.name), ("agency", grant.agency), ("unit", grant.unit)):
        if text and (len(text) > LONGEST or not text.isprintable()):
            raise UsageError(f"--{option}: must be at most {LONGEST} characters, on one line")
    if grant.role in OWNING and not _text(grant.agency):
        raise UsageError(f"--agency: is needed with the role {grant.role}, who answers for a unit")
    if _text(grant.unit) and not _text(grant.agency):
        raise UsageError("--agency: is needed with --unit")

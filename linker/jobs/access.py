"""Access: tokens made, listed and withdrawn, by command."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from linker.access.tokens import Grant, list_tokens, make_token, withdraw_token
from linker.audit import Who, open_audit
from linker.config import Config
from linker.store.journal import author_of


def add(config: Config, grant: Grant) -> dict[str, Any]:
    """Make a token; it is known this once.

    Args:
        config: Names the audit log, in whose database tokens lie.
        grant: Whom it is for and what it allows.

    Returns:
        ``id``, ``token``, ``name``, ``role``, ``agency``, ``unit`` and ``expires_at``.

    Raises:
        UsageError: The grant cannot be used.
        AuditError: It could not be written.
    """
    with open_audit(config) as log:
        made = make_token(log, grant, _operator())
    values = asdict(grant)
    values.pop("days")
    return {**values, **asdict(made)}


def list_all(config: Config) -> list[dict[str, Any]]:
    """Return all tokens; see `linker.access.tokens.list_tokens`.

    Raises:
        AuditError: The database cannot be read.
    """
    with open_audit(config) as log:
        return list_tokens(log)


def withdraw(config: Config, token_id: str, why: str) -> None:
    """Withdraw a token.

    Args:
        config: Names the audit log.
        token_id: The token's id.
        why: Why.

    Raises:
        UsageError: There is no such token, it is withdrawn already, or no reason was given.
        AuditError: It could not be written.
    """
    with open_audit(config) as log:
        withdraw_token(log, token_id, why, _operator())


def _operator() -> Who:
    return Who(author_of(None), "command")

"""The gatekeeper: a bearer token in, who asks out."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from linker.access.identity import Identity, Refusal
from linker.access.oidc import Provider
from linker.access.tokens import PREFIX, identity_of, parts_of, row_of
from linker.audit import AuditLog
from linker.config import Config

REMEMBERED: Final = 2.0
"""Seconds for which a process goes by what it last read of a token: within so many a withdrawal
works everywhere."""
MOST_REMEMBERED: Final = 10_000
LONGEST: Final = 8_192
"""Bytes of a token; a longer one is not looked at."""


class Gatekeeper:
    """Knows who asks; threads may share it."""

    def __init__(self, config: Config, audit_log: AuditLog) -> None:
        """Say by what tokens are known: the database of the audit log, and a provider if any.

        Raises:
            ConfigError: The provider's keys are at an address without TLS, or in no file.
        """
        oidc = config.service.oidc
        self._log = audit_log
        self._provider = Provider(config, oidc) if oidc else None
        self._remembered: dict[str, tuple[float, dict[str, Any]]] = {}
        self._door = threading.Lock()

    def identify(self, bearer: str) -> Identity:
        """Return whose a token is.

        Nothing is recorded here: whoever knows where the token came from records who was denied.

        Raises:
            AccessError: It is unknown, expired or withdrawn; a `Refusal`, whose ``reason`` says
                what is wrong with it and is for the audit log alone.
            AuditError: The tokens cannot be read.
        """
        if len(bearer) > LONGEST or not bearer.isascii():
            raise Refusal("too long" if len(bearer) > LONGEST else "no token")
        if not bearer.startswith(PREFIX):
            if self._provider is None:
                raise Refusal("no token of ours")
            return self._provider.identity_of(bearer)
        token_id, secret = parts_of(bearer)
        return identity_of(self._row(token_id), secret, self._log.key)

    def _row(self, token_id: str) -> dict[str, Any] | None:
        """Return what is kept of a token, as it is now or was a moment ago."""
        now = time.monotonic()
        remembered = self._remembered.get(token_id)
        if remembered is not None and now - remembered[0] < REMEMBERED:
            return remembered[1]
        row = row_of(self._log, token_id)
        with self._door:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            if row is not None:  # of what is unknown anybody could make us remember any number
                self._remembered[token_id] = now, row
        return row

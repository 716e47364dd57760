"""Keys of an identity provider: its JWKS, from a file or an https address, kept for a while.

A key that is not known makes the keys be read anew, since providers change theirs; but however many
unknown keys are named, a provider is not asked more often than every half minute.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any, Final
from urllib.error import HTTPError

from linker.access.identity import Refusal
from linker.config import Config
from linker.errors import ConfigError

KEPT: Final = 300.0
"""Seconds after which keys are read anew."""
STALE: Final = 3_600.0
"""Seconds for which keys are used where they cannot be read anew: a provider that is down for a
while locks nobody out, one that withdrew a key is obeyed."""
PAUSE_WEB: Final = 30.0
PAUSE_FILE: Final = 1.0
"""Seconds between two readings, whatever came of the first."""
WAITS: Final = 5.0
"""Seconds for a whole answer of the provider."""
MOST_BYTES: Final = 1 << 20


class Keys:
    """The public keys of a provider, by key id; threads may share them."""

    def __init__(self, config: Config, place: str) -> None:
        """Say where the keys are; they are read when the first one is asked for.

        Args:
            config: From whose directory a relative path starts.
            place: A file, or an https address.

        Raises:
            ConfigError: It is an address of another kind, or the file holds no keys.
        """
        self._address = place if "://" in place else None
        if self._address and not place.lower().startswith("https://"):
            raise ConfigError("service: oidc: keys: must be a file or an https address")
        self._path = None if self._address else config.resolve(Path(place))
        self._pause = PAUSE_WEB if self._address else PAUSE_FILE
        self._reading = threading.Lock()
        self._keys: Mapping[str, dict[str, Any]] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        if self._path is not None and not _by_id(self._read()):
            raise ConfigError(f"service: oidc: keys: {self._path}: holds no JWKS that can be read")

    def get(self, key_id: str) -> dict[str, Any]:
        """Return a key, as the provider writes it.

        Raises:
            Refusal: There is no such key, or the keys cannot be read.
        """
        if self._age() > KEPT or key_id not in self._keys:
            self._refresh()
        if self._age() > STALE:
            raise Refusal("the provider's keys cannot be read")
        found = self._keys.get(key_id)
        if found is None:
            raise Refusal("unknown key")
        return found

    def _age(self) -> float:
        return float("inf") if self._read_at is None else time.monotonic() - self._read_at

    def _refresh(self) -> None:
        """Read the keys anew, unless that was tried a moment ago; what cannot be read changes none.

        While one thread reads, others that have some keys go on with those.
        """
        if not self._reading.acquire(blocking=self._read_at is None):
            return
        try:
            now = time.monotonic()
            if self._tried_at is not None and now - self._tried_at < self._pause:
                return
            self._tried_at = now
            keys = _by_id(self._read())
            if keys is not None:
                self._keys, self._read_at = keys, time.monotonic()
        finally:
            self._reading.release()

    def _read(self) -> bytes | None:
        try:
            if self._path is not None:
                return self._path.read_bytes()[:MOST_BYTES]
            return _fetch(str(self._address))
        except HTTPError as error:
            error.close()
            return None
        except (OSError, HTTPException, ValueError):
            return None


class _NoWayElsewhere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it could lead to an address without TLS."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002 - as urllib calls it
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        """Return nothing: the redirect is an error."""
        return


def _fetch(address: str) -> bytes:
    """Return what lies at an address, within `WAITS` and `MOST_BYTES`.

    Raises:
        OSError: It cannot be had.
    """
    until = time.monotonic() + WAITS
    opener = urllib.request.build_opener(_NoWayElsewhere)
    with opener.open(address, timeout=WAITS) as answer:
        held = b""
        while part := answer.read1(1 << 16):
            held += part
            if len(held) > MOST_BYTES or time.monotonic() > until:
                raise TimeoutError
    return held


def _by_id(text: bytes | None) -> dict[str, dict[str, Any]] | None:
    """Return the signing keys of a JWKS by their ids; None where it is none."""
    try:
        listed = json.loads(text or b"")["keys"]
        return {
            key["kid"]: key
            for key in listed
            if isinstance(key, dict)
            and isinstance(key.get("kid"), str)
            and key.get("use", "sig") == "sig"
            and "verify" in key.get("key_ops", ["verify"])
        }
    except (ValueError, TypeError, KeyError, RecursionError):
        return None

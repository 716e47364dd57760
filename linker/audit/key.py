"""The audit key: what turns values into keyed hashes, and seals what must not be made up.

It lies in the store, for its owner alone, apart from a log that may lie in another database:
whoever has the log and not the key can neither read what was asked for nor write a log that
verifies. It is made together with the log, and without it there is no log any more.
"""

from __future__ import annotations

import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from linker.store.layout import Store, aside, storage_errors, sync_directory

KEY_BYTES: Final = 32
DIGEST_LETTERS: Final = 32
"""Of a value's hash so many hexadecimal digits are kept: 128 bits, no two values will share."""
_SEPARATOR: Final = "\0"


@dataclass(frozen=True)
class AuditKey:
    """The key of one store's audit log."""

    _secret: bytes = field(repr=False)

    def digest(self, name: str, value: str) -> str:
        """Return the keyed hash of a value of a canonical field.

        Values that differ only in case, accents, spaces and punctuation have one hash.
        """
        return self.seal("asked", name, plain(value))[:DIGEST_LETTERS]

    def digests(self, asked: Mapping[str, str | Iterable[str]]) -> dict[str, list[str]]:
        """Return the keyed hashes of a query's values, by field, those that say nothing left out.

        Args:
            asked: Canonical fields and their values, texts or several texts.
        """
        found = {}
        for name in sorted(asked):
            given = asked[name]
            values = [given] if isinstance(given, str) else list(given)
            hashes = {self.digest(name, value) for value in values if plain(value)}
            if hashes:
                found[name] = sorted(hashes)
        return found

    def seal(self, kind: str, *parts: str) -> str:
        """Return what proves that some texts were written by a holder of the key.

        Args:
            kind: What they are; equal texts of another kind have another seal.
            parts: The texts, without null characters.
        """
        message = _SEPARATOR.join((kind, *parts)).encode("utf-8", "replace")
        return hmac.digest(self._secret, message, "sha256").hex()

    def sealed(self, seal: str, kind: str, *parts: str) -> bool:
        """Tell whether a seal is that of some texts, in a time that does not depend on them."""
        return hmac.compare_digest(
            seal.encode("utf-8", "replace"), self.seal(kind, *parts).encode()
        )


def plain(value: str) -> str:
    """Return a value without what people write it differently by: case, accents, punctuation.

    Wildcards stay: ``AB?`` is not ``AB``.
    """
    parts = unicodedata.normalize("NFKD", value).casefold()
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", parts)
        if letter.isalnum() or letter in "?*"
    )


def key_file(store: Store) -> Path:
    """Return the file that holds the key of a store's audit log."""
    return store.directory / "audit.key"


def read_key(path: Path) -> AuditKey | None:
    """Return the key in a file; None where there is none, or no whole one."""
    try:
        secret = path.read_bytes()
    except OSError:
        return None
    return AuditKey(secret) if len(secret) == KEY_BYTES else None


def prepare_key(path: Path) -> AuditKey:
    """Make a key and write it beside its place, synced; `settle_key` puts it there.

    Raises:
        StoreError: It cannot be written.
    """
    secret = secrets.token_bytes(KEY_BYTES)
    with storage_errors(path.parent, "no audit log was made"):
        fresh = aside(path)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secret)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_directory(path.parent)
    return AuditKey(secret)


def settle_key(path: Path) -> None:
    """Put the key that `prepare_key` wrote into its place, durably.

    Raises:
        StoreError: It cannot be written.
    """
    with storage_errors(path.parent, "the audit log has no key"):
        aside(path).replace(path)
        sync_directory(path.parent)

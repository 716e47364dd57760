"""The head: one row that says how long the log is and how it ends, sealed with the audit key.

Without it the last events could be cut off and nobody would know. Who writes next reads it first,
and waits for whoever holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linker.audit.key import AuditKey


def head_of(sequence: int, last_hash: str, key: AuditKey) -> dict[str, Any]:
    """Return the columns of the head of a log with so many events."""
    seal = key.seal("head", str(sequence), last_hash)
    return {"sequence": sequence, "hash": last_hash, "seal": seal}


def is_sealed(head: Mapping[str, Any], key: AuditKey) -> bool:
    """Tell whether a head was written by a holder of the key, whatever it holds."""
    return key.sealed(str(head["seal"]), "head", str(head["sequence"]), str(head["hash"]))

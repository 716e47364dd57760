"""The chain: each event's hash covers what it says and the hash of the event before it.

Whoever changes, removes, inserts or reorders an event must change every hash after it, and then the
last one no longer fits the head, which is sealed with a key (`linker.audit.key`). Hashes alone need
no key, so that an export can be checked anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

GENESIS: Final = "0" * 64
"""Stands for the hash of the event before the first."""


def canonical(values: Mapping[str, Any]) -> str:
    """Return values as the one JSON text that stands for them: keys sorted, no spaces.

    Raises:
        ValueError: A number is not finite.
        TypeError: A value is none of JSON's.
    """
    return json.dumps(
        values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def hash_of(event: Mapping[str, Any]) -> str:
    """Return an event's hash, SHA-256 in hexadecimal.

    Args:
        event: All its columns, ``previous`` included; its own ``hash`` is left out.

    Raises:
        ValueError: A text cannot be written as UTF-8, or a number is not finite.
        TypeError: A value is none of JSON's.
    """
    said = canonical({name: value for name, value in event.items() if name != "hash"})
    return hashlib.sha256(said.encode()).hexdigest()

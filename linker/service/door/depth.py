"""How deep JSON is nested, told without reading it: a reader that recurses would be undone."""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 16
"""No body of the service is nested deeper than a handful."""

_STRINGS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_OPEN: Final = frozenset(b"[{")
_CLOSE: Final = frozenset(b"]}")


def too_deep(body: bytes) -> bool:
    """Return whether JSON is nested deeper than `MOST`; what is no JSON may be called so too."""
    if body.count(b"[") + body.count(b"{") <= MOST:
        return False
    depth = 0
    for byte in _STRINGS.sub(b"", body):
        if byte in _OPEN:
            depth += 1
            if depth > MOST:
                return True
        elif byte in _CLOSE:
            depth -= 1
    return False

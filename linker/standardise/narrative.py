"""The text of an intelligence report, kept as written but for its whitespace."""

from __future__ import annotations

from linker.standardise.text import trimmed


def read_narrative(text: str) -> str | None:
    """Return the narrative with every run of whitespace as one space, or None where it is empty.

    Args:
        text: Free text.
    """
    return trimmed(text) or None

"""How a value is described without being shown: errors, logs and reports quote none."""

from __future__ import annotations


def value_class(value: str | None) -> str:
    """Describe the look of a value without revealing it.

    Two values whose letters, digits and other characters stand in the same places are described
    alike, so nothing of the value passes but its length and kind.

    Args:
        value: Any text; white space around it does not count.

    Returns:
        ``empty``, or words such as ``9 digits``, ``letters, 7 characters``,
        ``letters and digits, 7 characters``, ``text, 30 characters``.
    """
    trimmed = (value or "").strip()
    if not trimmed:
        return "empty"
    length = len(trimmed)
    digits = sum(map(str.isdecimal, trimmed))
    letters = sum(map(str.isalpha, trimmed))
    if digits == length:
        return f"{length} digit{'s' * (length > 1)}"
    if letters == length:
        kind = "letters"
    elif letters + digits == length:
        kind = "letters and digits"
    else:
        kind = "text"
    return f"{kind}, {length} character{'s' * (length > 1)}"

"""Compact tables of words: how the fixed vocabularies of this room are written down."""

from __future__ import annotations

from collections.abc import Mapping


def word_set(text: str) -> frozenset[str]:
    """Return the words of `text`.

    Args:
        text: Words separated by whitespace.
    """
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """Return the phrases of `text`, each with single spaces.

    Args:
        text: Phrases separated by ``|``.
    """
    return frozenset(phrase for part in text.split("|") if (phrase := " ".join(part.split())))


def readings(table: Mapping[str, str]) -> dict[str, str]:
    """Return the canonical value of every form.

    Args:
        table: Forms separated by ``|``, under their canonical value.
    """
    return {form: value for value, forms in table.items() for form in phrase_set(forms)}


def groups(table: str) -> dict[str, str]:
    """Read "root: form form; root: form" into a root for each form, the last one of two.

    Args:
        table: Words, colons and semicolons.
    """
    pairs = (group.split(":") for group in table.split(";"))
    return {form: root.strip() for root, forms in pairs for form in forms.split()}

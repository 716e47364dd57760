"""The error tree: every error a user can cause, each one line that names the place and the fix.

A message never carries a name, a birth date or an identifier from the data: it names files,
columns, rows, rules, counts.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LinkerError(Exception):
    """The root of the tree. Commands print its message on one line and exit with code 2."""


class UsageError(LinkerError):
    """A command was called with words or values that do not fit."""


class ConfigError(LinkerError):
    """A configuration file cannot be used: unknown key, wrong value, missing section."""


class SourceError(LinkerError):
    """A source file cannot be read, or lacks a mapped column, or too many of its rows are bad."""


class ModelError(LinkerError):
    """A model is missing, damaged, untrained, of another version or of the other entity type."""


class TrainingError(LinkerError):
    """A model cannot be trained on the given records."""


class BudgetError(LinkerError):
    """A blocking rule, or all of them together, would make more candidate pairs than allowed."""


class StoreError(LinkerError):
    """The store cannot be used: newer version, locked by another run, damaged, no disk space."""


class GateError(LinkerError):
    """A run differs too much from the last published generation; it is kept, and not published."""


class QueryError(LinkerError):
    """A lookup names nothing that can be searched."""


class AccessError(LinkerError):
    """A token is unknown, expired or withdrawn, or its role may not do what was asked."""


class AuditError(LinkerError):
    """The audit log cannot be written or read, or does not verify."""


def nearest(word: str, valid: Iterable[str]) -> str:
    """Return a hint such as ``; did you mean 'surname'?`` or an empty string.

    Args:
        word: What was written.
        valid: The words that would have been accepted.
    """
    matches = difflib.get_close_matches(word, list(valid), n=1, cutoff=0.5)
    return f"; did you mean {matches[0]!r}?" if matches else ""

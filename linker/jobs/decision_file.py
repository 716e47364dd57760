"""A file of clerical decisions: a CSV, row by row; what is wrong with a row is said by its line."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from linker.entities.decisions import VERDICTS
from linker.errors import UsageError, nearest
from linker.schemas import DECISION_RECORDS, DECISIONS, ENTITY_TYPES

COLUMNS: Final = (
    *("entity", *DECISION_RECORDS, "decision", "author", "reason"),
    *("made_at", "expires"),
)
"""The columns of a file of decisions."""
OPTIONAL: Final = frozenset({"author", "made_at", "expires"})
"""Those that it may lack."""
TOLD: Final = ("decision_id", "status", "recorded_at", "withdrawn_at", "withdrawn_by")
"""Those that an export has beside them."""
_PASSED_OVER: Final = frozenset({*TOLD, "withdrawn_why"})


@dataclass(frozen=True)
class Bad:
    """A row that is no decision: its line in the file, and why; never a value of it."""

    line: int
    reason: str


@dataclass(frozen=True)
class DecisionFile:
    """What a file of decisions holds.

    Attributes:
        rows: By line, the columns of `DECISIONS` that a file gives; ``made_at`` may be empty.
        bad: The rows that are no decisions.
        withdrawn: How many rows tell of a decision that was withdrawn; they are passed over.
    """

    rows: Mapping[int, dict[str, Any]]
    bad: tuple[Bad, ...]
    withdrawn: int


class _BadRowError(Exception):
    pass


def read_decision_file(path: Path, author: str | None, now: str) -> DecisionFile:
    """Read a file of decisions.

    Args:
        path: A CSV of the columns `COLUMNS`, in any order; what an export wrote will do.
        author: Whose decisions those are that name no author.
        now: The time, ISO 8601 to the second, UTC: none was made later.

    Raises:
        UsageError: The file cannot be read, or its columns do not fit.
    """
    rows: dict[int, dict[str, Any]] = {}
    bad: list[Bad] = []
    withdrawn = 0
    for line, row in _lines(path):
        if row is not None and row.get("withdrawn_at"):
            withdrawn += 1
            continue
        try:
            rows[line] = _decision(row, author, now)
        except _BadRowError as error:
            bad.append(Bad(line, str(error)))
    return DecisionFile(rows, tuple(bad), withdrawn)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield each row by its line number; None for one that does not fit the columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = [name.strip() for name in next(reader, [])]
            _refuse_columns(path, names)
            for values in reader:
                if not any(value.strip() for value in values):
                    continue
                fits = len(values) == len(names)
                trimmed = (value.strip() for value in values)
                yield reader.line_num, dict(zip(names, trimmed, strict=True)) if fits else None
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise UsageError(f"{path}: is a directory; name a CSV file") from None
    except OSError:
        raise UsageError(f"{path}: cannot be read; check its permissions") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not text in UTF-8; save it as that") from None
    except csv.Error:
        raise UsageError(
            f"{path}: line {reader.line_num}: a quote is left open or misplaced"
        ) from None


def _refuse_columns(path: Path, names: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in names and name not in OPTIONAL]
    if missing:
        raise UsageError(f"{path}: lacks the columns {', '.join(missing)}; add them")
    for name in names:
        if name not in COLUMNS and name not in _PASSED_OVER:
            raise UsageError(
                f"{path}: no such column: {name!r}{nearest(name, COLUMNS)}; a file of decisions "
                f"has {', '.join(COLUMNS)}"
            )
        if names.count(name) > 1:
            raise UsageError(f"{path}: has the column {name} twice; leave one out")


def _decision(row: Mapping[str, str] | None, author: str | None, now: str) -> dict[str, Any]:
    if row is None:
        raise _BadRowError("has not as many values as the file has columns")
    for name in COLUMNS:
        if name not in OPTIONAL and not row[name]:
            raise _BadRowError(f"{name}: is empty")
    if not row.get("author") and not author:
        raise _BadRowError("author: is empty; fill it in, or give --author")
    _refuse_word("entity", row["entity"], ENTITY_TYPES)
    _refuse_word("decision", row["decision"], VERDICTS)
    sides = sorted((row[f"source_{side}"], row[f"record_id_{side}"]) for side in ("l", "r"))
    if sides[0] == sides[1]:
        raise _BadRowError("record_id_r: is the same record as the first; name two")
    made_at, expires = _time(row, "made_at"), _time(row, "expires")
    if made_at and made_at > now:
        raise _BadRowError("made_at: is yet to come; give a time that has passed")
    if expires and expires <= (made_at or now):
        raise _BadRowError("expires: is not after made_at")
    values = [value for side in sides for value in side]
    given = {
        "entity_type": row["entity"],
        **dict(zip(DECISION_RECORDS, values, strict=True)),
        "decision": row["decision"],
        "author": row.get("author") or author,
        "reason": row["reason"],
        "made_at": made_at,
        "expires": expires,
    }
    return {name: given.get(name) for name in DECISIONS if name != "decision_id"}


def _refuse_word(column: str, word: str, valid: tuple[str, ...]) -> None:
    if word not in valid:
        hint = nearest(word, valid)
        raise _BadRowError(f"{column}: is none of {', '.join(valid)}{hint}")


def _time(row: Mapping[str, str], column: str) -> str | None:
    text = row.get(column)
    if not text:
        return None
    try:
        time = dt.datetime.fromisoformat(text)
        zoned = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
        return zoned.astimezone(dt.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise _BadRowError(
            f"{column}: is not a date or time such as 2026-03-01 or 2026-03-01T14:30:00"
        ) from None

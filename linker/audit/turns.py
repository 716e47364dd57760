"""Turns: what several threads want written at once goes as one transaction.

A write is durable when the disk has it, and the disk takes one after the other. Whoever comes while
another one writes joins those who wait; the first of them writes for all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from linker.errors import AuditError


@dataclass(eq=False)
class _Wish:
    """What one caller wants written, and what came of it."""

    rows: Sequence[dict[str, Any]]
    numbers: list[int] = field(default_factory=list)
    failure: str | None = None


class Turns:
    """Writes for one caller after the other, and for those together who wait together."""

    def __init__(self, write: Callable[[Sequence[dict[str, Any]]], list[int]]) -> None:
        """Say how rows are written.

        Args:
            write: Writes rows in their order, all or none, and returns a number for each; an
                `AuditError` of it reaches everyone it wrote for.
        """
        self._write = write
        self._waiting: list[_Wish] = []
        self._door = threading.Lock()
        self._turn = threading.Lock()

    def write(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Have at least one row written, all or none; return a number for each.

        Raises:
            AuditError: They could not be written.
        """
        wish = _Wish(rows)
        with self._door:
            self._waiting.append(wish)
        with self._turn:
            if not wish.numbers and wish.failure is None:  # nobody wrote for this one meanwhile
                self._write_all()
        if wish.failure is not None:
            raise AuditError(wish.failure)
        return wish.numbers

    def _write_all(self) -> None:
        with self._door:
            wishes, self._waiting = self._waiting, []
        try:
            numbers = iter(self._write([row for wish in wishes for row in wish.rows]))
        except AuditError as error:
            for wish in wishes:
                wish.failure = str(error)
            return
        except BaseException:
            for wish in wishes:
                wish.failure = "the audit log: nothing was recorded, by a defect of linker"
            raise
        for wish in wishes:
            wish.numbers = [next(numbers) for _ in wish.rows]

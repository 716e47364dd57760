"""What a long command says while it works: a line a stage, with its seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Writes stages to standard error: rewritten in place on a terminal, plain lines elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Start the clock."""
        self._stream = stream if stream is not None else sys.stderr
        self._terminal = self._stream.isatty()
        self._began = time.monotonic()
        self.stages: list[tuple[str, float]] = []

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def say(self, line: str) -> None:
        """Write a line that stays."""
        clear = "\r\x1b[K" if self._terminal else ""
        self._stream.write(f"{clear}[{self.seconds:7.1f} s] {line}\n")
        self._stream.flush()

    def update(self, line: str) -> None:
        """Show how far a stage has come; only on a terminal, replaced by what comes next."""
        if self._terminal:
            self._stream.write(f"\r\x1b[K[{self.seconds:7.1f} s] {line}")
            self._stream.flush()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; its name is shown while it runs on a terminal."""
        began = time.monotonic()
        self.update(f"{name} ...")
        yield
        self.stages.append((name, time.monotonic() - began))

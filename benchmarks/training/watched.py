"""The steps of a training that this process does: seconds and the most memory of each.

Its job tells its steps in two ways: by stages, and while it estimates by a line at the end of each.
"""

from __future__ import annotations

import io
import re
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.batch.job import GIGABYTE
from linker.progress import Progress

BETWEEN: Final = "between"
"""The name of what no step accounts for."""
LEAST_SECONDS: Final = 0.05
"""What lies between two steps and takes less is not told."""
_LINE: Final = re.compile(r"(term frequencies|u|session on [^:]+|households|prior): ")
"""How a line begins that ends a step: with the step's name."""
_FIRST: Final = "term frequencies"
_WHOLE: Final = {"u": "prior by rules, u", "prior": "witnesses, smoothing, prior"}
"""What lies before the end of these steps, by what their lines say."""
_STATUS: Final = Path("/proc/self/status")
_RESET: Final = Path("/proc/self/clear_refs")
_PEAK: Final = "VmHWM:"


class Watched(Progress):
    """Takes down each step of a job that tells its steps.

    Attributes:
        steps: Of each step in order ``step``, ``seconds`` and ``peak_gb``.
    """

    def __init__(self) -> None:
        """Start the clock; nothing is shown."""
        super().__init__(io.StringIO())
        self.steps: list[dict[str, Any]] = []
        self._in_stage = False
        self._reset()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage, and tell the most memory that was in use while it ran."""
        self._close(BETWEEN)
        self._in_stage = True
        with super().stage(name):
            yield
        self._in_stage = False
        self._close(name)

    def say(self, line: str) -> None:
        """Take down the step that a line ends."""
        ended = _LINE.match(line)
        if ended and not self._in_stage:
            name = _WHOLE.get(ended[1], ended[1])
            told = any(step["step"] == _FIRST for step in self.steps)
            self._close(name if told or ended[1] != "u" else f"{_FIRST}, {name}")

    def done(self) -> list[dict[str, Any]]:
        """Return the steps, once the job has ended."""
        self._close(BETWEEN)
        return self.steps

    def _close(self, name: str) -> None:
        seconds = time.monotonic() - self._since
        if name != BETWEEN or seconds >= LEAST_SECONDS:
            step = {"step": name, "seconds": round(seconds, 2), "peak_gb": round(peak_gb(), 2)}
            self.steps.append(step)
        self._reset()

    def _reset(self) -> None:
        self._since = time.monotonic()
        forget_peak()


def peak_gb() -> float:
    """Return the most memory that this process has used since its peak was forgotten, in GB."""
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
    except OSError:  # only Linux tells
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIGABYTE
    return next((int(line.split()[1]) for line in lines if line.startswith(_PEAK)), 0) / GIGABYTE


def forget_peak() -> None:
    """Begin to count the most memory anew, where the system lets us; else it is that of all."""
    try:
        _RESET.write_text("5", encoding="ascii")
    except OSError:
        return

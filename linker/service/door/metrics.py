"""Numbers for Prometheus, added up over all workers; nothing in them names anybody.

What is told of an answer is what its asker was told, and a duration is until the answer left: a
number that knew more would tell whoever reads it what the answer was made not to tell.
"""

from __future__ import annotations

import os
import re
import threading
import time
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from linker.service.handed import NUMBERS_VARIABLE

KEPT_SECONDS: Final = 0.5
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What one worker counts. Its methods are called on the loop's thread alone."""

    def __init__(self) -> None:
        """Start counting; what dead workers left of their living numbers goes."""
        forget_the_dead()
        registry = CollectorRegistry()  # not the global one, whose names a second app would take
        self._requests = Counter(
            "linker_requests",
            "Requests answered",
            ["route", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "linker_request_seconds",
            "From a request's arrival until its answer left",
            ["route"],
            registry=registry,
            buckets=BUCKETS,
        )
        self._outcomes = Counter(
            "linker_answers", "Lookups by what was told", ["outcome"], registry=registry
        )
        self._in_flight = Gauge(
            "linker_requests_in_flight",
            "Requests being worked on",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._generation = Gauge(
            "linker_generation",
            "The generation that every worker answers from, the earliest of them",
            registry=registry,
            multiprocess_mode="livemin",
        )
        self._reloads = Counter(
            "linker_reloads", "Generations opened while serving", ["outcome"], registry=registry
        )
        self._registry = registry
        self._adding = threading.Lock()
        self._last = (float("-inf"), b"")

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer that has left."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def told(self, outcome: str) -> None:
        """Count what a lookup told its asker."""
        self._outcomes.labels(outcome).inc()

    def in_flight(self, number: int) -> None:
        """Set how many requests this worker is at."""
        self._in_flight.set(number)

    def generation(self, number: int) -> None:
        """Set which generation this worker answers from."""
        self._generation.set(number)

    def reloaded(self, outcome: str) -> None:
        """Count a generation that was opened, or could not be."""
        self._reloads.labels(outcome).inc()

    def text(self) -> bytes:
        """Return the numbers of all workers in Prometheus' text format, as of a moment ago.

        They are added up no more often than `KEPT_SECONDS`, since everybody may ask for them.
        """
        with self._adding:
            at, text = self._last
            if time.monotonic() - at > KEPT_SECONDS:
                text = self._added_up()
                self._last = time.monotonic(), text
            return text

    def _added_up(self) -> bytes:
        if not os.environ.get(NUMBERS_VARIABLE):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def forget_the_dead() -> None:
    """Remove the living numbers of workers that are no more."""
    directory = os.environ.get(NUMBERS_VARIABLE)
    if not directory:
        return
    for path in Path(directory).glob("gauge_live*_*.db"):
        pid = re.search(r"_(\d+)\.db$", path.name)
        if pid and not _lives(int(pid[1])):
            mark_process_dead(int(pid[1]))  # type: ignore[no-untyped-call]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""The real server, started as a person starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.commands import PROJECT, CommandError

STARTS_WITHIN: Final = 300.0
"""Seconds: kernels may have to be compiled."""
ENDS_WITHIN: Final = 30.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A server that answers.

    Attributes:
        host: Where.
        port: Where.
        process: The first of its processes.
    """

    host: str
    port: int
    process: subprocess.Popen[bytes]

    def processor_seconds(self) -> float:
        """Return what its processes have taken of the processors so far."""
        return sum(float(stat[11]) + float(stat[12]) for stat in _stats(self.process.pid)) / _TICKS


@contextmanager
def serving(config: Path, log: Path, workers: int) -> Iterator[Server]:
    """Serve until the end of a with statement.

    Args:
        config: What is served.
        log: The file for its log lines.
        workers: How many must be ready.

    Raises:
        CommandError: It did not start.
    """
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "linker.cli", "serve", "--config", str(config)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=lines,
            start_new_session=True,
        )
    try:
        said = process.stdout.readline().decode() if process.stdout else ""
        address = re.search(r"http://([\d.]+):(\d+)", said)
        if address is None:
            raise CommandError(f"linker serve: did not start; see {log}")
        server = Server(address[1], int(address[2]), process)
        _await(server, log, workers)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDS_WITHIN)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


def _await(server: Server, log: Path, workers: int) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.process.poll() is None:
        if log.read_bytes().count(b'"message": "ready"') >= workers:
            with (
                suppress(OSError),
                urllib.request.urlopen(f"http://{server.host}:{server.port}/readyz", timeout=5),
            ):
                return
        time.sleep(0.1)
    raise CommandError(f"linker serve: was not ready in time; see {log}")


def _stats(pid: int) -> Iterator[list[str]]:
    """Return what the system counts of a process and those it started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text(encoding="utf-8").rpartition(")")
            fields = rest.split()
            if pid in {int(name.split()[0]), int(fields[1])}:
                yield fields

"""Link runs in processes of their own, watched from outside and killed when they have done a thing.

What a run does shows in the lines that it says and in the files that come and go in its store: each
is a moment, and a run of the same work has the same moments.
"""

from __future__ import annotations

import os
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.jobs.running import ROOT, command

LONGEST = 300
"""Seconds after which a run that should have ended is given up."""
_TIME = re.compile(r"\[ *[0-9.]+ s\] ")
_DRAWN = re.compile(r"[0-9a-f]{8,}")


@contextmanager
def started(config: Path) -> Iterator[subprocess.Popen[str]]:
    """A link run in a process of its own, killed at the end whatever it is at."""
    words = command("link", "--config", config)
    with subprocess.Popen(
        words, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            process.wait(LONGEST)


def moments(process: subprocess.Popen[str], store: Path) -> Iterator[str]:
    """Tell what a run does as it does it, until it ends."""
    assert process.stderr is not None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_listen, args=(process.stderr, lines), daemon=True)
    reader.start()
    seen = files_below(store)
    deadline = time.monotonic() + LONGEST
    while True:
        ended = process.poll() is not None
        while not lines.empty():
            yield "says " + _TIME.sub("", lines.get()).strip()
        now = files_below(store)
        yield from (f"makes {name}" for name in sorted(now - seen))
        yield from (f"removes {name}" for name in sorted(seen - now))
        seen = now
        if ended and not reader.is_alive() and lines.empty():
            return
        assert time.monotonic() < deadline, "the run does not end"
        time.sleep(0.0005)


def _listen(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    for line in stream:
        lines.put(line)


def files_below(directory: Path) -> set[str]:
    """The names of all files and directories of a store, but for what is drawn at random."""
    found = set()
    for place, folders, files in os.walk(directory):
        inside = Path(place).relative_to(directory)
        found |= {_DRAWN.sub("*", str(inside / name)) for name in (*folders, *files)}
    return found


def kill_at(config: Path, moment: str) -> bool:
    """Run, and kill the run at a moment; tell whether that came before its end."""
    with started(config) as process:
        for found in moments(process, config.parent / "store"):
            if found == moment:
                process.kill()
                return process.wait(LONGEST) < 0
    return False


def kill_after(config: Path, seconds: float) -> bool:
    """Run, and kill the run some seconds after its first line; tell whether it was not done."""
    with started(config) as process:
        next(moments(process, config.parent / "store"), None)
        time.sleep(seconds)
        process.kill()
        return process.wait(LONGEST) < 0

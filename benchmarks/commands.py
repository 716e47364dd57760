"""The product's own commands, run as a user runs them, by every benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
USAGE_OR_DATA_ERROR = 2


class CommandError(Exception):
    """A command of the product failed; its last words are the message."""


def run(command: str, *words: str) -> str:
    """Run a command and return what it printed.

    Raises:
        CommandError: It failed.
    """
    done = call(command, *words)
    if done.returncode != 0:
        raise CommandError(f"linker {command}: exit code {done.returncode}: {last_words(done)}")
    return done.stdout


def call(command: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command, whatever comes of it."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", "linker.cli", command, *words],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last line that a command wrote."""
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1] if lines else "no message"


@contextmanager
def work_directory(name: str, keep: Path | None) -> Iterator[Path]:
    """Give what is measured a directory of its own, removed afterwards unless it is to be kept.

    Args:
        name: What is measured.
        keep: Where a directory of that name is made and left.

    Raises:
        CommandError: There is one already.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix=f"linker-{name}-") as temporary:
            yield Path(temporary)
    else:
        directory = keep.resolve() / name
        if directory.exists():
            raise CommandError(f"{directory}: exists; name another directory with --keep")
        directory.mkdir(parents=True)
        yield directory

"""The product's own commands, run as a user runs them, by every benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
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

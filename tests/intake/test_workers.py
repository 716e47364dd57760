"""Processes that help: they raise what tasks raise here, and they never outlive the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linker.errors import LinkerError, SourceError
from linker.intake.workers import Workers, result_of
from tests.jobs.running import ROOT

LONGEST = 30

PARENT = """
import os, time
from linker.intake.workers import Workers

if __name__ == "__main__":
    with Workers(2) as workers:
        print(workers.submit(os.getpid).result(), flush=True)
        workers.submit(time.sleep, 60)
        {then}
"""


def gone(process: int) -> bool:
    """Tell whether a process has ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def wait_until_gone(process: int) -> bool:
    until = time.monotonic() + LONGEST
    while not gone(process) and time.monotonic() < until:
        time.sleep(0.05)
    return gone(process)


@pytest.mark.parametrize("number", [1, 2])
def test_an_error_is_the_same_wherever_it_is_raised(number: int) -> None:
    """An error of ours keeps its kind and its words on the way from another process."""
    with Workers(number) as workers:
        future = workers.submit(_refuse, "source 'cases': a fault")
        with pytest.raises(SourceError) as told:
            result_of(future)
    assert str(told.value) == "source 'cases': a fault"


def _refuse(words: str) -> None:
    raise SourceError(words)


def test_no_process_is_started_for_one() -> None:
    """With one core a task is done in the process that asks for it."""
    with Workers(1) as workers:
        assert result_of(workers.submit(os.getpid)) == os.getpid()
    with Workers(2) as workers:
        assert result_of(workers.submit(os.getpid)) != os.getpid()


def test_a_process_that_ends_before_its_work_is_done() -> None:
    """A process that the system kills, as for want of memory, is one clear line."""
    with Workers(2) as workers:
        future = workers.submit(os.kill, result_of(workers.submit(os.getpid)), signal.SIGKILL)
        with pytest.raises(LinkerError, match="is there enough memory"):
            result_of(future)


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    """A run that is killed, which it cannot prepare for, leaves no process behind."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(then="time.sleep(60)"))
    words = [sys.executable, str(script)]
    with subprocess.Popen(words, cwd=ROOT, text=True, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not gone(child)
        parent.kill()
        parent.wait(LONGEST)
        assert wait_until_gone(child)


def test_processes_end_at_once_after_an_error(tmp_path: Path) -> None:
    """An error, or an interruption, does not wait for what the others are at."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(then="raise KeyboardInterrupt"))
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, capture_output=True, timeout=LONGEST, check=False
    )
    assert done.returncode != 0
    assert wait_until_gone(int(done.stdout))

"""Several processes that write at once, and processes that die while they do."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from linker.audit import open_audit
from linker.config import load_config
from tests.audit.logs import write_config
from tests.audit.postgres import Server
from tests.jobs.running import ROOT

WRITING = """
import sys
from pathlib import Path
from linker.audit import open_audit
from linker.config import load_config
from tests.audit.logs import lookup

path, events, at_once = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with open_audit(load_config(path)) as log:
    print("open", flush=True)
    for first in range(0, events, at_once):
        numbers = log.record_many([lookup(first + number) for number in range(at_once)])
        print(numbers[-1], flush=True)
"""


def writer(config_path: Path, events: int, at_once: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITING, str(config_path), str(events), str(at_once)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def is_whole(config_path: Path, each: int, at_once: list[int]) -> bool:
    """Have several processes make a log and write into it at once; tell whether all is there."""
    writers = [writer(config_path, each, some) for some in at_once]
    numbers: list[int] = []
    for process in writers:
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0
        numbers += map(int, said.split()[1:])
    with open_audit(load_config(config_path)) as log:
        verified = log.verify()
    assert verified.sound
    assert len(set(numbers)) == len(numbers) == sum(each // some for some in at_once)
    return verified.events == max(numbers) == each * len(at_once)


def test_four_processes_write_at_once(tmp_path: Path) -> None:
    """Four that make the log and write into it at once lose nothing and leave no gap."""
    assert is_whole(write_config(tmp_path), 60, [1, 1, 2, 5])


def test_processes_write_to_a_server_at_once(server: Server, tmp_path: Path) -> None:
    """So it is with PostgreSQL."""
    assert is_whole(write_config(tmp_path, server.emptied()), 60, [1, 3])


def is_sound_when_killed(config_path: Path, instants: random.Random) -> bool:
    """Kill a process that writes 200 events at a time; tell whether what it wrote is there."""
    with writer(config_path, 1_000_000, 200) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        told = int(process.stdout.readline())
        time.sleep(instants.uniform(0, 0.15))
        process.kill()
        told = max([told, *map(int, process.stdout.read().split())])
    with open_audit(load_config(config_path)) as log:
        verified = log.verify()
    assert verified.events >= told
    assert verified.events % 200 == 0, "all or none of what was written together"
    return verified.sound


def test_a_writer_that_is_killed(tmp_path: Path) -> None:
    """Whenever a writer is killed the log is sound, and holds all that it was told is written."""
    path, instants = write_config(tmp_path), random.Random(7)
    assert all(is_sound_when_killed(path, instants) for _ in range(3))


def test_a_writer_to_a_server_that_is_killed(server: Server, tmp_path: Path) -> None:
    """So it is with PostgreSQL."""
    assert is_sound_when_killed(write_config(tmp_path, server.emptied()), random.Random(7))

"""Arrays of files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from linker.arrays import map_array

MANY_THREADS = """
import gc, sys, threading
from pathlib import Path
from linker.arrays import map_array

class Cyclic:
    '''What only the collector frees, wherever a thread is, and lets others go on meanwhile.'''
    def __del__(self):
        sum(range(50))

def often():
    for _ in range(1500):
        one = Cyclic()
        one.itself = one
        map_array(Path(sys.argv[1]))
    ended.append(True)

ended = []
sys.setswitchinterval(1e-6)
gc.set_threshold(1)
threads = [threading.Thread(target=often) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(len(ended) != len(threads))
"""


def test_many_threads_open_arrays_at_once(tmp_path: Path) -> None:
    """None of them ends in an error of the parser that reads the headers."""
    path = tmp_path / "a.npy"
    np.save(path, np.arange(5))
    words = [sys.executable, "-c", MANY_THREADS, str(path)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_is_mapped_to_be_read_cannot_be_written(tmp_path: Path) -> None:
    """A generation is not changed through its arrays; a copy in memory may be."""
    path = tmp_path / "a.npy"
    np.save(path, np.arange(5))
    with pytest.raises(ValueError, match="read-only"):
        map_array(path)[0] = 7
    map_array(path, "c")[0] = 7
    assert map_array(path)[0] == 0

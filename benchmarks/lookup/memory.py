"""What memory a process takes: its own, and what it shares with others; Linux tells."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024
"""In kibibytes, as the system counts memory."""
_CHUNK: Final = 1 << 24
_MAPPING: Final = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$")
_KEPT: Final = ("Rss", "Pss", "Private_Clean", "Private_Dirty", "Anonymous")


def memory_mb(*mapped_from: Path) -> dict[str, float] | None:
    """Return the memory of this process in MB; None where the system does not tell.

    Args:
        mapped_from: Directories; pages mapped from their files are counted apart.

    Returns:
        ``rss``: all of it; ``pss``: with each shared page divided by how many processes share it;
        ``own``: what no other process has; ``anonymous``: what is of no file; ``index``: the pages
        that are mapped from the directories.
    """
    try:
        lines = Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    directories = tuple(f"{os.path.realpath(one)}{os.sep}" for one in mapped_from)
    sums = dict.fromkeys((*_KEPT, "index"), 0)
    path = ""
    for line in lines:
        mapping = _MAPPING.match(line)
        if mapping:
            path = mapping[1]
            continue
        name, _, value = line.partition(":")
        if name in sums:
            kibibytes = int(value.split()[0])
            sums[name] += kibibytes
            if name == "Rss" and path.startswith(directories):
                sums["index"] += kibibytes
    found = {
        "rss": sums["Rss"],
        "pss": sums["Pss"],
        "own": sums["Private_Clean"] + sums["Private_Dirty"],
        "anonymous": sums["Anonymous"],
        "index": sums["index"],
    }
    return {name: round(value / MEBIBYTE, 1) for name, value in found.items()}


def files_below(*directories: Path) -> tuple[int, int]:
    """Return how many files there are below some directories, and their bytes."""
    sizes = [
        path.stat().st_size
        for directory in directories
        for path in directory.rglob("*")
        if path.is_file()
    ]
    return len(sizes), sum(sizes)


def read_through(*directories: Path) -> None:
    """Read all files below some directories, so that the system keeps them in memory if it can."""
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                with path.open("rb", buffering=0) as file:
                    while file.read(_CHUNK):
                        pass


def drop_page_cache() -> bool:
    """Have the system forget what it keeps of files in memory; False where that is not permitted.

    That slows down whatever else reads files on this machine, for a while.
    """
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3\n", encoding="ascii")
    except OSError:
        return False
    return True

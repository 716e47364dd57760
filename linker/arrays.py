"""Arrays of NumPy's files, mapped into memory, by one thread at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

_ONE_READS: Final = threading.Lock()
"""Held while a header is read, which NumPy parses as a literal of Python.

CPython 3.11 before 3.11.8 counts the depth of what it parses for all threads together, and now and
then ends one of two that parse at once in a SystemError (python/cpython, issue 106905).
"""


def map_array(path: Path, mode: Literal["r", "c"] = "r") -> np.ndarray[Any, Any]:
    """Return the array of a file.

    Args:
        path: The file.
        mode: r to read only, c to write to the copy in memory.

    Raises:
        OSError: The file is missing, or cannot be read.
        ValueError: It holds no array; also EOFError and SyntaxError.
    """
    with _ONE_READS:
        found: np.ndarray[Any, Any] = np.load(path, mmap_mode=mode, allow_pickle=False)
    return found

"""The one way in which a function here is compiled, keeping its types for the checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function to machine code that runs without the interpreter's lock.

    It is compiled for the types of its first call, and not cached: the kernel that calls it is.
    Arithmetic is that of the hardware, operation by operation (no fast mathematics), and a
    division by zero gives an infinity instead of an error.
    """
    decorate = numba.njit(nogil=True, error_model="numpy")
    return cast("Callable[P, R]", decorate(function))

"""Numbers read and written at addresses.

A compiled function that is handed an array counts a reference to it at every call, which costs
more than most comparisons; an address is a number. Whoever takes one keeps the array alive, and
reads nothing beyond its end. Places count numbers of the kind that is read, not bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from linker.compiled import compiled

__all__ = [
    "float_at",
    "int32_at",
    "int64_at",
    "length_of",
    "prefetch",
    "put_float",
    "put_int8",
    "put_int64",
    "text_at",
]

Generated = Any
"""What numba's protocol takes and gives; llvmlite has no types."""


def _load(kind: Generated, bits: Generated) -> Callable[[int, int], Any]:
    """Return an instruction that reads the number at a place from an address."""

    @intrinsic
    def read(_context: Any, _address: Any, _place: Any) -> Generated:  # noqa: ANN401
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Generated:  # noqa: ANN401
            pointer = builder.inttoptr(arguments[0], bits.as_pointer())
            return builder.load(builder.gep(pointer, [arguments[1]]))

        return kind(types.int64, types.int64), generate

    return cast("Callable[[int, int], Any]", read)


int32_at = _load(types.int32, ir.IntType(32))
"""The 32-bit whole number at a place from an address."""

int64_at = _load(types.int64, ir.IntType(64))
"""The 64-bit whole number at a place from an address."""

float_at = _load(types.float64, ir.DoubleType())
"""The 64-bit floating number at a place from an address."""


def _store(kind: Generated, bits: Generated) -> Callable[[int, int, Any], int]:
    """Return an instruction that writes a number to a place from an address, and gives 0."""

    @intrinsic
    def write(_context: Any, _address: Any, _place: Any, _value: Any) -> Generated:  # noqa: ANN401
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Generated:  # noqa: ANN401
            pointer = builder.inttoptr(arguments[0], bits.as_pointer())
            builder.store(arguments[2], builder.gep(pointer, [arguments[1]]))
            return ir.Constant(ir.IntType(64), 0)

        return types.int64(types.int64, types.int64, kind), generate

    return cast("Callable[[int, int, Any], int]", write)


put_int8 = _store(types.int8, ir.IntType(8))
"""Write an 8-bit whole number."""

put_int64 = _store(types.int64, ir.IntType(64))
"""Write a 64-bit whole number."""

put_float = _store(types.float64, ir.DoubleType())
"""Write a 64-bit floating number."""


@intrinsic
def _prefetch(_context: Any, _address: Any) -> Generated:  # noqa: ANN401
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Generated:  # noqa: ANN401
        small = ir.IntType(32)
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, small, small, small])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        flags = [ir.Constant(small, value) for value in (0, 3, 1)]  # to read, keep, data
        builder.call(function, [builder.inttoptr(arguments[0], byte), *flags])
        return ir.Constant(ir.IntType(64), 0)

    return types.int64(types.int64), generate


prefetch = cast("Callable[[int], int]", _prefetch)
"""Ask for the memory at an address, which will be read soon; gives 0."""


@compiled
def text_at(data: int, ends: int, code: int) -> int:
    """Return the address of the string of a code.

    Args:
        data: The address of the bytes of all strings.
        ends: The address of where each string starts among them.
        code: The string's code.
    """
    start: int = int64_at(ends, code)
    return data + start


@compiled
def length_of(ends: int, code: int) -> int:
    """Return how many bytes the string of a code has."""
    length: int = int64_at(ends, code + 1) - int64_at(ends, code)
    return length

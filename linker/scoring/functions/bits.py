"""Machine instructions that Python has no word for: bytes compared at once, bits counted.

They read memory at an address. A compiled function that is handed an array counts a reference to
it at every call, which costs more than comparing two names; an address is a number. Whoever takes
one keeps the array alive, and reads nothing beyond its end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

Bytes = npt.NDArray[np.uint8]

WORD = 64
"""Bits of a machine word: as many bytes of a text have one bit each in it."""

SHORT = 16
"""Bytes of a text that are compared by one instruction."""

NONE = np.uint64(0)
ONE = np.uint64(1)
ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)

BYTE = ir.IntType(8)
BITS = ir.IntType(WORD)


def _vector(builder: Any, address: Any, lanes: int) -> Any:  # noqa: ANN401 - llvmlite has no types
    """Load the bytes that begin at an address, which need not be a multiple of anything."""
    pointer = builder.inttoptr(address, ir.VectorType(BYTE, lanes).as_pointer())
    return builder.load(pointer, align=1)


def _word(builder: Any, equal: Any, lanes: int) -> Any:  # noqa: ANN401 - llvmlite has no types
    """Return the answers of a comparison as the lowest bits of a word."""
    bits = builder.bitcast(equal, ir.IntType(lanes))
    return bits if lanes == WORD else builder.zext(bits, BITS)


def _positions(lanes: int) -> Callable[[int, np.uint8], np.uint64]:
    """Return an instruction that finds a byte among the `lanes` bytes that begin at an address."""

    @intrinsic
    def find(_context: Any, _address: Any, _byte: Any) -> Any:  # noqa: ANN401 - numba's protocol
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
            text = _vector(builder, arguments[0], lanes)
            undefined = ir.Constant(text.type, ir.Undefined)
            first = builder.insert_element(undefined, arguments[1], ir.Constant(ir.IntType(32), 0))
            everywhere = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
            wanted = builder.shuffle_vector(first, undefined, everywhere)
            return _word(builder, builder.icmp_unsigned("==", text, wanted), lanes)

        return types.uint64(types.int64, types.uint8), generate

    return cast("Callable[[int, np.uint8], np.uint64]", find)


positions_of_16 = _positions(SHORT)
"""Where among 16 bytes from an address a byte is: bit k for the k-th."""

positions_of_64 = _positions(WORD)
"""The same among 64 bytes."""


@intrinsic
def _equal_16(_context: Any, _address: Any, _other: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        one, other = (_vector(builder, address, SHORT) for address in arguments)
        return _word(builder, builder.icmp_unsigned("==", one, other), SHORT)

    return types.uint64(types.int64, types.int64), generate


equal_16 = cast("Callable[[int, int], np.uint64]", _equal_16)
"""Which of 16 bytes from an address equal those from another: bit k for the k-th."""


@intrinsic
def _address(_context: Any, data: Any, _at: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.ptrtoint(builder.gep(array.data, [arguments[1]]), BITS)

    return types.int64(
        types.Array(types.uint8, 1, "C", readonly=not data.mutable), types.int64
    ), generate


address = cast("Callable[[Bytes, int], int]", _address)
"""The address of a byte of an array."""


@intrinsic
def _byte(_context: Any, _address: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.load(builder.inttoptr(arguments[0], BYTE.as_pointer()))

    return types.uint8(types.int64), generate


byte = cast("Callable[[int], np.uint8]", _byte)
"""The byte at an address."""


@intrinsic
def _trailing_zeros(_context: Any, _bits: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


trailing_zeros = cast("Callable[[np.uint64], int]", _trailing_zeros)
"""The place of the lowest bit that is set, from 0; 64 where none is."""


@intrinsic
def _multiply_add(_context: Any, _one: Any, _other: Any, _term: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


multiply_add = cast("Callable[[float, float, float], float]", _multiply_add)
"""One number times another, plus a third, rounded once."""

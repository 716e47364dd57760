"""Machine instructions that Python has no word for: bytes compared at once, bits counted."""

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


def _positions(lanes: int) -> Callable[[Bytes, int, np.uint8], np.uint64]:
    """Return an instruction that finds a byte among the `lanes` bytes that begin at an offset.

    Bit k of its answer is set where `data[at + k] == byte`. All these bytes must be in the array.
    """

    @intrinsic
    def find(_context: Any, data: Any, _at: Any, _byte: Any) -> Any:  # noqa: ANN401 - numba's protocol
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            vector = ir.VectorType(ir.IntType(8), lanes)
            start = builder.gep(array.data, [arguments[1]])
            text = builder.load(builder.bitcast(start, vector.as_pointer()), align=1)
            one = builder.insert_element(
                ir.Constant(vector, ir.Undefined), arguments[2], ir.Constant(ir.IntType(32), 0)
            )
            everywhere = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
            wanted = builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), everywhere)
            equal = builder.icmp_unsigned("==", text, wanted)
            found = builder.bitcast(equal, ir.IntType(lanes))
            return found if lanes == WORD else builder.zext(found, ir.IntType(WORD))

        return types.uint64(data, types.int64, types.uint8), generate

    return cast("Callable[[Bytes, int, np.uint8], np.uint64]", find)


positions_of_16 = _positions(SHORT)
positions_of_64 = _positions(WORD)


@intrinsic
def _trailing_zeros(_context: Any, _word: Any) -> Any:  # noqa: ANN401 - numba's protocol
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

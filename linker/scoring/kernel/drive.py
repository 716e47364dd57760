"""The part of the kernel that is the same for every model: going through the runs of equal keys.

The text of these functions becomes part of the generated module of each model, where it is compiled
together with ``weigh``, the part that differs. A list of pairs, and one record against candidates,
are runs of two records each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from linker.scoring.features.pack import Bytes, Int32s, Int64s, Rows
from linker.scoring.functions.memory import int32_at, int64_at, prefetch

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
LevelTable = np.ndarray[tuple[int, int], np.dtype[np.int8]]
FloatTable = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class Packed(NamedTuple):
    """Packed mentions and the logarithms of term frequencies; see `linker.scoring.features`."""

    rows: Rows
    data: Bytes
    ends: Int64s
    lists: Int32s
    term_logs: Floats


class Weights(NamedTuple):
    """The numbers of a model, by level: all levels of all comparisons, one after the other."""

    prior: float
    levels: Floats
    identity_caps: Floats
    log_u: Floats
    term_starts: Int64s
    """By comparison level with term frequencies: where the column's stretch starts."""
    word_starts: Int64s
    """By the number of a column: where the stretch of its words starts."""


class Work(NamedTuple):
    """Runs of records; each two records of a run are a candidate pair.

    `members` holds the records of all runs, `starts` where each run starts and the last one ends,
    `rules` the blocking rule of each run. `positions` and `run_ids` give for each record the runs
    it is in, ascending; without them pairs are not looked up in earlier runs.
    """

    members: Int32s
    starts: Int64s
    rules: Bytes
    positions: Int64s
    run_ids: Int32s


class Kept(NamedTuple):
    """Room for what is kept: one place a pair; `found` and `parts` only where details are asked.

    `tally` is only for a kernel that counts (see `linker.scoring.kernel.source`).
    """

    left: Int32s
    right: Int32s
    rule: Bytes
    weight: Floats
    identity: Floats
    confirmed: Bools
    found: LevelTable
    parts: FloatTable
    tally: np.ndarray[tuple[int, int], np.dtype[np.int64]]


class Memory(NamedTuple):
    """The addresses of arrays, which cost nothing to hand on, and the prior."""

    data: int
    ends: int
    lists: int
    bits: int
    caps: int
    log_u: int
    logs: int
    starts: int
    word_starts: int
    found: int
    """0 where no details are asked."""
    parts: int
    tally: int
    prior: float


weigh: Callable[[int, int, int, Memory, float], tuple[bool, float, float, bool]]
"""Weighs the pair of the rows at two addresses: whether it is kept, its weight, its identity
weight, and whether a biometric identifier is equal. The generated module defines it."""


AHEAD = 24
"""Members whose memory is asked for before it is needed."""
CACHE_LINE = 64
"""Bytes that memory gives at once."""


def found_before(left: int, right: int, run: int, positions: int, run_ids: int) -> bool:
    """Return whether two records of a run are together in an earlier one.

    Args:
        left: One record.
        right: The other one.
        run: This run.
        positions: The address of where the runs of each record start.
        run_ids: The address of the runs of all records, ascending for each.
    """
    one, other = int64_at(positions, left), int64_at(positions, right)
    here, there = int32_at(run_ids, one), int32_at(run_ids, other)
    while here != there:  # both are in this run, so they meet there at the latest
        behind = here < there
        one += behind
        other += not behind
        here, there = int32_at(run_ids, one), int32_at(run_ids, other)
    return bool(here < run)


def ask_for_row(rows: int, row_bytes: int, record: int) -> None:
    """Ask for the row of a record, so that it is there when it is needed."""
    for line in range(0, row_bytes, CACHE_LINE):
        prefetch(rows + row_bytes * record + line)


def ask_for_runs(positions: int, run_ids: int, record: int, further: int) -> None:
    """Ask for the runs of a record, and for where those of a record further on start."""
    prefetch(positions + 8 * further)
    prefetch(run_ids + 4 * int64_at(positions, record))


def score_runs(
    packed: Packed,
    weights: Weights,
    work: Work,
    kept: Kept,
    place: Int64s,
    candidates: Int64s,
    least: float,
) -> int:
    """Weigh the pairs of some runs, and keep those that reach a weight.

    Args:
        packed: The mentions.
        weights: The model's numbers.
        work: The runs.
        kept: Where kept pairs go.
        place: The run to go on with, the member of it to go on with, and the run to stop before;
            the first two are moved on.
        candidates: By rule, how many pairs were weighed; added to.
        least: The least weight to keep, in bits; a biometric identifier keeps a pair whatever its
            weight.

    Returns:
        How many pairs were kept. Where there is no more room, `place` says where to go on.
    """
    memory = Memory(
        packed.data.ctypes.data,
        packed.ends.ctypes.data,
        packed.lists.ctypes.data,
        weights.levels.ctypes.data,
        weights.identity_caps.ctypes.data,
        weights.log_u.ctypes.data,
        packed.term_logs.ctypes.data,
        weights.term_starts.ctypes.data,
        weights.word_starts.ctypes.data,
        kept.found.ctypes.data if len(kept.found) else 0,
        kept.parts.ctypes.data,
        kept.tally.ctypes.data,
        weights.prior,
    )
    rows, row_bytes = packed.rows.ctypes.data, 4 * packed.rows.shape[1]
    members, starts, rules = work.members, work.starts, work.rules
    positions, run_ids = work.positions.ctypes.data, work.run_ids.ctypes.data
    once = len(work.positions) > 0
    room = len(kept.left)
    filled = room - len(kept.left)  # 0; of a literal one `weigh` would be compiled twice
    ahead = 0
    run, first = place[0], place[1]
    while run < place[2]:
        begin, end = starts[run], starts[run + 1]
        rule = rules[run]
        for member in range(max(ahead, begin), min(end + AHEAD, len(members))):
            ask_for_row(rows, row_bytes, members[member])
            if once:
                further = members[min(member + AHEAD, len(members) - 1)]
                ask_for_runs(positions, run_ids, members[member], further)
        ahead = end + AHEAD
        for member in range(begin + first, end - 1):
            if end - 1 - member > room - filled:
                place[0], place[1] = run, member - begin
                return filled
            left = members[member]
            for other in range(member + 1, end):
                right = members[other]
                if once and found_before(left, right, run, positions, run_ids):
                    continue
                candidates[rule] += 1
                keep, weight, identity, confirmed = weigh(  # noqa: F821 - see above
                    rows + row_bytes * left, rows + row_bytes * right, filled, memory, least
                )
                if keep:
                    kept.left[filled] = left
                    kept.right[filled] = right
                    kept.rule[filled] = rule
                    kept.weight[filled] = weight
                    kept.identity[filled] = identity
                    kept.confirmed[filled] = confirmed
                    filled += 1
        first = 0
        run += 1
    place[0], place[1] = run, 0
    return filled

"""Cost and power of each comparison: pairs that reach it, pairs it leaves, nanoseconds a pair."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any, Final

import numpy as np

from linker.blocking.runs import Runs, runs_by_record
from linker.scoring.duckdb_functions import NOWHERE, PackedValues
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import Int32s, Int64s
from linker.scoring.kernel.build import build
from linker.scoring.kernel.drive import Work
from linker.scoring.kernel.source import kernel_source, tests_source
from linker.scoring.levels import Kind
from linker.scoring.levels.sides import Form, Sides
from linker.scoring.scorer import PackedMentions, room, run_kernel, score_pairs

SAMPLE: Final = 20_000
"""Candidate pairs of which it is found out one by one which comparisons they reach."""
TIMED: Final = 200_000
"""Pairs compared in one timing; the sample is repeated as often as needed."""
TIMINGS: Final = 7
"""Of which the median counts."""
ROOM: Final = 1 << 19
"""Kept pairs there is room for at a time."""
SEED: Final = 1

Taken = Mapping[str, tuple[Form, ...]]


def power_table(
    mentions: PackedMentions, runs: Runs, least: float, sample: int = SAMPLE
) -> list[dict[str, Any]]:
    """Return a row for each comparison, in the order in which the kernel makes them.

    Args:
        mentions: The packed mentions.
        runs: Which of them share a key.
        least: The least match weight to keep, in bits.
        sample: How many candidate pairs to time comparisons on.

    Returns:
        Rows of ``comparison``; ``at_once``: whether all its tests are made for every pair;
        ``pairs_in``: pairs that reach its later tests, or all pairs; ``pairs_out``: pairs that are
        not given up after it, None where several comparisons give pairs up together; and
        ``ns_per_pair``: of all its levels on pairs that reach it, None where none does. The first
        row tells of all tests that are made at once.
    """
    counting = _counting(mentions)
    tally = _tally_of_all(counting, runs, least)
    left, right = _candidates(runs, sample)
    reached = _reached(counting, left, right, least)
    plan = mentions.scorer.plan
    timed = _timed(mentions, left, right, reached)
    every, given_up = (int(number) for number in tally[0])
    rows: list[dict[str, Any]] = [_row("(all at once)", every, every - given_up, None)]
    for comparison in plan.comparisons:
        if not comparison.is_dear:
            name = comparison.comparison.name
            rows.append(_row(name, every, None, timed[comparison.number]))
    for comparison in plan.dear:
        reach, gone = (int(number) for number in tally[comparison.number + 1])
        row = _row(comparison.comparison.name, reach, reach - gone, timed[comparison.number])
        rows.append(row | {"at_once": False})
    return rows


def _row(name: str, pairs_in: int, pairs_out: int | None, seconds: float | None) -> dict[str, Any]:
    return {
        "comparison": name,
        "at_once": True,
        "pairs_in": pairs_in,
        "pairs_out": pairs_out,
        "ns_per_pair": None if seconds is None else round(1e9 * seconds, 1),
    }


def _counting(mentions: PackedMentions) -> PackedMentions:
    """Return the mentions with a kernel that counts which comparisons are reached."""
    scorer = mentions.scorer

    def with_module(module: ModuleType) -> PackedMentions:
        counting = replace(scorer, module=module)
        return PackedMentions(counting, mentions.features, mentions.logs)

    def try_out(module: ModuleType) -> None:
        nobody = np.empty(0, dtype=np.int32)
        score_pairs(with_module(module), nobody, nobody)

    source = kernel_source(scorer.plan, scorer.layout, tallied=True)
    return with_module(build(source, try_out))


def _tally_of_all(mentions: PackedMentions, runs: Runs, least: float) -> Any:  # noqa: ANN401 - of numpy
    """Return the tally of every candidate pair."""
    work = Work(
        runs.members, runs.starts, runs.rules, *runs_by_record(runs, mentions.features.records)
    )
    largest = int(np.diff(runs.starts).max(initial=0))
    kept = room(max(ROOM, largest), len(mentions.scorer.plan.comparisons), details=False)
    rules = int(runs.rules.max(initial=0)) + 1
    place = np.array([0, 0, len(runs.rules)], dtype=np.int64)
    while place[0] < place[2]:
        run_kernel(mentions, work, kept, place, np.zeros(rules, dtype=np.int64), least)
    return kept.tally


def _candidates(runs: Runs, many: int) -> tuple[Int32s, Int32s]:
    """Return a sample of candidate pairs; what several rules find is drawn the more often."""
    rng = np.random.default_rng(SEED)
    ends = np.cumsum(runs.pairs)
    drawn = rng.integers(0, int(ends[-1]) if len(ends) else 0, many if len(ends) else 0)
    chosen = np.searchsorted(ends, drawn, side="right")
    sizes = np.diff(runs.starts)[chosen]
    one = rng.integers(0, sizes)
    other = rng.integers(0, sizes - 1)
    other += other >= one
    first, second = (runs.members[runs.starts[chosen] + place] for place in (one, other))
    return np.minimum(first, second), np.maximum(first, second)


def _reached(mentions: PackedMentions, left: Int32s, right: Int32s, least: float) -> Any:  # noqa: ANN401 - of numpy
    """Return by pair and comparison whether the pair reaches the comparison's later tests."""
    comparisons = len(mentions.scorer.plan.comparisons)
    members = np.stack([left, right], axis=1).ravel()
    starts = np.arange(0, len(members) + 1, 2, dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    work = Work(members, starts, np.zeros(len(left), dtype=np.uint8), none, members[:0])
    kept = room(1, comparisons, details=False)
    candidates = np.zeros(1, dtype=np.int64)
    seen = np.zeros((len(left) + 1, comparisons), dtype=np.int64)
    for pair in range(len(left)):
        place = np.array([pair, 0, pair + 1], dtype=np.int64)
        run_kernel(mentions, work, kept, place, candidates, least)
        seen[pair + 1] = kept.tally[1:, 0]
    return np.diff(seen, axis=0) > 0


class _Levels(Kind):
    """All levels of a comparison, the number of the first one met as their test."""

    number: int
    levels: tuple[Any, ...]

    @property
    def takes(self) -> Taken:
        """Nothing of its own."""
        return {}

    @property
    def label(self) -> str:
        """The comparison's number."""
        return str(self.number)

    @property
    def function(self) -> str:
        """The name of the function that is timed."""
        return f"comparison_{self.number}"

    def test(self, sides: Sides) -> str:
        """Return the number of the first level that is met, the last one if no other is."""
        last = len(self.levels) - 1
        tests = [f"{place} if {level.test(sides)} else " for place, level in enumerate(self.levels)]
        return "".join([*tests[:last], str(last)]) if self.levels else "0"


def _timed(
    mentions: PackedMentions,
    left: Int32s,
    right: Int32s,
    reached: Any,  # noqa: ANN401 - of numpy
) -> list[float | None]:
    """Return the seconds that each comparison takes for a pair that reaches it."""
    comparisons = mentions.scorer.plan.comparisons
    packed = PackedValues(*mentions.arrays, mentions.weights.word_starts)
    made = [
        _Levels(number=planned.number, levels=tuple(level.kind for level in planned.levels))
        for planned in comparisons
    ]
    nothing = _Levels(number=len(made), levels=())
    module = _compiled([*made, nothing], mentions.features.layout)
    found: list[float | None] = []
    for planned, levels in zip(comparisons, made, strict=True):
        chosen = reached[:, planned.number] if planned.is_dear else np.ones(len(left), dtype=bool)
        if not chosen.any():
            found.append(None)
            continue
        pairs = [np.resize(side[chosen], TIMED).astype(np.int64) for side in (left, right)]
        whole = _median(getattr(module, levels.function), packed, *pairs)
        found.append(max(0.0, whole - _median(getattr(module, nothing.function), packed, *pairs)))
    return found


def _compiled(levels: Sequence[_Levels], layout: Layout) -> ModuleType:
    def try_out(module: ModuleType) -> None:
        nobody = np.empty(0, dtype=np.int64)
        for each in levels:
            getattr(module, each.function)(*NOWHERE, nobody, nobody, np.empty(0, dtype=np.int8))

    return build(tests_source([(each, layout) for each in levels]), try_out)


def _median(function: Any, packed: PackedValues, left: Int64s, right: Int64s) -> float:  # noqa: ANN401 - compiled
    """Return the seconds a pair that a function takes of a processor, whoever else uses it."""
    places = [array.ctypes.data for array in packed]
    met = np.empty(len(left), dtype=np.int8)  # whole numbers, so that every test counts
    seconds = []
    for _ in range(TIMINGS):
        began = time.thread_time()
        function(*places, left, right, met)
        seconds.append(time.thread_time() - began)
    return statistics.median(seconds) / len(left)

"""Runs of equal keys to scored pairs: threads work on ranges of runs, what is kept streams out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.runs import Runs, runs_by_record
from linker.schemas import SCORED_PAIRS
from linker.scoring.features.pack import Int64s
from linker.scoring.kernel.drive import Kept, Work
from linker.scoring.scorer import PackedMentions, first_of, probabilities, room, run_kernel

RANGE_PAIRS: Final = 2_000_000
"""Candidate pairs a thread works on in one go; between two goes progress is told."""
SHARES: Final = 4
"""So many ranges a thread has at least, of so many pairs each at least: `FEWEST_PAIRS`."""
FEWEST_PAIRS: Final = 50_000
ROOM: Final = 1 << 19
"""Kept pairs that a thread has room for; when they are full they are passed on."""


@dataclass(frozen=True)
class Scored:
    """What scoring gave.

    Attributes:
        candidates: By rule, how many pairs no earlier rule had found.
        kept: How many pairs reached the least weight.
    """

    candidates: Int64s
    kept: int


def score_runs(
    mentions: PackedMentions,
    runs: Runs,
    least: float,
    threads: int,
    take: Callable[[pl.DataFrame], None],
    progress: Callable[[int], None] | None = None,
    *,
    distinct: bool = False,
) -> Scored:
    """Score every candidate pair of some runs once, under the first run that has it.

    Args:
        mentions: The packed mentions.
        runs: Which of them share a key.
        least: Pairs of a lower match weight, in bits, are dropped, unless a biometric identifier
            is equal.
        threads: How many threads work side by side.
        take: Receives frames of kept pairs (schema `SCORED_PAIRS`), in no order.
        progress: Called with the number of pairs looked at so far, repeated ones included.
        distinct: Whether no two runs have a pair in common: then none is looked for.
    """
    nowhere = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    records = mentions.features.records
    positions, run_ids = nowhere if distinct else runs_by_record(runs, records)
    work = Work(runs.members, runs.starts, runs.rules, positions, run_ids)
    ranges = _ranges(runs, threads)
    rules = int(runs.rules.max(initial=0)) + 1
    candidates = np.zeros(rules, dtype=np.int64)
    largest = int(np.diff(runs.starts).max(initial=0))
    kept, done = 0, 0

    def score(first: int, last: int) -> tuple[list[pl.DataFrame], Int64s]:
        return _score_range(mentions, work, (first, last), least, max(ROOM, largest), rules)

    for (_, _, pairs), (frames, counts) in _in_turn(score, ranges, threads):
        for frame in frames:
            take(frame)
            kept += frame.height
        candidates += counts
        done += pairs
        if progress:
            progress(done)
    return Scored(candidates, kept)


def _score_range(
    mentions: PackedMentions,
    work: Work,
    bounds: tuple[int, int],
    least: float,
    size: int,
    rules: int,
) -> tuple[list[pl.DataFrame], Int64s]:
    candidates = np.zeros(rules, dtype=np.int64)
    place = np.array([bounds[0], 0, bounds[1]], dtype=np.int64)
    kept = room(size, len(mentions.scorer.plan.comparisons), details=False)
    frames = []
    while place[0] < place[2]:
        filled = run_kernel(mentions, work, kept, place, candidates, least)
        if filled:
            frames.append(_frame(first_of(kept, filled)))
    return frames, candidates


def _frame(kept: Kept) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "mention_l": kept.left.astype(np.int64),
            "mention_r": kept.right.astype(np.int64),
            "rule": kept.rule.copy(),
            "match_weight": kept.weight.copy(),
            "match_probability": probabilities(kept.weight),
            "identity_weight": kept.identity.copy(),
            "confirmed": kept.confirmed.copy(),
        },
        schema=dict(SCORED_PAIRS),
    )


def _ranges(runs: Runs, threads: int) -> list[tuple[int, int, int]]:
    """Cut the runs into ranges: first run, run to stop before, pairs.

    A range has about `RANGE_PAIRS` pairs; of few pairs every thread has some all the same.
    """
    ends = np.cumsum(runs.pairs)
    total = int(ends[-1]) if len(ends) else 0
    size = min(RANGE_PAIRS, total // (SHARES * threads) + FEWEST_PAIRS)
    goals = np.arange(size, total + size, size)
    bounds = np.unique([0, *np.minimum(np.searchsorted(ends, goals) + 1, len(ends))])
    before = np.concatenate([[0], ends])
    return [
        (int(first), int(last), int(before[last] - before[first]))
        for first, last in pairwise(bounds)
    ]


def _in_turn(
    score: Callable[[int, int], tuple[list[pl.DataFrame], Int64s]],
    ranges: list[tuple[int, int, int]],
    threads: int,
) -> Iterator[tuple[tuple[int, int, int], tuple[list[pl.DataFrame], Int64s]]]:
    """Yield what each range gives, in their order; few ranges are ahead, which bounds memory."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: list[tuple[tuple[int, int, int], Future[tuple[list[pl.DataFrame], Int64s]]]] = []
        for chosen in ranges:
            waiting.append((chosen, pool.submit(score, chosen[0], chosen[1])))
            if len(waiting) > 2 * threads:
                done, future = waiting.pop(0)
                yield done, future.result()
        while waiting:
            done, future = waiting.pop(0)
            yield done, future.result()


class PairStream:
    """Kept pairs on their way to disk: parts of a table, sorted by mentions when they are read."""

    def __init__(self, directory: Path) -> None:
        """Write parts into a directory of their own."""
        self._directory = directory
        self._parts = 0

    def take(self, frame: pl.DataFrame) -> None:
        """Write a part."""
        self._directory.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(self._directory / f"{self._parts:06d}.parquet", compression="lz4")
        self._parts += 1

    def sorted(self) -> pl.DataFrame:
        """Return all pairs, sorted by (mention_l, mention_r)."""
        if not self._parts:
            return pl.DataFrame(schema=dict(SCORED_PAIRS))
        whole = pl.read_parquet(sorted(self._directory.glob("*.parquet")))
        return whole.sort("mention_l", "mention_r")

"""What an increment finds, held against a run over all mentions that starts from nothing."""

from __future__ import annotations

import shutil
import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from linker.blocking.hashing import Int32s
from linker.blocking.increment import Increment, increment_pairs
from linker.blocking.index import KeyIndex
from linker.blocking.mention_keys import RuleKeys, mention_keys, write_segment_keys
from linker.blocking.pairs import RuleCount, find_runs
from linker.blocking.runs import Runs
from linker.blocking.still_found import in_doubt, still_found
from linker.config import BlockingRule
from tests.blocking.twins import hashed, mentions

Row = dict[str, list[str] | str | None]
Pair = tuple[int, int]

RULES = [
    BlockingRule(name="a", key=["phones"], refine=["surname"]),
    BlockingRule(name="b", key=["surname"], max_records_per_key=4),
    BlockingRule(name="c", key=["phones", "surname"], max_records_per_key=2, refine=["plates"]),
    BlockingRule(name="d", key=["plates"], refine=["plates", "phones"]),
]
FEW = st.none() | st.lists(st.sampled_from("xyz"), max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"phones": FEW, "plates": FEW, "surname": st.none() | st.sampled_from("st")}
    ),
    max_size=5,
)


class World:
    """Mentions that come and go, their key files, and the candidate pairs kept since the first."""

    def __init__(self, directory: Path, cap: int) -> None:
        self.directory = directory
        self.cap = cap
        self.rows: list[Row] = []
        self.dead = np.zeros(0, np.bool_)
        self.segments: list[Path] = []
        self.pairs: dict[Pair, int] = {}
        self.counts = [RuleCount(rule.name, 0, 0, 0, 0, 0) for rule in RULES]

    def live(self) -> list[int]:
        return np.flatnonzero(~self.dead).tolist()

    def frame(self, numbers: Int32s) -> pl.DataFrame:
        return mentions([self.rows[number] for number in numbers.tolist()])

    def keys(self, numbers: Int32s) -> list[RuleKeys]:
        return mention_keys(RULES, "person", self.frame(numbers).select, numbers)

    def index(self) -> KeyIndex:
        return KeyIndex(self.segments, self.dead)

    def night(self, came: list[Row], gone: list[int]) -> Increment:
        before = self.index()
        went = self.keys(np.array(gone, np.int32))
        numbers = np.arange(len(self.rows), len(self.rows) + len(came), dtype=np.int32)
        self.rows += came
        segment = self.directory / f"{len(self.segments)}"
        new = write_segment_keys(segment, RULES, "person", self.frame(numbers).select, numbers)
        self.segments.append(segment)
        self.dead = np.concatenate([self.dead, np.zeros(len(came), np.bool_)])
        self.dead[gone] = True
        after = self.index()
        indexes = before, after
        threads = 1 + len(self.segments) % 2
        found = increment_pairs(RULES, self.cap, indexes, went, new, self.counts, threads)
        self.counts = found.counts
        self._drop(found.doubtful, after)
        pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
        assert pairs == sorted(set(pairs))
        assert all(left < right for left, right in pairs)
        assert found.known.tolist() == [right < before.total for _, right in pairs]
        for pair, by in zip(pairs, found.rule.tolist(), strict=True):
            self.pairs.setdefault(pair, by)
        return found

    def _drop(self, doubtful: Runs, after: KeyIndex) -> None:
        """Drop pairs of dead mentions, and the doubtful ones that no run has any more."""
        dead = self.dead
        self.pairs = {pair: by for pair, by in self.pairs.items() if not dead[list(pair)].any()}
        sides = np.array(list(self.pairs), np.int32).reshape(-1, 2).T
        left, right = sides[0].copy(), sides[1].copy()
        asked = in_doubt(doubtful, left, right, after.total)
        left, right = left[asked], right[asked]
        keys = self.keys(np.unique(np.concatenate([left, right])))
        kept = still_found(left, right, RULES, self.cap, after, keys)
        for pair in zip(left[~kept].tolist(), right[~kept].tolist(), strict=True):
            del self.pairs[pair]

    def from_nothing(self) -> tuple[dict[Pair, int], list[RuleCount]]:
        """The candidate pairs and counts of a run over the live mentions that starts anew."""
        live = self.live()
        frame = self.frame(np.array(live, np.int32))
        runs, counts = find_runs(RULES, "person", hashed(frame, RULES), len(live), self.cap)
        first: dict[Pair, int] = {}
        for run, by in enumerate(runs.rules.tolist()):
            members = runs.members[runs.starts[run] : runs.starts[run + 1]].tolist()
            for left, right in combinations(members, 2):
                first.setdefault((live[left], live[right]), by)
        return first, counts


class Nights(RuleBasedStateMachine):
    """Nights on which mentions come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())

    @initialize(cap=st.integers(2, 4), rows=ROWS)
    def first_night(self, cap: int, rows: list[Row]) -> None:
        self.world = World(self.directory, cap)
        self.world.night(rows, [])

    @rule(rows=ROWS, data=st.data())
    def night(self, rows: list[Row], data: st.DataObject) -> None:
        live = self.world.live()
        leaving = st.sets(st.sampled_from(live)) if live else st.just(set())
        self.world.night(rows, sorted(data.draw(leaving)))

    @invariant()
    def pairs_and_counts_are_those_of_a_run_that_starts_from_nothing(self) -> None:
        expected, counts = self.world.from_nothing()
        assert set(self.world.pairs) == set(expected)
        assert self.world.counts == counts

    def teardown(self) -> None:
        shutil.rmtree(self.directory)


Nights.TestCase.settings = settings(max_examples=30, stateful_step_count=8)
TestNights = Nights.TestCase

"""Choosing rules: as many matches as possible within a budget of candidate pairs.

A match or a pair that a chosen rule finds already counts no more for the others, so that the gain
of a rule only falls as others are chosen. The greedy choice by new matches for each new pair, held
against the best single rule, is within a constant of the best there is (S. Khuller, A. Moss and
J. Naor, The Budgeted Maximum Coverage Problem, Information Processing Letters 70, 1999, for costs
that add up; R. Iyer and J. Bilmes, Submodular Optimization with Submodular Cover and Submodular
Knapsack Constraints, NIPS 2013, for costs that, like ours, overlap). Then rules are exchanged while
that helps. What each rule would add is kept up to date match by match and pair by pair as rules
come and go, so that no rule's gain is ever computed anew: lazier than lazy evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from linker.blocking.hashing import Bools, Int32s, Int64s
from linker.compiled import compiled_once

MOST_RULES: Final = 256
"""As many as a configuration takes."""
UNITS: Final = 1 << 20
"""Matches are counted in these parts of one, as whole numbers, so that sums are exact."""
ROUNDS: Final = 3
"""How often all chosen rules are tried for an exchange."""
LEAST_SHARE: Final = 0.0001
"""Of all known matches: a rule that adds fewer is not worth the keys that a store holds for it."""
CHEAP: Final = 0.001
"""Given rules of no more than this share of the budget stay: what they find may be too rare to be
in a sample, and they cost nothing."""


@dataclass(frozen=True)
class Problem:
    """What is chosen from.

    Attributes:
        matches: By rule, the places of the matches it finds.
        weights: What each match counts, in `UNITS`.
        pairs: By rule, the places of the listed pairs it makes.
        own: By rule, all pairs it makes, exactly.
        most_pairs: The most listed pairs that the chosen rules may make together.
        most_own: The most that the sum of `own` may be.
        keep: Rules that are chosen whatever they find.
        least: What any other must add, in `UNITS`, to be worth a rule; 1 at least.
    """

    matches: Sequence[Int32s]
    weights: Int64s
    pairs: Sequence[Int32s]
    own: Int64s
    most_pairs: float
    most_own: float
    keep: frozenset[int]
    least: int = 1


def choose(problem: Problem) -> list[int]:
    """Return the places of the chosen rules, ascending."""
    if not problem.matches:
        return []
    state = _State(problem)
    for rule in sorted(problem.keep):
        if state.fits()[rule]:
            state.add(rule)
    state.fill()
    _try_single(problem, state)
    for _ in range(ROUNDS):
        if not _exchanged(problem, state):
            break
    state.thin_out()
    if state.fill():  # what thinning out saved is spent
        state.thin_out()
    return sorted(state.chosen)


class _Cover:
    """Which things are covered by chosen rules, and what each rule would newly cover."""

    def __init__(self, found: Sequence[Int32s], weights: Int64s) -> None:
        self._found = found
        self._weights = weights
        self._times = np.zeros(len(weights), dtype=np.int32)
        lengths = np.array([len(one) for one in found], dtype=np.int64)
        things = np.concatenate([np.empty(0, dtype=np.int32), *found])
        order = np.argsort(things, kind="stable")
        self._rules = np.repeat(np.arange(len(found), dtype=np.int32), lengths)[order]
        counts = np.bincount(things, minlength=len(weights))
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        self.gain: Int64s = np.array([int(weights[one].sum()) for one in found], dtype=np.int64)
        self.covered = 0

    def add(self, rule: int) -> None:
        self.covered += int(self.gain[rule])
        _add(self._found[rule], self._times, self._starts, self._rules, self._weights, self.gain)

    def remove(self, rule: int) -> None:
        self.covered -= self.alone(rule)
        _remove(self._found[rule], self._times, self._starts, self._rules, self._weights, self.gain)

    def alone(self, rule: int) -> int:
        """Return what no other chosen rule covers."""
        found = self._found[rule]
        return int(self._weights[found[self._times[found] == 1]].sum())


class _State:
    """The rules chosen so far."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        things = 1 + max((int(one[-1]) for one in problem.pairs if len(one)), default=-1)
        self.matches = _Cover(problem.matches, problem.weights)
        self.pairs = _Cover(problem.pairs, np.ones(things, dtype=np.int64))
        self.chosen: set[int] = set()

    def add(self, rule: int) -> None:
        self.chosen.add(rule)
        self.matches.add(rule)
        self.pairs.add(rule)

    def remove(self, rule: int) -> None:
        self.chosen.remove(rule)
        self.matches.remove(rule)
        self.pairs.remove(rule)

    def loss(self, rule: int) -> int:
        return self.matches.alone(rule)

    def by_loss(self) -> list[int]:
        return sorted(self.chosen, key=lambda rule: (self.loss(rule), rule))

    def fits(self) -> Bools:
        """Return which rules fit beside those chosen."""
        problem = self._problem
        own = sum(int(problem.own[rule]) for rule in self.chosen)
        fits = self.pairs.covered + self.pairs.gain <= problem.most_pairs
        fits &= own + problem.own <= problem.most_own
        fits[list(self.chosen)] = False
        return np.asarray(fits)

    def fill(self, without: int | None = None) -> list[int]:
        """Choose the best rule that fits, again and again; return the rules chosen."""
        added: list[int] = []
        while len(self.chosen) < MOST_RULES:
            worth = self.fits() & (self.matches.gain >= self._problem.least)
            if without is not None:
                worth[without] = False
            if not worth.any():
                break
            rate = np.where(worth, self.matches.gain / np.maximum(self.pairs.gain, 1), -1.0)
            best = int(np.argmax(rate))
            self.add(best)
            added.append(best)
        return added

    def thin_out(self) -> None:
        """Drop the rules that find too little which no other finds, the worst first."""
        for rule in self.by_loss():
            if rule not in self._problem.keep and self.loss(rule) < self._problem.least:
                self.remove(rule)

    @property
    def value(self) -> tuple[int, int]:
        """What is found, and, negative, what it costs."""
        return self.matches.covered, -self.pairs.covered


def _try_single(problem: Problem, state: _State) -> None:
    """Begin anew with the rule that finds most by itself, if that ends better."""
    before, chosen = state.value, sorted(state.chosen)
    for rule in chosen:
        state.remove(rule)
    gains = np.where(state.fits(), state.matches.gain, -1)
    state.add(int(np.argmax(gains))) if gains.max() > 0 else None
    for rule in sorted(problem.keep):
        if state.fits()[rule]:
            state.add(rule)
    state.fill()
    if state.value <= before:
        for rule in sorted(state.chosen):
            state.remove(rule)
        for rule in chosen:
            state.add(rule)


def _exchanged(problem: Problem, state: _State) -> bool:
    """Try to do without each rule; tell whether that helped for any."""
    helped = False
    for rule in state.by_loss():
        if rule in problem.keep:
            continue
        before = state.value
        state.remove(rule)
        added = state.fill(without=rule)
        if state.value > before:
            helped = True
            continue
        for other in added:
            state.remove(other)
        state.add(rule)
    return helped


@compiled_once
def _add(
    found: Int32s, times: Int32s, starts: Int64s, rules: Int32s, weights: Int64s, gain: Int64s
) -> None:
    for thing in found:
        if times[thing] == 0:
            for place in range(starts[thing], starts[thing + 1]):
                gain[rules[place]] -= weights[thing]
        times[thing] += 1


@compiled_once
def _remove(
    found: Int32s, times: Int32s, starts: Int64s, rules: Int32s, weights: Int64s, gain: Int64s
) -> None:
    for thing in found:
        times[thing] -= 1
        if times[thing] == 0:
            for place in range(starts[thing], starts[thing + 1]):
                gain[rules[place]] += weights[thing]

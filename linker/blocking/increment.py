"""Candidate pairs of an increment: what a run finds anew, because some mentions came and some went.

Only keys of mentions that came or went are looked at. A run of such a key may now make pairs that
it did not make (a mention came; the key is over-full no more), or make none any more (it has become
over-full). What is found is exactly what a run over all mentions would find that was not found
before, and what it would find no more is among the pairs within the `doubtful` runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from linker.blocking.hashing import Bools, Bytes, Int32s, Int64s, UInt64s
from linker.blocking.index import (
    NOT_REFINED,
    KeyIndex,
    SortedKeys,
    refined_name,
    rule_name,
)
from linker.blocking.mention_keys import RuleKeys, side_by_side
from linker.blocking.new_pairs import NewRuns, distinct_pairs
from linker.blocking.pairs import RuleCount
from linker.blocking.runs import Runs, pairs_of, runs_of
from linker.config import BlockingRule


@dataclass(frozen=True)
class Increment:
    """The candidate pairs that an increment adds, and those that it puts in doubt.

    Attributes:
        left: The lower number of each pair, ascending; each pair is there once.
        right: The higher number.
        rule: The first rule whose run that makes new pairs has the pair.
        known: Whether both mentions were there before: such a pair may have been found then by
            another rule.
        doubtful: Runs that made pairs before and make none now, of the mentions that were there
            before and still are: pairs within one are candidate pairs still only if another run
            has them (see `still_found`).
        counts: What each rule yields now, over all mentions.
    """

    left: Int32s
    right: Int32s
    rule: Bytes
    known: Bools
    doubtful: Runs
    counts: list[RuleCount]


@dataclass(frozen=True)
class _Sizes:
    """Keys of mentions that came or went, and how many live mentions have each.

    Attributes:
        name: What the keys are called.
        cap: The most mentions that may share one.
        asked: The keys, ascending, and what refines each where something does.
        before: How many mentions had each; 0 of a refined key whose key was not over-full, since
            it made no run.
        after: How many have it now, counted alike.
        came: How many of these came.
    """

    name: str
    cap: int
    asked: tuple[UInt64s, UInt64s]
    before: Int64s
    after: Int64s
    came: Int64s

    def of(self, chosen: Bools) -> tuple[UInt64s, UInt64s]:
        """Return some of the keys, and what refines them."""
        keys, refined = self.asked
        return keys[chosen], refined[chosen] if len(refined) else refined

    def change(self, worth: Callable[[Int64s], Int64s | Bools]) -> int:
        """Return by how much the sum of what keys of some sizes are worth has changed."""
        return int(worth(self.after).sum()) - int(worth(self.before).sum())

    def fits(self, sizes: Int64s) -> Bools:
        """Whether runs of these sizes make pairs."""
        return np.asarray((sizes > 1) & (sizes <= self.cap))


class _OfRule(NamedTuple):
    """What one rule adds to an increment: runs by its number, and what it yields now."""

    added: list[tuple[int, NewRuns]]
    doubtful: list[tuple[int, Int32s, Int64s]]
    now: RuleCount


def increment_pairs(
    rules: Sequence[BlockingRule],
    default_cap: int,
    indexes: tuple[KeyIndex, KeyIndex],
    gone: Sequence[RuleKeys],
    came: Sequence[RuleKeys],
    counts: Sequence[RuleCount],
    threads: int = 1,
) -> Increment:
    """Find the candidate pairs that an increment adds, and those that it puts in doubt.

    Args:
        rules: The blocking rules in order.
        default_cap: The cap of keys where a rule has none of its own.
        indexes: The key index before, and the one after, which has the keys of what came. Numbers
            of mentions that came are those that the one before does not know.
        gone: By rule, the keys of the mentions that are dead since.
        came: By rule, the keys of the mentions that came.
        counts: By rule, what it yielded before.
        threads: How many rules are worked on side by side.

    Raises:
        StoreError: The files of a segment are missing or damaged, or there are more mentions than
            an increment can pair.
    """
    before, after = indexes

    def of_rule(number: int) -> _OfRule:
        rule = rules[number]
        cap = rule.max_records_per_key or default_cap
        own, refined = _sizes(rule, cap, before, gone[number], came[number])
        levels = [own, refined] if refined else [own]
        return _OfRule(
            [(number, _added(sizes, after)) for sizes in levels],
            [(number, *_stopped(sizes, before.total, after)) for sizes in levels],
            _recounted(counts[number], own, refined),
        )

    found = side_by_side(of_rule, range(len(rules)), threads)
    added = [runs for each in found for runs in each.added]
    doubtful = runs_of([runs for each in found for runs in each.doubtful])
    left, right, first = distinct_pairs(added, after.total)
    now = [each.now for each in found]
    return Increment(left, right, first, right < before.total, doubtful, now)


def _sizes(
    rule: BlockingRule, cap: int, before: KeyIndex, gone: RuleKeys, came: RuleKeys
) -> tuple[_Sizes, _Sizes | None]:
    """Return the sizes of the keys that a rule gave to what came or went, and of refined keys."""
    keys = np.unique(np.concatenate([gone.own.keys, came.own.keys]))
    had = before.counts(rule_name(rule), keys)
    new = came.own.count(keys, NOT_REFINED)
    now = had - gone.own.count(keys, NOT_REFINED) + new
    own = _Sizes(rule_name(rule), cap, (keys, NOT_REFINED), had, now, new)
    if not (gone.refined and came.refined):
        return own, None
    name = refined_name(rule)
    was_over, is_over = had > cap, now > cap
    # all refined keys of a key that becomes over-full, or is so no more, start or stop to count
    turned = before.refinements(name, keys[was_over != is_over])
    asked = _distinct([gone.refined, came.refined, turned])
    of_key = np.searchsorted(keys, asked[0])
    matters = was_over[of_key] | is_over[of_key]
    asked, of_key = (asked[0][matters], asked[1][matters]), of_key[matters]
    had = before.counts(name, *asked)
    new = came.refined.count(*asked)
    now = had - gone.refined.count(*asked) + new
    return own, _Sizes(name, cap, asked, had * was_over[of_key], now * is_over[of_key], new)


def _distinct(found: Sequence[SortedKeys]) -> tuple[UInt64s, UInt64s]:
    """Return keys and what refines them, ascending, each two of them once."""
    keys = np.concatenate([each.keys for each in found])
    refined = np.concatenate([each.refined for each in found])
    order = np.lexsort((refined, keys))
    keys, refined = keys[order], refined[order]
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (refined[1:] != refined[:-1])
    return keys[new], refined[new]


def _added(sizes: _Sizes, after: KeyIndex) -> NewRuns:
    """Return the runs that make new pairs: members, starts, where those start that pair anew.

    A member from there on makes a pair with each member before it.
    """
    # as a run its key may never have been looked at, so that all of its pairs may be new
    whole = sizes.before > sizes.cap
    chosen = sizes.fits(sizes.after) & (whole | (sizes.came > 0))
    members, starts = after.members(sizes.name, *sizes.of(chosen))
    anew = np.where(whole[chosen], starts[:-1] + 1, starts[1:] - sizes.came[chosen])
    return members, starts, anew


def _stopped(sizes: _Sizes, total: int, after: KeyIndex) -> tuple[Int32s, Int64s]:
    """Return the runs that made pairs and have become over-full: old members, and how many."""
    chosen = sizes.fits(sizes.before) & (sizes.after > sizes.cap)
    members, starts = after.members(sizes.name, *sizes.of(chosen))
    run_of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    members, run_of = members[members < total], run_of[members < total]
    kept = np.bincount(run_of, minlength=len(starts) - 1)
    return members[kept[run_of] > 1], kept[kept > 1].astype(np.int64)


def _recounted(count: RuleCount, own: _Sizes, refined: _Sizes | None) -> RuleCount:
    """Return what a rule yields now: what it did, and how that has changed."""

    def over(sizes: Int64s) -> Bools:
        return np.asarray(sizes > own.cap)

    last = refined or own
    making = [own, refined] if refined else [own]
    return replace(
        count,
        keys=count.keys + own.change(lambda sizes: sizes > 1),
        pairs=count.pairs
        + sum(part.change(lambda sizes: pairs_of(sizes[own.fits(sizes)])) for part in making),
        keys_capped=count.keys_capped + last.change(over),
        records_capped=count.records_capped + last.change(lambda sizes: sizes[over(sizes)]),
        pairs_capped=count.pairs_capped + last.change(lambda sizes: pairs_of(sizes[over(sizes)])),
        keys_refined=count.keys_refined + (own.change(over) if refined else 0),
    )

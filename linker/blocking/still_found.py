"""Which known pairs an increment puts in doubt, and which of these are candidate pairs still."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linker.blocking.hashing import Bools, Int32s, Int64s, UInt64s
from linker.blocking.index import NOT_REFINED, KeyIndex, SortedKeys, refined_name, rule_name
from linker.blocking.mention_keys import RuleKeys
from linker.blocking.runs import Runs, runs_by_record
from linker.compiled import compiled_once
from linker.config import BlockingRule


def in_doubt(doubtful: Runs, left: Int32s, right: Int32s, total: int) -> Bools:
    """Return which pairs lie within a doubtful run.

    Args:
        doubtful: Runs that make no pairs any more (`Increment.doubtful`).
        left: One mention of each pair.
        right: The other.
        total: How many numbers of mentions there are.
    """
    return np.asarray(_meet(*runs_by_record(doubtful, total), left, right))


def still_found(
    left: Int32s,
    right: Int32s,
    rules: Sequence[BlockingRule],
    default_cap: int,
    after: KeyIndex,
    keys: Sequence[RuleKeys],
) -> Bools:
    """Return which pairs of live mentions a run that makes pairs still has.

    Args:
        left: One mention of each pair.
        right: The other.
        rules: The blocking rules in order.
        default_cap: The cap of keys where a rule has none of its own.
        after: The key index of all mentions.
        keys: By rule, the keys of the mentions of these pairs, and of others if need be.

    Raises:
        StoreError: The files of a segment are missing or damaged.
    """
    found = np.zeros(len(left), dtype=np.bool_)
    for rule, of_rule in zip(rules, keys, strict=True):
        cap = rule.max_records_per_key or default_cap
        open_pairs = np.flatnonzero(~found)
        sides = left[open_pairs], right[open_pairs]
        pairs, common, _ = _in_common(of_rule.own, sides)
        sizes = _sizes(after, rule_name(rule), common, NOT_REFINED)
        found[open_pairs[pairs[sizes <= cap]]] = True
        if of_rule.refined and (sizes > cap).any():
            pairs, common, refined = _in_common(of_rule.refined, sides)
            over = _sizes(after, rule_name(rule), common, NOT_REFINED) > cap
            pairs, common, refined = pairs[over], common[over], refined[over]
            sizes = _sizes(after, refined_name(rule), common, refined)
            found[open_pairs[pairs[sizes <= cap]]] = True
    return found


def _sizes(after: KeyIndex, name: str, keys: UInt64s, refined: UInt64s) -> Int64s:
    """Return how many live mentions have each key, or refined key, each looked up once."""
    order = np.lexsort((refined, keys)) if len(refined) else np.argsort(keys)
    keys, refined = keys[order], refined[order] if len(refined) else refined
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    if len(refined):
        new[1:] |= refined[1:] != refined[:-1]
    asked = keys[new], refined[new] if len(refined) else refined
    sizes = np.empty(len(keys), dtype=np.int64)
    sizes[order] = after.counts(name, *asked)[np.cumsum(new) - 1]
    return sizes


def _in_common(held: SortedKeys, sides: tuple[Int32s, Int32s]) -> tuple[Int64s, UInt64s, UInt64s]:
    """Return the pairs that have keys in common: place among the pairs, key, refined key."""
    order = np.argsort(held.mentions, kind="stable")
    mentions = held.mentions[order]
    bounds = [
        (np.searchsorted(mentions, side), np.searchsorted(mentions, side, "right"))
        for side in sides
    ]
    keys = held.keys[order]
    refined = held.refined[order] if len(held.refined) else held.refined
    pairs, places = _common(keys, refined, *bounds[0], *bounds[1])
    return pairs, keys[places], refined[places] if len(refined) else refined


@compiled_once
def _common(
    keys: UInt64s,
    refined: UInt64s,
    firsts: Int64s,
    lasts: Int64s,
    other_firsts: Int64s,
    other_lasts: Int64s,
) -> tuple[Int64s, Int64s]:
    """Return each key that both mentions of a pair have: the pair, and the key's place.

    Args:
        keys: Of all mentions, ascending within each.
        refined: What refines each, ascending within a key; empty where nothing does.
        firsts: Where the keys of one mention of each pair start.
        lasts: Where they end.
        other_firsts: Where the keys of the other start.
        other_lasts: Where they end.
    """
    pairs, places = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    for pair in range(len(firsts)):
        one, other = firsts[pair], other_firsts[pair]
        while one < lasts[pair] and other < other_lasts[pair]:
            first, second = keys[one], keys[other]
            if first == second and len(refined) > 0:
                first, second = refined[one], refined[other]
            if first == second:
                pairs.append(np.int64(pair))
                places.append(np.int64(one))
            one += first <= second
            other += second <= first
    return np.array(pairs), np.array(places)


@compiled_once
def _meet(positions: Int64s, run_ids: Int32s, left: Int32s, right: Int32s) -> Bools:
    """Return which pairs are in one run, given the runs of each mention, ascending."""
    found = np.zeros(len(left), dtype=np.bool_)
    for pair in range(len(left)):
        one, last = positions[left[pair]], positions[left[pair] + 1]
        other, other_last = positions[right[pair]], positions[right[pair] + 1]
        while one < last and other < other_last and not found[pair]:
            first, second = run_ids[one], run_ids[other]
            found[pair] = first == second
            one += first <= second
            other += second <= first
    return found

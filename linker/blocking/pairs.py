"""Candidate pairs: counted exactly before any is scored, held to a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from linker.blocking.hashing import Int32s, UInt64s
from linker.blocking.keys import (
    HashedPart,
    extended_keys,
    parse_refinement,
    rule_keys,
)
from linker.blocking.runs import Runs, SplitKeys, pairs_of, runs_of, sort_keys, split
from linker.config import BlockingRule, EntitySettings
from linker.errors import BudgetError
from linker.schemas import EntityType

SMALLEST_BUDGET = 5_000_000
"""Pairs that are always allowed: so few are scored in a second or two."""

TakeKeys = Callable[[int, UInt64s, Int32s], None]
"""Receives a rule's number, its keys sorted by (key, mention), and the mention of each."""


@dataclass(frozen=True)
class RuleCount:
    """What one blocking rule yields.

    Attributes:
        rule: Its name.
        keys: How many keys two or more records share.
        pairs: The rule's own pairs after over-full keys were left out, pairs that other rules find
            as well included.
        keys_capped: Keys over `max_records_per_key` that were left out, or refined keys that were.
        records_capped: How many records share these; a record counts once a key.
        pairs_capped: How many pairs these would make.
        keys_refined: Over-full keys that were refined by further columns.
    """

    rule: str
    keys: int
    pairs: int
    keys_capped: int
    records_capped: int
    pairs_capped: int
    keys_refined: int = 0


@dataclass(frozen=True)
class _Found:
    """What one rule yields: its sorted keys, and the runs of its usable and refined keys."""

    keys: UInt64s
    records: Int32s
    usable: list[SplitKeys]
    count: RuleCount


def find_runs(
    rules: Sequence[BlockingRule],
    entity_type: EntityType,
    hashed: Mapping[str, HashedPart],
    records: int,
    max_records_per_key: int,
    threads: int = 1,
    take: TakeKeys | None = None,
) -> tuple[Runs, list[RuleCount]]:
    """Make the keys of each rule and return the runs of those that make pairs, with their counts.

    A key that more than `max_records_per_key` records share makes no pairs itself. Where its rule
    has `refine`, its records' keys are extended by those columns, and what is then not over-full
    makes pairs; the rest is left to other rules. Every cap is counted.

    Args:
        rules: The blocking rules in order.
        entity_type: Whose mentions they are.
        hashed: The hashes of every part of the rules, by its name.
        records: How many mentions there are.
        max_records_per_key: The cap where a rule has none of its own.
        threads: How many rules are worked on side by side.
        take: Receives the keys of each rule, in the order of rules.
    """

    def found(rule: BlockingRule) -> _Found:
        cap = rule.max_records_per_key or max_records_per_key
        return _of_rule(rule, entity_type, hashed, records, cap)

    parts, counts = [], []
    for number, yielded in enumerate(_in_order(found, rules, threads)):
        if take:
            take(number, yielded.keys, yielded.records)
        parts += [(number, usable.members, usable.sizes) for usable in yielded.usable]
        counts.append(yielded.count)
    return runs_of(parts), counts


def _in_order(
    found: Callable[[BlockingRule], _Found], rules: Sequence[BlockingRule], threads: int
) -> Iterator[_Found]:
    """Yield what each rule gives, in their order, only so many at a time."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[_Found]] = []
        for rule in rules:
            waiting.append(pool.submit(found, rule))
            if len(waiting) > threads:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


def _of_rule(
    rule: BlockingRule,
    entity_type: EntityType,
    hashed: Mapping[str, HashedPart],
    records: int,
    cap: int,
) -> _Found:
    keys, whose = sort_keys(*rule_keys(rule, entity_type, hashed, records))
    own = split(keys, whose, cap)
    refined = None
    if rule.refine and len(own.over_sizes):
        parts = parse_refinement(rule, entity_type)
        extended = extended_keys(own.over_keys, own.over_records, parts, hashed)
        refined = split(*sort_keys(*extended), cap)
    usable = [own] if refined is None else [own, refined]
    left_out = usable[-1].over_sizes
    count = RuleCount(
        rule=rule.name,
        keys=len(own.sizes) + len(own.over_sizes),
        pairs=sum(int(pairs_of(part.sizes).sum()) for part in usable),
        keys_capped=len(left_out),
        records_capped=int(left_out.sum()),
        pairs_capped=int(pairs_of(left_out).sum()),
        keys_refined=0 if refined is None else len(own.over_sizes),
    )
    return _Found(keys, whose, usable, count)


def enforce_budget(
    counts: Sequence[RuleCount],
    settings: EntitySettings,
    records: int,
    entity_type: EntityType,
) -> None:
    """Stop when a rule, or all rules together, would make more pairs than allowed.

    Args:
        counts: One count a rule, in the order of `settings.blocking`.
        settings: Holds the budgets.
        records: How many mentions there are.
        entity_type: For the error.

    Raises:
        BudgetError: Names the rule, its pairs and its budget.
    """
    shared_budget = max(SMALLEST_BUDGET, int(settings.max_pairs_per_record * records))
    for found, rule in zip(counts, settings.blocking, strict=True):
        budget = rule.max_pairs or shared_budget
        if found.pairs > budget:
            raise BudgetError(
                f"{entity_type}: blocking rule {found.rule!r} makes {found.pairs:,} candidate "
                f"pairs, its budget is {budget:,}; make its key more selective, lower "
                f"{entity_type}.max_records_per_key or raise its max_pairs"
            )
    total = sum(found.pairs for found in counts)
    if total > shared_budget:
        most = max(counts, key=lambda found: found.pairs)
        raise BudgetError(
            f"{entity_type}: the blocking rules make {total:,} candidate pairs together, the "
            f"budget is {shared_budget:,}; rule {most.rule!r} makes the most, {most.pairs:,}; make "
            f"it more selective or raise {entity_type}.max_pairs_per_record"
        )

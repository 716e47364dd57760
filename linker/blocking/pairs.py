"""Candidate pairs: counted exactly before they are made, held to a budget, each made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from linker.config import BlockingRule, EntitySettings
from linker.database import count
from linker.errors import BudgetError
from linker.schemas import EntityType

SMALLEST_BUDGET = 1_000_000
"""Pairs that are always allowed: so few cost no one anything."""


@dataclass(frozen=True)
class RuleCount:
    """What one blocking rule yields.

    `pairs` counts the rule's own pairs after over-full keys were left out, pairs that other rules
    find as well included; `keys_capped` keys over `max_records_per_key` were left out, which
    `records_capped` records share.
    """

    rule: str
    keys: int
    pairs: int
    keys_capped: int
    records_capped: int
    pairs_capped: int


def count_pairs(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[BlockingRule], max_records_per_key: int
) -> list[RuleCount]:
    """Count the pairs of each rule from the table ``keys``, and fill ``usable_keys``.

    ``usable_keys`` (rule, key) holds the keys that two or more records share, over-full ones left
    out.

    Args:
        connection: Where the table ``keys`` is.
        rules: The blocking rules, in the order of their numbers.
        max_records_per_key: Keys shared by more records are left to other rules, where the rule
            does not say its own limit.

    Returns:
        One count a rule, in order.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE caps (rule UTINYINT, cap BIGINT)")
    connection.executemany(
        "INSERT INTO caps VALUES (?, ?)",
        [
            (number, rule.max_records_per_key or max_records_per_key)
            for number, rule in enumerate(rules)
        ],
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE key_sizes AS "
        "SELECT rule, key, records, records <= cap AS fits "
        "FROM (SELECT rule, key, count(*) AS records FROM keys GROUP BY rule, key "
        "HAVING count(*) > 1) JOIN caps USING (rule)"
    )
    rows = connection.execute(
        """
        SELECT rule,
               count(*),
               coalesce(sum(records * (records - 1) // 2) FILTER (fits), 0)::BIGINT,
               count(*) FILTER (NOT fits),
               coalesce(sum(records) FILTER (NOT fits), 0)::BIGINT,
               coalesce(sum(records * (records - 1) // 2) FILTER (NOT fits), 0)::BIGINT
        FROM key_sizes GROUP BY rule
        """
    ).fetchall()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE usable_keys AS SELECT rule, key FROM key_sizes WHERE fits"
    )
    connection.execute("DROP TABLE key_sizes")
    found = {row[0]: row[1:] for row in rows}
    return [
        RuleCount(rule.name, *found.get(number, (0, 0, 0, 0, 0)))
        for number, rule in enumerate(rules)
    ]


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


def write_candidate_pairs(connection: duckdb.DuckDBPyConnection) -> int:
    """Fill ``candidate_pairs`` (mention_l, mention_r, rule) from ``keys`` and ``usable_keys``.

    A pair that several rules find is made once, under the first of them; mention_l < mention_r.

    Returns:
        The number of distinct candidate pairs.
    """
    connection.execute(
        """
        CREATE OR REPLACE TABLE candidate_pairs AS
        WITH members AS (SELECT keys.* FROM keys SEMI JOIN usable_keys USING (rule, key))
        SELECT l.mention AS mention_l, r.mention AS mention_r, min(l.rule) AS rule
        FROM members l JOIN members r
          ON l.rule = r.rule AND l.key = r.key AND l.mention < r.mention
        GROUP BY l.mention, r.mention
        """
    )
    return count(connection, "SELECT count(*) FROM candidate_pairs")


def pairs_by_rule(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[BlockingRule]
) -> list[tuple[str, int]]:
    """Return for each rule how many candidate pairs no earlier rule had found."""
    rows = connection.execute("SELECT rule, count(*) FROM candidate_pairs GROUP BY rule").fetchall()
    found = dict(rows)
    return [(rule.name, int(found.get(number, 0))) for number, rule in enumerate(rules)]

"""Candidate pairs: the runs of each rule, against a brute-force search."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linker.blocking.keys import HashedPart, hash_part, key_parts
from linker.blocking.pairs import RuleCount, find_runs
from linker.blocking.runs import Runs
from linker.config import BlockingRule, EntitySettings
from linker.config.load import default_settings
from linker.schemas import ENTITY_TYPES, MENTIONS, EntityType
from tests.blocking.twins import hashed, key_of, mentions

RULES = [
    BlockingRule(name="a", key=["phones"], refine=["surname"]),
    BlockingRule(name="b", key=["surname"]),
    BlockingRule(name="c", key=["surname", "phones"], max_records_per_key=3, refine=["plates"]),
]

Row = dict[str, list[str] | str | None]
Found = dict[tuple[int, int], int]
"""By pair the first rule that finds it."""

FEW = st.none() | st.lists(st.sampled_from("xyz"), max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"phones": FEW, "plates": FEW, "surname": st.none() | st.sampled_from("st")}
    ),
    max_size=14,
)


def values(row: Row, part: str) -> set[str]:
    found = row[part] or []
    return set(found) if isinstance(found, list) else {found}


def keyed(rows: list[Row], parts: list[str], among: list[int]) -> dict[tuple[str, ...], set[int]]:
    """The mentions of each combination of values of some parts."""
    found: dict[tuple[str, ...], set[int]] = {(): set(among)}
    for part in parts:
        longer: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for key, members in found.items():
            for member in members:
                for value in values(rows[member], part):
                    longer[*key, value].add(member)
        found = longer
    return found


def brute_force(
    rows: list[Row], rules: list[BlockingRule], cap: int
) -> tuple[Found, list[RuleCount]]:
    first: Found = {}
    counts = []
    for number, rule in enumerate(rules):
        most = rule.max_records_per_key or cap
        groups = keyed(rows, rule.key, list(range(len(rows)))).values()
        over = [group for group in groups if len(group) > most]
        usable = [group for group in groups if 1 < len(group) <= most]
        refined = [
            group
            for whole in (over if rule.refine else [])
            for group in keyed(rows, rule.refine, sorted(whole)).values()
            if len(group) > 1
        ]
        left_out = [group for group in refined if len(group) > most] if rule.refine else over
        makes = [*usable, *(group for group in refined if len(group) <= most)]
        for group in makes:
            for pair in combinations(sorted(group), 2):
                first.setdefault(pair, number)
        counts.append(
            RuleCount(
                rule=rule.name,
                keys=len(usable) + len(over),
                pairs=sum(pairs_of(group) for group in makes),
                keys_capped=len(left_out),
                records_capped=sum(map(len, left_out)),
                pairs_capped=sum(map(pairs_of, left_out)),
                keys_refined=len(over) if rule.refine else 0,
            )
        )
    return first, counts


def pairs_of(group: set[int]) -> int:
    return len(group) * (len(group) - 1) // 2


def runs_and_counts(
    rows: list[Row], rules: list[BlockingRule], cap: int, threads: int = 1
) -> tuple[Runs, list[RuleCount]]:
    frame = mentions(rows)
    return find_runs(rules, "person", hashed(frame, rules), len(rows), cap, threads)


def pairs_in(runs: Runs) -> Found:
    first: Found = {}
    for run, rule in enumerate(runs.rules.tolist()):
        members = runs.members[runs.starts[run] : runs.starts[run + 1]].tolist()
        assert members == sorted(set(members))
        for pair in combinations(members, 2):
            first.setdefault(pair, rule)
    return first


FULL: list[Row] = [{"phones": ["x"], "plates": ["y"], "surname": name} for name in "ssstt"]


@given(ROWS, st.integers(2, 5), st.integers(1, 2))
@example(FULL, 2, 1)
@example(FULL, 4, 2)
def test_pairs_are_those_that_share_a_key(rows: list[Row], cap: int, threads: int) -> None:
    """Pairs and counts equal a brute-force search, caps and refinements included."""
    runs, counts = runs_and_counts(rows, RULES, cap, threads)
    expected, expected_counts = brute_force(rows, RULES, cap)
    assert counts == expected_counts
    assert pairs_in(runs) == expected
    assert runs.rules.tolist() == sorted(runs.rules.tolist())
    assert int(runs.pairs.sum()) == sum(count.pairs for count in counts)


def shared_by(records: int, rules: list[BlockingRule], cap: int) -> list[RuleCount]:
    return runs_and_counts([dict(FULL[0]) for _ in range(records)], rules, cap)[1]


def test_over_full_keys_are_left_out_and_counted() -> None:
    """A key that too many records share makes no pairs, and the count says how many it would."""
    assert shared_by(5, RULES[1:2], 4) == [RuleCount("b", 1, 0, 1, 5, 10)]
    assert shared_by(4, RULES[1:2], 4) == [RuleCount("b", 1, 6, 0, 0, 0)]


def test_over_full_keys_are_refined() -> None:
    """Where a rule says by what, an over-full key is divided, and what fits then makes pairs."""
    rows: list[Row] = [{"phones": ["x"], "plates": None, "surname": name} for name in "ssttt"]
    runs, counts = runs_and_counts(rows, RULES[:1], 4)
    assert counts == [RuleCount("a", 1, 1 + 3, 0, 0, 0, keys_refined=1)]
    assert set(pairs_in(runs)) == {(0, 1), (2, 3), (2, 4), (3, 4)}
    _, counts = runs_and_counts(rows, RULES[:1], 2)
    assert counts == [RuleCount("a", 1, 1, 1, 3, 3, keys_refined=1)]


def test_a_record_without_the_refinement_is_left_to_other_rules() -> None:
    """What an over-full key would be refined by may be missing: such records make no pairs."""
    rows: list[Row] = [{"phones": ["x"], "plates": None, "surname": None} for _ in range(3)]
    _, counts = runs_and_counts(rows, RULES[:1], 2)
    assert counts == [RuleCount("a", 1, 0, 0, 0, 0, keys_refined=1)]


def test_a_rules_own_cap_comes_before_the_shared_one() -> None:
    """A rule with its own max_records_per_key is capped by that."""
    rules = [RULES[1], RULES[1].model_copy(update={"max_records_per_key": 2})]
    assert [count.pairs for count in shared_by(3, rules, 10)] == [3, 0]
    rules = [RULES[1].model_copy(update={"max_records_per_key": 3})]
    assert [count.pairs for count in shared_by(3, rules, 2)] == [3]


@pytest.mark.parametrize("threads", [1, 2])
def test_every_key_is_handed_over_in_order(threads: int) -> None:
    """Keys go where they are stored rule by rule, sorted, over-full ones and single ones too."""
    rows: list[Row] = [*FULL, {"phones": ["only"], "plates": None, "surname": "u"}]
    taken: list[tuple[int, list[tuple[int, int]]]] = []

    def take(rule: int, keys: np.ndarray, records: np.ndarray) -> None:
        taken.append((rule, list(zip(keys.tolist(), records.tolist(), strict=True))))

    parts: dict[str, HashedPart] = hashed(mentions(rows), RULES)
    find_runs(RULES, "person", parts, len(rows), 2, threads, take)
    assert [rule for rule, _ in taken] == [0, 1, 2]
    assert taken[0][1] == sorted(
        [(key_of("a", "x"), at) for at in range(5)] + [(key_of("a", "only"), 5)]
    )
    assert all(keys == sorted(set(keys)) for _, keys in taken)


def test_no_rules_and_no_records_make_no_runs() -> None:
    """Nothing is found in nothing."""
    runs, counts = runs_and_counts([], RULES, 5)
    assert [count.pairs for count in counts] == [0, 0, 0]
    assert runs.starts.tolist() == [0]
    runs, counts = runs_and_counts(FULL, [], 5)
    assert (counts, runs.starts.tolist()) == ([], [0])


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_a_target_in_very_many_records_is_no_dead_end_by_the_shipped_rules(
    entity_type: EntityType,
) -> None:
    """Of 600 records that say one name and nothing else, each is compared with every other, if not
    at once then one by one."""
    named = {"full_name": "junyi li", "name": "akzo nobel"}
    schema = dict(MENTIONS[entity_type])
    rows = [{"source": "s", "record_id": str(number), **named} for number in range(600)]
    frame = pl.DataFrame(
        [{name: value for name, value in row.items() if name in schema} for row in rows],
        schema=schema,
    )
    shipped = EntitySettings.model_validate(default_settings(entity_type))
    hashes = {
        part.name: hash_part(part, frame) for part in key_parts(shipped.blocking, entity_type)
    }
    runs, _ = find_runs(shipped.blocking, entity_type, hashes, 600, shipped.max_records_per_key)
    graph: nx.Graph[int] = nx.Graph(list(pairs_in(runs)))
    assert len(graph) == 600
    assert nx.is_connected(graph)


def test_who_has_a_telephone_under_another_name_is_found() -> None:
    """Liu Guofeng is Low Kwok Feng: one telephone and one birth year, where dates are common."""
    rows = [
        {"surname": "liu", "given_name": "guofeng", "phones": ["+15205550101"]},
        {"surname": "low", "given_name": "kwok", "phones": ["+15205550101", "+15205550102"]},
        {"surname": "roe", "given_name": "ann", "phones": ["+15205550103"]},
    ]
    records = pl.DataFrame(
        [{"mention": n, "birth_year": 1997, **row} for n, row in enumerate(rows)],
        schema=dict(MENTIONS["person"]),
    )
    rules = EntitySettings.model_validate(default_settings("person")).blocking
    hashes = {part.name: hash_part(part, records) for part in key_parts(rules, "person")}
    runs, counts = find_runs(rules, "person", hashes, records.height, 200)
    assert [count.rule for count in counts if count.pairs] == ["phone_and_birth_year"]
    assert runs.members.tolist() == [0, 1]

"""The keys of some mentions, refined ones included, in memory, on disk, and asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.blocking.mention_keys import (
    key_files,
    mention_keys,
    write_segment_keys,
)
from linker.blocking.pairs import find_runs
from linker.config import BlockingRule
from tests.blocking.twins import hashed, key_of, mentions

RULES = [
    BlockingRule(name="a", key=["phones"], refine=["plates", "surname"]),
    BlockingRule(name="b", key=["surname"]),
]
FEW = st.none() | st.lists(st.sampled_from("xy"), max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"phones": FEW, "plates": FEW, "surname": st.none() | st.sampled_from("st")}
    ),
    max_size=6,
)

Row = dict[str, list[str] | str | None]


@given(ROWS, st.integers(1, 2))
def test_every_mention_has_its_keys_and_refined_keys(rows: list[Row], threads: int) -> None:
    """Keys are sorted, carry the mentions' numbers, and refined ones come with what they refine."""
    numbers = np.array([3 * at + 7 for at in range(len(rows))], np.int32)
    frame = mentions(rows)
    first, second = mention_keys(RULES, "person", frame.select, numbers, threads)
    own, refined, surnames = set(), set(), set()
    for number, row in zip(numbers.tolist(), rows, strict=True):
        if row["surname"]:
            surnames.add((key_of("b", str(row["surname"])), number))
        for phone in row["phones"] or []:
            key = key_of("a", phone)
            own.add((key, number))
            for plate in row["plates"] or [] if row["surname"] else []:
                refined.add((key, key_of("a", phone, plate, str(row["surname"])), number))
    held = zip(first.own.keys.tolist(), first.own.mentions.tolist(), strict=True)
    assert list(held) == sorted(own)
    assert first.refined is not None
    columns = first.refined.keys, first.refined.refined, first.refined.mentions
    assert list(zip(*(each.tolist() for each in columns), strict=True)) == sorted(refined)
    held = zip(second.own.keys.tolist(), second.own.mentions.tolist(), strict=True)
    assert list(held) == sorted(surnames)
    assert second.refined is None


ALIKE: list[Row] = [
    {"phones": ["x", "y"], "plates": ["p"], "surname": name} for name in ("s", "s", "t", None)
]


def test_a_full_run_writes_the_same_files(tmp_path: Path) -> None:
    """What a full run writes as it finds its runs is what is written by itself, byte for byte."""
    frame = mentions(ALIKE)
    parts = hashed(frame, RULES)
    take = key_files(tmp_path / "full", RULES, "person", parts)
    find_runs(RULES, "person", parts, frame.height, 2, take=take)
    numbers = np.arange(frame.height, dtype=np.int32)
    write_segment_keys(tmp_path / "alone", RULES, "person", frame.select, numbers)
    written = {path.name: path.read_bytes() for path in (tmp_path / "full").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "alone").iterdir()}
    assert set(written) == {
        *(f"rule.a.{column}.npy" for column in ("keys", "mentions")),
        *(f"rule.a+.{column}.npy" for column in ("keys", "refined", "mentions")),
        *(f"rule.b.{column}.npy" for column in ("keys", "mentions")),
    }

"""Which levels hold because others do: what is said to follow does follow in the kernel."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import polars as pl
import pytest

from linker.config import LevelSettings
from linker.evidence.implied import counted_already, facts, holds
from linker.evidence.ladders import ladders
from linker.evidence.verdict import Met
from linker.model import LinkageModel, ModelInUse
from linker.schemas import EntityType
from linker.scoring.explain import explain
from linker.scoring.levels import Kind, kind_of
from linker.scoring.scorer import scorer_of
from tests.evidence.records import mention

GIVEN = ("Ana", "Anna", "Maria", "Marla", "Juan", "Juana", "A", "Jose")
FAMILY = ("Torres", "Torrez", "Rojas", "Luna", "Roxas Luna", "de la Cruz", "Ana")


def level(kind: str, **parameters: Any) -> Kind:
    return kind_of(LevelSettings.model_validate({"kind": kind, **parameters}), "test")


ALIKE = {"alike": 0.8, "differing": 0.29}


@pytest.mark.parametrize(
    ("fact", "wanted", "follows"),
    [
        (level("exact", column="name_key"), level("same_words"), True),
        (level("exact", column="surname"), level("same_words"), False),
        (level("same_words"), level("same_words", **ALIKE, given_names="either"), True),
        (level("same_words", **ALIKE), level("same_words"), False),
        (level("same_words", given_names="either"), level("same_words"), False),
        (level("same_words", alike=0.8), level("same_words", alike=0.9), False),
        (level("exact", column="surname"), level("overlap", column="surname_parts"), True),
        (level("overlap", column="surname_parts"), level("overlap", column="name_sounds"), True),
        (level("overlap", column="phones"), level("overlap", column="emails"), False),
        (level("exact", column="sex"), level("known", of=["sex"]), True),
        (level("known", of=["sex"]), level("exact", column="sex"), False),
    ],
)
def test_a_level_follows_from_a_stricter_one(fact: Kind, wanted: Kind, *, follows: bool) -> None:
    """Equal names have the same words and family names, and never the other way round."""
    assert holds(wanted, [fact]) == follows


def test_parts_follow_from_the_whole() -> None:
    """All of several levels imply each, and each implies any of them."""
    exact = {"kind": "exact", "column": "sex"}
    other = {"kind": "exact", "column": "city"}
    both, either = (level(kind, levels=[exact, other]) for kind in ("all_of", "any_of"))
    sex, city = level(**exact), level(**other)
    assert holds(sex, [both])
    assert holds(either, [city])
    assert holds(both, [city, sex])
    assert not holds(both, [sex])
    assert not holds(either, [])


def test_nothing_follows_from_what_is_missing(people: LinkageModel) -> None:
    """A level that compares nothing tells nothing of other comparisons."""
    for step in ladders(people):
        assert facts(step.kinds, 0) == []
        assert not counted_already(step.kinds[0], [])


def test_what_is_counted_already_is_so_in_the_kernel(
    shipped: dict[EntityType, ModelInUse],
) -> None:
    """Of names in any shape, a comparison that is said to be passed over is not compared."""
    draw = random.Random(7)
    scorer = scorer_of(shipped["person"])
    steps = ladders(scorer.in_use.model)
    rows = [
        {"full_name": f"{draw.choice(GIVEN)} {draw.choice(GIVEN)} {draw.choice(FAMILY)}"}
        if draw.random() < 0.5
        else {"given_name": draw.choice(GIVEN), "surname": draw.choice(FAMILY)}
        for _ in range(60)
    ]
    packed = scorer.pack(pl.concat([mention(row).select(scorer.layout.columns) for row in rows]))
    left, right = np.triu_indices(len(rows), 1)
    said = 0
    for pair in explain(packed, left.astype(np.int32), right.astype(np.int32)):
        levels = [Met.of(one) for one in pair.evidence]
        for number, step in enumerate(steps):
            others = [
                fact
                for other, met in enumerate(levels)
                if other != number
                for fact in facts(steps[other].kinds, met.place)
            ]
            if counted_already(step.kinds[0], others):
                assert levels[number].place == 0
                said += 1
    assert said > 100

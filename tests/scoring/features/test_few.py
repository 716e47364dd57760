"""A question and its candidates, packed together from several sets, weigh what they always do."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linker.jobs.models import shipped_model
from linker.model import read_model
from linker.schemas import EntityType
from linker.scoring.features.few import Part, packed_together
from linker.scoring.features.one_term_logs import OneTermLogs
from linker.scoring.features.pack import pack_frame
from linker.scoring.features.pack_one import pack_one
from linker.scoring.features.term_logs import term_logs
from linker.scoring.scorer import PackedMentions, Scorer, score_pairs, scorer_of
from tests.scoring.models import STRUCTURES, weighed
from tests.scoring.people import some

SEEDS = st.integers(0, 10_000)
FIRST = np.zeros(1, dtype=np.int64)


def whole_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """Mentions as standardising makes them: no list holds a missing value."""
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    return frame.with_columns(pl.col(lists).list.drop_nulls())


def alone(frame: pl.DataFrame, scorer: Scorer, terms: OneTermLogs) -> tuple[Part, dict[str, Any]]:
    mention = {name: value for name, value in frame.row(0, named=True).items() if value is not None}
    asked = pack_one(mention, scorer.layout)
    return Part(asked, terms.logs(asked), FIRST), mention


def weights_of(scorer: Scorer, parts: list[Part], columns: list[str], needed: Any) -> Any:
    features, logs = packed_together(parts, columns, needed)
    right = np.arange(1, features.records, dtype=np.int32)
    packed = PackedMentions(scorer, features, logs)
    return score_pairs(packed, np.zeros_like(right), right, details=True)


@cache
def scorer_named(name: str) -> Scorer:
    """The scorer of a structure with weights of its own; compiled once."""
    return scorer_of(weighed(STRUCTURES[name], 0))


@cache
def scorer_shipped(entity: EntityType) -> Scorer:
    return scorer_of(read_model(shipped_model(entity), entity))


def check(scorer: Scorer, frame: pl.DataFrame, split: int) -> None:
    in_use = scorer.in_use
    frame = whole_lists(frame).select(scorer.layout.columns)
    terms = OneTermLogs(in_use, scorer.plan.word_columns)
    asked, mention = alone(frame, scorer, terms)
    sets = []
    for part in (frame.head(split), frame.tail(frame.height - split)):
        packed = pack_frame(part, scorer.layout)
        logs = term_logs(packed, in_use, scorer.plan.word_columns)
        sets.append(Part(packed, logs, np.arange(part.height, dtype=np.int64)))
    groups = [group for group in scorer.layout.groups if not mention.keys().isdisjoint(group)]
    for needed in (None, frozenset(terms.columns).union(*groups)):
        found = weights_of(scorer, [asked, *sets], terms.columns, needed)
        right = np.arange(1, frame.height + 1, dtype=np.int32)
        whole = scorer.pack(pl.concat([frame.head(1), frame]))
        usual = score_pairs(whole, np.zeros_like(right), right, details=True)
        for name in ("weight", "identity", "confirmed", "found", "parts"):
            assert np.array_equal(getattr(found, name), getattr(usual, name)), name


@pytest.mark.parametrize("name", STRUCTURES)
@given(seed=SEEDS, split=st.integers(0, 24))
@example(seed=34, split=0)  # a candidate has a legal form and the question none
def test_any_model(name: str, seed: int, split: int) -> None:
    """Of a model of any kinds of levels every weight, level and part is the batch's, to the bit."""
    scorer = scorer_named(name)
    check(scorer, some(scorer.in_use.model.entity_type, 24, seed), split)


@pytest.mark.parametrize("entity", ["person", "organization"])
@given(seed=SEEDS)
@example(seed=1279)  # two records have the words of one name in different orders
def test_the_shipped_models(entity: EntityType, seed: int) -> None:
    """So it is with the models that ship, whichever columns the question lacks."""
    check(scorer_shipped(entity), some(entity, 24, seed), 11)


def test_rows_come_in_the_order_asked() -> None:
    """Rows of a set may be asked in any order, and none of its others is there."""
    scorer = scorer_shipped("person")
    in_use = scorer.in_use
    frame = whole_lists(some("person", 9, 1)).select(scorer.layout.columns)
    packed = pack_frame(frame, scorer.layout)
    logs = term_logs(packed, in_use, scorer.plan.word_columns)
    columns = OneTermLogs(in_use, scorer.plan.word_columns).columns
    order = np.array([7, 2, 5], dtype=np.int64)
    together, _ = packed_together([Part(packed, logs, order)], columns)
    again = pack_frame(frame[order.tolist()], scorer.layout)
    texts = [slot.place for slot in scorer.layout.slots.values() if slot.form == "text"]

    def read(features: Any) -> list[list[str | None]]:
        ends, data = features.ends, features.data.tobytes()
        return [
            [data[ends[code] : ends[code + 1]].decode() if code >= 0 else None for code in row]
            for row in features.rows[:, texts].tolist()
        ]

    assert read(together) == read(again)

"""Logarithms of term frequencies by the codes of packed strings."""

from __future__ import annotations

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.model import ModelInUse
from linker.scoring.features.company import together_logs
from linker.scoring.features.pack import append, pack_frame
from linker.scoring.features.term_logs import term_logs
from tests.scoring.models import STRUCTURES, WORDS, layout_for, weighed
from tests.scoring.people import some

SEEDS = st.integers(0, 10_000)


def expected(in_use: ModelInUse, column: str, value: str, words: list[str]) -> float:
    """The share of a value: its own or the floor, or what its words have together if more."""
    model = in_use.model

    def of(name: str, text: str) -> float:
        known = dict(in_use.term_frequencies[name].select(name, "tf").iter_rows())
        return float(known.get(text, model.term_frequency_floors[name]))

    share = of(column, value)
    if column in model.term_frequency_words:
        by_chance = math.prod(of(WORDS[column], word) for word in words)
        if len(words) == 1:
            by_chance *= model.term_frequency_alone[WORDS[column]]
        share = max(share, by_chance * company(in_use, WORDS[column], words))
    return math.log2(share)


def company(in_use: ModelInUse, column: str, words: list[str]) -> float:
    """How many times more common words are together; an unknown one keeps the others' company."""
    shares = in_use.model.term_frequency_groups[column]
    known = dict(in_use.term_frequencies[column].select(column, "groups").iter_rows())
    listed = [known[word] for word in words if known.get(word)]
    if not listed:
        return 1.0
    chances = [
        share * math.prod(groups[number] for groups in listed)
        for number, share in enumerate(shares)
    ]
    unknown = len(words) - len(listed)
    more = [(c / sum(chances) / s) ** unknown for c, s in zip(chances, shares, strict=True)]
    return sum(c * m for c, m in zip(chances, more, strict=True))


@pytest.mark.parametrize("name", STRUCTURES)
@given(seed=SEEDS, split=st.integers(0, 30))
def test_a_value_has_its_own_logarithm(name: str, seed: int, split: int) -> None:
    """Known values, unknown ones (their floor) and those made of words, appended or not."""
    in_use = weighed(STRUCTURES[name], seed)
    layout = layout_for(in_use)
    mentions = some(in_use.model.entity_type, 30, seed)
    packed = append(pack_frame(mentions.head(split), layout), mentions.tail(30 - split))
    logs = term_logs(packed, in_use)
    for column in in_use.model.adjusting_columns:
        codes = packed.column(column)
        words = WORDS.get(column, column)
        rows = mentions.select(column, pl.col(words).alias("words")).rows()
        for code, (value, made_of) in zip(codes.tolist(), rows, strict=True):
            if value is not None:
                log = logs.values[logs.starts[column] + code]
                assert log == pytest.approx(expected(in_use, column, value, made_of), abs=1e-9)


def test_stretches_follow_each_other() -> None:
    """Each column's stretch starts where the one before ends, at its group's last code."""
    in_use = weighed(STRUCTURES["names"], 1)
    packed = pack_frame(some("person", 20, 1), layout_for(in_use))
    logs = term_logs(packed, in_use)
    begun = 0
    for column in in_use.model.adjusting_columns:
        assert logs.starts[column] == begun
        group = packed.owner == packed.layout.group_of(column)
        begun += int(group.nonzero()[0][-1]) + 1
    assert len(logs.values) == begun


def test_no_mentions_need_no_logarithms() -> None:
    """A model scores an empty table as well."""
    in_use = weighed(STRUCTURES["organizations"], 1)
    logs = term_logs(pack_frame(some("organization", 0, 1), layout_for(in_use)), in_use)
    assert len(logs.values) == 0


@given(st.lists(st.sampled_from(["juan", "cruz", "garcia", "lopez", "maria"]), unique=True))
def test_a_name_is_as_common_in_any_order_of_its_words(words: list[str]) -> None:
    """Sums of floating-point numbers depend on their order; a name does not, to the last bit."""
    number = {word: code for code, word in enumerate(sorted(words))}
    draw = np.random.default_rng(len(words))
    logs = -20 * draw.random(len(words))
    company = draw.random((len(words), 48)).astype(np.float32) * 9, draw.dirichlet(np.ones(48))
    found = {
        float(
            together_logs(
                np.array([number[word] for word in order], dtype=np.int32),
                np.array([len(order)]),
                logs,
                company,
                0.0,
            )[0]
        )
        for order in itertools.permutations(words)
    }
    assert len(found) == 1

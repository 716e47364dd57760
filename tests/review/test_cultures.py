"""Which group of words a name keeps company with."""

from __future__ import annotations

import polars as pl

from linker.model import LinkageModel, ModelInUse
from linker.review.cultures import MIXED, UNKNOWN, culture_of, of_pairs, words_column

WORDS = "name_keys"


def in_use(*, groups: bool) -> ModelInUse:
    """A model with two groups of words, or none."""
    shares = {WORDS: (0.6, 0.4)} if groups else {}
    model = LinkageModel(
        entity_type="person",
        version="1",
        prior=0.01,
        comparisons=(),
        term_frequency_floors={WORDS: 1e-6, "name_key": 1e-6},
        term_frequency_words={"name_key": WORDS},
        term_frequency_groups=shares,
    )
    known = pl.DataFrame(
        {
            WORDS: ["nguyen", "thi", "garcia", "anna"],
            "tf": [0.01, 0.01, 0.02, 0.01],
            "groups": [[0.1, 2.4], [0.2, 2.2], [1.6, 0.1], None],
        },
        schema_overrides={"groups": pl.List(pl.Float32())},
    )
    return ModelInUse(model=model, term_frequencies={WORDS: known}, digest="0" * 64)


def test_a_name_is_of_the_group_its_words_are_common_in() -> None:
    """By the product of the group's share and its words'; words of no known company say nothing."""
    names = pl.Series(
        WORDS, [["nguyen", "thi"], ["garcia", "anna"], ["anna"], [], None, ["zzz", "garcia"]]
    )
    found = culture_of(in_use(groups=True), names)
    assert found.to_list() == ["group 2", "group 1", UNKNOWN, UNKNOWN, UNKNOWN, "group 1"]
    assert culture_of(in_use(groups=True), names.clear()).to_list() == []


def test_a_pair_of_two_groups_is_mixed() -> None:
    """A pair is of a group where both names are."""
    left = pl.Series(["group 1", "group 1", UNKNOWN])
    right = pl.Series(["group 1", "group 2", UNKNOWN])
    assert of_pairs(left, right).to_list() == ["group 1", MIXED, UNKNOWN]


def test_a_model_may_have_no_groups() -> None:
    """Then there is no column of words to ask for."""
    assert words_column(in_use(groups=True)) == WORDS
    assert words_column(in_use(groups=False)) is None

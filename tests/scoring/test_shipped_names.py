"""What the shipped model makes of two names, as records and questions bring them."""

from __future__ import annotations

from functools import cache

import pytest

from linker.jobs.models import shipped_model
from linker.model import read_model
from linker.scoring.scorer import Scorer, scorer_of
from tests.evidence.records import scored

SAME_WORDS = 2
"""The level of names whose words are the same but for order and what is left out."""


@cache
def people() -> Scorer:
    return scorer_of(read_model(shipped_model("person"), "person"))


def levels(one: str, other: str) -> dict[str, int]:
    """The place of the level that two full names meet, by comparison."""
    pair = scored(people(), {"full_name": one}, {"full_name": other})
    return {found.comparison: found.place for found in pair.explained.evidence}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Michael R Smith", "Michael Robert Smith"),
        ("Michael E Smith", "Michael Edward Smith"),
        ("Michael O Smith", "Michael Oscar Smith"),
        ("Michael W Smith", "Michael William Smith"),
        ("Michael B Smith", "Michael Bob Smith"),
        ("Ahmed K Hassan", "Ahmed Khalid Hassan"),
        ("Hung Quoc Le", "Le Hung Q"),
        ("Nam P Nguyen", "Nguyen Nam Phong"),
    ],
)
def test_an_initial_is_that_of_the_name_as_it_is_written(one: str, other: str) -> None:
    """Whatever letter the key of Edward, Khalid or Quoc begins with; and it is told once."""
    found = levels(one, other)
    assert found["name"] == SAME_WORDS
    assert found["surname"] == found["middle_name"] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Michael K Smith", "Michael Henry Smith"),
        ("Michael P Smith", "Michael Frank Smith"),
        ("Juan Garcia Garcia", "Juan Garcia Lopez"),
        ("Abdul Kabir Abdul Jan", "Abdul Kabir Mohammad Jan"),
    ],
)
def test_another_initial_or_word_is_another(one: str, other: str) -> None:
    """K is no Henry's, although Khalid's key begins as his; a name said twice is there twice."""
    assert levels(one, other)["name"] != SAME_WORDS


def test_a_slip_in_a_chinese_name_is_one_slip() -> None:
    """What is misspelt is no Chinese syllable any more, and the other words have their own keys."""
    assert levels("Qiang Zhou", "Qiang Zhuo")["name"] < levels("Qiang Zhou", "Qiang Huang")["name"]

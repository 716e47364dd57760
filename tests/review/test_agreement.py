"""How far reviewers agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.review.agreement import agreement_of
from linker.review.item import VERDICTS, Verdict
from tests.review.queues import item, said

verdicts = st.sampled_from(VERDICTS)


def looked_at(*pairs: tuple[Verdict, Verdict]) -> dict[str, object]:
    return agreement_of([item(at, reviews=said(*pair)) for at, pair in enumerate(pairs)])


def test_kappa_is_that_of_a_worked_example() -> None:
    """Of 50 pairs 35 agree, where 25 would by chance: kappa is 10 of 25."""
    pairs: list[tuple[Verdict, Verdict]] = [("match", "match")] * 20
    pairs += [("match", "non_match")] * 5 + [("non_match", "match")] * 10
    pairs += [("non_match", "non_match")] * 15
    found = looked_at(*pairs)
    assert (found["pairs"], found["agreed"], found["percent"]) == (50, 35, 70.0)
    assert found["kappa"] == pytest.approx(0.4)


def test_agreement_without_pairs_or_without_choice_has_no_kappa() -> None:
    """Nothing is divided by nothing: no pairs have no percent, one word throughout has no kappa."""
    nobody = agreement_of([item(1, reviews=said("match"))])
    assert (nobody["pairs"], nobody["percent"], nobody["kappa"]) == (0, None, None)
    alike = looked_at(("match", "match"), ("match", "match"))
    assert (alike["percent"], alike["kappa"]) == (100.0, None)


def test_only_the_first_two_reviews_count() -> None:
    """A third reviewer, who decides where two disagree, saw no blind pair of two."""
    found = agreement_of([item(1, reviews=said("match", "non_match", "match"))])
    assert (found["pairs"], found["agreed"]) == (1, 0)


@given(st.lists(st.tuples(verdicts, verdicts), min_size=1, max_size=40))
def test_kappa_is_one_where_all_agree_and_never_more(
    pairs: list[tuple[Verdict, Verdict]],
) -> None:
    """It lies between -1 and 1, and is 1 exactly where percent agreement is 100."""
    found = looked_at(*pairs)
    kappa = found["kappa"]
    if kappa is not None:
        assert isinstance(kappa, float)
        assert -1 <= kappa <= 1
        assert (kappa == 1) == (found["percent"] == 100)

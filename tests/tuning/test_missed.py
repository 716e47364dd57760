"""What is missed, by capture and recapture."""

from __future__ import annotations

import numpy as np
import pytest

from linker.config import BlockingRule
from linker.tuning.matches import Matches
from linker.tuning.missed import Estimate, covered, recall

NAMES = BlockingRule(name="names", key=["name_key"])
BIRTH = BlockingRule(name="birth", key=["birth_date"])
REST = BlockingRule(name="rest", key=["postal_code"])
MIXED = BlockingRule(name="mixed", key=["surname_parts", "birth_year"])
RULES = [NAMES, BIRTH, REST]
EVERY_LIST = 7


def matches(
    found: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    able: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None,
    *,
    surely: bool = False,
) -> Matches:
    """Matches by which rule, row by row, finds each; all of them of units of their own."""
    number = found.shape[1]
    return Matches(
        weight=np.ones(number),
        unit=np.arange(number),
        units=number,
        found=[np.flatnonzero(row).astype(np.int32) for row in found],
        able=np.full(number, EVERY_LIST) if able is None else able,
        scale=1.0,
        surely=surely,
    )


def seen(
    found: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """What is known of the matches: those that no rule finds are not."""
    return found[:, found.any(axis=0)]


def told(of: Matches, chosen: list[int] | None = None) -> dict[str, Estimate]:
    estimates = recall(of, RULES, [0, 1, 2] if chosen is None else chosen, "person", 1)
    return {one.method: one for one in estimates}


def drawn(*shares: float, number: int = 40_000) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Rules that find matches independently of each other."""
    generator = np.random.default_rng(3)
    return generator.random((len(shares), number)) < np.array(shares)[:, None]


def test_independent_lists_give_back_what_is_missed() -> None:
    """Where lists find matches independently, every estimator tells the share within two points."""
    found = drawn(0.7, 0.6, 0.65)
    truth = found.any(axis=0).mean()
    estimates = told(matches(seen(found)))
    assert list(estimates) == [
        *("strata", "chao", "lincoln_petersen", "sample_coverage", "log_linear")
    ]
    for one in estimates.values():
        assert one.value == pytest.approx(truth, abs=0.02), one.method
        assert one.low <= one.value <= one.high


def test_the_log_linear_estimate_allows_for_pairs_of_lists_that_depend() -> None:
    """Where two lists agree more than by chance, it is right and that of independence is not."""
    generator = np.random.default_rng(4)
    easy = generator.random(200_000) < 0.5
    one, other = (np.where(easy, 0.9, 0.3) > generator.random(len(easy)) for _ in range(2))
    third = generator.random(len(easy)) < 0.5
    found = np.stack([one, other, third])
    truth = found.any(axis=0).mean()
    estimates = told(matches(seen(found)))
    assert estimates["log_linear"].value == pytest.approx(truth, abs=0.01)
    assert estimates["lincoln_petersen"].value > truth + 0.01


def test_lists_that_find_very_unlike_shares_are_estimated_right() -> None:
    """A list that finds a fifth of what another finds raises nothing, as it does Chao's bound."""
    found = drawn(0.9, 0.2, 0.5)
    truth = found.any(axis=0).mean()
    estimates = told(matches(seen(found)))
    assert estimates["strata"].value == pytest.approx(truth, abs=0.01)
    assert estimates["chao"].value < truth - 0.02


def test_hardly_any_match_in_common_is_estimated_as_of_two_lists() -> None:
    """Where two lists found four matches that the third lacks, the third is held against both."""
    found = np.zeros((3, 100), dtype=np.bool_)
    found[0, :60] = True
    found[1, 30:64] = True
    found[2, 20:90] = True
    estimates = told(matches(found[:, :90]))
    assert estimates["strata"].value == estimates["lincoln_petersen"].value


def test_two_lists_are_estimated_as_by_sekar_and_deming() -> None:
    """Of two lists the number in all is n1 n2 / n12; here 60 x 50 / 30 = 100, of which 80 known."""
    found = np.zeros((3, 80), dtype=np.bool_)
    found[0, :60] = True
    found[2, 30:] = True
    estimates = told(matches(found))
    assert estimates["lincoln_petersen"].value == pytest.approx(0.8)
    assert estimates["strata"].value == pytest.approx(0.8)


def test_strata_are_estimated_apart_and_added_up() -> None:
    """Matches that one list cannot find do not count as missed by it."""
    found = drawn(0.8, 0.7, 0.75)
    able = np.full(found.shape[1], EVERY_LIST)
    able[::2] = 0b101
    found[1, ::2] = False
    known = found.any(axis=0)
    estimates = told(matches(found[:, known], able[known]))
    assert estimates["strata"].value == pytest.approx(known.mean(), abs=0.02)


def test_one_list_alone_tells_nothing() -> None:
    """Where a single list can find matches, what is known is all that is told."""
    found = np.zeros((3, 10), dtype=np.bool_)
    found[0] = True
    assert {one.value for one in told(matches(found)).values()} == {1.0}


def test_of_a_truth_the_share_is_counted() -> None:
    """With a truth the share found is one figure, with its interval over entities."""
    found = np.zeros((3, 100), dtype=np.bool_)
    found[0, :90] = True
    (one,) = told(matches(found, surely=True)).values()
    assert (one.method, one.value) == ("truth", 0.9)
    assert 0.8 < one.low < 0.9 < one.high < 1.0


def test_rules_of_several_lists_find_matches_and_belong_to_none() -> None:
    """A rule over name and birth date adds to what is found, not to what lists tell."""
    found = np.zeros((4, 100), dtype=np.bool_)
    found[0, :50] = True
    found[2, 25:75] = True
    found[3, 90:] = True
    of = matches(found)
    rules = [*RULES, MIXED]
    shares = [
        recall(of, rules, chosen, "person", 1)[0].value for chosen in ([0, 2], [0, 2, 3], [3])
    ]
    assert shares[0] < shares[1]
    assert covered(of, [3]).sum() == 10
    assert shares[2] == pytest.approx(0.1, abs=0.01)

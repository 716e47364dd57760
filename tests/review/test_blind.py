"""What pairs drawn blind say of the links."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.review.blind import blind_estimate, strata_of
from linker.review.queue_file import Queued
from tests.review.queues import item

LINKS, LIGHT = 10_000, 90_000
"""How many candidate pairs two strata hold: links, and pairs below the review threshold."""


def drawn(matches: tuple[int, int], of: tuple[int, int] = (100, 100)) -> list[Queued]:
    """Pairs of the two strata, so many of which match."""
    found = []
    sizes = (("link", LINKS, True), ("below", LIGHT, False))
    for (name, whole, link), yes, count in zip(sizes, matches, of, strict=True):
        for place in range(count):
            verdict = "match" if place < yes else "non_match"
            stands = whole / count
            number = len(found)
            found.append(
                item(number, verdict=verdict, stratum=name, stands_for=stands, link=link)  # type: ignore[arg-type]
            )
    return found


def test_strata_count_for_what_they_hold() -> None:
    """Nine of ten links match, and one of a hundred light pairs, of which there are more."""
    found = blind_estimate(drawn((90, 1)))
    precision, recall = found["precision"], found["recall"]
    assert precision["value"] == pytest.approx(0.9)
    assert recall["value"] == pytest.approx(9_000 / (9_000 + 900))
    assert (precision["pairs"], recall["pairs"]) == (100, 200)
    assert precision["low"] < 0.9 < precision["high"]


def test_a_stratum_is_estimated_from_what_is_decided_of_it() -> None:
    """Pairs that are open, or of which nobody can tell, leave the stratum as large as it is."""
    items = drawn((90, 1))
    undecided = [
        item(1_000 + at, stratum="link", stands_for=LINKS / 100, verdict=verdict)
        for at in range(50)
        for verdict in (None, "unsure")
    ]
    found = blind_estimate([*items, *undecided])
    assert found["precision"]["value"] == pytest.approx(0.9)
    assert found["recall"]["value"] == pytest.approx(18_000 / (18_000 + 900))  # twice the links
    assert (found["pairs"], found["decided"], found["unsure"]) == (300, 200, 50)


def test_nothing_decided_estimates_nothing() -> None:
    """Without a decided pair there is no precision, and of teaching parts nothing is read."""
    nothing = blind_estimate([item(1, verdict="match"), item(2, stratum="link", stands_for=5.0)])
    assert (nothing["precision"], nothing["recall"], nothing["pairs"]) == (None, None, 1)
    assert blind_estimate([])["strata"] == []


def test_links_of_an_older_model_are_not_counted() -> None:
    """Pairs drawn before the model changed say nothing of what the new one links."""
    older = [
        item(at, verdict="non_match", stratum="link", stands_for=9.0, model="person/0@x")
        for at in range(3)
    ]
    newer = [item(10 + at, verdict="match", stratum="link", stands_for=9.0) for at in range(2)]
    found = blind_estimate([*newer, *older])
    assert (found["model"], found["pairs"], found["precision"]["value"]) == ("person/1@x", 2, 1.0)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 200 draws from known strata the interval misses precision and recall in about 1 of 20."""
    draw = np.random.default_rng(3)
    chances = (0.95, 0.02)
    truth = LINKS * chances[0] / (LINKS * chances[0] + LIGHT * chances[1])
    held = [0, 0]
    for _ in range(200):
        matches = tuple(int(draw.binomial(100, chance)) for chance in chances)
        found = blind_estimate(drawn((matches[0], matches[1])))
        for place, (name, true) in enumerate((("precision", chances[0]), ("recall", truth))):
            held[place] += found[name]["low"] <= true <= found[name]["high"]
    assert all(180 <= count <= 200 for count in held), held


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["match", "non_match", "unsure", None])),
        max_size=30,
    )
)
def test_shares_are_shares(said: list[tuple[bool, str | None]]) -> None:
    """Whatever was said, low <= value <= high, all within 0 and 1; said again it is the same."""
    items = [
        item(
            number,
            verdict=verdict,  # type: ignore[arg-type]
            stratum="link" if link else "below",
            stands_for=7.5,
            link=link,
        )
        for number, (link, verdict) in enumerate(said)
    ]
    found = blind_estimate(items)
    for share in (found["precision"], found["recall"]):
        if share is not None:
            assert 0 <= share["low"] <= share["value"] <= share["high"] <= 1
    assert found == blind_estimate(items)
    assert sum(stratum.drawn for stratum in strata_of(items)) == len(items)

"""What a model expects of its links."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from linker.model import LinkageModel, read_model
from linker.night.expected_levels import expected_levels

ANY = -1e9
"""A weight that every vector reaches."""


@pytest.fixture(scope="module")
def model() -> LinkageModel:
    """The shipped model of people."""
    directory = Path(__file__).resolve().parents[2] / "models/person/1"
    return read_model(directory, "person").model


def vectors(
    model: LinkageModel, links: int, missing: set[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Links that meet the first level, but for the comparisons whose fields are missing."""
    met = [0 if comparison.name in missing else 1 for comparison in model.comparisons]
    return np.tile(np.array(met, dtype=np.int64), (links, 1))


def test_of_all_matches_the_levels_are_the_m_probabilities(model: LinkageModel) -> None:
    """Where every vector is a link, the shares are m, however few levels each comparison has."""
    told = expected_levels(model, vectors(model, 2_000, set()), ANY)
    birth = model.comparison("birth_date")
    m = np.array([level.m or 0 for level in birth.levels])
    assert told["birth_date"] == pytest.approx((m / m.sum()).tolist(), abs=0.01)


def test_what_is_missing_stays_missing(model: LinkageModel) -> None:
    """A link that lacks a field is expected to lack it."""
    told = expected_levels(model, vectors(model, 200, {"phones", "emails"}), ANY)
    assert told["phones"][0] == told["emails"][0] == 1
    assert told["name"][0] == 0


def test_links_agree_more_than_matches(model: LinkageModel) -> None:
    """The higher the threshold, the more of the links agree."""
    alone = {comparison.name for comparison in model.comparisons} - {"name", "birth_date", "sex"}
    found = vectors(model, 500, alone)
    shares = [expected_levels(model, found, link)["birth_date"][1] for link in (ANY, 0.0, 8.0)]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 0.01


def test_a_bounded_level_is_not_expected_more_often_than_it_was_met(model: LinkageModel) -> None:
    """The m of a level that training bounded from below is raised; the excess is taken back."""
    fbi = model.comparison("fbi_number")
    assert sum(level.m or 0 for level in fbi.levels) > 1
    told = expected_levels(model, vectors(model, 2_000, set()), ANY)["fbi_number"]
    assert told[-1] < 0.01
    assert sum(told) == pytest.approx(1)


def test_nothing_is_expected_where_nothing_would_link(model: LinkageModel) -> None:
    """Of a threshold that no vector reaches nothing is told, and the same is told each time."""
    found = vectors(model, 50, set())
    assert expected_levels(model, found, 1e9) == {}
    assert expected_levels(model, found, 5.0) == expected_levels(model, found, 5.0)

"""Going through runs: ranges, room, threads, progress, and parts on disk change nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from linker.blocking.runs import Runs
from linker.config import BlockingRule
from linker.schemas import SCORED_PAIRS
from linker.scoring import pairs as scoring
from linker.scoring.pairs import PairStream, score_runs
from linker.scoring.scorer import PackedMentions, scorer_of
from tests.scoring.candidates import runs_of, scored_pairs
from tests.scoring.models import STRUCTURES, weighed
from tests.scoring.people import organizations

RULES = [
    BlockingRule(name="tax", key=["tax_id"]),
    BlockingRule(name="word", key=["name_tokens"]),
    BlockingRule(name="alias", key=["aliases"]),
]
LEAST = -3.0


@pytest.fixture(scope="module")
def packed() -> PackedMentions:
    return scorer_of(weighed(STRUCTURES["organizations"], 0)).pack(organizations(120, 3))


@pytest.fixture(scope="module")
def runs() -> Runs:
    return runs_of(organizations(120, 3), RULES, "organization")[0]


@pytest.fixture(scope="module")
def whole(packed: PackedMentions, runs: Runs) -> pl.DataFrame:
    found, scored = scored_pairs(packed, runs, LEAST)
    assert scored.kept == found.height > 100
    assert int(scored.candidates.sum()) > found.height
    return found


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("range_pairs", [1, 50, 1000, 10**9])
@pytest.mark.parametrize("room", [1, 7, 10**6])
def test_how_the_work_is_cut_changes_nothing(
    packed: PackedMentions,
    runs: Runs,
    whole: pl.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    threads: int,
    range_pairs: int,
    room: int,
) -> None:
    """Small ranges, room that fills up over and over, and threads keep the same pairs."""
    monkeypatch.setattr(scoring, "RANGE_PAIRS", range_pairs)
    monkeypatch.setattr(scoring, "ROOM", room)
    found, scored = scored_pairs(packed, runs, LEAST, threads)
    assert found.equals(whole)
    expected = scored_pairs(packed, runs, LEAST)[1]
    assert scored.candidates.tolist() == expected.candidates.tolist()
    assert scored.kept == expected.kept


def test_full_room_is_handed_on_part_by_part(
    packed: PackedMentions, runs: Runs, whole: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No part holds more than there is room for: room for the largest run, at least."""
    monkeypatch.setattr(scoring, "ROOM", 1)
    frames: list[pl.DataFrame] = []
    score_runs(packed, runs, LEAST, 1, frames.append)
    largest = int(np.diff(runs.starts).max())
    assert len(frames) > whole.height / largest
    assert max(frame.height for frame in frames) <= largest
    assert all(dict(frame.schema) == dict(SCORED_PAIRS) for frame in frames)


def test_progress_goes_up_to_all_pairs(
    packed: PackedMentions, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells of the pairs looked at, repeated ones included."""
    monkeypatch.setattr(scoring, "RANGE_PAIRS", 100)
    told: list[int] = []
    score_runs(packed, runs, LEAST, 2, lambda _: None, told.append)
    assert told == sorted(set(told))
    assert told[-1] == int(runs.pairs.sum())
    assert len(told) > 5


@pytest.mark.parametrize("threads", [1, 2])
def test_no_runs_give_no_pairs(packed: PackedMentions, threads: int) -> None:
    """Where no two records share a key nothing is scored."""
    empty, _ = runs_of(organizations(120, 3), [], "organization")
    found, scored = scored_pairs(packed, empty, LEAST, threads)
    assert (found.height, scored.kept, int(scored.candidates.sum())) == (0, 0, 0)


def test_who_takes_pairs_may_fail(packed: PackedMentions, runs: Runs) -> None:
    """A full disk stops the scoring, and its error is the one that is seen."""

    def full(_: pl.DataFrame) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        score_runs(packed, runs, LEAST, 2, full)


def test_pairs_on_disk_come_back_sorted(whole: pl.DataFrame, tmp_path: Path) -> None:
    """Parts in any order are one table, sorted by mentions; without any part it is empty."""
    stream = PairStream(tmp_path / "spill" / "pairs")
    assert dict(stream.sorted().schema) == dict(SCORED_PAIRS)
    assert stream.sorted().is_empty()
    assert not (tmp_path / "spill").exists()
    shuffled = whole.sample(fraction=1.0, shuffle=True, seed=1)
    for start in range(0, whole.height, 60):
        stream.take(shuffled.slice(start, 60))
    assert stream.sorted().equals(whole)

"""Judgements as they stand in a model's directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from linker.errors import ModelError
from linker.judging.judgement import (
    METRICS,
    BlockingRecall,
    DataFacts,
    Figures,
    Judgement,
    ThresholdFacts,
    TruthFacts,
    Unlinkable,
    read_judgements,
    write_judgement,
)


def judged(digest: str, precision: float) -> Judgement:
    figure = (precision, precision, 1.0)
    return Judgement(
        at="2026-01-01T00:00:00+00:00",
        model="person/1@00000000",
        truth=TruthFacts(kind="pairs", name="labels.csv", digest=digest, records=4, true_pairs=2),
        data=DataFacts(origin="all 4 records of the sources", digest="d", total=4, sampled=4),
        thresholds=ThresholdFacts(link=0.95, review=0.5, identity_floor=3.0),
        overall=Figures(pairwise_precision=figure, pairwise_recall=figure, pairwise_f1=figure),
        groups={"culture": ()},
        curve=(),
        calibration=None,
        blocking=BlockingRecall(recall=1.0, by_rule=(), scoring_recall=1.0),
        unlinkable=Unlinkable(share=0.1, threshold=0.95),
        proposed=(),
        notes=("a note",),
    )


def test_a_model_that_was_never_judged(tmp_path: Path) -> None:
    """It has no judgements, which is no error."""
    assert read_judgements(tmp_path) == []


def test_a_judgement_by_the_same_truth_gives_way(tmp_path: Path) -> None:
    """One judgement a truth is kept, the newest last, and nothing lies beside the file."""
    for digest, precision in (("a", 0.5), ("b", 0.6), ("a", 1 / 3)):
        write_judgement(tmp_path, judged(digest, precision))
    assert read_judgements(tmp_path) == [judged("b", 0.6), judged("a", 1 / 3)]
    assert [path.name for path in tmp_path.iterdir()] == [METRICS]
    assert "0.333333333," in (tmp_path / METRICS).read_text()


def test_damaged_judgements(tmp_path: Path) -> None:
    """A file that cannot be read as judgements is refused and not written over."""
    (tmp_path / METRICS).write_text('{"judgements": [{}]}')
    with pytest.raises(ModelError, match="is damaged or of another version"):
        write_judgement(tmp_path, judged("a", 0.5))
    assert (tmp_path / METRICS).read_text() == '{"judgements": [{}]}'


def test_a_directory_that_is_none(tmp_path: Path) -> None:
    """What cannot be written is said with its place."""
    with pytest.raises(ModelError, match=r"gone/metrics\.json: cannot be written"):
        write_judgement(tmp_path / "gone", judged("a", 0.5))

"""The committed scoreboard, and what is compared with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy.committed import (
    FILE,
    MARGIN,
    board_of,
    differences,
    fallen,
    read_board,
    write_board,
)
from benchmarks.commands import PROJECT


def row(name: str = "s", f1: float = 0.9, **more: Any) -> dict[str, Any]:
    return {
        "set": name,
        "records": 10,
        "pairwise_f1": f1,
        "b3_f1": 0.95,
        "seconds": 12.3,
        "note": "of this machine",
        "intervals": {"pairwise_f1": (f1 - 0.1, f1 + 0.1)},
        **more,
    }


def test_what_is_kept() -> None:
    """Figures are rounded; times and notes, which differ from machine to machine, are left out."""
    assert board_of([row(f1=0.123456)]) == {
        "s": {
            "records": 10,
            "pairwise_f1": 0.1235,
            "b3_f1": 0.95,
            "intervals": {"pairwise_f1": [0.0235, 0.2235]},
        }
    }


def test_written_and_read_again(tmp_path: Path) -> None:
    """The file has sorted keys and keeps the sets that were not measured this time."""
    path = tmp_path / "board.json"
    assert read_board(path) == {}
    write_board(board_of([row("b"), row("a")]), path)
    write_board(board_of([row("b", 0.5)]), path)
    board = read_board(path)
    assert (board["a"]["pairwise_f1"], board["b"]["pairwise_f1"]) == (0.9, 0.5)
    text = path.read_text("utf-8")
    assert text == json.dumps(board, indent=1, sort_keys=True) + "\n"


def test_differences() -> None:
    """Each figure that changed is a line, wherever it lies; other sets are not compared."""
    before = board_of([row("a", by_kind={"typo": {"recall": 0.5}}), row("b")])
    after = board_of([row("a", by_kind={"typo": {"recall": 0.75}, "alias": {"recall": 1.0}})])
    assert differences(before, after) == [
        "a.by_kind.alias.recall: none -> 1.0",
        "a.by_kind.typo.recall: 0.5 -> 0.75",
    ]
    assert differences(before, board_of([row("c")])) == ["c: is new"]
    assert differences(before, before) == []


@pytest.mark.parametrize(
    ("now", "worse"), [(0.9 + MARGIN, 0), (0.9, 0), (0.9 - MARGIN / 2, 0), (0.9 - 2 * MARGIN, 1)]
)
def test_only_an_f1_that_fell_by_more_than_the_margin_is_worse(now: float, worse: int) -> None:
    """A rise, and a fall within the margin, are no fall; a new set cannot fall."""
    before = board_of([row()])
    assert len(fallen(before, board_of([row(f1=now), row("new", 0.1)]))) == worse
    assert len(fallen(before, board_of([row(f1=now)]), margin=0.5)) == 0


def test_the_committed_file_holds_nothing_of_a_machine() -> None:
    """No path, no time, no note; one object a set; written as `write_board` writes."""
    board = read_board()
    assert {"fake_1000", "febrl3", "historical_50k", "name_bench", "pseudopeople"} <= set(board)
    text = FILE.read_text("utf-8")
    assert text == json.dumps(board, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    for word in ("seconds", "note", str(PROJECT), "/tmp"):  # noqa: S108 - looked for, not used
        assert word not in text

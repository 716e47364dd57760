"""The benchmark of tuned blocking rules."""

from __future__ import annotations

import json

import pytest

from benchmarks.blocking.__main__ import main
from benchmarks.blocking.by_hand import BY_HAND, by_hand
from linker.blocking.keys import parse_key


@pytest.mark.slow
def test_a_small_population_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Every set of rules has its row; what is tuned keeps its budget and finds more."""
    words = "--set population --records 1500 --probes 1000 --json"
    assert main(words.split()) == 0
    printed = capsys.readouterr().out
    rows = {row["rules"]: row for row in json.loads(printed.splitlines()[-1])}
    assert list(rows) == ["shipped", "tuned_to_shipped", "by_hand", "tuned_to_by_hand"]
    for name in ("shipped", "by_hand"):
        before, after = rows[name], rows[f"tuned_to_{name}"]
        assert before["set"] == "population_1500"
        assert before["pairs"] > 0
        assert 0 < after["pairs"] <= 1.1 * before["pairs"]
        assert 0.8 < before["recall"] <= before["recall_of_links"] <= 1.0
        assert after["recall"] > before["recall"] - 0.02
        assert after["estimates"].keys() == rows["shipped"]["estimates"].keys()
        assert abs(after["error"]) < 3


def test_hand_written_rules_are_rules() -> None:
    """Each of them names columns and transforms that there are."""
    for name in BY_HAND:
        for rule in by_hand(name):
            assert parse_key(rule, "person")

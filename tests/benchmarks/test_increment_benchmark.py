"""The benchmark of increments: both sides and a run from scratch agree, every figure is told."""

from __future__ import annotations

import json

import pytest

from benchmarks.increment.__main__ import main

KEYS = {
    *("records", "delta", "increment_seconds", "full_seconds", "splink_seconds"),
    *("ratio_to_splink", "ratio_to_full", "step_seconds", "unchanged_seconds", "stages"),
    *("increment_peak_gb", "full_peak_gb", "splink_peak_gb"),
}


@pytest.mark.slow
def test_an_increment_a_full_run_and_splink_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """At smoke size: the same pairs at the same weights, and each side's seconds and memory."""
    assert main("--records 2000 --delta 100 --scratch --json".split()) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() >= KEYS
    assert (found["records"], found["delta"]) == (2000, 100)
    assert found["pair_sets_equal"]
    assert found["kept"] > 0
    assert found["max_weight_difference"] < 1e-9
    assert found["from_scratch"]["pair_sets_equal"]
    assert found["from_scratch"]["records_apart"] == 0
    assert found["from_scratch"]["max_weight_difference"] < 1e-12
    assert found["published"][0] != found["published"][1]
    assert "times as long" in printed


@pytest.mark.parametrize("words", ["--records 10", "--records 2000 --delta 2", "--sizes 2000,4000"])
def test_what_cannot_be_measured_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few records, or a delta too small or too large for them: one line, exit code 2."""
    assert main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1

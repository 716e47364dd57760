"""The benchmark of bulk lookups: it runs, every figure is told, and answers are those of one."""

from __future__ import annotations

import json

import pytest

from benchmarks.bulk.__main__ import main

KEYS = {
    *("records", "targets", "seconds", "targets_per_second", "one_by_one_seconds", "peak_gb"),
    *("outcomes", "kinds", "sample", "sample_differs", "inside_seconds", "own_gb"),
}


@pytest.mark.slow
def test_a_small_population(capsys: pytest.CaptureFixture[str]) -> None:
    """At smoke size: known targets are found, strangers are not, no answer differs."""
    assert main("--records 2000 --targets 100 --sample 100 --json".split()) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() >= KEYS
    assert (found["targets"], found["sample"], found["sample_differs"]) == (100, 100, 0)
    assert sum(found["outcomes"].values()) == 100
    assert found["outcomes"]["NOT_ASKED"] == 0
    assert found["kinds"]["exact"]["found"] > 0.9
    assert found["kinds"]["absent"]["found"] == 0
    assert "one by one they take" in printed


@pytest.mark.parametrize("words", ["--records 10", "--targets 1", "--config nowhere.toml"])
def test_what_cannot_be_measured_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few records or targets, or no such store: one line, exit code 2."""
    assert main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1

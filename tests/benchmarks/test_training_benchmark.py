"""The benchmark of training: it runs, and tells each step and what a larger sample changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.bulk.measure import linked_population
from benchmarks.training.__main__ import main
from benchmarks.training.watched import Watched
from tests.jobs.training_world import SECTION

KEYS = {"records", "seconds", "peak_gb", "sampled", "steps", "within", "sizes", "import_seconds"}


@pytest.mark.slow
def test_a_small_population(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At smoke size: the steps add up to what the process takes, and weights are compared."""
    config = linked_population(3_000, 1, tmp_path)
    with config.open("a", encoding="utf-8") as file:
        file.write(SECTION)  # few comparisons, whose kernel compiles in seconds
    words = ["--config", str(config), "--sample", "1000", "--ten-times", "records", "--json"]
    assert main(words) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() >= KEYS
    assert (found["records"], found["sampled"]) == (2_640, 1_000)
    inside = sum(step["seconds"] for step in found["steps"])
    assert 0 < inside <= found["seconds"]
    steps = {step["step"] for step in found["steps"]}
    assert any(step.endswith("prior by rules, u") for step in steps)
    assert steps >= {
        "person: read records",
        "session on surname",
        "witnesses, smoothing, prior",
        "person: link threshold",
        "person: write",
    }
    assert 0 < max(step["peak_gb"] for step in found["steps"]) <= found["peak_gb"]
    larger = found["ten_times"]
    assert larger["sizes"]["max_records"] == 10_000
    assert larger["sampled"] == 2_640
    sizes = [abs(row["difference"]) for row in larger["differences"]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 10  # levels of four comparisons
    assert "within 5 minutes and 10 GB" in printed
    assert "max_records 10,000 instead of 1,000" in printed


@pytest.mark.parametrize("words", ["--records 10", "--sample 10", "--config nowhere.toml"])
def test_what_cannot_be_measured_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few records, or no such store: one line, exit code 2."""
    assert main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_the_memory_of_a_step_is_its_own() -> None:
    """A step that uses much memory is told apart from the one after it."""
    progress = Watched()
    with progress.stage("much"):
        much = bytearray(200_000_000)
        much[::4096] = b"x" * len(much[::4096])
        del much
    with progress.stage("little"):
        pass
    steps = {step["step"]: step for step in progress.done()}
    assert steps["much"]["peak_gb"] - steps["little"]["peak_gb"] > 0.1

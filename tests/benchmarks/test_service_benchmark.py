"""The benchmark of the service: every figure is told, and no request fails as one publishes."""

from __future__ import annotations

import json

import pytest

from benchmarks.service.__main__ import main

LISTS = {"clients", "requests_per_second", "p50_ms", "p99_ms", "failed"}


@pytest.mark.slow
def test_the_real_server_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """At smoke size: requests a second and times for each number of clients, none failed.

    However short it is asked to be, it goes on until both generations have answered.
    """
    words = "--records 1000 --seconds 0.2 --clients 1,4 --workers 1 --questions 60 --json"
    assert main(words.split()) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() >= LISTS | {"records", "workers", "rows", "at_once"}
    assert found["clients"] == found["at_once"]["clients"] == [1, 4]
    assert found["failed"] == found["at_once"]["failed"] == [0, 0]
    assert min(found["requests_per_second"]) > 0
    assert all(set(row["generations"]) == {"1", "2"} for row in found["rows"])
    assert "the clients took at most" in printed
    assert "answers of both generations came in every row" in printed


@pytest.mark.parametrize("words", ["--records 10", "--seconds 0", "--config nowhere.toml"])
def test_what_cannot_be_measured_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few records, no time or no such store: one line, exit code 2."""
    assert main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1

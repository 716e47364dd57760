"""The benchmark against Splink: both sides agree, and everything asked for is told."""

from __future__ import annotations

import json

import pytest

from benchmarks.batch.__main__ import main
from benchmarks.batch.designs import RULES

KEYS = {
    *("records", "pairs", "kept", "stages", "comparisons", "threads", "ns_per_pair"),
    *("linker_seconds", "splink_seconds", "ratio", "linker_peak_gb", "splink_peak_gb"),
    *("max_weight_difference", "pair_sets_equal"),
}


@pytest.mark.slow
def test_both_sides_keep_the_same_pairs_at_the_same_weights(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At smoke size, with the model that compiles quickly: they agree, and every figure is told."""
    words = "--records 3000 --model simple --threads 2 --rounds 1 --json"
    assert main(words.split()) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() >= KEYS
    assert [one["model"] for one in found["models"]] == ["simple"]
    assert found["models"][0].keys() >= KEYS
    assert found["records"] == 3000
    assert found["pairs"] == found["splink_pairs"] > found["kept"] > 0
    assert found["pair_sets_equal"]
    assert found["max_weight_difference"] < 1e-9
    assert found["stages"]["linker"].keys() == {"encode", "key", "block", "score", "sort"}
    assert found["threads"].keys() == {"1", "2"}
    every, *rows = found["comparisons"]
    assert every["pairs_in"] == found["pairs"]
    assert {row["comparison"] for row in rows} == {
        *("given_name", "surname", "birth_date", "sex", "location", "document")
    }
    assert all(row["pairs_in"] >= (row["pairs_out"] or 0) for row in rows)
    assert "times as long" in printed


@pytest.mark.parametrize("words", ["--records 10", "--sizes 3000,10", "--rounds 0", "--threads -1"])
def test_what_cannot_be_measured_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few records to train on, no round, fewer threads than none: one line, exit code 2."""
    assert main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_rules_of_lists_come_last() -> None:
    """Splink passes over what earlier rules found only where these read no list."""
    lists = {"emails", "plates", "phones", "names", "name_tokens", "surname_parts", "name_sounds"}
    for rules in RULES.values():
        keys = [*rules.narrow.values(), rules.wide[0]]
        read = [any(part.partition(":")[0] in lists for part in key) for key in keys]
        assert read == sorted(read)

"""The scoreboard's command, from sources to the comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.accuracy import __main__ as command
from benchmarks.accuracy.committed import read_board
from benchmarks.accuracy.peers import PEERS
from benchmarks.accuracy.population import population_set
from benchmarks.real.sets import SETS

KEYS = {
    *("set", "entity", "seconds"),
    *(f"{kind}_{name}" for kind in ("pairwise", "b3") for name in ("precision", "recall", "f1")),
}


def last_line(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    out = capsys.readouterr().out
    return json.loads(out.splitlines()[-1]), out


@pytest.mark.slow
def test_fake_1000(
    shared_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A real set is trained, linked and judged; figures agree with each other; it is compared."""
    board = tmp_path / "board.json"
    words = ["--set", "fake_1000", "--data", str(shared_data), "--board", str(board), "--json"]
    assert command.main([*words, "--update"]) == 0
    (row,), out = last_line(capsys)
    assert set(row) >= KEYS
    assert row["pairwise_precision"] > 0.9
    assert row["pairwise_f1"] > 0.75
    lost = [row[f"lost_to_{where}"] for where in ("quarantine", "blocking", "scoring")]
    assert row["pairwise_recall"] + sum(lost) == pytest.approx(1)
    assert row["blocking_recall"] >= row["blocking_recall"] * row["scoring_recall"] > 0.4
    assert 0 < row["candidate_pairs_per_record"] < 60
    low, high = row["intervals"]["pairwise_f1"]
    assert low <= row["pairwise_f1"] <= high
    assert "fake_1000: is new" in out
    monkeypatch.setattr(command, "_measured", lambda *_: [row])
    better = read_board(board)
    better["fake_1000"]["pairwise_f1"] = 1.0
    board.write_text(json.dumps(better), "utf-8")
    assert command.main([*words, "--check"]) == 1
    assert "worse: fake_1000.pairwise_f1 fell from 1.0000" in capsys.readouterr().out
    assert command.main([*words, "--check", "--margin", "0.9"]) == 0


@pytest.mark.slow
def test_a_small_population(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The population has rows of both types, by culture, by kind of error, by what is missing."""
    words = ["--set", "population", "--population", "2000", "--board", str(tmp_path / "b.json")]
    assert command.main([*words, "--shipped", "--json"]) == 0
    rows, out = last_line(capsys)
    assert [row["set"] for row in rows] == [
        "population_2000",
        "population_2000_person",
        "population_2000_organization",
    ]
    assert [row["model"] for row in rows] == ["shipped"] * 3
    person = rows[1]
    assert {"by_missing", "by_culture", "by_kind"} <= set(person)
    assert {"hispanic", "anglo"} <= set(person["by_culture"])
    assert {"typo", "none"} <= set(person["by_kind"])
    assert sum(one["true_pairs"] for one in person["by_culture"].values()) == person["true_pairs"]
    for row in rows:
        lost = [row[f"lost_to_{where}"] for where in ("quarantine", "blocking", "scoring")]
        assert row["pairwise_recall"] + sum(lost) == pytest.approx(1)
    assert "population_2000_person by kind of error" in out


def test_what_shipped_models_find_is_not_committed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scoreboard is of models that are trained where a set allows it: one line, exit code 2."""
    board = tmp_path / "b.json"
    words = ["--set", "population", "--shipped", "--update", "--board", str(board)]
    assert command.main(words) == 2
    assert "leave out --update" in capsys.readouterr().err
    assert not board.exists()


def test_the_truth_of_a_population_may_say_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Columns that the truth has are kept, and one that it has not is not missed."""
    made = population_set(200, tmp_path)
    assert {"culture", "kinds"} <= set(made.truth.columns)
    path = tmp_path / "truth.parquet"
    pl.read_parquet(path).drop("findable", strict=False).with_columns(findable=True).write_parquet(
        tmp_path / "told.parquet"
    )
    monkeypatch.setattr(
        "benchmarks.accuracy.population.generate",
        lambda _, out: (out / "told.parquet").rename(out / "truth.parquet"),
    )
    assert "findable" in population_set(200, tmp_path).truth.columns


def test_without_a_population_or_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 records leave the population out; a named set leaves it out too; absent data is said."""
    asked: list[str] = []

    def measured(name: str, *_: Any) -> list[dict[str, Any]]:
        asked.append(name)
        return []

    monkeypatch.setattr(command, "_measured", measured)
    monkeypatch.setattr(command, "board_text", lambda _: "")
    board = ["--board", str(tmp_path / "board.json")]
    assert command.main(["--data", str(tmp_path), "--population", "0", *board]) == 0
    assert asked == [*SETS, "name_bench"]
    asked.clear()
    assert command.main(["--data", str(tmp_path), "--set", "febrl3", *board]) == 0
    assert asked == ["febrl3"]
    asked.clear()
    assert command.main(["--data", str(tmp_path), *board]) == 0
    assert asked[-1] == "population"
    assert command.main(["--data", str(tmp_path / "no"), *board]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_peers_are_of_known_sets() -> None:
    """Each peer's figure stands beside a set that is measured."""
    known = {*SETS, "name_bench", "name_bench_person", "name_bench_organization"}
    assert {peer.set for peer in PEERS} <= known
    for peer in PEERS:
        assert 0 < peer.f1 <= 1
        if peer.precision and peer.recall:
            mean = 2 * peer.precision * peer.recall / (peer.precision + peer.recall)
            assert peer.f1 == pytest.approx(mean, abs=0.002)

"""Tuning blocking rules by command: what it tells and writes, and what it refuses."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest

from tests.jobs.running import run, table


def tune(config: Path, *words: str | Path) -> tuple[str | Path, ...]:
    return ("tune-blocking", "--config", config, "--entity", "person", *words)


def truth_of(config: Path, directory: Path) -> Path:
    """The entities of the last run, taken for the truth."""
    entities = table(config, "entities").filter(pl.col("entity_type") == "person")
    path = directory / "truth.csv"
    entities.select("source", "record_id", true_id="entity_id").write_csv(path)
    return path


def rules_of(path: Path) -> list[dict[str, object]]:
    """The rules of a fragment."""
    found: list[dict[str, object]] = tomllib.loads(path.read_text())["person"]["blocking"]
    return found


def without_seconds(path: Path) -> list[str]:
    """The lines of a fragment, without the last figure of its table, which is measured."""
    lines = path.read_text().splitlines()
    return [line.rsplit(maxsplit=1)[0] if line.startswith("# ") else line for line in lines]


def test_tuned_rules_keep_the_budget_and_find_more(untouched: Path) -> None:
    """The chosen rules make no more pairs than allowed; the store stays as it is."""
    done = run(*tune(untouched, "--max-pairs", "60", "--json")).json
    chosen = [rule for rule in done["rules"] if rule["chosen"]]
    assert done["chosen"]["rules"] == len(chosen) > 0
    assert 0 < done["chosen"]["pairs"][0] <= 60
    assert done["chosen"]["own_pairs"] == sum(rule["pairs"] for rule in chosen)
    assert done["sampled"] == 42
    assert done["every"]["matches"] >= done["chosen"]["matches"] > 0
    assert any(not rule["given"] for rule in done["rules"])


def test_the_fragment_links_once_it_is_in_the_configuration(own: Path, tmp_path: Path) -> None:
    """What is written holds the chosen rules in order, and a link takes it as it stands."""
    out = tmp_path / "rules.toml"
    done = run(*tune(own, "--max-pairs", "200", "--out", out, "--json")).json
    chosen = [rule["name"] for rule in done["rules"] if rule["chosen"]]
    assert [rule["name"] for rule in rules_of(out)] == chosen
    own.write_text(f"{own.read_text()}\n{out.read_text()}")
    shutil.rmtree(own.parent / "store")  # a gate would hold back so many pairs fewer
    linked = run("link", "--config", own, "--json").json
    assert linked["entity_types"]["person"]["candidate_pairs"] <= 200


def test_the_same_seed_chooses_the_same_rules(world: Path, tmp_path: Path) -> None:
    """Two runs differ in the seconds they measured and in nothing else."""
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    for out in (one, other):
        assert run(*tune(world, "--max-pairs", "100", "--records", "30", "--out", out)).code == 0
    assert without_seconds(one) == without_seconds(other)


def test_configured_rules_alone_and_in_their_order(world: Path, tmp_path: Path) -> None:
    """With --no-generated nothing is new; with --keep-order what stays is in its old order."""
    out = tmp_path / "rules.toml"
    words = ("--max-pairs", "200", "--no-generated", "--keep-order", "--json", "--out", out)
    done = run(*tune(world, *words)).json
    assert all(rule["given"] for rule in done["rules"])
    names = [rule["name"] for rule in rules_of(out)]
    assert names.index("ssn") < names.index("email") < names.index("name_word_and_birth_date")


def test_a_truth_tells_what_is_missed(world: Path, tmp_path: Path) -> None:
    """With a truth the share of true pairs found is counted, not estimated."""
    truth = truth_of(world, tmp_path)
    done = run(*tune(world, "--max-pairs", "500", "--truth", truth, "--json")).json
    assert done["matches_from"] == "truth"
    assert list(done["chosen"]["recall"]) == ["truth"]
    value, low, high = done["chosen"]["recall"]["truth"]
    assert 0.5 < value <= 1.0
    assert low <= value <= high


def test_it_is_told_in_words(world: Path) -> None:
    """The table names the rules, before and after, and what each finds; no record of the data."""
    done = run(*tune(world, "--max-pairs", "150"))
    assert done.code == 0, done.err
    for word in ("configured", "chosen", "every", "budget: 150 candidate pairs", "only"):
        assert word in done.out
    names = set(table(world, "entities")["record_id"])
    assert not names & set(done.out.split())


def test_organizations_are_tuned_too(world: Path) -> None:
    """Their rules are made of their own columns."""
    words = ("tune-blocking", "--config", world, "--entity", "organization", "--max-pairs", "50")
    assert run(*words, "--json").json["entity_type"] == "organization"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--max-pairs", "0"], ["--max-pairs", "0"]),
        (["--max-pairs", "9", "--out", "no/such/rules.toml"], ["no/such", "no such directory"]),
        (["--max-pairs", "9", "--out", "."], ["is a directory"]),
        (["--max-pairs", "9", "--truth", "gone.csv"], ["gone.csv", "no such file"]),
        (["--max-pairs", "9", "--truth", "odd.csv"], ["odd.csv", "check source and record_id"]),
    ],
    ids=["budget", "out", "out is a directory", "no truth", "foreign truth"],
)
def test_what_cannot_be_tuned(
    world: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: list[str],
) -> None:
    """What stops tuning is said in one line, and no rules are written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.csv").write_text("source,record_id,true_id\nelsewhere,1,a\nelsewhere,2,a\n")
    assert run(*tune(world, *words)).refused(*said)
    assert [path.name for path in tmp_path.iterdir()] == ["odd.csv"]


def test_a_type_without_sources_is_refused(own: Path) -> None:
    """Rules of a type that no source holds are not tuned."""
    text = own.read_text()
    start = text.index('[[source]]\nname = "firms"')
    own.write_text(text[:start])
    words = ("tune-blocking", "--config", own, "--entity", "organization", "--max-pairs", "9")
    assert run(*words).refused("no source", "organization")

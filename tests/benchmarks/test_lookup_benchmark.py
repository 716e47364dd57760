"""The benchmark of lookups: what is asked, what is left out, and that every figure is told."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.lookup.__main__ import main
from benchmarks.lookup.asking import figures
from benchmarks.lookup.combinations import OTHERS, USUAL, Counted
from benchmarks.lookup.evaluate import MOST_BITS
from benchmarks.lookup.judge import Judged, largest
from benchmarks.lookup.known import Record
from benchmarks.lookup.memory import files_below, memory_mb
from benchmarks.lookup.mix import KINDS, OF_THE_SEED, Asking, mistyped
from benchmarks.lookup.spoiling import (
    age_at,
    born,
    dice,
    in_part,
    misdated,
    readable,
    rough_age,
    rough_name,
)
from linker.config import load_config
from linker.deconfliction.disclose import REQUESTER
from linker.lookup.desk import open_desk
from linker.lookup.evaluation import read_evaluation
from linker.lookup.question import Question

ROOT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2026, 6, 30)
KEYS = {
    *("records", "p50_ms", "p95_ms", "p99_ms", "max_ms", "recall", "open_seconds"),
    *("splink_seconds", "ratio_to_splink", "kinds", "candidates", "hits", "first", "false_hits"),
    *("memory_mb", "second_process_mb", "open_cold_seconds", "index_files", "index_bytes"),
    *("own_values", "judged", "largest_difference"),
}


@pytest.mark.slow
def test_every_figure_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """At smoke size: every kind of question, own values, misses and Splink beside them."""
    words = "--records 2000 --lookups 120 --own 40 --judged 12 --json"
    assert main(words.split()) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed.splitlines()[-1])
    assert found.keys() >= KEYS
    assert found["records"] == 2000
    assert found["kinds"].keys() == {kind.name for kind in KINDS}
    assert 0 < found["p50_ms"] <= found["p95_ms"] <= found["p99_ms"] <= found["max_ms"]
    assert found["recall"] > 0.7
    assert found["kinds"]["exact"]["first"] > 0.9
    assert found["kinds"]["absent"]["recall"] is None
    assert found["kinds"]["absent"]["false_links"] < 0.2
    assert found["splink_seconds"] > 0
    for row in found["own_values"].values():
        assert row["first"] >= 0.9 * row["asked"]
        assert row["max_weight_difference"] <= 1e-9
    assert found["own_values"]["person"]["pairs"] > 0
    assert {row["entity"] for row in found["judged"]} == {"person", "organization"}
    assert "times the median of a lookup" in printed


@pytest.mark.slow
def test_an_evaluation_is_the_same_every_time(tmp_path: Path) -> None:
    """Its file has the same bytes for the same seed, its digest is in the manifest."""
    texts = []
    for run in ("one", "other"):
        model = tmp_path / run / "organization" / "1"
        shutil.copytree(ROOT / "models" / "organization" / "1", model)
        assert main(f"--evaluate {model} --records 1000 --seed 3".split()) == 0
        texts.append((model / "evaluation.json").read_bytes())
    assert texts[0] == texts[1]
    manifest = json.loads((model / "manifest.json").read_text())
    assert manifest["files"]["evaluation.json"] == hashlib.sha256(texts[0]).hexdigest()
    read = read_evaluation(model)
    assert read is not None
    assert set(read.rows) <= {frozenset(fields) for fields in USUAL["organization"]}
    for counts in read.rows.values():
        assert len(counts.by_bits) == MOST_BITS + 1
        assert all(0 <= found <= asked for asked, found in counts.by_bits)
    assert "seed 3" in read.of


@pytest.mark.parametrize(
    "words",
    ["--records 10", "--lookups 0", "--config nowhere.toml", "--evaluate nowhere --records 1000"],
)
def test_what_cannot_be_measured_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few records, no questions, no such configuration or model: one line, exit code 2."""
    assert main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_the_mix_is_whole() -> None:
    """The kinds of questions make up a hundred in a hundred, each with a name of its own."""
    assert sum(kind.percent for kind in KINDS) == 100
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_nothing_is_judged_by_what_it_was_evaluated_by() -> None:
    """The other combinations are none of the usual ones."""
    for entity, usual in USUAL.items():
        assert not {frozenset(one) for one in usual} & {frozenset(one) for one in OTHERS[entity]}


def test_slips_spoil_what_they_are_to_spoil() -> None:
    """A mistyped question has another name than the record, and no field that it lacks."""
    fields = {"full_name": "Juan Perez Garcia", "birth_date": "1980-03-14", "ssn": "612-34-5678"}
    record = Record("cases", "1", "P1", dict(fields))
    asking = Asking(dice("1"), "person", AS_OF, 1)
    for made in mistyped(asking, [record] * 20):
        assert made is not None
        assert made["full_name"] != fields["full_name"]
        assert made.keys() <= fields.keys()
    assert record.fields == fields


def test_dates_are_spoilt_as_in_the_population() -> None:
    """Nearly all birth dates come out wrong, and all of them are dates."""
    dates = [dt.date(1980, 3, 14), dt.date(1969, 8, 1), dt.date(1991, 12, 31)] * 20
    wrong = misdated(1, dates)
    assert sum(one != other for one, other in zip(dates, wrong, strict=True)) > 50
    assert misdated(1, dates) == wrong


def test_an_age_is_told_roughly() -> None:
    """A year off at most, or within a range of five years."""
    draw = dice("1")
    assert age_at(dt.date(1980, 7, 1), AS_OF) == 45
    for _ in range(50):
        first, _, last = rough_age(draw, 45).partition("-")
        assert int(first) - 1 <= 45 <= int(last or first) + 1


def test_names_are_told_roughly() -> None:
    """The same words in another order, or the given name's initial."""
    draw = dice("1")
    for _ in range(20):
        words = rough_name(draw, "PEREZ GARCIA, Juan").split()
        assert sorted(words) in (["GARCIA", "Juan", "PEREZ"], ["GARCIA", "J.", "PEREZ"])


def test_numbers_are_known_in_part() -> None:
    """Characters become wildcards, and enough stays to ask by."""
    draw = dice("1")
    for _ in range(20):
        part = in_part(draw, "A012345678")
        assert "*" in part or part.count("?") == 2
        assert readable("person", {"a_number": part}, AS_OF) == {"a_number": part}


def test_what_cannot_be_read_is_left_out() -> None:
    """A number of too few figures goes; a question of nothing else is none."""
    fields = {"full_name": "Juan Perez", "a_number": "12"}
    assert readable("person", fields, AS_OF) == {"full_name": "Juan Perez"}
    assert readable("person", {"a_number": "12"}, AS_OF) is None


@pytest.mark.parametrize(
    ("fields", "date", "year"),
    [
        ({"birth_date": "03/14/1980"}, dt.date(1980, 3, 14), 1980),
        ({"birth_date": "1980"}, None, 1980),
        ({"age": "30", "observed_on": "2020-06-30"}, None, 1990),
        ({}, None, None),
    ],
)
def test_births_are_read(fields: dict[str, str], date: dt.date | None, year: int | None) -> None:
    """As far as a record tells, as its source writes it."""
    assert born("person", fields, AS_OF) == (date, year)


def test_a_strangers_numbers_are_not_asked_by() -> None:
    """Numbers that the population makes of a person's place would be somebody else's."""
    kind = next(kind for kind in KINDS if kind.whose == "not there")
    fields = dict.fromkeys(OF_THE_SEED, "1") | {"full_name": "Juan Perez"}
    (made,) = kind.make(Asking(dice("1"), "person", AS_OF, 1), [Record("a", "1", "P1", fields)])
    assert made == {"full_name": "Juan Perez"}


def test_figures_tell_absent_targets_apart() -> None:
    """Recall counts targets that are there, false hits those that are not."""
    row = {
        "ms": 1.0,
        "cpu_ms": 1.0,
        "candidates": 3,
        "hits": 1,
        "there": True,
        "first": True,
        "found": True,
    }
    row |= {"hit": True, "linked": True}
    absent = row | {"there": False, "first": False, "found": False, "ms": 3.0, "linked": False}
    found = figures([row, row | {"first": False}, absent])
    assert (found["first"], found["recall"]) == (0.5, 1.0)
    assert (found["false_hits"], found["false_links"]) == (1.0, 0.0)
    assert (found["p50_ms"], found["max_ms"]) == (1.0, 3.0)
    assert figures([row])["false_hits"] is None


def test_margins_tell_what_is_found_where_more_is_needed() -> None:
    """A target counts as found while it weighs enough, of questions that are in reach then."""
    counted = Counted([], [math.inf, 3.0, 0.5, -math.inf, -math.inf], [9.0, 4.0, 4.0, 2.0, -1.0])
    assert [counted.in_reach(bits) for bits in (0, 1, 3, 5)] == [(4, 3), (4, 2), (3, 2), (1, 1)]
    assert counted.out_of_reach() == (1, 0)
    assert counted.found == [True, True, True, False, False]


def test_differences_are_judged_where_enough_was_asked() -> None:
    """Combinations asked too seldom, or of the other sort, say nothing."""
    one = Judged("person", ("full_name",), True, 400, 0.1, 0.3, 0.25, 0.5)
    few = Judged("person", ("ssn",), True, 20, 0.0, 0.3, 0.9, 0.9)
    other = Judged("person", ("full_name", "sex"), False, 400, 0.0, 0.3, 0.31, 0.4)
    assert largest([one, few, other], evaluated=True) == (pytest.approx(0.05), pytest.approx(0.2))
    assert largest([few], evaluated=True) == (None, None)


def test_memory_and_files_are_counted(tmp_path: Path) -> None:
    """Pages mapped from a directory are counted apart; so are its files and their bytes."""
    path = tmp_path / "numbers.npy"
    np.save(path, np.ones(1_000_000))
    mapped = np.load(path, mmap_mode="r")
    assert mapped.sum() == 1_000_000
    told = memory_mb(tmp_path)
    assert told is None or (told["index"] > 7 and told["rss"] > told["index"])
    assert files_below(tmp_path) == (1, path.stat().st_size)


def test_records_left_out_are_not_found(tmp_path: Path) -> None:
    """The view of a store lacks them, and nothing else; the store itself stays as it is."""
    from benchmarks.commands import run
    from benchmarks.lookup.draw import numbers_left_out, targets, worlds
    from benchmarks.lookup.known import truth_of
    from benchmarks.lookup.left_out import in_store, store_without
    from benchmarks.population import Plan, config_text, generate
    from linker.store.generation import current_generation
    from linker.store.layout import open_store

    out = tmp_path / "population"
    generate(Plan(600, 4, "parquet"), out)
    path = out / "linker.toml"
    path.write_text(config_text(str(out), str(out / "store"), "parquet", "both"))
    run("link", "--config", str(path))
    config = load_config(path)
    generation = current_generation(open_store(config.resolve(config.store.directory)))
    (world,) = worlds(config, generation, ["person"])
    pool = targets(world, truth_of(config, "person"), 20, 1, left_out=True)
    assert pool
    store_without(config, {"person": numbers_left_out(pool)}, tmp_path / "view")
    whole, view = open_desk(config), open_desk(in_store(config, tmp_path / "view"))
    for target in pool:
        assert target.number not in target.there
        fields = readable("person", target.record.named, AS_OF)
        assert fields is not None
        question = Question("person", fields)
        best = [
            [
                (hit.best_source, hit.best_record_id)
                for hit in desk.answer(question, REQUESTER).answer.hits
            ]
            for desk in (whole, view)
        ]
        record = (target.record.source, target.record.record_id)
        assert record not in best[1]
    counts = [desk.shelf("person").index.records for desk in (whole, view)]
    assert counts[0] - counts[1] == len(pool)
    # organizations lie there as before
    assert view.shelf("organization").index.records == whole.shelf("organization").index.records

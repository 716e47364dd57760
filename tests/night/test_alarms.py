"""What a run says of itself where its result looks wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.night.alarms import NO_VALLEY, valley
from tests.jobs.running import run

CONFIG = """\
[store]
directory = "store"

[[source]]
name = "people"
path = "people.csv"
kind = "other"
entity = "person"
record_id = "id"

[source.fields]
full_name = "name"
birth_date = "born"
passport = "passport"
phones = "phone"

[person]
"""
Person = dict[str, str]


def invented(count: int, seed: int) -> list[Person]:
    """People of whom no two have anything in common, names of syllables included."""
    drawn = random.Random(seed)
    letters = "bcdfghjklmnprstvz"

    def word() -> str:
        return "".join(drawn.choice(letters) + drawn.choice("aeiou") for _ in range(5)).title()

    days = drawn.sample(range(20_000), count)
    born = pl.Series(days).cast(pl.Int32).cast(pl.Date).cast(pl.String)
    return [
        {"name": f"{word()} {word()}", "born": day, "passport": "", "phone": ""} for day in born
    ]


def link(folder: Path, people: Sequence[Person], settings: str = "") -> tuple[list[str], str, str]:
    """Link people; return the warnings, what the terminal was told, and the report page."""
    rows = pl.DataFrame([{"id": str(number), **one} for number, one in enumerate(people)])
    rows.write_csv(folder / "people.csv")
    config = folder / "linker.toml"
    config.write_text(CONFIG + settings, encoding="utf-8")
    done = run("link", "--config", config)
    assert done.code == 0, done.err
    generation = max((folder / "store" / "generations").iterdir())
    report = json.loads((generation / "report.json").read_text("utf-8"))
    return report["warnings"], done.out, (generation / "report.html").read_text("utf-8")


def test_an_ordinary_run_raises_no_alarm(tmp_path: Path) -> None:
    """Half of the people twice, a prior of this size: nothing to say."""
    people = invented(300, 1)
    told, out, _ = link(tmp_path, [*people, *people[:150]], "expected_records = 450")
    assert told == []
    assert "warning" not in out


def test_almost_nothing_linked_and_an_idle_rule(tmp_path: Path) -> None:
    """One link among thousands is said, and that passports, all filled, found nothing."""
    people = invented(2_500, 2)
    for number, one in enumerate(people):
        one["passport"] = f"K{number * 7919:08d}"
    twin = {**people[0], "passport": ""}
    told, out, page = link(tmp_path, [*people, twin], "expected_records = 2500")
    (few,) = [line for line in told if "almost nothing was linked" in line]
    assert "1 links among 2,501 records" in few
    (idle,) = [line for line in told if "'passport'" in line]
    assert "2,500 mentions have its fields" in idle
    assert out.splitlines()[-len(told) :] == [f"warning: {line}" for line in told]
    assert "almost nothing was linked" in page


def test_a_rule_for_few_is_no_idle_rule(tmp_path: Path) -> None:
    """A key that names of one word have is missed by nobody where all names have two."""
    rows = [{"id": str(place), "name": one["name"]} for place, one in enumerate(invented(700, 6))]
    pl.DataFrame(rows).write_csv(tmp_path / "people.csv")
    config = tmp_path / "linker.toml"
    source = CONFIG.partition("[source.fields]")[0].replace('"person"', '"organization"')
    config.write_text(f'{source}[source.fields]\nname = "name"\n', encoding="utf-8")
    assert run("link", "--config", config).code == 0
    (report,) = tmp_path.glob("store/generations/*/report.json")
    told = json.loads(report.read_text("utf-8"))["warnings"]
    assert not [line for line in told if "'word_ends'" in line]


def test_a_prior_far_off_what_was_found(tmp_path: Path) -> None:
    """The shipped model expects nearly no pair among so few records; hundreds are found."""
    people = invented(200, 3)
    told, _, page = link(tmp_path, [*people, *people])
    (prior,) = told
    assert "hold 200 pairs of records where the model's prior expects" in prior
    assert "set person.expected_records to 400" in prior
    assert "more than 5 times off" in page
    assert link(tmp_path, [*people, *people], "expected_records = 400")[0] == []


def test_people_whom_the_fields_do_not_tell_apart(tmp_path: Path) -> None:
    """Names alone make possible links of most records: there are too many, and no two humps."""
    people = [{**one, "born": ""} for one in invented(150, 4)]
    settings = "link_threshold = 0.999999999\nreview_threshold = 0.01\nexpected_records = 300"
    told, out, _ = link(tmp_path, [*people, *people, *people], settings)
    (doubts,) = [line for line in told if "possible links with other entities" in line]
    assert "450 of 450 records (100%)" in doubts
    (humps,) = [line for line in told if "no two humps" in line]
    assert f"where {NO_VALLEY:.0%} is the most" in humps
    assert f"warning: {doubts}" in out


def test_a_giant_entity(tmp_path: Path) -> None:
    """Very many records of one entity are said, with what to do."""
    people = invented(30, 5)
    told, _, page = link(tmp_path, [*people, *[people[0]] * 150], "expected_records = 180")
    (giant,) = [line for line in told if "largest entity" in line]
    assert "holds 151 records" in giant
    assert "raise person.link_threshold" in giant
    assert "links may have chained" in page


def test_a_rule_all_of_whose_keys_are_over_full(tmp_path: Path) -> None:
    """A rule that makes no pair because its keys are held by too many is said apart."""
    people = [
        {**one, "born": f"195{number % 2}-07-01"} for number, one in enumerate(invented(500, 6))
    ]
    told, _, _ = link(tmp_path, people)
    (rule,) = [line for line in told if "'birth_date'" in line]
    assert "each of its 2 shared keys is held by too many records" in rule


def test_warnings_are_in_the_json(tmp_path: Path) -> None:
    """What a machine reads has the same warnings."""
    people = invented(100, 8)
    told, _, _ = link(tmp_path, [*people, *people])
    done = run("link", "--config", tmp_path / "linker.toml", "--json")
    assert told == done.json["warnings"]
    assert told


def test_few_records_raise_no_alarm(tmp_path: Path) -> None:
    """What a handful of records shows is chance."""
    people = invented(20, 7)
    assert link(tmp_path, [*people, *people])[0] == []


def humps(*parts: tuple[float, float, int]) -> np.ndarray[Any, Any]:
    drawn = np.random.default_rng(1)
    weights = np.concatenate([drawn.normal(mean, width, count) for mean, width, count in parts])
    return weights[weights >= 0]


@pytest.mark.parametrize(
    ("weights", "clear"),
    [
        (humps((-3, 2, 2000), (20, 4, 2000)), True),
        (humps((20, 4, 2000)), True),
        (humps((-3, 4, 2000)), False),
        (humps((0, 3, 2000), (6, 4, 700)), False),
    ],
)
def test_a_valley_between_two_humps(weights: np.ndarray[Any, Any], clear: bool) -> None:
    """Links apart from the rest leave a valley; a tail alone, or humps that melt, leave none."""
    assert (valley(weights, 0.0, 4.25) < NO_VALLEY) == clear


@given(st.lists(st.floats(0, 60), min_size=1), st.floats(0, 10))
def test_a_valley_is_a_share(weights: list[float], link_weight: float) -> None:
    """Whatever the weights, the valley lies between nothing and the peak itself."""
    assert 0 <= valley(np.array(weights), 0.0, link_weight) <= 1

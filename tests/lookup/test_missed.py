"""How probable it is that a target was missed: by an evaluation, by the model, and out of reach."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import load_config
from linker.deconfliction.disclose import REQUESTER
from linker.jobs.models import shipped_model
from linker.lookup.desk import Desk, open_desk
from linker.lookup.evaluation import EVALUATION, Counts, Evaluation, read_evaluation
from linker.lookup.expected import Expectation
from linker.lookup.missed import (
    by_evaluation,
    by_model,
    estimated,
    evidence_needed,
    fields_told,
    missed,
    slack_of,
)
from linker.lookup.query import Asked, read_question
from linker.lookup.question import Question
from linker.model import LinkageModel, read_model, weight_of
from linker.schemas import PERSON, PERSON_FIELDS

TODAY = dt.date(2026, 6, 30)
NAME, BORN = {"full_name": "Quirino Xaxamenez Ixtla"}, {"birth_date": "1971-02-03"}
COMMON = {"full_name": "Juan Hernandez"}
EVERY: dict[str, float] = {}
"""Every record has every column."""


def read(**fields: Any) -> Asked:
    return read_question(Question("person", fields), TODAY)


@pytest.fixture(scope="module")
def model() -> LinkageModel:
    return read_model(shipped_model("person"), "person").model


@pytest.fixture(scope="module")
def desk(world: Path) -> Desk:
    return open_desk(load_config(world))


def evaluation(
    *rows: tuple[set[str], int, int], needed: float = 20.0, beyond: tuple[int, int] = (0, 0)
) -> Evaluation:
    told = {frozenset(fields): Counts(((asked, found),)) for fields, asked, found in rows}
    return Evaluation("of a test", needed, told, Counts((beyond,)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"full_name": "Ana Ruiz"}, {"full_name"}),
        ({"given_name": "Ana", "surname": "Ruiz"}, {"given_name", "surname", "full_name"}),
        ({"surname": "Ruiz", "birth_date": "1980-03-02"}, {"surname", "birth_date"}),
        ({"full_name": "Ana Ruiz", "birth_date": "1980"}, {"full_name", "birth_year"}),
        ({"full_name": "Ana Ruiz", "birth_date": "1980-01-01"}, {"full_name", "birth_year"}),
        ({"full_name": "Ana Ruiz", "age": "30-35"}, {"full_name", "age"}),
        ({"full_name": "Ana Ruiz", "birth_date": "unknown"}, {"full_name"}),
        ({"full_name": "Ana Ruiz", "city": ""}, {"full_name"}),
    ],
)
def test_fields_are_told_as_an_evaluation_names_them(given: dict[str, str], told: set[str]) -> None:
    """A name in two parts is whole, a date without day is a year, and an empty field is none."""
    assert fields_told(read(**given)) == told


def test_the_evaluated_question_nearest_to_what_was_asked_speaks() -> None:
    """It gives the most of the fields asked and no other; of several, the one that missed least."""
    told = evaluation(
        ({"full_name"}, 1000, 500),
        ({"full_name", "birth_date"}, 1000, 900),
        ({"full_name", "ssn"}, 1000, 950),
        ({"full_name", "birth_date", "city"}, 1000, 990),
    )
    assert told.nearest({"full_name", "sex"}) == {"full_name"}
    assert told.nearest({"full_name", "birth_date", "ssn"}) == {"full_name", "ssn"}
    assert told.nearest({"full_name", "birth_date", "city", "sex"}) == {
        *("full_name", "birth_date", "city")
    }
    assert told.nearest({"ssn"}) is None
    assert told.nearest(()) is None


@given(
    rows=st.lists(
        st.tuples(
            st.frozensets(st.sampled_from(PERSON_FIELDS), min_size=1, max_size=4),
            st.integers(0, 1000),
        ),
        max_size=8,
    ),
    asked=st.frozensets(st.sampled_from(PERSON_FIELDS), max_size=6),
)
def test_nothing_is_said_by_fields_that_were_not_given(
    rows: list[tuple[frozenset[str], int]], asked: frozenset[str]
) -> None:
    """What speaks asked by some of the fields and no other, and by the most of them."""
    counts = {fields: Counts(((1000, found),)) for fields, found in rows}
    told = Evaluation("of a test", 20.0, counts)
    near = told.nearest(asked)
    within = [fields for fields, _ in rows if fields <= asked]
    if near is None:
        assert not within
    else:
        assert near <= asked
        assert len(near) == max(map(len, within))


@pytest.mark.parametrize(("asked", "found"), [(1000, 1000), (1000, 900), (2, 0), (0, 0)])
def test_no_count_of_misses_is_proof(desk: Desk, asked: int, found: int) -> None:
    """A probability is never nought nor one, and near the share that was missed where many were."""
    shelf = desk.shelf("person")
    said = by_evaluation(evaluation(({"full_name"}, asked, found)), shelf, read(**NAME))
    assert said is not None
    assert 0 < said.probability < 1
    if asked > 100:
        assert said.probability == pytest.approx(1 - found / asked, abs=0.002)
    assert f"{found:,} found their target" in said.basis
    assert "of a test" in said.basis


def test_where_a_match_needs_more_evidence_more_is_missed(desk: Desk) -> None:
    """Among more records than the model was evaluated on, it is told what was found with more."""
    shelf = desk.shelf("person")
    counts = Counts(((1000, 900), (1000, 800), (1000, 500)))
    needed = evidence_needed(shelf)
    for bits, share in ((-3.0, 0.1), (0.0, 0.1), (0.5, 0.15), (1.0, 0.2), (1.5, 0.35), (9.0, 0.5)):
        told = Evaluation("of a test", needed - bits, {frozenset({"full_name"}): counts})
        said = by_evaluation(told, shelf, read(**NAME))
        assert said is not None
        assert said.probability == pytest.approx(share, abs=0.002)
        assert ("bits more" in said.basis) == (round(bits) > 0)


@given(
    found=st.lists(st.integers(0, 100), min_size=1, max_size=8),
    bits=st.floats(-5, 12),
    more=st.floats(0, 5),
)
def test_needing_more_never_misses_less(found: list[int], bits: float, more: float) -> None:
    """Where fewer are found with each bit, the share missed only rises."""
    counts = Counts(tuple((100, one) for one in sorted(found, reverse=True)))
    assert 0 < counts.missed(bits) <= counts.missed(bits + more) + 1e-12 < 1


def test_an_evaluation_is_read_from_the_directory_of_a_model(tmp_path: Path) -> None:
    """As it was written; what cannot be read is as if it were not there."""
    path = tmp_path / EVALUATION
    assert read_evaluation(tmp_path) is None
    row = {"fields": ["full_name", "ssn"], "asked": 9, "found": 7, "harder": [[8, 5], [8, 4]]}
    told = {"of": "a test", "needed": 18.5, "out_of_reach": {"asked": 5, "found": 1}}
    path.write_text(json.dumps({**told, "rows": [row]}))
    assert read_evaluation(tmp_path) == Evaluation(
        "a test",
        18.5,
        {frozenset({"full_name", "ssn"}): Counts(((9, 7), (8, 5), (8, 4)))},
        Counts(((5, 1),)),
    )
    for damaged in ("{", "[]", json.dumps({**told, "rows": 3}), json.dumps({"rows": [row]})):
        path.write_text(damaged)
        assert read_evaluation(tmp_path) is None


def test_every_shipped_model_was_evaluated() -> None:
    """By questions of known targets, on a population that it was not trained on."""
    for entity, name in (("person", "full_name"), ("organization", "name")):
        told = read_evaluation(shipped_model(entity))  # type: ignore[arg-type]
        assert told is not None
        assert "invented population" in told.of
        assert told.rows[frozenset({name})].at(0)[0] >= 1000
        for counts in told.rows.values():
            assert all(0 <= found <= asked for asked, found in counts.by_bits)
            shares = [counts.missed(bits) for bits in range(len(counts.by_bits))]
            assert shares[0] <= shares[-1] < 1


def test_a_common_name_by_itself_is_out_of_reach(desk: Desk) -> None:
    """Of a record that says the same it is known that it weighs too little: a miss is certain."""
    shelf = desk.shelf("person")
    assert slack_of(shelf, read(**COMMON)) < 0
    said = estimated(shelf, read(**COMMON), None)
    assert said.probability == 1.0
    assert "bits too little" in said.basis
    counted = estimated(shelf, read(**COMMON), evaluation(beyond=(998, 9)))
    assert counted.probability == pytest.approx(0.99)
    assert slack_of(shelf, read(**COMMON, **BORN, a_number="A024681357")) > 0


def test_nothing_without_a_name_is_out_of_reach(desk: Desk) -> None:
    """Whoever holds an identifier is told of, whatever it weighs."""
    shelf = desk.shelf("person")
    for fields in ({"phones": "956 555 0147"}, {"a_number": "A0246?1357"}, {"plates": "KTX*"}):
        assert slack_of(shelf, read(**fields)) == math.inf


def test_what_is_out_of_reach_has_no_hit(desk: Desk) -> None:
    """A name that is there, and too common for the model, finds nobody and says so."""
    shelf = desk.shelf("person")
    for number in range(min(shelf.index.records, 60)):
        name = shelf.index.row(number, ("full_name",))["full_name"]
        if name is None:
            continue
        asked = read(full_name=name)
        answer = desk.answer(Question("person", {"full_name": name}), REQUESTER, TODAY).answer
        if slack_of(shelf, asked) < 0:
            assert not answer.hits
            assert answer.missed == missed(shelf, asked)


def test_without_an_evaluation_the_model_speaks(desk: Desk) -> None:
    """And says that keys that disagree are not counted; without a name, how many hold the value."""
    shelf = desk.shelf("person")
    named = estimated(shelf, read(**NAME, **BORN), None)
    assert 0 < named.probability < 1
    assert "was not evaluated" in named.basis
    assert named == by_model(shelf, read(**NAME, **BORN))
    number = by_model(shelf, read(a_number="A024681357"))
    assert number.probability == pytest.approx(1 - shelf.filled["a_number"], abs=1e-4)
    assert "hold no a number" in number.basis


def test_what_a_model_expects_is_what_draws_of_its_levels_give(model: LinkageModel) -> None:
    """Exact but for the grid: many draws of levels by their m give the same share."""
    asked = read(**NAME, **BORN, sex="male").mention
    columns = {*PERSON, *asked}
    draw = np.random.default_rng(1)
    total = np.full(200_000, model.prior_weight)
    for comparison in model.comparisons:
        levels = [level for level in comparison.levels if level.m is not None]
        shares = np.array([level.m for level in levels], dtype=float)
        weights = np.array([level.weight for level in levels])
        total += draw.choice(weights, size=len(total), p=shares / shares.sum())
    drawn = float((total < weight_of(0.5)).mean())
    assert Expectation(model).misses(columns, 0.5, EVERY) == pytest.approx(drawn, abs=0.003)


FIELDS = {
    "birth_date": "1971-02-03",
    "sex": "male",
    "a_number": "A024681357",
    "ssn": "612-34-5678",
    "fbi_number": "123456AB7",
    "phones": "956 555 0147",
    "birth_place": "Oaxaca",
}


@given(
    given_fields=st.sets(st.sampled_from(sorted(FIELDS))),
    review=st.floats(0.01, 0.99),
    more=st.floats(0, 0.009),
)
def test_who_asks_more_of_a_match_misses_more(
    given_fields: set[str], review: float, more: float
) -> None:
    """A share between 0 and 1, that never falls as the threshold rises."""
    expectation = Expectation(read_model(shipped_model("person"), "person").model)
    asked = read(**NAME, **{name: FIELDS[name] for name in given_fields}).mention
    low = expectation.misses(asked, review, EVERY)
    high = expectation.misses(asked, review + more, EVERY)
    assert 0 <= low <= high + 1e-12 <= 1 + 1e-12


def test_what_records_hardly_hold_says_hardly_anything(model: LinkageModel) -> None:
    """A field that no record has changes nothing; one that all have finds more."""
    expectation = Expectation(model)
    name, both = read(**NAME).mention, read(**NAME, **BORN).mention
    none = dict.fromkeys(("birth_date", "birth_year", "birth_month"), 0.0)
    assert expectation.misses(both, 0.5, none) == expectation.misses(name, 0.5, none)
    assert expectation.misses(both, 0.5, EVERY) < expectation.misses(name, 0.5, EVERY)


def test_a_name_that_lacks_what_is_compared_finds_nobody(model: LinkageModel) -> None:
    """A family name alone is compared as a family name, not as a whole one."""
    expectation = Expectation(model)
    alone, whole = read(surname="Xaxamenez").mention, read(**NAME).mention
    assert expectation.misses(alone, 0.5, EVERY) > 0.9 > expectation.misses(whole, 0.5, EVERY)


def test_a_year_is_no_date(model: LinkageModel) -> None:
    """Who gives the year alone agrees in no more than the year."""
    expectation = Expectation(model)
    date = expectation.misses(read(**NAME, **BORN).mention, 0.5, EVERY)
    year = expectation.misses(read(**NAME, birth_date="1971").mention, 0.5, EVERY)
    name = expectation.misses(read(**NAME).mention, 0.5, EVERY)
    assert date < year < name

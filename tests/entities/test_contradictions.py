"""What contradicts what."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import LevelSettings
from linker.entities.contradictions import (
    BIRTH_DATES,
    CUSTODY,
    FEW,
    GENERATIONS,
    SUFFIX,
    UNBORN,
    Facts,
    Record,
    columns_of,
    contradict,
    contradicting,
    holding_kinds,
)
from linker.model import LinkageModel, TrainedComparison, TrainedLevel

NOTHING = Record(0, None, None, None)


def born(text: str, suffix: str | None = None) -> Record:
    date = dt.date.fromisoformat(text)
    return Record(0, date, date.year, suffix)


def both_ways(one: Record, other: Record) -> int:
    assert contradict(one, other) == contradict(other, one)
    return contradict(one, other)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("1970-10-10", "1990-03-15", BIRTH_DATES),
        ("1970-10-10", "1990-10-15", 0),  # the same month
        ("1970-10-10", "1971-03-15", 0),  # years drift
        ("1970-03-10", "1990-05-10", 0),  # two keystrokes
        ("1959-08-01", "1966-08-01", 0),
    ],
)
def test_dates_contradict_only_where_no_slip_explains_them(
    left: str, right: str, expected: int
) -> None:
    """Two years apart, another month, more than two keystrokes: only all three contradict."""
    assert both_ways(born(left), born(right)) == expected


def test_a_date_of_which_only_the_year_is_known_contradicts_a_generation_away() -> None:
    """A birth year alone is an estimate, but nobody is thought fifteen years older or younger."""
    assert both_ways(born("1970-10-10"), Record(0, None, 1956, None)) == 0
    assert both_ways(born("1970-10-10"), Record(0, None, 1955, None)) == BIRTH_DATES
    assert both_ways(Record(0, None, 1970, None), Record(0, None, 1985, None)) == BIRTH_DATES


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (born("1960-05-01", "sr"), born("1990-05-20", "jr"), GENERATIONS),
        (born("1960-05-01", "sr"), Record(0, None, 1975, "jr"), GENERATIONS),
        (born("1960-05-01", "sr"), born("1974-05-20", "jr"), 0),  # too near for father and son
        (born("1960-05-01", "sr"), born("1960-05-01", "jr"), 0),  # one person, mislabelled
        (born("1960-05-01", "sr"), born("1990-05-20"), 0),  # one has none
        (born("1960-05-01", "sr"), Record(0, None, None, "jr"), SUFFIX),
        (Record(0, None, None, "ii"), Record(0, None, None, "iii"), SUFFIX),
    ],
)
def test_a_suffix_contradicts_with_the_years_of_a_generation(
    left: Record, right: Record, expected: int
) -> None:
    """Junior and senior of about one birth year are one; where no year tells, they differ."""
    assert both_ways(left, right) == expected


ARREST = replace(NOTHING, arrested_on=dt.date(1998, 4, 21), place="El Paso", agency="USBP")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"place": "San Diego", "agency": "DEA"}, CUSTODY),
        ({"place": "San Diego"}, 0),  # one agency corrected its own record
        ({"place": "El Paso county", "agency": "DEA"}, 0),  # handed over
        ({"place": None, "agency": "DEA"}, 0),
        ({"place": "San Diego", "agency": None}, 0),
        ({"place": "San Diego", "agency": "DEA", "arrested_on": dt.date(1998, 4, 22)}, 0),
    ],
)
def test_nobody_is_in_custody_in_two_places(changes: dict[str, object], expected: int) -> None:
    """Two agencies, two places, one day; whatever is not known contradicts nothing."""
    assert both_ways(ARREST, replace(ARREST, **changes)) == expected  # type: ignore[arg-type]


def test_nobody_is_met_before_birth() -> None:
    """A record seen in a year before the other was born is another's."""
    seen = replace(NOTHING, seen=1985)
    assert both_ways(seen, born("1990-01-05")) == UNBORN
    assert both_ways(seen, born("1985-12-05")) == 0


NEAR = st.builds(
    dt.date,
    st.sampled_from([1950, 1951, 1960, 1905, 1590, 1995, 1999, 2001]),
    st.sampled_from([1, 2, 10, 11, 12]),
    st.sampled_from([1, 10, 11, 21]),
)
SAID = st.builds(
    lambda date, year, suffix, arrest, seen: Record(
        0,
        date,
        date.year if date else year,
        suffix,
        None if date or year else seen,
        *arrest,
    ),
    st.none() | NEAR | st.dates(dt.date(1000, 1, 1)),
    st.sampled_from([None, 1950, 1970, 1990]),
    st.sampled_from([None, None, "jr", "sr"]),
    st.tuples(
        st.sampled_from([None, dt.date(1998, 4, 21), dt.date(1998, 4, 22)]),
        st.sampled_from([None, "El Paso", "Del Rio", "el paso county"]),
        st.sampled_from([None, "DEA", "USBP"]),
    ),
    st.sampled_from([None, 1960, 1985]),
)


@given(SAID, st.lists(SAID, max_size=40))
def test_many_records_contradict_as_each_of_them_does(one: Record, others: list[Record]) -> None:
    """Compared as columns, records contradict just those that they contradict one by one."""
    found = contradicting(one, columns_of(others)).tolist()
    assert found == [contradict(one, other) for other in others]


@given(st.lists(SAID, min_size=1, max_size=2 * FEW))
def test_facts_say_of_each_two_records_how_they_contradict(said: list[Record]) -> None:
    """However many there are: what equal records say is one fact, and facts contradict as they."""
    records = [replace(record, mention=number) for number, record in enumerate(said)]
    facts = Facts(records)
    numbers = [facts.of[record.mention] for record in records]
    for one in records:
        found = list(facts.between(facts.of[one.mention], numbers))
        assert found == [contradict(one, other) for other in records]


@pytest.mark.parametrize(("differ", "holds"), [(0.02, True), (0.2, False)])
def test_dates_that_often_differ_contradict_nobody(differ: float, holds: bool) -> None:
    """Whether dates part chains is what the model learnt of how often one person's dates differ."""
    levels = [
        TrainedLevel(level=LevelSettings(kind="missing", of=["birth_year"]), label=""),
        TrainedLevel(
            level=LevelSettings(kind="exact", column="birth_date"), label="", m=1 - differ, u=0.1
        ),
        TrainedLevel(level=LevelSettings(kind="else"), label="", m=differ, u=0.9),
    ]
    dates = TrainedComparison(name="birth_date", role="identity", levels=tuple(levels))
    model = LinkageModel(entity_type="person", version="1", prior=0.01, comparisons=(dates,))
    assert ("birth_dates" in holding_kinds(model)) is holds
    assert "generation" in holding_kinds(model)
    nothing = model.model_copy(update={"comparisons": ()})
    assert "birth_dates" in holding_kinds(nothing)

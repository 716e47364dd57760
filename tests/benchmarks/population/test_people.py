"""True people: relatives, false names, birth places."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.population.calendar import parts, years_between
from benchmarks.population.cultures import CULTURES, FEMALE
from benchmarks.population.draws import Ints, stream
from benchmarks.population.names import build_vocabulary
from benchmarks.population.people import ALIASES, KEPT, SON, TWIN, Columns, people
from benchmarks.population.places import BIRTH_PLACES, COUNTRIES, MX_STATES, birth_places
from benchmarks.population.rates import Rates

ROWS = 20_000
RATES = dataclasses.replace(Rates(), father_and_son=0.1, twin=0.1, alias_held=0.3)


@pytest.fixture(scope="module")
def drawn() -> tuple[Columns, Columns]:
    return people(stream(1, 4, 0), ROWS, build_vocabulary(0.12), RATES)


def relatives(table: Columns, relation: int) -> tuple[Ints, Ints]:
    rows = np.flatnonzero(table["relation"] == relation)
    return rows, table["head"][rows]


def test_a_son_bears_his_father_s_name_a_generation_later(drawn: tuple[Columns, Columns]) -> None:
    """Same given and family name; 17 years between them at least; birthdays by chance alone."""
    table = drawn[0]
    sons, fathers = relatives(table, SON)
    assert len(sons) > 1_000
    for column in ("given", "middle", "family_1"):
        assert (table[column][sons] == table[column][fathers]).all()
    gap = years_between(table["born"][fathers], table["born"][sons])
    assert gap.min() >= 17
    (_, month, day), (_, month_2, day_2) = (parts(table["born"][rows]) for rows in (sons, fathers))
    known = (table["day_unknown"][sons] | table["day_unknown"][fathers]) == 0
    same = (month == month_2) & (day == day_2)
    assert same[known].mean() < 0.02


def test_junior_and_senior(drawn: tuple[Columns, Columns]) -> None:
    """Most Anglo sons are Jr, few others; the father of every Jr is Sr."""
    table = drawn[0]
    sons, fathers = relatives(table, SON)
    junior = table["suffix"][sons] == 1
    anglo = table["culture"][sons] == CULTURES.index("anglo")
    assert abs(junior[anglo].mean() - RATES.suffix_given) < 0.1
    assert junior[~anglo].mean() < 0.25
    assert (table["suffix"][fathers[junior]] == 2).all()


def test_twins_share_birth_and_family(drawn: tuple[Columns, Columns]) -> None:
    """Born on one day in one country, of one family; a sister may bear its feminine form."""
    table = drawn[0]
    twins, heads = relatives(table, TWIN)
    assert len(twins) > 1_000
    for column in ("born", "family_2", "country", "birth_state"):
        plain = (table["day_unknown"][twins] == table["day_unknown"][heads]) | (column != "born")
        assert (table[column][twins] == table[column][heads])[plain].all(), column
    same = table["family_1"][twins] == table["family_1"][heads]
    inflected = table["culture"][twins] == CULTURES.index("eastern_european")
    sisters = table["sex"][twins] == FEMALE
    assert same[~inflected].all()
    assert same[~sisters & (table["sex"][heads] != FEMALE)].all()


def test_false_names_change_a_part_or_all(drawn: tuple[Columns, Columns]) -> None:
    """About the stated shares keep the given or the family name; two in five the birth date."""
    table, false = drawn
    assert false["given"].shape == (ROWS, ALIASES)
    kept_given = (false["given"] == table["given"][:, None]).mean()
    kept_family = (false["family_1"] == table["family_1"][:, None]).mean()
    assert KEPT[0] < kept_given < KEPT[0] + 0.06
    assert KEPT[1] < kept_family < KEPT[1] + 0.06
    assert 0.39 < (false["born"] == table["born"][:, None]).mean() < 0.46


def test_birth_places_belong_to_the_country() -> None:
    """Every country has several places, the early ones drawn more often; Mexico its states."""
    rng = np.random.default_rng(1)
    for code, name in enumerate(COUNTRIES):
        state = rng.integers(0, len(MX_STATES), 2_000)
        places = birth_places(np.full(2_000, code), state)
        if name == "MX":
            assert places.n_unique() == len(MX_STATES)
            continue
        known = BIRTH_PLACES[name].split("|")
        assert set(places) == set(known)
        assert len(known) >= 3
        assert (places == known[0]).sum() > (places == known[-1]).sum()

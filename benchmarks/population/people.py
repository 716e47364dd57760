"""True people: who they are, before anybody writes them down.

A chunk of people is one table of codes and numbers, one row a person. Relatives stand in groups of
four rows: the first row of a group is its head, the others may be the head's son of the same name,
twin or housemate.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.calendar import AS_OF_DAY, joined, parts
from benchmarks.population.cultures import CULTURES, FEMALE, MALE, SPANISH
from benchmarks.population.draws import Bools, Ints, chance, peers, pick
from benchmarks.population.names import Choices, Vocabulary
from benchmarks.population.places import COUNTRIES, COUNTRIES_BY_CULTURE, MX_STATES
from benchmarks.population.rates import Rates

RELATIONS: Final = (None, "household", "father_and_son", "twin")
HOUSEHOLD, SON, TWIN = 1, 2, 3
GROUP: Final = 4
ALIASES: Final = 8

TWO_FAMILY_NAMES: Final = 0.96
"""Share of Hispanic, Central American and Brazilian people with two; an assumption."""
HAS_MIDDLE: Final = {
    "hispanic": 0.5, "central_american": 0.5, "anglo": 0.6, "chinese": 0.0, "vietnamese": 0.85
}  # fmt: skip
"""Shares of people with a second given name, 0.15 in other cultures; assumptions."""
KEPT: Final = (0.35, 0.15)
"""Shares of false names that keep the given or the family name. That deceivers mostly change a part
of the name and of the birth date: Wang, Chen and Atabakhsh, Communications of the ACM, March 2004;
the shares, and the 40 % who keep the birth date and 40 % who shift it, are assumptions."""
DAY_UNKNOWN: Final = ("arabic", "south_asian", "west_african")
"""Cultures many of whose refugees have 1 January on every paper."""

Columns = dict[str, Ints]


def people(
    rng: np.random.Generator, rows: int, vocabulary: Vocabulary, rates: Rates
) -> tuple[Columns, Columns]:
    """Return the people of a chunk and the names they may hide behind.

    Args:
        rng: The chunk's stream.
        rows: How many people.
        vocabulary: The names.
        rates: The rates in force.

    Returns:
        One array a column, all of `rows` numbers: culture, sex (0 male, 1 female), born (day since
        1970), day_unknown (0 or 1), given, middle, family_1, family_2 (name codes, 0 for none),
        suffix (0 none, 1 Jr, 2 Sr), relation (index of `RELATIONS`), head (row of the head of the
        group), country and birth_state (codes of `places`), aliases (how many false names);
        and the false names: given, family_1, family_2, born, each of shape (rows, ALIASES).
    """
    culture = pick(rng, rows, rates.cultures)
    sex = chance(rng, rows, rates.female).astype(np.int64)
    head = np.arange(rows) // GROUP * GROUP
    relation = _relations(rng, head, rates)
    kin = np.flatnonzero(relation > 0)
    culture[kin] = culture[head[kin]]
    sons = np.flatnonzero(relation == SON)
    sex[sons] = MALE
    sex[head[sons]] = MALE
    born = _births(rng, rows)
    table: Columns = {
        "culture": culture,
        "sex": sex,
        "born": born,
        "relation": relation,
        "head": head,
    }
    table |= _names(rng, culture, sex, vocabulary)
    _make_kin(rng, table, rates)
    women = sex == FEMALE
    table["family_1"][women] = vocabulary.feminine[table["family_1"][women]]
    table["day_unknown"] = _unknown_days(rng, culture, rates)
    unknown = table["day_unknown"] > 0
    year, _, _ = parts(born)
    born[unknown] = joined(year, np.ones_like(year), np.ones_like(year))[unknown]
    table["country"] = _countries(rng, culture)
    table["birth_state"] = rng.integers(0, len(MX_STATES), rows)
    for column in ("country", "birth_state"):
        same = (relation == TWIN) | (relation == HOUSEHOLD) & chance(rng, rows, 0.7)
        table[column] = np.where(same, table[column][head], table[column])
    holds = chance(rng, rows, rates.alias_held)
    many = holds & chance(rng, rows, rates.many_aliases)
    table["aliases"] = np.where(many, ALIASES, holds.astype(np.int64))
    return table, _false_names(rng, table)


def _relations(rng: np.random.Generator, head: Ints, rates: Rates) -> Ints:
    """Return each row's relation; rates count among all people, but heads have none."""
    share = GROUP / (GROUP - 1)
    kinds = [rates.household * share, rates.father_and_son * share, rates.twin * share]
    none = max(0.0, 1 - sum(kinds))
    relation = pick(rng, len(head), [none, *kinds])
    relation[head == np.arange(len(head))] = 0
    return relation


def _births(rng: np.random.Generator, rows: int) -> Ints:
    """Return birth days: ages from 15, most between 20 and 40, few past 70; an assumption."""
    age = 15 + rng.gamma(2.6, 7.0, rows)
    return AS_OF_DAY - (np.minimum(age, 85) * 365.2425).astype(np.int64)


def _names(rng: np.random.Generator, culture: Ints, sex: Ints, vocabulary: Vocabulary) -> Columns:
    rows = len(culture)
    names = {name: np.zeros(rows, np.int64) for name in ("given", "middle", "family_1", "family_2")}
    for code, name in enumerate(CULTURES):
        of_culture = culture == code
        family = np.flatnonzero(of_culture)
        _draw_into(rng, names["family_1"], family, vocabulary.family[code])
        if code in SPANISH or name == "brazilian":
            # Some have only one family name on every paper: children of one parent, for one.
            two = family[chance(rng, len(family), TWO_FAMILY_NAMES)]
            _draw_into(rng, names["family_2"], two, vocabulary.family[code])
        for gender in (MALE, FEMALE):
            given = np.flatnonzero(of_culture & (sex == gender))
            _draw_into(rng, names["given"], given, vocabulary.given[code][gender])
            middle = given[chance(rng, len(given), HAS_MIDDLE.get(name, 0.15))]
            _draw_into(rng, names["middle"], middle, vocabulary.middle[code][gender])
    names["middle"][names["middle"] == names["given"]] = 0
    names["suffix"] = np.zeros(rows, np.int64)
    return names


def _draw_into(rng: np.random.Generator, column: Ints, rows: Ints, choices: Choices) -> None:
    column[rows] = choices.draw(rng, len(rows))


def _make_kin(rng: np.random.Generator, table: Columns, rates: Rates) -> None:
    """Give relatives of a head what they share with the head, in place."""
    head, relation, rows = table["head"], table["relation"], len(table["head"])
    shares_family = relation > 0
    shares_second = (relation == TWIN) | (relation == HOUSEHOLD) & chance(rng, rows, 0.5)
    for column, copies in (
        ("family_1", shares_family),
        # A son has his mother's name second, where his father has his grandmother's.
        ("family_2", shares_second | (relation == SON) & (table["family_2"] == 0)),
        ("given", relation == SON),
        ("middle", relation == SON),
    ):
        table[column][copies] = table[column][head[copies]]
    son = relation == SON
    years = rng.integers(18, 35, rows)
    year, month, day = parts(rng.integers(0, 365, rows) + table["born"][head])
    # The head is the father; a father too young for this son gives way to a younger son.
    born = joined(year + years, month, np.minimum(day, 28))
    too_young = born > AS_OF_DAY - 14 * 365
    born = np.where(too_young, AS_OF_DAY - 14 * 365 - rng.integers(0, 700, rows), born)
    table["born"][son] = born[son]
    fathers = head[son]
    older = born - (years * 365.2425).astype(np.int64) - rng.integers(0, 365, rows)
    table["born"][fathers] = np.minimum(table["born"][fathers], older[son])
    twin = relation == TWIN
    table["born"][twin] = table["born"][head[twin]]
    of_anglo = table["culture"] == CULTURES.index("anglo")
    given = np.where(of_anglo, rates.suffix_given, rates.suffix_given / 5)
    with_suffix = son & (rng.random(rows) < given)
    table["suffix"][with_suffix] = 1
    table["suffix"][head[with_suffix]] = 2


def _unknown_days(rng: np.random.Generator, culture: Ints, rates: Rates) -> Ints:
    asked: Bools = np.isin(culture, [CULTURES.index(name) for name in DAY_UNKNOWN])
    return (asked & chance(rng, len(culture), rates.birth_day_unknown)).astype(np.int64)


def _countries(rng: np.random.Generator, culture: Ints) -> Ints:
    country = np.zeros(len(culture), np.int64)
    for code, weights in enumerate(COUNTRIES_BY_CULTURE):
        rows = np.flatnonzero(culture == code)
        places = np.array([COUNTRIES.index(name) for name in weights])
        country[rows] = places[pick(rng, len(rows), list(weights.values()))]
    return country


def _false_names(rng: np.random.Generator, table: Columns) -> Columns:
    """Return names and birth days borrowed piecewise from people of the same culture and sex."""
    group = table["culture"] * 2 + table["sex"]
    givers = peers(rng, group, ALIASES)
    families = peers(rng, group, ALIASES)
    years = rng.integers(-6, 7, givers.shape)
    year, month, day = parts(np.repeat(table["born"], ALIASES))
    near = joined(year + years.ravel(), month, np.minimum(day, 28)).reshape(givers.shape)
    manner, kept = rng.random(givers.shape), rng.random(givers.shape)
    own = np.arange(len(group))[:, None]
    born = np.where(manner < 0.4, table["born"][own], near)
    born = np.where(manner < 0.8, born, table["born"][givers])
    givers = np.where(kept < KEPT[0], own, givers)
    families = np.where((kept >= KEPT[0]) & (kept < sum(KEPT)), own, families)
    return {
        "given": table["given"][givers],
        "family_1": table["family_1"][families],
        "family_2": table["family_2"][families],
        "born": born,
    }


def true_ids(first: int, rows: int, letter: str) -> pl.Series:
    """Return the true ids of `rows` entities, the first of which has number `first`."""
    numbers = pl.Series("true_id", np.arange(first, first + rows))
    return letter + numbers.cast(pl.String).str.zfill(8)

"""Names of several cultures: real frequencies, other spellings, how rare a whole name is."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.population.cultures import CULTURES, FEMALE, MALE
from benchmarks.population.name_frequencies import family_names, feminine, given_names
from benchmarks.population.name_rarity import name_rarity
from benchmarks.population.names import Vocabulary, build_vocabulary
from benchmarks.population.rates import Rates
from benchmarks.population.spellings import (
    SPELLINGS,
    arabic_spellings,
    chinese_spellings,
    eastern_european_spellings,
    west_african_spellings,
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(0.12)


@pytest.mark.parametrize("culture", CULTURES)
def test_every_culture_has_names(culture: str) -> None:
    """Each culture has men's and women's names, and family names whose weights sum to 1."""
    for sex in (MALE, FEMALE):
        assert len(given_names(culture, sex)) >= 30
    families = family_names(culture, 0.12)
    assert sum(families.values()) == pytest.approx(1)
    assert all(name.strip() == name and weight > 0 for name, weight in families.items())


def test_frequencies_are_those_of_the_lists() -> None:
    """Well over a third of Vietnamese people are Nguyễn; Hernández leads in Mexico."""
    vietnamese = family_names("vietnamese", 0.12)
    assert 0.33 < vietnamese["Nguyễn"] < 0.42
    mexican = family_names("hispanic", 0.12)
    assert max(mexican, key=lambda name: mexican[name]) == "Hernández"
    assert "de la Rosa" in family_names("central_american", 0.12)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Zhang", "Chang"),
        ("Zhang", "Cheung"),
        ("Xu", "Hsu"),
        ("Xie", "Hsieh"),
        ("Weiming", "Wai Ming"),
        ("Weiming", "Wei-ming"),
        ("Jianguo", "Chien-kuo"),
        ("Zhong", "Chung"),
    ],
)
def test_chinese_names_in_other_systems(name: str, other: str) -> None:
    """Pinyin names are also written as in Wade-Giles and as Cantonese speakers do."""
    assert other in chinese_spellings(name)


@pytest.mark.parametrize(
    ("spell", "name", "other"),
    [
        (arabic_spellings, "Mohammed", "Muhammad"),
        (arabic_spellings, "Al-Rashid", "El-Rashid"),
        (west_african_spellings, "Diallo", "Jallow"),
        (eastern_european_spellings, "Oleksandr", "Alexander"),
        (eastern_european_spellings, "Kovalchuk", "Kowalchuk"),
    ],
)
def test_other_spellings(spell: object, name: str, other: str) -> None:
    """Names of other scripts and languages have the spellings that papers show."""
    assert callable(spell)
    assert other in spell(name)


def test_a_name_is_never_its_own_other_spelling() -> None:
    """No spelling of a name of the vocabulary is the name itself, and all are named once."""
    for culture, spell in SPELLINGS.items():
        for name in list(family_names(culture, 0.12))[:200]:
            found = spell(name)
            assert name not in found
            assert len(found) == len(set(found))


def test_women_bear_the_feminine_form(vocabulary: Vocabulary) -> None:
    """Ivanov becomes Ivanova, Melnyk stays, and names of other cultures do not change."""
    assert (feminine("Ivanov"), feminine("Zelenskyi"), feminine("Melnyk")) == (
        *("Ivanova", "Zelenska"),
        "Melnyk",
    )
    words = vocabulary.words.to_list()
    assert words[vocabulary.feminine[words.index("Ivanov")]] == "Ivanova"
    assert words[vocabulary.feminine[words.index("García")]] == "García"


def test_no_diacritics_in_the_plain_form(vocabulary: Vocabulary) -> None:
    """The plain form of every name of a list is ASCII, the Vietnamese đ included."""
    assert vocabulary.plain.drop_nulls().str.contains(r"^[\x00-\x7F]*$").all()


def test_a_rare_name_is_telling_and_a_common_one_is_not(vocabulary: Vocabulary) -> None:
    """José Hernández says little among 400,000 people, but with a rare second family name who."""
    words = vocabulary.words.to_list()
    rarity = name_rarity(vocabulary, Rates(), 400_000)
    rare = int(vocabulary.family[0].codes[-1])
    table = {
        "culture": np.zeros(3, dtype=np.int64),
        "given": np.full(3, words.index("José")),
        "family_1": np.full(3, words.index("Hernández")),
        "family_2": np.array([words.index("García"), rare, rare]),
    }
    second = np.array([True, True, False])
    assert rarity.telling(table, second).tolist() == [False, True, False]

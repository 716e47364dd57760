"""The Mexican population code (CURP), built from name, birth date, sex and state of birth.

Eighteen characters: four letters of the names, the birth date, sex, state, three inner consonants,
a character that tells century and namesakes apart, a check digit. The official list of letter
groups that are altered for decency is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.population.calendar import parts
from benchmarks.population.cultures import MALE
from benchmarks.population.draws import Ints
from benchmarks.population.names import Vocabulary
from benchmarks.population.places import MX_STATES

Letters = npt.NDArray[np.uint8]

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
"""The order that gives each character its value in the check digit."""

_X: Final = ord("X")
_COMMON_FIRST: Final = ("José", "María")


@dataclass(frozen=True)
class NameLetters:
    """What each name of the vocabulary gives to a CURP."""

    initial: Letters
    vowel: Letters  # the first vowel after the initial
    consonant: Letters  # the first consonant after the initial
    common_first: npt.NDArray[np.bool_]  # José, María: a second given name counts instead


def name_letters(vocabulary: Vocabulary) -> NameLetters:
    """Return the letters of every name of the vocabulary."""
    bare = (
        vocabulary.words.str.replace_all("Ñ", "X")
        .str.replace_all("ñ", "x")
        .str.normalize("NFD")
        .str.replace_all(r"\p{M}", "")
        .str.to_uppercase()
        .str.replace(r"^((DE LAS|DE LOS|DE LA|DE|DEL|LA|LAS|LOS|DA|DOS|VON|VAN|Y|MC|MAC) )+", "")
        .str.replace_all(r"[^A-Z]", "")
    )
    inner = bare.str.slice(1)
    common = vocabulary.words.is_in(list(_COMMON_FIRST)).fill_null(value=False)
    return NameLetters(
        initial=_codes(bare.str.slice(0, 1)),
        vowel=_codes(inner.str.extract("([AEIOU])")),
        consonant=_codes(inner.str.extract("([B-DF-HJ-NP-TV-Z])")),
        common_first=common.to_numpy(),
    )


def curps(rng: np.random.Generator, people: dict[str, Ints], letters: NameLetters) -> pl.Series:
    """Return the CURP of each person, as if all were born in Mexico.

    Args:
        rng: Where the character that tells namesakes apart comes from.
        people: Columns of `people.people`.
        letters: The letters of the vocabulary.
    """
    rows = len(people["given"])
    first, second = people["family_1"], people["family_2"]
    use_middle = letters.common_first[people["given"]] & (people["middle"] > 0)
    given = np.where(use_middle, people["middle"], people["given"])
    year, month, day = parts(people["born"])
    states = np.array([list(state.encode()) for state in MX_STATES], dtype=np.uint8)
    code: npt.NDArray[np.uint8] = np.full((rows, 18), _X, dtype=np.uint8)
    code[:, 0] = letters.initial[first]
    code[:, 1] = letters.vowel[first]
    code[:, 2] = letters.initial[second]
    code[:, 3] = letters.initial[given]
    for place, value in ((4, year % 100), (6, month), (8, day)):
        code[:, place] = 48 + value // 10
        code[:, place + 1] = 48 + value % 10
    code[:, 10] = np.where(people["sex"] == MALE, ord("H"), ord("M"))
    code[:, 11:13] = states[people["birth_state"]]
    code[:, 13] = letters.consonant[first]
    code[:, 14] = letters.consonant[second]
    code[:, 15] = letters.consonant[given]
    namesake = np.minimum(rng.geometric(0.8, rows) - 1, 9)
    code[:, 16] = np.where(year < 2000, 48, 65) + namesake
    code[:, 17] = 48 + check_digits(code[:, :17])
    return pl.Series(np.ascontiguousarray(code).view("S18").ravel().astype("U18"))


def check_digits(code: Letters) -> Ints:
    """Return the check digit of each row of seventeen characters."""
    value = np.zeros(256, dtype=np.int64)
    for place, character in enumerate(ALPHABET):
        if character.isascii():
            value[ord(character)] = place
    total = value[code] @ np.arange(18, 1, -1)
    digits: Ints = (10 - total % 10) % 10
    return digits


def _codes(characters: pl.Series) -> Letters:
    """Return the code of each character, that of X where there is none."""
    text = characters.replace("", None).fill_null("X").to_list()
    return np.frombuffer("".join(text).encode("ascii"), dtype=np.uint8)

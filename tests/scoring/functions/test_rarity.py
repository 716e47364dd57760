"""Words in common counted by how rare they are, on codes and frequencies set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from linker.scoring.functions import rarity
from tests.scoring.functions.places import address_of, dictionary

WORDS = [
    *("de", "transportes", "norte", "kavanagh", "kavanahg", "del", "ojinaga", "ojinga"),
    *("sur", "2", "volkswagen", "volkswerk", "transp"),
    *("universal", "univrsl"),
]
BITS = np.array([2.0, 3.0, 6.0, 12.0, 13.0, 2.0, 11.0, 13.0, 6.0, 7.0, 12.0, 13.0, 8.0, 9.0, 13.0])
EQUAL_ONLY, KEYSTROKE, SIMILAR = (0, 2.0, 1.0), (1, 2.0, 1.0), (0, 0.9, 1.0)


def met(
    left: list[str],
    right: list[str],
    bits: float = 0.0,
    share: float = 0.0,
    spelling: tuple[int, float, float] = EQUAL_ONLY,
    *,
    fewer: bool = True,
    one_sided: bool = False,
) -> bool:
    data, ends = dictionary(WORDS)
    logs = -BITS
    codes = np.array([WORDS.index(word) for word in [*left, *right]], np.int32)
    found = rarity.rare_words(
        address_of(codes),
        len(left),
        address_of(codes, len(left)),
        len(right),
        (address_of(data), address_of(ends), address_of(logs)),
        (bits, share),
        (fewer, one_sided),
        spelling,
    )
    return bool(found)


def test_two_common_words_say_less_than_one_rare_word() -> None:
    """Bits of the words in common are added up."""
    assert met(["transportes", "norte"], ["norte", "transportes"], bits=9.0)
    assert not met(["transportes", "norte"], ["norte", "transportes"], bits=9.5)
    assert met(["kavanagh", "transportes"], ["kavanagh"], bits=12.0)


def test_the_share_is_of_rarity_and_not_of_words() -> None:
    """What the words in common are worth, of the list that has less besides them, or of all."""
    left, right = ["kavanagh", "transportes"], ["kavanagh", "de", "del"]
    assert met(left, right, share=12 / 15)
    assert not met(left, right, share=12 / 14)
    assert met(left, right, share=12 / 19, fewer=False)
    assert not met(left, right, share=12 / 18, fewer=False)


@pytest.mark.parametrize("spelling", [KEYSTROKE, SIMILAR])
def test_a_misspelt_word_counts_less_than_the_commoner_spelling(
    spelling: tuple[int, float, float],
) -> None:
    """Twelve bits less three, out of twelve."""
    assert not met(["kavanagh"], ["kavanahg"], bits=1.0)
    assert met(["kavanagh"], ["kavanahg"], bits=9.0, share=0.75, spelling=spelling)
    assert not met(["kavanagh"], ["kavanahg"], bits=9.5, spelling=spelling)
    assert not met(["kavanagh"], ["kavanahg"], share=0.8, spelling=spelling)


def test_short_words_are_not_misspelt() -> None:
    """A keystroke in a word of three letters makes another word."""
    assert not met(["de"], ["del"], bits=0.0, share=0.1, spelling=KEYSTROKE)


def test_a_word_goes_with_one_word_only() -> None:
    """With itself first; a second spelling of it finds nothing left."""
    left, right = ["ojinaga"], ["ojinaga", "ojinga"]
    assert met(left, right, bits=11.0, spelling=KEYSTROKE)
    assert not met(left, right, bits=11.5, spelling=KEYSTROKE)


@pytest.mark.parametrize(("left", "right"), [([], []), ([], ["de"]), (["de"], [])])
def test_lists_without_words_have_nothing_in_common(left: list[str], right: list[str]) -> None:
    """No words are no agreement, whatever is asked."""
    assert not met(left, right)


def test_long_lists_are_compared_as_far_as_their_first_words() -> None:
    """More words than a set of bits can hold are passed over."""
    many = ["de"] * rarity.MOST_WORDS
    assert met(["kavanagh"], [*many[1:], "kavanagh"], bits=12.0)
    assert not met(["kavanagh"], [*many, "kavanagh"], bits=1.0)


def test_words_that_begin_alike_are_no_misspellings_where_many_letters_differ() -> None:
    """Three letters of ten are more than a fifth; a word cut short is still the word."""
    assert met(["volkswagen"], ["volkswerk"], bits=9.0, spelling=(0, 0.85, 1.0))
    assert not met(["volkswagen"], ["volkswerk"], bits=1.0, spelling=(0, 0.85, 0.2))
    cut_short = ["ojinaga", "transportes"], ["ojinaga", "transp"]
    assert met(*cut_short, share=11 / 14, spelling=(0, 0.85, 0.2), fewer=False)
    assert not met(*cut_short, share=11 / 14, fewer=False)
    assert met(["universal"], ["univrsl"], bits=6.0, spelling=(0, 0.85, 0.2))


def test_a_replaced_word_tells_two_names_apart() -> None:
    """One list may have words that the other lacks, but not each of them."""
    assert met(["kavanagh", "norte"], ["kavanagh"], bits=12.0, one_sided=True)
    assert not met(["kavanagh", "norte"], ["kavanagh", "sur"], bits=12.0, one_sided=True)
    assert met(["kavanagh", "norte"], ["kavanagh", "sur"], bits=12.0)


def test_a_number_that_one_name_lacks_tells_them_apart() -> None:
    """The second fund of a name is not the first."""
    assert not met(["kavanagh", "2"], ["kavanagh"], bits=12.0, one_sided=True)
    assert not met(["kavanagh"], ["kavanagh", "2"], bits=12.0, one_sided=True)
    assert met(["kavanagh", "2"], ["kavanagh", "2"], bits=12.0, one_sided=True)

"""Words that keep company."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from linker.scoring.features.company import company_logs
from linker.training.company import NAMES_A_GROUP, SORTINGS, Company, company

LANGUAGES = 4
GIVEN, FAMILY = 60, 60
GROUPS = 16


def names(different: int, *, mixed: bool = False) -> pl.Series:
    """Names of two words, each of one language; or given and family names of any language."""
    draw = np.random.default_rng(1)
    language = draw.integers(0, LANGUAGES, different)
    other = draw.integers(0, LANGUAGES, different) if mixed else language
    given, family = draw.integers(0, GIVEN, different), draw.integers(0, FAMILY, different)
    return pl.Series(
        [
            [f"g{one}.{first}", f"f{two}.{last}"]
            for one, first, two, last in zip(language, given, other, family, strict=True)
        ]
    )


def more_common(found: Company, *words: str | None) -> float:
    """How many times more common a name is than its words by chance; None is an unknown word."""
    known = dict(found.words.iter_rows())
    groups = [known[word] if word else [0.0] * len(found.shares) for word in words]
    logs = company_logs(
        np.arange(len(words), dtype=np.int32),
        np.zeros(1, dtype=np.int64),
        np.array([len(words)]),
        np.array(groups, dtype=np.float32),
        np.array(found.shares),
    )
    return float(2 ** logs[0])


def of(listed: pl.Series) -> Company:
    found = company(listed, GROUPS, seed=1)
    assert found
    return found


@pytest.fixture(scope="module")
def languages() -> Company:
    """What names of four languages show."""
    return of(names(4 * LANGUAGES * NAMES_A_GROUP // 2))


def test_a_name_is_as_common_as_all_sortings_find_on_average(languages: Company) -> None:
    """Words are sorted several times from other beginnings, and every sorting counts alike."""
    known = dict(languages.words.iter_rows())
    words = [np.array(known[word]) for word in ("g0.0", "f0.0")]
    parts = np.split(np.array(languages.shares), SORTINGS)
    each = [np.split(word, SORTINGS) for word in words]
    by_sorting = [
        float((share * SORTINGS * one * two).sum())
        for share, one, two in zip(parts, *each, strict=True)
    ]
    assert len(set(by_sorting)) == SORTINGS
    assert math.isclose(float(np.mean(by_sorting)), more_common(languages, "g0.0", "f0.0"))
    assert math.isclose(sum(languages.shares), 1.0, abs_tol=1e-6)


def test_words_of_one_language_are_more_common_together(languages: Company) -> None:
    """Of four languages one is four times likelier where it has shown, and hardly across."""
    assert more_common(languages, "g1.5", "f1.7") == pytest.approx(LANGUAGES, rel=0.4)
    assert more_common(languages, "g1.5", "f2.7") < 0.5


def test_words_that_stand_with_any_others_keep_no_company() -> None:
    """Where given and family names are drawn apart, a name is about the product of its words."""
    found = of(names(4 * LANGUAGES * NAMES_A_GROUP // 2, mixed=True))
    logs = [
        math.log2(more_common(found, f"g{one}.{word}", f"f{two}.{word}"))
        for one in range(LANGUAGES)
        for two in range(LANGUAGES)
        for word in range(20)
    ]
    assert abs(float(np.mean(logs))) < 0.3


def test_an_unknown_word_keeps_the_company_of_the_others(languages: Company) -> None:
    """A rare word beside one of a language is of that language; alone it says nothing."""
    assert more_common(languages, "g1.5", None) == pytest.approx(LANGUAGES, rel=0.4)
    assert more_common(languages, None, None) == 1.0


def test_a_word_in_two_names_may_keep_other_company() -> None:
    """What two names of one language share is rarer in another, and not as good as unheard of."""
    listed = names(4 * LANGUAGES * NAMES_A_GROUP // 2)
    rare = pl.Series([["rare", "f1.3"], ["rare", "f1.8"]])
    found = of(pl.concat([listed, rare]))
    assert more_common(found, "rare", "f1.7") > 1.5
    assert more_common(found, "rare", "f2.7") > 0.1


def test_one_word_is_as_common_as_it_is(languages: Company) -> None:
    """Groups only tell of words together."""
    assert more_common(languages, "g1.5") == pytest.approx(1.0, rel=0.1)


def test_too_few_names_show_no_company() -> None:
    """Fewer than two groups' worth of names give none: chance would look like company."""
    assert company(names(2 * NAMES_A_GROUP - 1), GROUPS, seed=1) is None
    assert company(pl.Series([[str(n)] for n in range(2 * NAMES_A_GROUP)]), GROUPS, seed=1) is None
    assert company(names(2 * NAMES_A_GROUP), 1, seed=1) is None


def test_the_same_names_give_the_same_groups() -> None:
    """The seed decides where the groups begin, and nothing else is drawn."""
    listed = names(2 * NAMES_A_GROUP)
    one, other = of(listed), of(listed)
    assert one.shares == other.shares
    assert one.words.equals(other.words)

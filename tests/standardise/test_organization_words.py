"""Words of organizations' names in one spelling, and as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.organization_words import compared_words, spelled_out


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("first bank intl", "first bank international"),
        ("1st natl bk", "first national bank"),
        ("acme mfg", "acme manufacturing"),
        ("world health organisation", "world health organization"),
        ("brigade forty four", "brigade 44"),
        ("brigade forty 4", "brigade 44"),
        ("brigade forty", "brigade 40"),
        ("three sixteen", "3 16"),
        ("forty forty four", "40 44"),
        ("kavanagh", "kavanagh"),
        ("brigade fourty four", "brigade 44"),
        ("fund vii", "fund 7"),
        ("vi x fund", "6 x fund"),
        ("united states department of state", "usa department of state"),
        ("us department of state", "usa department of state"),
        ("united states of america bank", "usa bank"),
        ("united kingdom united", "uk united"),
    ],
)
def test_one_word_has_one_spelling(written: str, spelled: str) -> None:
    """Abbreviations are written out, ordinals are words, numbers figures, countries initials."""
    assert spelled_out(written.split()) == spelled.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("transportes garza", "transport garza"),
        ("comercial industrias reyes", "commercial industry reyes"),
        ("al haramain", "alharamain"),
        ("jamaat ud dawah", "jamaat ul dawah"),
        ("benoya holdings", "benoya holding"),
        ("fundacion aqsa", "society aqsa"),
        ("frente popular", "front people"),
        ("alharamain relief", "alharamayn charity"),
        ("jemaah islamiyah", "jamaat islamiyya"),
    ],
)
def test_words_of_every_trade_and_the_article_are_compared_as_one(one: str, other: str) -> None:
    """Plurals, another language's word, romanisation and an article make no difference."""
    assert compared_words(one.split()) == compared_words(other.split())


def test_a_name_of_articles_alone_keeps_them() -> None:
    """No name is left without words."""
    assert compared_words(["al"]) == ["al"]


WORDS = st.lists(
    st.sampled_from(
        ["forty", "four", "4", "40", "1st", "intl", "al", "ud", "garza", "transportes"]
    ),
    min_size=1,
    max_size=6,
)


@given(WORDS)
def test_spelling_out_twice_is_spelling_out_once(words: list[str]) -> None:
    """What is spelled out stays as it is; neither form is ever empty."""
    once = spelled_out(words)
    assert spelled_out(once) == once
    assert compared_words(once)

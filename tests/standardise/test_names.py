"""Tests of the names of people: the shapes this field's data has."""

from __future__ import annotations

import re
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linker.standardise import names
from linker.standardise.name_order import PLAIN, in_order, in_usual_order
from linker.standardise.name_words import JOINED, PARTICLES
from linker.standardise.names import (
    NameWords,
    canonical_alias,
    canonical_name,
    family_sounds,
    name_sounds,
    native_name,
    read_full_name,
    read_given_name,
    read_prefix,
    read_suffix,
    read_surname,
)

ANY_TEXT = st.text(max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [
            "juan",
            "Garcia",
            "de",
            "la",
            "Delacruz",
            "y",
            "jr",
            "Mr.",
            "FNU",
            "unknown",
            "El",
            "O'Neil",
            "Resendiz-Ramirez",
            "al-Hakim",
            "(Pepe)",
            "aka",
            '"',
            "'",
            ",",
            ",,",
            "2nd",
            "baron",
            "of",
            "毛",
            "김정은",
            "y9ung",
            "-",
            "St.",
            "Mc",
            "a.k.a.",
            "<<",
            ">>",
            "|",
            "von",
            "III",
            "Lopez",
        ]
    ),
    max_size=9,
).map(" ".join)

FULL_NAMES = [
    # text, given and middle names, family names, particles, suffix
    ("John Smith", "john", "smith", "", ""),
    ("SMITH, JOHN", "john", "smith", "", ""),
    ("Smith, John Q. Jr.", "john q", "smith", "", "jr"),
    ("Smith, Junior", "", "smith", "", "jr"),
    ("Smith, John, Jr.", "john", "smith", "", "jr"),
    ("John Smith Jr", "john", "smith", "", "jr"),
    ("John Smith 2nd", "john", "smith", "", "ii"),
    ("Smith Sr, John", "john", "smith", "", "sr"),
    ("Juan Pérez Hijo", "juan", "perez", "", "jr"),
    ("Dr. Martin Luther King III", "martin luther", "king", "", "iii"),
    ("Sr. Juan Perez", "juan", "perez", "", ""),
    ("Lic. María López", "maria", "lopez", "", ""),
    ("Don Johnson", "don", "johnson", "", ""),
    ("Don Pedro Garcia", "pedro", "garcia", "", ""),
    ("O'Brien, Patrick", "patrick", "obrien", "", ""),
    ("Patrick O’Brien", "patrick", "obrien", "", ""),
    ("Mary-Jane Smith", "mary jane", "smith", "", ""),
    ("Angel Resendiz-Ramirez", "angel", "resendiz ramirez", "", ""),
    ("Jose Angel Resendiz Ramirez", "jose angel", "resendiz ramirez", "", ""),
    ("Rafael Resendez-Ramirez", "rafael", "resendez ramirez", "", ""),
    ("Angel Maturino Resendiz", "angel maturino", "resendiz", "", ""),
    ("Gernando Mata-Roman", "gernando", "mata roman", "", ""),
    ("De Uribe Rafael Hernandez-Hernandez", "uribe rafael", "hernandez hernandez", "", ""),
    ("Juan Hernández Hernández", "juan", "hernandez hernandez", "", ""),
    ("Juan Martinez Cruz", "juan", "martinez cruz", "", ""),
    ("Juan Santiago Lopez", "juan santiago", "lopez", "", ""),
    ("Juan Carlos Santiago Lopez", "juan carlos", "santiago lopez", "", ""),
    ("Mary Ann Smith", "mary ann", "smith", "", ""),
    ("Juan de la Cruz", "juan", "cruz", "de la", ""),
    ("Juan Delacruz", "juan", "cruz", "de la", ""),
    ("Juan Dela Cruz", "juan", "cruz", "de la", ""),
    ("Juan DELACRUZ LOPEZ", "juan", "cruz lopez", "de la", ""),
    ("Ana Delgado", "ana", "delgado", "", ""),
    ("Maria del Carmen Lopez", "maria carmen", "lopez", "", ""),
    ("Maria de los Angeles Lopez Garcia", "maria angeles", "lopez garcia", "", ""),
    ("José Ortega y Gasset", "jose", "ortega gasset", "y", ""),
    ("Cruz, Juan de la", "juan", "cruz", "de la", ""),
    ("Vincent van Gogh", "vincent", "gogh", "van", ""),
    ("Ludwig van der Berg", "ludwig", "berg", "van der", ""),
    ("De Niro", "", "niro", "de", ""),
    ("Al Capone", "al", "capone", "", ""),
    ("BIN LADIN, Usama bin Muhammad bin Awad", "usama muhammad awad", "ladin", "bin", ""),
    ("AL-ZAWAHIRI, Ayman", "ayman", "zawahiri", "al", ""),
    ("Jill St. John", "jill", "stjohn", "", ""),
    ("Cher", "", "cher", "", ""),
    ("FNU Garcia", "", "garcia", "", ""),
    ("FNU Garcia Lopez", "", "garcia lopez", "", ""),
    ("Ahmad LNU", "ahmad", "", "", ""),
    ("FNU LNU", "", "", "", ""),
    ("Jane Doe", "jane", "doe", "", ""),
    ("JC Juncker", "j c", "juncker", "", ""),
    ("Smith, T.J.", "t j", "smith", "", ""),
    ("TJ Smith Jr", "t j", "smith", "", "jr"),
    ("Md Rahman", "md", "rahman", "", ""),
    ("Mao Tse-tung", "tse tung", "mao", "", ""),
    ("Kwok-wai Chan", "kwok wai", "chan", "", ""),
    ("Chan Kwok-wai", "kwok wai", "chan", "", ""),
    ("Tuan Van Nguyen", "tuan van", "nguyen", "", ""),
    ("Nguyen Van Tam", "nguyen van", "tam", "", ""),
    ("Nguyễn, Nam Văn", "nam van", "nguyen", "", ""),
    ("Le, Van Ngoc", "van ngoc", "le", "", ""),
    ("Gogh, Vincent van", "vincent", "gogh", "van", ""),
    ("Wong Smith-Jones", "wong", "smith jones", "", ""),
    ("Kim Jong-un", "jong un", "kim", "", ""),
    ("Kim Jong Un", "jong un", "kim", "", ""),
    ("KO TAE BIN", "tae bin", "ko", "", ""),
    ("Min Ho Kim", "min ho", "kim", "", ""),
    ("Kim Jo Ann", "kim jo", "ann", "", ""),
    ("Lee Harvey Oswald", "lee harvey", "oswald", "", ""),
    ("'Abd Khalaf 'Ubayd Juday' al-'Anizi", "abd khalaf ubayd juday", "anizi", "al", ""),
    ("毛泽东", "zedong", "mao", "", ""),
    ("王 伟", "wei", "wang", "", ""),
    ("김정은", "jeong eun", "kim", "", ""),
    ("Muthu s/o Raman", "muthu", "raman", "", ""),
    ("Siti A/P Ahmad", "siti", "ahmad", "", ""),
    ("Владимир Путин", "vladimir", "putin", "", ""),
    ("J0hn Sm1th", "john", "smlth", "", ""),
    ("thomas clifford, 1st baron clifford of chudleigh", "thomas", "clifford", "", ""),
    ("tom 1st baron clifford of chudleigh", "tom", "clifford", "", ""),
    ("thomas of chudleigh", "thomas", "chudleigh", "of", ""),
    ("Jones, Earl", "earl", "jones", "", ""),
    ("maj.-gen. frederick minchin", "frederick", "minchin", "", ""),
    ("unknown", "", "", "", ""),
    ("", "", "", "", ""),
]


@pytest.mark.parametrize(("text", "given", "family", "prefix", "suffix"), FULL_NAMES)
def test_full_names(text: str, given: str, family: str, prefix: str, suffix: str) -> None:
    """Each shape of a whole name gives its given names, family names, particles and suffix."""
    name = read_full_name(text)
    assert tuple(name)[:4] == (given, family, prefix, suffix)


ALIASES = [
    ("Joaquín 'El Chapo' Guzmán Loera", "guzman loera", "el chapo"),
    ("Joaquin Guzman Loera, alias El Chapo", "guzman loera", "el chapo"),
    ('GUZMAN LOERA, Joaquin (a.k.a. "EL CHAPO")', "guzman loera", "el chapo"),
    ("Joaquin Guzman aka Smith, John a.k.a. El Rapido", "guzman", "el rapido|john smith"),
    ("Joaquín «El Chapo» Guzmán", "guzman", "el chapo"),
    ("Ana Lopez (née Garcia)", "lopez", "garcia"),
    ("Ana Lopez (unknown)", "lopez", ""),
    ("alias El Mencho", "", "el mencho"),
]


@pytest.mark.parametrize(("text", "family", "aliases"), ALIASES)
def test_aliases_are_taken_out_of_a_name(text: str, family: str, aliases: str) -> None:
    """What is bracketed, quoted or called an alias becomes an alias."""
    name = read_full_name(text)
    assert (name.family, name.aliases) == (family, aliases)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("El Chapo", "el chapo"),
        ("SMITH, John", "john smith"),
        ("aka Pedro de la Cruz", "pedro cruz"),
        ("Pepe", "pepe"),
        ("毛泽东", "zedong mao"),
        ("FNU", None),
        ("unknown", None),
    ],
)
def test_canonical_alias(text: str, expected: str | None) -> None:
    """A nickname keeps its article; a name is put in order."""
    assert canonical_alias(text) == expected


@pytest.mark.parametrize(
    ("text", "given", "suffix", "aliases"),
    [
        ("María José", "maria jose", "", ""),
        ("Dr. John Jr.", "john", "jr", ""),
        ('Juan "Juanito"', "juan", "", "juanito"),
        ("Maria de la Luz", "maria luz", "", ""),
        ("FNU", "", "", ""),
        ("Don", "don", "", ""),
        ("RJ", "r j", "", ""),
        ("Nam Van", "nam van", "", ""),
    ],
)
def test_given_names(text: str, given: str, suffix: str, aliases: str) -> None:
    """A field of given names gives the names, and apart from them a suffix and aliases."""
    assert read_given_name(text) == NameWords(given=given, suffix=suffix, aliases=aliases)


@pytest.mark.parametrize(
    ("text", "family", "prefix", "suffix"),
    [
        ("de la Cruz", "cruz", "de la", ""),
        ("Delacruz", "cruz", "de la", ""),
        ("Martínez Cruz", "martinez cruz", "", ""),
        ("Martinez-Cruz", "martinez cruz", "", ""),
        ("Garcia y Lopez Jr.", "garcia lopez", "y", "jr"),
        ("Van", "van", "", ""),
        ("de la O", "o", "de la", ""),
        ("LNU", "", "", ""),
        ("Na", "na", "", ""),
    ],
)
def test_surnames(text: str, family: str, prefix: str, suffix: str) -> None:
    """A field of family names gives each family name, and apart from them particles and suffix."""
    assert read_surname(text) == NameWords(family=family, prefix=prefix, suffix=suffix)


@pytest.mark.parametrize("joined", sorted(JOINED))
def test_joined_particles_equal_separate_ones(joined: str) -> None:
    """A family name written together with its particle reads as the one written apart."""
    particles, stem = JOINED[joined]
    assert read_surname(joined).family == read_surname(f"{particles} {stem}").family == stem


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ("习近平", "习近平"),
        ("王 伟", "王伟"),
        ("김정은", "김정은"),
        ("Xi Jinping", None),
        ("习", None),
    ],
)
def test_a_name_in_characters_is_kept_as_such(text: str, native: str | None) -> None:
    """Of two names in characters one knows that no letter was mistaken for another."""
    assert native_name(text) == native


def test_suffix_and_prefix_fields() -> None:
    """Suffixes have one spelling each, and particles are lower-case words."""
    assert [read_suffix(text) for text in ("Jr.", "Junior", "3rd", "hijo", "PhD", "")] == [
        "jr",
        "jr",
        "iii",
        "jr",
        None,
        None,
    ]
    assert read_prefix("De  La") == "de la"
    assert read_prefix("-") is None


def test_name_sounds_are_those_of_spellings_alike() -> None:
    """Family names that sound alike have the same code."""
    assert name_sounds("gomez") == name_sounds("gomes")
    assert name_sounds("cruz lopez") == name_sounds("lopez cruz")
    assert name_sounds("") is None


def test_a_family_name_sounds_alike_with_its_article_and_without() -> None:
    """Al-Shammari, Alshammari and Shammari are found by one sound; Alfaro loses two letters."""
    assert family_sounds("alshammari") == family_sounds("shammari") == name_sounds("shammari")
    assert family_sounds("alfaro") == name_sounds("faro") != name_sounds("alfaro")
    assert family_sounds("") is None


@given(st.one_of(ANY_TEXT, PIECES))
@example("aka aka aka")
@example("(((")
def test_every_text_can_be_read_as_a_name(text: str) -> None:
    """Whatever the text, each field holds lower-case letters, and only particles are left out."""
    for read in (read_full_name, read_given_name, read_surname):
        name = read(text)
        for field in name:
            assert re.fullmatch(r"(?:[a-z]+(?:[ |][a-z]+)*)?", field), field
    assert (canonical_name(text) or "x").islower()
    assert (canonical_alias(text) or "x").islower()


@given(
    st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=1, max_size=5)
    | st.lists(
        st.sampled_from(["juan", "garcia", "santiago", "lopez", "de", "jr", "mr", "smith"]),
        min_size=1,
        max_size=6,
    )
)
def test_the_quick_way_equals_the_thorough_one(tokens: list[str]) -> None:
    """Where a name is a plain row of words, the quick reading is the thorough one."""
    assert PLAIN.fullmatch(" ".join(tokens))
    quick = in_usual_order(tokens)
    if quick is not None:
        assert (*quick, "", "") == in_order(tokens)


WORDS = st.lists(
    st.sampled_from(["juan", "garcia", "de", "jr", "mr", "ak", "a", "ka", "of", "nakamura", "fnu"])
    | st.from_regex(r"[a-z]{1,9}", fullmatch=True),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(WORDS, st.sampled_from([",", ", ", " , ", " ,"]), WORDS)
def test_the_quick_way_with_a_comma_equals_the_thorough_one(
    family: str, comma: str, given_names: str
) -> None:
    """Where a comma parts plain words, the quick reading is the thorough one."""
    text = f"{family}{comma}{given_names}"
    quick = read_full_name(text)
    with mock.patch.object(names, "usual_family_first", return_value=None):
        assert quick == read_full_name(text)


@given(st.lists(st.sampled_from(["garcia", "lopez", "smith", "wang"]), min_size=1, max_size=3))
def test_family_names_keep_their_order(names: list[str]) -> None:
    """Family names come back as written, paternal first, whether spaced or hyphened."""
    assert read_surname(" ".join(names)).family.split() == names
    assert read_surname("-".join(names)).family.split() == names


def test_very_long_texts_are_read_in_no_time() -> None:
    """A name of a hundred thousand characters does not stall a run."""
    for piece in ("(", '"', "'", "a ", "a-", " ", ", ", "aka ", "de ", "1st baron "):
        assert isinstance(read_full_name(piece * (100_000 // len(piece))), NameWords)


def test_particles_never_reach_the_family_names() -> None:
    """No particle is left among the family names where another word follows it."""
    for particle in PARTICLES:
        assert read_surname(f"{particle} zzyzx").family == "zzyzx"


@pytest.mark.parametrize(
    ("text", "given", "family"),
    [
        ("JuanPerez", "juan", "perez"),
        ("Juan-Perez", "juan", "perez"),
        ("Garcia-Lopez", "", "garcia lopez"),
        ("JanDaniel Bothma", "jan daniel", "bothma"),
        ("William MacGregor", "william", "macgregor"),
        ("LeBron DeShawn", "lebron", "deshawn"),
        ("VanDyke", "", "vandyke"),
    ],
)
def test_two_words_written_as_one_are_two(text: str, given: str, family: str) -> None:
    """A capital or a hyphen parts a whole name, but no beginning such as Mac and no double name."""
    name = read_full_name(text)
    assert (name.given, name.family) == (given, family)


@pytest.mark.parametrize("title", ["President", "Shaikh", "Präsident", "Senador"])
def test_an_office_is_no_part_of_a_name(title: str) -> None:
    """It is taken off as other titles are."""
    assert read_full_name(f"{title} Juan Perez") == read_full_name("Juan Perez")

"""Sentences of evidence: every kind and level has words, right numbers, and no value."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import LevelSettings
from linker.evidence.findings import FINDINGS, finding
from linker.evidence.known import Known
from linker.evidence.words import in_words, phrasebook
from linker.model import LinkageModel, ModelInUse, TrainedComparison, TrainedLevel
from linker.schemas import ENTITY_TYPES, EntityType
from linker.scoring.explain import Evidence, evidence_of
from linker.scoring.levels import LEVEL_TYPES
from linker.scoring.settings import equality
from tests.evidence.sentences import golden_file, sentences
from tests.evidence.test_numbers import share_of
from tests.scoring.levels.cases import CASES

FREQUENCY = r"(?:more than )?\d+ in [\d,.]+(?: [mb]illion)?"
Shipped = Mapping[EntityType, ModelInUse]


def test_every_kind_has_words() -> None:
    """A new kind of level needs its words beside the others."""
    assert set(FINDINGS) == set(LEVEL_TYPES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_parameter_can_be_said(case: object) -> None:
    """The words of each kind, whatever its parameters, are one clause in plain letters."""
    clause = finding(case.kind)  # type: ignore[attr-defined]
    assert re.fullmatch(r"[a-z][^\n_]*[^\s.,;]", clause), clause
    assert not re.search(r"\b(None|True|False)\b|[{}\[\]]|  ", clause), clause


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_shipped_sentences_are_those_that_were_read(entity_type: EntityType) -> None:
    """Every level of the shipped models is said as in the golden file, which a person has read.

    ``python -m tests.evidence.sentences`` writes the files anew after a change of words or models.
    """
    read = golden_file(entity_type).read_text(encoding="utf-8").splitlines()
    assert "\n".join(sentences(entity_type)).splitlines() == read


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_numbers_are_those_of_the_model(entity_type: EntityType, shipped: Shipped) -> None:
    """Each sentence states the level's m, its u and its weight, rounded."""
    for comparison in shipped[entity_type].model.comparisons:
        for place, level in enumerate(comparison.levels):
            if level.m is None or level.u is None:
                continue
            said = in_words(comparison, place, level.weight, 0.0, entity_type)
            frequencies = re.findall(rf"of (?:about )?({FREQUENCY}) pairs of", said)
            wanted = [level.m, level.u, level.relatives]
            shares = [share for share in wanted if share is not None]
            assert [share_of(told) for told in frequencies] == pytest.approx(shares, rel=0.051)
            weight = f"{level.weight:+.1f}".replace("-", "−")
            assert f"{weight} bits" in said or abs(level.weight) < 0.05


@given(part=st.floats(-12, 12), data=st.data())
def test_a_rare_value_is_told_by_its_frequency(
    part: float, data: st.DataObject, people: LinkageModel
) -> None:
    """The share of people that is told is the term frequency that the weight was adjusted by."""
    adjusted = [
        (comparison, place)
        for comparison in people.comparisons
        for place, level in enumerate(comparison.levels)
        if level.term_frequency
    ]
    comparison, place = data.draw(st.sampled_from(adjusted))
    level = comparison.levels[place]
    said = in_words(comparison, place, level.weight + part, part)
    told = re.search(rf"About ({FREQUENCY}) people gives? ", said)
    if not part:
        assert told is None
        return
    assert told
    u = (equality(comparison, level) or level).u
    assert u is not None
    assert share_of(told[1]) == pytest.approx(min(u * 2.0**-part, 1.0), rel=0.051)
    way = "rarer" if part > 0 else "commoner"
    assert (f": {way} than usual" in said) == (abs(part) >= 0.05)


def test_an_untold_side_is_told_by_its_sign(people: LinkageModel) -> None:
    """What speaks for a match says for, what speaks against says against."""
    for comparison in people.comparisons:
        for place, level in enumerate(comparison.levels):
            said = in_words(comparison, place, level.weight, 0.0)
            assert (" for one person: +" in said) == (level.weight >= 0.95)
            assert (" against one person: −" in said) == (level.weight <= -0.95)
            if level.is_missing:
                assert said.endswith("Says nothing either way.")


@pytest.mark.parametrize(
    ("question", "record", "said"),
    [
        (True, False, "Birth date: the record does not give a year of birth."),
        (False, True, "Birth date: the question does not give a year of birth."),
        (False, False, "Birth date: neither the question nor the record gives a year of birth."),
        (True, True, "Birth date: both records give one, but the CURP of both tells it already."),
    ],
)
def test_an_absence_is_told_exactly(
    question: bool, record: bool, said: str, people: LinkageModel
) -> None:
    """Where it is known which side lacks what, the sentence says which."""
    mention = {"birth_year": 1980, "phones": []}
    known = Known.of(mention if question else {}, mention if record else {})
    sentence = in_words(people.comparison("birth_date"), 0, 0.0, 0.0, known=known)
    assert sentence == f"{said} Says nothing either way."


@pytest.mark.parametrize(
    ("question", "record", "lacking"),
    [
        ({"address": "a"}, {"city": "c"}, "question"),
        ({"address": "a"}, {}, "record"),
        ({}, {}, "both"),
        ({"address": "a", "city": "c"}, {"city": "c"}, "neither"),
    ],
)
def test_one_column_in_common_is_enough_where_any_is(
    question: dict[str, str], record: dict[str, str], lacking: str
) -> None:
    """An address can be compared by whichever part both give."""
    known = Known.of(question, record)
    assert known.lacking(("address", "postal_code", "city"), any_of=True) == lacking


def test_a_phrasebook_says_the_same(people: LinkageModel) -> None:
    """Words made once are the words made each time."""
    book = phrasebook(people)
    for comparison in people.comparisons:
        for place, level in enumerate(comparison.levels):
            part = 1.5 if level.term_frequency else 0.0
            evidence: Evidence = evidence_of(comparison, place, part)
            assert book.in_words(evidence) == in_words(comparison, place, evidence.weight, part)


def test_a_comparison_of_ones_own_has_words() -> None:
    """Columns and comparisons that the package does not know are called by their names."""
    kinds = (
        {"kind": "missing", "of": ["tattoo_description"]},
        {"kind": "exact", "column": "tattoo_description"},
        {"kind": "else", "differs": "the tattoos differ"},
    )
    levels = tuple(
        TrainedLevel(level=LevelSettings.model_validate(kind), label="", m=0.5, u=0.25)
        for kind in kinds
    )
    comparison = TrainedComparison(name="tattoo", role="identity", levels=levels)
    said = [in_words(comparison, place, 1.0 * (place == 1), 0.0) for place in range(3)]
    nothing = "Tattoo: not both records give a tattoo description. Says nothing either way."
    assert said[0] == nothing
    assert said[1].startswith("Tattoo: both records give the same tattoo description. This is so")
    assert said[2].startswith("Tattoo: the tattoos differ. This is so of 50 in 100 pairs")

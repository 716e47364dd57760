"""What would change a verdict: what is promised is what scoring the changed record gives."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linker.evidence.counterfactual import Change, would_change
from linker.evidence.ladders import Ladder, ladders, move
from linker.evidence.verdict import VERDICTS, Met, Sum, summed
from linker.model import LinkageModel, ModelInUse, Thresholds
from linker.schemas import EntityType
from linker.scoring.explain import evidence_of
from linker.scoring.scorer import Scorer, scorer_of
from tests.evidence.conftest import Evidences
from tests.evidence.records import Row, ScoredPair, scored

RECORD: Final[Row] = {
    "full_name": "Maria Elena Torres Rojas",
    "birth_date": "1984-03-07",
    "sex": "female",
    "birth_place": "Zacatecas",
    "fingerprint_id": "FP-7710042",
    "a_number": "A201455301",
    "ssn": "536224817",
    "passport": "G31220458",
    "driver_license": "TX0281443",
    "national_id": "TORM840307MZSRJR05",
    "phones": "+1 956 555 0101",
    "emails": "m.torres@example.org",
    "plates": "ABC1234",
    "address": "1204 Elm Street",
    "city": "Laredo",
    "postal_code": "78040",
}
VALUES: Final[dict[str, tuple[str | None, ...]]] = {
    "full_name": ("Maria Torres", "M. Torres", "Mary E. Torres Roxas", "Juan Perez", "Maria Luna"),
    "birth_date": ("1984-07-03", "1984-03-08", "1984", "1985-03-07", "1951-11-22"),
    "sex": ("male", None),
    "birth_place": ("Zacateca", "Durango", None),
    "fingerprint_id": ("FP-7710043", "FP-1234567", None),
    "a_number": ("A201455307", "A099999123", None),
    "ssn": ("536224871", "219094444", None),
    "passport": ("G31220459", "X00100200", None),
    "driver_license": ("TX0281444", "CA9912003", None),
    "national_id": ("MX-55512", "TORM840307MZSRJR06", None),
    "phones": ("+1 956 555 0199", "+1 956 555 0199;+1 956 555 0101", None),
    "emails": ("m.tores@example.org", "someone@example.net", None),
    "plates": ("ABC1Z34", "XYZ9876", None),
    "address": ("1204 Elm Street Unit 3", "77 Oak Avenue", None),
    "city": ("Laredoo", "Houston", None),
    "postal_code": ("78041", "10001", None),
}
"""Field: other values of it; a whole name, a birth date and a sex are always there."""
COMPARISON: Final = {
    "full_name": "name",
    **dict.fromkeys(("address", "city", "postal_code"), "location"),
}
RECORDS: Final[list[Row]] = [RECORD] + [
    {field: values[number % len(values)] for field, values in VALUES.items()} for number in range(4)
]


@pytest.fixture(scope="module")
def scorer(shipped: dict[EntityType, ModelInUse]) -> Scorer:
    return scorer_of(shipped["person"])


@pytest.fixture(scope="module")
def steps(people: LinkageModel) -> tuple[Ladder, ...]:
    return ladders(people)


def number_of(model: LinkageModel, field: str) -> int:
    name = COMPARISON.get(field, field)
    return [comparison.name for comparison in model.comparisons].index(name)


def levels_of(pair: ScoredPair) -> list[Met]:
    return [Met.of(one) for one in pair.explained.evidence]


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str | None]:
    fields = draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=6))
    return {**RECORD, **{field: draw(st.sampled_from(VALUES[field])) for field in sorted(fields)}}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(question=rows(), record=rows(), data=st.data())
def test_scoring_the_changed_record_gives_what_was_promised(
    question: Row, record: Row, data: st.DataObject, scorer: Scorer, steps: tuple[Ladder, ...]
) -> None:
    """One field of a question changes: where nothing is unsure, each level and the sums are right.

    What a promise cannot know is how common a value is, which is told apart.
    """
    field = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(st.sampled_from([record[field], RECORD[field], *VALUES[field]]))
    before = scored(scorer, question, record)
    after = scored(scorer, {**question, field: value}, record)
    model = scorer.in_use.model
    number = number_of(model, field)
    place = after.places[number]
    if place == before.places[number]:
        return
    moved = move(steps, levels_of(before), number, place, before.known)
    if moved.unsure:
        return
    assert [met.place for met in moved.levels] == after.places
    total = summed(model, moved.levels)
    rarer = after.term_part - sum(met.term_part for met in moved.levels)
    assert total.match_weight + rarer == pytest.approx(after.explained.match_weight, abs=1e-9)


OTHER_DATE: Final = {"full_name": "Maria Elena Torres Rojas", "birth_date": "1951-11-22"}
OTHER_NAME: Final = {"full_name": "Maria Luna", "birth_date": "1984-03-07"}


@pytest.mark.parametrize(
    ("asked", "comparison", "instead"),
    [
        (OTHER_DATE, "birth_date", {"birth_date": "1987-03-09"}),
        (OTHER_DATE, "birth_place", {"birth_place": "Durango"}),
        (OTHER_DATE, "sex", {"sex": "male"}),
        (OTHER_DATE, "ssn", {"ssn": "536224817"}),
        (OTHER_DATE, "ssn", {"ssn": "219094444"}),
        (OTHER_DATE, "fingerprint_id", {"fingerprint_id": "FP-7710042"}),
        (OTHER_NAME, "fingerprint_id", {"fingerprint_id": "FP-7710042"}),
        (OTHER_NAME, "a_number", {"a_number": "A201455301"}),
        (OTHER_NAME, "phones", {"phones": "+1 956 555 0101"}),
        (OTHER_NAME, "location", {"address": "1204 Elm Street", "postal_code": "78040"}),
        ({**OTHER_NAME, "a_number": "A201455301"}, "birth_date", {"birth_date": None}),
    ],
)
def test_a_promise_is_kept(
    asked: Row, comparison: str, instead: Row, scorer: Scorer, thresholds: Thresholds
) -> None:
    """The weights and the verdict of a change are those of the question with that change."""
    question = {"sex": "female", **asked}
    before = scored(scorer, question, RECORD)
    after = scored(scorer, {**question, **instead}, RECORD)
    model, explained = scorer.in_use.model, after.explained
    place = after.places[number_of(model, comparison)]
    changes = would_change(before.explained.evidence, model, thresholds, before.known)
    change = next(one for one in changes_of(changes, comparison) if one.place == place)
    assert change.exact
    assert change.weight_after == pytest.approx(explained.match_weight, abs=1e-9)
    assert change.identity_weight_after == pytest.approx(explained.identity_weight, abs=1e-9)
    total = Sum(explained.match_weight, explained.identity_weight, explained.confirmed)
    assert change.verdict_after == total.verdict(thresholds)


@st.composite
def evidences(draw: st.DrawFn, model: LinkageModel) -> dict[str, int]:
    return {
        comparison.name: draw(st.integers(0, len(comparison.levels) - 1))
        for comparison in model.comparisons
        if draw(st.booleans())
    }


@given(data=st.data())
def test_every_change_changes_the_verdict(
    data: st.DataObject, people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """The verdict after follows from the weights after and the thresholds, and is another one.

    The smallest change comes first, and of one comparison there is one for each verdict.
    """
    evidence = meeting(**data.draw(evidences(people)))
    before = summed(people, [Met.of(one) for one in evidence])
    changes = would_change(evidence, people, thresholds)
    for change in changes:
        confirmed = change.verdict_after == "CONFIRMED"
        after = Sum(change.weight_after, change.identity_weight_after, confirmed)
        assert change.verdict_after == after.verdict(thresholds) in VERDICTS
        assert change.verdict_after != before.verdict(thresholds)
        assert change.verdict_after in change.words
    sizes = [abs(change.weight_after - before.match_weight) for change in changes]
    assert sizes == sorted(sizes)
    assert len({(change.comparison, change.verdict_after) for change in changes}) == len(changes)


def changes_of(changes: list[Change], comparison: str) -> list[Change]:
    return [change for change in changes if change.comparison == comparison]


def test_an_absent_field_could_be_supplied(scorer: Scorer, thresholds: Thresholds) -> None:
    """Who gave no birth date is told what one would do, in words that say who lacks it."""
    question = {"full_name": "Maria Torres", "sex": "female"}
    pair = scored(scorer, question, RECORD)
    model = scorer.in_use.model
    change = changes_of(
        would_change(pair.explained.evidence, model, thresholds, pair.known), "birth_date"
    )[0]
    assert change.reason == "absent"
    assert change.words == (
        "Birth date: the question gives none. Give a date of birth: if both records give the same "
        f"day of birth, the weight would rise from −{-pair.explained.match_weight:.1f} to "
        f"{change.weight_after:.1f} bits and the verdict would be PROBABLE."
    )


@pytest.mark.parametrize(
    ("question", "record", "begins"),
    [
        ({"ssn": "536224817"}, {}, "the record gives none. If it did, and both records give"),
        ({}, {}, "neither the question nor the record gives one. If both did, and both records"),
    ],
)
def test_whoever_lacks_a_field_is_named(
    question: Row, record: Row, begins: str, scorer: Scorer, thresholds: Thresholds
) -> None:
    """What the record lacks is not asked of the question."""
    names = [{"full_name": name} for name in ("Maria Torres", "Maria Elena Torres Rojas")]
    pair = scored(scorer, {**names[0], **question}, {**names[1], **record})
    model = scorer.in_use.model
    changes = would_change(pair.explained.evidence, model, thresholds, pair.known)
    ssn = changes_of(changes, "ssn")
    assert ssn
    assert all(f"Social Security number: {begins}" in change.words for change in ssn)


def test_a_contradiction_is_not_an_absence(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """Birth dates that differ contradict; the words say what was found and what instead."""
    changes = would_change(meeting(name=1, birth_date=-1, sex=1), people, thresholds)
    of_date = changes_of(changes, "birth_date")
    assert {change.reason for change in of_date} == {"contradicts"}
    assert all("the dates of birth differ by more than a slip" in one.words for one in of_date)
    assert "If instead the dates differ by one digit" in of_date[-1].words
    assert not any("only the year of birth" in change.words for change in of_date)


def test_a_family_name_is_counted_with_the_whole_name(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """If whole names were the same, the family name would not be counted a second time."""
    evidence = meeting(name=9, surname=-1, middle_name=-1, phones=1)
    changes = changes_of(would_change(evidence, people, thresholds), "name")
    change = max(changes, key=lambda change: change.weight_after)
    assert change.place < 7
    assert "The family name and the middle name would be counted with it." in change.words
    name, phones = (people.comparison(one).levels for one in ("name", "phones"))
    weight = people.prior_weight + name[change.place].weight + phones[1].weight
    assert change.weight_after == pytest.approx(weight)


def test_a_name_stays_as_common_as_it_is(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """A rare name that were spelt otherwise would still be a rare one."""
    evidence = meeting(name=1, birth_date=-1)
    rare = evidence_of(people.comparison("name"), 1, 8.0)
    before = people.prior_weight + rare.weight + evidence[4].weight
    changes = would_change([rare, *evidence[1:]], people, thresholds)
    change = next(one for one in changes_of(changes, "name") if one.place == 5)
    levels = people.comparison("name").levels
    assert change.weight_after == pytest.approx(before + levels[5].weight - levels[1].weight)
    assert "This takes the name to be as common as it is now." in change.words


def test_what_is_counted_already_cannot_be_supplied(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """Where whole names agree, nobody is told to give the family name in them."""
    changes = would_change(meeting(name=1), people, thresholds)
    assert changes_of(changes, "birth_date")
    assert not changes_of(changes, "surname")


def test_a_birth_date_told_by_a_number_is_left_alone(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """An equal CURP tells the birth date; without knowing better no one promises more of it."""
    changes = would_change(meeting(national_id=1), people, thresholds)
    assert changes_of(changes, "ssn")
    assert not changes_of(changes, "birth_date")


def test_what_others_would_find_is_owned_to_be_unknown(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """If whole names differed, family names would be compared: with what result no one knows."""
    changes = would_change(meeting(name=1, birth_date=1), people, thresholds)
    changes = [one for one in changes_of(changes, "name") if one.place > 6]
    assert changes
    assert not any(change.exact for change in changes)
    unknown = "What the family name and the middle name would say then is not known for certain."
    assert all(unknown in change.words and " to about " in change.words for change in changes)


def test_a_weight_without_identity_says_why(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """Where strangers could share all that agrees, the words say what a link would need."""
    changes = would_change(meeting(location=1, sex=1), people, thresholds)
    phones = changes_of(changes, "phones")
    assert phones[-1].verdict_after == "POSSIBLE"
    assert "since only 0.6 of 2.5 bits needed say who it is." in phones[-1].words

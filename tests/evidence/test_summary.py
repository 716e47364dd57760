"""The conclusion on a pair: prior, sum, chance, verdict and caveat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.evidence.summary import summary_words
from linker.evidence.verdict import VERDICTS, Met, summed
from linker.model import LinkageModel, Thresholds
from tests.evidence.conftest import Evidences

CAVEAT = "a name and a birth date alone never confirm"


def test_a_hit_is_concluded_in_words(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """Prior, evidence for and against, weight, chance and verdict, with their numbers."""
    said = summary_words(people, meeting(name=1, birth_date=1, sex=1, a_number=-1), thresholds)
    assert said == (
        "Before any evidence 1 in 98,000 pairs of records drawn at random from about 260,000 is of "
        "one person (−16.6 bits). The comparisons speak with 32.0 bits for one person and 2.0 bits "
        "against it, which makes a match weight of 13.4 bits. So it is almost certain that both "
        "records are of one person: if the model is right, all but 1 in 11,000 pairs with this "
        "weight are. The verdict is PROBABLE; a name and a birth date alone never confirm."
    )


def test_a_number_of_records_is_that_of_the_prior(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """Where the model does not say how many records it stands for, nothing is made up."""
    silent = people.model_copy(update={"training": {}})
    said = summary_words(silent, meeting(), thresholds)
    assert said.startswith("Before any evidence 1 in 98,000 pairs of records drawn at random is of")
    assert "and nothing against it" in said


def test_what_strangers_share_is_no_proof(
    people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """A great weight of telephone, plate and address is not called a certain match."""
    said = summary_words(people, meeting(phones=1, plates=1, location=1, sex=1), thresholds)
    assert "certain" not in said
    assert "all but fewer than 1 in 1 million pairs" in said
    assert "only POSSIBLE, since no more than 0.6 bits say who it is and a link needs 2.5" in said


@pytest.mark.parametrize(
    ("places", "verdict", "why"),
    [
        ({"fingerprint_id": 1, "name": -1}, None, "since a biometric identifier is equal"),
        ({"name": 1, "birth_date": 1}, "CONFIRMED", "since another record of it has an equal"),
    ],
)
def test_a_confirmation_says_by_what(
    places: dict[str, int],
    verdict: str | None,
    why: str,
    people: LinkageModel,
    thresholds: Thresholds,
    meeting: Evidences,
) -> None:
    """CONFIRMED comes of this record's fingerprints or of what else is known of the entity."""
    known = next((one for one in VERDICTS if one == verdict), None)
    said = summary_words(people, meeting(**places), thresholds, known)
    assert f"The verdict is CONFIRMED, {why}" in said


@given(data=st.data())
def test_every_conclusion_has_its_caveat(
    data: st.DataObject, people: LinkageModel, thresholds: Thresholds, meeting: Evidences
) -> None:
    """Whatever was found, weight and verdict are told, and what never confirms."""
    places = {
        comparison.name: data.draw(st.integers(0, len(comparison.levels) - 1))
        for comparison in people.comparisons
        if data.draw(st.booleans())
    }
    evidence = meeting(**places)
    total = summed(people, [Met.of(one) for one in evidence])
    said = summary_words(people, evidence, thresholds)
    weight = f"{total.match_weight:.1f} bits".replace("-", "−")
    assert f"match weight of {weight}" in said or abs(total.match_weight) < 0.05
    assert total.verdict(thresholds) in said
    assert CAVEAT in said

"""The conclusion on a pair in words: the prior, the sum, the probability, and what it is not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from linker.evidence.numbers import bits, natural, rounded, signed_bits
from linker.evidence.strength import likely
from linker.evidence.verdict import Met, Sum, Verdict, summed
from linker.model import LinkageModel, Thresholds
from linker.scoring.explain import Evidence

LEAST_DOUBT: Final = 1e-6
"""No smaller doubt is put in numbers: no model is known to be right to that."""
_EQUAL: Final = "a biometric identifier is equal"
_OTHERWISE: Final = "another record of it has an equal biometric identifier, or a person looked"
_NEVER: Final = {
    "person": "a name and a birth date alone never confirm",
    "organization": "a name alone never confirms",
}
_NEARLY_ALL: Final = 0.99
"""From this probability on it is told how few pairs of such a weight are not matches."""


def summary_words(
    model: LinkageModel,
    evidence: Sequence[Evidence],
    thresholds: Thresholds,
    verdict: Verdict | None = None,
) -> str:
    """Return the conclusion on a scored pair in a few sentences.

    They say how many pairs are matches before any evidence, what the evidence adds, how likely a
    match is with both and what that is called, and that names and birth dates alone never confirm.

    Args:
        model: The model that the pair was scored by, with the prior it was scored with.
        evidence: That of every comparison of the model, in its order.
        thresholds: Those in use.
        verdict: What the pair is called, where more is known than its weights: another record of
            the entity, or a person who looked, may have confirmed it.
    """
    total = summed(model, [Met.of(one) for one in evidence])
    weights = [one.weight for one in evidence]
    entity = model.entity_type
    return (
        f"{_before(model)} {_sum(weights, total, entity)} "
        f"{_conclusion(total, verdict or total.verdict(thresholds), thresholds, entity)}"
    )


def _before(model: LinkageModel) -> str:
    records = model.training.get("records")
    among = ""
    if isinstance(records, int) and records > 0:
        among = f" from about {rounded(records)}"
    share = natural(model.prior)
    verb = "is" if share.startswith("1 in ") else "are"
    return (
        f"Before any evidence {share} pairs of records drawn at random{among} {verb} of one "
        f"{model.entity_type} ({signed_bits(model.prior_weight)})."
    )


def _sum(weights: Sequence[float], total: Sum, entity: str) -> str:
    in_favour = math.fsum(weight for weight in weights if weight > 0)
    against = -math.fsum(weight for weight in weights if weight < 0)
    but = f"and {bits(against)} against it" if against else "and nothing against it"
    return (
        f"The comparisons speak with {bits(in_favour)} for one {entity} {but}, which makes a match "
        f"weight of {bits(total.match_weight)}."
    )


def _conclusion(total: Sum, called: Verdict, thresholds: Thresholds, entity: str) -> str:
    """Return how likely a match is, what that is called, and what it is not."""
    share = _share(total)
    verb = "is" if share.startswith("1 in ") else "are"
    such = f"if the model is right, {share} pairs with this weight {verb}"
    never = _NEVER[entity]
    if called == "CONFIRMED":
        by = _EQUAL if total.confirmed else _OTHERWISE
        return f"{_capital(such)} of one {entity}. The verdict is CONFIRMED, since {by}; {never}."
    if called == "POSSIBLE" and total.match_probability >= thresholds.link:
        return (
            f"{_capital(such)} of one {entity}. Still the verdict is only POSSIBLE, since no more "
            f"than {bits(total.identity_weight)} say who it is and a link needs "
            f"{bits(thresholds.identity_floor)}: what relatives or strangers may share is no "
            f"proof, and {never}."
        )
    return (
        f"So it is {likely(total.match_probability)} that both records are of one {entity}: "
        f"{such}. The verdict is {called}; {never}."
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _share(total: Sum) -> str:
    """Return how many of the pairs of a weight are matches."""
    if total.match_probability < _NEARLY_ALL:
        return natural(total.match_probability)
    # of the weight itself: 1 - probability would be 0 where the weight is great
    odds = 2.0**-total.match_weight
    doubt = odds / (1 + odds)
    return (
        f"all but {natural(doubt)}" if doubt >= LEAST_DOUBT else "all but fewer than 1 in 1 million"
    )

"""How far reviewers agree: numbers from the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from linker.review.blind import blind_estimate
from linker.review.item import VERDICTS
from linker.review.queue_file import Queued
from linker.training.smooth import rounded


def agreement_of(items: Sequence[Queued]) -> dict[str, Any]:
    """Return how far reviewers of some items agree, and what the blind part says.

    Cohen's kappa is that of Cohen, "A coefficient of agreement for nominal scales" (1960), over
    the first two reviews of each item that has two; the two reviewers are put in the order of
    their names.

    Args:
        items: Of one entity type.

    Returns:
        ``decided``; ``pairs``, how many items two reviewers looked at; ``agreed``, of how many
        they said the same; ``percent``, 0 to 100, None of no pairs; ``kappa``, None where it has no
        value; ``blind``, see `linker.review.blind.blind_estimate`.
    """
    twice = [
        tuple(sorted(item.reviews[:2], key=lambda review: review.reviewer))
        for item in items
        if len(item.reviews) > 1
    ]
    said = [(one.verdict, other.verdict) for one, other in twice]
    agreed = sum(one == other for one, other in said)
    return {
        "decided": sum(item.verdict is not None for item in items),
        "pairs": len(said),
        "agreed": agreed,
        "percent": rounded(100 * agreed / len(said)) if said else None,
        "kappa": _kappa(said),
        "blind": blind_estimate(items),
    }


def _kappa(said: Sequence[tuple[str, str]]) -> float | None:
    if not said:
        return None
    observed = sum(one == other for one, other in said) / len(said)
    first, second = (Counter(pair[side] for pair in said) for side in (0, 1))
    expected = sum(first[word] * second[word] for word in VERDICTS) / len(said) ** 2
    if expected >= 1:
        return None
    return rounded((observed - expected) / (1 - expected))

"""What pairs drawn blind say of the links: precision and recall, with intervals.

Within a stratum every pair is drawn with the same chance, so that the share of matches among those
decided is that of the stratum, and strata count for as many pairs as they hold (stratified
sampling: Cochran, "Sampling Techniques", 1977, chapter 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from linker.review.queue_file import Queued
from linker.training.smooth import rounded

DRAWS: Final = 10_000
"""How often each stratum's share of matches is drawn for an interval."""
SEED: Final = 20_260_101
JEFFREYS: Final = 0.5
"""What is added to either count: the prior of Jeffreys (1946) for a share."""
EDGES: Final = (0.025, 0.975)
"""Of a 95% interval."""


@dataclass(frozen=True)
class Stratum:
    """A stratum of weights and what people said of the pairs drawn from it.

    Attributes:
        name: Its name.
        link: Whether its pairs are linked.
        stands_for: How many candidate pairs it holds.
        drawn: How many were queued.
        decided: Of how many it is known whether they match.
        matches: How many of these do.
    """

    name: str
    link: bool
    stands_for: float
    drawn: int
    decided: int
    matches: int


def blind_estimate(items: Sequence[Queued]) -> dict[str, Any]:
    """Return the precision and recall of links that pairs drawn blind tell, with 95% intervals.

    The interval is that of `DRAWS` draws of each stratum's share of matches from its Beta
    distribution, Jeffreys' prior added. `unsure` counts neither way. Only pairs drawn from what the
    newest model linked are counted: an older one's links are other links.

    Args:
        items: Of one entity type, those of other parts among them.

    Returns:
        ``model``, None where none was drawn; ``pairs``, how many were drawn; ``decided``;
        ``unsure``; ``precision`` and ``recall``, each None or ``value``, ``low``, ``high`` and
        ``pairs``, how many decided ones it rests on; ``strata``, as in `Stratum`, of which those
        without a decided pair are in no estimate. Recall is that among candidate pairs as far down
        as pairs were drawn: what no blocking rule finds is not in it.
    """
    blind = sorted((item for item in items if item.part == "blind"), key=lambda it: it.number)
    model = blind[-1].model if blind else None
    drawn = [item for item in blind if item.model == model]
    strata = strata_of(drawn)
    told = [stratum for stratum in strata if stratum.decided]
    linked = np.array([stratum.link for stratum in told], dtype=np.bool_)
    values, draws = _matches(told)
    held = np.array([stratum.stands_for for stratum in told])
    links, decided = float(held[linked].sum()), np.array([stratum.decided for stratum in told])
    found, drawn_links = float(values[linked].sum()), draws[:, linked].sum(axis=1)
    matches, drawn_matches = float(values.sum()), draws.sum(axis=1)
    precision = recall = None
    if links:
        precision = _interval(found / links, drawn_links / links, int(decided[linked].sum()))
    if matches:
        recall = _interval(found / matches, drawn_links / drawn_matches, int(decided.sum()))
    return {
        "model": model,
        "pairs": len(drawn),
        "decided": sum(stratum.decided for stratum in strata),
        "unsure": sum(item.verdict == "unsure" for item in drawn),
        "precision": precision,
        "recall": recall,
        "strata": [
            {**stratum.__dict__, "stands_for": rounded(stratum.stands_for)} for stratum in strata
        ],
    }


def strata_of(drawn: Sequence[Queued]) -> list[Stratum]:
    """Return the strata of pairs drawn blind, by name; several draws of one are put together."""
    found = []
    for name, link in sorted({(item.stratum or "", item.link) for item in drawn}):
        mine = [item for item in drawn if (item.stratum or "", item.link) == (name, link)]
        found.append(
            Stratum(
                name=name,
                link=link,
                stands_for=sum(item.sampling_weight or 0.0 for item in mine),
                drawn=len(mine),
                decided=sum(item.verdict in ("match", "non_match") for item in mine),
                matches=sum(item.verdict == "match" for item in mine),
            )
        )
    return found


def _matches(
    strata: Sequence[Stratum],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int, int], Any]]:
    """Return how many matches each stratum holds, as counted and as drawn."""
    held = np.array([stratum.stands_for for stratum in strata])
    yes = np.array([stratum.matches for stratum in strata], dtype=np.float64)
    no = np.array([stratum.decided for stratum in strata], dtype=np.float64) - yes
    chances = np.random.default_rng(SEED).beta(
        yes + JEFFREYS, no + JEFFREYS, size=(DRAWS, len(strata))
    )
    return held * yes / np.maximum(yes + no, 1), chances * held


def _interval(
    value: float, drawn: np.ndarray[tuple[int], np.dtype[np.float64]], pairs: int
) -> dict[str, float | int]:
    low, high = np.quantile(drawn, EDGES)
    return {
        "value": rounded(value),
        "low": rounded(min(float(low), value)),
        "high": rounded(max(float(high), value)),
        "pairs": pairs,
    }

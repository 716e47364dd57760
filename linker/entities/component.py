"""One cluster to be regrouped, and what holds clusters apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linker.entities.contradictions import KINDS, Record

Pair = tuple[int, int, float, float, bool, bool]
"""mention_l, mention_r, match weight, identity weight, whether a link, whether confirmed."""
Refused = tuple[int, int, float, str]
"""mention_l, mention_r, match weight, and why it may not join."""


@dataclass(frozen=True)
class Rules:
    """What holds clusters apart, besides contradictions.

    Attributes:
        link_weight: The link threshold in bits.
        max_records: How many records an entity may have.
        once: The names of the sources that hold no duplicates.
        contradictions: The kinds of contradiction that hold, of `contradictions.KINDS`.
        identity_floor: The least identity weight of a link in bits; one that does not reach it, or
            not the link threshold, is left over and taken last.
        namesakes: Whether many others have one's name, as people do; the pairs between groups must
            then weigh enough on average. Among organizations, whose records differ more and whose
            namesakes are few, one very heavy link is support enough, and so are many of any weight.
    """

    link_weight: float
    max_records: int
    once: frozenset[str] = frozenset()
    contradictions: frozenset[str] = frozenset(KINDS[1:])
    namesakes: bool = True
    identity_floor: float = -math.inf


@dataclass(frozen=True)
class Component:
    """One cluster to be regrouped.

    Attributes:
        records: All its mentions, in order.
        pairs: Pairs within it at or above the review threshold, in the order to be taken.
        once: The source of a mention that is of a source without duplicates.
        apart: For a mention, those that it may not be in one cluster with.
        together: Pairs of mentions that are in one cluster whatever else there is.
    """

    records: Sequence[Record]
    pairs: Sequence[Pair]
    once: Mapping[int, str] = field(default_factory=dict)
    apart: Mapping[int, frozenset[int]] = field(default_factory=dict)
    together: Sequence[tuple[int, int]] = ()

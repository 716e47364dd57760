"""Regrouping one cluster: its links are taken again, and those that may not join are refused.

Links of a biometric identifier come first, then the others from the heaviest down (equal weights
in the order of their records), and each joins the groups at its ends unless

- a decision says that two of their records are not one,
- both hold a record of a source that holds no duplicates,
- together they would hold more records than an entity may,
- they are poorly supported: there are fewer links between them than the smaller of them has
  records (those that biometric identifiers join count as one), and the link is not very heavy, or
- two of their records contradict each other (see `contradictions`).

The last three do not hold against a biometric identifier, save for the size. The rule of support
leaves alone records that join one by one, and parts two groups that one or two weak links bridge:
links whose ends have hardly a third record in common, which studies of linked data find to be the
wrong ones (Randall et al. 2014 grade clusters by such measures of their graphs, Saeedi et al. 2018
keep strong links and repair weak ones, Splink reports bridges). As the heaviest link is taken
first, a component falls apart at its weakest support, and records that hang on by a lighter link
of their own still find their group. It takes about as long as sorting the links. On labelled data
requiring a share of all possible links instead costs more recall than it gains precision: records
of one person who moved or misspelt often share a third, but not all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from linker.entities.contradictions import HARD, KINDS, Facts, Record

STRONG: Final = 8.0
"""So many bits above the link threshold, one link is support enough for two groups."""
OUTWEIGHS: Final = 16.0
"""So many bits above it, a pair outweighs the contradiction between its own two records."""

Pair = tuple[int, int, float, bool, bool]
"""mention_l, mention_r, match weight, whether it is a link, whether it is confirmed."""
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
    """

    link_weight: float
    max_records: int
    once: frozenset[str] = frozenset()
    contradictions: frozenset[str] = frozenset(KINDS[1:])


@dataclass(frozen=True)
class Component:
    """One cluster to be regrouped.

    Attributes:
        records: All its mentions, in order.
        pairs: Pairs within it at or above the review threshold, in the order to be taken.
        once: The source of a mention that is of a source without duplicates.
        apart: For a mention, those that it may not be in one cluster with.
    """

    records: Sequence[Record]
    pairs: Sequence[Pair]
    once: Mapping[int, str] = field(default_factory=dict)
    apart: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Group:
    """Records joined so far: all of them, those that may contradict by what they say, sources."""

    mentions: list[int]
    saying: dict[int, list[int]]
    once: set[str]
    parted: list[int]
    bodies: int = 1
    """How many records, counting those that biometric identifiers join as one."""
    near: dict[int, _Between] = field(default_factory=dict)
    """By the number of another group, what is between the two."""


@dataclass(slots=True)
class _Between:
    """How many links there are between two groups, and why these can never be joined."""

    links: int
    never: str = ""


def regroup(component: Component, rules: Rules) -> tuple[list[list[int]], list[Refused]]:
    """Join the records of a cluster anew.

    Returns:
        The groups, none where they are one as they were; and the cuts: for each two groups that
        links would join, the first of these that was refused.
    """
    judged = {(left, right): weight for left, right, weight, _, _ in component.pairs}
    facts = Facts(component.records)
    groups = _alone(component, facts)
    group_of = dict(zip(groups, groups, strict=True))
    refused: list[Refused] = []
    for left, right, weight, link, confirmed in component.pairs:
        one, other = group_of[left], group_of[right]
        if not link or one == other:
            continue
        here, there = groups[one], groups[other]
        between = here.near[other]
        between.never = between.never or _never(here, there, component, group_of, rules)
        reason = between.never
        if not reason and not confirmed:
            if _poor(here, there, between.links, weight, rules):
                reason = "support"  # which they may gain yet
            else:
                reason = _clash(here, there, facts, judged, rules)
                between.never = reason
        if reason:
            refused.append((left, right, weight, reason))
            continue
        if len(here.mentions) + len(here.near) < len(there.mentions) + len(there.near):
            one, other = other, one
        _join(groups, one, other)
        groups[one].bodies -= confirmed
        for mention in groups.pop(other).mentions:
            group_of[mention] = one
    if len(groups) == 1:
        return [], []
    return [group.mentions for group in groups.values()], _cuts(refused, group_of)


def _cuts(refused: Sequence[Refused], group_of: Mapping[int, int]) -> list[Refused]:
    """Return the first refused link between each two groups."""
    cuts: dict[tuple[int, int], Refused] = {}
    for row in refused:
        one, other = sorted((group_of[row[0]], group_of[row[1]]))
        if one != other:
            cuts.setdefault((one, other), row)
    return list(cuts.values())


def _alone(component: Component, facts: Facts) -> dict[int, _Group]:
    """Return a group for each record, by its number."""
    exempt = {end for left, right, *_, sure in component.pairs if sure for end in (left, right)}
    groups = {
        mention: _Group(
            [mention],
            {} if mention in exempt else {fact: [mention]},
            {component.once[mention]} if mention in component.once else set(),
            [mention] if mention in component.apart else [],
        )
        for mention, fact in facts.of.items()
    }
    for left, right, _, link, _ in component.pairs:
        between = _Between(int(link))
        groups[left].near[right] = between
        groups[right].near[left] = between
    return groups


def _join(groups: dict[int, _Group], one: int, other: int) -> None:
    """Add what the other group holds to the one; the other is left as it is."""
    here, there = groups[one], groups[other]
    here.mentions += there.mentions
    here.bodies += there.bodies
    here.once |= there.once
    here.parted += there.parted
    for fact, mentions in there.saying.items():
        here.saying.setdefault(fact, []).extend(mentions)
    del here.near[other]
    for third, theirs in there.near.items():
        if third == one:
            continue
        ours = here.near.get(third)
        if ours is None:
            here.near[third] = groups[third].near[one] = theirs
        else:
            ours.links += theirs.links
            ours.never = ours.never or theirs.never
        del groups[third].near[other]


def _never(
    here: _Group, there: _Group, component: Component, group_of: Mapping[int, int], rules: Rules
) -> str:
    """Return why nothing whatever may join two groups; empty where there is no reason."""
    if here.parted and there.parted:
        target = group_of[there.mentions[0]]
        if any(
            group_of[third] == target
            for mention in here.parted
            for third in component.apart[mention]
        ):
            return "decision"
    if here.once & there.once:
        return "duplicates"
    return "size" if len(here.mentions) + len(there.mentions) > rules.max_records else ""


def _poor(here: _Group, there: _Group, links: int, weight: float, rules: Rules) -> bool:
    """Return whether links of this weight and fewer are too little to join two groups."""
    fewer = min(here.bodies, there.bodies)
    return links < fewer and weight < rules.link_weight + STRONG


def _clash(
    here: _Group,
    there: _Group,
    facts: Facts,
    judged: Mapping[tuple[int, int], float],
    rules: Rules,
) -> str:
    """Return which contradiction parts two groups; empty where none does."""
    outweighs = rules.link_weight + OUTWEIGHS
    if len(here.saying) < len(there.saying):
        here, there = there, here
    others = list(here.saying)
    for fact, mentions in there.saying.items():
        for other_fact, kind in zip(others, facts.between(fact, others), strict=True):
            if KINDS[kind] in rules.contradictions and any(
                weight is None or (kind <= HARD and weight < outweighs)
                for weight in (
                    judged.get((min(pair), max(pair)))
                    for pair in product(mentions, here.saying[other_fact])
                )
            ):
                return KINDS[kind]
    return ""

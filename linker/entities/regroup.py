"""Regrouping one cluster: its links are taken again, and those that may not join are refused.

Records that a decision says are one are joined before all else, whatever parts them. Links of a
biometric identifier come next, then the others from the heaviest down (equal weights in the order
of their records), and last what is left over (see `left_over`); each joins the groups at its ends
unless

- a decision says that two of their records are not one,
- both hold a record of a source that holds no duplicates,
- together they would hold more records than an entity may,
- they are poorly supported: there are fewer links between them than the smaller of them has
  records (those that decisions or biometric identifiers join count as one); or, of people, the
  pairs between them do not weigh enough on average, or rather speak for relatives, or
- two of their records contradict each other (see `contradictions`).

The last three do not hold against a biometric identifier, save for the size. The rule of support
leaves alone records that join one by one by heavy links, and parts two groups that few links
bridge: links whose ends have hardly a third record in common, which studies of linked data find to
be the wrong ones (Randall et al. 2014 grade clusters by such measures of their graphs, Saeedi et
al. 2018 keep strong links and repair weak ones, Splink reports bridges), however heavy they are: a
heavy link that no other record bears out joins twins, or fathers and sons. As the heaviest link is
taken first, a component falls apart at its weakest support, and records that hang on by a lighter
link of their own still find their group. Demanding a share of links of every record costs more
recall than it gains precision: records of one person who moved or misspelt often share a third, but
not all. But one more record of somebody looks a little like most of the others, where a namesake
looks like one: so the mean weight counts (average linkage: Sokal and Michener 1958), in which a
pair below the review threshold is neither for nor against. And the pairs between two groups must
not be much likelier of two relatives than of one person: twins have a birth date, an address and a
telephone in common, and one record of them with its name turned round is like both (`RELATIVES`).
A heavy link that relatives hardly have is support enough (`SURE`).

At last, records that fit a group that contradicts theirs as well as their own are taken out (see
`torn`), and the others, and they among themselves, are joined anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from linker.entities.component import Component, Refused, Rules
from linker.entities.contradictions import HARD, KINDS, Facts
from linker.entities.torn import TORN, torn_records

STRONG: Final = 8.0
"""Without namesakes, one link of so many bits above the link threshold is support enough."""
HEAVY: Final = 6.0
"""So many bits above the link threshold, a link joins one record to others whatever these say."""
SURE: Final = 10.0
"""A heavy link that is so many bits likelier one person than two relatives is support enough: a
number of one's own and a birth date, for one, whatever the records of a former name say."""
SLACK: Final = (7.8, 4.8)
"""So many bits less than twice the link threshold is the mean weight of the pairs between a record
and others, and between two groups of several records: a strict model, which has a high threshold,
is strict of groups, and one that takes a likely match for a link is not."""
ENOUGH: Final = (2.5, 7.0)
"""Or so many bits, which are enough however high the link threshold is."""
RELATIVES: Final = (-6.0, -1.0)
"""Where the pairs between a record and others, and between two groups of several records, are on
average so many bits likelier of one person than of two relatives, or fewer, they join nobody."""
ROUNDS: Final = 8
"""So often records are taken out that may as well be of another group; mostly once is enough."""
MOST_BITS: Final = 20.0
"""A pair counts for no more in a mean: one heavy link is not many."""
OUTWEIGHS: Final = 16.0
"""So many bits above it, a pair outweighs the contradiction between its own two records."""


@dataclass(slots=True)
class _Group:
    """Records joined so far: all of them, those that may contradict by what they say, sources."""

    mentions: list[int]
    saying: dict[int, list[int]]
    once: set[str]
    parted: list[int]
    bodies: int = 1
    """How many records, counting those that decisions or biometric identifiers join as one."""
    near: dict[int, _Between] = field(default_factory=dict)
    """By the number of another group, what is between the two."""


@dataclass(slots=True)
class _Between:
    """What is between two groups, and why these can never be joined.

    `bits` is what the pairs weigh together, none more than `MOST_BITS`, and `identity` how much
    likelier they are of one person than of two relatives, none by more than these either way.
    """

    pairs: int
    links: int
    bits: float
    identity: float
    never: str = ""


def regroup(component: Component, rules: Rules) -> tuple[list[list[int]], list[Refused]]:
    """Join the records of a cluster anew.

    Returns:
        The groups, none where they are one as they were; and the cuts: for each two groups that
        links would join, the first of these that was refused.
    """
    groups, refused = _regrouped(component, rules, ROUNDS)
    if len(groups) == 1:
        return [], []
    group_of = {mention: number for number, group in enumerate(groups) for mention in group}
    return groups, _cuts(refused, group_of)


def _regrouped(
    component: Component, rules: Rules, rounds: int
) -> tuple[list[list[int]], list[Refused]]:
    """Return the groups and every link that was refused.

    Records that may as well be of another group are taken out; what is left is joined anew, and
    so are they, among themselves, so many rounds at most.
    """
    facts = Facts(component.records)
    groups, refused = _joined(component, facts, rules)
    torn = torn_records(component, groups, refused, facts, rules) if rounds else set()
    if not torn:
        return groups, refused
    found: list[list[int]] = []
    lost = [
        (left, right, weight, TORN)
        for left, right, weight, _, link, _ in component.pairs
        if link and (left in torn) != (right in torn)
    ]
    for inside in (False, True):
        parts, cut = _regrouped(_part(component, torn, inside=inside), rules, rounds - 1)
        found += parts
        lost += cut
    return found, lost


def _part(component: Component, torn: set[int], *, inside: bool) -> Component:
    """Return the part of a component that some records are, or the rest of it."""
    records = [record for record in component.records if inside == (record.mention in torn)]
    kept = {record.mention for record in records}
    return replace(
        component,
        records=records,
        pairs=[pair for pair in component.pairs if pair[0] in kept and pair[1] in kept],
        apart={one: others & kept for one, others in component.apart.items() if one in kept},
        together=[pair for pair in component.together if kept.issuperset(pair)],
    )


def _joined(
    component: Component, facts: Facts, rules: Rules
) -> tuple[list[list[int]], list[Refused]]:
    """Take the links from the heaviest down; return the groups and the links that were refused."""
    judged = {(pair[0], pair[1]): pair[2] for pair in component.pairs if pair[4]}
    groups = _alone(component, facts)
    group_of = dict(zip(groups, groups, strict=True))
    _decided(component.together, groups, group_of, facts, rules)
    refused: list[Refused] = []
    for left, right, weight, identity, link, confirmed in component.pairs:
        one, other = group_of[left], group_of[right]
        if not link or one == other:
            continue
        here, there = groups[one], groups[other]
        between = here.near[other]
        between.never = between.never or _never(here, there, component, group_of, rules)
        reason = between.never
        if not reason and not confirmed:
            sure = rules.namesakes and identity >= SURE and weight >= rules.link_weight + HEAVY
            if not sure and _poor(here, there, between, weight, rules):
                reason = "support"  # which they may gain yet
            else:
                reason = _clash(here, there, facts, judged, rules)
                between.never = reason
        if reason:
            refused.append((left, right, weight, reason))
            continue
        _unite(groups, group_of, one, other, once=confirmed)
    return [group.mentions for group in groups.values()], refused


def _decided(
    together: Sequence[tuple[int, int]],
    groups: dict[int, _Group],
    group_of: dict[int, int],
    facts: Facts,
    rules: Rules,
) -> None:
    """Join what decisions join; what their records say otherwise contradicts nobody any more."""
    for left, right in together:
        if right not in groups[left].near:
            groups[left].near[right] = groups[right].near[left] = _Between(0, 0, 0.0, 0.0)
    for left, right in together:
        if group_of[left] != group_of[right]:
            _unite(groups, group_of, group_of[left], group_of[right], once=True)
    for number in {group_of[left] for left, _ in together}:
        saying = groups[number].saying
        said = list(saying)
        for fact in said:
            kinds = facts.between(fact, said)
            if any(KINDS[kind] in rules.contradictions for kind in kinds):
                del saying[fact]


def _unite(
    groups: dict[int, _Group], group_of: dict[int, int], one: int, other: int, *, once: bool
) -> None:
    """Make one group of two; with `once` they count as one body less."""
    here, there = groups[one], groups[other]
    if len(here.mentions) + len(here.near) < len(there.mentions) + len(there.near):
        one, other = other, one
    _join(groups, one, other)
    groups[one].bodies -= once
    for mention in groups.pop(other).mentions:
        group_of[mention] = one


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
    exempt = _exempt(component, facts)
    groups = {
        mention: _Group(
            [mention],
            {} if mention in exempt else {fact: [mention]},
            {component.once[mention]} if mention in component.once else set(),
            [mention] if mention in component.apart else [],
        )
        for mention, fact in facts.of.items()
    }
    for left, right, weight, identity, link, _ in component.pairs:
        between = _Between(
            1, int(link), min(weight, MOST_BITS), max(-MOST_BITS, min(identity, MOST_BITS))
        )
        groups[left].near[right] = between
        groups[right].near[left] = between
    return groups


def _exempt(component: Component, facts: Facts) -> set[int]:
    """Return the records of biometric identifiers whose holders gave what contradicts itself."""
    body = {record.mention: {record.mention} for record in component.records}
    for left, right, *_, sure in component.pairs:
        if sure and body[left] is not body[right]:
            body[left] |= body[right]
            for mention in body[right]:
                body[mention] = body[left]
    found: set[int] = set()
    for mention, others in body.items():
        said = {facts.of[other] for other in others}
        if len(said) > 1 and any(facts.between(facts.of[mention], list(said))):
            found |= others
    return found


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
            ours.pairs += theirs.pairs
            ours.links += theirs.links
            ours.bits += theirs.bits
            ours.identity += theirs.identity
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


def _poor(here: _Group, there: _Group, between: _Between, weight: float, rules: Rules) -> bool:
    """Return whether links of this weight and fewer are too little to join two groups."""
    fewer, every = min(here.bodies, there.bodies), here.bodies * there.bodies
    if not rules.namesakes:
        return between.links < fewer and weight < rules.link_weight + STRONG
    several = fewer > 1
    # a lone pair is a link by the thresholds, which have looked at its identity weight
    told_apart = between.identity < RELATIVES[several] * between.pairs
    if between.links < fewer or (told_apart and between.pairs > 1):
        return True
    if between.links >= every or (not several and weight >= rules.link_weight + HEAVY):
        return False
    # of two groups every pair of records counts: of a body with many records few may be like others
    records = len(here.mentions) * len(there.mentions)
    mean = between.bits / (records if several else max(every, between.pairs))
    return mean < least_mean(rules, several=several)


def least_mean(rules: Rules, *, several: bool) -> float:
    """Return what the pairs between groups weigh on average where these may be joined, in bits."""
    return min(2 * rules.link_weight - SLACK[several], ENOUGH[several])


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

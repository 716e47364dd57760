"""Records that may as well be of one person as of another: torn between two groups.

A father and a son of one name live under one roof; a third record has the name and the address and
no birth date. Its links to both are equally good, and it can be of one of them only. Whichever link
happens to be heavier says little: of two persons who cannot be one, A and B, the record is A's with
the odds 2^(a - b), where a and b are the weights of its links to them (Bayes; that it is neither's
is the less likely the heavier these are). Where these odds are below those of the link threshold,
it is left to itself, or to others that are torn as it is: both entities are offered for it, and a
person may decide.

What parts the groups must be a contradiction between their other records. Groups that a source
without duplicates parts are another matter: there the better link is the answer that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linker.entities.component import Component, Refused, Rules
from linker.entities.contradictions import KINDS, Facts

TORN: Final = "torn"
"""Why such a record's links are cut."""


def torn_records(
    component: Component,
    groups: Sequence[Sequence[int]],
    refused: Sequence[Refused],
    facts: Facts,
    rules: Rules,
) -> set[int]:
    """Return the records that have no better place in their group than in one that contradicts it.

    Args:
        component: What was regrouped.
        groups: Its groups of mentions.
        refused: The links that were refused: mention_l, mention_r, match weight, why.
        facts: What its records say.
        rules: What holds clusters apart.
    """
    group_of = {mention: number for number, group in enumerate(groups) for mention in group}
    decided = {mention for pair in component.together for mention in pair}
    rivals: dict[int, float] = {}
    for left, right, weight, reason in refused:
        if reason not in rules.contradictions or group_of[left] == group_of[right]:
            continue
        for one, other in ((left, right), (right, left)):
            theirs = groups[group_of[other]]
            if (
                len(groups[group_of[one]]) > 1
                and one not in decided
                and weight > rivals.get(one, float("-inf"))
                and not _contradicts(one, theirs, facts, rules)
            ):
                rivals[one] = weight
    return {
        mention
        for mention, own in _own(component, group_of, rivals).items()
        if own - rivals[mention] < rules.link_weight
    }


def _contradicts(one: int, others: Sequence[int], facts: Facts, rules: Rules) -> bool:
    said = list({facts.of[other] for other in others})
    return any(KINDS[kind] in rules.contradictions for kind in facts.between(facts.of[one], said))


def _own(
    component: Component, group_of: dict[int, int], rivals: dict[int, float]
) -> dict[int, float]:
    """Return the weight of the best link of each such record to records that have no rivals."""
    best = dict.fromkeys(rivals, float("-inf"))
    for left, right, weight, _, link, confirmed in component.pairs:
        if not link or group_of[left] != group_of[right]:
            continue
        for one, other in ((left, right), (right, left)):
            if one in best and (confirmed or other not in rivals):
                best[one] = max(best[one], float("inf") if confirmed else weight)
    return best

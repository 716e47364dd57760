"""What would have changed a verdict: for each comparison, which other finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linker.evidence.change_words import assumptions, consequence, premise
from linker.evidence.known import Known
from linker.evidence.ladders import Ladder, is_counted, ladders, may_be_told, move
from linker.evidence.verdict import Met, Verdict, summed
from linker.model import LinkageModel, Thresholds
from linker.scoring.explain import Evidence
from linker.scoring.levels.dates import ImpreciseMonth, ImpreciseYear

Reason = Literal["absent", "agrees", "contradicts"]
"""What a comparison says as it is: a field that could be supplied is not one that speaks."""
BEST = 1
"""The place of a comparison's best level."""


@dataclass(frozen=True)
class Change:
    """Another finding of one comparison, with which the verdict would be another.

    Attributes:
        comparison: The comparison.
        reason: What it says as it is.
        place: The place of the level that it would meet instead.
        words: The change and what would come of it, in words.
        weight_after: The match weight then, in bits.
        identity_weight_after: The weight of who someone is then, in bits.
        verdict_after: What that comes to.
        exact: Whether scoring would give these weights, or they depend besides on how common a
            value is or on what other comparisons would find then.
    """

    comparison: str
    reason: Reason
    place: int
    words: str
    weight_after: float
    identity_weight_after: float
    verdict_after: Verdict
    exact: bool


@dataclass(frozen=True)
class _Pair:
    """A scored pair, and what its verdict follows from."""

    model: LinkageModel
    thresholds: Thresholds
    steps: tuple[Ladder, ...]
    levels: tuple[Met, ...]
    known: Known | None

    def changes(self, number: int) -> list[Change]:
        """Return the changes of one comparison: for each other verdict the smallest one."""
        before = summed(self.model, self.levels)
        verdict = before.verdict(self.thresholds)
        found: dict[Verdict, Change] = {}
        for place in self._other_places(number):
            change = self._change(number, place, before.match_weight)
            if change.verdict_after == verdict:
                continue
            kept = found.setdefault(change.verdict_after, change)
            if _size(change, before.match_weight) < _size(kept, before.match_weight):
                found[change.verdict_after] = change
        return list(found.values())

    def _other_places(self, number: int) -> list[int]:
        """Return the places of the levels that could be met instead.

        What is absent could be the same or differ. It could not be supplied where both records
        have it and another comparison has counted it. That a date were known less well is no other
        finding.
        """
        kinds, place = self.steps[number].kinds, self.levels[number].place
        last = len(kinds) - 1
        if place:
            vague = (ImpreciseMonth, ImpreciseYear)
            others = [at for at, kind in enumerate(kinds) if not isinstance(kind, vague)]
            return [other for other in others if other != place]
        if self.known is not None:
            passed_over = self.steps[number].lacking(self.known) == "neither"
        else:
            passed_over = is_counted(self.steps, self.levels, number)
            passed_over |= may_be_told(self.steps, self.levels, number)
        return [] if passed_over else [BEST, last]

    def _change(self, number: int, place: int, before: float) -> Change:
        step, now = self.steps[number], self.levels[number]
        moved = move(self.steps, self.levels, number, place, self.known)
        after = summed(self.model, moved.levels)
        then = step.words[place]
        exact = not moved.unsure and then.term_column is None
        lacking = step.lacking(self.known) if self.known is not None and not now.place else None
        words = [
            f"{premise(step.words[now.place], then, lacking)},",
            consequence(before, after, self.thresholds, exact=exact),
            assumptions(then, moved, as_now=bool(moved.levels[number].term_part)),
        ]
        return Change(
            comparison=step.comparison.name,
            reason="absent" if not now.place else "agrees" if now.weight > 0 else "contradicts",
            place=place,
            words=" ".join(part for part in words if part),
            weight_after=after.match_weight,
            identity_weight_after=after.identity_weight,
            verdict_after=after.verdict(self.thresholds),
            exact=exact,
        )


def would_change(
    evidence: Sequence[Evidence],
    model: LinkageModel,
    thresholds: Thresholds,
    known: Known | None = None,
) -> list[Change]:
    """Return what would change the verdict on a pair, the smallest change of its weight first.

    All else stays as it is, but for what the levels themselves tell: a family name that is counted
    with the whole name. Of each comparison that level is returned, for each other verdict, which
    changes the weight least; what is absent would be the same or differ if it were given.

    Args:
        evidence: That of every comparison of the model, in its order.
        model: The model that the pair was scored by, with the prior it was scored with.
        thresholds: Those in use.
        known: Which columns the question and the record have. Without it nobody can tell on which
            side something is absent, and what an identifier may tell already is left alone.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    levels = tuple(Met.of(one) for one in evidence)
    pair = _Pair(model, thresholds, ladders(model), levels, known)
    before = summed(model, levels).match_weight
    changes = [change for number in range(len(levels)) for change in pair.changes(number)]
    return sorted(changes, key=lambda change: _size(change, before))


def _size(change: Change, before: float) -> float:
    return abs(change.weight_after - before)

"""How a match weight comes about, step by step: the data of a waterfall chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from linker.evidence.fields import heading
from linker.evidence.numbers import signed_bits

StepKind = Literal["prior", "for", "against", "total"]


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall: from one sum of weights to the next.

    Attributes:
        kind: Prior and total stand on zero, the others on the sum so far.
        label: What it is: ``Birth date``.
        weight: Its weight in bits; of the total the match weight.
        start: The sum before it.
        end: The sum with it.
        words: What it says, in words; empty where nothing is to be said besides.
    """

    kind: StepKind
    label: str
    weight: float
    start: float
    end: float
    words: str


@dataclass(frozen=True)
class Waterfall:
    """The steps of a match weight: the prior, what speaks for, what against, and the total.

    Attributes:
        steps: In that order, each part the heaviest first.
        absent: What was not compared.
        review: The weight from which on a pair is a possible link, in bits, if it is to be shown.
        link: That of a link.
    """

    steps: tuple[Step, ...]
    absent: tuple[str, ...]
    review: float | None = None
    link: float | None = None

    @property
    def described(self) -> str:
        """The chart in words, for who does not see it."""
        first, *between, last = self.steps
        said = [f"It starts at the prior of {signed_bits(first.weight)}."]
        said += [f"{step.label} {step.kind}: {signed_bits(step.weight)}." for step in between]
        said.append(f"The match weight is {signed_bits(last.weight)}.")
        for name, weight in (("possible link", self.review), ("link", self.link)):
            if weight is not None:
                said.append(f"A {name} needs {signed_bits(weight)}.")
        if self.absent:
            said.append(f"Not compared: {', '.join(self.absent)}.")
        return " ".join(said)


def waterfall(
    prior_weight: float,
    evidence: Iterable[Mapping[str, Any]],
    review: float | None = None,
    link: float | None = None,
) -> Waterfall:
    """Return the steps by which evidence makes a match weight of the prior.

    Args:
        prior_weight: What the model holds before any evidence, in bits.
        evidence: That of each comparison as JSON values, as a hit has it: ``comparison``, ``side``
            and ``weight``, and ``words`` if there are some.
        review: The review threshold in bits, to be drawn as a line.
        link: The link threshold in bits.
    """
    parts = list(evidence)
    said = [part for part in parts if part["side"] != "absent"]
    heaviest = sorted(said, key=lambda part: -part["weight"])
    steps = [Step("prior", "Prior", prior_weight, 0.0, prior_weight, "before any evidence")]
    for part in heaviest:
        begun = steps[-1].end
        kind: StepKind = "for" if part["weight"] > 0 else "against"
        end = begun + part["weight"]
        label = heading(part["comparison"])
        steps.append(Step(kind, label, part["weight"], begun, end, part.get("words", "")))
    total = steps[-1].end
    steps.append(Step("total", "Match weight", total, 0.0, total, "the sum of all"))
    absent = tuple(heading(part["comparison"]) for part in parts if part["side"] == "absent")
    return Waterfall(tuple(steps), absent, review, link)

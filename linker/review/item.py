"""What a reviewer sees of a pair of records, and what comes of a verdict: nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from linker.schemas import EntityType

Verdict = Literal["match", "non_match", "unsure"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""What a reviewer may say of a pair; the words of clerical decisions."""

Difference = Literal["equal", "alike", "different", "one_missing"]
"""What two records say of one field, beside each other; ``alike`` is nearly equal."""

Part = Literal["threshold", "rare_level", "session", "group", "blind"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""Why a pair was chosen: near a threshold; for a level that few labels have; for a level that
training sessions disagree on; for its source pair and name culture; at random, for measuring."""


@dataclass(frozen=True)
class Side:
    """One of the two records.

    Attributes:
        source: Its source.
        record_id: The record id that the source gave it.
        values: Canonical field: value as JSON (text, list of texts, number); what it lacks is not
            there.
    """

    source: str
    record_id: str
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class ReviewItem:
    """A queued pair as one reviewer sees it.

    Whatever a model says of the pair is None until this reviewer has decided, and so is `part`.

    Attributes:
        number: The item's.
        entity_type: Of both records.
        left: The first record, by source and record id.
        right: The second.
        differences: Field: how the two values compare; fields that neither has are not there.
        context: ``sources``, ``kinds``, ``agencies`` and ``units``, lists of two, the left one
            first; ``dates``, a list of two mappings: name of a date (such as ``arrested_on``): ISO.
        decided_by_me: What this reviewer said of it, None before.
        final: What became of it, None while it is open; None before this reviewer has decided.
        part: Why it was chosen, one of `PARTS`.
        weight: The match weight in bits.
        probability: The match probability.
        evidence: A sentence for each comparison that says something.
        waterfall: What each of these comparisons adds, in bits, by its name; with ``prior``, what
            is known before any evidence, they add up to `weight`.
        summary: The conclusion in a few sentences.
    """

    number: int
    entity_type: EntityType
    left: Side
    right: Side
    differences: Mapping[str, Difference]
    context: Mapping[str, Any]
    decided_by_me: Verdict | None = None
    final: Verdict | None = None
    part: Part | None = None
    weight: float | None = None
    probability: float | None = None
    evidence: tuple[str, ...] | None = None
    waterfall: Mapping[str, float] | None = None
    summary: str | None = None


@dataclass(frozen=True)
class Decided:
    """What came of a verdict.

    Attributes:
        number: The item's.
        verdict: What this reviewer's verdict is: the first one given, whatever was said again.
        recorded: Whether it was recorded now; False where this reviewer had decided before.
        final: The verdict that closed the item, None while another reviewer has to look.
        decision: The number of the clerical decision in the journal, None while there is none.
    """

    number: int
    verdict: Verdict
    recorded: bool
    final: Verdict | None = None
    decision: int | None = None

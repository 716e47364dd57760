"""What a lookup answers: hits with their evidence, shared identifiers, and what was searched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from linker.schemas import EntityType

MOST_SHARED: Final = 20
"""An identifier that more entities hold says little of any of them; so many are listed."""
MOST_HITS: Final = 50
"""So many entities are listed; how many more match is counted."""

Outcome = Literal["HIT", "SHARED_IDENTIFIER", "NO_HIT"]
Tier = Literal["CONFIRMED", "PROBABLE", "POSSIBLE"]


@dataclass(frozen=True)
class Hit:
    """An entity that matches the query, with what it is involved in.

    `evidence` is that of the entity's best record: its weights and `prior_weight`, what the model
    holds before any evidence, sum to `match_weight`; each has ``comparison``, ``side`` (for,
    against, absent), ``level``, ``place``, ``weight``, ``term_frequency_weight`` and ``words``, a
    sentence. `summary` is the conclusion in words; `matched_on` are the comparisons that speak for
    any of the entity's records. `best_source` and `best_record_id` are None where the viewer may
    not see them. `investigations` have the most pressing class first; what the viewer may not see
    of them is None.
    """

    entity_id: str
    tier: Tier
    match_weight: float
    match_probability: float
    records: int
    best_source: str | None
    best_record_id: str | None
    prior_weight: float
    matched_on: list[str]
    summary: str
    evidence: list[dict[str, Any]]
    investigations: list[dict[str, Any]]


@dataclass(frozen=True)
class Shared:
    """An entity that holds an identifier of the query; that it is the same one is not asserted.

    `matched_on` names the identifiers in common; `investigations` are as in a `Hit`.
    """

    entity_id: str
    matched_on: list[str]
    records: int
    investigations: list[dict[str, Any]]


@dataclass(frozen=True)
class NearestMiss:
    """The heaviest record that was scored and is no hit, without saying whose it is.

    Attributes:
        match_weight: Its weight, in bits, rounded to whole bits.
        needed: The weight from which it would have been a hit.
        agreed: Comparisons that speak for it.
        differed: Comparisons that speak against it.
    """

    match_weight: float
    needed: float
    agreed: list[str]
    differed: list[str]


@dataclass(frozen=True)
class MissEstimate:
    """How probable it is that a record of the target is there and was not found.

    Attributes:
        probability: From 0 to 1, given that there is such a record.
        basis: In words: which evaluation, which fields, how many were asked.
    """

    probability: float
    basis: str


@dataclass(frozen=True)
class Answer:
    """What a lookup found, and what was searched to say so.

    `shared` lists at most `MOST_SHARED` of the `sharing_entities` that hold an identifier of the
    query and are no hit; `hits` at most `MOST_HITS` of the `matching_entities`.
    """

    entity_type: EntityType
    outcome: Outcome
    """HIT; SHARED_IDENTIFIER: only an identifier in common; or NO_HIT: no matching record in these
    sources as of this time, never "clear"."""
    hits: list[Hit]
    matching_entities: int
    shared: list[Shared]
    sharing_entities: int
    generation: int
    entities_of: int
    """The generation whose entities are told: an earlier one where it was asked for."""
    published: str
    as_of: str
    model: str
    sources: list[dict[str, Any]]
    mentions: int
    candidates: int
    rules_tried: list[str]
    not_searched: list[str]
    """In words, what of the query or of the sources the search did not reach."""
    advice: list[str]
    """Fields that would help most, the best first, where the query is not selective."""
    nearest_miss: NearestMiss | None
    missed: MissEstimate | None
    """Of a lookup without a hit."""

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Alert:
    """A silent investigation that a question met: its owner is told, the asker is not.

    Attributes:
        agency: The owner's.
        unit: The owner's.
        case_id: The investigation's.
        entity_id: The entity that was met.
        tier: How sure it is.
    """

    agency: str | None
    unit: str | None
    case_id: str | None
    entity_id: str
    tier: Tier

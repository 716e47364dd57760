"""What a lookup answers: hits with their evidence, shared identifiers, and what was searched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from linker.schemas import EntityType

MOST_SHARED: Final = 20
"""An identifier that more entities hold says little of any of them; so many are listed."""


@dataclass(frozen=True)
class Hit:
    """An entity that matches the query, with what it is involved in.

    `evidence` is that of the entity's best record: its weights and `prior_weight`, what the model
    holds before any evidence, sum to `match_weight`. `best_source` and `best_record_id` are None
    where that record is of a pointer-only case. `investigations` are the rows of
    `classify_against`, the most pressing class first, silent cases left out.
    """

    entity_id: str
    tier: str
    match_weight: float
    match_probability: float
    records: int
    best_source: str | None
    best_record_id: str | None
    prior_weight: float
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
class Answer:
    """What a lookup found, and what was searched to say so.

    `shared` lists at most `MOST_SHARED` of the `sharing_entities` that hold an identifier of the
    query and are no hit.
    """

    entity_type: EntityType
    outcome: str
    """HIT; SHARED_IDENTIFIER: only an identifier in common; or NO_HIT: no matching record in these
    sources as of this time, never "clear"."""
    hits: list[Hit]
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

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return asdict(self)

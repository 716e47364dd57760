"""What the words of a report mean, each in one plain sentence; in the order they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linker.schemas import EntityType

PLURAL: Final[Mapping[EntityType, str]] = {"person": "people", "organization": "organizations"}

CLASSES: Final[Mapping[str, str]] = {
    "SIMULTANEOUS": (
        "Both investigations are active on the as-of date; a suspended or reopened one counts as "
        "active."
    ),
    "PRIOR": "The other investigation had closed by the day this one opened.",
    "HISTORICAL_OVERLAP": (
        "Both investigations were active at the same time, but at most one of them still is."
    ),
    "PRIOR_CONTACT": (
        "The entity was met in an arrest, an intelligence report or a watchlist, outside any "
        "investigation."
    ),
    "SHARED_IDENTIFIER": (
        "A phone, plate, address or document is held in common; that the entities are one is not "
        "asserted."
    ),
    "INDETERMINATE": (
        "Dates or status are missing or contradict each other, and nothing is guessed."
    ),
    "NO_HIT": (
        "There is no matching record in these sources as of this date, which never means “clear”."
    ),
}
"""The classes of deconfliction, from the one that presses most."""

TIERS: Final[Mapping[str, str]] = {
    "CONFIRMED": "a biometric identifier is equal, or a person has reviewed the match",
    "PROBABLE": "the match reaches the link threshold",
    "POSSIBLE": "the match reaches only the review threshold, or only an identifier is shared",
}
"""How sure it is that both investigations mean the same entity."""

EVENTS: Final[Mapping[str, str]] = {
    "created": "A new entity was given an id.",
    "changed": "An entity kept its id and gained or lost records.",
    "merged": "An entity was joined to another one, and its id now points there.",
    "split": "Records that no longer belong to an entity became one of their own.",
    "retired": "An entity’s records are gone from their sources.",
    "cut": "A link was not followed, for the reason given, and parts two entities.",
}
"""The events of the ledger."""

ROLES: Final[Mapping[str, str]] = {
    "identity": "It says who someone is; every link needs enough evidence of this kind.",
    "family": "Relatives share it, so it never makes a link by itself.",
    "association": (
        "Strangers can share it, as they share a house or a phone; it never makes a link by itself."
    ),
    "biometric": "It is taken from the body, and it alone makes a match CONFIRMED.",
}
"""The roles of comparisons."""

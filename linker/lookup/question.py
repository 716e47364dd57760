"""What is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linker.schemas import EntityType


@dataclass(frozen=True)
class Question:
    """A target to look for, as a person writes it.

    Attributes:
        entity_type: What is looked for.
        fields: Canonical fields of a person or an organization and their values, texts or lists
            of texts. An ``age`` may be a range (``30-35``); document numbers and plates may hold
            ``?`` for one character and ``*`` for any number of them.
        until: A date: tell the entities as they were in the last generation published on it or
            before.
    """

    entity_type: EntityType
    fields: Mapping[str, str | list[str]] = field(default_factory=dict)
    until: str | None = None

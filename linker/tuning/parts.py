"""The parts that keys are generated of, and what each is of: those of one kind never go together.

Neither what a mention belongs to (its case, agency, place of arrest) nor what a model may not
compare is among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linker.blocking.combined import BUCKETS
from linker.config import BlockingRule
from linker.schemas import DOCUMENTS, EntityType

KINDS_OF_PARTS: Final[Mapping[EntityType, Mapping[str, str]]] = {
    "person": {
        "names": "name",
        "name_key": "name",
        "name_pairs": "name",
        "name_tokens": "name",
        "name_keys": "name",
        "name_words": "name",
        "given_name": "given name",
        "given_name_root": "given name",
        "given_name:initial": "given name",
        "surname_parts": "family name",
        "surname_parts:prefix4": "family name",
        "name_sounds": "family name",
        "birth_date": "birth",
        "birth_date:month_day": "birth",
        "birth_year": "birth",
        "birth_years": "birth",
        "birth_place": "birth place",
        "sex": "sex",
        "address": "place",
        "postal_code": "place",
        "postal_code:prefix3": "place",
        "city": "place",
        "state": "place",
        "phones": "telephone",
        "emails": "e-mail",
        "plates": "plate",
        **{document: document for document in DOCUMENTS["person"]},
        **{f"{document}:prefix5": document for document in DOCUMENTS["person"]},
    },
    "organization": {
        "name_and_aliases": "name",
        "name_joined": "name",
        "name_joined:prefix6": "name",
        "name_joined:prefix9": "name",
        "name_or_acronym": "name",
        "name_tokens": "name",
        "name_sounds": "name",
        "principals": "principals",
        "address": "place",
        "postal_code": "place",
        "postal_code:prefix3": "place",
        "city": "place",
        "state": "place",
        "phones": "telephone",
        "emails": "e-mail",
        **{document: document for document in DOCUMENTS["organization"]},
        **{f"{document}:prefix5": document for document in DOCUMENTS["organization"]},
    },
}
"""Part of a key, as a rule writes it: what it is of."""

_WHOLE: Final = {"name": frozenset({"given name", "family name"})}
"""What a kind holds already."""


LISTS: Final = ("names", "birth or place", "the rest")
"""What rules are sorted into whose parts have nothing in common: whether one of them finds a match
says little of whether another does. People are sorted by names, birth dates, and the rest;
organizations by names, places, and the rest."""

_NAMES: Final = frozenset({"name", "given name", "family name"})
_SECOND: Final[Mapping[EntityType, str]] = {"person": "birth", "organization": "place"}
NO_LIST: Final = "sex"
"""A part that is too coarse to tell anything."""


def list_of(kind: str, entity_type: EntityType) -> str | None:
    """Return the list that a part of some kind belongs to, None where to no list."""
    if kind == NO_LIST:
        return None
    if kind in _NAMES:
        return LISTS[0]
    return LISTS[1] if kind == _SECOND[entity_type] else LISTS[2]


def list_of_rule(rule: BlockingRule, entity_type: EntityType) -> str | None:
    """Return the list that all parts of a rule belong to, None where they are of several."""
    kinds = KINDS_OF_PARTS[entity_type]
    by_column = {part.partition(":")[0]: kind for part, kind in kinds.items()}
    parts = [*rule.key, *(part for part in rule.refine if part != BUCKETS)]
    told = [by_column.get(part.partition(":")[0]) for part in parts]
    lists = {kind and list_of(kind, entity_type) for kind in told if kind != NO_LIST}
    return lists.pop() if len(lists) == 1 else None


def go_together(kinds: list[str]) -> bool:
    """Tell whether parts of such kinds make a key that none of them makes by itself."""
    own = set(kinds)
    return len(own) == len(kinds) and not any(own & _WHOLE.get(kind, set()) for kind in kinds)


def named(key: list[str]) -> str:
    """Return the name of the rule of a key: its parts, joined."""
    return "_and_".join(part.replace(":", "_") for part in key)

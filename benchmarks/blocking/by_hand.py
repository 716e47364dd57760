"""Blocking rules as a competent user of Splink writes them: equality of columns and substrings.

Those of historical_50k are the rules of Splink's own example on that set (deduplicate 50k
historical persons), without the one on occupation, which is no matching feature here. The others
follow the same habits: name with birth date, parts of both, each identifier, name with place.
Splink makes every pair of equal keys, so no key is too full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from linker.config import BlockingRule

EVERY_KEY: Final = 1_000_000_000

_HISTORICAL: Final = (
    ("given_name:prefix3", "surname:prefix4"),
    ("surname", "birth_date"),
    ("given_name", "birth_date"),
    ("postal_code", "given_name"),
    ("postal_code", "surname"),
    ("birth_date", "birth_place"),
    ("postal_code:prefix3", "birth_date"),
    ("postal_code:prefix3", "given_name"),
    ("postal_code:prefix3", "surname"),
    ("given_name:prefix2", "surname:prefix2", "birth_year"),
)
_PSEUDOPEOPLE: Final = (
    ("ssn",),
    ("birth_date",),
    ("given_name", "surname"),
    ("given_name", "birth_year", "postal_code"),
    ("surname", "birth_year", "postal_code"),
    ("address", "given_name"),
    ("birth_date", "postal_code"),
    ("given_name:prefix3", "surname:prefix3", "postal_code"),
    ("given_name:prefix3", "surname:prefix4", "birth_year"),
)
_POPULATION: Final = (
    ("ssn",),
    ("a_number",),
    ("fbi_number",),
    ("fingerprint_id",),
    ("national_id",),
    ("passport",),
    ("driver_license",),
    ("given_name", "birth_date"),
    ("surname", "birth_date"),
    ("given_name", "surname"),
    ("given_name:initial", "birth_date"),
    ("given_name:prefix3", "surname:prefix4", "birth_year"),
    ("given_name", "birth_year", "city"),
    ("surname", "postal_code"),
    ("address", "given_name"),
)
BY_HAND: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "historical_50k": _HISTORICAL,
    "pseudopeople": _PSEUDOPEOPLE,
    "population": _POPULATION,
}
"""Set: the keys of its rules."""


def by_hand(name: str) -> list[BlockingRule]:
    """Return the hand-written rules of a set."""
    return [
        BlockingRule(
            name="_and_".join(key).replace(":", "_"), key=list(key), max_records_per_key=EVERY_KEY
        )
        for key in BY_HAND[name]
    ]

"""What a record of each source holds: profiles, whose fields come and go together.

A booking has fingerprints, numbers and a full birth date; a caller's tip has a name, a telephone
number and a town. Fields are not missing each for itself: a record has a profile first, and the
profile says how often it has each field. Shares are assumptions unless a source is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.population.draws import Bools, Ints

CASE, ARREST, INTEL, WATCHLIST = 0, 1, 2, 3

NO_BIRTH, FULL_BIRTH, BIRTH_YEAR, AGE = 0, 1, 2, 3


@dataclass(frozen=True)
class Profile:
    """One way a record of a source is filled in."""

    name: str
    source: int
    alone: float  # share among the source's records of people with no other record
    known: float  # the same of people whom other records know too
    births: tuple[float, float, float, float]  # none, full date, year, age


PROFILES: Final = (
    # A case file on somebody who was identified, on a contact, and somebody merely mentioned.
    Profile("subject", CASE, 0.60, 0.70, (0.005, 0.995, 0.0, 0.0)),
    Profile("associate", CASE, 0.32, 0.29, (0.02, 0.98, 0.0, 0.0)),
    Profile("mentioned", CASE, 0.08, 0.01, (0.30, 0.70, 0.0, 0.0)),
    # Fingerprints were taken, or not: a minor, a citation, a machine out of order.
    Profile("booking", ARREST, 0.92, 0.92, (0.005, 0.995, 0.0, 0.0)),
    Profile("field", ARREST, 0.08, 0.08, (0.02, 0.98, 0.0, 0.0)),
    # Reports on somebody whose records were looked up, a tip, a sighting, a name in passing. A
    # unit looks a subject up, so whom other records know is mostly identified.
    Profile("identified", INTEL, 0.45, 0.88, (0.02, 0.92, 0.04, 0.02)),
    Profile("tip", INTEL, 0.27, 0.07, (0.20, 0.20, 0.22, 0.38)),
    Profile("sighting", INTEL, 0.20, 0.045, (0.25, 0.10, 0.18, 0.47)),
    Profile("bare", INTEL, 0.08, 0.005, (1.0, 0.0, 0.0, 0.0)),
    # Shares of the sanctions list of the United States Treasury: 96 % of people have a birth date,
    # one in six of these no more than a year.
    Profile("designation", WATCHLIST, 0.85, 0.85, (0.02, 0.98, 0.0, 0.0)),
    Profile("name", WATCHLIST, 0.15, 0.15, (0.16, 0.84, 0.0, 0.0)),
)

# Columns: subject, associate, mentioned; booking, field; identified, tip, sighting, bare;
# designation, name.
PRESENCE: Final[dict[str, tuple[float, ...]]] = {
    "sex": (0.98, 0.95, 0.80, 0.99, 0.97, 0.75, 0.50, 0.60, 0.30, 0.40, 0.20),
    "birth_place": (0.55, 0.15, 0.02, 0.50, 0.30, 0.06, 0.00, 0.00, 0.00, 0.70, 0.15),
    "citizenship": (0.85, 0.65, 0.20, 0.92, 0.85, 0.50, 0.10, 0.10, 0.05, 0.80, 0.50),
    "a_number": (0.82, 0.50, 0.00, 0.85, 0.55, 0.45, 0.00, 0.00, 0.00, 0.00, 0.00),
    "fbi_number": (0.65, 0.25, 0.00, 0.90, 0.02, 0.20, 0.00, 0.00, 0.00, 0.00, 0.00),
    "fingerprint_id": (0.35, 0.08, 0.00, 0.96, 0.00, 0.02, 0.00, 0.00, 0.00, 0.00, 0.00),
    "ssn": (0.60, 0.35, 0.00, 0.55, 0.15, 0.20, 0.00, 0.00, 0.00, 0.00, 0.00),
    "passport": (0.50, 0.20, 0.00, 0.30, 0.12, 0.25, 0.00, 0.00, 0.00, 0.65, 0.05),
    "national_id": (0.45, 0.15, 0.00, 0.30, 0.10, 0.12, 0.00, 0.00, 0.00, 0.90, 0.05),
    "driver_license": (0.55, 0.30, 0.00, 0.50, 0.30, 0.15, 0.00, 0.02, 0.00, 0.00, 0.00),
    "phones": (0.78, 0.70, 0.25, 0.50, 0.30, 0.60, 0.90, 0.15, 0.00, 0.00, 0.00),
    "emails": (0.50, 0.30, 0.02, 0.06, 0.01, 0.20, 0.06, 0.01, 0.00, 0.00, 0.00),
    "plates": (0.55, 0.35, 0.08, 0.32, 0.20, 0.30, 0.10, 0.70, 0.00, 0.00, 0.00),
    "address": (0.82, 0.60, 0.12, 0.68, 0.40, 0.25, 0.10, 0.35, 0.00, 0.30, 0.02),
    "city": (0.90, 0.80, 0.55, 0.82, 0.65, 0.65, 0.65, 0.85, 0.45, 0.45, 0.20),
}
"""How often a record of each of `PROFILES` has a field, of those whose person has it.

Of the listed, addresses, cities, passports and the national numbers of Mexicans come out as on the
Treasury's list: of one in four people, two in five, one in four, and of seven Mexicans in ten.
"""


def drawn_profiles(rng: np.random.Generator, source: Ints, alone: Bools) -> Ints:
    """Return the profile of each record.

    Args:
        rng: Where chance comes from.
        source: CASE, ARREST, INTEL or WATCHLIST.
        alone: Records whose person has no other.

    Returns:
        Indexes of `PROFILES`.
    """
    sources = range(max(profile.source for profile in PROFILES) + 1)
    edges = np.stack(
        [
            np.cumsum(
                [
                    (profile.alone if lonely else profile.known) * (profile.source == number)
                    for profile in PROFILES
                ]
            )
            for lonely in (False, True)
            for number in sources
        ]
    )
    own = edges[alone.astype(np.int64) * len(sources) + source]
    drawn: Ints = (rng.random(len(source))[:, None] * own[:, -1:] >= own).sum(axis=1)
    return drawn


def shown(rng: np.random.Generator, field: str, profile: Ints) -> Bools:
    """Return the rows whose record has the field, where the person has it."""
    present: Bools = rng.random(len(profile)) < np.array(PRESENCE[field])[profile]
    return present


def birth_forms(rng: np.random.Generator, profile: Ints) -> Ints:
    """Return how each record tells the birth: NO_BIRTH, FULL_BIRTH, BIRTH_YEAR or AGE."""
    edges = np.cumsum(np.array([each.births for each in PROFILES]), axis=1)[profile]
    forms: Ints = (rng.random(len(profile))[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    return forms

"""Cases and the units that run them: agencies, offices, dates, status, contacts; all invented.

The names of agencies are real, as a reader needs them to recognise the setting; units, offices'
staff, telephone numbers and addresses are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.calendar import AS_OF_DAY, FIRST_DAY, LAST_DAY, as_dates, parts
from benchmarks.population.draws import Bools, Ints, chance, pick, stream
from benchmarks.population.numbering import padded
from benchmarks.population.rates import Rates

SUBJECTS: Final = ((2, 0.4), (3, 0.35), (4, 0.25))
"""How many subjects a case has, and the share of such cases."""

STATUSES: Final = ("Open", "Suspended", "Closed", "Reopened", None)
OPEN, SUSPENDED, CLOSED, REOPENED, NO_STATUS = range(5)
CATEGORIES: Final = (
    "human smuggling",
    "drug smuggling",
    "money laundering",
    "firearms smuggling",
    "maritime smuggling",
    "document fraud",
    "labor exploitation",
)
CATEGORY_WEIGHTS: Final = (40, 22, 12, 8, 8, 6, 4)
SENSITIVITIES: Final = ("open", "pointer_only", "silent")
SENSITIVITY_WEIGHTS: Final = (93, 5, 2)

_AGENCIES: Final = (
    ("HSI", "Human Smuggling Group", 30),
    ("USBP", "Sector Intelligence Unit", 22),
    ("CBP-AMO", "Air and Marine Branch", 10),
    ("DEA", "Enforcement Group", 12),
    ("USCG", "Sector Investigations", 8),
    ("FBI", "Transnational Organized Crime Squad", 10),
    ("USMS", "Fugitive Task Force", 8),
)
_OFFICES: Final = (
    ("El Paso", "El Paso - Ciudad Juárez", 16),
    ("Laredo", "Laredo - Nuevo Laredo", 12),
    ("McAllen", "Rio Grande Valley", 14),
    ("Del Rio", "Del Rio - Eagle Pass", 7),
    ("Tucson", "Sonora - Arizona", 12),
    ("San Diego", "Tijuana - San Diego", 12),
    ("Houston", "Gulf Coast", 8),
    ("Miami", "Caribbean", 9),
    ("San Juan", "Caribbean", 3),
    ("Los Angeles", "Pacific", 4),
    ("Buffalo", "Northern Border", 3),
)
_CONTACTS: Final = (
    "Dana Whitfield|Marcus Oyelaran|Teresa Villaseñor|Kevin Brandt|Alicia Montemayor|Paul Nakagawa|"
    "Renee Castleberry|Omar Haddad|Linda Skarsgard|Victor Pruitt|Gina Delacroix|Samuel Ortega-Bell"
).split("|")


@dataclass(frozen=True)
class Cases:
    """All cases as arrays, row number is the case's code; and the units they belong to."""

    unit: Ints
    opened: Ints
    closed: Ints  # AS_OF_DAY or later, or 0, where not closed
    status: Ints
    claimed: Ints
    confirmed: Ints  # -1 where not confirmed yet
    designated: Bools
    sensitivity: Ints
    joint: Bools  # declared joint with the neighbour: cases 2k and 2k + 1
    units: (
        pl.DataFrame
    )  # agency, unit, office, corridor, contact_name, contact_phone, contact_email
    slots: Ints  # the case of each subject, in random order


def build_cases(seed: int, subjects: int, rates: Rates) -> Cases:
    """Return cases for exactly so many subjects.

    Args:
        seed: The seed of the population.
        subjects: How many records of people and organizations stand in cases.
        rates: The rates in force.
    """
    rng = stream(seed, 2)
    sizes, shares = zip(*SUBJECTS, strict=True)
    mean = sum(size * share for size, share in SUBJECTS)
    drawn = np.array(sizes)[pick(rng, int(subjects / mean * 1.1) + 10, shares)]
    count = int(np.searchsorted(np.cumsum(drawn), subjects)) + 1
    units = _units()
    weights = units["weight"].to_numpy()
    opened = np.sort(rng.integers(FIRST_DAY, LAST_DAY, count))
    # Half of all cases last less than 14 months, one in six more than three years; an assumption.
    closed = opened + rng.lognormal(np.log(420), 1.0, count).astype(np.int64) + 5
    status = np.where(closed >= AS_OF_DAY, OPEN, CLOSED)
    status[(status == OPEN) & chance(rng, count, 0.1)] = SUSPENDED
    status[(status == CLOSED) & chance(rng, count, 0.03)] = REOPENED
    wrong = chance(rng, count, rates.case_contradictory)
    status[wrong & chance(rng, count, 0.4)] = NO_STATUS
    closed = np.where(wrong & (status == CLOSED), opened - rng.integers(1, 400, count), closed)
    confirmed = np.where(chance(rng, count, 0.75), pick(rng, count, CATEGORY_WEIGHTS), -1)
    unit = pick(rng, count, weights)
    even = np.arange(count) // 2 * 2
    partner = np.minimum(np.arange(count) ^ 1, count - 1)
    joint = chance(rng, count, rates.joint_case)[even] & (unit[partner] != unit)
    return Cases(
        unit=unit,
        opened=opened,
        closed=closed,
        status=status,
        claimed=pick(rng, count, CATEGORY_WEIGHTS),
        confirmed=confirmed,
        designated=chance(rng, count, 0.06),
        sensitivity=pick(rng, count, SENSITIVITY_WEIGHTS),
        joint=joint,
        units=units.drop("weight"),
        slots=rng.permutation(np.repeat(np.arange(count), drawn[:count])[:subjects]),
    )


def _units() -> pl.DataFrame:
    rows: list[dict[str, str | float]] = []
    for agency, group, agency_weight in _AGENCIES:
        for place, (office, corridor, weight) in enumerate(_OFFICES):
            number = len(rows)
            mailbox = office.lower().replace(" ", "")
            rows.append(
                {
                    "agency": agency,
                    "unit": f"{agency} {office} {group}",
                    "office": office,
                    "corridor": corridor,
                    "contact_name": _CONTACTS[(number + place) % len(_CONTACTS)],
                    # 555-0100 to 555-0199 are kept for fiction.
                    "contact_phone": f"{202 + place}-555-01{number % 100:02d}",
                    "contact_email": f"duty.{mailbox}@{agency.lower()}.example",
                    "weight": float(agency_weight * weight),
                }
            )
    return pl.DataFrame(rows)


def case_ids(cases: Cases, codes: Ints) -> pl.Series:
    """Return the case ids, such as ``HSI-2021-0004711``."""
    year, _, _ = parts(cases.opened[codes])
    agency = cases.units["agency"].gather(cases.unit[codes])
    return agency + "-" + padded(year, 4) + "-" + padded(codes, 7)


def case_columns(cases: Cases, codes: Ints) -> pl.DataFrame:
    """Return what case records say of their case, one row a record.

    Columns: case_number, agency, unit, office, corridor, case_status, opened, closed (mm/dd/yyyy),
    category_claimed, category_confirmed, national_designation, sensitivity, case_contact,
    contact_phone, contact_email (String), joint_cases (List[String]).
    """
    units = cases.units[cases.unit[codes]]
    status = cases.status[codes]
    categories = pl.Series([*CATEGORIES, None], dtype=pl.String)
    partner = np.minimum(codes ^ 1, len(cases.unit) - 1)
    joint = pl.concat_list(case_ids(cases, partner))
    us_date = "%m/%d/%Y"
    return pl.select(
        case_ids(cases, codes).alias("case_number"),
        *(units[name].alias(name) for name in ("agency", "unit", "office", "corridor")),
        pl.Series("case_status", STATUSES, dtype=pl.String).gather(status),
        as_dates(cases.opened[codes]).dt.strftime(us_date).alias("opened"),
        as_dates(cases.closed[codes], status == CLOSED).dt.strftime(us_date).alias("closed"),
        categories.gather(cases.claimed[codes]).alias("category_claimed"),
        categories.gather(cases.confirmed[codes] % len(categories)).alias("category_confirmed"),
        pl.when(pl.Series(cases.designated[codes]))
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("national_designation"),
        pl.Series("sensitivity", SENSITIVITIES).gather(cases.sensitivity[codes]),
        units["contact_name"].alias("case_contact"),
        units["contact_phone"],
        units["contact_email"],
        pl.when(pl.Series(cases.joint[codes])).then(joint).alias("joint_cases"),
    )


def is_open(cases: Cases, codes: Ints) -> Bools:
    """Return which cases are open, to everybody, at the as-of date."""
    opened: Bools = (cases.status[codes] == OPEN) & (cases.sensitivity[codes] == 0)
    return opened


def event_days(rng: np.random.Generator, born: Ints | None, rows: int) -> Ints:
    """Return days of arrests and reports, none before the person is fourteen."""
    earliest = np.full(rows, FIRST_DAY) if born is None else np.maximum(born + 14 * 366, FIRST_DAY)
    earliest = np.minimum(earliest, LAST_DAY - 1)
    days: Ints = earliest + (rng.random(rows) * (LAST_DAY - earliest)).astype(np.int64)
    return days

"""Sets that a generator of others draws, which nothing here was built on (DupeHell 0.5.5, MIT).

The generator is not installed: it is run once in an environment of its own, and what it wrote is
read where it lies, in `DRAWN`. Its hard negatives are left out: most of them are records of one
name, birth date and number that its truth calls two people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from benchmarks.commands import PROJECT
from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of
from linker.schemas import EntityType

DRAWN = PROJECT / "var" / "dupehell"
FETCH = (
    "python -m venv var/dupehell/venv && var/dupehell/venv/bin/pip install dupehell==0.5.5 && "
    'var/dupehell/venv/bin/python -c "from dupehell import generate as g; '
    "g('{domain}', 40000, 7, 'light', 'var/dupehell')\""
)
HARD_NEGATIVES = "HN"
NAMES = {"given_name": "first_name", "surname": "last_name"}
CONTACTS = {"emails": "email", "phones": "phone"}
CUSTOMER: Mapping[str, str] = {
    "given_name": "given_name",
    "surname": "family_name",
    "middle_name": "middle_name",
    "birth_date": "birth_date",
    "emails": "email_address",
    "phones": "mobile_phone",
    "ssn": "tax_id",
    "address": "residential_address_line1",
    "city": "residential_city",
    "postal_code": "residential_postal_code",
}
COMPANY: Mapping[str, str] = {
    "name": "legal_name",
    "aliases": "trading_name",
    "registration_id": "registration_number",
    "address": "registered_address_line1",
    "city": "registered_city",
    "country": "registered_country",
    "emails": "business_email",
    "phones": "phone_number",
}


def kyc(data: Path, work: Path) -> RealSet:
    """20,000 records of customers and 20,000 of companies, whose 400 names come again and again."""
    del data  # it lies elsewhere
    wanted: Sequence[tuple[EntityType, str, Mapping[str, str]]] = (
        ("person", "natural_person", CUSTOMER),
        ("organization", "legal_entity", COMPANY),
    )
    return _set("kyc", "kyc", wanted, work)


def contacts(data: Path, work: Path) -> RealSet:
    """Some 20,000 records of a firm's contacts: names, mail addresses, telephones, places."""
    del data
    fields = {**NAMES, **CONTACTS, "city": "city", "state": "state_code", "country": "country_code"}
    return _set("contacts", "crm", [("person", "contact", fields)], work)


def patrons(data: Path, work: Path) -> RealSet:
    """Some 20,000 records of a library's readers: names, mail addresses and telephones alone."""
    del data
    return _set("patrons", "publishing", [("person", "patron", {**NAMES, **CONTACTS})], work)


def _set(
    name: str,
    domain: str,
    wanted: Sequence[tuple[EntityType, str, Mapping[str, str]]],
    work: Path,
) -> RealSet:
    drawn = _drawn(domain)
    sources, truth = [], []
    for entity, kind, fields in wanted:
        records = drawn.filter(
            pl.col("entity_type").cast(pl.String) == kind,
            ~pl.col("master_id").str.starts_with(HARD_NEGATIVES),
        )
        source = FileSource(kind, work / f"{kind}.csv", entity, "record_id", fields)
        records.select("record_id", *fields.values()).write_csv(source.path)
        sources.append(source)
        truth.append(truth_of(records, source, pl.col("master_id")))
    return real_set(name, sources, pl.concat(truth))


def _drawn(domain: str) -> pl.DataFrame:
    """Return the records of a domain.

    Raises:
        FileNotFoundError: They were not drawn yet; says how to.
    """
    for path in sorted(DRAWN.glob(f"{domain}_*.parquet")):
        if not path.stem.endswith("_ground_truth"):
            return pl.read_parquet(path)
    raise FileNotFoundError(
        f"var/dupehell holds no {domain}; draw it with: {FETCH.format(domain=domain)}"
    )

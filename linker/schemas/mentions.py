"""Mentions: their fields, the tables of people and organizations, and the types of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import polars as pl

EntityType = Literal["person", "organization"]
SourceKind = Literal["case", "arrest", "intel", "watchlist", "other"]
Schema = Mapping[str, pl.DataType]

Sensitivity = Literal["silent", "pointer_only", "open"]
SENSITIVITIES: Final[tuple[Sensitivity, ...]] = ("silent", "pointer_only", "open")
"""From the strictest on; a word that is none of them counts as silent."""

ENTITY_TYPES: Final[tuple[EntityType, ...]] = ("person", "organization")

TEXT: Final = pl.String()
TEXTS: Final = pl.List(pl.String())
DATE: Final = pl.Date()

RECORD: Final[Schema] = {"source": TEXT, "record_id": TEXT}
"""What identifies a mention: its source and the record id the source gave it."""

CONTEXT: Final[Schema] = {
    # case
    "case_id": TEXT,
    "joint_case_ids": TEXTS,  # case ids declared joint with this one
    "agency": TEXT,
    "unit": TEXT,
    "office": TEXT,
    "corridor": TEXT,
    "status": TEXT,  # open | suspended | closed | reopened
    "opened": DATE,
    "closed": DATE,
    "category_claimed": TEXT,
    "category_confirmed": TEXT,
    "nationally_designated": TEXT,
    "sensitivity": TEXT,  # open | pointer_only | silent
    "contact_name": TEXT,
    "contact_phone": TEXT,
    "contact_email": TEXT,
    # arrest
    "arrest_id": TEXT,
    "arrested_on": DATE,
    "place": TEXT,
    "charge": TEXT,
    # intelligence report
    "report_id": TEXT,
    "reported_on": DATE,
    "narrative": TEXT,
    "reliability": TEXT,
    # watchlist
    "listed_on": DATE,
    "program": TEXT,
    # any record
    "purge_due": DATE,  # when it is to be forgotten; see linker forget --due
}
"""What a mention belongs to: the case, arrest, report or listing. Never a matching feature."""

PERSON_FIELDS: Final[tuple[str, ...]] = (
    "full_name",
    "given_name",
    "middle_name",
    "surname",
    "second_surname",
    "surname_prefix",
    "suffix",
    "aliases",
    "birth_date",
    "birth_date_precision",
    "age",
    "observed_on",
    "sex",
    "birth_place",
    "birth_country",
    "citizenship",
    "a_number",
    "fbi_number",
    "fingerprint_id",
    "ssn",
    "passport",
    "national_id",
    "driver_license",
    "phones",
    "emails",
    "plates",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
    "role",
    "predicate",
)
"""Canonical fields that a person source may map."""

ORGANIZATION_FIELDS: Final[tuple[str, ...]] = (
    "name",
    "aliases",
    "kind",
    "registration_id",
    "tax_id",
    "phones",
    "emails",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
    "principals",
)
"""Canonical fields that an organization source may map."""

DOCUMENTS: Final[Mapping[EntityType, tuple[str, ...]]] = {
    "person": (
        *("a_number", "fbi_number", "fingerprint_id", "ssn", "passport", "national_id"),
        "driver_license",
    ),
    "organization": ("registration_id", "tax_id"),
}
"""Fields of numbers by which an authority knows a person or an organization."""

LIST_FIELDS: Final[frozenset[str]] = frozenset(
    {"aliases", "phones", "emails", "plates", "principals", "joint_case_ids"}
)
"""Fields that hold several values: a list, or one text with values separated by ``;`` or ``|``."""

PLACE_COLUMNS: Final[Schema] = {
    "phones": TEXTS,
    "emails": TEXTS,
    "address": TEXT,
    "city": TEXT,
    "state": TEXT,
    "postal_code": TEXT,
    "country": TEXT,
}

PERSON: Final[Schema] = {
    "mention": pl.Int64(),  # row number in (source, record_id) order, unique in a run
    **RECORD,
    "kind": TEXT,
    "name_as_given": TEXT,  # for display only
    "full_name": TEXT,
    "given_name": TEXT,
    "given_name_root": TEXT,  # one name for a group of nicknames and spellings
    "nickname_of": TEXTS,  # further names for which the given name is short, as such roots
    "middle_name": TEXT,
    "surname": TEXT,  # all family names, particles left out
    "surname_parts": TEXTS,  # each family name; paternal first
    "surname_prefix": TEXT,
    "native_name": TEXT,  # a name written in Chinese or Korean characters, as written
    "suffix": TEXT,
    "name_tokens": TEXTS,  # every distinct word of the name, sorted
    "name_written": TEXTS,  # each word as written, given names first; numbered if repeated
    "name_keys": TEXTS,  # each word's one spelling, however romanised; given names first
    "name_key": TEXT,  # all of these, sorted: one text for every order and spelling of a name
    "name_sounds": TEXTS,  # phonetic codes of the family names
    "aliases": TEXTS,
    "birth_date": DATE,  # only where the day is known
    "birth_date_precision": TEXT,  # day | month | year | estimated
    "birth_year": pl.Int32(),
    "birth_year_margin": pl.Int32(),  # by how many years it may be wrong
    "birth_month": pl.Int32(),
    "sex": TEXT,
    "birth_place": TEXT,
    "birth_country": TEXT,
    "citizenship": TEXT,
    "a_number": TEXT,
    "fbi_number": TEXT,
    "fingerprint_id": TEXT,
    "ssn": TEXT,
    "passport": TEXT,
    "national_id": TEXT,
    "curp": TEXT,  # the national id where it is a valid CURP
    "driver_license": TEXT,
    **PLACE_COLUMNS,
    "plates": TEXTS,
    "role": TEXT,
    "predicate": TEXT,
    **CONTEXT,
    "retained": TEXT,  # JSON object of the retained source columns
}
"""Mentions of people."""

ORGANIZATION: Final[Schema] = {
    "mention": pl.Int64(),
    **RECORD,
    "kind": TEXT,
    "name_as_given": TEXT,
    "name": TEXT,  # legal form off
    "legal_form": TEXT,
    "named_countries": TEXT,  # codes of the countries that the name names, sorted
    "name_tokens": TEXTS,
    "name_sounds": TEXTS,
    "acronym": TEXT,  # initials of a name of two words or more
    "aliases": TEXTS,
    "organization_kind": TEXT,
    "registration_id": TEXT,
    "tax_id": TEXT,
    **PLACE_COLUMNS,
    "principals": TEXTS,
    **CONTEXT,
    "retained": TEXT,
}
"""Mentions of organizations."""

MENTIONS: Final[Mapping[EntityType, Schema]] = {"person": PERSON, "organization": ORGANIZATION}

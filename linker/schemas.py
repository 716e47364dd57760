"""The named tables that pass from one room to the next: their columns and types.

Every hand-off is a Polars frame with exactly one of these schemas; `check` is called at the
boundary. Text columns hold canonical values (see `standardise`), never null-like strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import polars as pl

from linker.errors import LinkerError

EntityType = Literal["person", "organization"]
SourceKind = Literal["case", "arrest", "intel", "watchlist", "other"]
Schema = Mapping[str, pl.DataType]

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
    "middle_name": TEXT,
    "surname": TEXT,  # all family names, particles left out
    "surname_parts": TEXTS,  # each family name; paternal first
    "surname_prefix": TEXT,
    "suffix": TEXT,
    "name_tokens": TEXTS,  # every distinct word of the name, sorted
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

DEMOTED: Final[Schema] = {"column": TEXT, "value": TEXT, "records": pl.Int64()}
"""Values of identifiers that many unlike records hold, and how many records that is."""

QUARANTINE: Final[Schema] = {
    "source": TEXT,
    "row": pl.Int64(),  # row number in the source, the first record is 1
    "column": TEXT,  # the source column, or null where the whole row is bad
    "value_class": TEXT,  # what the value looks like (see privacy), never the value
    "reason": TEXT,
    "outcome": TEXT,  # row: it is no mention; value: the mention lacks it
}
"""Rows that did not become a mention, and values that could not be read."""

KEYS: Final[Schema] = {"rule": pl.UInt8(), "key": pl.UInt64(), "mention": pl.Int64()}
"""Blocking keys, sorted by (rule, key, mention)."""

SCORED_PAIRS: Final[Schema] = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),  # mention_l < mention_r
    "rule": pl.UInt8(),  # the first rule that found the pair
    "match_weight": pl.Float64(),  # log2
    "match_probability": pl.Float64(),
    "identity_weight": pl.Float64(),  # log2, sum over identity and biometric comparisons
    "confirmed": pl.Boolean(),  # a biometric identifier is equal
}
"""Candidate pairs at or above the review threshold."""

PAIRS_EXPORT: Final[Schema] = {
    "source_l": TEXT,
    "record_id_l": TEXT,
    "source_r": TEXT,
    "record_id_r": TEXT,
    "match_weight": pl.Float64(),
    "match_probability": pl.Float64(),
}

ENTITIES: Final[Schema] = {"entity_type": TEXT, "entity_id": TEXT, **RECORD}
"""Which mention belongs to which entity."""

CUT_RECORDS: Final[Schema] = {
    "source": TEXT,  # of a cut: the two records that a link joined
    "record_id": TEXT,
    "other_source": TEXT,
    "other_record_id": TEXT,
}
"""The two records of a cut."""

LEDGER: Final[Schema] = {
    "generation": pl.Int64(),
    "run_at": TEXT,  # when the run started, ISO 8601, UTC
    "entity_type": TEXT,
    "entity_id": TEXT,
    "event": TEXT,  # created | changed | merged | split | retired | cut
    "other_entity_id": TEXT,  # merged: where it went; split: where it came from; cut: the other's
    "records": pl.Int64(),  # how many records the entity holds after the event
    "model": TEXT,  # entity type, version and digest of the model
    "reason": TEXT,
    **CUT_RECORDS,
}
"""What happened to each entity, one row an event.

A cut says why a link between two of its records, and with it all links between their two groups,
does not make them one; it is written when it first comes about.
"""

CUTS: Final[Schema] = {
    **CUT_RECORDS,
    "match_weight": pl.Float64(),
    "cut": TEXT,  # a key of entities.hold.REASONS
}
"""The links that were cut, one for each two groups of records that links would join."""

INVESTIGATIONS: Final[Schema] = {
    "entity_type": TEXT,
    "entity_id": TEXT,
    "source": TEXT,
    "record_id": TEXT,
    "case_id": TEXT,
    "agency": TEXT,
    "unit": TEXT,
    "class": TEXT,  # design section 9
    "tier": TEXT,  # CONFIRMED | PROBABLE | POSSIBLE; null for NO_HIT
    "other_entity_id": TEXT,
    "other_source": TEXT,
    "other_record_id": TEXT,
    "other_kind": TEXT,
    "other_case_id": TEXT,  # case id, arrest id, report id
    "other_agency": TEXT,
    "other_unit": TEXT,
    "matched_on": TEXTS,  # SHARED_IDENTIFIER: which identifiers
    "as_of": DATE,
}
"""Each investigation and what it meets: one row an entity and a pair of investigations."""


def check(frame: pl.DataFrame, schema: Schema, table: str) -> pl.DataFrame:
    """Return `frame` if it has exactly the columns and types of `schema`.

    Args:
        frame: The table to check.
        schema: Its expected columns, in order.
        table: Its name, for the error.

    Raises:
        LinkerError: A column is missing, unknown, misplaced or of another type: a defect of ours.
    """
    if dict(frame.schema) != dict(schema):
        wrong = sorted(
            set(schema) ^ set(frame.columns)
            | {
                name
                for name in set(schema) & set(frame.columns)
                if frame[name].dtype != schema[name]
            }
        )
        raise LinkerError(
            f"table {table}: columns do not fit the schema: {', '.join(wrong) or 'order'}"
        )
    return frame


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the columns of `schema`, in its order, cast to its types."""
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame of no rows with the given columns and types."""
    return pl.DataFrame(schema=dict(schema))

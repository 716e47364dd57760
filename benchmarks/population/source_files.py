"""The files a population is written to: which, how large, and how a configuration maps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from linker.schemas import EntityType, SourceKind

Form = Literal["csv", "parquet"]
Entities = Literal["both", "person", "organization"]


@dataclass(frozen=True)
class SourceFile:
    """One source: where it is written, and what its columns mean."""

    name: str
    kind: SourceKind
    entity: EntityType
    share: float  # of all records of a population of both entity types
    suffix: str  # unless everything is Parquet
    record_id: str
    prefix: str  # of its record ids
    fields: dict[str, str] = field(default_factory=dict)  # canonical field: column
    formats: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def file_name(self, form: Form) -> str:
        """Return the name of its file."""
        return f"{self.name}.{'parquet' if form == 'parquet' else self.suffix}"


_CASE_FIELDS: Final = {
    "case_id": "case_number",
    "joint_case_ids": "joint_cases",
    "agency": "agency",
    "unit": "unit",
    "office": "office",
    "corridor": "corridor",
    "status": "case_status",
    "opened": "opened",
    "closed": "closed",
    "category_claimed": "category_claimed",
    "category_confirmed": "category_confirmed",
    "nationally_designated": "national_designation",
    "sensitivity": "sensitivity",
    "contact_name": "case_contact",
    "contact_phone": "contact_phone",
    "contact_email": "contact_email",
}
_CASE_FORMATS: Final = {"opened": "%m/%d/%Y", "closed": "%m/%d/%Y"}
_STATUS: Final = {
    "Open": "open",
    "Suspended": "suspended",
    "Closed": "closed",
    "Reopened": "reopened",
}
_LETTER_SEX: Final = {"M": "male", "F": "female"}


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_ORIGIN: Final = _same("birth_place", "birth_country", "citizenship")
_PLACE: Final = _same("city", "state", "country")

SOURCES: Final = (
    SourceFile(
        name="case_subjects",
        kind="case",
        entity="person",
        share=0.43,
        suffix="csv",
        record_id="subject_id",
        prefix="CS",
        fields=_CASE_FIELDS
        | {"full_name": "name", "aliases": "aka", "birth_date": "dob", "sex": "sex"}
        | _ORIGIN
        | {
            "a_number": "alien_number",
            "fbi_number": "fbi_no",
            "fingerprint_id": "fingerprint_id",
            "ssn": "ssn",
            "passport": "passport_no",
            "national_id": "curp",
            "driver_license": "driver_license",
            "phones": "phone",
            "emails": "email",
            "plates": "plate",
            "address": "street_address",
            "postal_code": "zip",
        }
        | _PLACE
        | _same("role", "predicate"),
        formats=_CASE_FORMATS | {"birth_date": "%m/%d/%Y"},
        values={"status": _STATUS, "sex": _LETTER_SEX | {"Hombre": "male", "Mujer": "female"}},
    ),
    SourceFile(
        name="arrests",
        kind="arrest",
        entity="person",
        share=0.29,
        suffix="parquet",
        record_id="arrest_no",
        prefix="AR",
        fields={
            "arrest_id": "arrest_no",
            "arrested_on": "arrest_date",
            "given_name": "first_name",
            "middle_name": "middle_name",
            "surname": "last_name",
        }
        | _same("agency", "unit", "place", "charge", "suffix", "aliases", "birth_date", "sex")
        | _ORIGIN
        | _same("a_number", "fbi_number", "fingerprint_id", "ssn", "passport", "national_id")
        | _same("driver_license", "phones", "plates", "address", "postal_code", "role")
        | _PLACE,
        values={"sex": _LETTER_SEX},
    ),
    SourceFile(
        name="intel_people",
        kind="intel",
        entity="person",
        share=0.14,
        suffix="jsonl.gz",
        record_id="mention_no",
        prefix="IP",
        fields={
            "report_id": "report_no",
            "reported_on": "reported",
            "observed_on": "reported",
            "full_name": "subject",
            "aliases": "also_known_as",
            "birth_date": "born",
        }
        | _same("agency", "unit", "reliability", "age", "sex", "citizenship", "a_number")
        | _same("passport", "phones", "emails", "plates", "address", "role", "narrative")
        | _PLACE,
    ),
    SourceFile(
        name="watchlist",
        kind="watchlist",
        entity="person",
        share=0.02,
        suffix="csv",
        record_id="entry_id",
        prefix="WL",
        fields={
            "listed_on": "listed",
            "given_name": "given_names",
            "surname": "paternal",
            "second_surname": "maternal",
            "aliases": "aka",
            "birth_date": "dob",
            "birth_place": "pob",
            "citizenship": "nationality",
        }
        | _same("program", "sex", "birth_country", "passport", "national_id", "address")
        | _same("postal_code")
        | _PLACE,
        formats={"birth_date": "%d %b %Y"},
        values={"sex": _LETTER_SEX},
    ),
    SourceFile(
        name="case_organizations",
        kind="case",
        entity="organization",
        share=0.075,
        suffix="csv",
        record_id="row_id",
        prefix="CO",
        fields=_CASE_FIELDS
        | {
            "name": "organization",
            "aliases": "also_known_as",
            "kind": "type",
            "registration_id": "registration_no",
            "tax_id": "tax_id",
            "phones": "phone",
            "address": "street_address",
            "postal_code": "zip",
        }
        | _PLACE
        | _same("principals"),
        formats=_CASE_FORMATS,
        values={"status": _STATUS},
    ),
    SourceFile(
        name="intel_organizations",
        kind="intel",
        entity="organization",
        share=0.045,
        suffix="jsonl",
        record_id="mention_no",
        prefix="IO",
        fields={
            "report_id": "report_no",
            "reported_on": "reported",
            "name": "organization",
            "aliases": "other_names",
        }
        | _same("agency", "unit", "reliability", "kind", "tax_id", "phones", "address")
        | _PLACE
        | _same("principals", "narrative"),
    ),
)
"""People first, in the order of `profiles.CASE`, ARREST, INTEL, WATCHLIST."""

CASE_ORGANIZATIONS, INTEL_ORGANIZATIONS = 4, 5


def source_counts(records: int, entities: Entities) -> list[int]:
    """Return how many records each source of `SOURCES` has; they sum to `records`."""
    shares = [source.share if entities in ("both", source.entity) else 0.0 for source in SOURCES]
    exact = [share / sum(shares) * records for share in shares]
    counts = [int(count) for count in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: counts[place] - exact[place])
    for place in by_remainder[: records - sum(counts)]:
        counts[place] += 1
    return counts

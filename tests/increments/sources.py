"""Sources of a small world: few values and tiny limits, so that borders are crossed all the time.

Three snapshots, one of them a list without duplicates, and two deltas, of people and organizations.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Final, Literal

from linker.schemas import EntityType

Row = dict[str, str]
Arriving = Literal["one file each night", "one file overwritten"]
"""How a delta source brings what is new: files that accumulate, or always the same one."""

FIRST_DAY: Final = dt.date(2026, 6, 1)
NAMES: Final = ("Ana Cruz", "Juan Vega", "Pilar Soto", "Ana Vega", "Juan Cruz")
COMMON: Final[dict[EntityType, str]] = {"person": "ana cruz", "organization": "alfa"}
FIRMS: Final = ("Alfa", "Bodega Norte", "Quetzal")

PERSON_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "name": NAMES,
    "dob": ("1950-03-04", "1950-03-04", "1950-03-04", "1950-04-03", "1962-07-08", ""),
    "sex": ("F", "M", "", ""),
    "prints": ("FP71", "FP72", "", "", ""),
    "a_no": ("A012345671", "A012345672", "", "", ""),
    "phone": ("956-555-0171", "956-555-0172", "956-555-0173", "", ""),
}
FIRM_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "firm": FIRMS,
    "tax": ("TQU010101AB1", "TQU010101AB2", "", ""),
    "phone": ("956-555-0171", "956-555-0174", "", ""),
}
CASE_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "case": ("C1", "C2", "C3", "C4", ""),
    "unit": ("Laredo", "El Paso"),
    "status": ("open", "closed", "suspended", ""),
    "opened": ("2026-01-10", "2026-06-02", ""),
    "closed": ("", "2026-03-01", "2026-06-03"),
}
HABITUAL_DATES: Final = ("03/04/1950", "03/04/1950", "03/04/1950", "04/03/1950", "")
"""Dates that a column's habit tells how to read: month first unless the column shows otherwise."""
DAY_FIRST, MONTH_FIRST, UNREADABLE = "25/12/1974", "12/25/1974", "some day"
TARGETS: Final[dict[EntityType, tuple[Row, ...]]] = {
    "person": (
        {"name": "Ana Cruz", "sex": "F", "prints": "FP71", "phone": "956-555-0171"},
        {"name": "Ana Cruz", "sex": "F", "prints": "", "a_no": "A012345671"},
        {"name": "Juan Vega", "sex": "M", "prints": "", "phone": "956-555-0172"},
        {"name": "Pilar Soto", "sex": "", "prints": "FP72", "a_no": "A012345672"},
    ),
    "organization": (
        {"firm": "Bodega Norte", "tax": "TQU010101AB1", "phone": "956-555-0171"},
        {"firm": "Quetzal", "tax": "", "phone": "956-555-0174"},
        {"firm": "Alfa", "tax": "", "phone": ""},
    ),
}
"""What most rows say, so that many are of one target; birth dates are drawn besides."""
NAMELESS: Final = {"name": "", "firm": "", "prints": "", "a_no": "", "tax": ""}
"""What makes a row no mention, so that it goes to quarantine."""


@dataclass(frozen=True)
class SourceShape:
    """One source: what its rows hold, and how it is configured."""

    name: str
    kind: str
    entity: EntityType
    values: dict[str, tuple[str, ...]]
    delta: bool = False
    duplicates: bool = True
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return ("id", *self.values, *(["gone"] if self.delta else []))

    def file_name(self, arriving: Arriving, night: int) -> str:
        """Where what is new is written."""
        accumulates = self.delta and arriving == "one file each night"
        return f"{self.name}_{night:04}.csv" if accumulates else f"{self.name}.csv"

    def section(self, arriving: Arriving) -> str:
        """The source's section of a configuration."""
        accumulates = self.delta and arriving == "one file each night"
        settings = {
            "name": self.name,
            "path": f"{self.name}_*.csv" if accumulates else f"{self.name}.csv",
            "kind": self.kind,
            "entity": self.entity,
            "record_id": "id",
            "duplicates": self.duplicates,
            "as_of": FIRST_DAY,
            "bad_row_limit": 1.0,
            "fields": self.fields,
        }
        if self.delta:
            settings |= {"mode": "delta", "deleted": "gone", "formats": ISO_DATES[self.entity]}
        return "[[source]]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in settings.items())


ISO_DATES: Final[dict[EntityType, dict[str, str]]] = {
    "person": {"birth_date": "%Y-%m-%d"},
    "organization": {},
}
_CASE: Final = {
    "case_id": "case",
    "unit": "unit",
    "status": "status",
    "opened": "opened",
    "closed": "closed",
}
_PERSON: Final = {
    "full_name": "name",
    "birth_date": "dob",
    "sex": "sex",
    "fingerprint_id": "prints",
    "a_number": "a_no",
    "phones": "phone",
}
_FIRM: Final = {"name": "firm", "tax_id": "tax", "phones": "phone"}
_HABITUAL: Final = PERSON_VALUES | {"dob": HABITUAL_DATES}

SOURCES: Final = {
    shape.name: shape
    for shape in (
        SourceShape("cases", "case", "person", _HABITUAL | CASE_VALUES, fields=_PERSON | _CASE),
        SourceShape("arrests", "arrest", "person", PERSON_VALUES, delta=True, fields=_PERSON),
        SourceShape(
            "listed", "watchlist", "person", PERSON_VALUES, duplicates=False, fields=_PERSON
        ),
        SourceShape(
            "firms", "case", "organization", FIRM_VALUES | CASE_VALUES, fields=_FIRM | _CASE
        ),
        SourceShape("tips", "intel", "organization", FIRM_VALUES, delta=True, fields=_FIRM),
    )
}

SETTINGS: Final = """
[person]
model = "{person}"
link_threshold = 0.9
review_threshold = 0.5
identity_floor = 1.0
shared_value_limit = 1
max_records_per_key = 3
max_entity_records = 5

[[person.blocking]]
name = "prints"
key = ["fingerprint_id"]

[[person.blocking]]
name = "a_number"
key = ["a_number"]
max_records_per_key = 2

[[person.blocking]]
name = "name"
key = ["name_key"]
refine = ["birth_date"]

[[person.blocking]]
name = "phone"
key = ["phones"]
refine = ["birth_year"]

[[person.blocking]]
name = "birth_date"
key = ["birth_date"]
max_records_per_key = 2

[organization]
model = "{organization}"
link_threshold = 0.9
review_threshold = 0.5
identity_floor = 1.0
shared_value_limit = 2
max_records_per_key = 3

[[organization.blocking]]
name = "tax_id"
key = ["tax_id"]

[[organization.blocking]]
name = "name"
key = ["name"]
refine = ["phones"]

[[organization.blocking]]
name = "phone"
key = ["phones"]
max_records_per_key = 2
"""


def config_text(arriving: Arriving, as_of: dt.date, models: dict[EntityType, str]) -> str:
    """The text of a configuration file."""
    head = f'[store]\ndirectory = "store"\n\n[link]\nas_of = {as_of}\nthreads = 1\n'
    sections = [head, *(shape.section(arriving) for shape in SOURCES.values())]
    return "\n".join(sections) + SETTINGS.format(**models)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(it)}" for name, it in value.items()) + "}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value)

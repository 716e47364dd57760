"""A small world of made-up targets, each there for one thing that links or must not link."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from linker.store.layout import STORE_FORMAT

SEED = 20_260_630

CONFIG = """\
[store]
directory = "store"

[link]
as_of = 2026-06-30

[[source]]
name = "cases"
path = "cases.csv"
kind = "case"
entity = "person"
record_id = "id"

[source.fields]
full_name = "name"
birth_date = "dob"
phones = "phone"
plates = "plate"
fingerprint_id = "prints"
address = "street"
city = "town"
postal_code = "zip"
case_id = "case"
agency = "agency"
unit = "unit"
status = "status"
opened = "opened"
closed = "closed"
sensitivity = "who_may_know"
contact_name = "agent"
contact_phone = "agent_phone"

[[source]]
name = "arrests"
path = "arrests.csv"
kind = "arrest"
entity = "person"
record_id = "id"

[source.fields]
full_name = "name"
birth_date = "dob"
fingerprint_id = "prints"
arrest_id = "id"
arrested_on = "on"
agency = "agency"

[[source]]
name = "firms"
path = "firms.csv"
kind = "case"
entity = "organization"
record_id = "id"

[source.fields]
name = "firm"
tax_id = "tax"
phones = "phone"
address = "street"
city = "town"
postal_code = "zip"
case_id = "case"
agency = "agency"
unit = "unit"
status = "status"
opened = "opened"
closed = "closed"
sensitivity = "who_may_know"
"""

Row = dict[str, str]

CASE_COLUMNS = (
    *("id", "name", "dob", "phone", "plate", "prints", "street", "town", "zip", "case", "agency"),
    *("unit", "status", "opened", "closed", "who_may_know", "agent", "agent_phone"),
)
ARREST_COLUMNS = ("id", "name", "dob", "prints", "on", "agency")
FIRM_COLUMNS = (
    *("id", "firm", "tax", "phone", "street", "town", "zip", "case", "agency", "unit", "status"),
    *("opened", "closed", "who_may_know"),
)
COLUMNS = {"cases": CASE_COLUMNS, "arrests": ARREST_COLUMNS, "firms": FIRM_COLUMNS}

OPEN = {"status": "open", "opened": "2025-01-10", "agency": "HSI", "unit": "Laredo"}
SHUT = {"status": "closed", "opened": "2023-02-01", "closed": "2024-03-01", "agency": "DEA"}
CALL = {"agent": "Dana Whitfield", "agent_phone": "203-555-0134"}

TARGET = {"name": "Esperanza Quintanilla Robledo", "dob": "1984-03-17"}
SHY = {"name": "Valentin Zaragoza Ochoa", "dob": "1979-11-02"}
COMPANION = {"name": "Ofelia Barrientos Lugo", "dob": "1988-05-23"}
POINTED = {"name": "Casimiro Bustamante Leal", "dob": "1990-08-09"}
SHARED = {"phone": "956-555-0177", "plate": "KTX9041", "street": "418 Calle Encino"}
PLACE = {"town": "Laredo", "zip": "78040"}

CASES: tuple[Row, ...] = (
    {"id": "k01", **TARGET, "case": "H-1", **OPEN, **CALL},
    {"id": "k02", **TARGET, "case": "D-2", **SHUT, **CALL},
    {"id": "k03", **TARGET, "case": "D-3", **SHUT, "closed": "2021-01-01"},  # closed, then opened
    {"id": "k04", **SHY, "case": "S-4", **OPEN, "who_may_know": "silent"},
    {"id": "k05", **COMPANION, "case": "S-4", **OPEN},
    {"id": "k06", **POINTED, "case": "P-5", **OPEN, **CALL, "who_may_know": "pointer only"},
    {"id": "k07", "name": "Wanda Kowalczyk", "dob": "1970-01-30", **SHARED, **PLACE, **OPEN},
    {"id": "k08", "name": "Demetrius Okonkwo", "dob": "1991-12-05", **SHARED, **PLACE, **SHUT},
    {"id": "k09", "name": "Rafael Resendez", "dob": "1966-08-01", "prints": "FP44", **OPEN},
    {"id": "k10", "name": "Zdenka Horvat", "dob": "1975-04-12", "case": "H-10", **OPEN},
    {"id": "k11", "name": "Hilario Cantoral Meza", "dob": "1968-07-19", "case": "H-11", **OPEN},
    {"id": "k12", "name": "Hilario Cantoral Meza", "dob": "1968-07-19", "case": "D-12", **SHUT},
    {"id": "k13", **COMPANION, "case": "H-13", **OPEN, **CALL},
    {"id": "k14", "name": "Transportes Quetzal", "case": "H-14", **OPEN, "phone": "9565550100"},
)
ARRESTS: tuple[Row, ...] = (
    {"id": "a01", **TARGET, "on": "2022-05-05", "agency": "CBP"},
    {
        "id": "a02",
        "name": "Rafael Resendez",
        "dob": "1959-12-08",
        "prints": "FP44",
        "on": "1998-11-03",
    },
    {"id": "a03", "name": "Hilario Cantoral Meza", "dob": "1968-07-19", "on": "2020-02-02"},
    {"id": "a04", "name": "Yevgenia Sokolova", "dob": "1982-10-10", "on": "2021-06-06"},
)
FIRMS: tuple[Row, ...] = (
    {"id": "f01", "firm": "Transportes Quetzal SA de CV", "tax": "TQU010101AB1", **PLACE, **OPEN}
    | {"phone": "9565550100", "case": "H-14"},
    {"id": "f02", "firm": "Transportes Quetzal", "tax": "TQU010101AB1", **PLACE, **SHUT}
    | {"case": "D-20"},
    {"id": "f03", "firm": "Marisol Produce LLC", "phone": "9565550142", **OPEN, "case": "H-21"},
)
CASES_OF_NOBODY_ELSE = 24
GIVEN = ("Agnes", "Boris", "Chidi", "Dolores", "Emil", "Farah", "Gideon", "Hana")
FAMILY = ("Abernathy", "Castellanos", "Dvorak", "Eriksson", "Fujimoto", "Grigoryan", "Haddad")


def others() -> Iterator[Row]:
    """Cases of people who share nothing with anyone."""
    for number in range(CASES_OF_NOBODY_ELSE):
        name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]}"
        born = f"{1950 + 2 * number}-{1 + number % 12:02}-{1 + number:02}"
        yield {"id": f"x{number:02}", "name": name, "dob": born, "case": f"X-{number}", **OPEN}


def usual_rows() -> dict[str, list[Row]]:
    """The rows of each source of the small world, for a test to change."""
    return {
        "cases": [dict(row) for row in (*CASES, *others())],
        "arrests": [dict(row) for row in ARRESTS],
        "firms": [dict(row) for row in FIRMS],
    }


def changed(record_id: str, **values: str) -> dict[str, list[Row]]:
    """The usual rows, one of them with other values."""
    rows = usual_rows()
    for row in (row for source in rows.values() for row in source):
        if row["id"] == record_id:
            row.update(values)
    return rows


def csv_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_world(
    directory: Path, rows: Mapping[str, Sequence[Row]] | None = None, config: str = CONFIG
) -> Path:
    """Write sources and configuration, and return the configuration's path.

    A store that is made beside them gets a known seed, so that two have the same entity ids.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, listed in (usual_rows() if rows is None else rows).items():
        path = directory / f"{name}.csv"
        path.write_text(csv_text(listed, COLUMNS[name]), encoding="utf-8")
    path = directory / "linker.toml"
    path.write_text(config, encoding="utf-8")
    store = directory / "store"
    if not store.exists():
        store.mkdir()
        (store / "store.json").write_text(json.dumps({"format": STORE_FORMAT, "seed": SEED}))
    return path

"""Records enough to train on: invented people, most of them recorded twice, some with slips."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.jobs.running import linked
from tests.jobs.world import Row, csv_text

PEOPLE = 550
RECORDS_COLUMNS = ("id", "first", "last", "dob", "town")
SOURCES = """\
[store]
directory = "store"

[[source]]
name = "people"
path = "people.csv"
kind = "case"
entity = "person"
record_id = "id"

[source.fields]
given_name = "first"
surname = "last"
birth_date = "dob"
city = "town"
"""

SECTION = """
[[person.comparison]]
name = "given_name"
levels = [
  { kind = "missing", of = ["given_name"] },
  { kind = "exact", column = "given_name", term_frequency = "given_name", m = 0.9 },
  { kind = "jaro_winkler", column = "given_name", at_least = 0.88, m = 0.05 },
  { kind = "else", m = 0.05 },
]

[[person.comparison]]
name = "surname"
levels = [
  { kind = "missing", of = ["surname"] },
  { kind = "exact", column = "surname", m = 0.9 },
  { kind = "jaro_winkler", column = "surname", at_least = 0.88, m = 0.05 },
  { kind = "else", m = 0.05 },
]

[[person.comparison]]
name = "birth_date"
levels = [
  { kind = "missing", of = ["birth_date"] },
  { kind = "exact", column = "birth_date", m = 0.9 },
  { kind = "else", m = 0.1 },
]

[[person.comparison]]
name = "town"
levels = [
  { kind = "missing", of = ["city"] },
  { kind = "exact", column = "city", m = 0.8 },
  { kind = "else", m = 0.2 },
]

[[person.blocking]]
name = "by_birth_date"
key = ["birth_date"]

[[person.blocking]]
name = "by_name"
key = ["given_name", "surname"]

[person.training]
sessions = [["surname"], ["birth_date"], ["given_name"]]
fallback_sessions = []
household_sessions = []
prior_rules = [["given_name", "surname", "birth_date"]]
fallback_prior_rules = []
min_session_pairs = 50
term_frequency_words = {}
"""
"""How people are compared, in four comparisons, and what they are trained by."""
CONFIG = SOURCES + SECTION

GIVEN = (
    *("Agnes", "Boris", "Chidi", "Dolores", "Emil", "Farah", "Gideon", "Hana", "Imre", "Jolana"),
    *("Kofi", "Liv", "Mateo", "Nadia", "Oskar", "Petra", "Quentin", "Rosa", "Stefan", "Tamar"),
)
FAMILY = (
    *("Abernathy", "Brzezinski", "Castellanos", "Dvorak", "Eriksson", "Fujimoto", "Grigoryan"),
    *("Haddad", "Ivanova", "Jankowski", "Kuznetsov", "Lindqvist", "Marchetti", "Novotny", "Okafor"),
    *("Pellegrino", "Quispe", "Rasmussen", "Santoro", "Takahashi", "Ulrich", "Varga", "Wojcik"),
)
TOWNS = ("Laredo", "Nogales", "Eagle Pass", "Calexico", "Douglas", "Del Rio", "Yuma", "Roma")


def training_rows() -> list[Row]:
    """The records, the same ones every time; `p0007a` and `p0007b` are of one person."""
    draw = random.Random(7)
    rows: list[Row] = []
    for number in range(PEOPLE):
        year, month, day = draw.randrange(1950, 2000), draw.randrange(1, 13), draw.randrange(2, 28)
        person = {
            "first": draw.choice(GIVEN),
            "last": draw.choice(FAMILY),
            "dob": f"{year}-{month:02}-{day:02}",
            "town": draw.choice(TOWNS),
        }
        rows.append({"id": f"p{number:04}a", **person})
        if number % 10:
            slip = draw.random()
            if slip < 0.1:
                person["dob"] = f"{year}-{month:02}-{day - 1:02}"
            elif slip < 0.2:
                person["last"] = person["last"][:-1] + "x"
            elif slip < 0.3:
                person["first"] = person["first"] + "e"
            if draw.random() < 0.2:
                person["town"] = draw.choice(TOWNS)
            rows.append({"id": f"p{number:04}b", **person})
    return rows


def write_training_world(directory: Path, rows: Sequence[Row], config: str = CONFIG) -> Path:
    """Write the source and the configuration, and return the configuration's path."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "people.csv").write_text(csv_text(rows, RECORDS_COLUMNS), encoding="utf-8")
    path = directory / "linker.toml"
    path.write_text(config, encoding="utf-8")
    return path


def linked_training_world(directory: Path) -> Path:
    """Link the records and return the configuration's path."""
    return linked(write_training_world(directory, training_rows()))

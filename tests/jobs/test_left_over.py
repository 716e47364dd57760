"""Two registers that name everyone once: what nearly all have found, the last few find as well."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import polars as pl

from tests.jobs.running import entity_of, exports, linked, run, table
from tests.jobs.training_world import FAMILY, GIVEN, RECORDS_COLUMNS, SECTION, TOWNS
from tests.jobs.world import Row, csv_text

PEOPLE = 550
RENAMED = 2
"""The first people have another family name in the second register."""
STRICT = "[person]\nlink_threshold = 0.95\n{model}\n[person.training]"
SOURCE = """
[[source]]
name = "{name}"
path = "{name}.csv"
kind = "case"
entity = "person"
record_id = "id"
duplicates = false

[source.fields]
given_name = "first"
surname = "last"
birth_date = "dob"
city = "town"
"""


def registers() -> dict[str, list[Row]]:
    """Everyone once in the north and once in the south, some with a slip."""
    draw = random.Random(11)
    rows: dict[str, list[Row]] = {"north": [], "south": []}
    for number in range(PEOPLE):
        person: Row = {
            "first": draw.choice(GIVEN),
            "last": draw.choice(FAMILY),
            "dob": str(dt.date(1950, 1, 2) + dt.timedelta(days=draw.randrange(18_000))),
            "town": draw.choice(TOWNS),
        }
        rows["north"].append({"id": f"n{number:04}", **person})
        slip = draw.random()
        if number < RENAMED:
            person["last"] = draw.choice([name for name in FAMILY if name != person["last"]])
        elif slip < 0.06:
            person["last"] = f"{person['last'][:-1]}x"
        elif slip < 0.1:
            person["first"] = f"{person['first']}e"
        if draw.random() < 0.2 and number >= RENAMED:
            person["town"] = draw.choice(TOWNS)
        rows["south"].append({"id": f"s{number:04}", **person})
    return rows


def write(directory: Path, rows: dict[str, list[Row]], model: str = "") -> Path:
    for name, records in rows.items():
        (directory / f"{name}.csv").write_text(csv_text(records, RECORDS_COLUMNS), "utf-8")
    sources = "".join(SOURCE.format(name=name) for name in rows)
    settings = SECTION.replace("[person.training]", STRICT.format(model=model))
    path = directory / "linker.toml"
    path.write_text(f'[store]\ndirectory = "store"\n{sources}{settings}', "utf-8")
    return path


def joined(entities: dict[str, str], number: int) -> bool:
    """Whether a person's records of both registers are in one entity."""
    return entities[f"n{number:04}"] == entities[f"s{number:04}"]


def test_the_last_records_of_two_registers_find_each_other(tmp_path: Path) -> None:
    """Two women who married are found as all others are; their real partner takes precedence.

    And the increment that brings such a partner leaves the same entities as linking all anew.
    """
    rows = registers()
    config = write(tmp_path, rows)
    trained = run("train", "--config", config, "--entity", "person")
    assert trained.code == 0, trained.err
    assert (
        "left over: records of north and south without another partner are one by " in trained.err
    )
    config = write(tmp_path, rows, 'model = "models/person/1"\n')
    linked(config)
    entities = entity_of(config)
    assert all(joined(entities, number) for number in range(RENAMED))
    pairs = table(config, "pairs").filter(pl.col("match_probability") < 0.95)
    ends = pairs.select("record_id_l", "record_id_r").rows()
    lighter = sum(entities[left] == entities[right] for left, right in ends)
    reasons = table(config, "ledger").filter(pl.col("reason").str.contains("hold no duplicates"))
    assert reasons.height == lighter >= RENAMED

    found = {**rows["north"][0], "id": "s9999"}
    later = {**rows, "south": [*rows["south"], found]}
    linked(write(tmp_path, later, 'model = "models/person/1"\n'))
    entities = entity_of(config)
    assert entities["n0000"] == entities["s9999"]
    assert not joined(entities, 0)
    assert joined(entities, 1)
    before = exports(config)
    assert run("link", "--config", config, "--full").code == 0
    assert exports(config) == before

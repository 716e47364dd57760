"""People in two sources, enough of them that a change of their data can be told from chance."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from linker.config import Config, load_config
from linker.entities.cluster import mark_links
from linker.jobs.models import model_in_use
from linker.judging.linking import needed_columns
from linker.night.matching import score_candidates
from linker.night.profile import PROFILE_FILE, Profile, profile_of
from linker.night.records import records_of
from linker.progress import Progress
from tests.jobs.running import linked

Row = dict[str, str]

SOURCE = """\
[[source]]
name = "{name}"
path = "{name}.csv"
kind = "other"
entity = "person"
record_id = "id"
fields = {{full_name = "name", birth_date = "born", phones = "phone", sex = "sex"}}
"""
SETTINGS = """\
[store]
directory = "store"

[gate]
new_model = false
fill_lost = false

[person]
model = "models/person/1"
"""


def people(count: int, seed: int, *, phones: float = 0.8) -> list[Row]:
    """So many people, of every other one a second record, some of them with a telephone."""
    drawn = random.Random(seed)

    def word() -> str:
        letters = "bcdfghjklmnprstvz"
        return "".join(drawn.choice(letters) + drawn.choice("aeiou") for _ in range(4)).title()

    rows = []
    for number in range(count):
        born = f"{drawn.randint(1950, 1999)}-{drawn.randint(1, 12):02}-{drawn.randint(2, 28):02}"
        one = {
            "id": f"{number}",
            "name": f"{word()} {word()}",
            "born": born,
            "phone": f"956555{drawn.randint(0, 9999):04}" if drawn.random() < phones else "",
            "sex": drawn.choice(["male", "female"]),
        }
        rows.append(one)
        if number % 2:
            rows.append({**one, "id": f"{number}-again"})
    return rows


def write_sources(folder: Path, sources: Mapping[str, Sequence[Row]]) -> Path:
    """Write sources and the configuration of a store of them; return the latter's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sources.items():
        pl.DataFrame(rows).write_csv(folder / f"{name}.csv")
    config = folder / "linker.toml"
    told = "\n".join(SOURCE.format(name=name) for name in sources)
    config.write_text(f"{SETTINGS}\n{told}", encoding="utf-8")
    return config


def store_of_two(folder: Path) -> Path:
    """Link two sources of people by a model that was trained on them; return the configuration."""
    config = write_sources(folder, {"cases": people(450, 1), "arrests": people(250, 2)})
    with_model(load_config(config), profiled=False)
    linked(config)
    with_model(load_config(config), profiled=True)
    linked(config)
    return config


def with_model(config: Config, *, profiled: bool) -> None:
    """Give a store a copy of the shipped model, for its own number of records if `profiled`."""
    directory = config.resolve("models/person/1")
    if not profiled:
        shutil.copytree(Path(__file__).resolve().parents[2] / "models/person/1", directory)
        return
    model = json.loads((directory / "model.json").read_text("utf-8"))
    profile = profile_of_store(config)
    model["training"]["records"] = profile.records
    (directory / "model.json").write_text(json.dumps(model), encoding="utf-8")
    (directory / PROFILE_FILE).write_text(profile.as_json(), encoding="utf-8")


def profile_of_store(config: Config, most: int = 0) -> Profile:
    """The profile that training on the published records would write, of a sample if told."""
    in_use, _ = model_in_use(config, "person")
    settings = config.settings_of("person")
    records = records_of(
        config, "person", needed_columns(in_use, config), Progress(), most=most, seed=7
    )
    found = score_candidates(records.mentions, in_use, settings, 1)
    pairs = mark_links(found.pairs, in_use.model.thresholds(settings))
    return profile_of(records.mentions, in_use, settings, pairs, found.packed, total=records.total)


def told_at_night(config: Path, number: int) -> list[str]:
    """The warnings in the report of a generation."""
    path = config.parent / f"store/generations/{number:06d}/report.json"
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return list(values["warnings"])


def night_profile(config: Path, number: int) -> Path:
    """The file of a generation that holds its profile."""
    return config.parent / f"store/generations/{number:06d}/profile_person.json"

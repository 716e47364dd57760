"""A target that very many records mention, in the same words."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.jobs.running import run, table

CONFIG = """\
[store]
directory = "store"

[[source]]
name = "reports"
path = "reports.csv"
kind = "intel"
entity = "organization"
record_id = "id"

[source.fields]
name = "name"
address = "street"
city = "city"
"""
OFTEN = 450
"""Records; a key may be shared by 200."""


def test_an_organization_in_very_many_records_is_one(tmp_path: Path) -> None:
    """One that hundreds of reports write alike is no name too common to be compared."""
    often = [(str(n), "Fletes Zapaleri SA", "Calle Ombu 412", "Tecate") for n in range(OFTEN)]
    once = ("x", "Mariscos Quetzala", "Calle Ombu 9", "Tecate")
    columns = ["id", "name", "street", "city"]
    reports = pl.DataFrame([*often, once], schema=columns, orient="row")
    reports.write_csv(tmp_path / "reports.csv")
    config = tmp_path / "linker.toml"
    config.write_text(CONFIG)
    assert run("link", "--config", config).code == 0
    sizes = table(config, "entities").group_by("entity_id").len()["len"]
    assert sorted(sizes) == [1, OFTEN]

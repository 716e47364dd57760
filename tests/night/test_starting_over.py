"""What makes a run link everything anew."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linker.config.load import load_config
from linker.jobs.models import shipped_model
from linker.model import read_model
from linker.night import starting_over
from linker.night.starting_over import changed_settings, settings_digests
from linker.schemas import MENTIONS

CONFIG = """\
[store]
directory = "store"

[[source]]
name = "stops"
path = "stops.csv"
kind = "arrest"
entity = "person"
record_id = "stop"
fields = { full_name = "name" }
"""


def test_a_column_more_of_a_mention_starts_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store of an earlier version does not have it, so its mentions are made anew."""
    (tmp_path / "linker.toml").write_text(CONFIG)
    config = load_config(tmp_path / "linker.toml")
    model = read_model(shipped_model("person"), "person")
    before = {"settings": {"person": settings_digests(config, model)}}
    assert changed_settings(config, model, before) == []
    more = {**MENTIONS, "person": {**MENTIONS["person"], "shoe_size": pl.String()}}
    monkeypatch.setattr(starting_over, "MENTIONS", more)
    assert changed_settings(config, model, before) == ["the version of linker"]


def test_another_reading_of_values_starts_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier version read otherwise is read anew: else old and new would not meet."""
    (tmp_path / "linker.toml").write_text(CONFIG)
    config = load_config(tmp_path / "linker.toml")
    model = read_model(shipped_model("person"), "person")
    before = {"settings": {"person": settings_digests(config, model)}}
    monkeypatch.setattr(starting_over, "READING_VERSION", starting_over.READING_VERSION + 1)
    assert changed_settings(config, model, before) == ["the version of linker"]

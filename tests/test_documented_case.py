"""One man, eight stops: the documented case of a public inspector general's report of 2000."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.jobs.running import entity_of, linked, run, table

STOPS = """\
stop,date,name given,birth date given,fingerprint id
1,1998-01-05,Angel Resendiz-Ramirez,1969-08-01,1
2,1998-01-07,Angel Resendiz-Ramirez,1959-08-01,2
3,1998-01-08,Angel Resendiz-Ramirez,1959-08-01,2
4,1998-04-17,Angel Resendiz-Ramirez,1965-08-03,1
5,1998-04-21,Angel Resendiz-Ramirez,1966-08-01,3
6,1998-04-22,Jose Angel Resendiz Ramirez,1966-08-01,4
7,1998-11-03,Gernando Mata-Roman,1963-12-08,4
8,1999-06-01,De Uribe Rafael Hernandez-Hernandez,1966-08-16,5
"""
CONFIG = """\
[store]
directory = "store"

[[source]]
name = "stops"
path = "stops.csv"
kind = "arrest"
entity = "person"
record_id = "stop"

[source.fields]
full_name = "name given"
birth_date = "birth date given"
arrested_on = "date"
"""
PRINTS = 'fingerprint_id = "fingerprint id"\n'


def stops(directory: Path, fields: str) -> Path:
    """Link the stops with the shipped model."""
    (directory / "stops.csv").write_text(STOPS)
    config = directory / "linker.toml"
    config.write_text(CONFIG + fields)
    return linked(config)


def together(entities: dict[str, str], stops: Iterable[int]) -> bool:
    return len({entities[str(stop)] for stop in stops}) == 1


@pytest.fixture(scope="module")
def biography(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stops without fingerprints."""
    return stops(tmp_path_factory.mktemp("biography"), "")


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stops with fingerprints."""
    return stops(tmp_path_factory.mktemp("prints"), PRINTS)


def test_six_stops_are_one_man_by_biography(biography: Path) -> None:
    """Name and birth dates that drift make stops 1 to 6 one entity, without any number."""
    assert together(entity_of(biography), range(1, 7))


def test_without_fingerprints_the_others_are_apart(biography: Path) -> None:
    """Another name and birth date, as at stops 7 and 8, link with nothing."""
    entities = entity_of(biography)
    assert len({entities[stop] for stop in ("1", "7", "8")}) == 3


def test_a_fingerprint_joins_the_seventh_stop_and_nothing_joins_the_eighth(prints: Path) -> None:
    """Equal fingerprints bring in stop 7 under its false name; stop 8 stays apart."""
    entities = entity_of(prints)
    assert together(entities, range(1, 8))
    assert entities["8"] != entities["1"]


def test_different_fingerprint_ids_forbid_nothing(prints: Path) -> None:
    """The six stops have four fingerprint ids: these count against them, and cut no link."""
    ledger = table(prints, "ledger")
    assert "cut" not in set(ledger["event"])
    pairs = table(prints, "pairs")
    linking = pairs.filter(record_id_l="6", record_id_r="7")
    assert linking["match_weight"].item() < 0  # a link by the fingerprint alone


def test_a_lookup_of_the_wanted_man_finds_him(prints: Path) -> None:
    """The name and birth date on the warrant lead to the entity of the stops."""
    words = ("--name", "Angel Resendiz Ramirez", "--birth-date", "1959-08-01", "--json")
    hits = run("lookup", "--config", prints, *words).json["hits"]
    assert hits[0]["entity_id"] == entity_of(prints)["7"]

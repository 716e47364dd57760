"""The records that a model is trained on and judged by."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest

from linker.config import load_config
from linker.night.records import Records, read_otherwise, records_of
from linker.progress import Progress
from tests.jobs.running import linked, run
from tests.jobs.world import COLUMNS, csv_text, usual_rows, write_world

COLUMNS_READ = ("full_name", "birth_date", "phones", "fingerprint_id")


def read(config: Path, **how: object) -> Records:
    quiet = Progress(io.StringIO())
    return records_of(load_config(config), "person", COLUMNS_READ, quiet, **how)  # type: ignore[arg-type]


def ids(records: Records) -> list[str]:
    return records.mentions.read(["record_id"])["record_id"].to_list()


def told(records: Records) -> pl.DataFrame:
    names = ["mention", "source", "record_id", *COLUMNS_READ]
    return records.mentions.read(names).select(names)


def test_the_store_gives_what_the_sources_give(untouched: Path) -> None:
    """The published records are those of the sources, numbered from 0 by source and record id."""
    published, raw = read(untouched), read(untouched, from_sources=True)
    assert told(published).equals(told(raw))
    assert published.height == published.total == 42
    assert told(published)["mention"].to_list() == list(range(42))
    assert told(published).equals(told(published).sort("source", "record_id"))
    assert (published.generation, raw.generation) == (1, None)
    assert published.digest == raw.digest
    assert published.sources == raw.sources
    assert published.sources.keys() == {"arrests", "cases"}


def test_without_a_store_the_sources_are_read(tmp_path: Path) -> None:
    """Where nothing was ever linked, the sources are read, and that is said."""
    config = write_world(tmp_path)
    found = read(config)
    assert (found.generation, found.height) == (None, 42)
    assert found.origin == "all 42 records of the sources"


def test_the_digest_is_of_what_the_records_say(tmp_path: Path) -> None:
    """The order of rows does not change it; one changed value does."""
    rows = usual_rows()
    as_they_are = read(write_world(tmp_path / "usual", rows)).digest
    turned = {name: listed[::-1] for name, listed in rows.items()}
    assert read(write_world(tmp_path / "turned", turned)).digest == as_they_are
    rows["cases"][3]["name"] += "s"
    assert read(write_world(tmp_path / "changed", rows)).digest != as_they_are


def test_a_sample_is_drawn_by_names_and_seed(untouched: Path, tmp_path: Path) -> None:
    """The same records are drawn from the store, the sources and rows in another order."""
    sample = read(untouched, most=10, seed=3)
    assert (sample.height, sample.total, sample.added) == (10, 42, 0)
    assert sample.origin == "10 of the 42 records of generation 1, by seed 3"
    assert ids(read(untouched, most=10, seed=3, from_sources=True)) == ids(sample)
    turned = {name: listed[::-1] for name, listed in usual_rows().items()}
    assert ids(read(write_world(tmp_path, turned), most=10, seed=3)) == ids(sample)
    assert ids(read(untouched, most=10, seed=4)) != ids(sample)
    assert set(ids(sample)) <= set(ids(read(untouched, most=20, seed=3)))  # a larger one holds it
    assert told(sample)["mention"].to_list() == list(range(10))


@pytest.mark.parametrize("from_sources", [False, True])
def test_records_that_are_named_are_in_the_sample(untouched: Path, *, from_sources: bool) -> None:
    """What a sample leaves out is added where it is asked for by name, and counted."""
    drawn = ids(read(untouched, most=5, seed=3))
    left_out = next(name for name in ids(read(untouched)) if name[0] == "k" and name not in drawn)
    also = pl.DataFrame({"source": ["cases", "cases"], "record_id": [left_out, "nobody"]})
    found = read(untouched, most=5, seed=3, from_sources=from_sources, also=also)
    assert set(ids(found)) == {*drawn, left_out}
    assert (found.height, found.added) == (6, 1)
    assert "by seed 3, 1 of them added by name" in found.origin
    assert told(found).equals(told(found).sort("source", "record_id"))


def test_records_of_several_runs_are_in_order(own: Path) -> None:
    """What later runs added or changed stands among the others, as the sources now say."""
    rows = usual_rows()
    rows["arrests"][0]["name"] = "Esperanza Quintanilla"
    rows["cases"].insert(0, {"id": "b00", "name": "Ute Brandt", "dob": "1980-02-03"})
    for name in ("arrests", "cases"):
        (own.parent / f"{name}.csv").write_text(csv_text(rows[name], COLUMNS[name]))
    linked(own)
    found = read(own)
    assert (found.generation, found.total) == (2, 43)
    assert told(found).equals(told(read(own, from_sources=True)))
    assert found.digest == read(own, from_sources=True).digest
    sample = read(own, most=12, seed=1)
    assert told(sample).equals(told(read(own, most=12, seed=1, from_sources=True)))


def test_sources_that_were_read_otherwise_are_told(own: Path) -> None:
    """A source that was mapped otherwise, or is new, since the generation was made is named."""
    assert read_otherwise(load_config(own), "person") == []
    text = own.read_text(encoding="utf-8")
    new = '[[source]]\nname = "more"\npath = "cases.csv"\nkind = "case"\nentity = "person"\n'
    new += 'record_id = "id"\n[source.fields]\nfull_name = "name"\n'
    own.write_text(text.replace('arrest_id = "id"', 'case_id = "id"') + new, encoding="utf-8")
    assert read_otherwise(load_config(own), "person") == ["arrests", "more"]
    assert read_otherwise(load_config(own), "organization") == []


def test_what_is_forgotten_is_left_out_at_once(own: Path) -> None:
    """A forgotten record is read neither from the store, though it is there still, nor anew."""
    words = ("--source", "cases", "--record", "k07", "--why", "order")
    assert run("forget", "--config", own, *words).code == 0
    for from_sources in (False, True):
        found = read(own, from_sources=from_sources)
        assert "k07" not in ids(found)
        assert found.total == 41


def test_values_that_strangers_share_are_missing(tmp_path: Path) -> None:
    """A fingerprint number that many unlike people hold is no value, wherever records are from."""
    rows = usual_rows()
    names = ("Aino Virta", "Bo Quist", "Cem Yilmaz", "Dag Lunde", "Eva Prokop", "Fu Wenjie")
    rows["cases"] += [
        {"id": f"s{n}", "name": name, "dob": f"{1940 + 10 * n}-05-0{n + 1}", "prints": "FP99"}
        for n, name in enumerate(names)
    ]
    config = linked(write_world(tmp_path, rows))
    for from_sources in (False, True):
        values = told(read(config, from_sources=from_sources))["fingerprint_id"].to_list()
        assert "FP99" not in values
        assert values.count("FP44") == 2

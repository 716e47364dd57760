"""From a file's bytes to canonical mentions."""

from __future__ import annotations

import datetime as dt

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.micro.conftest import Population
from linker.config import Source
from linker.intake.contents import contents
from linker.sources.read import SourceRows, read_source
from linker.standardise.habits import habits, telling
from linker.standardise.mentions import standardise
from linker.standardise.names import NameWords, read_full_name
from linker.standardise.reading import Reading
from linker.standardise.uniques import map_uniques_to_columns


def test_read_csv(benchmark: BenchmarkFixture, population: Population, case_source: Source) -> None:
    """A CSV file to rows of text in canonical fields."""
    read = benchmark(read_source, case_source, population.config)
    assert read.rows.height == read.total > 0


def test_standardise_names(benchmark: BenchmarkFixture, case_rows: SourceRows) -> None:
    """A column of whole names to name words, each distinct name read once."""
    names = case_rows.rows["full_name"]
    words = benchmark(map_uniques_to_columns, names, read_full_name, NameWords._fields)
    assert words["family"].is_not_null().any()


def test_standardise_dates(
    benchmark: BenchmarkFixture, case_rows: SourceRows, case_source: Source
) -> None:
    """A column of birth dates to numbers, each distinct text read once."""

    def read() -> int:
        written = habits(telling(case_rows.rows, case_source), case_source)
        reading = Reading(case_rows.rows, case_source, case_rows.as_of, written)
        dates = reading.partial_dates("birth_date")
        return len(dates) - dates.null_count()

    assert benchmark(read) > 0


def test_contents(benchmark: BenchmarkFixture, case_rows: SourceRows, case_source: Source) -> None:
    """Raw rows to one number each, by which a night tells what changed."""
    drawn = case_rows.as_of or dt.date(2026, 1, 1)
    found, _ = benchmark(contents, case_rows.rows, case_source, drawn)
    assert len(found) == case_rows.rows.height > 0


def test_standardise_a_source(
    benchmark: BenchmarkFixture, case_rows: SourceRows, case_source: Source
) -> None:
    """All columns of a source to mentions."""
    made = benchmark(standardise, case_rows.rows, case_source, as_of=case_rows.as_of)
    assert made.mentions.height > 0

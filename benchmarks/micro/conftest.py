"""What the steps are timed on: a population, and what each step before gave."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from benchmarks.population.config_file import config_text
from benchmarks.population.generate import FEWEST_RECORDS, Plan, generate
from linker.compiled import thread_count
from linker.config import Config, Source, load_config
from linker.entities.cluster import cluster
from linker.intake.mentions import take_in
from linker.jobs.link import link
from linker.jobs.models import model_in_use
from linker.model import ModelInUse
from linker.night.matching import Matched, match
from linker.progress import Progress
from linker.schemas import PERSON
from linker.sources.read import SourceRows, read_source
from linker.store.mention_table import MentionTable

SMOKE_RECORDS = 1_000
"""Records unless ``--records`` says more: enough that every step has something to do."""


@dataclass(frozen=True)
class Population:
    """A population on disk: how it is mapped, and whom to ask for."""

    config: Config
    query: dict[str, str | list[str]]

    def source(self, name: str) -> Source:
        """Return the source of that name."""
        return next(source for source in self.config.sources if source.name == name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--records``."""
    parser.addoption(
        "--records",
        type=int,
        default=SMOKE_RECORDS,
        metavar="N",
        help=f"size of the population of benchmarks/micro, {FEWEST_RECORDS} at least"
        f" (default: {SMOKE_RECORDS})",
    )


@pytest.fixture(scope="session")
def population(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Population:
    """A population of people and organizations, the same for the same size."""
    directory: Path = tmp_path_factory.mktemp("population")
    generate(Plan(records=request.config.getoption("--records")), directory)
    text = config_text(str(directory), str(directory / "store"), "csv", "both")
    (directory / "linker.toml").write_text(text, encoding="utf-8")
    target = json.loads((directory / "demo_target.json").read_text(encoding="utf-8"))
    return Population(load_config(directory / "linker.toml"), target["query"])


@pytest.fixture(scope="session")
def case_source(population: Population) -> Source:
    """The largest source, a CSV file of people in cases."""
    return population.source("case_subjects")


@pytest.fixture(scope="session")
def case_rows(population: Population, case_source: Source) -> SourceRows:
    """The rows of that source as text."""
    return read_source(case_source, population.config)


@pytest.fixture(scope="session")
def in_use(population: Population) -> ModelInUse:
    """The shipped model of people."""
    return model_in_use(population.config, "person")[0]


@pytest.fixture(scope="session")
def mentions(population: Population) -> MentionTable:
    """Every mention of a person, as jobs read them."""
    return take_in(population.config, ["person"], Progress(io.StringIO())).mentions["person"]


@pytest.fixture(scope="session")
def people(mentions: MentionTable) -> pl.DataFrame:
    """Every mention of a person."""
    return mentions.read(PERSON)


@pytest.fixture(scope="session")
def matched(
    population: Population,
    mentions: MentionTable,
    in_use: ModelInUse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Matched:
    """The scored pairs of people."""
    settings = population.config.settings_of("person")
    made, spill = (tmp_path_factory.mktemp(name) for name in ("segment", "spill"))
    threads, progress = thread_count(0), Progress(io.StringIO())
    return match(mentions, in_use, settings, made, spill, threads, progress)


@pytest.fixture(scope="session")
def clusters(people: pl.DataFrame, matched: Matched) -> pl.DataFrame:
    """The cluster of each person: source, record_id, cluster."""
    labels = cluster(people.height, matched.pairs.filter("link"))
    return people.select("source", "record_id").with_columns(pl.Series("cluster", labels))


@pytest.fixture(scope="session")
def membership(people: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """The entity of each person by number: mention, entity_id."""
    return people.select("mention", clusters["cluster"].cast(pl.String).alias("entity_id"))


@pytest.fixture(scope="session")
def published(population: Population) -> Population:
    """The population, linked and published in its store."""
    link(population.config, Progress(io.StringIO()))
    return population

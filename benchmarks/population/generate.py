"""Making a population: chunk after chunk of true entities and what is written about them."""

from __future__ import annotations

import json
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.cases import build_cases
from benchmarks.population.casting import cast
from benchmarks.population.cultures import CULTURES
from benchmarks.population.curp import name_letters
from benchmarks.population.draws import Ints, stream
from benchmarks.population.findable import Findable, findable
from benchmarks.population.homes import homes_of, stash_houses
from benchmarks.population.marks import Marks
from benchmarks.population.name_rarity import name_rarity
from benchmarks.population.names import build_vocabulary
from benchmarks.population.organization_records import organization_records
from benchmarks.population.organizations import organizations
from benchmarks.population.output import Output
from benchmarks.population.papers import papers
from benchmarks.population.people import RELATIONS, Columns, people, true_ids
from benchmarks.population.person_records import World, person_records
from benchmarks.population.places import load_cities
from benchmarks.population.profiles import CASE
from benchmarks.population.rates import Rates
from benchmarks.population.source_files import (
    CASE_ORGANIZATIONS,
    INTEL_ORGANIZATIONS,
    SOURCES,
    Entities,
    Form,
    source_counts,
)
from benchmarks.population.target import BEST, Target, find_target
from linker.errors import UsageError
from linker.schemas import EntityType

CHUNK: Final = 50_000
"""Most people, or organizations, that are made at once."""

FEWEST_RECORDS: Final = 100
FEWEST_LEADERS: Final = 1_000


@dataclass(frozen=True)
class Plan:
    """What is made: the same plan makes the same bytes."""

    records: int
    seed: int = 1
    form: Form = "csv"
    entities: Entities = "both"
    rates: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        """Refuse sizes that would leave a source without records."""
        if self.records < FEWEST_RECORDS:
            raise UsageError(f"--records {self.records}: at least {FEWEST_RECORDS} are needed")


@dataclass
class Summary:
    """What was made: counts, how often each error was applied and could have been, cost."""

    sources: dict[str, int]
    people: int
    organizations: int
    applied: Counter[str] = field(default_factory=Counter)
    eligible: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)  # of one entity, by entity type
    apart: Counter[str] = field(default_factory=Counter)  # of those, nothing joins them
    target: Target | None = None
    target_score: int = -1
    seconds: float = 0.0
    peak_gb: float = 0.0

    def count(self, marks: Marks) -> None:
        """Add the errors of a chunk."""
        for kind, (applied, eligible) in marks.tally().items():
            self.applied[kind] += applied
            self.eligible[kind] += eligible

    def judge(self, entity: EntityType, judged: Findable) -> None:
        """Add the pairs of a chunk."""
        self.pairs[entity] += judged.pairs
        self.apart[entity] += judged.apart

    def propose(self, score: int, target: Target | None) -> None:
        """Keep the target if it is better than those before."""
        if score > self.target_score:
            self.target_score, self.target = score, target


def generate(plan: Plan, out: Path) -> Summary:
    """Write a population with its truth.

    Args:
        plan: What to make.
        out: Directory of the files: one a source, `truth.parquet` (source, record_id, entity_type,
            true_id, culture, relation, kinds, findable) and `demo_target.json`; made where absent.

    Returns:
        Counts and cost.

    Raises:
        OSError: The directory cannot be written.
    """
    started = time.perf_counter()
    counts = source_counts(plan.records, plan.entities)
    rng = stream(plan.seed, 1)
    persons = cast(rng, dict(enumerate(counts[:CASE_ORGANIZATIONS])))
    groups = cast(rng, dict(enumerate(counts[CASE_ORGANIZATIONS:], CASE_ORGANIZATIONS)))
    world = _world(plan, persons.entities, counts[CASE] + counts[CASE_ORGANIZATIONS])
    summary = Summary(
        sources={
            source.name: count for source, count in zip(SOURCES, counts, strict=True) if count
        },
        people=persons.entities,
        organizations=groups.entities,
    )
    chunks = max(1, -(-persons.entities // CHUNK), -(-groups.entities // CHUNK))
    output = Output(out, plan.form, counts, world.cases)
    for chunk in range(chunks):
        rng = stream(plan.seed, 4, chunk)
        true = _write_people(rng, plan, world, persons.part(chunk, chunks), (output, summary))
        _write_organizations(rng, plan, world, true, groups.part(chunk, chunks), (output, summary))
    output.close()
    text = json.dumps(summary.target, indent=2, ensure_ascii=False)
    (out / "demo_target.json").write_text(text + "\n", encoding="utf-8")
    summary.seconds = time.perf_counter() - started
    summary.peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return summary


def _world(plan: Plan, persons: int, subjects: int) -> World:
    vocabulary, cities = build_vocabulary(plan.rates.rare_family_name), load_cities()
    return World(
        vocabulary=vocabulary,
        letters=name_letters(vocabulary),
        cities=cities,
        stash=stash_houses(plan.seed, persons, cities),
        cases=build_cases(plan.seed, subjects, plan.rates),
        rarity=name_rarity(vocabulary, plan.rates, persons),
    )


Part = tuple[int, Ints, Ints]
Results = tuple[Output, Summary]


def _write_people(
    rng: np.random.Generator, plan: Plan, world: World, part: Part, results: Results
) -> Columns:
    """Write the records of a chunk of people and return the true people, with homes."""
    first, each, source = part
    # Organizations need leaders even where no person is recorded.
    rows = len(each) or FEWEST_LEADERS
    true, false = people(rng, rows, world.vocabulary, plan.rates)
    true |= homes_of(rng, true, world.cities)
    if not len(each):
        return true
    output, summary = results
    held = papers(rng, first, true, world.letters, plan.rates)
    who, source = _shuffled(rng, each, source)
    marks = Marks(rng, plan.rates, len(who))
    records, evidence, under = person_records(marks, world, (true, false, held), who, source)
    judged = findable(evidence)
    marks.mark("name_only", ~evidence.beyond("name") & ~under)
    marks.mark("alias_without_identifier", under & ~judged.found)
    cultures, relations = pl.Series(CULTURES), pl.Series(RELATIONS, dtype=pl.String)
    records = records.with_columns(
        pl.Series("who", who),
        pl.Series("source", source),
        true_ids(first, rows, "P").gather(who).alias("true_id"),
        cultures.gather(true["culture"][who]).alias("culture"),
        relations.gather(true["relation"][who]).alias("relation"),
        marks.kinds(),
        pl.Series("findable", judged.found),
    )
    records = output.write(rng, records)
    summary.count(marks)
    summary.judge("person", judged)
    if summary.target_score < BEST:
        summary.propose(*find_target(world, (true, held), records))
    return true


def _write_organizations(
    rng: np.random.Generator,
    plan: Plan,
    world: World,
    leaders: Columns,
    part: Part,
    results: Results,
) -> None:
    """Write the records of a chunk of organizations."""
    first, each, source = part
    if not len(each):
        return
    output, summary = results
    true = organizations(rng, len(each), leaders, world.vocabulary, world.cities, plan.rates)
    who, source = _shuffled(rng, each, source)
    marks = Marks(rng, plan.rates, len(who))
    intel = source == INTEL_ORGANIZATIONS
    records, evidence, under = organization_records(marks, world, true, who, intel)
    judged = findable(evidence)
    marks.mark("alias_without_identifier", under & ~judged.found)
    named = pl.Series(true[0]["after_leader"][who] > 0)
    front = pl.Series(true[0]["front"][who] > 0)
    records = records.with_columns(
        pl.Series("source", source),
        true_ids(first, len(each), "O").gather(who).alias("true_id"),
        pl.lit(None, dtype=pl.String).alias("culture"),
        pl.when(front)
        .then(pl.lit("front"))
        .when(named)
        .then(pl.lit("named_after_leader"))
        .alias("relation"),
        marks.kinds(),
        pl.Series("findable", judged.found),
    )
    output.write(rng, records)
    summary.count(marks)
    summary.judge("organization", judged)


def _shuffled(rng: np.random.Generator, each: Ints, source: Ints) -> tuple[Ints, Ints]:
    """Return the entity and the source of each record in random order."""
    order = rng.permutation(len(source))
    return np.repeat(np.arange(len(each)), each)[order], source[order]

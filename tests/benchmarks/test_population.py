"""The population generator: reproducible, complete, at its rates, fit for a configuration."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.population import SOURCES, Plan, Rates, Summary, config_text, generate, rates_from
from benchmarks.population.__main__ import main
from benchmarks.population.cases import NO_STATUS, build_cases
from benchmarks.population.draws import Bools
from benchmarks.population.marks import Marks
from benchmarks.population.mistyping import FIGURES, LETTERS, mistyped
from benchmarks.population.numbering import scrambled
from benchmarks.population.source_files import source_counts
from linker.config import load_config
from linker.errors import UsageError

PROJECT = Path(__file__).resolve().parents[2]
RECORDS = 5_000


@dataclasses.dataclass(frozen=True)
class Made:
    directory: Path
    summary: Summary

    @property
    def truth(self) -> pl.DataFrame:
        return pl.read_parquet(self.directory / "truth.parquet")

    def rows(self, name: str) -> pl.DataFrame:
        return read(next(self.directory.glob(f"{name}.*")))


def read(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    if path.suffix == ".csv":
        return pl.read_csv(path, infer_schema=False)
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return pl.read_ndjson(text, infer_schema_length=None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    directory = tmp_path_factory.mktemp("population")
    return Made(directory, generate(Plan(records=RECORDS), directory))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Any]:
    def command(*words: str) -> Any:
        return CliRunner().invoke(main, ["--out", str(tmp_path / "out"), *words])

    return command


def test_same_plan_makes_the_same_bytes(made: Made, tmp_path: Path) -> None:
    """Two runs of one plan write byte-equal files."""
    generate(Plan(records=RECORDS), tmp_path)
    files = sorted(path.name for path in made.directory.iterdir())
    assert files == sorted(path.name for path in tmp_path.iterdir())
    for name in files:
        assert (tmp_path / name).read_bytes() == (made.directory / name).read_bytes(), name


def test_another_seed_makes_other_people(made: Made, tmp_path: Path) -> None:
    """Another seed writes other records of the same size."""
    generate(Plan(records=RECORDS, seed=2, form="parquet"), tmp_path)
    other = pl.read_parquet(tmp_path / "arrests.parquet")
    mine = made.rows("arrests")
    assert other.height == mine.height
    assert other["last_name"].to_list() != mine["last_name"].to_list()


def test_counts_add_up(made: Made) -> None:
    """Every file holds as many rows as the summary says, and together as many as were asked for."""
    assert sum(made.summary.sources.values()) == RECORDS
    for name, count in made.summary.sources.items():
        assert made.rows(name).height == count, name
    people = made.truth.filter(pl.col("entity_type") == "person")
    assert people["true_id"].n_unique() == made.summary.people
    assert 2.0 < people.height / made.summary.people < 2.5


def test_truth_covers_every_record_once(made: Made) -> None:
    """Each (source, record id) of the files stands exactly once in the truth."""
    truth = made.truth
    assert truth.select("source", "record_id").is_unique().all()
    for source in SOURCES:
        ids = made.rows(source.name)[source.record_id]
        known = truth.filter(pl.col("source") == source.name)["record_id"]
        assert sorted(ids.to_list()) == sorted(known.to_list()), source.name


def test_every_error_kind_occurs(made: Made) -> None:
    """Each kind that is drawn, and those that come with the person, appear in the truth."""
    seen = set(made.truth["kinds"].explode(empty_as_null=True, keep_nulls=True).drop_nulls())
    assert set(made.summary.eligible) <= seen
    assert {"alias", "typo", "romanisation", "stolen_identifier", "acronym"} <= seen
    relations = set(made.truth["relation"].drop_nulls())
    assert relations == {"household", "father_and_son", "twin", "named_after_leader", "front"}


def test_rates_are_respected(made: Made) -> None:
    """Each kind strikes its share of the records that can show it, within chance."""
    for kind, eligible in made.summary.eligible.items():
        rate = getattr(Rates(), kind)
        spread = 4.5 * np.sqrt(rate * (1 - rate) / eligible)
        assert abs(made.summary.applied[kind] / eligible - rate) <= spread, kind


def test_relatives_at_their_rates(made: Made) -> None:
    """Housemates, sons and twins are the stated shares of people."""
    people = made.truth.filter(pl.col("entity_type") == "person").unique("true_id")
    for relation in ("household", "father_and_son", "twin"):
        rate = getattr(Rates(), relation)
        share = (people["relation"] == relation).sum() / people.height
        assert abs(share - rate) < 4.5 * np.sqrt(rate / people.height), relation


def test_a_rate_can_be_replaced(tmp_path: Path) -> None:
    """A rate of 0 removes a kind of error and a rate of 1 applies it wherever it can be."""
    rates = rates_from(["typo=0", "middle-dropped=1", "middle_initial=0", "given_initial=1"])
    summary = generate(Plan(records=1_000, form="parquet", rates=rates), tmp_path)
    assert summary.applied["typo"] == 0
    for kind in ("middle_dropped", "given_initial"):
        assert summary.applied[kind] == summary.eligible[kind] > 0


@pytest.mark.parametrize("text", ["typos=0.1", "typo", "typo=much", "typo=1.5"])
def test_bad_rates_are_refused(text: str) -> None:
    """An unknown rate, a missing or a senseless value is one line that names the rate."""
    with pytest.raises(UsageError, match="typo") as caught:
        rates_from([text])
    assert "\n" not in str(caught.value)


def test_committed_configuration_is_the_generated_one() -> None:
    """configs/justice.toml is what the generator writes for var/demo, and it loads."""
    path = PROJECT / "configs" / "justice.toml"
    assert path.read_text(encoding="utf-8") == config_text("var/demo", "var/justice", "csv", "both")
    config = load_config(path)
    assert config.base == PROJECT
    assert [source.name for source in config.sources] == [source.name for source in SOURCES]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_written_configuration_fits_the_files(run: Any, tmp_path: Path, form: str) -> None:
    """--config-out maps files that exist and only columns that they have."""
    path = tmp_path / "demo.toml"
    result = run("--records", "1000", "--format", form, "--config-out", str(path))
    assert result.exit_code == 0, result.output
    config = load_config(path)
    for source in config.sources:
        columns = read(config.resolve(source.paths[0])).columns
        assert {source.record_id, *source.fields.values()} <= set(columns), source.name
        assert set(columns) <= {source.record_id, *source.fields.values()}, source.name


def test_one_entity_type_alone(run: Any, tmp_path: Path) -> None:
    """--entity organization writes organizations only, as many records as asked for."""
    path = tmp_path / "demo.toml"
    words = ("--records", "1000", "--entity", "organization", "--json", "--describe")
    result = run(*words, "--config-out", str(path))
    assert result.exit_code == 0, result.output
    counts = json.loads(result.output.splitlines()[-1])["sources"]
    assert set(counts) == {"case_organizations", "intel_organizations"}
    assert sum(counts.values()) == 1_000
    assert load_config(path).entity_types == ["organization"]


@pytest.mark.parametrize("words", [("--records", "5"), ("--rate", "typos=1")])
def test_command_refuses_in_one_line(run: Any, words: tuple[str, ...]) -> None:
    """A wrong size or rate ends with exit code 2 and one line."""
    result = run(*words)
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1


CURP = re.compile(r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d")


def test_curps_are_well_formed(made: Made) -> None:
    """A CURP without a slip has the official form, a true check digit and the birth date."""
    rows = made.rows("case_subjects").join(
        made.truth.filter(pl.col("source") == "case_subjects"),
        left_on="subject_id",
        right_on="record_id",
    )
    slip = pl.col("kinds").list.contains("identifier_typo")
    rows = rows.filter(pl.col("curp").is_not_null() & ~slip)
    assert rows.height > 100
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    for curp in rows["curp"]:
        assert CURP.fullmatch(curp)
        total = sum(alphabet.index(c) * (18 - place) for place, c in enumerate(curp[:17]))
        assert int(curp[17]) == -total % 10
    clean = rows.filter(pl.col("kinds").list.len() == 0)
    for curp, born in clean.select("curp", "dob").iter_rows():
        assert curp[4:10] == born[8:] + born[:2] + born[3:5]


def test_nothing_tells_race_or_ethnicity(made: Made) -> None:
    """No source has a column on race or ethnicity; culture stands in the truth alone."""
    for source in SOURCES:
        for column in made.rows(source.name).columns:
            assert not re.search("race|ethnic|culture", column, re.IGNORECASE), column


def test_target_stands_in_open_cases_of_two_units(made: Made) -> None:
    """The demo target's records are one person's, in open cases of different units."""
    target = json.loads((made.directory / "demo_target.json").read_text(encoding="utf-8"))
    truth = made.truth.filter(pl.col("true_id") == target["true_id"])
    cases = made.rows("case_subjects")
    open_units = set()
    for case in target["cases"]:
        assert case["record_id"] in set(truth["record_id"])
        row = cases.row(by_predicate=pl.col("subject_id") == case["record_id"], named=True)
        assert row["unit"] == case["unit"]
        assert not case["open"] or row["case_status"] == "Open"
        open_units |= {row["unit"]} if case["open"] else set()
    assert len(open_units) >= 2
    assert {"full_name", "birth_date"} <= set(target["query"])


def test_case_dates_are_in_order_unless_made_contradictory() -> None:
    """Without contradictions every closed case closes after it opens and has a status."""
    cases = build_cases(1, 3_000, dataclasses.replace(Rates(), case_contradictory=0.0))
    assert (cases.closed > cases.opened).all()
    assert (cases.status != NO_STATUS).all()
    assert len(cases.slots) == 3_000
    wrong = build_cases(1, 3_000, dataclasses.replace(Rates(), case_contradictory=1.0))
    assert ((wrong.closed < wrong.opened) | (wrong.status != 2)).all()


@given(size=st.integers(1, 3_000))
def test_scrambled_numbers_stay_different(size: int) -> None:
    """Scrambling is a permutation of the numbers below its size."""
    assert sorted(scrambled(np.arange(size), size).tolist()) == list(range(size))


@given(records=st.integers(100, 10**7), entities=st.sampled_from(["both", "person"]))
def test_source_counts_sum_to_the_records(records: int, entities: Any) -> None:
    """The records of the sources sum to the records asked for."""
    assert sum(source_counts(records, entities)) == records


@given(
    texts=st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=9), min_size=1),
    figures=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(deadline=None)
def test_a_slip_changes_just_the_named_rows(texts: list[str], figures: bool, seed: int) -> None:
    """Every named row changes by a slip, keeps its first character, and no other row changes."""
    if figures:
        texts = ["".join(str(ord(c) % 10) for c in text) for text in texts]
    rng = np.random.default_rng(seed)
    named: Bools = rng.random(len(texts)) < 0.5
    alphabet = FIGURES if figures else LETTERS
    changed = mistyped(rng, pl.Series(texts, dtype=pl.String), named, alphabet).to_list()
    for old, new, slip in zip(texts, changed, named.tolist(), strict=True):
        assert (old != new) == slip
        assert new[0] == old[0]
        assert abs(len(new) - len(old)) <= (0 if figures else 1)


def test_marks_list_kinds_in_order_of_application() -> None:
    """A record's kinds stand in the order they were applied, each once."""
    marks = Marks(np.random.default_rng(1), Rates(), 3)
    marks.mark("typo", np.array([True, False, True]))
    marks.mark("alias", np.array([False, False, True]))
    marks.mark("typo", np.array([True, False, False]))
    assert marks.kinds().to_list() == [["typo"], [], ["typo", "alias"]]

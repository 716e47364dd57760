"""The delta of a population: of the size asked for, and of records that are what it says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.population.__main__ import main
from benchmarks.population.delta import DELETED, DeltaPlan
from benchmarks.population.source_files import SOURCES, SourceFile
from linker.config import load_config

KEY = ["source", "record_id"]
RECORDS, DELTA = 2_000, 80


def made(directory: Path, *words: str) -> Path:
    command = ["--records", str(RECORDS), "--delta", str(DELTA), "--format", "parquet"]
    config = ["--config-out", str(directory / "linker.toml")]
    main([*command, "--out", str(directory), *config, *words], standalone_mode=False)
    return directory


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("population"))


def files(directory: Path, source: SourceFile) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of a source before the delta, and those of the delta."""
    before = pl.read_parquet(directory / f"{source.name}.parquet")
    return before, pl.read_parquet(directory / "delta" / f"{source.name}_delta.parquet")


def test_sizes(population: Path) -> None:
    """The base has as many records as asked for; the delta is half new, a quarter each the rest."""
    rows = pl.concat(
        delta.select(record_id=source.record_id, deleted=DELETED).with_columns(
            known=pl.col("record_id").is_in(before[source.record_id].implode())
        )
        for source in SOURCES
        for before, delta in [files(population, source)]
    )
    assert pl.read_parquet(population / "truth.parquet").height == RECORDS
    assert sum(files(population, source)[0].height for source in SOURCES) == RECORDS
    gone, new = pl.col("deleted").is_not_null(), ~pl.col("known")
    assert rows.filter(gone).height == rows.filter(~gone & ~new).height == DELTA // 4
    assert rows.filter(new).height == rows.filter(new & ~gone).height == DELTA // 2


def test_a_changed_record_is_of_the_same_target_in_the_same_case(population: Path) -> None:
    """What it says of its target differs, what it belongs to does not."""
    cases = SOURCES[0]
    before, delta = files(population, cases)
    both = delta.filter(pl.col(DELETED).is_null()).join(
        before, on=cases.record_id, suffix="_before"
    )
    assert both.height > 3
    assert (both["case_number"] == both["case_number_before"]).all()
    assert not (both["name"] == both["name_before"]).all()
    truth = [pl.read_parquet(population / it / "truth.parquet") for it in (".", "delta")]
    known = truth[0].join(truth[1], on=KEY)
    assert (known["true_id"] == known["true_id_right"]).all()


def test_the_truth_of_both_states(population: Path) -> None:
    """Each truth names the records that its state has, and no other."""
    plan = DeltaPlan(DELTA)
    states = [set(), set()]
    for source in SOURCES:
        before, delta = files(population, source)
        there = set(before[source.record_id])
        gone = set(delta.drop_nulls(DELETED)[source.record_id])
        after = there | set(delta[source.record_id]) - gone
        states[0] |= {(source.name, it) for it in there}
        states[1] |= {(source.name, it) for it in after - gone}
    for folder, state in zip((".", "delta"), states, strict=True):
        truth = pl.read_parquet(population / folder / "truth.parquet")
        assert set(truth.select(KEY).iter_rows()) == state
    assert len(states[1]) == RECORDS + plan.new - plan.gone


def test_the_same_seed_makes_the_same_delta(population: Path, tmp_path: Path) -> None:
    """Files of two populations of one seed are equal, byte by byte."""
    again = made(tmp_path)
    for path in sorted(population.rglob("*.parquet")):
        assert (again / path.relative_to(population)).read_bytes() == path.read_bytes(), path


def test_the_configuration_takes_the_delta_in_where_it_is_put_beside(population: Path) -> None:
    """Sources are deltas, with a column for what is gone, whose files may become more."""
    config = load_config(population / "linker.toml")
    assert {source.mode for source in config.sources} == {"delta"}
    for source in config.sources:
        assert Path(source.paths[0]).name == f"{source.name}*.parquet"


@pytest.mark.parametrize("words", [["--format", "csv"], ["--delta", "4000"]])
def test_what_cannot_be_made(words: list[str], tmp_path: Path, capsys: object) -> None:
    """A delta in other files than Parquet, or of nearly all records, is refused in one line."""
    with pytest.raises(SystemExit) as ended:
        made(tmp_path, *words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("error: --delta")  # type: ignore[attr-defined]

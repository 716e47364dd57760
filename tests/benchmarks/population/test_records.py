"""Records of people and organizations: what the truth says of them holds in the files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.population import Plan, Summary, described, generate
from benchmarks.population.person_records import _apart
from benchmarks.population.placeholders import MADE_UP
from benchmarks.population.rates import Rates
from benchmarks.population.spellings import SPELLINGS

RECORDS = 20_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    directory = tmp_path_factory.mktemp("records")
    return directory, generate(Plan(records=RECORDS, form="parquet"), directory)


@pytest.fixture(scope="module")
def truth(made: tuple[Path, Summary]) -> pl.DataFrame:
    return pl.read_parquet(made[0] / "truth.parquet")


def has(kind: str) -> pl.Expr:
    return pl.col("kinds").list.contains(kind)


def test_every_rate_names_a_source_or_calls_itself_an_assumption() -> None:
    """The text of each rate says what it is grounded on."""
    named = ("[", "assumption", "(", "see day_month_swapped")
    organization = described(Rates()).index(
        next(row for row in described(Rates()) if row[0] == "organization_alias")
    )
    for place, (name, _, about) in enumerate(described(Rates())):
        if place < organization:
            assert any(word in about for word in named), name


def test_few_pairs_are_unfindable(made: tuple[Path, Summary], truth: pl.DataFrame) -> None:
    """Pairs that nothing joins are few, and the summary counts them as the truth's flags allow."""
    summary = made[1]
    for entity in ("person", "organization"):
        own = truth.filter(pl.col("entity_type") == entity)
        sizes = own.group_by("true_id").len()["len"].cast(pl.Int64)
        assert summary.pairs[entity] == int((sizes * (sizes - 1) // 2).sum())
        assert 0 < summary.apart[entity] < 0.015 * summary.pairs[entity]
        lost = own.with_columns(size=pl.len().over("true_id")).filter(~pl.col("findable"))
        assert lost.height > 0
        # A record alone cannot be lost, and a lost one is apart from one record at least.
        assert lost["size"].min() >= 2  # type: ignore[operator]
        assert summary.apart[entity] >= lost["true_id"].n_unique()


def test_an_alias_without_identifier_is_marked(truth: pl.DataFrame) -> None:
    """It is under a false name and not findable; a bare name is under the true one."""
    marked = truth.filter(has("alias_without_identifier"))
    assert marked.height > 5
    assert not marked["findable"].any()
    people = marked.filter(pl.col("entity_type") == "person")
    assert people.select(has("alias").all()).item()
    assert truth.filter(has("name_only") & has("alias")).is_empty()


def test_most_aliases_are_found_by_fingerprints(truth: pl.DataFrame) -> None:
    """Of arrests under a false name most can be found: fingerprints were taken."""
    arrests = truth.filter((pl.col("source") == "arrests") & has("alias"))
    share = arrests["findable"].mean()
    assert isinstance(share, float)
    assert share > 0.85


def test_a_name_only_record_holds_only_a_name(
    made: tuple[Path, Summary], truth: pl.DataFrame
) -> None:
    """No number, no birth date, no own telephone, plate or address stands in such a record."""
    rows = truth.filter(has("name_only") & (pl.col("source") == "intel_people"))
    held = pl.read_parquet(made[0] / "intel_people.parquet")
    rows = rows.join(held, left_on="record_id", right_on="mention_no")
    assert rows.height > 20
    for column in ("born", "age", "a_number", "passport", "emails", "plates"):
        assert rows[column].null_count() == rows.height, column
    strangers = has("shared_phone") | has("office_phone")
    assert rows.filter(~strangers)["phones"].null_count() == rows.filter(~strangers).height


def test_placeholders_are_shared_by_unlike_people(
    made: tuple[Path, Summary], truth: pl.DataFrame
) -> None:
    """Made-up numbers stand in records of several people, all of them marked."""
    cases = pl.read_parquet(made[0] / "case_subjects.parquet")
    rows = truth.join(cases, left_on="record_id", right_on="subject_id")
    rows = rows.filter(
        pl.col("ssn").is_in(MADE_UP["ssn"]) | pl.col("alien_number").is_in(MADE_UP["a_number"])
    )
    assert rows["true_id"].n_unique() >= 5
    assert rows.select(has("placeholder_number").all()).item()


def test_fronts_share_principals_with_others(
    made: tuple[Path, Summary], truth: pl.DataFrame
) -> None:
    """Fronts are entities of their own, and many name a principal that another entity names."""
    rows = truth.join(
        pl.read_parquet(made[0] / "case_organizations.parquet"),
        left_on="record_id",
        right_on="row_id",
    ).explode("principals")
    plain = pl.col("principals").str.normalize("NFD").str.replace_all(r"\p{M}", "")
    rows = rows.with_columns(plain).drop_nulls("principals")
    holders = rows.group_by("principals").agg(pl.col("true_id").n_unique().alias("holders"))
    fronts = rows.filter(pl.col("relation") == "front").join(holders, on="principals")
    assert fronts.height > 20
    assert (fronts["holders"] > 1).mean() > 0.3  # type: ignore[operator]
    assert set(rows.filter(pl.col("relation") == "front")["type"].drop_nulls()) == {"front_company"}


def test_nobody_is_in_custody_in_two_places_at_once(
    made: tuple[Path, Summary], truth: pl.DataFrame
) -> None:
    """Arrests of one person lie two days apart at least."""
    arrests = pl.read_parquet(made[0] / "arrests.parquet")
    rows = truth.join(arrests, left_on="record_id", right_on="arrest_no")
    gaps = rows.sort("true_id", "arrest_date").select(
        pl.col("arrest_date").diff().over("true_id").dt.total_days().alias("gap")
    )
    assert gaps["gap"].drop_nulls().min() >= 2  # type: ignore[operator]


def test_the_watchlist_is_filled_in_like_the_treasury_s(made: tuple[Path, Summary]) -> None:
    """As on the Treasury's list, 96 % have a birth date, 47 % an alias, one in four an address."""
    listed = pl.read_parquet(made[0] / "watchlist.parquet")
    for column, share in (("dob", 0.96), ("aka", 0.47), ("address", 0.25)):
        got = 1 - listed[column].null_count() / listed.height
        assert abs(got - share) < 0.08, column


def test_only_names_of_other_scripts_are_spelled_otherwise(truth: pl.DataFrame) -> None:
    """Juan is a Chinese syllable, but a Mexican Juan is never written Kuen."""
    spelled = truth.filter(has("romanisation"))
    assert spelled.height > 200
    assert set(spelled["culture"]) <= set(SPELLINGS)
    assert set(truth.filter(has("family_first"))["culture"]) == {"chinese", "vietnamese"}


def test_arrests_on_one_day_are_moved_apart() -> None:
    """Three arrests on one day become three days; other people and records stay."""
    who, day = np.array([0, 0, 0, 1, 0]), np.array([5, 5, 5, 5, 5])
    arrested = np.array([True, True, True, True, False])
    assert _apart(who, day, arrested).tolist() == [5, 7, 9, 5, 5]


def test_culture_shares(truth: pl.DataFrame) -> None:
    """Every culture is recorded, at about its share."""
    people = truth.filter(pl.col("entity_type") == "person").unique("true_id")
    rates = Rates()
    for (culture,), rows in people.group_by("culture"):
        share = getattr(rates, str(culture)) / sum(rates.cultures)
        assert abs(rows.height / people.height - share) < 4.5 * np.sqrt(0.3 / people.height)
    assert people["culture"].n_unique() == len(rates.cultures)

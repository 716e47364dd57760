"""Figures by group."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.config import load_config
from linker.jobs.models import model_in_use
from linker.judging.groups import MAIN_FIELDS, by_sources, group_columns, groups_of
from linker.judging.intervals import record_parts
from linker.judging.known import Known
from linker.model import ModelInUse
from linker.schemas import MENTIONS
from linker.store.mention_table import MentionFrame

Row = tuple[str, int, int | None]
rows_of_truth = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 3) | st.none()),
    min_size=1,
    max_size=14,
)


@pytest.fixture(scope="module")
def in_use(world: object) -> ModelInUse:
    return model_in_use(load_config(world), "person")[0]  # type: ignore[arg-type]


def known_rows(rows: list[Row], culture: str | None = None) -> Known:
    """Records of a source, a true entity and a predicted one, None where it was not linked."""
    frame = pl.DataFrame(
        rows,
        schema={"source": pl.String, "unit": pl.Int64, "entity_id": pl.Int64},
        orient="row",
    ).with_columns(
        mention=pl.when(pl.col("entity_id").is_not_null()).then(pl.int_range(pl.len())),
        true_id=pl.col("unit").cast(pl.String),
    )
    if culture:
        frame = frame.with_columns(culture=pl.lit(culture))
    none = pl.DataFrame()
    return Known(True, record_parts(frame), none, 0, none, ())


def mentions_of(rows: int, **columns: list[object]) -> MentionFrame:
    """Mentions that hold nothing but some columns."""
    schema = {name: MENTIONS["person"][name] for name in sorted(_COLUMNS)}
    given_ = {name: columns.get(name, [None] * rows) for name in schema}
    return MentionFrame(pl.DataFrame(given_, schema=schema))


_COLUMNS = {column for of in MAIN_FIELDS["person"].values() for column in of} | {"name_keys"}


@settings(max_examples=40)
@given(rows_of_truth)
def test_pairs_of_two_sources_are_counted(rows: list[Row]) -> None:
    """Precision and recall between two sources are those of counting every pair."""
    true, both, predicted = Counter[str](), Counter[str](), Counter[str]()
    for one, other in combinations(rows, 2):
        name = " and ".join(sorted((one[0], other[0])))
        together = one[2] is not None and one[2] == other[2]
        true[name] += one[1] == other[1]
        predicted[name] += together
        both[name] += together and one[1] == other[1]
    found = by_sources(known_rows(rows))
    assert {group.name for group in found} == {name for name in true if true[name]} | {
        name for name in predicted if predicted[name]
    }
    for group in found:
        name = group.name
        assert group.pairwise_recall[0] == pytest.approx(
            both[name] / true[name] if true[name] else 1.0, abs=1e-8
        )
        assert group.pairwise_precision[0] == pytest.approx(
            both[name] / predicted[name] if predicted[name] else 1.0, abs=1e-8
        )


def test_fields_that_records_lack(in_use: ModelInUse) -> None:
    """A record is in the group of each field it lacks; a field that no record has is none."""
    rows: list[Row] = [("a", 1, 1), ("a", 1, 1), ("b", 2, 2), ("b", 2, 1)]
    mentions = mentions_of(
        4, ssn=["1", None, "2", "2"], phones=[["1"], [], None, ["2"]], birth_year=[None] * 4
    )
    groups = groups_of(known_rows(rows), mentions, in_use)["missing"]
    found = {group.name: group.records for group in groups}
    assert found == {"complete": 2, "name only": 1, "no contact": 2, "no number": 1}


def test_name_groups_stand_for_cultures(in_use: ModelInUse) -> None:
    """Where the truth names no culture, the model's groups of words do; known ones go before."""
    words = in_use.term_frequencies["name_keys"].drop_nulls("groups")
    lists = words["groups"].to_list()
    shares = in_use.model.term_frequency_groups["name_keys"]
    best = [max(range(len(shares)), key=lambda g: shares[g] * of[g]) for of in lists[:3]]
    rows: list[Row] = [("a", n, n) for n in range(3)] * 2 + [("a", 9, 9), ("a", 9, 9)]
    keys = [[word] for word in words["name_keys"].to_list()[:3]] * 2 + [["no such word"], None]
    mentions = mentions_of(8, name_keys=keys)
    groups = groups_of(known_rows(rows), mentions, in_use)["culture"]
    expected = Counter(f"name group {place + 1} ({in_use.name})" for place in best * 2)
    assert {group.name: group.records for group in groups} == expected
    told = groups_of(known_rows(rows, "anglo"), mentions, in_use)["culture"]
    assert [(group.name, group.records) for group in told] == [("anglo", 8)]


def test_columns_that_groups_are_told_by(in_use: ModelInUse) -> None:
    """They are columns of mentions."""
    assert group_columns(in_use.model) == _COLUMNS

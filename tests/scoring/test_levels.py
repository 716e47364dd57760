"""Comparison levels: what each kind means, against an independent implementation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import jellyfish
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import LevelSettings
from linker.config.load import default_settings
from linker.config.settings import EntitySettings
from linker.errors import ConfigError
from linker.schemas import ENTITY_TYPES, MENTIONS, EntityType
from linker.scoring.levels import LEVEL_TYPES, kind_of
from linker.scoring.settings import comparison_columns

# canonical values are ASCII; DuckDB's edit distances count bytes, jellyfish's letters
TEXT = st.text("abcdez 1", min_size=1, max_size=8)
MAYBE = st.none() | TEXT
WORDS = st.none() | st.lists(TEXT, min_size=1, max_size=4, unique=True)
DATES = st.none() | st.dates(dt.date(1950, 1, 1), dt.date(1953, 12, 31))
YEARS = st.none() | st.integers(1940, 1960)
CONNECTION = duckdb.connect()

TYPES = {"text": "VARCHAR", "list": "VARCHAR[]", "date": "DATE", "year": "INTEGER"}


def meets(level: LevelSettings, row: dict[str, tuple[str, Any, Any]]) -> bool:
    """Evaluate the level's condition in DuckDB; null counts as not met."""
    condition = kind_of(level, "test").condition()
    columns, values = [], {}
    for name, (kind, left, right) in row.items():
        for side, value in (("l", left), ("r", right)):
            columns.append(f"CAST(${name}_{side} AS {TYPES[kind]}) AS {name}_{side}")
            values[f"{name}_{side}"] = value
    rows = CONNECTION.execute(
        f"SELECT coalesce({condition}, false) FROM (SELECT {', '.join(columns)})", values
    ).fetchall()
    return bool(rows[0][0])


def both(left: Any, right: Any) -> bool:
    return left is not None and right is not None


TEXT_KINDS: list[tuple[LevelSettings, Callable[[str, str], bool]]] = [
    (LevelSettings(kind="exact", column="a"), lambda x, y: x == y),
    (
        LevelSettings(kind="jaro_winkler", column="a", at_least=0.85),
        lambda x, y: jellyfish.jaro_winkler_similarity(x, y) >= 0.85,
    ),
    (
        LevelSettings(kind="levenshtein", column="a", at_most=2),
        lambda x, y: jellyfish.levenshtein_distance(x, y) <= 2,
    ),
    (
        LevelSettings(kind="damerau_levenshtein", column="a", at_most=1),
        lambda x, y: jellyfish.damerau_levenshtein_distance(x, y) <= 1,
    ),
    (
        LevelSettings(kind="initial", column="a"),
        lambda x, y: 1 in (len(x), len(y)) and x[0] == y[0],
    ),
    (
        LevelSettings(kind="prefix", column="a", length=3),
        lambda x, y: min(len(x), len(y)) >= 3 and x[:3] == y[:3],
    ),
]


@pytest.mark.parametrize(("level", "expected"), TEXT_KINDS, ids=[a.kind for a, _ in TEXT_KINDS])
@given(left=MAYBE, right=MAYBE)
def test_text_kinds_mean_what_jellyfish_says(
    level: LevelSettings, expected: Callable[[str, str], bool], left: str | None, right: str | None
) -> None:
    """A kind over one text column agrees with an independent implementation."""
    wanted = both(left, right) and expected(str(left), str(right))
    if level.kind == "jaro_winkler" and both(left, right):
        distance = abs(jellyfish.jaro_winkler_similarity(str(left), str(right)) - 0.85)
        if distance < 1e-9:
            return  # the last bit of a similarity on the threshold is nobody's promise
    assert meets(level, {"a": ("text", left, right)}) == wanted


@given(left=WORDS, right=WORDS, count=st.integers(1, 3))
def test_overlap_counts_common_values(
    left: list[str] | None, right: list[str] | None, count: int
) -> None:
    """Overlap is met by so many values in common."""
    level = LevelSettings(kind="overlap", column="a", at_least=count)
    wanted = both(left, right) and len(set(left or []) & set(right or [])) >= count
    assert meets(level, {"a": ("list", left, right)}) == wanted


@given(
    left=WORDS,
    right=WORDS,
    share=st.sampled_from([0.5, 0.6, 1.0]),
    of=st.sampled_from(["all", "fewer"]),
    common=st.integers(1, 2),
)
def test_overlap_share_is_jaccard_or_the_overlap_coefficient(
    left: list[str] | None, right: list[str] | None, share: float, of: str, common: int
) -> None:
    """The share counts common values against all values or against the shorter list."""
    level = LevelSettings(kind="overlap_share", column="a", at_least=share, of=of, common=common)
    one, other = set(left or []), set(right or [])
    whole = len(one | other) if of == "all" else min(len(one), len(other))
    inside = len(one & other)
    wanted = both(left, right) and inside >= common and inside >= share * whole
    assert meets(level, {"a": ("list", left, right)}) == wanted


@given(left=WORDS, right=WORDS)
def test_list_alike_looks_at_every_pair_of_values(
    left: list[str] | None, right: list[str] | None
) -> None:
    """Some value of each list must be alike."""
    similarities = [
        jellyfish.jaro_winkler_similarity(x, y) for x in left or [] for y in right or []
    ]
    if any(abs(similarity - 0.9) < 1e-9 for similarity in similarities):
        return
    level = LevelSettings(kind="list_alike", column="a", at_least=0.9)
    wanted = max(similarities, default=0) >= 0.9
    assert meets(level, {"a": ("list", left, right)}) == wanted


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_crossed_looks_both_ways(a_l: str, a_r: str, b_l: str, b_r: str) -> None:
    """One side's column may be the other side's other column."""
    level = LevelSettings(kind="crossed", column="a", other="b")
    wanted = (both(a_l, b_r) and a_l == b_r) or (both(b_l, a_r) and b_l == a_r)
    assert meets(level, {"a": ("text", a_l, a_r), "b": ("text", b_l, b_r)}) == wanted


@given(MAYBE, MAYBE, WORDS, WORDS)
def test_among_looks_both_ways(
    a_l: str | None, a_r: str | None, list_l: list[str] | None, list_r: list[str] | None
) -> None:
    """One side's text may be in the other side's list."""
    level = LevelSettings(kind="among", column="a", list="b")
    wanted = (a_l is not None and a_l in (list_r or [])) or (
        a_r is not None and a_r in (list_l or [])
    )
    assert meets(level, {"a": ("text", a_l, a_r), "b": ("list", list_l, list_r)}) == wanted


def swapped(date: dt.date) -> dt.date | None:
    return dt.date(date.year, date.day, date.month) if date.day <= 12 else None


@given(DATES, DATES)
def test_day_and_month_swapped(left: dt.date | None, right: dt.date | None) -> None:
    """The same year with day and month in each other's place."""
    level = LevelSettings(kind="day_month_swapped", column="a")
    wanted = left is not None and right is not None and swapped(left) == right
    assert meets(level, {"a": ("date", left, right)}) == wanted


@given(DATES)
def test_a_swapped_date_meets_its_level(date: dt.date | None) -> None:
    """Every date meets its own swap, where there is one."""
    if date is not None and (other := swapped(date)) is not None:
        level = LevelSettings(kind="day_month_swapped", column="a")
        assert meets(level, {"a": ("date", date, other)})


@given(DATES, DATES)
def test_dates_within_a_keystroke(left: dt.date | None, right: dt.date | None) -> None:
    """Distance is counted over the digits as written."""
    level = LevelSettings(kind="date_keystrokes", column="a", at_most=1)
    wanted = both(left, right) and (
        jellyfish.damerau_levenshtein_distance(str(left), str(right)) <= 1
    )
    assert meets(level, {"a": ("date", left, right)}) == wanted


@given(DATES, DATES)
def test_same_day_and_month(left: dt.date | None, right: dt.date | None) -> None:
    """The year does not matter."""
    level = LevelSettings(kind="same_month_day", column="a")
    wanted = (
        left is not None
        and right is not None
        and (left.month, left.day) == (right.month, right.day)
    )
    assert meets(level, {"a": ("date", left, right)}) == wanted


@given(DATES, DATES, YEARS, YEARS)
def test_an_imprecise_year_never_speaks_for_two_full_dates(
    left: dt.date | None, right: dt.date | None, year_l: int | None, year_r: int | None
) -> None:
    """Years agree within one only where the day is unknown on a side."""
    level = LevelSettings(kind="imprecise_year", date="a", year="y", years=1)
    wanted = (
        (left is None or right is None)
        and year_l is not None
        and year_r is not None
        and abs(year_l - year_r) <= 1
    )
    row = {"a": ("date", left, right), "y": ("year", year_l, year_r)}
    assert meets(level, row) == wanted


@given(YEARS, YEARS)
def test_near_number(left: int | None, right: int | None) -> None:
    """Numbers within the given distance."""
    level = LevelSettings(kind="near_number", column="y", at_most=2)
    wanted = left is not None and right is not None and abs(left - right) <= 2
    assert meets(level, {"y": ("year", left, right)}) == wanted


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_missing_and_missing_all(
    a_l: str | None, a_r: str | None, b_l: str | None, b_r: str | None
) -> None:
    """missing needs every column on both sides, missing_all one of them."""
    row = {"a": ("text", a_l, a_r), "b": ("text", b_l, b_r)}
    known = (both(a_l, a_r), both(b_l, b_r))
    assert meets(LevelSettings(kind="missing", of=["a", "b"]), row) == (not all(known))
    assert meets(LevelSettings(kind="missing_all", of=["a", "b"]), row) == (not any(known))


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_all_of_needs_every_level(
    a_l: str | None, a_r: str | None, b_l: str | None, b_r: str | None
) -> None:
    """A conjunction is met where each of its levels is."""
    parts = [{"kind": "exact", "column": "a"}, {"kind": "exact", "column": "b"}]
    row = {"a": ("text", a_l, a_r), "b": ("text", b_l, b_r)}
    wanted = all(meets(LevelSettings.model_validate(part), row) for part in parts)
    assert meets(LevelSettings(kind="all_of", levels=parts), row) == wanted
    columns = LevelSettings(kind="exact", columns_all=["a", "b"])
    assert meets(columns, row) == wanted


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_shipped_comparisons_read_columns_that_mentions_have(entity_type: EntityType) -> None:
    """Every default level fits, reads columns that exist, and expects shares that sum to 1."""
    settings = EntitySettings.model_validate(default_settings(entity_type))
    for comparison in settings.comparisons:
        assert set(comparison_columns(comparison, entity_type)) <= set(MENTIONS[entity_type])
        assert comparison.levels[0].kind.startswith("missing")
        assert comparison.levels[-1].kind == "else"
        assert sum(level.m or 0 for level in comparison.levels) == pytest.approx(1)


def test_no_default_comparison_reads_race_nationality_or_context() -> None:
    """Country, citizenship and what a mention belongs to are never matching features."""
    banned = {"citizenship", "birth_country", "country", "agency", "unit", "case_id", "narrative"}
    for entity_type in ENTITY_TYPES:
        settings = EntitySettings.model_validate(default_settings(entity_type))
        for comparison in settings.comparisons:
            assert not banned & set(comparison_columns(comparison, entity_type))


EXACT = {"kind": "exact", "column": "a"}


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ({"kind": "jaro_winkle", "column": "a"}, "did you mean 'jaro_winkler'?"),
        ({"kind": "jaro_winkler", "column": "a"}, "at_least"),
        ({"kind": "jaro_winkler", "column": "a", "at_least": 2}, "at_least"),
        ({"kind": "exact", "column": "a", "sql": "1=1"}, "sql"),
        ({"kind": "exact"}, "give either column or columns_all"),
        ({"kind": "exact", "colunm": "a"}, "did you mean 'column'?"),
        ({"kind": "near_number", "column": "a", "at_most": float("nan")}, "at_most"),
        ({"kind": "all_of", "levels": [EXACT, {"kind": "exakt"}]}, "did you mean 'exact'?"),
        ({"kind": "all_of", "levels": [EXACT, {"kind": "exact"}]}, "give either column"),
        ({"kind": "all_of", "levels": [EXACT, {"kind": "else"}]}, "no condition"),
    ],
)
def test_a_level_that_does_not_fit_is_one_line(level: dict[str, Any], message: str) -> None:
    """An unknown kind or parameter is refused with its place; raw SQL is no parameter."""
    with pytest.raises(ConfigError) as caught:
        kind_of(LevelSettings.model_validate(level), "person: comparison 'x'")
    assert message in str(caught.value)
    assert str(caught.value).startswith("person: comparison 'x'")
    assert "\n" not in str(caught.value)


def test_every_kind_is_tested_here() -> None:
    """A new kind needs a test of its meaning in this file."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"{name}"' in text for name in LEVEL_TYPES)

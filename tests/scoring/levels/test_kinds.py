"""Kinds of comparison levels as configured: parameters, columns, names, words."""

from __future__ import annotations

from typing import Any

import pytest

from linker.config import ComparisonSettings, LevelSettings
from linker.config.load import default_settings
from linker.config.settings import EntitySettings
from linker.errors import ConfigError
from linker.schemas import ENTITY_TYPES, MENTIONS, PERSON, EntityType
from linker.scoring.features.layout import form_of
from linker.scoring.levels import kind_of
from linker.scoring.levels.base import CHEAP_NS
from linker.scoring.settings import comparison_columns, splink_settings, untrained
from tests.scoring.levels.cases import CASES, Case
from tests.scoring.levels.meanings import COLUMNS


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_shipped_comparisons_read_columns_that_mentions_have(entity_type: EntityType) -> None:
    """Every default level fits, reads columns that exist, and expects shares that sum to 1."""
    settings = EntitySettings.model_validate(default_settings(entity_type))
    for comparison in settings.comparisons:
        assert set(comparison_columns(comparison, entity_type)) <= set(MENTIONS[entity_type])
        assert comparison.levels[0].is_missing
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
ELSE = {"kind": "else"}


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


NAMES = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_kind_reads_columns_of_forms_it_can_compare(case: Case) -> None:
    """The columns are among those configured, hold what the kind takes, and come once each."""
    kind = case.kind
    assert set(kind.columns) <= set(COLUMNS)
    assert len(set(kind.columns)) == len(kind.columns)
    assert all(form_of(PERSON[column]) in forms for column, forms in kind.takes.items())
    assert all(set(group) <= set(kind.columns) for group in kind.compared)
    assert kind.label
    assert "\n" not in kind.label


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_level_that_needs_a_function_names_it(case: Case) -> None:
    """A condition calls just the functions that the level says it needs."""
    kind = case.kind
    condition = kind.condition()
    needed = {part.function for part in kind.functions()}
    every = {other.kind.function for other in CASES}
    assert {name for name in every if name in condition} <= needed
    assert all(name in condition for name in needed)


def test_the_name_of_a_test_tells_its_parameters() -> None:
    """Levels that differ in any parameter have tests of other names; equal ones share one."""
    names = [case.kind.function for case in CASES]
    assert len(set(names)) == len(CASES)
    assert names == [case.kind.function for case in CASES]
    assert all(name.isidentifier() and name.isascii() for name in names)
    spelt_out = kind_of(LevelSettings(kind="overlap", column="phones", at_least=1), "test")
    short = kind_of(LevelSettings(kind="overlap", column="phones"), "test")
    assert spelt_out.function == short.function


def test_a_conjunction_costs_what_its_dearest_part_costs() -> None:
    """It is made at once only if all of it is cheap, and is bounded by its cheap parts alone."""
    cheap = {"kind": "exact", "column": "surname"}
    other = {"kind": "same_month_day", "column": "birth_date"}
    dear = {"kind": "jaro_winkler", "column": "given_name", "at_least": 0.9}
    both = kind_of(LevelSettings(kind="all_of", levels=[dear, cheap]), "test")
    assert both.cost == kind_of(LevelSettings(**dear), "test").cost > CHEAP_NS
    assert both.columns == ("given_name", "surname")
    assert kind_of(LevelSettings(kind="all_of", levels=[cheap, other]), "test").cost <= CHEAP_NS


def test_what_two_parts_of_a_conjunction_read_both_must_take() -> None:
    """A column that one part takes as a date and another as a text can be neither."""
    parts = [
        {"kind": "exact", "column": "birth_date"},
        {"kind": "same_year", "column": "birth_date"},
    ]
    takes = kind_of(LevelSettings(kind="all_of", levels=parts), "test").takes
    assert takes == {"birth_date": ("date",)}
    parts[0] = {"kind": "initial", "column": "birth_date"}
    takes = kind_of(LevelSettings(kind="all_of", levels=parts), "test").takes
    assert takes == {"birth_date": ()}


TOLD_BY = {"kind": "told_by", "of": ["birth_year"], "by": "curp", "same": ["birth_year"]}


def test_training_sees_what_an_identifier_tells() -> None:
    """Else only contradictions would be learnt of matches with that identifier."""
    levels = [TOLD_BY, {"kind": "exact", "column": "birth_date"}, {"kind": "else"}]
    comparison = ComparisonSettings.model_validate({"name": "birth_date", "levels": levels})
    comparisons = [untrained(comparison, "person")]
    conditions = [
        splink_settings(comparisons, 0.01, by_record=by_record).create_settings_dict("duckdb")[
            "comparisons"
        ][0]["comparison_levels"][0]
        for by_record in (False, True)
    ]
    assert all(condition["is_null_level"] for condition in conditions)
    assert "curp" in conditions[0]["sql_condition"]
    assert "curp" not in conditions[1]["sql_condition"]
    assert "birth_year" in conditions[1]["sql_condition"]


def test_what_an_identifier_tells_may_stand_first_alone() -> None:
    """It is a missing level: it has the first place, no m and no term frequency."""
    exact = {"kind": "exact", "column": "birth_date"}
    for levels in ([exact, TOLD_BY, {"kind": "else"}], [{**TOLD_BY, "m": 0.5}, exact, ELSE]):
        with pytest.raises(ValueError, match=r"may only come first|leave m out|must be of kind"):
            ComparisonSettings.model_validate({"name": "birth_date", "levels": levels})

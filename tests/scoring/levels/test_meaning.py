"""What each kind of level means: its compiled test against plain Python, and against Splink's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linker.database import connect
from linker.model import TrainedComparison, TrainedLevel
from linker.scoring.duckdb_functions import level_functions
from linker.scoring.levels import LEVEL_TYPES
from tests.scoring.levels.case import TERMS, Case
from tests.scoring.levels.cases import CASES
from tests.scoring.levels.kernel import CompiledTests, frame
from tests.scoring.levels.meanings import COLUMNS, MANY, ROOT, Pair
from tests.scoring.levels.values import pairs

SOME = st.lists(pairs(), min_size=1, max_size=12)
BY_FUNCTION = {case.kind.function: case for case in CASES}


@pytest.fixture(scope="module")
def tests() -> CompiledTests:
    return CompiledTests([case.kind for case in CASES])


@pytest.fixture(scope="module")
def splink() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the functions that Splink's conditions need."""
    levels = [TrainedLevel(level=case.level, label=case.name) for case in CASES]
    comparison = TrainedComparison(name="every_kind", role="identity", levels=tuple(levels))
    with (
        closing(connect()) as connection,
        level_functions(connection, [comparison], "person", TERMS),
    ):
        connection.execute("SET threads = 1")
        yield connection


def test_every_kind_has_a_case() -> None:
    """A new kind needs a statement of its meaning among the cases."""
    assert {case.level.kind for case in CASES} == set(LEVEL_TYPES)
    assert len(BY_FUNCTION) == len(CASES)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(some=SOME)
def test_a_level_is_met_where_plain_python_says_so(tests: CompiledTests, some: list[Pair]) -> None:
    """Every kind, on texts of any letters, lists with repeats and nulls, dates and numbers."""
    found = tests.met(some, list(BY_FUNCTION))
    for function, met in found.items():
        case = BY_FUNCTION[function]
        for pair, answer in zip(some, met, strict=True):
            meant = case.meaning(pair)
            assert meant in {None, answer}, (case.name, pair)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("abdsifula", "sifula", True),
        ("abdziz", "aziz", True),
        ("sifula", "abdsifula", True),
        ("abdsifula", "rahim", False),
        ("abdul", "ul", False),
        ("abdrahim", "abdrahman", False),
        ("abdrahman", "abdrahmin", True),
    ],
)
def test_a_servants_name_is_alike_without_servant(
    tests: CompiledTests, one: str, other: str, alike: bool
) -> None:
    """Abdul Saifullah is Saifullah, and Abdul Aziz Aziz, where words need only be alike."""
    pair: Pair = dict.fromkeys(COLUMNS, (None, None))
    pair |= {MANY: (["qari", one, "tohi"], ["qari", other, "tohi"]), ROOT: ("qari", "qari")}
    levels = {alike: f for f, case in BY_FUNCTION.items() for alike in _spelt(case)}
    found = tests.met([pair], [levels[None], levels[0.6]])
    assert [met[0] for met in found.values()] == [False, alike]


def test_servant_is_left_out_only_where_nothing_else_is(tests: CompiledTests) -> None:
    """Abdul Kabir Abdul Jan is Abdul Kabir Jan, and not Abdul Kabir Mohammad Jan."""
    pair: Pair = dict.fromkeys(COLUMNS, (None, None)) | {ROOT: ("abdkabir", "abdkabir")}
    mine = ["abdkabir", "tohi", "abdjani"]
    pairs = [
        {**pair, MANY: (mine, theirs)}
        for theirs in (["abdkabir", "tohi", "jani"], ["abdkabir", "tohi", "muhamad", "jani"])
    ]
    levels = {alike: f for f, case in BY_FUNCTION.items() for alike in _spelt(case)}
    assert tests.met(pairs, [levels[0.6]])[levels[0.6]] == [True, False]


def _spelt(case: Case) -> list[float | None]:
    """How like the words of a level that compares whole names must be, both given names kept."""
    parameters = case.level.parameters
    if case.level.kind != "same_words" or parameters.get("given_names") != "both":
        return []
    return [parameters["alike"]]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(some=SOME)
def test_splink_sees_the_same_level(
    tests: CompiledTests, splink: duckdb.DuckDBPyConnection, some: list[Pair]
) -> None:
    """The condition that Splink is given is true in DuckDB where the compiled test is."""
    found = tests.met(some, list(BY_FUNCTION))
    for function, answers in zip(found, in_duckdb(splink, some), strict=True):
        assert found[function] == answers, (BY_FUNCTION[function].name, some)


def in_duckdb(
    connection: duckdb.DuckDBPyConnection, some: Sequence[Pair]
) -> list[tuple[bool, ...]]:
    """By level, whether each pair meets its condition; null counts as not met, as in CASE."""
    whole = frame(some).to_arrow()
    count = len(some)
    names = [f"{column}_{side}" for side in ("l", "r") for column in COLUMNS]
    columns = [*whole.slice(0, count).columns, *whole.slice(count).columns]
    table = whole.slice(0, 0).from_arrays(columns, names=names)
    connection.register("some_pairs", table)
    conditions = [
        "true" if case.level.kind == "else" else f"coalesce({case.kind.condition()}, false)"
        for case in CASES
    ]
    rows = connection.execute(f"SELECT {', '.join(conditions)} FROM some_pairs").fetchall()
    return [list(answers) for answers in zip(*rows, strict=True)]  # type: ignore[misc]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(some=SOME)
def test_a_bound_is_true_wherever_the_test_is(tests: CompiledTests, some: list[Pair]) -> None:
    """A cheap bound may let pass what does not meet the level, and refuses none that does."""
    assert tests.bounds
    found = tests.met(some, list(tests.bounds))
    bounds = tests.met(some, [bound.function for bound in tests.bounds.values()])
    for function, bound in tests.bounds.items():
        for met, possible in zip(found[function], bounds[bound.function], strict=True):
            assert possible or not met, BY_FUNCTION[function].name

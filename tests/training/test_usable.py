"""Comparisons that cannot be estimated are left out, and said so."""

from __future__ import annotations

import polars as pl
import pytest

from linker.errors import TrainingError
from linker.schemas import PERSON
from linker.training.estimate import estimate
from tests.training.simulated import Field, settings, simulate

FIELDS = (
    Field("surname", 50, 4, (0.9, 0.05, 0.05)),
    Field("given_name", 40, 2, (0.9, 0.05, 0.05)),
    Field("city", 10, 2, (0.9, 0.05, 0.05)),
    Field("birth_place", 10, 2, (0.9, 0.05, 0.05)),
    Field("passport", 1000, 2, (0.9, 0.05, 0.05)),
)


def mentions() -> pl.DataFrame:
    return simulate(FIELDS, 300, 200, 3)


def test_constant_empty_and_rare_columns_cost_their_comparisons_alone() -> None:
    """One line each says why; the model is estimated from the others."""
    bad = mentions().with_columns(
        city=pl.lit("one city"),
        birth_place=pl.lit(None, pl.String()),
        passport=pl.when(pl.col("mention") < 5).then("passport"),
    )
    said: list[str] = []
    given = settings(FIELDS, sessions=[["surname"], ["given_name"]])
    found = estimate(bad, given, "person", "1", said.append)
    assert [one.name for one in found.model.comparisons] == ["surname", "given_name"]
    assert found.model.comparisons_left_out == ("birth_place", "passport", "city")
    alike = "every pair of records meets its level 'same city', so that it tells none from another"
    for line in (
        f"comparison city is left out: {alike}",
        "comparison birth_place is left out: its fields are empty in these sources",
        "comparison passport is left out: only 5 of the records have what it compares",
    ):
        assert line in said
        assert line in found.notes


def test_values_that_never_agree_leave_the_configured_m_and_a_note() -> None:
    """That no two records share a passport does not say what sharing one means."""
    unlike = mentions().with_columns(
        passport=pl.col("mention").map_elements(lambda n: f"{n:06}" * 2, pl.String())
    )
    given = settings(FIELDS, sessions=[["surname"], ["given_name"]])
    found = estimate(unlike, given, "person", "1", lambda _: None)
    assert any("passport: no two of these records agree on it" in note for note in found.notes)
    same = found.model.comparison("passport").levels[1]
    assert same.weight > 5


def test_records_that_are_all_alike_are_refused() -> None:
    """A model without comparisons is no model; one line says so."""
    alike = mentions().with_columns(
        pl.lit("same", PERSON[field.column]).alias(field.column) for field in FIELDS
    )
    with pytest.raises(TrainingError, match="no comparison tells records apart"):
        estimate(alike, settings(FIELDS), "person", "1", lambda _: None)


def test_too_few_pairs_leave_the_configured_m_and_a_note() -> None:
    """Where no session has pairs enough nothing is learnt, and everybody is told."""
    given = settings(FIELDS[:2], sessions=[["surname"]], min_session_pairs=10**7)
    found = estimate(mentions(), given, "person", "1", lambda _: None)
    assert any(note.startswith("no session had pairs enough") for note in found.notes)
    m = [level.m for level in found.model.comparison("surname").levels[1:]]
    assert m == pytest.approx([0.7, 0.2, 0.1])

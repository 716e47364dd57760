"""EM sessions that took relatives for matches."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import EntitySettings
from linker.config.load import default_settings
from linker.schemas import PERSON
from linker.training.convergence import Learnt
from linker.training.prior import prior_by_rules
from linker.training.relatives import MOSTLY, tells_relatives, without_relatives
from linker.training.sessions import run_sessions
from tests.training.simulated import fitted

RELATIVES = (0.02, 0.08, 0.9)


def settings() -> EntitySettings:
    """Return settings that compare given names, addresses and birth places."""

    def levels(column: str, *relatives: float | None) -> list[dict[str, Any]]:
        told = [{} if share is None else {"relatives": share} for share in relatives]
        return [
            {"kind": "missing", "of": [column]},
            {"kind": "exact", "column": column, "m": 0.8, **told[0]},
            {"kind": "jaro_winkler", "column": column, "at_least": 0.9, "m": 0.16, **told[1]},
            {"kind": "else", "m": 0.04, **told[2]},
        ]

    values = default_settings("person")
    nobody = (None, None, None)
    values["comparison"] = [
        {"name": "name", "levels": levels("given_name", *RELATIVES)},
        {"name": "place", "levels": levels("birth_place", *nobody)},
        {"name": "address", "role": "association", "levels": levels("address", *nobody)},
    ]
    nothing = {"sessions": [], "prior_rules": [], "fallback_prior_rules": []}
    training = {**nothing, "fallback_sessions": [["surname"]], "u_max_pairs": 2e5}
    values["training"] = {**training, "household_sessions": [], "min_session_pairs": 100}
    return EntitySettings.model_validate(values)


COMPARISONS = settings().comparisons
MATCHES = (0.85, 0.11, 0.04)


def learnt(share: float, *others: str) -> Learnt:
    """Return what a session learns whose matches are such a share of relatives."""
    name = [share * r + (1 - share) * m for r, m in zip(RELATIVES, MATCHES, strict=True)]
    m = {"name": name} | {other: [0.9, 0.05, 0.05] for other in others}
    return Learnt(0.2, m, 10, 0.0001, converged=True)


@given(st.floats(MOSTLY + 0.05, 0.95))
def test_matches_are_found_again_among_relatives(share: float) -> None:
    """A mixture of both is taken apart, whatever its shares, and the rest is not heard."""
    found, relatives = without_relatives(learnt(share, "address", "place"), COMPARISONS)
    assert relatives == pytest.approx(share, abs=0.01)
    assert found.m["name"] == pytest.approx(MATCHES, abs=0.02)
    assert set(found.m) == {"name"}
    assert found.match_share == pytest.approx(0.2 * (1 - share), abs=0.01)


@given(st.floats(0, MOSTLY - 0.05))
def test_some_relatives_among_the_matches_change_nothing(share: float) -> None:
    """What is mostly matches is heard as it is."""
    before = learnt(share, "address")
    assert without_relatives(before, COMPARISONS)[0] is before


def test_where_nothing_is_shared_there_are_no_households() -> None:
    """Names that differ may be aliases where an address is not compared."""
    before = learnt(0.8, "place")
    assert without_relatives(before, COMPARISONS) == (before, 0.0)


def test_where_names_are_held_equal_nothing_else_tells_relatives() -> None:
    """What few records have may say anything, and must not silence a session."""
    suffix = COMPARISONS[0].model_copy(update={"name": "suffix"})
    before = replace(
        learnt(0.8, "address"), m={"suffix": [0.1, 0.0, 0.9], "address": [0.9, 0, 0.1]}
    )
    assert without_relatives(before, [*COMPARISONS, suffix]) == (before, 0.0)


def test_a_comparison_tells_relatives_where_all_its_levels_do() -> None:
    """How relatives meet each level must be configured."""
    assert [tells_relatives(comparison) for comparison in COMPARISONS] == [True, False, False]
    shipped = EntitySettings.model_validate(default_settings("person")).comparisons
    assert "name" in {comparison.name for comparison in shipped if tells_relatives(comparison)}


def households(seed: int) -> pl.DataFrame:
    """Return families of three under a name and a roof, of each of whom some have two records."""
    draw = random.Random(seed)
    given_names = ["".join(draw.choices("bcdfglmnprstv", k=7)) for _ in range(400)]
    rows = []
    for family in range(400):
        for person in draw.sample(given_names, 3):
            for _ in range(draw.choice((1, 1, 2))):
                moved = draw.random() < 0.1
                row = {
                    "given_name": draw.choice(given_names) if draw.random() < 0.02 else person,
                    "surname": f"family{family // 2}",
                    "address": f"{draw.randrange(9_999) if moved else family} elm street",
                    "birth_place": draw.choice("abcdefgh"),
                }
                rows.append(row)
    frame = pl.DataFrame(rows).with_columns(
        pl.lit("s").alias("source"),
        pl.int_range(pl.len()).cast(pl.String).alias("record_id"),
        mention=pl.int_range(pl.len(), dtype=pl.Int64),
    )
    return pl.concat([pl.DataFrame(schema=dict(PERSON)), frame], how="diagonal").select(
        list(PERSON)
    )


def test_a_session_on_family_names_does_not_take_a_family_for_one_person() -> None:
    """Of pairs of one family name and address most are relatives, and names say so."""
    said: list[str] = []
    with fitted(households(3), settings(), said) as fitting:
        prior = prior_by_rules(fitting)
        fitting.linker.training.estimate_u_using_random_sampling(max_pairs=2e5, seed=1)
        sessions = run_sessions(fitting, {c.name: [None] * 3 for c in COMPARISONS}, prior)
    (session,) = [one for one in sessions if one.columns == ("surname",)]
    assert any("are relatives" in line for line in said)
    assert set(session.m) == {"name"}
    assert session.m["name"][0] > 0.7

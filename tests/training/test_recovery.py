"""Known parameters are found again in data drawn from them."""

from __future__ import annotations

import pytest

from linker.model import LinkageModel
from linker.training.estimate import Estimate, estimate
from tests.training.simulated import Field, settings, simulate

FIELDS = (
    Field("surname", 500, 4, (0.85, 0.10, 0.05)),
    Field("given_name", 100, 3, (0.90, 0.06, 0.04)),
    Field("birth_place", 20, 2, (0.70, 0.10, 0.20)),
    Field("city", 10, 2, (0.55, 0.15, 0.30)),
    Field("address", 400, 2, (0.60, 0.25, 0.15)),
)
TWICE, ONCE = 5000, 3000
RECORDS = 2 * TWICE + ONCE


@pytest.fixture(scope="module")
def found() -> Estimate:
    given = settings(
        FIELDS,
        u_max_pairs=8e5,
        sessions=[["surname"], ["given_name"], ["address"]],
        prior_rules=[["surname", "given_name"]],
    )
    return estimate(simulate(FIELDS, TWICE, ONCE, 7), given, "person", "1", lambda _: None)


def parameters(model: LinkageModel, name: str, which: str) -> list[float]:
    levels = model.comparison(name).levels
    return [getattr(level, which) for level in levels if not level.is_missing]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.column)
def test_m_is_found_again(found: Estimate, field: Field) -> None:
    """Every m probability comes back within two points."""
    assert parameters(found.model, field.column, "m") == pytest.approx(field.m, abs=0.02)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.column)
def test_u_is_found_again(found: Estimate, field: Field) -> None:
    """Every u probability comes back within a twentieth of it, a seventh of a bit."""
    assert parameters(found.model, field.column, "u") == pytest.approx(field.u, rel=0.1)


def test_the_prior_is_found_again(found: Estimate) -> None:
    """The share of matches among all pairs comes back within a twentieth of it."""
    assert found.model.prior == pytest.approx(TWICE / (RECORDS * (RECORDS - 1) / 2), rel=0.05)


def test_every_comparison_is_estimated_twice_by_sessions_that_converged(found: Estimate) -> None:
    """Three sessions on three columns estimate every comparison at least twice, and agree."""
    assert min(found.estimated.values()) >= 2
    assert all(session.converged for session in found.sessions)
    assert found.disagreements == ()
    assert found.interpolated == ()
    assert found.notes == []

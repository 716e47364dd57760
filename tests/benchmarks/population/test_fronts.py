"""Front companies: entities of their own that share what a criminal organization has."""

from __future__ import annotations

import numpy as np

from benchmarks.population.fronts import generic_cores, make_fronts
from benchmarks.population.homes import HOME

ROWS = 6_000


def test_fronts_share_with_one_criminal_organization() -> None:
    """About the stated share are fronts; what they share is a criminal organization's."""
    rng = np.random.default_rng(1)
    criminal = np.arange(ROWS) % 5 == 0
    columns = ("leader", "phone_1", *(f"{column}_1" for column in HOME))
    table = {column: np.arange(ROWS) for column in columns}
    front = make_fronts(rng, table, criminal, 0.08)
    assert abs(front.mean() - 0.08) < 0.02
    assert not (front & criminal).any()
    for column in columns:
        changed = table[column] != np.arange(ROWS)
        assert (changed <= front).all()
        assert 0.4 < changed[front].mean() < 0.8
        assert criminal[table[column][changed]].all()


def test_no_fronts_without_criminal_organizations() -> None:
    """Where nobody stands behind them there are no fronts."""
    rng = np.random.default_rng(1)
    assert not make_fronts(rng, {}, np.zeros(5, dtype=np.bool_), 1.0).any()


def test_generic_names_repeat() -> None:
    """Names that fit any company are few, so that unlike fronts share one."""
    cores = generic_cores(np.random.default_rng(1), np.arange(500) % 2 == 0)
    assert 10 < cores.n_unique() < 60

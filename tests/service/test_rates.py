"""How often each asker may ask, over all workers together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linker.service.door.rates import PROBED, SLOTS, Rates, make_rates


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "rates"
    make_rates(made)
    return made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=st.lists(st.floats(0, 5), min_size=1, max_size=80),
    per_minute=st.integers(1, 600),
    burst=st.integers(1, 20),
)
def test_no_more_than_a_burst_and_the_rate(
    path: Path, gaps: list[float], per_minute: int, burst: int
) -> None:
    """In any stretch of time there are at most a burst and what the rate allows for the stretch."""
    make_rates(path)
    rates = Rates(path, per_minute=per_minute, burst=burst)
    now, taken = 1_000.0, []
    for gap in gaps:
        now += gap
        wait = rates.wait("asker", now)
        assert wait >= 0
        if not wait:
            taken.append(now)
    for place, first in enumerate(taken):
        for count, last in enumerate(taken[place:], start=1):
            assert count <= burst + (last - first) * per_minute / 60 + 1e-6
    assert taken[0] == 1_000.0 + gaps[0]  # whoever was not there is not held back
    rates.close()


def test_after_the_time_that_is_told_one_may_ask(path: Path) -> None:
    """Whoever is refused is told in how many seconds it would do, and then it does."""
    rates = Rates(path, per_minute=60, burst=3)
    assert [rates.wait("asker", 50.0) for _ in range(3)] == [0, 0, 0]
    wait = rates.wait("asker", 50.0)
    assert wait == pytest.approx(1.0)
    assert rates.wait("asker", 50.0 + wait / 2) > 0
    assert rates.wait("asker", 50.0 + wait) == 0
    rates.close()


def test_askers_do_not_count_for_each_other(path: Path) -> None:
    """One asker's flood takes nothing from others."""
    rates = Rates(path, per_minute=60, burst=2)
    for _ in range(100):
        rates.wait("flood", 50.0)
    assert all(rates.wait(f"asker {number}", 50.0) == 0 for number in range(500))
    rates.close()


def test_workers_count_together(path: Path) -> None:
    """What one process counted is known to another one that has mapped the same file."""
    one = Rates(path, per_minute=60, burst=2)
    other = Rates(path, per_minute=60, burst=2)
    assert one.wait("asker", 50.0) == 0
    assert other.wait("asker", 50.0) == 0
    assert one.wait("asker", 50.0) > 0
    assert other.wait("asker", 50.0) > 0
    one.close()
    other.close()


def test_very_many_askers(path: Path) -> None:
    """With more askers than there is room for, nobody is refused for another one's sake."""
    rates = Rates(path, per_minute=60, burst=1)
    refused = sum(rates.wait(f"asker {number}", 50.0) > 0 for number in range(SLOTS + 50 * PROBED))
    assert refused == 0
    rates.close()

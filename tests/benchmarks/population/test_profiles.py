"""What records hold by source: fields that come and go together."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.population.profiles import (
    AGE,
    CASE,
    FULL_BIRTH,
    INTEL,
    NO_BIRTH,
    PRESENCE,
    PROFILES,
    WATCHLIST,
    birth_forms,
    drawn_profiles,
    shown,
)

ROWS = 40_000


def test_tables_fit_together() -> None:
    """Every field has a share for each profile, and the shares of a source's profiles sum to 1."""
    for field, shares in PRESENCE.items():
        assert len(shares) == len(PROFILES), field
        assert all(0 <= share <= 1 for share in shares), field
    for source in range(WATCHLIST + 1):
        own = [profile for profile in PROFILES if profile.source == source]
        assert sum(profile.alone for profile in own) == pytest.approx(1)
        assert sum(profile.known for profile in own) == pytest.approx(1)
    for profile in PROFILES:
        assert sum(profile.births) == pytest.approx(1), profile.name


def test_profiles_are_drawn_from_the_record_s_source() -> None:
    """A record gets a profile of its own source, at the share of people known or alone."""
    rng = np.random.default_rng(1)
    source = rng.integers(0, WATCHLIST + 1, ROWS)
    alone = rng.random(ROWS) < 0.5
    drawn = drawn_profiles(rng, source, alone)
    assert (np.array([profile.source for profile in PROFILES])[drawn] == source).all()
    for number, profile in enumerate(PROFILES):
        for lonely, share in ((True, profile.alone), (False, profile.known)):
            rows = (source == profile.source) & (alone == lonely)
            got = (drawn[rows] == number).mean()
            assert abs(got - share) < 4.5 * np.sqrt(0.25 / rows.sum()), profile.name


def test_whom_other_records_know_is_seldom_a_bare_name() -> None:
    """A report on somebody known elsewhere mostly follows a look-up, so it is rarely bare."""
    rng = np.random.default_rng(1)
    intel = np.full(ROWS, INTEL)
    bare = [profile.name for profile in PROFILES].index("bare")
    shares = [
        (drawn_profiles(rng, intel, np.full(ROWS, alone)) == bare).mean() for alone in (False, True)
    ]
    assert shares[0] < shares[1] / 4


def test_fields_come_together() -> None:
    """Case records with an A-number have an address far more often than those without."""
    rng = np.random.default_rng(1)
    profile = drawn_profiles(rng, np.full(ROWS, CASE), np.zeros(ROWS, dtype=np.bool_))
    numbered, placed = shown(rng, "a_number", profile), shown(rng, "address", profile)
    assert placed[numbered].mean() > placed[~numbered].mean() + 0.05


def test_birth_forms_follow_the_profile() -> None:
    """A bare name has no birth date, a booking nearly always a full one, a sighting an age."""
    rng = np.random.default_rng(1)
    names = [profile.name for profile in PROFILES]
    forms = {
        name: birth_forms(rng, np.full(ROWS, names.index(name)))
        for name in ("bare", "booking", "sighting")
    }
    assert (forms["bare"] == NO_BIRTH).all()
    assert (forms["booking"] == FULL_BIRTH).mean() > 0.98
    assert 0.4 < (forms["sighting"] == AGE).mean() < 0.55

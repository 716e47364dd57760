"""Which EM sessions are run, and how they ended."""

from __future__ import annotations

from typing import Any

import pytest

from linker.training.convergence import limits_of, maximise
from linker.training.fitting import Fitting, linker_of, untrained_settings
from linker.training.prior import prior_by_rules
from linker.training.sessions import run_sessions, session_notes, times_estimated
from linker.training.smooth import SessionEstimate
from tests.training.simulated import Field, fitted, settings, simulate

FIELDS = (
    Field("surname", 50, 4, (0.9, 0.05, 0.05)),
    Field("given_name", 40, 2, (0.9, 0.05, 0.05)),
    Field("city", 10, 2, (0.9, 0.05, 0.05), role="association"),
    Field("passport", 1000, 2, (0.9, 0.05, 0.05)),
)
MENTIONS = simulate(FIELDS, 300, 200, 5)
U: dict[str, list[float | None]] = {field.column: list(field.u) for field in FIELDS}
SURNAME = ["surname"]


def sessions_of(**training: Any) -> tuple[list[SessionEstimate], list[str], list[str]]:
    """Return the sessions, the notes of them, and what was said."""
    said: list[str] = []
    with fitted(MENTIONS, settings(FIELDS, **training), said) as fitting:
        know_u(fitting)
        found = run_sessions(fitting, U, prior_by_rules(fitting))
        return found, session_notes(fitting, found), said


def know_u(fitting: Fitting) -> None:
    fitting.linker.training.estimate_u_using_random_sampling(
        max_pairs=1e5, seed=1, min_count_per_level=None
    )


def columns(found: list[SessionEstimate]) -> list[tuple[str, ...]]:
    return [session.columns for session in found]


def test_no_more_sessions_are_run_than_are_needed() -> None:
    """Where the configured sessions estimate all twice, the fallback ones are left."""
    found, notes, _ = sessions_of(
        sessions=[SURNAME, ["given_name"], ["passport"]], fallback_sessions=[["city"]]
    )
    assert columns(found) == [("surname",), ("given_name",), ("passport",)]
    assert notes == []
    assert all(session.converged and 1 <= session.iterations <= 50 for session in found)


def test_a_fallback_session_checks_what_one_session_estimated() -> None:
    """It learns the comparisons that need it, and says which of them it only checks."""
    found, _, _ = sessions_of(sessions=[SURNAME], fallback_sessions=[["given_name"], ["passport"]])
    assert [session.origin for session in found] == ["configured", "fallback", "fallback"]
    second, third = found[1], found[2]
    assert set(second.m) == {"surname", "city", "passport"}
    assert second.checked == {"city", "passport"}
    assert set(third.m) == third.checked == {"surname", "given_name"}
    assert third.only_checks
    assert not second.only_checks


def test_columns_are_found_where_no_session_is_configured() -> None:
    """Sessions are made of what the comparisons want equal; each is estimated twice."""
    found, notes, _ = sessions_of()
    assert {session.origin for session in found} == {"generated"}
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        assert min(times_estimated(fitting.comparisons, found).values()) >= 2
    # a place that strangers share is held equal with another column alone
    assert ("city",) not in columns(found)
    assert notes == []


def test_what_one_session_estimated_is_said() -> None:
    """Nothing checks it, and whoever reads the model should know."""
    _, notes, _ = sessions_of(sessions=[SURNAME], min_session_pairs=1800)
    assert "comparison passport: estimated by one session only: nothing checks it" in notes


def test_a_session_without_matches_is_left_out_and_said() -> None:
    """Where hardly any pair matches, expectation maximisation learns noise."""
    once = simulate(FIELDS, 0, 700, 5)
    said: list[str] = []
    with fitted(once, settings(FIELDS, sessions=[SURNAME]), said) as fitting:
        know_u(fitting)
        found = run_sessions(fitting, U, 1e-6)
        notes = session_notes(fitting, found)
    assert found == []
    assert any(line.startswith("session on surname: left out") for line in said)
    assert any(note.startswith("no session had pairs enough") for note in notes)


def test_a_session_that_stops_at_its_limit_has_not_converged() -> None:
    """Splink calls it converged; the change of its last iteration says otherwise."""
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        limited = untrained_settings(fitting.comparisons)
        limited.max_iterations = 2
        fitting.linker = linker_of(fitting.connection, limited)
        know_u(fitting)
        learnt = maximise(fitting, SURNAME, 2000)
        limits = limits_of(fitting)
    assert learnt
    assert learnt.iterations == 2
    assert not learnt.converged
    assert learnt.last_change >= limits.change


def test_what_nobody_asked_for_teaches_nothing_unless_it_converged() -> None:
    """A session of its own finding that stopped at its limit only checks, whatever it estimated."""
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        limited = untrained_settings(fitting.comparisons)
        limited.max_iterations = 2
        fitting.linker = linker_of(fitting.connection, limited)
        know_u(fitting)
        found = run_sessions(fitting, U, prior_by_rules(fitting))
    stopped = [session for session in found if not session.converged]
    assert stopped
    assert all(session.origin == "generated" and session.only_checks for session in stopped)


def test_a_session_that_stopped_at_its_limit_is_said() -> None:
    """The note gives the limit, and how much the last iteration still changed."""
    stopped = SessionEstimate(
        *(("city",), 900, 0.5, 450.0, {"surname": [0.9, 0.05, 0.05]}),
        iterations=50,
        last_change=0.0123,
        converged=False,
    )
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        notes = session_notes(fitting, [stopped, stopped])
    assert notes[0] == (
        "session on city: stopped at its limit of 50 iterations, still changing by 0.012 "
        "(below 0.0005 it would have converged)"
    )


def test_a_session_tells_how_it_ended() -> None:
    """The summary, which is written, holds iterations and whether it converged."""
    found, _, _ = sessions_of(sessions=[SURNAME], fallback_sessions=[["given_name"]])
    told = found[1].summary()
    assert told["iterations"] == found[1].iterations
    assert told["converged"] is True
    assert (told["origin"], told["checked"]) == ("fallback", ["city", "passport"])
    assert told["matches"] == pytest.approx(found[1].match_share * found[1].pairs, abs=1)

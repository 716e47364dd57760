"""Which EM sessions are run, so that every comparison is estimated at least twice.

A session holds some columns equal and so teaches nothing of the comparisons that read them. What
only one session taught nobody can check; two that agree are evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from linker.model import TrainedComparison
from linker.training.convergence import limits_of, maximise, session_name
from linker.training.fitting import Fitting, left_open
from linker.training.relatives import MOSTLY, without_relatives
from linker.training.smooth import Origin, SessionEstimate
from linker.training.thresholds import identity_floor

LEAST_MATCH_SHARE: Final = 0.002
"""A session whose pairs hold a smaller share of matches learns noise and is left out."""
LEAST_MATCHES: Final = 20
"""A session that expects fewer matches than this is left out."""
LEAST_TIMES: Final = 2
"""How many sessions should estimate each comparison."""
LEAST_SHARE_UNASKED: Final = 0.05
"""The same share for a session that no configuration names: it has to be a good one."""
MOST_UNASKED: Final = 8
"""At most so many sessions are run that no configuration names."""
COULD_MATCH: Final = 0.1
"""For each record so many matches are thought possible, whatever the rules of the prior find."""
SAYS_WHO: Final = 0.01
"""A column that more random pairs agree on than this says too little of who someone is."""
HELPS_SAY_WHO: Final = 0.05
"""The same share for a column that is held equal together with another one."""

Us = Mapping[str, Sequence[float | None]]
"""By comparison, u of each level but the missing one, None where never observed."""
Pairs = Mapping[tuple[str, ...], int]
"""How many pairs of records agree on some columns."""


def run_sessions(fitting: Fitting, u: Us, prior: float) -> list[SessionEstimate]:
    """Run the EM sessions of a configuration, and more until all is estimated twice.

    First come the configured sessions; then, where fewer than `LEAST_TIMES` of them estimated some
    comparison, the fallback sessions; then sessions on columns that the other comparisons want
    equal, those with the fewest pairs first, among which matches are the densest. Of what is not
    configured only the comparisons that need it are learnt, and what was estimated before is only
    checked: the order is that of worth, and a session that learns of neighbours and relatives must
    not spoil a better one's m. One that no configuration names and that did not converge checks
    all and teaches nothing: where records have names alone, it took namesakes for matches.

    Args:
        fitting: Its linker knows u.
        u: As observed among random pairs.
        prior: The share of matches among random pairs, as far as it is known.

    Returns:
        The sessions that taught something, in the order in which they ran.
    """
    training = fitting.training
    done = [_run(fitting, columns) for columns in training.sessions]
    sessions = [session for session in done if session]
    for columns in training.fallback_sessions:
        _add(fitting, sessions, columns, "fallback")
    if not _wanted(fitting, sessions):
        return sessions
    tried = {frozenset(columns) for columns in (*training.sessions, *training.fallback_sessions)}
    left = MOST_UNASKED
    seen = (session.matches for session in sessions)
    matches = max(prior * fitting.all_pairs, fitting.records * COULD_MATCH, *seen)
    for unasked in _unasked(fitting, u, matches, tried):
        if not left:
            break
        left -= _add(fitting, sessions, unasked, "generated")
    return sessions


def times_estimated(
    comparisons: Sequence[TrainedComparison], sessions: Sequence[SessionEstimate]
) -> dict[str, int]:
    """Return by comparison how many sessions estimated it."""
    counts = Counter(name for session in sessions for name in session.m)
    return {comparison.name: counts[comparison.name] for comparison in comparisons}


def session_notes(fitting: Fitting, sessions: Sequence[SessionEstimate]) -> list[str]:
    """Return notes of sessions that stopped at their limit, and of what only one session saw."""
    limits = limits_of(fitting)
    notes = [
        f"session on {session_name(session.columns)}: stopped at its limit of "
        f"{limits.iterations} iterations, still changing by {session.last_change:.2g} "
        f"(below {limits.change:g} it would have converged)"
        for session in sessions
        if not session.converged
    ]
    if not sessions:
        notes.append(
            "no session had pairs enough: every m probability is the configured one "
            f"(training.min_session_pairs = {fitting.training.min_session_pairs:,})"
        )
    once = [name for name, n in times_estimated(fitting.comparisons, sessions).items() if n == 1]
    notes += [
        f"comparison {name}: estimated by one session only: nothing checks it" for name in once
    ]
    return notes


def household_floor(fitting: Fitting) -> float | None:
    """Return the identity floor that the pairs of a household ask for; None without households."""
    for columns in fitting.training.household_sessions:
        pairs = fitting.pairs_of(columns)
        if pairs < fitting.training.min_session_pairs:
            continue
        learnt = maximise(fitting, columns, pairs)
        if learnt is None:
            continue
        floor = identity_floor(learnt.match_share)
        fitting.say(
            f"households: {pairs:,} pairs agree on {session_name(columns)}, "
            f"{learnt.match_share:.1%} of them matches; identity must weigh {floor:.1f} bits"
            + ("" if learnt.converged else " (its session stopped at its limit)")
        )
        return floor
    return None


def _add(
    fitting: Fitting, sessions: list[SessionEstimate], columns: Sequence[str], origin: Origin
) -> bool:
    """Run a session for the comparisons that were not estimated often enough, and add it.

    Returns:
        Whether it was run.
    """
    wanted = _wanted(fitting, sessions) & left_open(fitting.comparisons, columns)
    if not wanted:
        return False
    session = _run(fitting, columns, wanted, origin)
    if session:
        known = {name for other in sessions for name in other.m}
        if origin == "generated" and not session.converged:
            known |= set(session.m)  # nobody asked for it, and it may have learnt noise
        sessions.append(replace(session, checked=frozenset(known & set(session.m))))
    return True


def _wanted(fitting: Fitting, sessions: Sequence[SessionEstimate]) -> set[str]:
    times = times_estimated(fitting.comparisons, sessions)
    return {name for name, n in times.items() if n < LEAST_TIMES}


def _run(
    fitting: Fitting,
    columns: Sequence[str],
    wanted: set[str] | None = None,
    origin: Origin = "configured",
) -> SessionEstimate | None:
    """Run one EM session; None, with a line that says why, where it cannot teach anything."""
    name = session_name(columns)
    pairs = fitting.pairs_of(columns)
    if pairs < fitting.training.min_session_pairs:
        if pairs:
            fitting.say(f"session on {name}: left out, it has only {pairs:,} pairs")
        return None
    if not left_open(fitting.comparisons, columns):
        return None
    learnt = maximise(fitting, columns, pairs)
    if learnt is None:
        return None
    learnt, relatives = without_relatives(learnt, fitting.configured)
    if relatives > MOSTLY:
        fitting.say(
            f"session on {name}: {relatives:.0%} of what it took for matches are relatives, by how "
            "often names differ; heard without them, and on names alone"
        )
    share = learnt.match_share
    matches = share * min(pairs, fitting.training.em_max_pairs)
    least = LEAST_SHARE_UNASKED if origin == "generated" else LEAST_MATCH_SHARE
    if share < least or matches < LEAST_MATCHES:
        fitting.say(f"session on {name}: left out, only {share:.2%} of its {pairs:,} pairs match")
        return None
    fitting.say(f"session on {name}: {pairs:,} pairs, {share:.1%} of them matches")
    return SessionEstimate(
        columns=tuple(columns),
        pairs=pairs,
        match_share=share,
        matches=matches,
        m={n: values for n, values in learnt.m.items() if wanted is None or n in wanted},
        by_chance=(1 - share) * pairs / fitting.all_pairs,
        iterations=learnt.iterations,
        last_change=learnt.last_change,
        converged=learnt.converged,
        origin=origin,
    )


def _unasked(
    fitting: Fitting, u: Us, matches: float, tried: set[frozenset[str]]
) -> Iterator[tuple[str, ...]]:
    """Yield columns to hold equal, of sessions that no configuration names, the best first.

    First columns that say who someone is; then each of those that too many pairs agree on with
    another comparison's column that tells at least half of these pairs apart. Too many are more
    than would hold `LEAST_SHARE_UNASKED` matches if all `matches` were among them: relatives and
    strangers would be learnt for matches.
    """
    most = matches / LEAST_SHARE_UNASKED
    equal = {c.name: column for c in fitting.comparisons if (column := _equal_column(c))}
    agree = {
        equal[c.name]: u[c.name][0] or 0.0
        for c in fitting.comparisons
        if c.role in {"identity", "biometric"} and c.name in equal
    }
    alone: Pairs = {
        (column,): fitting.pairs_of([column])
        for column, share in agree.items()
        if share <= HELPS_SAY_WHO
    }
    good = {columns: n for columns, n in alone.items() if agree[columns[0]] <= SAYS_WHO}
    yield from _best(fitting, good, most, tried)
    for (column, *_), pairs in alone.items():
        if pairs > most or agree[column] > SAYS_WHO:
            both = {(column, other): fitting.pairs_of([column, other]) for other in equal.values()}
            halved: Pairs = {columns: n for columns, n in both.items() if n <= pairs / 2}
            yield from _best(fitting, halved, most, tried)


def _best(
    fitting: Fitting,
    pairs: Pairs,
    most: float,
    tried: set[frozenset[str]],
) -> list[tuple[str, ...]]:
    """Return the columns that not too many pairs agree on, nor too few, the fewest first."""
    least = fitting.training.min_session_pairs
    good = [c for c, n in pairs.items() if least <= n <= most and frozenset(c) not in tried]
    return sorted(good, key=lambda columns: (pairs[columns], columns))


def _equal_column(comparison: TrainedComparison) -> str | None:
    """Return the column that a comparison's best level wants equal, and no more than that."""
    best = next(level.level for level in comparison.levels if not level.is_missing)
    return str(best.parameters["column"]) if best.kind == "exact" else None

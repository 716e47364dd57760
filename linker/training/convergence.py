"""One EM session of Splink's, and whether it truly converged.

Splink says that a session converged also where it stopped at its limit. What each iteration made of
every m probability is in the data of the session's history charts; the last change there says how
it ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from splink import block_on

from linker.training.fitting import Fitting, linker_of, untrained_settings

PROBE: Final = 20_000
"""Records that Splink looks at first, to find out how many pairs a session has."""
NOT_MET: Final = 1e-6
"""The m that Splink gives a level which no pair of a session met."""


@dataclass(frozen=True)
class Limits:
    """When a session ends.

    `change` is the change of a probability below which it has converged, `iterations` the number
    after which it stops all the same.
    """

    change: float
    iterations: int


@dataclass(frozen=True)
class Learnt:
    """What Splink learnt of the pairs that agree on some columns.

    Attributes:
        match_share: The share of matches among them.
        m: By comparison, the m probability of each level from best to worst, the missing one left
            out.
        iterations: How many there were.
        last_change: The largest change of an m probability or of the match share in the last one.
        converged: Whether that was below the limit.
    """

    match_share: float
    m: dict[str, list[float]]
    iterations: int
    last_change: float
    converged: bool


def limits_of(fitting: Fitting) -> Limits:
    """Return when the sessions of a fitting end."""
    settings = untrained_settings(fitting.comparisons)
    return Limits(float(settings.em_convergence), int(settings.max_iterations))


def maximise(fitting: Fitting, columns: Sequence[str], pairs: int) -> Learnt | None:
    """Run expectation maximisation over the pairs that agree on some columns.

    Args:
        fitting: Whose u probabilities are known; its linker is replaced where Splink broke it.
        columns: What is held equal.
        pairs: How many pairs agree on them.

    Returns:
        What was learnt; None, with a line that says so, where Splink cannot learn of the pairs.
    """
    before = fitting.linker.misc.save_model_to_json()
    try:
        session = fitting.linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=fitting.training.em_max_pairs,
            record_sample_proportion=min(1.0, max(0.01, PROBE / fitting.records)),
        )
    except ValueError:
        # Splink refuses an m that has run to 0, and the failed session leaves its linker unusable
        name = session_name(columns)
        fitting.say(f"session on {name}: left out, its {pairs:,} pairs are too few or too alike")
        fitting.linker = linker_of(fitting.connection, before)
        return None
    iterations, change = _ending(session)
    learnt = session.core_model_settings
    m = {
        comparison.output_column_name: [
            float(level.m_probability or 0.0)
            for level in comparison.comparison_levels
            if not level.is_null_level
        ]
        for comparison in learnt.comparisons
    }
    share = float(learnt.probability_two_random_records_match)
    return Learnt(share, m, iterations, change, change < limits_of(fitting).change)


def session_name(columns: Sequence[str]) -> str:
    """Return the name of a session: the columns it holds equal."""
    return " and ".join(columns)


def _ending(session: Any) -> tuple[int, float]:  # noqa: ANN401 - Splink's session
    """Return the number of iterations of a session, and the largest change in the last of them."""
    shares = {
        record["iteration"]: float(record["probability_two_random_records_match"])
        for record in session.probability_two_random_records_match_iteration_chart().raw_records
    }
    last = max(shares)
    changes = [abs(shares[last] - shares[last - 1])]
    before: dict[tuple[str, int], float] = {}
    # the records are in the order of the iterations
    for record in session.m_u_values_interactive_history_chart().raw_records:
        if record.is_null_level or record.iteration < last - 1:
            continue
        place = record.comparison_name, record.comparison_vector_value
        m = float(record.m_probability or 0.0)
        if record.iteration == last:
            changes.append(abs(m - before[place]))
        before[place] = m
    return last, max(changes)

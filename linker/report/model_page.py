"""The page of a trained model: how much each agreement and disagreement weighs, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

from linker.model import LinkageModel, TrainedComparison, TrainedLevel, weight_of
from linker.report.charts import diverging_scale
from linker.report.figures import capitalised, spaced
from linker.report.model_judged import judged, rule_rows
from linker.report.render import render
from linker.report.words import PLURAL, ROLES

SURE: Final = 0.95
"""The match probability that the page works out the needed evidence for."""

KNOWN: Final = {
    "records": "Records in the sources",
    "records_sampled": "Records trained on",
    "pairs": "Random pairs that gave u",
    "seed": "Seed of the random samples",
}
"""What `LinkageModel.training` is known to hold besides sessions, in words."""


@dataclass(frozen=True)
class _Session:
    """One EM session: the columns it held equal, its pairs, and the share of them that match."""

    name: str
    pairs: int
    match_share: float
    m: dict[str, list[float]]
    iterations: int | None = None
    converged: bool | None = None


@dataclass(frozen=True)
class _LevelRow:
    """A level and what each session that estimated its comparison made of its m."""

    level: TrainedLevel
    estimates: tuple[float | None, ...]


@dataclass(frozen=True)
class _ComparisonSection:
    comparison: TrainedComparison
    role: str
    rows: tuple[_LevelRow, ...]
    sessions: tuple[_Session, ...]
    lowest: float
    highest: float


@dataclass(frozen=True)
class _Fact:
    name: str
    value: str


@dataclass(frozen=True)
class Beside:
    """What lies beside a model in its directory, as JSON values.

    Attributes:
        training: How it was trained (`training.json`).
        judgements: How right it was found to be (`metrics.json`), the newest last.
        profile: What the training data were like (`profile.json`).
        drift: What has changed since (`drift.json`).
    """

    training: Mapping[str, Any] = field(default_factory=dict)
    judgements: Sequence[Mapping[str, Any]] = ()
    profile: Mapping[str, Any] | None = None
    drift: Mapping[str, Any] | None = None


def model_page(model: LinkageModel, notes: Sequence[str], beside: Beside | None = None) -> str:
    """Return the page of a trained model: one HTML file that needs nothing else.

    Args:
        model: The trained model.
        notes: What training had to say about it, a sentence each.
        beside: What else is known of it.
    """
    known = beside or Beside()
    # what lies beside says more of sessions than the model itself
    told = known.training if known.training.get("sessions") else model.training
    sessions = _sessions(told)
    sections = [_section(comparison, sessions) for comparison in model.comparisons]
    return render(
        "model.html",
        model=model,
        notes=notes,
        plural=PLURAL[model.entity_type],
        sections=sections,
        sessions=sessions,
        scale=diverging_scale(w for section in sections for w in (section.lowest, section.highest)),
        sure=f"{SURE:.0%}",
        needed=weight_of(SURE) - model.prior_weight,
        facts=_facts(model.training),
        disagreements=known.training.get("disagreements", ()),
        interpolated=known.training.get("interpolated", ()),
        witnesses=_witnesses(model, known.training.get("witnesses", {})),
        judgements=[judged(judgement) for judgement in reversed(known.judgements)],
        rule_rows=rule_rows,
        profile=known.profile,
        drift=known.drift,
    )


@dataclass(frozen=True)
class _WitnessRow:
    comparison: str
    level: str
    m: float
    em: float | None
    model: float


@dataclass(frozen=True)
class _Witness:
    """What labelled pairs, or records that share a strong identifier, say of m."""

    name: str
    pairs: int
    used: tuple[str, ...]
    rows: tuple[_WitnessRow, ...]


def _witnesses(model: LinkageModel, told: Mapping[str, Any]) -> list[_Witness]:
    """Line up what other witnesses say of m with the sessions and with the model."""
    em = told.get("em") or {}
    named = {"decisions": told.get("decisions"), **(told.get("strong_identifiers") or {})}
    found = []
    for name, witness in named.items():
        rows = [
            _WitnessRow(comparison.name, level.label, m, by_sessions, level.m or 0.0)
            for comparison in model.comparisons
            for level, m, by_sessions in zip_longest(
                [level for level in comparison.levels if not level.is_missing],
                (witness or {}).get("m", {}).get(comparison.name, ()),
                em.get(comparison.name, ()),
            )
            if level is not None and m is not None
        ]
        if witness and rows:
            used = tuple(map(spaced, witness["used"]))
            found.append(_Witness(spaced(name), int(witness["pairs"]), used, tuple(rows)))
    return found


def _sessions(training: Mapping[str, Any]) -> tuple[_Session, ...]:
    return tuple(
        _Session(
            name=" and ".join(map(spaced, session["columns"])),
            pairs=session["pairs"],
            match_share=session["match_share"],
            m=session["m"],
            iterations=session.get("iterations"),
            converged=session.get("converged"),
        )
        for session in training.get("sessions", [])
    )


def _section(comparison: TrainedComparison, sessions: Sequence[_Session]) -> _ComparisonSection:
    """Line up levels with the sessions' estimates, which leave missing levels out."""
    used = tuple(session for session in sessions if comparison.name in session.m)
    estimates = [iter(session.m[comparison.name]) for session in used]
    rows = tuple(
        _LevelRow(level, tuple(None if level.is_missing else next(m, None) for m in estimates))
        for level in comparison.levels
    )
    weights = [level.weight for level in comparison.levels]
    return _ComparisonSection(
        comparison=comparison,
        role=ROLES[comparison.role],
        rows=rows,
        sessions=used,
        lowest=min(weights, default=0.0),
        highest=max(weights, default=0.0),
    )


def _facts(training: dict[str, Any]) -> list[_Fact]:
    """Return what else is known of the training as text; known words first, the rest as named."""
    names = [name for name in KNOWN if name in training]
    names += [name for name in training if name not in KNOWN and name != "sessions"]
    facts = []
    for name in names:
        title = KNOWN.get(name, capitalised(spaced(name)))
        facts += _told(title, training[name], counts=name != "seed")
    return facts


def _told(title: str, value: Any, *, counts: bool) -> list[_Fact]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return [
            fact
            for name, part in value.items()
            for fact in _told(f"{title}: {name}", part, counts=counts)
        ]
    if isinstance(value, list):
        return [_Fact(title, ", ".join(map(str, value)))]
    if isinstance(value, int) and not isinstance(value, bool) and counts:
        return [_Fact(title, f"{value:,}")]
    return [_Fact(title, str(value))]

"""Whether a model is due for retraining: what is linked against what it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from linker.config import EntitySettings
from linker.config.drift import DriftSettings
from linker.errors import StoreError
from linker.model import LinkageModel, ModelInUse
from linker.night.profile import PROFILE_FILE, Profile
from linker.night.shifts import Shift, levels_shifts, records_shift, shifts
from linker.night.stability import CERTAIN

TOLD_AT_NIGHT: Final = 3
"""So many reasons are told in the report of a run; `linker drift` tells all."""


@dataclass(frozen=True)
class Drift:
    """How far what is linked moved, and what follows.

    Attributes:
        lines: All that was compared, what is due first.
        due: Whether the model is due for retraining.
        reasons: Why, in words.
        too_few: Whether there are too few records to train on, so that nothing is due.
    """

    lines: tuple[Shift, ...]
    due: bool
    reasons: tuple[str, ...]
    too_few: bool


@dataclass(frozen=True)
class Baseline:
    """What is compared with.

    Attributes:
        profile: Of the training data or of an earlier generation; None where the model's own
            expectation is all there is.
        same_weights: Whether its weights and those of now are of one model and one prior.
    """

    profile: Profile | None
    same_weights: bool


def drift_of(
    now: Profile,
    baseline: Baseline,
    model: LinkageModel,
    settings: EntitySettings,
    limits: DriftSettings,
) -> Drift:
    """Return how far what is linked moved away from a baseline.

    Args:
        now: Of what is linked.
        baseline: What it is compared with.
        model: The model in use.
        settings: Say how few records are too few to train on.
        limits: What is too far.
    """
    if baseline.profile is not None:
        then = baseline.profile
        found = shifts(now, then, limits, model, same_weights=baseline.same_weights)
    else:
        found = list(levels_shifts(now, now.expected, CERTAIN, limits, model))
    size = records_shift(now, model, limits)
    told = [*found, *([size] if size else [])]
    too_few = now.records < settings.training.min_records
    if too_few:
        told = [replace(line, state="noticed") if line.state == "due" else line for line in told]
    lines = tuple(sorted(told, key=_order))
    reasons = tuple(line.text for line in lines if line.state == "due")
    return Drift(lines, bool(reasons), reasons, too_few)


def drift_warnings(
    now: Profile,
    directory: Path,
    model: LinkageModel,
    settings: EntitySettings,
    limits: DriftSettings,
) -> list[str]:
    """Return what a run says of drift: a sentence where its model is due, else nothing.

    It fails no run. A model without a profile, such as one that ships, was not trained on this
    data, and nothing is said of it. That the records are many more or fewer is told elsewhere
    (`night.summary`).

    Args:
        now: Of what is linked.
        directory: Of the model that it was linked by.
        model: That model.
        settings: Those of its entity type.
        limits: What is too far.
    """
    try:
        trained = Profile.read(directory / PROFILE_FILE)
    except StoreError:  # it decides nothing of what is linked
        untold = f"{PROFILE_FILE} beside the model is no profile of this version of linker"
        return [f"{model.entity_type}: {untold}; drift cannot be told; run linker train"]
    if trained is None:
        return []
    found = drift_of(now, Baseline(trained, _own_prior(settings)), model, settings, limits)
    reasons = [line.text for line in found.lines if line.state == "due" and line.what != "records"]
    if not reasons:
        return []
    moved = f"{model.entity_type}: the data moved away from what the model was trained on"
    return [f"{moved}: {_listed(reasons)}; look at linker drift, and run linker train"]


def other_weights(settings: EntitySettings, scored_by: str, in_use: ModelInUse) -> str:
    """Return why weights of a generation do not compare with those of training; "" if they do.

    Args:
        settings: Those of the entity type.
        scored_by: The name of the model that scored the generation.
        in_use: The model in use.
    """
    if scored_by != in_use.name:
        return (
            f"the generation was linked by {scored_by}, and {in_use.name} is in use: levels are "
            "compared where both have them, weights and values not; run linker link"
        )
    if not _own_prior(settings):
        return (
            f"{in_use.model.entity_type}.expected_records is set, so that match weights are of "
            "another prior than in training, and are not compared"
        )
    return ""


def _own_prior(settings: EntitySettings) -> bool:
    return settings.expected_records is None


def _order(shift: Shift) -> tuple[int, str, str]:
    return ["due", "noticed", "as before"].index(shift.state), shift.what, shift.name


def _listed(reasons: Sequence[str]) -> str:
    more = len(reasons) - TOLD_AT_NIGHT
    return "; ".join(reasons[:TOLD_AT_NIGHT]) + (f"; and {more} more" if more > 0 else "")

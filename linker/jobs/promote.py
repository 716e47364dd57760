"""Promote: a model of the registry is the one in use from the next link on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from linker.config import Config, load_config
from linker.errors import LinkerError, ModelError, UsageError
from linker.jobs.model_change import (
    ModelChange,
    config_name,
    put_in_use,
    refuse_unwritable,
    undone_text,
)
from linker.jobs.model_named import model_named, registry_of, setting_of
from linker.jobs.models import model_in_use, ships
from linker.judging.changes_for_worse import (
    OF_CULTURES,
    OVERALL,
    Judged,
    common_judgement,
    reasons_against,
    what_was_not_judged,
)
from linker.judging.judge import judge
from linker.judging.judgement import Judgement, read_judgements, write_judgement
from linker.judging.page import renew_page
from linker.judging.truth import Truth, decided_truth, silver_truth
from linker.judging.truth_file import read_truth
from linker.model import ModelInUse
from linker.progress import Progress
from linker.schemas import EntityType
from linker.store.journal import author_of, now
from linker.training.registry_log import RegistryAct, read_acts, registry_lock, state_of
from linker.training.versions import damage

JudgeNow = Callable[[Config, ModelInUse], Judgement]
"""Judges a model by a truth that was named with the promotion."""
_NEXT_IS_HELD_BACK = (
    "the next linker link builds a generation by it and holds it back, since the model is another "
    "(gate.new_model): look at what it changes, then linker publish --force --why TEXT"
)
_NEXT_IS_NOT = "the next linker link links every record anew by it (gate.new_model is false)"


@dataclass(frozen=True)
class By:
    """What both models are judged by before one is promoted; one of these.

    Attributes:
        truth: A file of labels.
        decisions: The clerical decisions that are kept apart for evaluation.
        silver: A strong identifier.
        most: Link at most so many records, all if 0.
    """

    truth: Path | None
    decisions: bool
    silver: str | None
    most: int


def judges_now(entity_type: EntityType, by: By) -> JudgeNow | None:
    """Return what judges a model; None where nothing is named to judge by.

    Args:
        entity_type: Whose models.
        by: What to judge by.

    Raises:
        UsageError: More than one thing is named.
    """
    named = [it for it in (by.truth, by.decisions, by.silver) if it]
    if len(named) > 1:
        raise UsageError("name one of --truth, --decisions and --silver")
    if not named:
        return None

    def judged(config: Config, in_use: ModelInUse) -> Judgement:
        progress = Progress()
        named_by, _ = model_in_use(config, entity_type)  # both by one model's groups of names
        truth = replace(_truth(config, entity_type, by, progress), named_by=named_by)
        seed = config.settings_of(entity_type).training.seed  # as linker evaluate draws them
        return judge(config, entity_type, in_use, truth, progress, most=by.most, seed=seed)

    return judged


def _truth(config: Config, entity_type: EntityType, by: By, progress: Progress) -> Truth:
    if by.truth:
        return read_truth(by.truth, config, entity_type)
    if by.silver:
        return silver_truth(config, entity_type, by.silver, progress)
    return decided_truth(config, entity_type)


@dataclass(frozen=True)
class Ask:
    """What is asked of a promotion.

    Attributes:
        why: What the log says of it.
        force: Whether to promote in spite of reasons against it.
        by: Who does it; the user of the operating system unless given.
        dry_run: Only tell what would be done.
    """

    why: str | None = None
    force: bool = False
    by: str | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class _Candidate:
    """A model that may be put in use, and where it lies."""

    in_use: ModelInUse
    directory: Path


def promote(
    path: Path, entity_type: EntityType, word: str, ask: Ask, judge_now: JudgeNow | None = None
) -> ModelChange:
    """Name a model in the configuration, unless it is worse than the one in use.

    Args:
        path: The configuration file.
        entity_type: Whose model.
        word: See `linker.jobs.model_named.directory_named`.
        ask: How.
        judge_now: Judges both models, whatever judgements they have.

    Raises:
        ModelError: There is no such model, it cannot be used, or there are reasons against it.
        UsageError: It is in use already, or no reason is given where one is needed.
        ConfigError: The configuration cannot be used or written.
    """
    config = load_config(path)
    candidate = _Candidate(*model_named(config, entity_type, word))
    if not ask.dry_run:
        refuse_unwritable(path)
    with nullcontext() if ask.dry_run else registry_lock(registry_of(config)):
        config = load_config(path)  # another command may just have changed it
        act, notes = _act(path, config, entity_type, (candidate, ask, judge_now))
        if not ask.dry_run:
            put_in_use(path, config, entity_type, act)
    return ModelChange(entity_type, act, tuple(notes), dry_run=ask.dry_run)


def _act(
    path: Path,
    config: Config,
    entity_type: EntityType,
    asked: tuple[_Candidate, Ask, JudgeNow | None],
) -> tuple[RegistryAct, list[str]]:
    """Return the line of the log, and what else there is to say; refuse what must not be."""
    candidate, ask, judge_now = asked
    setting = setting_of(config, entity_type, candidate.directory)
    named = config.settings_of(entity_type).model
    before, reasons = _in_use(config, entity_type)
    same = before is not None and before.in_use.digest == candidate.in_use.digest
    if setting == named or (same and named is not None):
        raise UsageError(f"{candidate.in_use.name} is in use already; nothing was changed")
    now_or_earlier = (judge_now, not ask.dry_run)
    common = _common(config, entity_type, (candidate, before), now_or_earlier)
    reasons += damage(candidate.directory)
    if common:
        reasons += reasons_against(*common, config.models)
    elif before is not None and not same:
        reasons.append(_never_judged(entity_type, before))
    why = (ask.why or "").strip()
    if not ask.dry_run:
        _refuse(candidate.in_use.name, reasons, why, force=ask.force)
    act = RegistryAct(
        at=now(),
        who=author_of(ask.by),
        what="promote",
        version=candidate.in_use.name,
        instead_of=before.in_use.name if before else None,
        why=why,
        forced=bool(reasons) and ask.force,
        reasons=tuple(reasons),
        config=config_name(config, path),
        setting=setting,
        instead_of_setting=named,
        judged=_judged(*common) if common else None,
    )
    undone = state_of(read_acts(registry_of(config), entity_type), act.config, named).undone
    notes = [undone_text(undone, entity_type)] if undone else []
    notes += what_was_not_judged(*common, config.models) if common else ()
    notes += _compared_no_more(candidate, before) if before else ()
    return act, [*notes, _NEXT_IS_HELD_BACK if config.gate.new_model else _NEXT_IS_NOT]


def _refuse(name: str, reasons: list[str], why: str, *, force: bool) -> None:
    if reasons and not force:
        raise ModelError(
            f"{name} is not put in use: {'; '.join(reasons)}; to put it in use all the same: "
            "linker promote --force --why TEXT"
        )
    if reasons and not why:
        raise UsageError("say why it is put in use all the same, for the log: --why TEXT")


def _in_use(config: Config, entity_type: EntityType) -> tuple[_Candidate | None, list[str]]:
    """Return the model in use; without one, why it cannot be compared with."""
    try:
        return _Candidate(*model_in_use(config, entity_type)), []
    except LinkerError as error:
        return None, [f"the model in use cannot be compared with: {error}"]


def _common(
    config: Config,
    entity_type: EntityType,
    both: tuple[_Candidate, _Candidate | None],
    now_or_earlier: tuple[JudgeNow | None, bool],
) -> tuple[Judgement, Judgement] | None:
    """Return what the two models are compared by: judged now, or found in their directories.

    What is found now is kept, if asked, as linker evaluate keeps it.
    """
    candidate, before = both
    judge_now, keep = now_or_earlier
    if before is None:
        return None
    if judge_now is not None:
        found = (judge_now(config, candidate.in_use), judge_now(config, before.in_use))
        for side, judgement in zip((candidate, before), found, strict=True):
            if keep and not ships(side.directory):
                write_judgement(side.directory, judgement)
                renew_page(side.directory, entity_type)
        return found
    settings = config.settings_of(entity_type)
    known = [
        Judged(side.in_use, side.in_use.model.thresholds(settings), read_judgements(side.directory))
        for side in (candidate, before)
    ]
    return common_judgement(*known)


def _never_judged(entity_type: EntityType, before: _Candidate) -> str:
    said = (
        f"it was not judged by the same truth, over the same records and at the thresholds in "
        f"use, as {before.in_use.name}, which is in use; "
    )
    if ships(before.directory):
        return said + "linker promote --truth FILE judges both (a shipped model keeps no judgement)"
    return (
        f"{said}judge both with linker evaluate --entity {entity_type} --model VERSION, or here "
        "with linker promote --truth FILE"
    )


def _compared_no_more(candidate: _Candidate, before: _Candidate) -> list[str]:
    """Return a sentence where the model in use compares what the candidate does not."""
    names = [comparison.name for comparison in candidate.in_use.model.comparisons]
    lost = [it.name for it in before.in_use.model.comparisons if it.name not in names]
    return [f"it does not compare {', '.join(lost)}, as the model in use does"] if lost else []


def _judged(candidate: Judgement, in_use: Judgement) -> dict[str, Any]:
    """Return what the log keeps of a comparison, so that it can be defended without the files."""
    figures = [*dict.fromkeys([*OVERALL, *OF_CULTURES])]
    return {
        "truth": candidate.truth.model_dump(mode="json"),
        "data": candidate.data.model_dump(mode="json"),
        "candidate": {name: list(getattr(candidate.overall, name)) for name in figures},
        "in_use": {name: list(getattr(in_use.overall, name)) for name in figures},
    }

"""Judging a model: the truth read, the records linked in memory, the figures kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from linker.config import Config
from linker.errors import UsageError
from linker.jobs.model_named import IN_USE, model_named
from linker.jobs.models import model_in_use, ships
from linker.judging.judge import COSTS, judge_records, judged_records
from linker.judging.judgement import Judgement, write_judgement
from linker.judging.page import renew_page
from linker.judging.truth import Truth, decided_truth, silver_truth
from linker.judging.truth_file import read_truth
from linker.night.records import SAMPLED_ALL
from linker.progress import Progress
from linker.schemas import EntityType


@dataclass(frozen=True)
class Ask:
    """How a model is to be judged.

    Attributes:
        model: A version, a directory, ``shipped``; the one in use unless given.
        truth: A file of labels; or else
        decisions: the clerical decisions kept apart for evaluation; or else
        silver: a strong identifier.
        most: Link at most so many records, sampled by the seed of training; all if 0.
        costs: What a false pair costs, a missed one costing 1.
        from_sources: Read the sources though something has been published.
        write: Whether to keep the judgement; it is never kept beside a model that ships.
    """

    model: str | None = None
    truth: Path | None = None
    decisions: bool = False
    silver: str | None = None
    most: int = SAMPLED_ALL
    costs: Sequence[float] = COSTS
    from_sources: bool = False
    write: bool = True


def evaluate(config: Config, entity_type: EntityType, ask: Ask, progress: Progress) -> Judgement:
    """Judge a model by a truth and keep the judgement in the model's directory.

    Args:
        config: Names the store, the sources and the model in use.
        entity_type: What is linked.
        ask: What is asked.
        progress: Receives a line about each step.

    Raises:
        LinkerError: The model, the truth or the records do not serve; one line.
    """
    if entity_type not in config.entity_types:
        raise UsageError(f"no source of the configuration holds {entity_type} mentions")
    in_use, directory = model_named(config, entity_type, ask.model or IN_USE)
    named_by, _ = model_in_use(config, entity_type)
    truth = replace(_truth(config, entity_type, ask, progress), named_by=named_by)
    records = judged_records(
        config,
        in_use,
        truth,
        progress,
        most=ask.most,
        seed=config.settings_of(entity_type).training.seed,
        from_sources=ask.from_sources,
    )
    progress.say(f"{entity_type}: {records.origin}")
    judgement = judge_records(records, config, in_use, truth, progress, ask.costs)
    if ask.write and ships(directory):
        progress.say(f"{in_use.name} ships with linker: the judgement is printed and not kept")
    elif ask.write:
        path = write_judgement(directory, judgement)
        renew_page(directory, entity_type)
        progress.say(f"judgement written to {path}")
    return judgement


def _truth(config: Config, entity_type: EntityType, ask: Ask, progress: Progress) -> Truth:
    given = (ask.truth is not None, ask.decisions, ask.silver is not None)
    if sum(given) != 1:
        raise UsageError("give one truth: --truth FILE, --decisions or --silver FIELD")
    if ask.truth is not None:
        return read_truth(ask.truth, config, entity_type)
    if ask.silver is not None:
        return silver_truth(
            config, entity_type, ask.silver, progress, from_sources=ask.from_sources
        )
    return decided_truth(config, entity_type)

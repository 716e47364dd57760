"""Compare two models: the same records linked by both, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.config import Config
from linker.errors import UsageError
from linker.jobs.model_named import model_named
from linker.jobs.table_out import refuse_no_place, write_out
from linker.judging.changes import Changes, changes, class_counts, weight_counts
from linker.judging.changes_examples import examples, read_fields
from linker.judging.changes_figures import judge_both
from linker.judging.changes_for_worse import Judged, common_judgement
from linker.judging.judgement import Judgement, read_judgements
from linker.judging.linking import Linking, link_records, needed_columns
from linker.judging.truth import Truth
from linker.judging.truth_file import read_truth
from linker.model import ModelInUse
from linker.night.records import Records, records_of
from linker.progress import Progress
from linker.schemas import RECORD, EntityType

MOST: Final = 1_000_000
"""So many records are linked unless more are asked for."""


@dataclass(frozen=True)
class Ask:
    """What is asked of a comparison.

    Attributes:
        most: Link at most so many records, all if 0.
        seed: Of the sample; that of training unless given.
        examples: Show so many pairs of each kind.
        show_values: Show record ids and values with them.
        truth: A file of labels to judge both by.
        out: A file for all pairs that change.
        from_sources: Read the sources though something has been published.
    """

    most: int = MOST
    seed: int | None = None
    examples: int = 5
    show_values: bool = False
    truth: Path | None = None
    out: Path | None = None
    from_sources: bool = False


@dataclass(frozen=True)
class _Side:
    """A model and where it lies."""

    in_use: ModelInUse
    directory: Path


def compare(
    config: Config, entity_type: EntityType, words: tuple[str, str], ask: Ask, progress: Progress
) -> dict[str, Any]:
    """Return what changes from one model to another, as JSON values.

    Args:
        config: Names the records and how they are linked.
        entity_type: Whose models.
        words: Of the two models; see `linker.jobs.model_named.directory_named`.
        ask: What is asked.
        progress: Receives a line about each step.

    Raises:
        LinkerError: A model, the records, the truth or the place of the file does not serve.
    """
    if ask.out:
        refuse_no_place(ask.out)
    one, other = (_Side(*model_named(config, entity_type, word)) for word in words)
    if one.in_use.digest == other.in_use.digest:
        raise UsageError(f"{words[0]} and {words[1]} are the same model; name another")
    truth = read_truth(ask.truth, config, entity_type) if ask.truth else None
    columns = {
        *needed_columns(one.in_use, config),
        *needed_columns(other.in_use, config),
        *read_fields(entity_type, one.in_use.model, other.in_use.model),
    }
    records = records_of(
        config,
        entity_type,
        columns,
        progress,
        most=ask.most,
        seed=config.settings_of(entity_type).training.seed if ask.seed is None else ask.seed,
        from_sources=ask.from_sources,
        also=truth.records if truth and truth.records.height <= ask.most else None,
    )
    if not records.height:
        raise UsageError(f"there are no records of {entity_type}; nothing can be compared")
    before, after = (link_records(records, side.in_use, config, progress) for side in (one, other))
    with progress.stage("compare"):
        changed = changes(before, after)
        shown = examples(
            changed, before, after, records, most=ask.examples, show_values=ask.show_values
        )
        metrics = (
            _judged_now(before, after, truth, records)
            if truth
            else _judged_before(config, entity_type, one, other)
        )
    if ask.out:
        write_out(_table(changed, before), ask.out)
    return {
        "entity_type": entity_type,
        "before": one.in_use.name,
        "after": other.in_use.name,
        "thresholds": {
            "before": before.thresholds.numbers,
            "after": after.thresholds.numbers,
        },
        "data": {
            "origin": records.origin,
            "digest": records.digest,
            "total": records.total,
            "sampled": records.height,
        },
        "pairs": {
            "classes": class_counts(changed.pairs),
            "weights": weight_counts(changed.pairs),
        },
        "entities": {
            "before": int(changed.entities["before"].sum()),
            "after": int(changed.entities["after"].sum()),
            "groups": changed.groups,
            "sizes": changed.entities.to_dicts(),
        },
        "examples": shown,
        "metrics": metrics,
        "out": str(ask.out) if ask.out else None,
        "notes": _notes(records),
    }


def _table(changed: Changes, linking: Linking) -> pl.DataFrame:
    """Return the pairs whose class changes, by the names of their records."""
    found = changed.moved
    for side in ("l", "r"):
        named = linking.records.rename(
            {"mention": f"mention_{side}", **{name: f"{name}_{side}" for name in RECORD}}
        )
        found = found.join(named, on=f"mention_{side}", how="left", maintain_order="left")
    names = [f"{name}_{side}" for side in ("l", "r") for name in RECORD]
    return found.select(*names, pl.exclude(*names, "mention_l", "mention_r"))


def _judged_now(before: Linking, after: Linking, truth: Truth, records: Records) -> dict[str, Any]:
    judged = judge_both(before, after, truth, sampled=records.height < records.total)
    return {
        "judged": "now",
        "truth": {"kind": truth.kind, "name": truth.name, "digest": truth.digest},
        "before": judged.before.model_dump(mode="json"),
        "after": judged.after.model_dump(mode="json"),
        "difference": {name: list(value) for name, value in judged.difference.items()},
        "notes": list(judged.notes),
    }


def _judged_before(
    config: Config, entity_type: EntityType, one: _Side, other: _Side
) -> dict[str, Any] | None:
    """Return what the models' directories say: by one truth, or else each by its newest."""
    settings = config.settings_of(entity_type)
    both = [
        Judged(side.in_use, side.in_use.model.thresholds(settings), read_judgements(side.directory))
        for side in (one, other)
    ]
    common = common_judgement(both[1], both[0])
    newest = common[::-1] if common else [next(iter(side.valid[-1:]), None) for side in both]
    if not any(newest):
        return None
    notes = [] if common else ["the models were not judged by the same truth and records"]
    found = {
        name: judgement.overall.model_dump(mode="json") if judgement else None
        for name, judgement in zip(("before", "after"), newest, strict=True)
    }
    truths = [_truth(judgement) for judgement in newest if judgement]
    return {
        "judged": "earlier",
        "truth": truths[0] if common else truths,
        **found,
        "difference": None,
        "notes": notes,
    }


def _truth(judgement: Judgement) -> dict[str, Any]:
    facts = judgement.truth
    return {
        "kind": facts.kind,
        "name": facts.name,
        "digest": facts.digest,
        "model": judgement.model,
        "at": judgement.at,
    }


def _notes(records: Records) -> list[str]:
    if records.height == records.total:
        return []
    share = (records.height / records.total) ** 2
    seen = (
        f"a pair is seen where both of its records are in the sample: about {share:.2%} of all "
        "pairs are, so that there are as many times more of them among all records, and entities "
        "are larger than they look; --records 0 links all"
    )
    return [seen]

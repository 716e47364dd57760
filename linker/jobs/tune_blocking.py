"""The tuning recipe: records and a budget of pairs to the blocking rules that find most in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from linker.blocking.hashing import Int64s
from linker.config import Config
from linker.errors import UsageError
from linker.jobs.models import model_in_use, ships
from linker.night.matching import refuse_bad_rules
from linker.night.records import Records, published, records_of
from linker.progress import Progress
from linker.schemas import RECORD, EntityType
from linker.store.layout import storage_errors
from linker.training.smooth import rounded
from linker.tuning.fragment import fragment
from linker.tuning.pool import needed_columns
from linker.tuning.truth import read_truth
from linker.tuning.tune import Asked, RuleMeasure, RuleSet, Tuned, tune

FEWEST_RECORDS: Final = 2
_DIGITS: Final = 9


@dataclass(frozen=True)
class TunedBlocking:
    """What tuning gave.

    Attributes:
        entity_type: Whose rules.
        model: The model that told matches.
        model_ships: Whether it was trained on invented records and not on these.
        origin: Which records, in words.
        asked: What was asked for.
        tuned: What was found out.
        fragment: The chosen rules as a piece of a configuration file.
        seconds: What it took.
    """

    entity_type: EntityType
    model: str
    model_ships: bool
    origin: str
    asked: Asked
    tuned: Tuned
    fragment: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        tuned = self.tuned
        return {
            "entity_type": self.entity_type,
            "model": self.model,
            "model_ships": self.model_ships,
            "records": self.origin,
            "max_pairs": self.asked.most_pairs,
            "seed": self.asked.seed,
            "sampled": tuned.sampled,
            "listed_pairs": tuned.listed,
            "sampled_matches": tuned.matches,
            "doubtful": rounded(tuned.doubtful),
            "matches_from": "truth" if tuned.by_truth else "linking",
            "nanoseconds_per_pair": round(tuned.seconds_per_pair * 1e9, 1),
            "link_budget": tuned.link_budget,
            "over_budget": tuned.left_out,
            "configured": _set_values(tuned.before),
            "chosen": _set_values(tuned.after),
            "every": _set_values(tuned.every),
            "rules": [_rule_values(one) for one in tuned.measures],
            "seconds": round(self.seconds, 2),
        }


def tune_blocking(
    config: Config,
    entity_type: EntityType,
    asked: Asked,
    truth_file: Path | None,
    out: Path | None,
    progress: Progress,
) -> TunedBlocking:
    """Choose the blocking rules of one entity type that find most matches within a budget.

    Args:
        config: The store or the sources, the rules there are, caps, thresholds, the model.
        entity_type: Whose rules.
        asked: The budget, the size and seed of the sample, which rules are tried.
        truth_file: Who is who, where that is known: a table with ``source``, ``record_id`` and
            ``true_id``.
        out: Where the chosen rules are written; nowhere if None.
        progress: Receives a line about each step.

    Raises:
        LinkerError: The records, the model, the configuration or a file do not serve; one line.
    """
    if entity_type not in config.entity_types:
        raise UsageError(f"no source of the configuration holds {entity_type} mentions")
    if out is not None:
        _refuse_no_place(out)
    settings = config.settings_of(entity_type)
    refuse_bad_rules(settings, entity_type)
    truth = read_truth(truth_file) if truth_file else None
    in_use, directory = model_in_use(config, entity_type)
    columns = needed_columns(settings, in_use)
    records = records_of(config, entity_type, columns, progress)
    if records.height < FEWEST_RECORDS:
        raise UsageError(f"{entity_type}: rules are tuned on two records at least")
    if truth is not None:
        _refuse_foreign(truth, records, truth_file)
    entities = None if truth is not None else _entities(config, records)
    tuned = tune(records, in_use, config, asked, (truth, entities), progress)
    settled = f"{asked.most_pairs:,} pairs at most, model {in_use.name}, seed {asked.seed}."
    text = fragment(tuned, entity_type, records.origin, settled)
    if out is not None:
        with storage_errors(out.parent, "no rules were written"):
            out.write_text(text, encoding="utf-8")
        progress.say(f"rules written to {out}")
    return TunedBlocking(
        entity_type=entity_type,
        model=in_use.name,
        model_ships=ships(directory),
        origin=records.origin,
        asked=asked,
        tuned=tuned,
        fragment=text,
        seconds=progress.seconds,
    )


def _entities(config: Config, records: Records) -> Int64s | None:
    """Return the number of each record's published entity; None where nothing is published."""
    generation = published(config, records.entity_type) if records.generation else None
    if generation is None:
        return None
    entities = generation.read(f"membership_{records.entity_type}", [*RECORD, "entity_id"]).select(
        *RECORD, entity=pl.col("entity_id").rank("dense").cast(pl.Int64)
    )
    named = records.mentions.read(list(RECORD)).with_row_index("place")
    joined = named.join(entities, on=list(RECORD), how="left", maintain_order="left")
    alone = -1 - joined["place"].cast(pl.Int64)  # of what has no entity each is one of its own
    return joined["entity"].fill_null(alone).to_numpy().copy()


def _refuse_foreign(truth: pl.DataFrame, records: Records, path: Path | None) -> None:
    known = truth.join(records.mentions.read(list(RECORD)), on=list(RECORD), how="semi")
    if not known["true_id"].is_duplicated().any():
        raise UsageError(
            f"{path}: no two of its {truth.height:,} records that are of one true_id are among the "
            f"{records.height:,} {records.entity_type} records; check source and record_id"
        )


def _refuse_no_place(out: Path) -> None:
    if out.is_dir():
        raise UsageError(f"{out}: is a directory; name a file")
    if not out.parent.is_dir():
        raise UsageError(f"{out.parent}: no such directory; make it, or name another file")


def _set_values(one: RuleSet) -> dict[str, Any]:
    return {
        "rules": one.rules,
        "own_pairs": one.own_pairs,
        "pairs": [round(value) for value in one.pairs],
        "matches": round(one.matches, 1),
        "links": round(one.links, 1),
        "seconds": round(one.seconds, 3),
        "recall": {
            told.method: [rounded(value) for value in (told.value, told.low, told.high)]
            for told in one.recall
        },
    }


def _rule_values(one: RuleMeasure) -> dict[str, Any]:
    return {
        **one.rule.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
        "given": one.given,
        "chosen": one.chosen,
        "pairs": one.pairs,
        "matches": round(one.matches, 1),
        "links": round(one.links, 1),
        "only": round(one.only, 1),
        "seconds": round(one.seconds, 3),
    }

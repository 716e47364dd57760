"""A model judged: records linked by it in memory and held against the truth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from linker.compiled import thread_count
from linker.config import Config
from linker.errors import ModelError
from linker.judging.calibration import calibration_of
from linker.judging.found_by import blocking_recall, found_by
from linker.judging.groups import group_columns, groups_of
from linker.judging.intervals import judged_figures
from linker.judging.judgement import DataFacts, Judgement, ThresholdFacts, TruthFacts, Unlinkable
from linker.judging.known import Known, known_of
from linker.judging.linking import Linking, link_records, needed_columns
from linker.judging.thresholds import LEAST_WEIGHT, curve_of, proposed_thresholds
from linker.judging.truth import Truth
from linker.judging.weighed import weighed_precision
from linker.model import ModelInUse, weight_of
from linker.night.records import SAMPLED_ALL, Records, records_of
from linker.progress import Progress
from linker.schemas import MENTIONS, EntityType
from linker.scoring.scorer import score_pairs
from linker.store.journal import now
from linker.store.mention_table import Mentions

COSTS: Final = (1.0, 5.0, 20.0)
"""What a false link is taken to cost where nothing is said; a missed one costs 1."""
MOST_CLUSTERED: Final = 2_000_000
"""Of more records no threshold is proposed: they would have to be clustered too often."""
_FEW_PAIRS: Final = 100
"""Fewer true pairs than this are said to be few."""
_AT_ONCE: Final = 1_000_000
"""Records scored against themselves in one go."""


@dataclass(frozen=True)
class _Without:
    """Mentions some of whose columns are missing throughout."""

    mentions: Mentions
    hidden: Collection[str]

    @property
    def height(self) -> int:
        """How many there are."""
        return self.mentions.height

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some columns, in the order of mentions."""
        frame = self.mentions.read(columns)
        blind = [name for name in frame.columns if name in self.hidden]
        return frame.with_columns(pl.lit(None, frame.schema[name]).alias(name) for name in blind)


def judge(
    config: Config,
    entity_type: EntityType,
    in_use: ModelInUse,
    truth: Truth,
    progress: Progress,
    *,
    most: int = SAMPLED_ALL,
    seed: int = 0,
    from_sources: bool = False,
) -> Judgement:
    """Return how good a model is by a truth; nothing is written.

    The records are linked anew, without what people decided about pairs.

    Args:
        config: Names the store and the sources; blocking rules, thresholds.
        entity_type: What is linked.
        in_use: The model.
        truth: What is known.
        progress: Receives a line about each step.
        most: At most so many records, the others left out by a seeded hash; all if 0.
        seed: Of that.
        from_sources: Read the sources though something has been published.

    Raises:
        StoreError: The store is damaged, or another version of linker wrote it.
        SourceError: A source cannot be read, or too many of its rows are bad.
        UsageError: The truth says too little of the records that were linked.
        ModelError: The model is of the other entity type.
    """
    if in_use.model.entity_type != entity_type:
        raise ModelError(f"{in_use.name}: is no model of {entity_type}")
    records = judged_records(
        config, in_use, truth, progress, most=most, seed=seed, from_sources=from_sources
    )
    return judge_records(records, config, in_use, truth, progress)


def judged_records(
    config: Config,
    in_use: ModelInUse,
    truth: Truth,
    progress: Progress,
    *,
    most: int = SAMPLED_ALL,
    seed: int = 0,
    from_sources: bool = False,
) -> Records:
    """Return the records that a model is judged on; see `judge`.

    A sample has the records that the truth speaks of besides, unless these are more than it.
    """
    entity = in_use.model.entity_type
    columns = needed_columns(in_use, config) | group_columns((truth.named_by or in_use).model)
    named = truth.records
    return records_of(
        config,
        entity,
        columns & set(MENTIONS[entity]),
        progress,
        most=most,
        seed=seed,
        from_sources=from_sources,
        also=named if truth.pairs is not None or named.height <= most else None,
    )


def judge_records(
    records: Records,
    config: Config,
    in_use: ModelInUse,
    truth: Truth,
    progress: Progress,
    costs: Sequence[float] = COSTS,
) -> Judgement:
    """Return how good a model is on some records by a truth.

    Args:
        records: Those of `judged_records`.
        config: Blocking rules, thresholds.
        in_use: The model.
        truth: What is known.
        progress: Receives a line about each step.
        costs: What a false link costs, where a missed one costs 1: a threshold is proposed for
            each.

    Raises:
        UsageError: The truth says too little of the records.
    """
    entity = records.entity_type
    settings = config.settings_of(entity)
    seen = replace(records, mentions=_Without(records.mentions, truth.hidden))
    linking = link_records(seen, in_use, config, progress, LEAST_WEIGHT)
    known = known_of(linking, truth, sampled=records.height < records.total)
    with progress.stage(f"{entity}: figures and groups"):
        overall = judged_figures(known.rows)
        groups = groups_of(known, seen.mentions, truth.named_by or in_use)
    with progress.stage(f"{entity}: blocking recall"):
        threads = thread_count(config.link.threads)
        by = found_by(known.true, seen.mentions, settings, entity, threads)
    few = records.height <= MOST_CLUSTERED
    with progress.stage(f"{entity}: thresholds and calibration"):
        curve = curve_of(known.pairs, known.true_pairs, linking.thresholds)
        proposed = proposed_thresholds(known, linking, costs) if few else ()
        calibration = calibration_of(known.pairs)
        unlinkable = _unlinkable(linking)
    thresholds = linking.thresholds
    return Judgement(
        at=now(),
        model=in_use.name,
        truth=TruthFacts(
            kind=truth.kind,
            name=truth.name,
            digest=truth.digest,
            records=known.records,
            true_pairs=known.true_pairs,
        ),
        data=DataFacts(
            origin=records.origin,
            digest=records.digest,
            total=records.total,
            sampled=records.height,
        ),
        thresholds=ThresholdFacts(
            link=thresholds.link,
            review=thresholds.review,
            identity_floor=thresholds.identity_floor,
        ),
        overall=overall,
        groups=groups,
        curve=curve,
        calibration=calibration,
        blocking=blocking_recall(known, by, settings.blocking),
        unlinkable=unlinkable,
        proposed=proposed,
        notes=(
            *truth.notes,
            *known.notes,
            *_notes(known, linking, calibrated=calibration is not None),
        ),
    )


def _unlinkable(linking: Linking) -> Unlinkable:
    """Return the share of records that would not be linked with a copy of themselves.

    It is what Splink calls unlinkable: a record's own weight says how much it has to tell.
    """
    least, floor = weight_of(linking.thresholds.link), linking.thresholds.identity_floor
    height = linking.records.height
    linked = 0
    for start in range(0, height, _AT_ONCE):
        own = np.arange(start, min(start + _AT_ONCE, height), dtype=np.int32)
        kept = score_pairs(linking.packed, own, own)
        reached = (kept.weight >= least) & (kept.identity >= floor)
        linked += int((kept.confirmed | reached).sum())
    share = 1 - linked / height if height else 0.0
    return Unlinkable(share=share, threshold=linking.thresholds.link)


def _notes(known: Known, linking: Linking, *, calibrated: bool) -> list[str]:
    """Return what the reader of any judgement has to know of this one."""
    told = []
    if known.true_pairs < _FEW_PAIRS:
        told.append(f"{known.true_pairs:,} true pairs are few: read the intervals, not the figures")
    if not known.whole:
        told.append(
            "figures, curve and calibration are of the labelled pairs as they were chosen: where "
            "hard pairs were labelled rather than random ones, all pairs of the store do better"
        )
        told += _weighed(known, linking)
    sums = known.rows.select("both", "predicted").sum().row(0)
    if sums[0] == sums[1] > 0:
        told.append(
            f"no false pair among {sums[1]:,.0f}: up to {min(3 / sums[1], 1):.1%} of all may be "
            "false all the same (rule of three)"
        )
    told.append(
        "the curve is of links, pair by pair; all other figures, and those of proposed thresholds, "
        "are of the pairs of records that entities put together"
    )
    if calibrated:
        told.append(
            f"calibration counts candidate pairs of {LEAST_WEIGHT:.0f} bits and above whose answer "
            "is known; it was judged on the half of the true entities that the map was not fitted "
            "on"
        )
    else:
        told.append("too few pairs of either kind have a known answer to tell calibration")
    return told


def _weighed(known: Known, linking: Linking) -> list[str]:
    """Return what labelled pairs say of all links, if they say anything."""
    found = weighed_precision(linking.pairs, known.pairs)
    if found is None:
        return []
    value, low, high = found
    words = (
        f"taking each label for all links of about its weight, {value:.1%} ({low:.1%} to "
        f"{high:.1%}) of the {linking.pairs['link'].sum():,} links are right"
    )
    return [words]

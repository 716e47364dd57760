"""An entity type linked by what changed: only new mentions are keyed and scored.

The warehouse of the published generation is carried over, what changed becomes a segment of its
own, and of the components of links only those that a change touches are clustered anew. The result
is the same as if all mentions were linked anew, which `tests/test_order_independence.py` holds it
to; what that asks beyond comparing new mentions with all others is said where it is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Bytes, Int32s, Int64s
from linker.blocking.increment import Increment, increment_pairs
from linker.blocking.mention_keys import RuleKeys, mention_keys, write_segment_keys
from linker.blocking.pairs import enforce_budget
from linker.blocking.still_found import in_doubt, still_found
from linker.compiled import thread_count
from linker.config import EntitySettings
from linker.deconfliction.demotion import WithoutDemoted, without_demoted
from linker.entities.cluster import mark_links
from linker.entities.left_over import once_of
from linker.model import ModelInUse, weight_of
from linker.night.index_files import write_index
from linker.night.linked import Delta, Linked, Rescored, Run, Taken
from linker.night.matching import score_list
from linker.night.reclustering import recluster
from linker.night.reissue import taken_in
from linker.schemas import empty
from linker.scoring.features.pack import arrow, pack
from linker.scoring.features.storage import write_features
from linker.scoring.features.term_logs import write_logs
from linker.scoring.scorer import Scorer, scorer_of
from linker.store.segment import write_facts
from linker.store.warehouse import (
    PAIRS,
    VOID,
    Warehouse,
    carry_over,
    open_warehouse,
    write_arrays,
)

CARRIED: Final = ("segments", "pairs", "void")
"""What each run adds a file to, and the generations after it keep."""


def link_delta(run: Run, before: Warehouse, delta: Delta, in_use: ModelInUse) -> Linked:
    """Link what changed of an entity type since the published generation.

    Args:
        run: The run.
        before: What the published generation holds of it, packed for the same model.
        delta: What changed.
        in_use: The model.

    Raises:
        BudgetError: A blocking rule makes too many pairs.
        OSError: The disk is full, or cannot be written.
    """
    entity, progress = before.entity_type, run.progress
    directory = run.directory(entity)
    directory.mkdir(parents=True, exist_ok=True)
    for kept in CARRIED:
        if (before.directory / kept).exists():
            carry_over(before.directory / kept, directory / kept)
    with progress.stage(f"{entity}: shared values"):
        taken = taken_in(run, before, delta)
    with progress.stage(f"{entity}: compile"):
        scorer = scorer_of(in_use)
    with progress.stage(f"{entity}: take in"):
        came = _write_segment(run, before, taken, scorer)
        dead = np.concatenate([before.dead, np.zeros(taken.mentions.height, dtype=np.bool_)])
        dead[taken.gone] = True
        write_arrays(directory, dead=dead)
        after = open_warehouse(entity, directory)
    with progress.stage(f"{entity}: keys"):
        found = _candidates(run, before, after, taken, came)
    enforce_budget(found.counts, run.settings(entity), after.height, entity)
    with progress.stage(f"{entity}: scores"):
        rescored = _rescored(run, scorer, (before, after), taken, found)
    with progress.stage(f"{entity}: entities"):
        return recluster(run, before, after, taken, rescored, in_use)


def _write_segment(run: Run, before: Warehouse, taken: Taken, scorer: Scorer) -> list[RuleKeys]:
    """Write the segment of the new mentions: columns, facts, features, keys; return their keys."""
    entity, threads = before.entity_type, thread_count(run.config.link.threads)
    numbers = np.arange(before.total, before.total + taken.mentions.height, dtype=np.int32)
    rules = run.settings(entity).blocking
    compared = WithoutDemoted(taken.mentions, taken.demoted)
    if not len(numbers):
        return mention_keys(rules, entity, compared.read, numbers)
    segment = run.segment(entity)
    segment.mkdir(parents=True)
    numbered = pl.Series("mention", numbers, dtype=pl.Int64)
    taken.mentions.read(taken.mentions.nulls).with_columns(numbered).write_parquet(
        segment / "mentions.parquet"
    )
    np.save(segment / "contents.npy", taken.contents)
    features = pack(lambda name: arrow(compared.read([name])[name]), scorer.layout, threads)
    write_features(features, segment / "features")
    write_logs(scorer.packed(features).logs, segment / "features")
    write_facts(segment, entity, taken.mentions, before.total, threads)
    write_index(segment / "keys", entity, taken.mentions, before.total)
    return write_segment_keys(segment / "keys", rules, entity, compared.read, numbers, threads)


def _candidates(
    run: Run, before: Warehouse, after: Warehouse, taken: Taken, came: list[RuleKeys]
) -> Increment:
    """Find the candidate pairs that the changes bring about, and those they put in doubt."""
    entity = before.entity_type
    settings = run.settings(entity)
    gone = taken.gone.astype(np.int32)
    return increment_pairs(
        settings.blocking,
        settings.max_records_per_key,
        (before.index, after.index),
        _keys_of(settings, before, gone, run.demoted_before(entity)),
        came,
        run.counts_before(entity),
        thread_count(run.config.link.threads),
    )


def _keys_of(
    settings: EntitySettings, held: Warehouse, numbers: Int32s, demoted: pl.DataFrame
) -> list[RuleKeys]:
    """Return the keys of some mentions as they were compared."""

    def read(columns: Iterable[str]) -> pl.DataFrame:
        return without_demoted(held.rows(numbers.astype(np.int64), columns), demoted)

    return mention_keys(settings.blocking, held.entity_type, read, numbers)


def _rescored(
    run: Run,
    scorer: Scorer,
    held: tuple[Warehouse, Warehouse],
    taken: Taken,
    found: Increment,
) -> Rescored:
    """Score the new candidate pairs, and find which old ones are none any more; write both."""
    before, after = held
    entity = after.entity_type
    order = np.argsort(found.rule, kind="stable")
    left, right, rule = found.left[order], found.right[order], found.rule[order]
    rules = run.settings(entity).blocking
    counted = np.bincount(rule, minlength=len(rules)).tolist()
    first_found = {each.name: count for each, count in zip(rules, counted, strict=True)}
    run.progress.say(f"{entity}: {len(left):,} candidate pairs with what is new")
    scored = _scored(run, scorer, after, (left, right, rule))
    if found.known.any():  # another rule may have found them before
        scored = _new_to(before, scored)
    void = _void(run, held, found, taken.demoted)
    run.write(scored, "pairs", entity)
    run.write(void.select(list(VOID)), "void", entity)
    return Rescored(found.counts, first_found, scored, void)


def _scored(
    run: Run, scorer: Scorer, after: Warehouse, pairs: tuple[Int32s, Int32s, Bytes]
) -> pl.DataFrame:
    """Return the pairs that reach the review threshold, by number, and which are links."""
    settings = run.settings(after.entity_type)
    left, right, rule = pairs
    if not len(left):
        return empty(PAIRS)
    numbers, places = _concerned(left, right, after.total)
    threads = thread_count(run.config.link.threads)
    packed = scorer.packed(after.features(numbers, scorer.layout, threads))
    found, _ = score_list(
        packed,
        (places[left], places[right], rule),
        weight_of(settings.review_threshold),
        threads,
        lambda done: run.progress.update(f"{done:,} of {len(left):,} pairs scored"),
    )
    thresholds, once = scorer.in_use.model.thresholds(settings), None
    if thresholds.left_over:
        once = once_of(after.rows(numbers, ["source"])["source"], run.config.once)
    return mark_links(found, thresholds, once).with_columns(
        pl.Series(name, numbers[found[name].to_numpy()], dtype=pl.Int64) for name in VOID
    )


def _new_to(before: Warehouse, scored: pl.DataFrame) -> pl.DataFrame:
    """Return the scored pairs that the published generation does not hold.

    A join builds a table of all that it holds, though pairs of mentions that were there are few.
    """
    left = scored.filter(pl.col("mention_r") < before.total)["mention_l"].to_numpy()
    asked = np.zeros(before.total, dtype=np.bool_)
    asked[left] = True
    held = before.pairs(list(VOID))
    known = held.filter(pl.Series(asked[held["mention_l"].to_numpy()], dtype=pl.Boolean))
    return scored.join(known, on=list(VOID), how="anti", maintain_order="left")


def _concerned(left: Int32s, right: Int32s, total: int) -> tuple[Int64s, Int32s]:
    """Return the mentions of some pairs, ascending, and by number the place of each among them."""
    among = np.zeros(total, dtype=np.bool_)
    among[left] = True
    among[right] = True
    places = np.cumsum(among, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(among), places


def _void(
    run: Run, held: tuple[Warehouse, Warehouse], found: Increment, demoted: pl.DataFrame
) -> pl.DataFrame:
    """Return the scored pairs that no run of keys makes any more: their key became over-full."""
    if not len(found.doubtful.members):
        return empty(PAIRS)
    before, after = held
    kept = before.pairs(uncut=True)
    kept = kept.filter(after.alive(kept))
    left, right = (kept[name].to_numpy().astype(np.int32) for name in VOID)
    doubted = in_doubt(found.doubtful, left, right, after.total)
    kept = kept.filter(pl.Series(doubted, dtype=pl.Boolean))
    left, right = left[doubted], right[doubted]
    settings = run.settings(after.entity_type)
    numbers = np.unique(np.concatenate([left, right]))
    keys = _keys_of(settings, after, numbers, demoted)
    cap = settings.max_records_per_key
    still = still_found(left, right, settings.blocking, cap, after.index, keys)
    return kept.filter(pl.Series(~still, dtype=pl.Boolean))

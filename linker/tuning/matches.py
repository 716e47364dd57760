"""The matches that rules are judged by: those of a truth, or those that linking tells so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.hashing import Int32s, Int64s
from linker.blocking.keys import parse_key
from linker.blocking.still_found import in_doubt
from linker.config import BlockingRule
from linker.night.records import Records
from linker.schemas import MENTIONS, RECORD, EntityType
from linker.tuning.parts import KINDS_OF_PARTS, LISTS, list_of
from linker.tuning.sample import KeyMaker, Listed, Scores, distinct

PROBABLE: Final = 0.5
"""From this match probability on a pair is rather a match than none."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Matches:
    """Pairs of records that are matches, surely or probably, and which rules find each.

    Attributes:
        weight: How probable each is.
        unit: What a bootstrap draws: the number of the probe, or of the true entity, of each.
        units: How many of these there are.
        found: By rule, the places of the matches it finds, ascending.
        able: By match, a bit for each of `LISTS` that both records have a value for.
        scale: How many matches of all records one stands for.
        surely: Whether they are those of a truth.
        doubtful: The share of all expected matches that is left out, being spread over pairs each
            of which is rather none; of these a model knows the number badly.
    """

    weight: Floats
    unit: Int64s
    units: int
    found: list[Int32s]
    able: Int64s
    scale: float
    surely: bool
    doubtful: float = 0.0

    @property
    def total(self) -> float:
        """How many matches of all records they stand for."""
        return float(self.weight.sum()) * self.scale


def told_by_linking(
    of: Listed, scores: Scores, records: Records, entities: Int64s | None
) -> Matches:
    """Return the matches of probes, as the model and the entities of the last run tell them.

    A pair within one entity is a match whether or not any rule finds it; another pair is one as
    probably as the model says, so that a match beyond the reach of last night's rules counts too.

    Args:
        of: The listed pairs.
        scores: Of these.
        records: All records.
        entities: The number of each record's entity; None where nothing has been published.
    """
    within = np.empty(0, dtype=np.int64) if entities is None else _within(of, entities)
    pairs = distinct(np.concatenate([of.pairs, within]))
    expected = np.zeros(len(pairs))
    expected[np.searchsorted(pairs, of.pairs)] = scores.expected
    expected[np.searchsorted(pairs, within)] = 1.0
    kept = np.flatnonzero(expected >= PROBABLE)
    every = float(expected.sum())
    ranks = pairs[kept] // max(of.total, 1)
    able = _able(records)
    return Matches(
        weight=expected[kept],
        unit=ranks,
        units=len(of.ranks),
        found=[_places(pairs[kept], of.pairs[found]) for found in of.found],
        able=able[of.ranks[ranks]] & able[pairs[kept] % max(of.total, 1)],
        scale=of.scale,
        surely=False,
        doubtful=1.0 - float(expected[kept].sum()) / every if every > 0 else 0.0,
    )


def told_by_truth(
    rules: Sequence[BlockingRule], records: Records, cap: int, truth: pl.DataFrame
) -> Matches:
    """Return every true pair, and which rules find it among all records.

    Args:
        rules: The rules.
        records: All records.
        cap: The most records of a key where a rule has no cap of its own.
        truth: ``source``, ``record_id`` and ``true_id``.
    """
    left, right, unit = true_pairs(records, truth)
    found = []
    keys = KeyMaker(records, cap)
    for rule in rules:
        runs, _ = keys.runs(rule)
        met = in_doubt(runs, left, right, records.height)
        found.append(np.flatnonzero(met).astype(np.int32))
    able = _able(records)
    return Matches(
        weight=np.ones(len(left)),
        unit=unit,
        units=int(unit.max(initial=-1)) + 1,
        found=found,
        able=able[left] & able[right],
        scale=1.0,
        surely=True,
    )


def true_pairs(records: Records, truth: pl.DataFrame) -> tuple[Int32s, Int32s, Int64s]:
    """Return every pair of records of one true entity, the smaller one left, and the entity.

    Args:
        records: All records.
        truth: ``source``, ``record_id`` and ``true_id``.
    """
    numbered = (
        records.mentions.read(list(RECORD))
        .select(*RECORD, mention=pl.int_range(pl.len(), dtype=pl.Int64))
        .join(truth.drop_nulls("true_id"), on=list(RECORD), maintain_order="left")
        .select("mention", unit=pl.col("true_id").rank("dense").cast(pl.Int64) - 1)
    )
    pairs = (
        numbered.join(numbered, on="unit", suffix="_r", maintain_order="left_right")
        .filter(pl.col("mention") < pl.col("mention_r"))
        .sort("mention", "mention_r")
    )
    return (
        pairs["mention"].cast(pl.Int32).to_numpy().copy(),
        pairs["mention_r"].cast(pl.Int32).to_numpy().copy(),
        pairs["unit"].to_numpy().copy(),
    )


def _within(of: Listed, entities: Int64s) -> Int64s:
    """Return the pairs that each probe makes with the others of its entity, as listed pairs are."""
    order = np.argsort(entities, kind="stable")
    ordered = entities[order]
    firsts = np.searchsorted(ordered, entities[of.ranks])
    sizes = np.searchsorted(ordered, entities[of.ranks], "right") - firsts
    rank = np.repeat(np.arange(len(of.ranks)), sizes)
    starts = np.cumsum(sizes) - sizes
    other = order[np.arange(len(rank)) - np.repeat(starts - firsts, sizes)]
    apart = of.ranks[rank] != other
    return np.sort(rank[apart] * of.total + other[apart])


def _places(kept: Int64s, found: Int64s) -> Int32s:
    """Return the places among kept pairs of those found ones that are there."""
    at = np.searchsorted(kept, found)
    there = at < len(kept)
    there[there] = kept[at[there]] == found[there]
    return at[there].astype(np.int32)


def _able(records: Records) -> Int64s:
    """Return of each record a bit for each list that it has a value for."""
    bits = np.zeros(records.height, dtype=np.int64)
    for number, name in enumerate(LISTS):
        for column in sorted(_columns(records.entity_type, name)):
            values = records.mentions.read([column])[column]
            known = (
                values.list.len().fill_null(0) > 0 if values.dtype == pl.List else ~values.is_null()
            )
            bits |= np.where(known.to_numpy(), 1 << number, 0)
    return bits


def _columns(entity: EntityType, name: str) -> set[str]:
    """Return the columns of the parts that are of a list."""
    return {
        column
        for part, kind in KINDS_OF_PARTS[entity].items()
        if list_of(kind, entity) == name
        for column in parse_key(BlockingRule(name="part", key=[part]), entity)[0].columns
        if column in MENTIONS[entity] and column not in RECORD
    }

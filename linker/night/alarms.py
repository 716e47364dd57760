"""What looks wrong with a run by its own signs, without any known answer.

Each sign is a number of the run against a stated bound, and is told with what to do about it. None
stops a run: a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.keys import parse_key
from linker.config import BlockingRule, EntitySettings
from linker.model import LinkageModel, Thresholds, weight_of
from linker.night.linked import Linked
from linker.night.summary import entity_sizes
from linker.store.warehouse import Warehouse

FEWEST_RECORDS: Final = 100
"""Signs of fewer records are chance."""
FEWEST_PAIRS: Final = 200
"""So many pairs make a histogram."""
HARDLY_ANY: Final = 1_000
"""Fewer than one link in so many records is almost nothing."""
NARROW: Final = 4.0
"""The valley is looked for so many bits above the review threshold at least."""
NO_VALLEY: Final = 0.8
"""Where the thinnest bit of match weights holds more than this share of the densest, there are no
two humps. Public sets that are linked well have 0.01 to 0.7, those of names alone 1."""
DOUBTFUL: Final = 0.25
"""More than this share of the records in possible links is more than anyone can review."""
OTHER_PRIOR: Final = 5
"""The prior and what was found may differ by this factor; trained models lie within 2."""
FILLED: Final = 0.2
"""A rule whose fields are filled in more than this share of the mentions should find pairs."""
FEWEST_FILLED: Final = 500
"""In fewer mentions than this there may well be no two that agree."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def alarms(linked: Linked, pairs: pl.DataFrame, settings: EntitySettings) -> list[str]:
    """Return a sentence for each sign that one entity type was not linked well.

    Args:
        linked: What the entity type became.
        pairs: Its scored pairs, `linker.store.warehouse.PAIRS`.
        settings: Its blocking rules.
    """
    held = linked.held
    if held.height < FEWEST_RECORDS:
        return []
    signs = (
        _hardly_linked(pairs, held.height),
        _prior(linked.model, pairs, held),
        _humps(pairs, linked.thresholds),
        _doubts(pairs, held),
        *_idle_rules(linked, settings),
    )
    return [f"{held.entity_type}: {sign}" for sign in signs if sign]


def _hardly_linked(pairs: pl.DataFrame, records: int) -> str:
    links = int(pairs["link"].sum())
    if not links or links * HARDLY_ANY >= records:  # none at all is told by `run_warnings`
        return ""
    return (
        f"almost nothing was linked, {links:,} links among {records:,} records; check the field "
        "mapping, the shares of filled fields and the model"
    )


def _prior(model: LinkageModel, pairs: pl.DataFrame, held: Warehouse) -> str:
    records, sizes = held.height, entity_sizes(held)
    found = int((sizes * (sizes - 1) // 2).sum())
    expected = model.prior * records * (records - 1) / 2
    hardly_any = int(pairs["link"].sum()) * HARDLY_ANY < records  # which is told by itself
    if hardly_any or expected / OTHER_PRIOR <= found <= expected * OTHER_PRIOR:
        return ""
    return (
        f"the entities hold {found:,} pairs of records where the model's prior expects "
        f"{expected:,.1f}, more than {OTHER_PRIOR} times off, and every match weight with it; run "
        f"linker train on this data, or set {model.entity_type}.expected_records to {records}"
    )


def _humps(pairs: pl.DataFrame, thresholds: Thresholds) -> str:
    review = weight_of(thresholds.review)
    weights = pairs.filter(pl.col("match_weight") >= review)["match_weight"].to_numpy()
    if len(weights) < FEWEST_PAIRS:
        return ""
    share = valley(weights, review, max(weight_of(thresholds.link), review + NARROW))
    if share <= NO_VALLEY:
        return ""
    return (
        "the match weights have no two humps: between the links and the review threshold no bit "
        f"holds less than {share:.0%} of the pairs of the densest bit, where {NO_VALLEY:.0%} is "
        "the most; what lies near the threshold is a guess; map more fields, train on this data, "
        "or review the lightest links before relying on them"
    )


def valley(weights: Numbers, review: float, link: float) -> float:
    """Return how deep the valley is between the links' hump and the review threshold.

    The histogram has bins of one bit and is smoothed over three.

    Args:
        weights: Match weights in bits, none below `review`.
        review: The review threshold in bits.
        link: The link threshold in bits.

    Returns:
        The lowest bin between the review threshold and the highest bin as a share of the highest; 1
        where the highest is below the link threshold, so that links have no hump of their own.
    """
    bins = np.arange(np.floor(review), np.floor(weights.max()) + 2)
    counts, _ = np.histogram(weights, bins=bins)
    three = np.ones(3)
    smooth = np.convolve(counts, three)[1:-1] / np.convolve(np.ones(len(counts)), three)[1:-1]
    peak = int(smooth.argmax())
    if bins[peak] + 1 <= link:
        return 1.0
    return float(smooth[: peak + 1].min() / smooth[peak])


def _doubts(pairs: pl.DataFrame, held: Warehouse) -> str:
    possible = pairs.filter(~pl.col("link"))
    left, right = (possible[name].to_numpy() for name in ("mention_l", "mention_r"))
    apart = held.serials[left] != held.serials[right]
    doubtful = len(np.unique(np.concatenate([left[apart], right[apart]])))
    if doubtful <= DOUBTFUL * held.height:
        return ""
    return (
        f"{doubtful:,} of {held.height:,} records ({doubtful / held.height:.0%}) are "
        f"in possible links with other entities, where {DOUBTFUL:.0%} is many: the fields do not "
        "tell them apart; map more fields, train on this data, or raise the review threshold"
    )


def _idle_rules(linked: Linked, settings: EntitySettings) -> Iterator[str]:
    """Yield what is said of rules that found nothing, though many mentions have their fields."""
    least = max(FEWEST_FILLED, FILLED * linked.held.height)
    found = {count.rule: count.pairs + count.pairs_capped for count in linked.counts}
    capped = {count.rule: count.keys_capped for count in linked.counts if not count.pairs}
    for rule in settings.blocking:
        if capped.get(rule.name):
            yield (
                f"blocking rule {rule.name!r} made no pair: each of its {capped[rule.name]:,} "
                "shared keys is held by too many records; give it a more selective key, or raise "
                "its max_records_per_key"
            )
        elif not found.get(rule.name, 1) and (filled := _filled(rule, linked)) >= least:
            yield (
                f"blocking rule {rule.name!r} found nothing, though {filled:,} mentions have its "
                "fields: no two agree; check that sources write these fields alike, or leave the "
                "rule out"
            )


def _filled(rule: BlockingRule, linked: Linked) -> int:
    """Return how many mentions have every part of a rule's key.

    A part may ask for more than its columns: that of a name of one word is nobody's of two.
    """
    held = linked.held
    parts = parse_key(rule, held.entity_type)
    columns = {column for part in parts for column in part.columns}
    if any(all(linked.nulls[name] >= held.height for name in part.columns) for part in parts):
        return 0
    values = held.read(columns).select(
        part.values.alias(str(place)) for place, part in enumerate(parts)
    )
    known = values.with_columns(
        pl.col(pl.List).list.drop_nulls().list.len().replace(0, None)  # an empty list is nothing
    )
    return known.filter(pl.all_horizontal(pl.all().is_not_null())).height

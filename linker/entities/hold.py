"""Clusters that hold: which components of links must be regrouped, and what was cut in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
import polars as pl

from linker.entities.component import Component, Rules
from linker.entities.contradictions import GENERATION, READ, YEARS_APART, Record
from linker.entities.left_over import is_left_over
from linker.entities.regroup import HEAVY, STRONG, least_mean, regroup
from linker.entities.torn import TORN

Labels = np.ndarray[tuple[int], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

PAIR: Final = (
    *("mention_l", "mention_r", "match_weight", "identity_weight"),
    *("link", "confirmed"),
)
"""The columns of a scored pair that are looked at."""
CUTS: Final = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),
    "match_weight": pl.Float64(),
    "cut": pl.String(),
}
"""Links between two clusters that may not be one, the first refused of each two clusters."""
REASONS: Final = {
    "decision": "a decision says that they are not one",
    "conflict": "a decision that they are one is not followed, since other decisions contradict it",
    "duplicates": "a source that holds no duplicates has a record of each",
    "birth_dates": "their birth dates cannot be of one life, and only a chain of links joins them",
    "generation": "their suffixes and birth years are a generation apart",
    "suffix": "their suffixes differ, and only a chain of links joins them",
    "custody": "both were arrested on one day in two places, and only a chain of links joins them",
    "unborn": "one was met before the other was born, and only a chain of links joins them",
    "size": "together they would hold more records than an entity may",
    "support": "too few pairs support the link between the two groups of records",
    TORN: "it may as well be of another entity, which cannot be one with this one",
}
"""Why a link was cut, by its short word."""
BRIDGED: Final = 4
"""A component of fewer records has no two groups of several records."""
_FACTS: Final = ("birth_date", "birth_year", "suffix", "seen", "arrested_on", "place", "agency")


def reading(columns: Any) -> list[str]:  # noqa: ANN401 - whatever has names
    """Return the columns of mentions that `hold` reads, of those there are."""
    return [name for name in ("mention", "source", *READ) if name in columns]


def hold(
    labels: Labels,
    pairs: pl.DataFrame,
    mentions: pl.DataFrame,
    rules: Rules,
    apart: pl.DataFrame | None = None,
    together: pl.DataFrame | None = None,
) -> tuple[Labels, pl.DataFrame]:
    """Split the clusters that links brought together and that must not be one.

    Args:
        labels: The cluster of each mention, as `cluster` gives it.
        pairs: mention_l, mention_r, match_weight, identity_weight, ``link`` and ``confirmed`` of
            every pair at or above the review threshold; any order.
        mentions: ``mention``, ``source`` and, of people, the columns `READ`, in mention order.
        rules: What holds clusters apart.
        apart: mention_l, mention_r: pairs of mentions that may not be in one cluster; any order.
        together: mention_l, mention_r: pairs that are in one cluster whatever else there is, as
            they are in `labels`; any order. None of them, and no chain of them, is in `apart`.

    Returns:
        The clusters, each named by its smallest mention, and `CUTS`, sorted.
    """
    clash, facts = _clashing(labels, mentions)
    once = mentions["source"].is_in(list(rules.once)).to_numpy()
    parted = _parted(labels, apart)
    need = clash | _unsupported(labels, pairs, rules) | _repeated(labels, mentions["source"], once)
    need[[labels[mention] for mention in parted]] = True
    wanted = need[labels] if len(labels) else need
    result = labels.copy()
    cuts: list[tuple[int, int, float, str]] = []
    members = facts.filter(pl.Series(wanted)).sort("cluster", "mention")
    within = _by_cluster(_inside(pairs, labels, wanted, rules))
    sources = mentions["source"]
    joined = _joined(labels, together)
    for label, part, rows in _with_pairs(_by_cluster(members), within):
        component = Component(
            [Record(*row) for row in part],
            rows,
            {mention: sources[mention] for mention, *_ in part if once[mention]},
            {mention: parted[mention] for mention, *_ in part if mention in parted},
            joined.get(label, ()),
        )
        groups, lost = regroup(component, rules)
        cuts += lost
        for group in groups:
            result[group] = min(group)
    return result, pl.DataFrame(sorted(cuts), schema=CUTS, orient="row")


def _clashing(labels: Labels, mentions: pl.DataFrame) -> tuple[Bools, pl.DataFrame]:
    """Return which clusters may hold a contradiction, and of each mention what it says.

    The clusters are marked at the number that names them. Arrests are told only where a cluster
    has two of one day.
    """
    need = np.zeros(len(labels), dtype=np.bool_)
    base = mentions.select(pl.Series("cluster", labels), "mention")
    if not set(READ) <= set(mentions.columns):
        nothing = (pl.lit(None).alias(name) for name in _FACTS)
        return need, base.with_columns(nothing)
    met = pl.min_horizontal(pl.col("arrested_on").dt.year(), pl.col("reported_on").dt.year())
    facts = mentions.select(
        pl.Series("cluster", labels),
        "mention",
        *("birth_date", "birth_year", "suffix"),
        seen=pl.when(pl.col("birth_year").is_null()).then(met),
        arrested_on="arrested_on",
        place="place",
        agency="agency",
    )
    several = facts.filter(pl.Series(np.bincount(labels, minlength=1)[labels] > 1))
    days = (
        several.drop_nulls(["arrested_on", "place", "agency"])
        .group_by("cluster", "arrested_on")
        .agg(pl.col("place").n_unique().alias("places"), pl.col("agency").n_unique())
        .filter((pl.col("places") > 1) & (pl.col("agency") > 1))["cluster"]
        .unique()
    )
    year = pl.col("birth_date").dt.year()
    differing = several.group_by("cluster").agg(
        (
            (year.max() - year.min() >= YEARS_APART)
            | (pl.col("birth_year").max() - pl.col("birth_year").min() >= GENERATION)
            | (pl.col("suffix").max() != pl.col("suffix").min())
            | (pl.col("seen").min() < pl.col("birth_year").max())
        ).alias("differ")
    )
    need[differing.filter("differ")["cluster"].to_numpy()] = True
    need[days.to_numpy()] = True
    arrests = pl.col("cluster").is_in(days.to_list())
    told = (pl.when(arrests).then(name).alias(name) for name in ("arrested_on", "place", "agency"))
    return need, facts.with_columns(told)


def _unsupported(labels: Labels, pairs: pl.DataFrame, rules: Rules) -> Bools:
    """Return which clusters are too large, or may hold groups that are poorly supported.

    Groups all of whose pairs are links are supported. Of n records two groups of several have
    2 (n - 2) pairs between them at least, and where all links are heavy, a share of these must be
    no links before the mean is too little; one record then joins whatever the others say.
    """
    size = np.bincount(labels, minlength=len(labels))
    need: Bools = size > rules.max_records
    links = pairs.lazy().filter("link").select("mention_l", "match_weight", "confirmed").collect()
    of = labels[links["mention_l"].to_numpy()]
    lacking = size * (size - 1) // 2 - np.bincount(of, minlength=len(labels))
    heavy = rules.link_weight + (HEAVY if rules.namesakes else STRONG)
    light = ~pl.col("confirmed") & (pl.col("match_weight") < heavy)
    lightly = np.zeros(len(labels), dtype=np.bool_)
    lightly[of[links.select(light).to_series().to_numpy()]] = True
    enough = max(0.0, least_mean(rules, several=True) / max(heavy, 1.0))
    bridged = (size >= BRIDGED) & (lacking >= 2 * (size - 2) * (1 - min(enough, 1.0)))
    return need | ((lacking > 0) & (lightly | bridged))


def _repeated(labels: Labels, sources: pl.Series, once: Bools) -> Bools:
    """Return which clusters hold two records of one source that holds no duplicates."""
    need = np.zeros(len(labels), dtype=np.bool_)
    if once.any():
        held = pl.DataFrame({"cluster": labels, "source": sources}).filter(pl.Series(once))
        need[held.filter(held.is_duplicated())["cluster"].to_numpy()] = True
    return need


def _parted(labels: Labels, apart: pl.DataFrame | None) -> dict[int, frozenset[int]]:
    """Return for mentions those of their cluster that they may not be in one cluster with."""
    found: dict[int, set[int]] = {}
    for left, right in apart.select("mention_l", "mention_r").rows() if apart is not None else ():
        if labels[left] == labels[right]:
            found.setdefault(left, set()).add(right)
            found.setdefault(right, set()).add(left)
    return {mention: frozenset(others) for mention, others in found.items()}


def _inside(pairs: pl.DataFrame, labels: Labels, wanted: Bools, rules: Rules) -> pl.DataFrame:
    """Return the pairs within wanted clusters, by ``cluster``, in the order to be taken."""
    last = is_left_over(rules.link_weight, rules.identity_floor)
    left = pairs["mention_l"].to_numpy()
    same = wanted[left] & (labels[left] == labels[pairs["mention_r"].to_numpy()])
    return (
        pairs.select(PAIR)
        .filter(pl.Series(same, dtype=pl.Boolean))
        .select(pl.Series("cluster", labels[left[same]]), *PAIR)
        .sort(
            ["cluster", "confirmed", last, "match_weight", "mention_l", "mention_r"],
            descending=[False, True, False, True, False, False],
        )
    )


def _joined(labels: Labels, together: pl.DataFrame | None) -> dict[int, list[tuple[int, int]]]:
    """Return the pairs that are in one cluster whatever else there is, by cluster."""
    found: dict[int, list[tuple[int, int]]] = {}
    if together is not None:
        for left, right in together.select("mention_l", "mention_r").rows():
            found.setdefault(int(labels[left]), []).append((left, right))
    return found


def _with_pairs(
    members: Iterator[tuple[int, list[Any]]], within: Iterator[tuple[int, list[Any]]]
) -> Iterator[tuple[int, list[Any], list[Any]]]:
    """Yield each cluster with its records and its pairs; one that decisions made may have none."""
    label, rows = next(within, (-1, []))
    for cluster, part in members:
        if cluster == label:
            yield cluster, part, rows
            label, rows = next(within, (-1, []))
        else:
            yield cluster, part, []


def _by_cluster(rows: pl.DataFrame) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Yield the rows of each cluster, without the first column, which names it."""
    for key, part in groupby(rows.iter_rows(), key=itemgetter(0)):
        yield key, [row[1:] for row in part]

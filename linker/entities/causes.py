"""What joined and parted records: the heaviest link of many, the decision, the cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.entities.component import Rules
from linker.entities.decisions import DECIDED, Decided
from linker.entities.hold import CUTS, REASONS, Labels
from linker.entities.left_over import is_left_over
from linker.schemas import empty

LINKS: Final = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),
    "match_weight": pl.Float64(),
    "decision": pl.Int64(),
    "left_over": pl.Boolean(),
}
"""What joins two mentions of one cluster: a link, or, without a weight, a decision; and whether the
link is one by what is left over."""
TOLD_CUTS: Final = {**CUTS, "decision": pl.Int64(), "reason": pl.String()}
"""Cuts, with the decision that one is due to and the reason in words."""


@dataclass(frozen=True)
class Causes:
    """What joined and parted the records of some clusters.

    Attributes:
        links: `LINKS`.
        cuts: `TOLD_CUTS`.
        authors: ``decision`` and ``author``.
    """

    links: pl.DataFrame
    cuts: pl.DataFrame
    authors: pl.DataFrame


_AUTHORS: Final = {name: DECIDED[name] for name in ("decision", "author")}

UNKNOWN: Final = Causes(empty(LINKS), empty(TOLD_CUTS), empty(_AUTHORS))
"""Nobody says."""


def causes(
    pairs: pl.DataFrame, labels: Labels, cuts: pl.DataFrame, decided: Decided, rules: Rules
) -> Causes:
    """Gather what joined and parted the records of clusters.

    Args:
        pairs: mention_l, mention_r, match_weight, identity_weight, ``link`` and ``confirmed`` of
            every pair; any order.
        labels: The cluster of each mention, as `hold` leaves it.
        cuts: `linker.entities.hold.CUTS`.
        decided: What decisions say of the mentions.
        rules: What held the clusters apart.
    """
    last = is_left_over(rules.link_weight, rules.identity_floor).alias("left_over")
    told = ("mention_l", "mention_r", "match_weight", last)
    links = pairs.lazy().filter("link").select(told).collect()
    same = labels[links["mention_l"].to_numpy()] == labels[links["mention_r"].to_numpy()]
    links = links.filter(pl.Series(same, dtype=pl.Boolean))
    joined = decided.together.select("mention_l", "mention_r", "decision")
    return Causes(
        pl.concat([empty(LINKS), links, joined], how="diagonal"),
        told_cuts(cuts, labels, decided),
        decided.together.select(list(_AUTHORS)),
    )


def told_cuts(cuts: pl.DataFrame, labels: Labels, decided: Decided) -> pl.DataFrame:
    """Return cuts with their decisions and reasons, and the decisions that are not followed.

    Args:
        cuts: `linker.entities.hold.CUTS`.
        labels: The cluster of each mention.
        decided: What decisions say of the mentions.

    Returns:
        `TOLD_CUTS`.
    """
    first: dict[tuple[int, int], tuple[int, str]] = {}
    for left, right, number, author in decided.apart.select(list(DECIDED)).rows():
        first.setdefault(_clusters(labels, left, right), (number, author))
    rows: list[tuple[object, ...]] = []
    for left, right, weight, cut in cuts.rows():
        number, author = first.get(_clusters(labels, left, right), (None, ""))
        if cut == "decision" and number is not None:
            reason = f"decision {number} of {author} says that they are not one"
            rows.append((left, right, weight, cut, number, reason))
        else:
            rows.append((left, right, weight, cut, None, REASONS[cut]))
    rows += [
        (conflict.mention_l, conflict.mention_r, None, "conflict", conflict.cut, conflict.text)
        for conflict in decided.conflicts
    ]
    return pl.DataFrame(rows, schema=TOLD_CUTS, orient="row")


def _clusters(labels: Labels, left: int, right: int) -> tuple[int, int]:
    one, other = int(labels[left]), int(labels[right])
    return (one, other) if one < other else (other, one)


def strongest_within(links: pl.DataFrame, clusters: pl.Series, wanted: pl.Series) -> pl.DataFrame:
    """Return what joins wanted clusters: of each the decision or, without one, the heaviest link.

    Args:
        links: `LINKS`.
        clusters: The cluster of each mention.
        wanted: Clusters.

    Returns:
        ``cluster`` and `LINKS`.
    """
    within = links.with_columns(clusters.gather(links["mention_l"]).alias("cluster"))
    return _first(within.filter(pl.col("cluster").is_in(wanted.implode())), "cluster")


def strongest_between(
    links: pl.DataFrame, clusters: pl.Series, origins: pl.Series, arrived: pl.DataFrame
) -> pl.DataFrame:
    """Return what joins entities of yesterday to records that were not theirs.

    Args:
        links: `LINKS`.
        clusters: The cluster of each mention.
        origins: Yesterday's entity of each mention, by serial number; null where it had none.
        arrived: ``serial``, the ``cluster`` that an entity arrived in, and ``survivor``, the serial
            number of the entity whose id that cluster has: a link to a record of its is preferred.

    Returns:
        ``serial`` and `LINKS`; ``mention_l`` is the one that was in the entity.
    """
    left, right = links["mention_l"], links["mention_r"]
    crossing = links.filter(origins.gather(left).ne_missing(origins.gather(right)))
    flipped = crossing.rename({"mention_l": "mention_r", "mention_r": "mention_l"})
    both = pl.concat([crossing, flipped.select(crossing.columns)])
    sided = both.with_columns(
        clusters.gather(both["mention_l"]).alias("cluster"),
        origins.gather(both["mention_l"]).alias("serial"),
        origins.gather(both["mention_r"]).alias("other"),
    )
    met = sided.join(arrived, on=["serial", "cluster"])
    elsewhere = pl.col("other").ne_missing(pl.col("survivor"))
    return _first(met, "serial", elsewhere).select("serial", *LINKS)


def _first(links: pl.DataFrame, key: str, before: pl.Expr | None = None) -> pl.DataFrame:
    """Return the first link of each key: decisions, then the heaviest, what is left over last."""
    order = [pl.col("decision").is_null(), pl.col("left_over"), -pl.col("match_weight")]
    order += [pl.col("mention_l"), pl.col("mention_r")]
    if before is not None:
        order.insert(0, before)
    return links.sort(order).unique(key, keep="first", maintain_order=True)

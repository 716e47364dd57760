"""Where true pairs are lost: no rule made them candidates, or scoring did not link them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.keys import hash_part, key_parts
from linker.blocking.pairs import find_runs
from linker.blocking.runs import Runs
from linker.config import EntitySettings
from linker.schemas import EntityType
from linker.store.generation import Generation

SIDES: Final = ("mention_l", "mention_r")
THREADS: Final = 2


@dataclass(frozen=True)
class Judged:
    """The pairs of one entity type, judged.

    Attributes:
        records: ``mention``, ``source``, ``record_id``, ``entity_id`` and the columns of the truth
            of every mention with a known answer.
        pairs: Every true pair: ``mention_l``, ``mention_r``, and whether it is a ``candidate``, was
            ``kept`` (a link or a possible link), is a ``link``, and lies ``together`` in an entity.
        links: Every link between such mentions: ``mention_l``, ``mention_r``, ``right``.
        absent: True pairs of which a record is no mention, because it was set aside.
    """

    records: pl.DataFrame
    pairs: pl.DataFrame
    links: pl.DataFrame
    absent: int


def judge(
    generation: Generation, entity: EntityType, settings: EntitySettings, truth: pl.DataFrame
) -> Judged:
    """Judge what a published generation made of one entity type.

    Args:
        generation: The generation.
        entity: Whose mentions.
        settings: The blocking rules it was made with.
        truth: ``source``, ``record_id``, ``true_id`` and whatever else is known of records of this
            type.
    """
    membership = generation.read(f"membership_{entity}").select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("mention"),
        *("source", "record_id", "entity_id"),
    )
    known = truth.drop_nulls("true_id")
    records = membership.join(known, on=["source", "record_id"], maintain_order="left")
    scored = generation.read(f"pairs_{entity}", [*SIDES, "link"])
    true = true_pairs(records)
    found = candidates(
        true, records, candidate_runs(generation, entity, settings, membership.height)
    )
    pairs = (
        true.with_columns(candidate=found)
        .join(scored, on=SIDES, how="left", maintain_order="left")
        .with_columns(
            kept=pl.col("link").is_not_null(),
            link=pl.col("link").fill_null(value=False),
            together=(
                membership["entity_id"].gather(true["mention_l"])
                == membership["entity_id"].gather(true["mention_r"])
            ),
        )
    )
    sizes = known.group_by("true_id").len()["len"].cast(pl.Int64)
    absent = int((sizes * (sizes - 1) // 2).sum()) - pairs.height
    return Judged(records, pairs, _links(scored, records), absent)


def true_pairs(records: pl.DataFrame) -> pl.DataFrame:
    """Return every pair of mentions of one true entity, the smaller number left.

    Args:
        records: ``mention`` and ``true_id``.
    """
    left = records.select("true_id", mention_l="mention")
    right = records.select("true_id", mention_r="mention")
    return (
        left.join(right, on="true_id")
        .filter(pl.col("mention_l") < pl.col("mention_r"))
        .select(SIDES)
        .sort(SIDES)
    )


def candidate_runs(
    generation: Generation, entity: EntityType, settings: EntitySettings, mentions: int
) -> Runs:
    """Return the runs of equal keys that the nightly link scored, made anew by the same functions.

    Over-full keys are left out or refined as they were then, which the stored keys do not tell.
    """
    parts = key_parts(settings.blocking, entity)

    def hashed(columns: tuple[str, ...]) -> pl.DataFrame:
        return generation.read(f"mentions_{entity}", columns)

    with ThreadPoolExecutor(THREADS) as pool:
        made = pool.map(lambda part: hash_part(part, hashed(part.columns)), parts)
        hashes = {part.name: one for part, one in zip(parts, made, strict=True)}
    runs, _ = find_runs(
        settings.blocking, entity, hashes, mentions, settings.max_records_per_key, THREADS
    )
    return runs


def candidates(true: pl.DataFrame, records: pl.DataFrame, runs: Runs) -> pl.Series:
    """Return which true pairs share a run: those that blocking makes candidates.

    Args:
        true: ``mention_l`` and ``mention_r``.
        records: ``mention`` and ``true_id``.
        runs: Mentions that share a key.
    """
    known = records.select(
        pl.col("mention").cast(pl.Int32), who=pl.col("true_id").rank("dense").cast(pl.UInt32)
    )
    members = pl.DataFrame(
        {
            "run": np.repeat(np.arange(len(runs.starts) - 1), np.diff(runs.starts)),
            "mention": runs.members,
            "rule": np.repeat(runs.rules, np.diff(runs.starts)),
        }
    ).join(known, on="mention")
    found = pl.Series("candidate", np.zeros(true.height, dtype=np.bool_))
    for _, own in members.group_by("rule"):  # rule by rule: one has no more pairs than are true
        several = own.filter(pl.len().over("run", "who") > 1).select("run", "who", "mention")
        shared = (
            several.join(several, on=["run", "who"], suffix="_r")
            .filter(pl.col("mention") < pl.col("mention_r"))
            .select(
                mention_l=pl.col("mention").cast(pl.Int64),
                mention_r=pl.col("mention_r").cast(pl.Int64),
                here=pl.lit(value=True),
            )
            .unique()
        )
        marked = true.join(shared, on=SIDES, how="left", maintain_order="left")
        found |= marked["here"].fill_null(value=False)
    return found.alias("candidate")


def _links(scored: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    who = records.select("mention", "true_id")
    return (
        scored.filter("link")
        .join(who.rename({"mention": "mention_l"}), on="mention_l", maintain_order="left")
        .join(
            who.rename({"mention": "mention_r", "true_id": "true_id_r"}),
            on="mention_r",
            maintain_order="left",
        )
        .select(*SIDES, right=pl.col("true_id") == pl.col("true_id_r"))
    )


def shares(pairs: pl.DataFrame, links: pl.DataFrame, absent: int = 0) -> dict[str, Any]:
    """Return what became of some true pairs, and how many of some links are right.

    Args:
        pairs: Those of `Judged`, or some of them.
        links: The same.
        absent: True pairs besides, of which a record was set aside.

    Returns:
        ``true_pairs``; ``recall``: the share of them that lies together in an entity; of the rest
        ``lost_to_quarantine`` (a record was set aside), ``lost_to_blocking`` (never candidates) and
        ``lost_to_scoring`` (candidates, of which ``lost_as_possible`` are possible links), adding
        up to 1 with the recall; ``blocking_recall``: the share that became candidates;
        ``scoring_recall``: the share of these that became links, whatever clusters did later;
        ``links`` and ``link_precision``: the share of these that is true.
    """
    apart = ~pl.col("together")
    candidate, kept = pl.col("candidate"), pl.col("kept")
    row = pairs.select(
        true_pairs=pl.len(),
        together=pl.col("together").sum(),
        candidates=candidate.sum(),
        linked=(candidate & pl.col("link")).sum(),
        unblocked=(apart & ~candidate).sum(),
        unscored=(apart & candidate).sum(),
        possible=(apart & candidate & kept & ~pl.col("link")).sum(),
    ).row(0, named=True)
    true = row["true_pairs"] + absent
    return {
        "true_pairs": true,
        "recall": _share(row["together"], true),
        "blocking_recall": _share(row["candidates"], true),
        "scoring_recall": _share(row["linked"], row["candidates"]),
        "lost_to_quarantine": _share(absent, true, 0.0),
        "lost_to_blocking": _share(row["unblocked"], true, 0.0),
        "lost_to_scoring": _share(row["unscored"], true, 0.0),
        "lost_as_possible": _share(row["possible"], true, 0.0),
        "links": links.height,
        "link_precision": _share(int(links["right"].sum()), links.height),
    }


def _share(part: int, whole: int, of_none: float = 1.0) -> float:
    return part / whole if whole else of_none

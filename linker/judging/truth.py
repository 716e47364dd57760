"""What is known of which records belong together: labelled pairs, or whole clusters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linker.config import Config
from linker.errors import UsageError, nearest
from linker.judging.judgement import TruthKind
from linker.model import ModelInUse
from linker.night.labels import LABELS, labelled
from linker.night.records import records_of
from linker.progress import Progress
from linker.schemas import DECISION_RECORDS, DOCUMENTS, RECORD, EntityType, Schema, empty

CLUSTERS: Final[Schema] = {**RECORD, "true_id": pl.String()}
"""Records whose entity is known; a further column ``culture`` names the culture of the name."""
FEWEST_PAIRS: Final = 10
"""By fewer pairs that belong together, or by fewer labelled pairs, nothing can be judged."""
LARGEST_ENTITY: Final = 20_000
"""A truth in which more records are one has another column for ``true_id`` than was meant."""


@dataclass(frozen=True)
class Truth:
    """What is known of which records belong together.

    Attributes:
        kind: Where it is from.
        name: The file's name, ``decisions``, or the identifier's field.
        digest: SHA-256 of the table, sorted.
        clusters: `CLUSTERS` and perhaps ``culture``, sorted; None where only pairs are known.
        pairs: `linker.night.labels.LABELS`, sorted; None where whole clusters are known.
        hidden: The columns of mentions that are missing while judging: what the truth is made of.
        notes: What the reader has to know of it, a sentence each.
        named_by: The model whose groups of words that keep company stand for cultures where the
            truth names none; the judged one unless given. Two models judged by a truth that one
            model names have the same groups.
    """

    kind: TruthKind
    name: str
    digest: str
    clusters: pl.DataFrame | None = None
    pairs: pl.DataFrame | None = None
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    named_by: ModelInUse | None = None

    @property
    def records(self) -> pl.DataFrame:
        """``source`` and ``record_id`` of the records that it says something of, each once."""
        if self.clusters is not None:
            return self.clusters.select(list(RECORD))
        if self.pairs is None:
            return empty({name: pl.String() for name in RECORD})
        ends = [
            self.pairs.select(pl.col(f"{name}_{side}").alias(name) for name in RECORD)
            for side in ("l", "r")
        ]
        return pl.concat(ends).unique(maintain_order=True)


def truth_of_clusters(
    rows: pl.DataFrame, name: str, kind: TruthKind = "clusters", notes: tuple[str, ...] = ()
) -> Truth:
    """Return a truth of whole clusters.

    Args:
        rows: `CLUSTERS` and perhaps ``culture``, without nulls but for ``culture``.
        name: What to call it.
        kind: Where it is from.
        notes: What is known of it already.

    Raises:
        UsageError: A record is of two entities, or all are of one, or too few belong together.
    """
    told = list(notes)
    once = rows.unique(list(CLUSTERS), keep="first", maintain_order=True).sort(list(CLUSTERS))
    if once.height < rows.height:
        told.append(f"rows that repeat others and count once: {rows.height - once.height:,}")
    twice = once.height - once.unique(list(RECORD)).height
    if twice:
        raise UsageError(
            f"{name}: records with two entities: {twice:,}; give each record one true_id"
        )
    sizes = once.group_by("true_id").len()["len"].cast(pl.Int64)
    if len(sizes) < 2:  # noqa: PLR2004 - one entity, or none
        raise UsageError(
            f"{name}: all {once.height:,} records are of one entity; precision needs a second"
        )
    if int(str(sizes.max())) > LARGEST_ENTITY:
        raise UsageError(
            f"{name}: {int(str(sizes.max())):,} records share one true_id; is it the right column?"
        )
    pairs = int((sizes * (sizes - 1) // 2).sum())
    if pairs < FEWEST_PAIRS:
        raise UsageError(
            f"{name}: pairs of records that belong together: {pairs:,}, which is too few to judge "
            f"by; give at least {FEWEST_PAIRS}"
        )
    return Truth(kind, name, _digest(once.select(list(CLUSTERS))), clusters=once, notes=(*told,))


def truth_of_pairs(
    rows: pl.DataFrame, name: str, kind: TruthKind = "pairs", notes: tuple[str, ...] = ()
) -> Truth:
    """Return a truth of labelled pairs.

    Args:
        rows: `LABELS` without nulls; either record of a pair may come first.
        name: What to call it.
        kind: Where it is from.
        notes: What is known of it already.

    Raises:
        UsageError: A pair has both labels or one record, all labels are one, or they are too few.
    """
    told = list(notes)
    ordered = _first_first(rows)
    itself = ordered.filter(
        (pl.col("source_l") == pl.col("source_r"))
        & (pl.col("record_id_l") == pl.col("record_id_r"))
    ).height
    if itself:
        raise UsageError(f"{name}: pairs of a record and itself: {itself:,}; name two records")
    once = ordered.unique(list(LABELS)).sort(list(LABELS))
    if once.height < rows.height:
        told.append(f"rows that repeat others and count once: {rows.height - once.height:,}")
    both = once.height - once.unique(list(DECISION_RECORDS)).height
    if both:
        raise UsageError(
            f"{name}: pairs labelled as match and as non-match: {both:,}; mend the labels"
        )
    matches = int(once["is_match"].sum())
    _refuse_few(name, once.height, matches)
    chained = _chained(once)
    if chained:
        told.append(
            f"non-matches that a chain of matches joins, so that the labels contradict each other: "
            f"{chained:,}"
        )
    return Truth(kind, name, _digest(once), pairs=once, notes=(*told,))


def _refuse_few(name: str, pairs: int, matches: int) -> None:
    if pairs < FEWEST_PAIRS:
        raise UsageError(
            f"{name}: labelled pairs: {pairs:,}, which is too few to judge by; give at least "
            f"{FEWEST_PAIRS}"
        )
    if matches in {0, pairs}:
        only, other = ("match", "non-matches") if matches else ("non-match", "matches")
        raise UsageError(f"{name}: every labelled pair is a {only}; label {other} too")


def decided_truth(config: Config, entity_type: EntityType) -> Truth:
    """Return the clerical decisions in force that are kept apart for evaluation, as a truth.

    Args:
        config: Names the store.
        entity_type: Of which.

    Raises:
        StoreError: The store or its journal cannot be used.
        UsageError: They are too few, or all of one kind.
    """
    notes = (
        "clerical decisions kept apart for evaluation, one in four; no model learns from them",
    )
    labels = labelled(config, entity_type, "evaluation")
    if labels.height < FEWEST_PAIRS:
        raise UsageError(
            f"decisions: {entity_type} pairs kept apart for evaluation: {labels.height:,}, one in "
            "four of those decided, which is too few; decide more pairs, or give --truth"
        )
    return truth_of_pairs(labels, "decisions", "decisions", notes)


def silver_truth(
    config: Config,
    entity_type: EntityType,
    column: str,
    progress: Progress,
    *,
    from_sources: bool = False,
) -> Truth:
    """Return the truth that a strong identifier tells: records that share a number are one target.

    What reads the number is blind while judging: it is missing in every record.

    Args:
        config: Names the store and the sources.
        entity_type: Of which.
        column: The identifier, one of `linker.schemas.DOCUMENTS`.
        progress: Receives a line about each step.
        from_sources: Read the sources though something has been published.

    Raises:
        LinkerError: There is no such identifier, the records cannot be read, or too few share it.
    """
    valid = DOCUMENTS[entity_type]
    if column not in valid:
        raise UsageError(
            f"{column!r} is no identifier of a {entity_type}{nearest(column, valid)}; "
            f"there are {', '.join(valid)}"
        )
    records = records_of(config, entity_type, {column}, progress, from_sources=from_sources)
    held = (
        records.mentions.read([*RECORD, column])
        .drop_nulls(column)
        .select(*RECORD, true_id=pl.col(column).cast(pl.String))
    )
    if held.is_empty():
        raise UsageError(f"{entity_type}: no record has {column}; judge by another truth")
    notes = (
        f"{column} is missing in every record while judging, so that nothing reads it",
        f"one {column} is taken for one target: a mistyped one makes figures look worse",
        f"what is found of records that have {column} need not hold for those that have not",
    )
    found = truth_of_clusters(held, column, "silver", notes)
    return replace(found, hidden=(column,))


def components(left: pl.Series, right: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the component of each pair's two ends, numbered from 0."""
    whole = pl.concat([left, right]).rank("dense").cast(pl.Int64) - 1
    numbers = whole.to_numpy()
    first, second = numbers[: len(left)], numbers[len(left) :]
    count = int(numbers.max()) + 1 if len(numbers) else 0
    ones = np.ones(len(first), dtype=np.int8)
    graph = coo_array((ones, (first, second)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return pl.Series(labels[first]).cast(pl.Int64), pl.Series(labels[second]).cast(pl.Int64)


def _chained(labels: pl.DataFrame) -> int:
    """Return how many non-matches are of two records that a chain of matches joins."""
    records = [pl.struct(f"source_{side}", f"record_id_{side}") for side in ("l", "r")]
    ends = labels.select(
        left=records[0].struct.rename_fields(["source", "record_id"]),
        right=records[1].struct.rename_fields(["source", "record_id"]),
    )
    numbers = pl.concat([ends["left"], ends["right"]]).rank("dense").cast(pl.Int64)
    left, right = numbers.head(labels.height), numbers.tail(labels.height)
    matches = labels["is_match"]
    one, _ = components(left.filter(matches), right.filter(matches))
    named = pl.concat(
        [
            pl.DataFrame({"end": left.filter(matches), "component": one}),
            pl.DataFrame({"end": right.filter(matches), "component": one}),
        ]
    ).unique("end")
    apart = pl.DataFrame({"left": left.filter(~matches), "right": right.filter(~matches)})
    joined = apart.join(named.rename({"end": "left"}), on="left").join(
        named.rename({"end": "right", "component": "other"}), on="right"
    )
    return joined.filter(pl.col("component") == pl.col("other")).height


def _first_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the first record, by source and record id, first."""
    swapped = (pl.col("source_l") > pl.col("source_r")) | (
        (pl.col("source_l") == pl.col("source_r")) & (pl.col("record_id_l") > pl.col("record_id_r"))
    )
    sides = {
        f"{name}_{side}": pl.when(swapped)
        .then(pl.col(f"{name}_{other}"))
        .otherwise(pl.col(f"{name}_{side}"))
        for name in RECORD
        for side, other in (("l", "r"), ("r", "l"))
    }
    return rows.select(**sides, is_match="is_match").select(list(LABELS))


def _digest(table: pl.DataFrame) -> str:
    return hashlib.sha256(table.write_csv().encode()).hexdigest()

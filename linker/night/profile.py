"""What records, and the links among them, look like: told of training data and of each generation.

A profile holds shares and counts, never a value. Two of them say whether the data have moved away
from what a model was trained on (`linker.night.shifts`). It is of a sample, chosen by hashes of the
records' names, and so depends on the records alone: not on their order, nor on the nights they
came in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from linker.blocking.hashing import Int64s, UInt64s, hash_numbers
from linker.blocking.values import record_keys
from linker.config import EntitySettings
from linker.entities.cluster import cluster
from linker.errors import StoreError
from linker.model import ModelInUse, weight_of
from linker.night.expected_levels import expected_levels
from linker.schemas import MENTIONS, EntityType
from linker.scoring.scorer import PackedMentions, score_pairs
from linker.scoring.settings import comparison_columns
from linker.store.mention_table import Mentions
from linker.training.smooth import rounded

PROFILE_FILE: Final = "profile.json"
"""Its name in a model's directory."""
PROFILE_FORMAT: Final = 1
MOST_LINKS: Final = 20_000
"""So many links at most are looked at."""
MOST_RECORDS: Final = 50_000
"""So many records are looked at, shared out among the sources."""
LEAST_OF_SOURCE: Final = 500
"""Of each source so many records at least, if it has them."""
_WEIGHT_DIGITS: Final = 6
"""Weights are rounded before they are counted: another order of adding may differ in the last."""
_SEEN_TWICE: Final = 2.5
"""A value that no more training records hold than two is one a further record hardly ever has."""


class Profile(BaseModel):
    """What records and their links look like; shares lie between 0 and 1.

    Attributes:
        records: Among how many records pairs were looked for.
        total: Of how many records they are a sample.
        sources: How many records each source has.
        sampled: Of how many of them shares of records are told.
        fills: By column the share of records that have it; each source counts by its records.
        by_source: The same of the records of each source.
        links: How many pairs are links by their weight, before any is cut.
        sampled_links: Of how many of them levels are told.
        independent_links: As many of these as join their records; more say little that is new.
        levels: By comparison the share of links that meet each level, in the model's order.
        expected: The same as the model expects of links with the same fields missing.
        weights: ``edges``, match weights in whole bits, and ``pairs``, how many scored pairs from
            the review threshold up lie between one and the next.
        pairs_per_record: Such pairs, links included, a record.
        term_frequencies: By column the share of its values that the model does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format: int = PROFILE_FORMAT
    records: int
    total: int
    sources: dict[str, int]
    sampled: dict[str, int]
    fills: dict[str, float]
    by_source: dict[str, dict[str, float]]
    links: int
    sampled_links: int
    independent_links: int
    levels: dict[str, list[float]]
    expected: dict[str, list[float]]
    weights: dict[str, list[int]]
    pairs_per_record: float
    term_frequencies: dict[str, float]

    @property
    def pairs(self) -> int:
        """How many scored pairs reach the review threshold."""
        return sum(self.weights["pairs"])

    def as_json(self) -> str:
        """Return it as the text of a file."""
        return json.dumps(self.model_dump(mode="json"), indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the profile of a file, None where there is none.

        Raises:
            StoreError: It is damaged, or another version of linker wrote it.
        """
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{path}: cannot be read: {type(error).__name__}") from None
        try:
            found = cls.model_validate_json(text)
        except ValidationError:
            raise StoreError(f"{path}: is no profile of this version of linker") from None
        if found.format != PROFILE_FORMAT:
            raise StoreError(f"{path}: another version of linker wrote it")
        return found


@dataclass(frozen=True)
class Seen:
    """What a profile is made of.

    Attributes:
        records: Among how many records pairs were looked for.
        total: Of how many records they are a sample.
        sources: How many records each source has.
        rows: ``source`` and the columns of the records that are looked at.
        weights: The match weights of pairs that reach the review threshold, in bits.
        links: How many links there are.
        packed: Mentions, packed; None where there are no links.
        ends: The two mentions, as they are packed, of each link that is looked at.
        in_training: Whether the model was trained on these very records.
    """

    records: int
    total: int
    sources: Mapping[str, int]
    rows: pl.DataFrame
    weights: pl.Series
    links: int
    packed: PackedMentions | None
    ends: tuple[Int64s, Int64s]
    in_training: bool


def profile_columns(settings: EntitySettings, entity_type: EntityType) -> tuple[str, ...]:
    """Return the columns of mentions that comparisons read, those a model left out included."""
    read = {
        column
        for comparison in settings.comparisons
        for column in comparison_columns(comparison, entity_type)
    }
    return tuple(name for name in MENTIONS[entity_type] if name in read)


def profile_of(
    mentions: Mentions,
    in_use: ModelInUse,
    settings: EntitySettings,
    pairs: pl.DataFrame,
    packed: PackedMentions,
    *,
    total: int | None = None,
) -> Profile:
    """Return the profile of the records that a model was trained on.

    Args:
        mentions: The records, numbered from 0, demoted values missing: ``source``, ``record_id``
            and at least the columns `profile_columns`.
        in_use: The model as it is written, its link threshold included.
        settings: Comparisons and thresholds.
        pairs: `SCORED_PAIRS` by these numbers, and ``link``.
        packed: The same mentions, packed for the model.
        total: Of how many records these are a sample; of themselves unless given.
    """
    entity_type = in_use.model.entity_type
    records = mentions.read(["source", "record_id"])
    keys = record_keys(records)
    groups = records.with_row_index("place").group_by("source").agg("place").sort("source")
    by_source = {
        name: places.to_numpy().astype(np.int64)
        for name, places in zip(groups["source"], groups["place"], strict=True)
    }
    chosen = sample_by_source(keys, by_source)
    columns = ["source", *profile_columns(settings, entity_type)]
    rows = pl.DataFrame([mentions.read([name])[name].gather(chosen) for name in columns])
    review = weight_of(in_use.model.thresholds(settings).review)
    kept = pairs.filter((pl.col("match_weight") >= review) | pl.col("link"))
    left, right = _ends(kept.filter("link"))
    sample = sample_of_links(keys, left, right)
    seen = Seen(
        records=records.height,
        total=records.height if total is None else total,
        sources={name: len(places) for name, places in by_source.items()},
        rows=rows,
        weights=kept["match_weight"],
        links=len(left),
        packed=packed,
        ends=(left[sample], right[sample]),
        in_training=True,
    )
    return profile_from(seen, in_use, settings)


def profile_from(seen: Seen, in_use: ModelInUse, settings: EntitySettings) -> Profile:
    """Return the profile of what was seen of some records."""
    shares = _fills(seen.rows)
    sampled = {name: int(shares[name].pop("")) for name in shares}
    fills = {
        column: rounded(
            sum(shares[name][column] * seen.sources[name] for name in shares)
            / max(sum(seen.sources[name] for name in shares), 1)
        )
        for column in seen.rows.columns
        if column != "source"
    }
    left, right = seen.ends
    levels, expected = _levels(seen, in_use, settings)
    floors = np.floor(seen.weights.round(_WEIGHT_DIGITS).to_numpy()).astype(np.int64)
    first = int(floors.min()) if len(floors) else 0
    counts = np.bincount(floors - first)
    return Profile(
        records=seen.records,
        total=seen.total,
        sources=dict(seen.sources),
        sampled=sampled,
        fills=fills,
        by_source={
            name: {column: rounded(share) for column, share in of_source.items()}
            for name, of_source in shares.items()
        },
        links=seen.links,
        sampled_links=len(left),
        independent_links=_independent(left, right),
        levels=levels,
        expected=expected,
        weights={
            "edges": list(range(first, first + len(counts) + 1)),
            "pairs": counts.tolist(),
        },
        pairs_per_record=rounded(len(floors) / max(seen.records, 1)),
        term_frequencies=_unknown(seen, in_use),
    )


def sample_by_source(keys: UInt64s, by_source: Mapping[str, Int64s]) -> Int64s:
    """Return some records of each source: those with the smallest keys, in the order of the keys.

    Args:
        keys: Of each record, by number.
        by_source: The numbers of the records of each source.
    """
    most = max(MOST_RECORDS // max(len(by_source), 1), LEAST_OF_SOURCE)
    chosen = [np.empty(0, dtype=np.int64)]
    for numbers in by_source.values():
        found = numbers
        if len(numbers) > most:
            found = numbers[np.argpartition(keys[numbers], most)[:most]]
        chosen.append(found[np.argsort(keys[found], kind="stable")])
    return np.concatenate(chosen)


def sample_of_links(keys: UInt64s, left: Int64s, right: Int64s) -> Int64s:
    """Return the places of `MOST_LINKS` links at most, by a hash of the keys of both records.

    The order of their records, and that of the links, changes nothing.

    Args:
        keys: Of each record, by number.
        left: One record of each link.
        right: The other one.
    """
    joint = keys[left] ^ keys[right]
    rank = hash_numbers(joint.view(np.int64), np.ones(len(joint), dtype=np.uint8))
    if len(rank) > MOST_LINKS:
        places = np.argpartition(rank, MOST_LINKS)[:MOST_LINKS]
        return places[np.argsort(rank[places], kind="stable")]
    return np.argsort(rank, kind="stable")


def _ends(links: pl.DataFrame) -> tuple[Int64s, Int64s]:
    left, right = (links[name].to_numpy() for name in ("mention_l", "mention_r"))
    return left, right


def _fills(rows: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Return by source the share of records that have each column, and under "" their number."""
    columns = [name for name in rows.columns if name != "source"]
    filled = rows.with_columns(pl.col(pl.List).list.len().replace(0, None)).group_by("source")
    counted = filled.agg(
        pl.len().cast(pl.Float64).alias(""), *(pl.col(name).count() / pl.len() for name in columns)
    )
    return {str(row.pop("source")): row for row in counted.sort("source").to_dicts()}


def _levels(
    seen: Seen, in_use: ModelInUse, settings: EntitySettings
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the shares of links that meet each level, as found and as the model expects."""
    left, right = seen.ends
    if seen.packed is None or not len(left):
        return {}, {}
    first, second = left.astype(np.int32), right.astype(np.int32)
    found = score_pairs(seen.packed, first, second, details=True).found.astype(np.int64)
    model = in_use.model
    link = weight_of(model.thresholds(settings).link)
    expected = expected_levels(model, found, link)
    levels = {}
    for place, comparison in enumerate(model.comparisons):
        counts = np.bincount(found[:, place], minlength=len(comparison.levels))
        levels[comparison.name] = [rounded(count / len(found)) for count in counts.tolist()]
    return levels, expected


def _independent(left: Int64s, right: Int64s) -> int:
    """Return how many links are enough to join the records that these do."""
    numbers, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    ends = places.reshape(2, -1)
    links = pl.DataFrame({"mention_l": ends[0], "mention_r": ends[1]})
    return len(numbers) - len(np.unique(cluster(len(numbers), links))) if len(numbers) else 0


def _unknown(seen: Seen, in_use: ModelInUse) -> dict[str, float]:
    """Return the share of values of each column that the model's term frequencies do not hold.

    They hold what two training records at least had. Of the training records themselves it is told
    what share a further one would find there: a value counts only if three of them have it.
    """
    model = in_use.model
    found = {}
    for column in model.term_frequency_columns:
        if column in model.term_frequency_words or column not in seen.rows.columns:
            continue
        table, values = in_use.term_frequencies[column], seen.rows[column]
        if values.dtype == pl.List(pl.String()):
            values = values.list.unique().explode()
        values = values.drop_nulls()
        if seen.in_training:
            often = _SEEN_TWICE * model.term_frequency_floors[column]
            table = table.filter(pl.col("tf") > often)
        if len(values):
            known = int(values.is_in(table[column].implode()).sum())
            found[column] = rounded(1 - known / len(values))
    return found

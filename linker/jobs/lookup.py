"""The lookup recipe: has this person or organization been investigated before?"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.hashing import HASH_VERSION
from linker.blocking.mention_keys import sharing as sharing_keys
from linker.config import BlockingRule, Config
from linker.deconfliction.classify import classify_against
from linker.deconfliction.demotion import without_demoted
from linker.deconfliction.index_keys import VALUE, index_names, keys_of
from linker.deconfliction.shared import IN_COMMON, sharing_with
from linker.entities.cluster import is_link
from linker.entity_ids import serial_of
from linker.errors import QueryError, StoreError
from linker.jobs.answer import MOST_SHARED, Answer, Hit, Shared
from linker.jobs.disclose import OpenMentions, is_pointer, shown
from linker.jobs.query import query_mention
from linker.model import ModelInUse, Thresholds, read_model
from linker.night.index_files import numbers_of
from linker.schemas import DOCUMENTS, MOVES, EntityType, empty
from linker.scoring.explain import ExplainedPair, explain
from linker.scoring.features.pack import Int64s
from linker.scoring.fit import refuse_missing_columns
from linker.scoring.scorer import scorer_of
from linker.store.generation import Generation, current_generation
from linker.store.history import History, as_of, end_of
from linker.store.layout import Store, open_store
from linker.store.warehouse import Warehouse

CLASS_ORDER: Final = ("SIMULTANEOUS", "PRIOR", "INDETERMINATE", "PRIOR_CONTACT")
"""What is most pressing comes first."""


def lookup(
    config: Config,
    entity_type: EntityType,
    fields: dict[str, str | list[str]],
    until: str | None = None,
) -> Answer:
    """Find the entities of the published generation that match a query.

    Args:
        config: Names the store and holds the thresholds.
        entity_type: What is looked for.
        fields: Canonical fields and their values, as a person writes them.
        until: A date: tell the entities as they were in the last generation published on it or
            before. Their records are those of today, so that nothing shows that was made silent
            or forgotten since; records that were unknown then are left out.

    Raises:
        UsageError: Nothing had been published by then.
        QueryError: The query names nothing that can be searched, or a value cannot be read.
        StoreError: Nothing has been published yet, or by another version of linker.
        ModelError: The published model is damaged, or reads what mentions do not have.
    """
    store = open_store(config.resolve(config.store.directory))
    generation = current_generation(store)
    then, moved = _then(store, generation, entity_type, until)
    if entity_type not in generation.entity_types:
        raise QueryError(f"no source of the published generation holds {entity_type} mentions")
    if generation.manifest.get("key_hash") != HASH_VERSION:
        raise StoreError(
            f"generation {generation.number} was published by another version of linker, whose "
            "blocking keys this one cannot read; run linker link"
        )
    query = query_mention(entity_type, fields)
    settings = config.settings_of(entity_type)
    in_use = read_model(generation.model_directory(entity_type), entity_type)
    refuse_missing_columns(in_use.model)
    expected = generation.manifest.get("expected_records", {}).get(entity_type)
    if expected:
        in_use = in_use.for_records(expected)
    rules = [
        BlockingRule(name=rule["name"], key=rule["key"])
        for rule in generation.manifest["rules"][entity_type]
    ]
    held = generation.warehouse(entity_type)
    demoted = generation.read(f"demoted_{entity_type}")
    compared = without_demoted(query, demoted)
    sharing, rules_tried = sharing_keys(held.index, rules, entity_type, compared)
    identifiers = [name for name in (*IN_COMMON, *DOCUMENTS[entity_type]) if name in query.columns]
    if not rules_tried and all(query[name][0] is None for name in identifiers):
        given = ", ".join(sorted(fields)).replace("_", " ")
        raise QueryError(f"no blocking rule can search by {given} alone: add a name, or more of it")
    open_mentions = OpenMentions(generation, held, _serials(generation, held, moved))
    candidates = open_mentions.read(sharing.astype(np.int64))
    explained = _score(compared, without_demoted(candidates, demoted), in_use)
    sources = [
        source for source in generation.manifest["sources"] if source["entity"] == entity_type
    ]
    as_of = dt.date.fromisoformat(generation.manifest["as_of"])
    thresholds = in_use.model.thresholds(settings)
    prior_weight = in_use.model.prior_weight
    hits = _hits(explained, candidates, open_mentions, thresholds, prior_weight, as_of)
    known = {hit.entity_id for hit in hits}
    shared, sharing_entities = _shared(query, open_mentions, known, as_of)
    return Answer(
        entity_type=entity_type,
        outcome="HIT" if hits else "SHARED_IDENTIFIER" if shared else "NO_HIT",
        hits=hits,
        shared=shared,
        sharing_entities=sharing_entities,
        generation=generation.number,
        entities_of=then,
        published=generation.manifest["at"],
        as_of=generation.manifest["as_of"],
        model=in_use.name,
        sources=[
            {key: source[key] for key in ("name", "kind", "as_of", "mentions")}
            for source in sources
        ],
        mentions=held.height,
        candidates=candidates.height,
        rules_tried=rules_tried,
    )


def _then(
    store: Store, generation: Generation, entity_type: EntityType, until: str | None
) -> tuple[int, pl.DataFrame]:
    """Return the generation whose entities are told, and who records were that moved since."""
    if until is None:
        return generation.number, empty(MOVES)
    history = History(generation)
    number = as_of(store, history, end_of(until)).number
    return number, history.moved_since(entity_type, number)


def _serials(generation: Generation, held: Warehouse, moved: pl.DataFrame) -> Int64s:
    """Return by number whose each mention is, or was; -1 for nobody's."""
    if moved.is_empty():
        return held.serials
    serials = held.serials.copy()
    seed = generation.manifest["seed"]
    numbers = numbers_of(held, moved)
    for number, entity_id in zip(numbers.tolist(), moved["entity_id"], strict=True):
        if number >= 0:
            told = serial_of(seed, entity_id) if entity_id else None
            serials[number] = told[1] if told else -1
    return serials


def _score(
    query: pl.DataFrame, candidates: pl.DataFrame, in_use: ModelInUse
) -> list[ExplainedPair]:
    """Score the query against the candidates, the heaviest first; mention_r is the candidate's."""
    if candidates.is_empty():
        return []
    scorer = scorer_of(in_use)
    together = pl.concat([frame.select(scorer.layout.columns) for frame in (query, candidates)])
    right = np.arange(1, candidates.height + 1, dtype=np.int32)
    explained = explain(scorer.pack(together), np.zeros_like(right), right)
    mentions = candidates["mention"]
    return [replace(pair, mention_r=int(mentions[pair.mention_r - 1])) for pair in explained]


def _hits(
    explained: list[ExplainedPair],
    candidates: pl.DataFrame,
    open_mentions: OpenMentions,
    thresholds: Thresholds,
    prior_weight: float,
    as_of: dt.date,
) -> list[Hit]:
    """Group scored candidates by entity, the best first.

    Args:
        explained: The heaviest first.
        candidates: Their mentions.
        open_mentions: All that may be shown.
        thresholds: Those in use.
        prior_weight: The model's, in bits.
        as_of: The date to judge investigations at.
    """
    near = [
        pair for pair in explained if pair.confirmed or pair.match_probability >= thresholds.review
    ]
    record_of = {
        record["mention"]: record
        for record in candidates.filter(
            pl.col("mention").is_in([pair.mention_r for pair in near])
        ).iter_rows(named=True)
    }
    best: dict[str, ExplainedPair] = {}
    confirmed: set[str] = set()
    for pair in near:
        entity = str(record_of[pair.mention_r]["entity_id"])
        best.setdefault(entity, pair)
        if pair.confirmed:
            confirmed.add(entity)
    mentions = open_mentions.of_entities(best)
    hits = []
    for entity, pair in best.items():
        of_entity = mentions.filter(pl.col("entity_id") == entity)
        record = record_of[pair.mention_r]
        named = not is_pointer(record)
        hits.append(
            Hit(
                entity_id=entity,
                tier=_tier(pair, entity in confirmed, thresholds),
                match_weight=round(pair.match_weight, 6),
                match_probability=round(pair.match_probability, 9),
                records=of_entity.height,
                best_source=record["source"] if named else None,
                best_record_id=record["record_id"] if named else None,
                prior_weight=prior_weight,
                evidence=[asdict(evidence) for evidence in pair.evidence],
                investigations=_investigations(of_entity, as_of),
            )
        )
    return hits


def _shared(
    query: pl.DataFrame, open_mentions: OpenMentions, known: set[str], as_of: dt.date
) -> tuple[list[Shared], int]:
    """Return the entities that only share an identifier with the query, and how many there are."""
    held = open_mentions.held
    mentions = open_mentions.read(_holders(held, query))
    holders = (
        sharing_with(held.entity_type, query, mentions)
        .join(mentions.select("mention", "entity_id"), on="mention")
        .filter(~pl.col("entity_id").is_in(list(known)))
        .explode("matched_on")
        .group_by("entity_id")
        .agg(pl.col("matched_on").unique().sort())
        .sort(pl.col("matched_on").list.len(), "entity_id", descending=[True, False])
    )
    listed = holders.head(MOST_SHARED)
    of_them = open_mentions.of_entities(listed["entity_id"])
    found = []
    for entity, matched_on in listed.iter_rows():
        of_entity = of_them.filter(pl.col("entity_id") == entity)
        investigations = _investigations(of_entity, as_of)
        found.append(Shared(entity, matched_on, of_entity.height, investigations))
    return found, holders.height


def _holders(held: Warehouse, query: pl.DataFrame) -> Int64s:
    """Return the mentions that hold a value of one of the query's identifiers."""
    found = [np.empty(0, dtype=np.int32)]
    for name, columns in index_names(held.entity_type).items():
        if name.startswith(VALUE) and set(columns) <= set(query.columns):
            keys = np.unique(keys_of(name, query).keys)
            found.append(held.index.members(name, keys)[0])
    return np.unique(np.concatenate(found)).astype(np.int64)


def _investigations(of_entity: pl.DataFrame, as_of: dt.date) -> list[dict[str, Any]]:
    rows = [shown(row) for row in classify_against(of_entity, as_of).to_dicts()]
    return sorted(rows, key=lambda row: CLASS_ORDER.index(row["class"]))


def _tier(pair: ExplainedPair, biometric: bool, thresholds: Thresholds) -> str:
    if biometric:
        return "CONFIRMED"
    linked = is_link(pair.match_probability, pair.identity_weight, thresholds)
    return "PROBABLE" if linked else "POSSIBLE"

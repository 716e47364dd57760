"""The lookup recipe: has this person or organization been investigated before?"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from linker.blocking.keys import keys_sql
from linker.config import BlockingRule, Config, EntitySettings, Source
from linker.database import connect
from linker.deconfliction.classify import classify_against
from linker.entities.cluster import is_link
from linker.errors import QueryError
from linker.model import ModelInUse, read_model
from linker.schemas import LIST_FIELDS, MENTIONS, EntityType
from linker.scoring.explain import ExplainedPair, explain
from linker.scoring.predict import load_mentions
from linker.scoring.settings import model_columns
from linker.standardise.mentions import standardise
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store

QUERY = -1
"""The number of the mention that stands for the query."""


@dataclass(frozen=True)
class Hit:
    """An entity that matches the query, with what it is involved in.

    `evidence` is that of the entity's best record; `investigations` are the rows of
    `classify_against`, silent cases left out.
    """

    entity_id: str
    tier: str
    match_weight: float
    match_probability: float
    records: int
    best_source: str
    best_record_id: str
    evidence: list[dict[str, Any]]
    investigations: list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What a lookup found, and what was searched to say so."""

    entity_type: EntityType
    outcome: str
    """HIT or NO_HIT: no matching record in these sources as of this time, never "clear"."""
    hits: list[Hit]
    generation: int
    published: str
    as_of: str
    model: str
    sources: list[dict[str, Any]]
    mentions: int
    candidates: int
    rules_tried: list[str]

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return asdict(self)


def lookup(config: Config, entity_type: EntityType, fields: dict[str, str | list[str]]) -> Answer:
    """Find the entities of the published generation that match a query.

    Args:
        config: Names the store and holds the thresholds.
        entity_type: What is looked for.
        fields: Canonical fields and their values, as a person writes them.

    Raises:
        QueryError: The query names nothing that can be searched, or a value cannot be read.
        StoreError: Nothing has been published yet.
    """
    store = open_store(config.resolve(config.store.directory))
    generation = current_generation(store)
    if entity_type not in generation.entity_types:
        raise QueryError(f"no source of the published generation holds {entity_type} mentions")
    query = query_mention(entity_type, fields)
    settings = config.settings_of(entity_type)
    in_use = read_model(generation.model_directory(entity_type), entity_type)
    rules = [
        BlockingRule(name=rule["name"], key=rule["key"])
        for rule in generation.manifest["rules"][entity_type]
    ]
    found, rules_tried = _candidates(generation, entity_type, query, rules)
    mentions = generation.read(f"mentions_{entity_type}")
    membership = generation.read(f"membership_{entity_type}")
    explained = _score(query, mentions.filter(pl.col("mention").is_in(found)), in_use)
    sources = [
        source for source in generation.manifest["sources"] if source["entity"] == entity_type
    ]
    hits = _hits(explained, mentions, membership, settings, generation)
    return Answer(
        entity_type=entity_type,
        outcome="HIT" if hits else "NO_HIT",
        hits=hits,
        generation=generation.number,
        published=generation.manifest["at"],
        as_of=generation.manifest["as_of"],
        model=in_use.name,
        sources=[
            {key: source[key] for key in ("name", "kind", "as_of", "mentions")}
            for source in sources
        ],
        mentions=mentions.height,
        candidates=len(found),
        rules_tried=rules_tried,
    )


def query_mention(entity_type: EntityType, fields: dict[str, str | list[str]]) -> pl.DataFrame:
    """Return a query as one mention, standardised as the records were.

    Raises:
        QueryError: Nothing was given, or a value cannot be read; names the field, not the value.
    """
    given = {name: value for name, value in fields.items() if value}
    if not given:
        raise QueryError("the query is empty: give a name, a number, a phone or a plate")
    source = Source(
        name="query",
        path="query",
        kind="other",
        entity=entity_type,
        record_id="record_id",
        fields={name: name for name in given},
    )
    columns: dict[str, Any] = {"record_id": ["query"], "row": [1], "retained": [None]}
    schema: dict[str, Any] = {"record_id": pl.String, "row": pl.Int64, "retained": pl.String}
    for name, value in given.items():
        is_list = name in LIST_FIELDS
        columns[name] = [[value] if is_list and isinstance(value, str) else value]
        schema[name] = pl.List(pl.String) if is_list else pl.String
    made = standardise(pl.DataFrame(columns, schema=schema), source)
    for row in made.set_aside.to_dicts():
        if row["outcome"] == "value":
            option = str(row["column"]).replace("_", " ")
            raise QueryError(f"the query's {option} cannot be read: {row['reason']}")
    if made.mentions.is_empty():
        raise QueryError("the query names nobody: give a name, a number, a phone or a plate")
    return made.mentions.with_columns(pl.lit(QUERY, dtype=pl.Int64).alias("mention"))


def _candidates(
    generation: Generation, entity_type: EntityType, query: pl.DataFrame, rules: list[BlockingRule]
) -> tuple[list[int], list[str]]:
    """Return the mentions that share a key with the query, and the rules that had a key."""
    connection = connect()
    try:
        connection.register("query", query.to_arrow())
        union = " UNION ALL ".join(
            keys_sql(rule, number, entity_type, "query") for number, rule in enumerate(rules)
        )
        connection.execute(f"CREATE TEMP TABLE query_keys AS {union}")
        tried = connection.execute("SELECT DISTINCT rule FROM query_keys ORDER BY rule").fetchall()
        found = connection.execute(
            "SELECT DISTINCT k.mention FROM read_parquet($path) k "
            "JOIN query_keys q ON k.rule = q.rule AND k.key = q.key ORDER BY k.mention",
            {"path": str(generation.path(f"keys_{entity_type}"))},
        ).fetchall()
    finally:
        connection.close()
    return [int(row[0]) for row in found], [rules[row[0]].name for row in tried]


def _score(
    query: pl.DataFrame, candidates: pl.DataFrame, in_use: ModelInUse
) -> list[ExplainedPair]:
    if candidates.is_empty():
        return []
    schema = MENTIONS[in_use.model.entity_type]
    together = pl.concat([query.select(list(schema)), candidates.select(list(schema))])
    connection = connect()
    try:
        load_mentions(connection, together, model_columns(in_use.model))
        connection.execute(
            "CREATE TABLE candidate_pairs AS SELECT $query AS mention_l, mention AS mention_r "
            "FROM mentions WHERE mention <> $query",
            {"query": QUERY},
        )
        return explain(connection, in_use)
    finally:
        connection.close()


def _hits(
    explained: list[ExplainedPair],
    mentions: pl.DataFrame,
    membership: pl.DataFrame,
    settings: EntitySettings,
    generation: Generation,
) -> list[Hit]:
    """Group scored candidates by entity, the best first; silent cases are as if not there."""
    entity_of = membership["entity_id"]
    silent = _silent(mentions)
    best: dict[str, ExplainedPair] = {}
    confirmed: set[str] = set()
    for pair in explained:
        if pair.match_probability < settings.review_threshold or silent[pair.mention_r]:
            continue
        entity = str(entity_of[pair.mention_r])
        best.setdefault(entity, pair)
        if pair.confirmed:
            confirmed.add(entity)
    hits = []
    for entity, pair in best.items():
        open_mentions = mentions.filter((entity_of == entity) & ~silent)
        involved = classify_against(
            open_mentions, dt.date.fromisoformat(generation.manifest["as_of"])
        )
        record = mentions.row(pair.mention_r, named=True)
        hits.append(
            Hit(
                entity_id=entity,
                tier=_tier(pair, entity in confirmed, settings),
                match_weight=round(pair.match_weight, 6),
                match_probability=round(pair.match_probability, 9),
                records=open_mentions.height,
                best_source=record["source"],
                best_record_id=record["record_id"],
                evidence=[asdict(evidence) for evidence in pair.evidence],
                investigations=[_readable(row) for row in involved.to_dicts()],
            )
        )
    return hits


def _silent(mentions: pl.DataFrame) -> pl.Series:
    """Return which mentions belong to a case that any of its mentions marks as silent."""
    marked = (pl.col("sensitivity") == "silent").fill_null(value=False)
    of_case = marked.any().over("agency", "case_id") & pl.col("case_id").is_not_null()
    return mentions.select(marked | of_case).to_series()


def _tier(pair: ExplainedPair, biometric: bool, settings: EntitySettings) -> str:
    if biometric:
        return "CONFIRMED"
    linked = is_link(pair.match_probability, pair.identity_weight, settings)
    return "PROBABLE" if linked else "POSSIBLE"


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Return an investigation as JSON values; of a pointer-only case, whom to call and no more."""
    values = {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in row.items()
    }
    if values.get("sensitivity") == "pointer_only":
        shown = ("class", "agency", "unit", "contact_name", "contact_phone", "contact_email")
        return {key: values[key] if key in (*shown, "sensitivity") else None for key in values}
    return values

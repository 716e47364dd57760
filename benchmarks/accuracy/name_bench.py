"""Pairs of names, each judged as the product would judge two records that say nothing else.

A case is two names and whether they are one target's. Each name becomes a record, the first of one
source and the second of another: a person's where the schema is Person, an organization's otherwise
(companies, legal entities, vessels). All cases are linked in one run with the shipped model, but a
case is decided by its own pair alone, exactly as if the store held nothing but its two records:

- the prior is that of two records (``expected_records = 2``, the product's own setting), as a model
  of a hundred thousand records expects far fewer pairs to match than lists made to be compared;
- a weight depends on two records and the model, never on other cases; the caps on keys that many
  records share are lifted, since two records are not many;
- the pair is a link if the product marks it as one (`linker.entities.cluster.mark_links`); whom
  else either record was put together with counts for nothing.

No model is trained: made-up lists of hard pairs are no population to learn frequencies from.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks import commands
from benchmarks.accuracy.bootstrap import FIGURES, figures, intervals
from benchmarks.accuracy.losses import SIDES, candidate_runs, candidates
from benchmarks.real.dataset import STORE, FileSource, real_set
from linker.config import load_config
from linker.config.load import default_settings
from linker.entities.cluster import mark_links
from linker.model import read_model
from linker.schemas import ENTITY_TYPES, EntityType
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store

NAME: Final = "name_bench"
NAME_FIELDS: Final[dict[EntityType, str]] = {"person": "full_name", "organization": "name"}
ALONE: Final = """
[{entity}]
expected_records = 2
max_records_per_key = 100_000
max_pairs_per_record = 1e6
"""
RULE: Final = """
[[{entity}.blocking]]
name = {name}
key = {key}
"""


def read_cases(path: Path) -> pl.DataFrame:
    """Return the cases.

    Args:
        path: CSV with columns case_group, schema, name1, name2, is_match.

    Returns:
        ``case`` (a text, from 0), ``entity``, ``schema``, ``case_group``, ``name1``, ``name2`` and
        ``same``: whether the two names are one target's.
    """
    table = pl.read_csv(path, infer_schema=False).with_row_index("case")
    return table.select(
        pl.col("case").cast(pl.String),
        pl.when(pl.col("schema") == "Person")
        .then(pl.lit("person"))
        .otherwise(pl.lit("organization"))
        .alias("entity"),
        *("schema", "case_group", "name1", "name2"),
        same=pl.col("is_match").str.to_lowercase() == "true",
    )


def name_bench(data: Path, work: Path) -> list[dict[str, Any]]:
    """Link every case and return the rows of all, of people and of organizations.

    Raises:
        CommandError: A command failed.
    """
    cases = read_cases(data / NAME / "cases.csv")
    started = time.perf_counter()
    decided = decide(cases, work)
    seconds = round(time.perf_counter() - started, 2)
    rows = [_row(NAME, ENTITY_TYPES, decided, seconds)]
    for entity in ENTITY_TYPES:
        own = decided.filter(pl.col("entity") == entity)
        rows.append(_row(f"{NAME}_{entity}", (entity,), own, seconds))
    for column in ("schema", "case_group"):
        rows[0][f"by_{column}"] = {
            str(name): _pairwise(part)
            for (name,), part in sorted(decided.partition_by(column, as_dict=True).items())
        }
    return rows


def decide(cases: pl.DataFrame, work: Path) -> pl.DataFrame:
    """Return the cases with ``candidate``, and ``link``: what the product says of them.

    Args:
        cases: See `read_cases`.
        work: Where sources, configuration and store go.

    Raises:
        CommandError: A command failed.
    """
    sources = []
    for entity in ENTITY_TYPES:
        own = cases.filter(pl.col("entity") == entity)
        for side in (1, 2):
            path = work / f"{entity}_{side}.csv"
            own.select("case", name=f"name{side}").write_csv(path)
            fields = {NAME_FIELDS[entity]: "name"}
            sources.append(FileSource(path.stem, path, entity, "case", fields))
    no_truth = pl.DataFrame(schema=dict.fromkeys(("entity_type", "source"), pl.String))
    no_truth = no_truth.with_columns(record_id=pl.lit(""), true_id=pl.lit(""))
    config = work / "linker.toml"
    settings = "".join(ALONE.format(entity=entity) + _rules(entity) for entity in ENTITY_TYPES)
    config.write_text(real_set(NAME, sources, no_truth).config + settings, encoding="utf-8")
    commands.run("link", "--config", str(config), "--json")
    generation = current_generation(open_store(work / STORE))
    parts = [_decided(generation, config, entity) for entity in ENTITY_TYPES]
    return cases.join(pl.concat(parts), on="case", how="left", maintain_order="left").with_columns(
        pl.col("candidate", "link").fill_null(value=False)
    )


def _rules(entity: EntityType) -> str:
    """Return the default blocking rules without their own caps, as TOML."""
    rules = default_settings(entity)["blocking"]
    return "".join(
        RULE.format(entity=entity, name=json.dumps(rule["name"]), key=json.dumps(rule["key"]))
        for rule in rules
    )


def _decided(generation: Generation, config: Path, entity: EntityType) -> pl.DataFrame:
    """Return the cases of one type whose two records are mentions, decided."""
    settings = load_config(config).settings_of(entity)
    records = generation.read(f"membership_{entity}").select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("mention"), "source", true_id="record_id"
    )
    pairs = (
        records.group_by("true_id")
        .agg(mention_l=pl.col("mention").min(), mention_r=pl.col("mention").max())
        .filter(pl.col("mention_l") < pl.col("mention_r"))
        .sort("mention_l")
    )
    runs = candidate_runs(generation, entity, settings, records.height)
    model = read_model(generation.model_directory(entity), entity).model
    scored = generation.read(f"pairs_{entity}")
    marked = mark_links(scored, model.thresholds(settings)).select(*SIDES, "link")
    return (
        pairs.with_columns(candidates(pairs, records, runs))
        .join(marked, on=SIDES, how="left", maintain_order="left")
        .select("candidate", "link", case="true_id")
    )


def _row(
    name: str, entities: Sequence[EntityType], decided: pl.DataFrame, seconds: float
) -> dict[str, Any]:
    records = _as_records(decided)
    true = decided.filter("same")
    found = true.filter("candidate")
    return {
        "set": name,
        "entity": "+".join(entities),
        "records": records.height,
        "model": "shipped",
        **figures(records),
        "intervals": intervals(records, unit="case"),
        "true_pairs": true.height,
        "blocking_recall": found.height / max(true.height, 1),
        "scoring_recall": found.filter("link").height / max(found.height, 1),
        "lost_to_blocking": 1 - found.height / max(true.height, 1),
        "lost_to_scoring": found.filter(~pl.col("link")).height / max(true.height, 1),
        "seconds": seconds,
        "note": "",
    }


def _as_records(decided: pl.DataFrame) -> pl.DataFrame:
    """Return two records a case, as truth and product put them together or keep them apart."""
    return pl.concat(
        decided.select(
            "case",
            *(
                pl.when(together)
                .then("case")
                .otherwise(pl.concat_str("case", pl.lit(f"/{side}")))
                .alias(into)
                for together, into in (("same", "true_id"), ("link", "entity_id"))
            ),
        )
        for side in (1, 2)
    )


def _pairwise(decided: pl.DataFrame) -> dict[str, Any]:
    found = figures(_as_records(decided))
    return {
        "cases": decided.height,
        **{name: found[name] for name in FIGURES if name.startswith("pairwise")},
    }

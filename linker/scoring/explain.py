"""Evidence: what each comparison says for or against a pair, in words and bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb
import polars as pl
from splink import Linker

from linker.database import frame
from linker.model import LinkageModel, ModelInUse, TrainedComparison
from linker.scoring.predict import confirmed_sql, identity_weight_sql, part_sql, splink_linker

Side = Literal["for", "against", "absent"]


@dataclass(frozen=True)
class Evidence:
    """What one comparison says about a pair.

    `weight` is in bits, term-frequency part included; the weights of all comparisons and the
    model's prior weight sum to the pair's match weight.
    """

    comparison: str
    side: Side
    level: str
    weight: float
    term_frequency_weight: float


@dataclass(frozen=True)
class ExplainedPair:
    """A scored pair with the evidence of every comparison."""

    mention_l: int
    mention_r: int
    match_weight: float
    match_probability: float
    identity_weight: float
    confirmed: bool
    evidence: tuple[Evidence, ...]


def explain(connection: duckdb.DuckDBPyConnection, in_use: ModelInUse) -> list[ExplainedPair]:
    """Score every pair of ``candidate_pairs`` and say why, the heaviest pair first.

    Args:
        connection: Holds the tables ``mentions`` and ``candidate_pairs`` (mention_l, mention_r).
        in_use: The model.
    """
    linker = splink_linker(connection, in_use, vectors=True)
    rows = _score(connection, linker, in_use.model)
    return [_explained(row, in_use.model) for row in rows.to_dicts()]


def _score(
    connection: duckdb.DuckDBPyConnection, linker: Linker, model: LinkageModel
) -> pl.DataFrame:
    connection.execute(
        "CREATE OR REPLACE TABLE pairs_to_explain AS SELECT mention_l AS join_key_l, "
        "mention_r AS join_key_r, '0' AS match_key FROM candidate_pairs"
    )
    registered = linker.table_management.register_table("pairs_to_explain", "splink_explained")
    linker.table_management.register_blocked_pairs_for_predict(registered)
    scored = linker.inference.predict(warning_mode="never")
    columns = ["mention_l", "mention_r", "match_weight", "match_probability"]
    columns += [f"{identity_weight_sql(model)} AS identity_weight"]
    columns += [f"{confirmed_sql(model)} AS confirmed"]
    for comparison in model.comparisons:
        name = comparison.name
        columns += [f"gamma_{name}", f"{part_sql(model, name)} AS part_{name}", f"mw_{name}"]
    return frame(
        connection,
        f"SELECT {', '.join(columns)} FROM {scored.physical_name} "
        "ORDER BY match_weight DESC, mention_l, mention_r",
    )


def _explained(row: dict[str, float], model: LinkageModel) -> ExplainedPair:
    return ExplainedPair(
        mention_l=int(row["mention_l"]),
        mention_r=int(row["mention_r"]),
        match_weight=float(row["match_weight"]),
        match_probability=float(row["match_probability"]),
        identity_weight=float(row["identity_weight"]),
        confirmed=bool(row["confirmed"]),
        evidence=tuple(_evidence(row, comparison) for comparison in model.comparisons),
    )


def _evidence(row: dict[str, float], comparison: TrainedComparison) -> Evidence:
    name = comparison.name
    vector_value = int(row[f"gamma_{name}"])
    weight = float(row[f"part_{name}"])
    if vector_value < 0:
        missing = next(level for level in comparison.levels if level.is_missing)
        return Evidence(name, "absent", missing.label, 0.0, 0.0)
    # Splink numbers levels from the last, "else" = 0, upwards
    ranked = [level for level in reversed(comparison.levels) if not level.is_missing]
    side: Side = "for" if weight > 0 else "against"
    label = ranked[vector_value].label
    return Evidence(name, side, label, weight, weight - float(row[f"mw_{name}"]))

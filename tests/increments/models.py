"""Two tiny models, so that a kernel is compiled in seconds and few values decide a pair."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from linker.config import LevelSettings
from linker.model import LinkageModel, TrainedComparison, TrainedLevel
from linker.schemas import EntityType
from linker.training.registry import write_model

Level = tuple[dict[str, Any], float | None, float | None]
"""A level with m and u; a missing one has neither."""

ELSE = {"kind": "else"}


def missing(column: str) -> Level:
    return {"kind": "missing", "of": [column]}, None, None


def exact(column: str, m: float, u: float, **more: Any) -> Level:
    return {"kind": "exact", "column": column, **more}, m, u


PERSON = {
    ("name", "identity"): [
        missing("given_name"),
        exact("name_key", 0.7, 0.02, term_frequency="name_key"),
        exact("given_name", 0.2, 0.1),
        (ELSE, 0.1, 0.88),
    ],
    ("birth_date", "identity"): [
        missing("birth_year"),
        exact("birth_date", 0.8, 0.04),
        ({"kind": "day_month_swapped", "column": "birth_date"}, 0.1, 0.02),
        ({"kind": "near_number", "column": "birth_year", "at_most": 1}, 0.05, 0.2),
        (ELSE, 0.05, 0.74),
    ],
    ("sex", "identity"): [missing("sex"), exact("sex", 0.95, 0.5), (ELSE, 0.05, 0.5)],
    ("fingerprint_id", "biometric"): [
        missing("fingerprint_id"),
        exact("fingerprint_id", 0.9, 0.005),
        (ELSE, 0.1, 0.995),
    ],
    ("a_number", "identity"): [
        missing("a_number"),
        exact("a_number", 0.8, 0.01),
        (ELSE, 0.2, 0.99),
    ],
    ("phones", "association"): [
        missing("phones"),
        ({"kind": "overlap", "column": "phones"}, 0.6, 0.03),
        (ELSE, 0.4, 0.97),
    ],
}
ORGANIZATION = {
    ("name", "identity"): [
        missing("name"),
        exact("name", 0.7, 0.02, term_frequency="name"),
        (ELSE, 0.3, 0.98),
    ],
    ("tax_id", "identity"): [missing("tax_id"), exact("tax_id", 0.9, 0.01), (ELSE, 0.1, 0.99)],
    ("phones", "association"): [
        missing("phones"),
        ({"kind": "overlap", "column": "phones"}, 0.6, 0.03),
        (ELSE, 0.4, 0.97),
    ],
}
PRIOR = 0.08


def write_models(directory: Path, common: dict[EntityType, str]) -> dict[EntityType, Path]:
    """Write both models, each knowing one common name, and return where they are."""
    structures: dict[EntityType, Any] = {"person": PERSON, "organization": ORGANIZATION}
    written = {}
    for entity_type, comparisons in structures.items():
        column = "name_key" if entity_type == "person" else "name"
        model = LinkageModel(
            entity_type=entity_type,
            version="tiny",
            prior=PRIOR,
            comparisons=tuple(
                TrainedComparison(name=name, role=role, levels=tuple(map(trained, levels)))
                for (name, role), levels in comparisons.items()
            ),
            term_frequency_floors={column: 0.01},
        )
        frequencies = pl.DataFrame({column: [common[entity_type]], "tf": [0.2]})
        written[entity_type] = write_model(directory, model, {column: frequencies}, {})
    return written


def trained(level: Level) -> TrainedLevel:
    values, m, u = level
    plain = {name: value for name, value in values.items() if name != "term_frequency"}
    return TrainedLevel(
        level=LevelSettings(**plain),
        label=str(plain),
        m=m,
        u=u,
        term_frequency=values.get("term_frequency"),
    )

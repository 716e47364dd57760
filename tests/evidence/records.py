"""Invented records of people, standardised as sources and questions are, and scored in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from linker.config import Source
from linker.evidence.known import Known
from linker.schemas import LIST_FIELDS
from linker.scoring.explain import ExplainedPair, explain
from linker.scoring.scorer import Scorer
from linker.standardise.mentions import standardise

Row = Mapping[str, str | None]
"""Canonical field: its value, of a list all values in one text."""


def mention(row: Row) -> pl.DataFrame:
    """The mention that a row becomes."""
    given = {name: value for name, value in row.items() if value is not None}
    source = Source(
        name="invented",
        path="invented",
        kind="other",
        entity="person",
        record_id="record_id",
        fields={name: name for name in given},
    )
    values: dict[str, Any] = {"record_id": ["1"], "row": [1], "retained": [None]}
    schema: dict[str, Any] = {"record_id": pl.String, "row": pl.Int64, "retained": pl.String}
    for name, value in given.items():
        values[name] = [value.split(";")] if name in LIST_FIELDS else [value]
        schema[name] = pl.List(pl.String) if name in LIST_FIELDS else pl.String
    return standardise(pl.DataFrame(values, schema=schema), source).mentions


@dataclass(frozen=True)
class ScoredPair:
    """A question and a record, explained, and which columns each has."""

    explained: ExplainedPair
    known: Known

    @property
    def places(self) -> list[int]:
        return [one.place for one in self.explained.evidence]

    @property
    def term_part(self) -> float:
        return sum(one.term_frequency_weight for one in self.explained.evidence)


def scored(scorer: Scorer, question: Row, record: Row) -> ScoredPair:
    """The pair as the kernel scores it."""
    mentions = [mention(question), mention(record)]
    known = Known.of(*(one.to_dicts()[0] for one in mentions))
    columns = scorer.layout.columns
    packed = scorer.pack(pl.concat([one.select(columns) for one in mentions]))
    left, right = (np.array([side], dtype=np.int32) for side in (0, 1))
    return ScoredPair(explain(packed, left, right)[0], known)

"""No value of a record is in what is said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linker.evidence.counterfactual import would_change
from linker.evidence.known import Known
from linker.evidence.summary import summary_words
from linker.evidence.waterfall import waterfall
from linker.evidence.words import phrasebook
from linker.model import ModelInUse, Thresholds
from linker.report.waterfall import waterfall_svg
from linker.schemas import MENTIONS, EntityType
from linker.scoring.explain import explain
from linker.scoring.scorer import scorer_of

VALUE = st.text("αβγδεζηθ", min_size=2, max_size=9)
"""Letters that no sentence has."""
YEARS = (2731, 2732, 2745)
"""Years that no sentence has."""


@st.composite
def mentions(draw: st.DrawFn) -> dict[str, object]:
    values = draw(st.lists(VALUE, min_size=2, max_size=3))
    found: dict[str, object] = {}
    for column, dtype in MENTIONS["person"].items():
        if draw(st.integers(0, 3)) == 0:
            found[column] = None
        elif dtype == pl.String:
            found[column] = draw(st.sampled_from(values))
        elif dtype == pl.List(pl.String):
            found[column] = draw(st.lists(st.sampled_from(values), max_size=2))
        elif dtype == pl.Date:
            found[column] = dt.date(draw(st.sampled_from(YEARS)), 5, draw(st.integers(1, 28)))
        else:
            found[column] = draw(st.sampled_from(YEARS))
    return {**found, "mention": 0}


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(question=mentions(), record=mentions())
def test_nothing_that_is_said_holds_a_value(
    question: dict[str, object],
    record: dict[str, object],
    shipped: dict[EntityType, ModelInUse],
    thresholds: Thresholds,
) -> None:
    """Sentences, conclusion, changes and charts of a pair have none of its letters and years."""
    scorer = scorer_of(shipped["person"])
    model = scorer.in_use.model
    frame = pl.DataFrame([question, record], schema=dict(MENTIONS["person"]))
    packed = scorer.pack(frame.select(scorer.layout.columns))
    left, right = (np.array([side], dtype=np.int32) for side in (0, 1))
    pair = explain(packed, left, right)[0]
    known = Known.of(question, record)
    book = phrasebook(model)
    said = [book.in_words(one, known) for one in pair.evidence]
    said.append(summary_words(model, pair.evidence, thresholds))
    said += [one.words for one in would_change(pair.evidence, model, thresholds, known)]
    evidence = [
        {**asdict(one), "words": words} for one, words in zip(pair.evidence, said, strict=False)
    ]
    chart = waterfall(model.prior_weight, evidence)
    said += [waterfall_svg(chart, "chart"), repr(known)]
    text = "\n".join(said)
    assert not set("αβγδεζηθ") & set(text)
    assert not [year for year in YEARS if str(year) in text]

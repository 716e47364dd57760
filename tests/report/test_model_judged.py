"""What a model was judged to be worth, and what is doubted of it, on its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.model import LinkageModel
from linker.report.curves import Axis, line_chart
from linker.report.model_judged import judged
from linker.report.model_page import Beside, model_page

SHARE = st.floats(0, 1)
FIGURES = {
    "pairwise_precision": [0.913, 0.897, 0.931],
    "pairwise_recall": [0.823, 0.811, 0.842],
    "pairwise_f1": [0.866, 0.851, 0.881],
    "b3_precision": [0.951, 0.947, 0.955],
    "b3_recall": [0.874, 0.869, 0.878],
    "b3_f1": [0.911, 0.906, 0.915],
}
JUDGEMENT: dict[str, Any] = {
    "at": "2026-03-01T02:00:00+00:00",
    "model": "person/2@3f2a9c01",
    "truth": {
        "kind": "clusters",
        "name": "truth.csv",
        "digest": "d",
        "records": 7_654,
        "true_pairs": 8_765,
    },
    "data": {"origin": "sources", "digest": "e", "total": 98_765, "sampled": 43_210},
    "thresholds": {"link": 0.98, "review": 0.5, "identity_floor": 2.5},
    "overall": FIGURES,
    "groups": {
        "culture": [{"name": "culture of the north", "records": 4_321, **FIGURES}],
        "source_pair": [{"name": "cases and arrests", "records": 1_234, **FIGURES}],
    },
    "curve": [
        {"weight": weight, "probability": 0.5, "precision": p, "recall": r, "f1": 0.7}
        for weight, p, r in ((-2.0, 0.61, 0.95), (4.0, 0.88, 0.84), (12.0, 0.99, 0.52))
    ],
    "calibration": {
        "pairs": 5_432,
        "before": {
            "error": 0.0712,
            "bins": [{"low": 0, "high": 1, "pairs": 9, "expected": 0.4, "observed": 0.2}],
        },
        "after": {
            "error": 0.0123,
            "bins": [{"low": 0, "high": 1, "pairs": 9, "expected": 0.2, "observed": 0.21}],
        },
        "map": [[-5.0, 0.01], [5.0, 0.99]],
    },
    "blocking": {
        "recall": 0.964,
        "by_rule": [{"rule": "name_and_year", "found": 0.712, "only": 0.043}],
        "scoring_recall": 0.871,
    },
    "unlinkable": {"share": 0.037, "threshold": 0.98},
    "proposed": [
        {
            "false_merge_cost": 5,
            "link_threshold": 0.9912,
            "precision": 0.954,
            "recall": 0.791,
            "cost": 0.2,
        }
    ],
    "notes": ["what the judge had to say"],
}
TRAINING: dict[str, Any] = {
    "sessions": [
        {
            "columns": ["birth_date", "sex"],
            "pairs": 203_411,
            "match_share": 0.031,
            "matches": 6_305,
            "iterations": 50,
            "converged": False,
            "m": {"surname": [0.751, 0.249]},
        }
    ],
    "disagreements": [
        {
            "comparison": "surname",
            "level": "a doubted level",
            "weights": {"birth date": 3.25, "phones": -1.5},
            "spread": 4.75,
        }
    ],
    "interpolated": [{"comparison": "phones", "level": "a level never seen", "weight": 2.125}],
    "witnesses": {
        "em": {"surname": [0.771, 0.229]},
        "decisions": {"pairs": 77, "used": [], "m": {"surname": [0.643, 0.357]}},
        "strong_identifiers": {
            "fbi_number": {"pairs": 88, "used": ["surname"], "m": {"surname": [0.689, 0.311]}}
        },
    },
}


def test_a_judgement_is_shown_whole(model: LinkageModel, read_page: Callable[[str], Any]) -> None:
    """Figures with intervals, groups, both charts, thresholds, rules and notes are on the page."""
    page = read_page(model_page(model, [], Beside(judgements=[JUDGEMENT])))
    text = " ".join(page.text)
    wanted = ["91.3%", "89.7% to 93.1%", "86.6%", "91.1%", "7,654", "8,765", "43,210 of 98,765"]
    wanted += ["culture of the north", "4,321", "cases and arrests", "0.0712", "0.0123", "5,432"]
    wanted += ["96.4%", "71.2%", "4.3%", "3.7%", "0.991", "95.4%", "what the judge had to say"]
    assert [value for value in wanted if value not in text] == []
    assert page.faults == []
    assert page.count("polyline") == 6
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert page.count("caption") == page.count("table")


def test_doubts_are_shown(model: LinkageModel, read_page: Callable[[str], Any]) -> None:
    """A session that stopped at its limit, levels in doubt or never seen, and other witnesses."""
    page = read_page(model_page(model, [], Beside(training=TRAINING)))
    text = " ".join(page.text)
    wanted = ["50, stopped at its limit", "a doubted level", "birth date: +3.2", "4.8"]
    wanted += ["a level never seen", "+2.1 bits", "decisions", "77 pairs", "not used", "0.643"]
    wanted += ["0.771", "FBI number", "88 pairs", "count for surname", "0.689"]
    assert [value for value in wanted if value not in text] == []
    assert page.faults == []


def test_drift_and_the_training_data_are_shown(
    model: LinkageModel, read_page: Callable[[str], Any]
) -> None:
    """What changed since training, with limits and a conclusion, and what the data were like."""
    drift = {
        "generation": 12,
        "against": "the training data of person/2",
        "records": 5_813,
        "links": 2_239,
        "notes": ["a note on the comparison"],
        "lines": [{"state": "due", "text": "records with birth date: 91% then, 64% now"}],
        "due": True,
    }
    profile = {"records": 4_711, "links": 1_147, "fills": {"birth_date": 0.913, "ssn": 0.0}}
    page = read_page(model_page(model, [], Beside(profile=profile, drift=drift)))
    text = " ".join(page.text)
    wanted = ["Generation 12", "person/2", "5,813", "2,239", "a note on the comparison", "4,711"]
    wanted += ["64% now", "Retraining is due."]
    assert [value for value in [*wanted, "91.3%"] if value not in text] == []
    assert page.faults == []


def test_what_was_not_judged_says_how(model: LinkageModel) -> None:
    """A page without judgements or drift names the commands that make them."""
    html = model_page(model, [])
    assert "The model has not been judged." in html
    assert "No drift has been looked for." in html


def test_a_truth_of_pairs_has_no_whole_entities() -> None:
    """Where only pairs are known, B-cubed figures and calibration are left out."""
    told = {**JUDGEMENT, "calibration": None, "groups": {}}
    told["overall"] = {**FIGURES, "b3_precision": None, "b3_recall": None, "b3_f1": None}
    found = judged(told)
    assert [figure.name for figure in found.figures] == [
        "Pairwise precision",
        "Pairwise recall",
        "Pairwise F1",
    ]
    assert found.errors is None
    assert found.reliability is None


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(-60, 60), SHARE), max_size=8))
def test_every_point_lies_within_its_chart(points: list[tuple[float, float]]) -> None:
    """Whatever the points, the lines stay between the axes; no point gives no chart."""
    chart = line_chart("t", "d", [("a", "first", points)], (Axis("x"), Axis("y")), [(3.0, "m")])
    if not points:
        assert chart is None
        return
    assert chart is not None
    for line in chart.lines:
        for text in line.points.split():
            x, y = map(float, text.split(","))
            assert chart.left - 0.01 <= x <= chart.right + 0.01
            assert chart.top - 0.01 <= y <= chart.bottom + 0.01
    assert all(re.fullmatch(r"\d+%", tick.label) for tick in chart.y_ticks)


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    """Lines that end at one place have their names under each other."""
    lines = [(name, "first", [(0.0, 0.5), (1.0, 0.5)]) for name in ("one", "two", "three")]
    chart = line_chart("t", "d", lines, (Axis("x"), Axis("y")))
    assert chart is not None
    heights = sorted(line.end[1] for line in chart.lines)
    assert all(b - a >= 16 for a, b in pairwise(heights))
    assert pytest.approx(heights[0]) == 137.0

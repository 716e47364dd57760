"""The waterfall of a hit's evidence, drawn and written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.evidence.waterfall import Waterfall, waterfall
from linker.report.waterfall import waterfall_chart, waterfall_svg

EVIDENCE = [
    {"comparison": "name", "side": "for", "weight": 17.9, "words": "Name: <the same> & more."},
    {"comparison": "ssn", "side": "absent", "weight": 0.0},
    {"comparison": "birth_date", "side": "against", "weight": -6.3},
]
WEIGHT = st.floats(-60, 60)


@pytest.fixture
def hit() -> Waterfall:
    return waterfall(-16.6, EVIDENCE, review=0.0, link=5.9)


@given(WEIGHT, st.lists(WEIGHT, max_size=16), WEIGHT, st.floats(0, 30))
def test_every_mark_stays_in_the_frame(
    prior: float, weights: list[float], review: float, gap: float
) -> None:
    """Bars begin where the last one ended, can be seen, and lie between the labels and numbers."""
    evidence = [
        {"comparison": f"field_{n}", "side": "for" if weight > 0 else "against", "weight": weight}
        for n, weight in enumerate(weights)
    ]
    chart = waterfall_chart(waterfall(prior, evidence, review=review, link=review + gap))
    assert len(chart.rows) == len(weights) + 2
    for row, below in zip(chart.rows, [*chart.rows[1:], None], strict=True):
        assert row.width > 0
        assert chart.left - 0.01 <= row.x <= row.x + row.width <= chart.right + 1.6
        assert chart.top <= row.y <= chart.bottom - chart.row
        if below is not None and below.kind != "total":
            assert row.next_x is not None
            assert min(abs(row.next_x - below.x), abs(row.next_x - below.x - below.width)) < 1.6
    assert all(chart.left <= one.x <= chart.right for one in chart.thresholds)
    assert chart.left <= chart.zero <= chart.right


def test_the_chart_is_an_image_with_a_name_and_a_description(
    hit: Waterfall, read_page: Callable[[str], Any]
) -> None:
    """Its ids are its own, all references lead somewhere, and it has neither script nor style."""
    svg = waterfall_svg(hit, "hit-3")
    page = read_page(svg)
    assert page.faults == []
    assert svg.startswith('<svg class="waterfall" role="img"')
    ids = page.attributes("id")
    assert len(ids) == len(set(ids)) == 3
    assert all(found.startswith("hit-3-") for found in ids)
    references = " ".join(page.attributes("aria-labelledby")).split()
    references += re.findall(r"url\(#([^)]+)\)", svg)
    assert set(references) == set(ids)
    assert not re.search(r"<script|<style|\bstyle=|\bon\w+=|https?:", svg)
    assert hit.described in page.text


def test_every_number_stands_beside_its_bar(
    hit: Waterfall, read_page: Callable[[str], Any]
) -> None:
    """Label, weight and side are texts, so that colour is never alone in telling them."""
    text = [line.strip() for line in read_page(waterfall_svg(hit, "hit")).text]
    wanted = ["Prior", "−16.6", "Name", "+17.9 for", "Birth date", "−6.3 against"]
    wanted += ["Match weight", "−5.0", "review from 0.0", "link from +5.9"]
    assert [value for value in wanted if value not in text] == []
    assert "Name, +17.9 bits: Name: <the same> & more." in text


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_bars_stand_out_from_light_and_dark_pages(hit: Waterfall, ground: str) -> None:
    """Every bar's outline has a contrast of 3 to 1 at least with the page."""
    strokes = set(re.findall(r'<rect x="[^>]* stroke="(#[0-9a-f]{6})"', waterfall_svg(hit, "hit")))
    assert len(strokes) == 3, strokes
    for stroke in strokes:
        lighter, darker = sorted((luminance(stroke), luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3

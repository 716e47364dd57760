"""The page of a trained model."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.config import LevelSettings
from linker.model import LinkageModel, TrainedComparison, TrainedLevel
from linker.report.model_page import model_page
from linker.report.words import ROLES

HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so'"
PROBABILITY = st.floats(1e-12, 1, exclude_max=True)


def test_every_parameter_is_shown(model: LinkageModel, read_page: Callable[[str], Any]) -> None:
    """Levels with m, u and weight, the prior, sessions, what is left out and notes are shown."""
    text = " ".join(read_page(model_page(model, ["one note", "another note"])).text)
    wanted = ["one pair in 1,234,567", "−20.2 bits", "+24.5 bits", "95%", "driver license"]
    wanted += ["same surname", "0.731", "0.00112", "+9.4", "0.269", "0.999", "−1.9"]
    wanted += ["a phone in common", "0.613", "1.37 × 10⁻⁶", "+18.8", "0.387", "0.610", "−0.7"]
    wanted += ["birth date and sex", "203,411", "3.1%", "0.751", "0.249", "8.13 × 10⁻⁶"]
    wanted += ["1,312,404", "1,000,000", "20260101", "9f2c41", "one note", "another note"]
    wanted += [ROLES["identity"], ROLES["association"], "nothing to compare"]
    assert [value for value in wanted if value not in text] == []


def test_bars_lie_around_zero(model: LinkageModel, read_page: Callable[[str], Any]) -> None:
    """On the one scale of all comparisons, weights below 0 go left of it and the others right."""
    page = read_page(model_page(model, []))
    origins, bars = set(), []
    for tag, attrs in page.elements:
        found = re.fullmatch(r"left:([\d.]+)%(?:;width:([\d.]+)%)?", attrs.get("style") or "")
        if tag != "span" or found is None:
            continue
        if attrs.get("class") == "origin":
            origins.add(float(found[1]))
        elif found[2] is not None:
            bars.append((attrs.get("class") == "against", float(found[1]), float(found[2])))
    assert len(origins) == 1
    zero = origins.pop()
    assert {against for against, _, _ in bars} == {True, False}
    for against, left, length in bars:
        assert left + length == pytest.approx(zero, abs=0.02) if against else left == zero


def test_a_comparison_without_sessions_says_so(model: LinkageModel) -> None:
    """Where no session could estimate m, the page says that the configured values stand."""
    assert model_page(model, []).count("No session could estimate m here") == 1


def test_text_is_escaped(model: LinkageModel, read_page: Callable[[str], Any]) -> None:
    """Markup in names, labels, notes and training facts is shown as text."""
    spoilt = LinkageModel(
        entity_type="person",
        version=HOSTILE,
        prior=0.1,
        comparisons=tuple(
            comparison.model_copy(
                update={
                    "name": HOSTILE,
                    "levels": tuple(
                        level.model_copy(update={"label": HOSTILE}) for level in comparison.levels
                    ),
                }
            )
            for comparison in model.comparisons
        ),
        comparisons_left_out=(HOSTILE,),
        term_frequency_floors={"surname": 0.1, HOSTILE: 0.2},
        training={HOSTILE: HOSTILE, "sources": {HOSTILE: [HOSTILE]}},
    )
    html = model_page(spoilt, [HOSTILE])
    page = read_page(html)
    assert "<script" not in html
    assert page.faults == []
    assert "".join(page.text).count(HOSTILE) > 15


def test_an_empty_model_has_a_page(read_page: Callable[[str], Any]) -> None:
    """A model without comparisons and training facts gives a sound page."""
    model = LinkageModel(entity_type="organization", version="1", prior=0.5, comparisons=())
    page = read_page(model_page(model, []))
    text = " ".join(page.text)
    assert page.faults == []
    assert page.count("table") == 0
    assert "one pair in 2" in text
    assert "There were no sessions." in text


@settings(max_examples=15)
@given(
    parameters=st.lists(st.tuples(PROBABILITY, PROBABILITY), min_size=1, max_size=6),
    prior=st.floats(1e-15, 0.999),
)
def test_any_model_has_a_sound_page(
    parameters: list[tuple[float, float]], prior: float, read_page: Callable[[str], Any]
) -> None:
    """Whatever the probabilities, each bar stays within its scale and the page is sound."""
    kind = LevelSettings(kind="exact")
    levels = tuple(TrainedLevel(level=kind, label="same", m=m, u=u) for m, u in parameters)
    comparison = TrainedComparison(name="name", role="biometric", levels=levels)
    model = LinkageModel(entity_type="person", version="1", prior=prior, comparisons=(comparison,))
    html = model_page(model, [])
    assert read_page(html).faults == []
    for left, width in re.findall(r"left:([-\d.e]+)%(?:;width:([-\d.e]+)%)?", html):
        assert 0 <= float(left) <= 100
        assert 0 <= float(width or 0) <= 100.01 - float(left)


def test_the_page_is_the_same_each_time_and_needs_nothing(
    model: LinkageModel, read_page: Callable[[str], Any]
) -> None:
    """One model always gives the same page, which refers to no address and can be heard."""
    html = model_page(model, ["a note"])
    page = read_page(html)
    heads = [attrs for tag, attrs in page.elements if tag == "th"]
    ids = page.attributes("id")
    assert html == model_page(model.model_copy(deep=True), ["a note"])
    assert re.search(r"(?i)https?:|//[a-z]|url\((?!#)|@import|src=", html) is None
    assert page.faults == []
    assert page.count("caption") == page.count("table") > 3
    assert [head for head in heads if "scope" not in head and "aria-hidden" not in head] == []
    assert len(ids) == len(set(ids))
    inner = {link[1:] for link in page.attributes("href") if link.startswith("#")}
    assert inner <= set(ids)

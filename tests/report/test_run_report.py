"""What a run report accepts, and the one order it is written in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from linker.report.run_report import RunReport


def test_a_report_is_written_as_it_was_given(run_values: dict[str, Any]) -> None:
    """The JSON values of a report have the keys and values that report.json is documented with."""
    report = RunReport.model_validate(run_values)
    assert report.model_dump(mode="json") == run_values
    assert RunReport.model_validate_json(report.model_dump_json()) == report


def test_the_order_given_does_not_matter(run_values: dict[str, Any]) -> None:
    """Tables and names given in any order are written in the same order, byte for byte."""

    def reverse(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: reverse(value[key], key) for key in reversed(value)}
        if isinstance(value, list):
            parts = [reverse(part) for part in value]
            return parts if name in {"rules", "stages", "warnings"} else parts[::-1]
        return value

    reversed_values = reverse(run_values)
    assert json.dumps(reversed_values) != json.dumps(run_values)
    texts = {
        RunReport.model_validate(values).model_dump_json()
        for values in (run_values, reversed_values)
    }
    assert len(texts) == 1


def test_what_presses_most_comes_first(run_values: dict[str, Any]) -> None:
    """Classes and tiers go from the most pressing to no hit, words not known yet before no tier."""
    words = [("NO_HIT", None), ("NEW", "SURE"), ("PRIOR", None), ("PRIOR", "SURE")]
    words += [("PRIOR", "POSSIBLE"), ("PRIOR", "CONFIRMED"), ("SIMULTANEOUS", "POSSIBLE")]
    found = [{"class": name, "tier": tier, "rows": 1} for name, tier in words]
    investigations = {**run_values["investigations"], "classes": found}
    report = RunReport.model_validate({**run_values, "investigations": investigations})
    assert [(row.class_, row.tier) for row in report.investigations.classes] == [
        ("SIMULTANEOUS", "POSSIBLE"),
        ("PRIOR", "CONFIRMED"),
        ("PRIOR", "POSSIBLE"),
        ("PRIOR", "SURE"),
        ("PRIOR", None),
        ("NO_HIT", None),
        ("NEW", "SURE"),
    ]


def test_rows_must_add_up(run_values: dict[str, Any]) -> None:
    """A source whose rows are not mentions, quarantined and outside together is refused."""
    source = {**run_values["sources"][0], "quarantined": 1_840}
    with pytest.raises(ValidationError, match="rows are not"):
        RunReport.model_validate({**run_values, "sources": [source]})


def test_a_bin_has_its_edges_in_order(run_values: dict[str, Any]) -> None:
    """A bin of match weights that ends below its start is refused."""
    people = {
        **run_values["entity_types"]["person"],
        "weights": [{"from": 1.0, "to": 0.5, "pairs": 3}],
    }
    with pytest.raises(ValidationError, match="is below"):
        RunReport.model_validate({**run_values, "entity_types": {"person": people}})


@pytest.mark.parametrize("at", ["2026-03-01T02:00:05", "2026-03-01T02:00:05+01:00", "today"])
def test_the_time_must_be_utc(run_values: dict[str, Any], at: str) -> None:
    """A start without an offset, with another offset than UTC, or that is no time is refused."""
    with pytest.raises(ValidationError):
        RunReport.model_validate({**run_values, "at": at})


@pytest.mark.parametrize(
    "change", [{"names": ["x"]}, {"seconds": float("nan")}, {"seconds": -1}, {"generation": -1}]
)
def test_what_is_no_report_is_refused(run_values: dict[str, Any], change: dict[str, Any]) -> None:
    """Unknown keys, negative counts and numbers that are none are refused."""
    with pytest.raises(ValidationError):
        RunReport.model_validate({**run_values, **change})

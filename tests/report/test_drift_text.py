"""What is printed of drift."""

from __future__ import annotations

from typing import Any

from linker.report.drift_text import drift_text


def told(states: list[str], trend: int = 1) -> dict[str, Any]:
    """The values of a drift whose lines have these states."""
    lines = [{"state": state, "text": f"measure {n}"} for n, state in enumerate(states)]
    row = {
        "at": "2026-11-28T01:02:03+00:00",
        "records": 1_050,
        "links_per_record": 1 / 3,
        "fill_change": 0.192,
        "level_shift": 0.01,
        "weight_shift": None,
        "beyond_limits": 1,
    }
    person = {
        "against": "the training data of person/1@0",
        "records": 1_050,
        "links": 350,
        "due": "due" in states,
        "reasons": ["measure 0"] * states.count("due"),
        "lines": lines,
        "trend": [{**row, "generation": n} for n in range(1, trend + 1)],
        "notes": ["a note"],
    }
    return {
        "generation": 3,
        "at": "2026-11-28T01:02:03+00:00",
        "since": None,
        "entity_types": {"person": person},
    }


def test_what_changed_is_listed_and_what_did_not_is_counted() -> None:
    """Lines that are as before are left out unless all are asked for; the verdict is last."""
    text = drift_text(told(["due", "noticed", "as before", "as before"])).splitlines()
    verdict = (
        "person: retraining is due: one measure is beyond limit and chance; run linker train "
        "--entity person, then compare the new model before it is promoted"
    )
    assert text[0].startswith("person: generation 3 of 2026-11-28, 1,050 records, 350 links")
    assert text[1:] == [
        "  note: a note",
        "  due        measure 0",
        "  noticed    measure 1",
        "  as before  2 measures (--all lists them)",
        verdict,
    ]
    everything = drift_text(told(["as before"]), everything=True)
    assert "  as before  measure 0" in everything
    assert everything.endswith("person: retraining is not due")


def test_a_trend_needs_two_generations() -> None:
    """Of several generations there is a table, a row each, of which nothing is torn apart."""
    assert "trend" not in drift_text(told([]))
    lines = drift_text(told(["noticed"], trend=2)).splitlines()
    heading, *rows = [line for line in lines if line.startswith(("  trend", "     "))]
    assert len(rows) == 2
    assert {len(row) for row in rows} == {len(heading)}
    assert "19.2 points" in rows[0]
    assert rows[0].split()[-2] == "-"
    assert "1 in all" in lines[-1]

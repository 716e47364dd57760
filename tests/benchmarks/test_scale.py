"""The benchmark of the nightly link."""

from __future__ import annotations

from pathlib import Path

from benchmarks.scale import scale


def test_it_links_and_judges_a_small_population(tmp_path: Path) -> None:
    """At smoke size: every stage is timed, memory and accuracy are there and not absurd."""
    found = scale(1000, 7, tmp_path, train=False)
    assert found["records"] == 1000
    assert found["stages"]["person: scores"] > 0
    assert found["peak_gb"] > 0
    for values in found["accuracy"].values():
        assert values["pairwise_precision"] > 0.8
        assert values["pairwise_recall"] > 0.4
    assert {"anglo", "hispanic"} <= set(found["culture_recall"])
    assert all(0 < recall <= 1 for recall in found["culture_recall"].values())

"""What a run says of itself."""

from __future__ import annotations

import numpy as np
import polars as pl

from linker.entities.hold import REASONS
from linker.jobs.models import shipped_model
from linker.model import LinkageModel, read_model
from linker.night.summary import run_warnings
from linker.scoring.features.pack import Int64s

NO_CUTS = pl.Series("cut", [], dtype=pl.String)


def model(records: int) -> LinkageModel:
    shipped = read_model(shipped_model("person"), "person").model
    return shipped.model_copy(update={"training": {"records": records}})


def world(sizes: list[int], *, links: bool = True) -> tuple[pl.DataFrame, Int64s]:
    return pl.DataFrame({"link": [links]}), np.array(sizes, dtype=np.int64)


def test_an_ordinary_run_has_nothing_to_say() -> None:
    """Small entities, some links, a model of about this size: no warning."""
    pairs, sizes = world([2] * 100)
    assert run_warnings(model(300), pairs, sizes, NO_CUTS, 150) == []


def test_a_giant_cluster_is_said_loudly() -> None:
    """An entity of very many records looks like links that chained."""
    pairs, sizes = world([150, 1])
    assert (
        "largest entity holds 150 records"
        in run_warnings(model(200), pairs, sizes, NO_CUTS, 150)[0]
    )


def test_almost_nothing_linked_is_said_loudly() -> None:
    """Many records and no link point at the mapping or the model."""
    pairs, sizes = world([1] * 150, links=False)
    assert "nothing was linked" in run_warnings(model(200), pairs, sizes, NO_CUTS, 150)[0]


def test_cuts_are_counted_by_reason() -> None:
    """What was cut is reported with each reason, the most frequent first."""
    pairs, sizes = world([2] * 100)
    cuts = pl.Series("cut", ["support", "birth_dates", "birth_dates"])
    (said,) = run_warnings(model(200), pairs, sizes, cuts, 150)
    assert said.startswith("person: 3 groups of records were parted although links join them: ")
    assert said.index(REASONS["birth_dates"] + " (2)") < said.index(REASONS["support"] + " (1)")


def test_an_entity_cut_for_its_size_names_the_key() -> None:
    """Who has a target of very many records learns which key to raise."""
    pairs, sizes = world([2] * 100)
    cuts = pl.Series("cut", ["size"])
    said = run_warnings(model(200), pairs, sizes, cuts, 150)[-1]
    assert "person.max_entity_records" in said


def test_a_model_of_another_size_is_named() -> None:
    """A prior trained on far more or fewer records is not this data's, if it can be trained on."""
    pairs, sizes = world([2] * 100)
    assert run_warnings(model(9000), pairs, sizes, NO_CUTS, 500) == []
    for records in (50, 900):
        (warning,) = run_warnings(model(records), pairs, sizes, NO_CUTS, 150)
        assert f"trained on {records} records" in warning

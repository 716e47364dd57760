"""What a run says of itself."""

from __future__ import annotations

import polars as pl

from linker.deconfliction.crowds import Crowded
from linker.entities.hold import REASONS
from linker.jobs.models import shipped_model
from linker.jobs.summary import InvestigationTally, run_warnings
from linker.model import LinkageModel, read_model
from linker.schemas import INVESTIGATIONS

NO_CUTS = pl.Series("cut", [], dtype=pl.String)


def model(records: int) -> LinkageModel:
    shipped = read_model(shipped_model("person"), "person").model
    return shipped.model_copy(update={"training": {"records": records}})


def world(sizes: list[int], *, links: bool = True) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = [f"p{number}" for number, size in enumerate(sizes) for _ in range(size)]
    return pl.DataFrame({"link": [links]}), pl.DataFrame({"entity_id": ids})


def test_an_ordinary_run_has_nothing_to_say() -> None:
    """Small entities, some links, a model of about this size: no warning."""
    pairs, membership = world([2] * 100)
    assert run_warnings(model(300), pairs, membership, NO_CUTS, 150) == []


def test_a_giant_cluster_is_said_loudly() -> None:
    """An entity of very many records looks like links that chained."""
    pairs, membership = world([150, 1])
    assert (
        "largest entity holds 150 records"
        in run_warnings(model(200), pairs, membership, NO_CUTS, 150)[0]
    )


def test_almost_nothing_linked_is_said_loudly() -> None:
    """Many records and no link point at the mapping or the model."""
    pairs, membership = world([1] * 150, links=False)
    assert "nothing was linked" in run_warnings(model(200), pairs, membership, NO_CUTS, 150)[0]


def test_cuts_are_counted_by_reason() -> None:
    """What was cut is reported with each reason, the most frequent first."""
    pairs, membership = world([2] * 100)
    cuts = pl.Series("cut", ["support", "birth_dates", "birth_dates"])
    (said,) = run_warnings(model(200), pairs, membership, cuts, 150)
    assert said.startswith("person: 3 groups of records were parted although links join them: ")
    assert said.index(REASONS["birth_dates"] + " (2)") < said.index(REASONS["support"] + " (1)")


def test_an_entity_cut_for_its_size_names_the_key() -> None:
    """Who has a target of very many records learns which key to raise."""
    pairs, membership = world([2] * 100)
    cuts = pl.Series("cut", ["size"])
    said = run_warnings(model(200), pairs, membership, cuts, 150)[-1]
    assert "person.max_entity_records" in said


def test_entities_of_many_investigations_are_told() -> None:
    """Where not every meeting is told, the report says of how many entities."""
    tally = InvestigationTally()
    tally.crowds("person", Crowded(0, 0, 0))
    assert tally.warnings == []
    tally.crowds("person", Crowded(2, 512, 3))
    assert "more than 100 investigations or contacts: 2, the largest with 512" in tally.warnings[0]


def test_a_model_of_another_size_is_named() -> None:
    """A prior trained on far more or fewer records is not this data's, if it can be trained on."""
    pairs, membership = world([2] * 100)
    assert run_warnings(model(9000), pairs, membership, NO_CUTS, 500) == []
    for records in (50, 900):
        (warning,) = run_warnings(model(records), pairs, membership, NO_CUTS, 150)
        assert f"trained on {records} records" in warning


def rows(*meetings: tuple[str, str, str, str]) -> pl.DataFrame:
    found = [
        {
            "entity_id": entity,
            "case_id": case,
            "agency": "HSI",
            "unit": "Laredo",
            "class": name,
            "tier": None if name == "NO_HIT" else "PROBABLE",
            "other_case_id": other,
            "other_agency": "HSI",
            "other_unit": "Laredo",
        }
        for entity, case, name, other in meetings
    ]
    return pl.DataFrame(found, schema=dict(INVESTIGATIONS))


def test_a_tally_of_parts_is_that_of_the_whole() -> None:
    """Counting investigations part by part gives what counting them together gives."""
    parts = [
        rows(("p1", "1", "PRIOR", "2"), ("p1", "2", "NO_HIT", "")),
        rows(("p2", "1", "PRIOR", "3"), ("p2", "1", "SIMULTANEOUS", "4")),
    ]
    whole, tally = InvestigationTally(), InvestigationTally()
    whole.add(pl.concat(parts))
    for part in parts:
        tally.add(part)
    assert tally.summary() == whole.summary()
    assert tally.summary()["total"] == 2
    assert tally.summary()["prior"] == [
        {"unit": "HSI / Laredo", "other_unit": "HSI / Laredo", "meetings": 2, "entities": 2}
    ]


def test_no_investigation_at_all() -> None:
    """Sources without a case make an empty summary."""
    assert InvestigationTally().summary()["classes"] == []

"""How far two profiles lie apart, and what of it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linker.config import load_config
from linker.config.drift import DriftSettings
from linker.model import LinkageModel, read_model
from linker.night.drift import Baseline, drift_of, drift_warnings
from linker.night.profile import PROFILE_FILE, Profile
from linker.night.shifts import Shift, records_shift, shifts

LIMITS = DriftSettings()


@pytest.fixture(scope="module")
def model() -> LinkageModel:
    """The shipped model of people."""
    directory = Path(__file__).resolve().parents[2] / "models/person/1"
    return read_model(directory, "person").model


def profile(records: int = 20_000, **changes: Any) -> Profile:
    """A profile of one source, a third of whose records have a telephone, changed as told."""
    values = {
        "records": records,
        "total": records,
        "sources": {"cases": records},
        "sampled": {"cases": records},
        "fills": {"phones": 0.3, "birth_date": 1.0},
        "by_source": {"cases": {"phones": 0.3, "birth_date": 1.0}},
        "links": records // 2,
        "sampled_links": records // 2,
        "independent_links": records // 2,
        "levels": {"sex": [0.1, 0.89, 0.01], "phones": [0.7, 0.25, 0.05]},
        "expected": {"sex": [0.1, 0.89, 0.01], "phones": [0.7, 0.25, 0.05]},
        "weights": {"edges": [0, 5, 10, 20, 30], "pairs": [records // 8] * 4},
        "pairs_per_record": 0.5,
        "term_frequencies": {"surname": 0.3},
    }
    return Profile.model_validate({**values, **changes})


def moved(
    now: Profile, then: Profile, model: LinkageModel, limits: DriftSettings = LIMITS
) -> dict[tuple[str, str], Shift]:
    """What changed, by kind and name."""
    found = shifts(now, then, limits, model)
    return {(line.what, line.name): line for line in found if line.state != "as before"}


def test_a_profile_is_no_change_from_itself(model: LinkageModel) -> None:
    """Nothing moved from any profile to itself, and no number of records makes it otherwise."""
    for records in (8, 500, 20_000):
        assert moved(profile(records), profile(records), model) == {}


def test_a_field_that_more_or_fewer_records_have(model: LinkageModel) -> None:
    """Within the limit a change is noticed, beyond it due; what chance may bring is neither."""
    then = profile()

    def state(share: float, records: int = 20_000) -> str:
        now = profile(records, fills={"phones": share, "birth_date": 1.0})
        line = moved(now, then, model).get(("fill", "phones"))
        return line.state if line else "as before"

    assert [state(share) for share in (0.31, 0.35, 0.38, 0.42, 0.19)] == [
        *("as before", "noticed", "noticed", "due", "due")
    ]
    assert state(0.42, 100) == "as before"
    assert state(0.42, 2_000) == "due"


def test_a_field_of_one_source(model: LinkageModel) -> None:
    """A source whose field moved makes the model due, if it is no small part of the records."""
    fills = {"a": {"phones": 0.3}, "b": {"phones": 0.3}}
    then = profile(by_source=fills, sources={"a": 19_500, "b": 500}, sampled={"a": 1000, "b": 500})
    for name, state in (("a", "due"), ("b", "noticed")):
        now = then.model_copy(update={"by_source": {**fills, name: {"phones": 0.9}}})
        line = moved(now, then, model)["source fill", f"{name}: phones"]
        assert line.state == state
        assert f"records of source {name} with phones: 30.0% then, 90.0% now" in line.text


def test_sources_that_come_and_go(model: LinkageModel) -> None:
    """A new source of many records makes the model due; a small one, and one gone, are told of."""
    then = profile()
    large, small = (
        profile(sources={"cases": 20_000 - more, "tips": more}) for more in (2_000, 200)
    )
    assert moved(large, then, model)["source", "tips"].state == "due"
    assert moved(small, then, model)["source", "tips"].state == "noticed"
    assert moved(then, small, model)["source", "tips"].text == (
        "source tips: gone, 1.0% of the records then"
    )


def test_levels_of_links(model: LinkageModel) -> None:
    """Levels are compared among links that have the field; the level that moved most is named."""
    then = profile()
    fewer = profile(levels={**then.levels, "phones": [0.85, 0.125, 0.025]})
    assert moved(fewer, then, model) == {}
    worse = profile(levels={**then.levels, "phones": [0.7, 0.1, 0.2]})
    line = moved(worse, then, model)["levels", "phones"]
    assert line.state == "due"
    assert "83.3% then and 33.3% now" in line.text
    few = worse.model_copy(update={"independent_links": 20})
    assert moved(few, then, model) == {}


def test_levels_of_a_comparison_with_other_levels_are_not_compared(model: LinkageModel) -> None:
    """Where one profile has more levels, or none, nothing is said of the comparison."""
    then = profile(levels={"phones": [0.5, 0.5]})
    assert ("levels", "phones") not in {
        (line.what, line.name) for line in shifts(profile(), then, LIMITS, model)
    }


def test_match_weights(model: LinkageModel) -> None:
    """Weights that moved, also beyond those of then, are found; other weights are not compared."""
    then = profile()
    now = profile(weights={"edges": [-5, 0, 5, 30, 60], "pairs": [6_000, 2_000, 1_000, 1_000]})
    assert moved(now, then, model)["weights", ""].state == "due"
    found = shifts(now, then, LIMITS, model, same_weights=False)
    assert not {line.what for line in found} & {"weights", "unknown values"}


def test_pairs_and_links_a_record(model: LinkageModel) -> None:
    """A sample has as small a share of the pairs as of the records; that is reckoned with."""
    then = profile(total=40_000)  # a record of all has twice as many
    double = profile(links=20_000, weights={"edges": [0, 5], "pairs": [20_000]})
    found = moved(double, then, model)
    assert not {("links", ""), ("pairs", "")} & set(found)
    same = moved(profile(), then, model)
    assert same["links", ""].state == same["pairs", ""].state == "due"
    assert same["links", ""].change == pytest.approx(0.5)


def test_many_links_of_few_records_prove_little(model: LinkageModel) -> None:
    """A crowd's links count for as many as join its records."""
    crowd = profile(links=20_000, sampled_links=20_000, independent_links=20)
    assert ("links", "") not in moved(crowd, profile(), model)


def test_values_that_the_model_does_not_know(model: LinkageModel) -> None:
    """More unknown values make the model due, fewer do not."""
    assert moved(profile(term_frequencies={"surname": 0.45}), profile(), model)[
        "unknown values", "surname"
    ].state == ("due")
    assert moved(profile(term_frequencies={"surname": 0.05}), profile(), model) == {}


def test_records_beyond_what_the_prior_is_for(model: LinkageModel) -> None:
    """Three times as many or as few are the limit; the key that mends it is named."""
    trained_on = model.training["records"]
    for times, state in ((1, "as before"), (2, "noticed"), (4, "due"), (0.2, "due")):
        line = records_shift(profile(int(trained_on * times)), model, LIMITS)
        assert line is not None
        assert line.state == state
        assert ("person.expected_records" in line.text) == (state == "due")
    untold = model.model_copy(update={"training": {}})
    assert records_shift(profile(), untold, LIMITS) is None


def test_limits_decide(model: LinkageModel) -> None:
    """A limit of the configuration makes the same change due or not."""
    now = profile(fills={"phones": 0.42, "birth_date": 1.0})
    strict = DriftSettings(fill_change=0.01)
    lenient = DriftSettings(fill_change=0.5)
    assert moved(now, profile(), model, strict)["fill", "phones"].state == "due"
    assert moved(now, profile(), model, lenient) == {}


def test_what_follows(model: LinkageModel, world: Path, tmp_path: Path) -> None:
    """What is due comes first and is the reason; a run tells three and how many more."""
    settings = load_config(world).person
    then = profile(264_000)
    names = ("phones", "emails", "passport", "sex", "suffix")
    before = then.model_copy(
        update={"fills": dict(zip(names, (0.1, 0.2, 0.3, 0.4, 0.5), strict=True))}
    )
    now = then.model_copy(update={"fills": dict.fromkeys(names, 0.9)})
    found = drift_of(now, Baseline(before, same_weights=True), model, settings, LIMITS)
    assert found.due
    assert [line.state for line in found.lines[:5]] == ["due"] * 5
    assert found.reasons == tuple(line.text for line in found.lines[:5])
    assert drift_warnings(now, tmp_path, model, settings, LIMITS) == []
    (tmp_path / PROFILE_FILE).write_text(before.as_json(), encoding="utf-8")
    (said,) = drift_warnings(now, tmp_path, model, settings, LIMITS)
    assert said.startswith("person: the data moved away")
    assert said.count("points") == 3
    assert "and 2 more" in said
    few = now.model_copy(update={"records": 400})
    assert not drift_of(few, Baseline(before, same_weights=True), model, settings, LIMITS).due
    assert drift_warnings(few, tmp_path, model, settings, LIMITS) == []
    (tmp_path / PROFILE_FILE).write_text("{}", encoding="utf-8")
    (said,) = drift_warnings(now, tmp_path, model, settings, LIMITS)
    assert "drift cannot be told" in said

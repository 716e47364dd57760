"""Models and the registry."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from linker.config import EntitySettings, LevelSettings
from linker.errors import ModelError
from linker.jobs.models import shipped_model
from linker.model import LinkageModel, Thresholds, TrainedLevel, read_model, weight_of
from linker.schemas import ENTITY_TYPES, EntityType
from linker.scoring.fit import refuse_missing_columns
from linker.training.registry import next_version, write_model


def model(**changes: Any) -> LinkageModel:
    values: dict[str, Any] = {
        "entity_type": "person",
        "version": "1",
        "prior": 0.001,
        "comparisons": [
            {
                "name": "ssn",
                "role": "identity",
                "levels": [
                    {"level": {"kind": "missing", "of": ["ssn"]}, "label": "missing"},
                    {
                        "level": {"kind": "exact", "column": "ssn"},
                        "label": "same",
                        "m": 0.9,
                        "u": 0.001,
                        "term_frequency": "ssn",
                    },
                    {"level": {"kind": "else"}, "label": "differs", "m": 0.1, "u": 0.999},
                ],
            }
        ],
        "term_frequency_floors": {"ssn": 0.01},
        **changes,
    }
    return LinkageModel.model_validate(values)


FREQUENCIES = {"ssn": pl.DataFrame({"ssn": ["1"], "tf": [0.5]})}


def write(directory: Path) -> Path:
    return write_model(directory, model(), FREQUENCIES, {"splink.json": "{}"})


def test_a_model_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Writing and reading a model is a round trip; its digest names it."""
    directory = write(tmp_path)
    read = read_model(directory, "person")
    assert read.model == model()
    assert read.term_frequencies["ssn"].equals(FREQUENCIES["ssn"])
    assert read.name == f"person/1@{read.digest[:8]}"
    manifest = json.loads((directory / "manifest.json").read_text())
    assert set(manifest["files"]) == {"model.json", "splink.json", "tf/ssn.parquet"}


def test_a_version_is_never_overwritten(tmp_path: Path) -> None:
    """A second model of one version is refused; the next number is free."""
    assert next_version(tmp_path, "person") == "1"
    write(tmp_path)
    with pytest.raises(ModelError, match="never overwritten"):
        write(tmp_path)
    assert next_version(tmp_path, "person") == "2"


def test_a_model_of_the_other_entity_type_is_refused(tmp_path: Path) -> None:
    """The error names the setting to change."""
    with pytest.raises(ModelError, match=r"is a model of person, not of organization"):
        read_model(write(tmp_path), "organization")


def edit(directory: Path, **changes: Any) -> Path:
    path = directory / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return directory


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "has model format 2, this version reads format 1"),
        ({"format": "x"}, "is not a model file"),
        ({"prior": 2}, "prior"),
        ({"term_frequency_floors": {}}, "no term frequencies of 'ssn'"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_damaged_model_is_one_line(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """Whatever is wrong with a model file ends in one line that names the file."""
    directory = edit(write(tmp_path), **changes)
    with pytest.raises(ModelError) as caught:
        read_model(directory, "person")
    assert message in str(caught.value)
    assert "model.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_untrained_level_is_refused(tmp_path: Path) -> None:
    """A level without m or u makes a model unusable, and is named."""
    directory = write(tmp_path)
    comparisons = json.loads((directory / "model.json").read_text())["comparisons"]
    del comparisons[0]["levels"][1]["u"]
    with pytest.raises(ModelError, match=r"level 'same' has no trained weight"):
        read_model(edit(directory, comparisons=comparisons), "person")


def test_missing_or_damaged_term_frequencies_are_refused(tmp_path: Path) -> None:
    """A model without its term frequencies would score otherwise, so it is refused."""
    directory = write(tmp_path)
    path = directory / "tf" / "ssn.parquet"
    path.write_bytes(b"broken")
    with pytest.raises(ModelError, match="missing or damaged"):
        read_model(directory, "person")
    pl.DataFrame({"ssn": ["1"], "share": [0.5]}).write_parquet(path)
    with pytest.raises(ModelError, match="expected the columns ssn and tf"):
        read_model(directory, "person")
    path.unlink()
    with pytest.raises(ModelError, match="missing or damaged"):
        read_model(directory, "person")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ssn": ["1", "1"], "tf": [0.5, 0.5]}, "each value must be there once"),
        ({"ssn": ["1", None], "tf": [0.5, 0.5]}, "each value must be there once"),
        ({"ssn": ["1", "2"], "tf": [0.5, 0.0]}, "tf must be a share"),
        ({"ssn": ["1", "2"], "tf": [0.5, float("nan")]}, "tf must be a share"),
        ({"ssn": ["1", "2"], "tf": [0.5, None]}, "tf must be a share"),
    ],
)
def test_impossible_term_frequencies_are_refused(
    tmp_path: Path, values: dict[str, list[Any]], message: str
) -> None:
    """A value there twice would score its pairs twice; a share of 0 would weigh without end."""
    directory = write(tmp_path)
    pl.DataFrame(values).write_parquet(directory / "tf" / "ssn.parquet")
    with pytest.raises(ModelError, match=message):
        read_model(directory, "person")


GROUPED = {
    "term_frequency_floors": {"name_key": 0.1, "name_keys": 0.1, "ssn": 0.1},
    "term_frequency_words": {"name_key": "name_keys"},
    "term_frequency_groups": {"name_keys": [0.6, 0.4]},
}


def grouped(directory: Path, groups: list[list[float] | None]) -> Path:
    """A model of words in two groups, and what its table says of them."""
    found = edit(write(directory), **GROUPED)
    pl.DataFrame({"name_key": ["a b"], "tf": [0.1]}).write_parquet(found / "tf/name_key.parquet")
    words = pl.DataFrame({"name_keys": ["a", "b"], "tf": [0.5, 0.4]})
    words = words.with_columns(groups=pl.Series(groups, dtype=pl.List(pl.Float32)))
    words.write_parquet(found / "tf" / "name_keys.parquet")
    return found


def test_the_groups_of_words_belong_to_the_model(tmp_path: Path) -> None:
    """A word has a number for each group, or none where its company is not known."""
    read = read_model(grouped(tmp_path, [[1.5, 0.25], None]), "person")
    assert read.model.term_frequency_groups == {"name_keys": (0.6, 0.4)}
    assert read.term_frequencies["name_keys"]["groups"].to_list() == [[1.5, 0.25], None]


@pytest.mark.parametrize("groups", [[1.0], [1.0, 1.0, 1.0], [1.0, 0.0], [1.0, float("nan")]])
def test_damaged_groups_of_words_are_refused(tmp_path: Path, groups: list[float]) -> None:
    """Each word with groups has a positive number for every one."""
    with pytest.raises(ModelError, match="groups must be 2 positive numbers"):
        read_model(grouped(tmp_path, [groups, None]), "person")


@pytest.mark.parametrize(
    "told", [{"term_frequency_groups": {"ssn": [0.6, 0.4]}}, {"term_frequency_alone": {"ssn": 0.1}}]
)
def test_groups_of_other_columns_are_refused(tmp_path: Path, told: dict[str, Any]) -> None:
    """Only the words that make up a column are in groups, or stand alone."""
    directory = edit(write(tmp_path), **told)
    with pytest.raises(ModelError, match="make up no column"):
        read_model(directory, "person")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda comparison: comparison["levels"].pop(), "last level must be of kind"),
        (lambda comparison: comparison["levels"].pop(0), "first level must be of kind"),
        (lambda comparison: comparison["levels"][1].update(m=-0.5), "no trained weight"),
        (lambda comparison: comparison["levels"][1].update(u=1.5), "no trained weight"),
        (lambda comparison: comparison.update(name="a b; --"), "name"),
    ],
)
def test_comparisons_that_cannot_score_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    """A model whose comparison lacks a level, or has an impossible share or name, is refused."""
    directory = write(tmp_path)
    comparisons = json.loads((directory / "model.json").read_text())["comparisons"]
    change(comparisons[0])
    with pytest.raises(ModelError) as caught:
        read_model(edit(directory, comparisons=comparisons), "person")
    assert message in str(caught.value)
    assert "model.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_column_of_term_frequencies_never_leads_out_of_the_model(tmp_path: Path) -> None:
    """The name of a column becomes part of a path, so only columns of mentions are taken."""
    directory = edit(write(tmp_path), term_frequency_floors={"ssn": 0.1, "../../x": 0.1})
    with pytest.raises(ModelError, match=r"unknown column '../../x'"):
        read_model(directory, "person")


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops the writing of a model, what was begun aside is removed."""

    def full(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("no space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(pl.exceptions.ComputeError):
        write(tmp_path)
    assert list((tmp_path / "person").iterdir()) == []


def test_no_model_is_one_line(tmp_path: Path) -> None:
    """A directory without a model says what to do."""
    with pytest.raises(ModelError, match="run linker train"):
        read_model(tmp_path / "none", "person")


def test_a_model_that_reads_an_unknown_column_is_refused() -> None:
    """A column that mentions do not have is named."""
    levels = [
        {"level": {"kind": "exact", "column": "shoe_size"}, "label": "a", "m": 0.5, "u": 0.5},
        {"level": {"kind": "else"}, "label": "b", "m": 0.5, "u": 0.5},
    ]
    odd = model(  # no missing level, which only reading a file would refuse
        comparisons=[{"name": "x", "role": "identity", "levels": levels}], term_frequency_floors={}
    )
    with pytest.raises(ModelError, match="'shoe_size'"):
        refuse_missing_columns(odd)


def test_a_model_whose_level_cannot_compare_its_column_is_refused() -> None:
    """A level over a column of a type it cannot compare is one line, not a failed query."""
    comparisons = model().model_dump()["comparisons"]
    comparisons[0]["levels"][1]["level"] = {"kind": "overlap", "column": "ssn"}
    with pytest.raises(ModelError, match="'overlap' cannot compare"):
        refuse_missing_columns(model(comparisons=comparisons))


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_shipped_models_can_be_used(entity_type: EntityType) -> None:
    """A trained default of each entity type ships; no weight is beyond 22 bits."""
    shipped = read_model(shipped_model(entity_type), entity_type).model
    refuse_missing_columns(shipped)
    for comparison in shipped.comparisons:
        assert all(-10.000001 <= level.weight <= 22.000001 for level in comparison.levels)


def test_the_configuration_goes_before_what_a_model_found() -> None:
    """Thresholds are the configuration's, else the model's, else those of an old model."""
    found = model(link_threshold=0.8, identity_floor=-1.5)
    said = EntitySettings.model_construct(
        link_threshold=0.9, review_threshold=0.4, identity_floor=2.0
    )
    silent = said.model_copy(update={"link_threshold": None, "identity_floor": None})
    assert found.thresholds(said) == Thresholds(link=0.9, review=0.4, identity_floor=2.0)
    assert found.thresholds(silent) == Thresholds(link=0.8, review=0.4, identity_floor=-1.5)
    assert model().thresholds(silent) == Thresholds(link=0.95, review=0.4, identity_floor=3.0)
    strict = silent.model_copy(update={"review_threshold": 0.85})
    assert found.thresholds(strict).link == 0.85


def test_a_level_says_of_identity_no_more_than_it_tells_relatives_apart() -> None:
    """The cap is log2(m / relatives); a level that says nothing of relatives has none."""
    level = TrainedLevel(level=LevelSettings(kind="else"), label="", m=0.8, u=0.001)
    assert level.identity_cap == math.inf
    assert level.model_copy(update={"relatives": 0.1}).identity_cap == pytest.approx(3)


def test_a_weight_is_the_log_odds_of_a_probability() -> None:
    """Even odds weigh nothing; 0.8 is two bits."""
    assert weight_of(0.5) == 0
    assert weight_of(0.8) == pytest.approx(2)


def test_a_prior_is_scaled_to_the_records_it_is_used_on() -> None:
    """Among ten times the records a random pair matches a tenth as often; all else stays."""
    in_use = read_model(shipped_model("person"), "person")
    records = in_use.model.training["records"]
    scaled = in_use.for_records(10 * records)
    assert scaled.model.prior == pytest.approx(in_use.model.prior / 10)
    assert scaled.model.comparisons == in_use.model.comparisons
    assert scaled.name == in_use.name
    untold = in_use.model.model_copy(update={"training": {}})
    with pytest.raises(ModelError, match="leave expected_records out"):
        in_use.model_copy(update={"model": untold}).for_records(10)

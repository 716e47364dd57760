"""Estimating a model with Splink."""

from __future__ import annotations

import json
import random
from typing import Any

import polars as pl
import pytest
from splink import block_on

from linker.config import EntitySettings
from linker.config.load import default_settings
from linker.errors import TrainingError
from linker.model import LinkageModel
from linker.schemas import PERSON
from linker.training.estimate import Estimate, estimate

M_SAME, M_NEAR = 0.8, 0.15


def simulate(people: int, seed: int) -> pl.DataFrame:
    """Two records a person whose second sex and birth date err at known rates."""
    draw = random.Random(seed)
    rows: list[dict[str, Any]] = []
    names = [f"n{number}" for number in range(60)]
    surnames = [f"s{number}" for number in range(300)]
    for _ in range(people):
        given, surname = draw.choice(names), draw.choice(surnames)
        place, sex = draw.choice("abcdefgh"), draw.choice(["male", "female"])
        for copy in range(2):
            chance = draw.random()
            wrong = copy == 1 and chance > 0.9
            rows.append(
                {
                    "source": "s",
                    "record_id": f"{len(rows):06}",
                    "given_name": given,
                    "surname": surname,
                    "full_name": f"{given} {surname}",
                    "given_name_root": given,
                    "name_keys": [given, surname],
                    "name_key": f"{given} {surname}",
                    "name_tokens": [given, surname],
                    "birth_place": draw.choice("abcdefgh") if wrong else place,
                    "sex": sex,
                }
            )
    draw.shuffle(rows)
    frame = pl.DataFrame(rows, schema_overrides={}).with_row_index("mention")
    typed = frame.with_columns(pl.col("mention").cast(pl.Int64))
    return pl.concat([pl.DataFrame(schema=dict(PERSON)), typed], how="diagonal").select(
        list(PERSON)
    )


def settings(**training: Any) -> EntitySettings:
    values = default_settings("person")
    values["comparison"] = [
        comparison
        for comparison in values["comparison"]
        if comparison["name"] in {"name", "surname", "birth_place", "sex", "ssn"}
    ]
    values["training"] = {
        **values["training"],
        "u_max_pairs": 2e5,
        "sessions": [["name_key"], ["given_name", "surname"], ["birth_place", "surname"]],
        **training,
    }
    return EntitySettings.model_validate(values)


@pytest.fixture(scope="module")
def trained() -> tuple[Estimate, list[str]]:
    said: list[str] = []
    return estimate(simulate(1500, 1), settings(), "person", "1", said.append), said


def m_of(model: LinkageModel, comparison: str) -> list[float]:
    levels = model.comparison(comparison).levels
    return [level.m or 0 for level in levels if not level.is_missing]


def test_known_rates_of_agreement_are_found_again(trained: tuple[Estimate, list[str]]) -> None:
    """A birth place that errs in one of ten second records (and hits by luck in one of eight)."""
    model = trained[0].model
    assert m_of(model, "birth_place")[0] == pytest.approx(1 - 0.1 * 7 / 8, abs=0.04)
    u = [level.u or 0 for level in model.comparison("birth_place").levels if not level.is_missing]
    assert u[0] == pytest.approx(1 / 8, abs=0.02)


def test_the_prior_is_of_the_right_size(trained: tuple[Estimate, list[str]]) -> None:
    """1,500 matching pairs among all pairs of 3,000 records."""
    assert trained[0].model.prior == pytest.approx(1500 / (3000 * 2999 / 2), rel=0.8)


def test_a_comparison_without_data_is_left_out_and_said(
    trained: tuple[Estimate, list[str]],
) -> None:
    """An empty field costs its comparison, not the model."""
    estimated, said = trained
    assert estimated.model.comparisons_left_out == ("ssn",)
    assert any("ssn is left out" in line for line in said)


def test_no_level_is_untrained(trained: tuple[Estimate, list[str]]) -> None:
    """Every level but the missing ones has m and u above 0."""
    for comparison in trained[0].model.comparisons:
        for level in comparison.levels:
            assert level.is_missing or (level.m and level.u)


def test_the_same_data_and_seed_give_the_same_model(trained: tuple[Estimate, list[str]]) -> None:
    """A model is reproducible to the last byte, and so is what is told of it."""
    again = estimate(simulate(1500, 1), settings(), "person", "1", lambda _: None)
    assert again.model.model_dump_json() == trained[0].model.model_dump_json()
    assert json.dumps(again.summary()) == json.dumps(trained[0].summary())
    for column, frame in again.term_frequencies.items():
        assert frame.equals(trained[0].term_frequencies[column])


def test_term_frequencies_are_shares_above_their_floor(trained: tuple[Estimate, list[str]]) -> None:
    """A stored frequency is of a value seen twice or more; the floor is of one seen once."""
    estimated, _ = trained
    for column, floor in estimated.model.term_frequency_floors.items():
        shares = estimated.term_frequencies[column]["tf"]
        words = estimated.model.term_frequency_words
        if column in words or column in words.values():  # no name is held by so many; words overlap
            continue
        assert shares.min() > floor  # type: ignore[operator]
        assert shares.sum() <= 1 + 1e-9


def test_splink_reads_the_exported_settings(trained: tuple[Estimate, list[str]]) -> None:
    """The model leaves as plain Splink settings, every level with its parameters."""
    comparisons = trained[0].splink_settings["comparisons"]
    names = {comparison["output_column_name"] for comparison in comparisons}
    assert names == {comparison.name for comparison in trained[0].model.comparisons}


def test_too_few_records_are_refused() -> None:
    """Below the least number of records the shipped model is recommended."""
    with pytest.raises(TrainingError, match="too few to train on"):
        estimate(simulate(50, 1), settings(), "person", "1", lambda _: None)


def test_nothing_to_compare_is_refused() -> None:
    """Records whose compared fields are all empty cannot train a model."""
    empty = simulate(300, 1).with_columns(
        pl.lit(None, dtype=PERSON[name]).alias(name)
        for name in ("given_name", "surname", "birth_place", "sex")
    )
    with pytest.raises(TrainingError, match="no comparison has data"):
        estimate(empty, settings(), "person", "1", lambda _: None)


def test_a_session_that_splink_refuses_is_left_out_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A failed session costs what it would have taught, not the model nor the other sessions."""

    def refusing(*columns: str) -> Any:
        if columns == ("name_key",):
            raise ValueError
        return block_on(*columns)

    monkeypatch.setattr("linker.training.convergence.block_on", refusing)
    said: list[str] = []
    model = estimate(simulate(1500, 1), settings(), "person", "1", said.append).model
    assert any("session on name_key: left out" in line for line in said)
    columns = [session["columns"] for session in model.training["sessions"]]
    assert ["given_name", "surname"] in columns
    assert ["name_key"] not in columns

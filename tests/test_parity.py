"""Splink is the oracle: the pairs and weights of this project are Splink's own."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from splink import DuckDBAPI, Linker, block_on

from linker.blocking.keys import write_keys
from linker.blocking.pairs import count_pairs, write_candidate_pairs
from linker.config import BlockingRule, LevelSettings
from linker.database import connect, frame
from linker.model import LinkageModel, ModelInUse, TrainedComparison, TrainedLevel
from linker.schemas import PERSON
from linker.scoring.explain import explain
from linker.scoring.predict import load_mentions, write_scored_pairs
from linker.scoring.settings import model_columns, splink_settings


def people(count: int, seed: int) -> pl.DataFrame:
    draw = random.Random(seed)
    names, surnames = ["juan", "jose", "ana", "j"], ["cruz", "cruse", "lopez", "garcia"]
    rows: list[dict[str, Any]] = []
    for mention in range(count):
        surname = draw.choice([*surnames, None])
        rows.append(
            {
                "mention": mention,
                "source": "s",
                "record_id": f"{mention:05}",
                "kind": "case",
                "given_name": draw.choice([*names, None]),
                "surname": surname,
                "surname_parts": [surname] if surname else None,
                "birth_year": draw.choice([1980, 1981, None]),
                "fingerprint_id": draw.choice(["F1", "F2", None, None, None]),
                "phones": draw.choice([["1"], ["1", "2"], ["3"], None]),
            }
        )
    return pl.DataFrame(rows, schema=dict(PERSON))


def level(
    m: float | None, u: float | None, tf: str | None = None, **parameters: Any
) -> TrainedLevel:
    settings = LevelSettings.model_validate(parameters)
    return TrainedLevel(level=settings, label=str(parameters), m=m, u=u, term_frequency=tf)


def random_model(seed: int) -> ModelInUse:
    draw = random.Random(seed)

    def shares(count: int) -> list[float]:
        values = [draw.uniform(0.01, 1) for _ in range(count)]
        return [value / sum(values) for value in values]

    def comparison(name: str, role: Any, column: str, *kinds: dict[str, Any]) -> TrainedComparison:
        m, u = shares(len(kinds) + 1), shares(len(kinds) + 1)
        tf = column if column not in {"phones", "fingerprint_id"} else None
        levels = [level(None, None, kind="missing", of=[column])]
        for number, kind in enumerate([*kinds, {"kind": "else"}]):
            levels.append(
                level(m[number], u[number], tf if kind["kind"] == "exact" else None, **kind)
            )
        return TrainedComparison(name=name, role=role, levels=tuple(levels))

    model = LinkageModel(
        entity_type="person",
        version="test",
        prior=draw.uniform(0.001, 0.2),
        comparisons=(
            comparison(
                "given_name",
                "identity",
                "given_name",
                {"kind": "exact", "column": "given_name"},
                {"kind": "initial", "column": "given_name"},
            ),
            comparison(
                "surname",
                "family",
                "surname",
                {"kind": "exact", "column": "surname"},
                {"kind": "jaro_winkler", "column": "surname", "at_least": 0.8},
            ),
            comparison(
                "fingerprint_id",
                "biometric",
                "fingerprint_id",
                {"kind": "exact", "column": "fingerprint_id"},
            ),
            comparison("phones", "association", "phones", {"kind": "overlap", "column": "phones"}),
        ),
        term_frequency_floors={"given_name": 0.001, "surname": 0.002},
    )
    frequencies = {
        "given_name": pl.DataFrame({"given_name": ["juan", "jose"], "tf": [0.2, 0.1]}),
        "surname": pl.DataFrame({"surname": ["cruz", "lopez"], "tf": [0.05, 0.3]}),
    }
    return ModelInUse(model=model, term_frequencies=frequencies, digest="0" * 64)


RULES = [
    BlockingRule(name="surname", key=["surname"]),
    BlockingRule(name="given", key=["given_name", "birth_year"]),
]


def ours(mentions: pl.DataFrame, in_use: ModelInUse, least: float) -> pl.DataFrame:
    connection = connect()
    columns = {*model_columns(in_use.model), "birth_year"}
    load_mentions(connection, mentions, sorted(columns))
    write_keys(connection, RULES, "person", "mentions")
    count_pairs(connection, RULES, 10_000)
    write_candidate_pairs(connection)
    write_scored_pairs(connection, in_use, least)
    return frame(connection, "SELECT * FROM scored_pairs ORDER BY mention_l, mention_r")


def splinks(mentions: pl.DataFrame, in_use: ModelInUse, least: float) -> pl.DataFrame:
    """Plain Splink: its own blocking, its own predict, term frequencies as columns of a table."""
    connection = connect()
    load_mentions(connection, mentions, mentions.columns)
    settings = splink_settings(in_use.model.comparisons, in_use.model.prior)
    settings.blocking_rules_to_generate_predictions = [
        block_on("surname"),
        block_on("given_name", "birth_year"),
    ]
    api = DuckDBAPI(connection)
    linker = Linker(api.register("mentions", table_name="people"), settings, log_level=None)
    for column, known in in_use.term_frequencies.items():
        values = mentions.select(column).drop_nulls().unique()
        floor = in_use.model.term_frequency_floors[column]
        table = values.join(known, on=column, how="left").with_columns(
            pl.col("tf").fill_null(floor).alias(f"tf_{column}")
        )
        registered = api.register(table.drop("tf").to_arrow(), table_name=f"known_{column}")
        linker.table_management.register_term_frequency_lookup(registered, column)
    scored = linker.inference.predict(threshold_match_weight=least)
    return frame(
        connection,
        "SELECT mention_l, mention_r, match_weight, match_probability "
        f"FROM {scored.physical_name} ORDER BY mention_l, mention_r",
    )


@pytest.mark.parametrize("seed", range(4))
def test_pairs_and_weights_equal_splinks(seed: int) -> None:
    """For random models and records: the same pairs above a threshold, weights equal to 1e-9."""
    mentions, in_use = people(120, seed), random_model(seed)
    mine = ours(mentions, in_use, -3).filter(pl.col("match_weight") >= -3)
    theirs = splinks(mentions, in_use, -3)
    assert mine.select("mention_l", "mention_r").equals(theirs.select("mention_l", "mention_r"))
    assert mine.height > 50
    for column in ("match_weight", "match_probability"):
        assert (mine[column] - theirs[column]).abs().max() < 1e-9  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(4))
def test_confirmed_pairs_are_kept_whatever_their_weight(seed: int) -> None:
    """Above the threshold lie all pairs, below it those with an equal fingerprint id, each once."""
    mentions, in_use = people(120, seed), random_model(seed)
    whole, kept = ours(mentions, in_use, -500), ours(mentions, in_use, 4)
    wanted = whole.filter((pl.col("match_weight") >= 4) | pl.col("confirmed"))
    assert wanted.filter(pl.col("match_weight") < 4).height > 0
    assert kept.equals(wanted)


def test_scoring_in_chunks_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting the candidate pairs into ranges changes nothing."""
    mentions, in_use = people(80, 9), random_model(9)
    whole = ours(mentions, in_use, -50)
    monkeypatch.setattr("linker.scoring.predict.CHUNK_PAIRS", 37)
    assert ours(mentions, in_use, -50).equals(whole)


def test_a_weight_does_not_depend_on_the_other_records() -> None:
    """The same two records get the same weight among any others."""
    mentions, in_use = people(120, 3), random_model(3)
    whole = ours(mentions, in_use, -50)
    part = ours(mentions.head(60), in_use, -50)
    joined = part.join(whole, on=["mention_l", "mention_r"], suffix="_whole")
    assert joined.height == part.height > 10
    assert (joined["match_weight"] - joined["match_weight_whole"]).abs().max() < 1e-12  # type: ignore[operator]


def test_evidence_sums_to_the_weight_and_marks_biometrics() -> None:
    """The prior and the parts sum to the weight; an equal fingerprint id confirms a pair."""
    mentions, in_use = people(60, 5), random_model(5)
    scored = ours(mentions, in_use, -50)
    connection = connect()
    load_mentions(connection, mentions, model_columns(in_use.model))
    connection.register("pairs", scored.select("mention_l", "mention_r").to_arrow())
    connection.execute("CREATE TABLE candidate_pairs AS SELECT * FROM pairs")
    explained = explain(connection, in_use)
    prints = mentions["fingerprint_id"]
    weights = {
        (row[0], row[1]): row[2:]
        for row in scored.select(
            "mention_l", "mention_r", "match_weight", "identity_weight", "confirmed"
        ).rows()
    }
    assert len(explained) == scored.height
    for pair in explained:
        parts = sum(evidence.weight for evidence in pair.evidence)
        assert in_use.model.prior_weight + parts == pytest.approx(pair.match_weight, abs=1e-9)
        weight, identity, confirmed = weights[pair.mention_l, pair.mention_r]
        assert pair.match_weight == pytest.approx(weight, abs=1e-9)
        shared = sum(e.weight for e in pair.evidence if e.comparison in {"phones", "surname"})
        assert identity == pytest.approx(parts - shared, abs=1e-9)
        same = (
            prints[pair.mention_l] is not None and prints[pair.mention_l] == prints[pair.mention_r]
        )
        assert confirmed == pair.confirmed == same

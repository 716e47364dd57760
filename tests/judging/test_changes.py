"""What another model changes, counted: pairs by class and weight, entities by size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.config import load_config
from linker.config.models import ModelsSettings
from linker.judging.changes import (
    CHANGED_PAIRS,
    CLASSES,
    KINDS,
    STEPS,
    changes,
    class_counts,
    entity_changes,
    weight_counts,
)
from linker.judging.changes_figures import differences, judge_both
from linker.judging.changes_for_worse import (
    Judged,
    common_judgement,
    reasons_against,
    what_was_not_judged,
)
from linker.judging.intervals import figures_of, record_parts, sums_of_units
from linker.judging.linking import Linking, link_records, needed_columns
from linker.judging.truth import truth_of_clusters
from linker.model import read_model, weight_of
from linker.night.records import records_of
from linker.progress import Progress
from linker.scoring.scorer import score_pairs
from tests.jobs.two_models import judgement, two_models
from tests.jobs.world import write_world

LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_models(write_world(tmp_path_factory.mktemp("changes")))


@pytest.fixture(scope="module")
def linkings(config: Path) -> tuple[Linking, Linking]:
    """The small world's people by both models."""
    read = load_config(config)
    models = [read_model(config.parent / "models/person" / version, "person") for version in "12"]
    columns = set().union(*(needed_columns(model, read) for model in models))
    records = records_of(read, "person", columns, Progress())
    one, other = (link_records(records, model, read, Progress()) for model in models)
    return one, other


def test_a_pair_has_its_exact_weight_by_both_models(linkings: tuple[Linking, Linking]) -> None:
    """Each pair that either model keeps is there once, with what each model weighs it."""
    found = changes(*linkings).pairs
    assert dict(found.schema) == dict(CHANGED_PAIRS)
    kept = pl.concat([linking.pairs.select("mention_l", "mention_r") for linking in linkings])
    assert found.select("mention_l", "mention_r").rows() == sorted(set(kept.rows()))
    left, right = (found[side].to_numpy().astype(np.int32) for side in ("mention_l", "mention_r"))
    for linking, when in zip(linkings, ("before", "after"), strict=True):
        weights = score_pairs(linking.packed, left, right).weight
        assert found[f"weight_{when}"].to_numpy() == pytest.approx(weights, abs=1e-9)


def test_the_class_of_a_pair_follows_thresholds(linkings: tuple[Linking, Linking]) -> None:
    """A pair is a link where the model says so, else possible from the review threshold on."""
    found = changes(*linkings)
    for linking, when in zip(linkings, ("before", "after"), strict=True):
        links = set(linking.pairs.filter("link").select("mention_l", "mention_r").rows())
        review = weight_of(linking.thresholds.review)
        for row in found.pairs.iter_rows(named=True):
            link = (row["mention_l"], row["mention_r"]) in links
            reaches = row[f"weight_{when}"] >= review
            assert row[f"class_{when}"] == CLASSES[0 if link else 1 if reaches else 2]
    counts = class_counts(found.pairs)
    assert counts["possible link"]["link"] == found.moved.height > 0
    assert sum(sum(row.values()) for row in counts.values()) == found.pairs.height


def test_what_a_model_leaves_out_is_weighed_all_the_same(
    linkings: tuple[Linking, Linking],
) -> None:
    """A pair that one model does not keep is a non-link of it, and has its weight."""
    one, other = linkings
    found = changes(replace(one, pairs=one.pairs.head(0)), other).pairs
    assert set(found["class_before"]) == {"non-link"}
    assert found["weight_before"].to_list() == changes(*linkings).pairs["weight_before"].to_list()


def test_changes_of_weight_are_counted_by_steps() -> None:
    """A change belongs to the step that it reaches and does not pass."""
    given_changes = [-11.0, *STEPS, 0.0, 9.99]
    pairs = pl.DataFrame(
        {"weight_before": [1.0] * len(given_changes), "weight_after": given_changes},
    ).with_columns(pl.col("weight_after") + 1)
    counts = weight_counts(pairs)
    assert [row["low"] for row in counts] == [None, *STEPS]
    assert [row["high"] for row in counts] == [*STEPS, None]
    assert sum(row["pairs"] or 0 for row in counts) == len(given_changes)
    assert (counts[0]["pairs"], counts[-1]["pairs"]) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "kinds", "groups"),
    [
        ([0, 0, 1, 2], [0, 0, 1, 2], [3, 0, 0, 0], [0, 0, 0]),
        ([0, 0, 1, 2], [5, 5, 5, 2], [1, 2, 0, 0], [1, 0, 0]),
        ([0, 0, 0, 2], [7, 7, 8, 2], [1, 0, 1, 0], [0, 1, 0]),
        ([0, 0, 1, 1], [4, 5, 5, 5], [0, 0, 0, 2], [0, 0, 1]),
    ],
    ids=["unchanged", "merged", "split", "rearranged"],
)
def test_what_becomes_of_an_entity(
    before: list[int], after: list[int], kinds: list[int], groups: list[int]
) -> None:
    """An entity is unchanged, merged whole, split, or both, whatever its cluster is called."""
    table, found = entity_changes(np.array(before), np.array(after))
    assert [int(table[kind].sum()) for kind in KINDS] == kinds
    assert list(found.values()) == groups


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30))
def test_every_entity_becomes_one_thing(records: list[tuple[int, int]]) -> None:
    """Every entity before is counted once, and what merges one way is split the other way."""
    before, after = (np.array(side) for side in zip(*records, strict=True))
    table, groups = entity_changes(before, after)
    assert sum(int(table[kind].sum()) for kind in KINDS) == len(set(before.tolist()))
    assert int(table["before"].sum()) == len(set(before.tolist()))
    assert int(table["after"].sum()) == len(set(after.tolist()))
    back, back_groups = entity_changes(after, before)
    assert int(table["unchanged"].sum()) == int(back["unchanged"].sum())
    assert (groups["merged"], groups["split"]) == (back_groups["split"], back_groups["merged"])
    assert groups["rearranged"] == back_groups["rearranged"]


@given(LABELS)
def test_the_same_partition_changes_nothing(labels: list[int]) -> None:
    """Two linkings that put the same records together have only unchanged entities."""
    table, groups = entity_changes(np.array(labels), np.array(labels) * 3 + 1)
    assert table["unchanged"].to_list() == table["before"].to_list() == table["after"].to_list()
    assert set(groups.values()) == {0}


def parts(true: list[int], entity: list[int]) -> pl.DataFrame:
    rows = pl.DataFrame({"true_id": true, "entity_id": entity}).with_columns(unit="true_id")
    return sums_of_units(record_parts(rows))


@settings(max_examples=10)  # each has 200 draws
@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=25))
def test_a_difference_is_that_of_the_figures(records: list[tuple[int, int, int]]) -> None:
    """The difference of a figure is after less before, and lies in its interval."""
    true, before, after = (list(side) for side in zip(*records, strict=True))
    one, other = parts(true, before), parts(true, after)
    found = differences(one, other)
    for name, (value, low, high) in found.items():
        assert value == pytest.approx(figures_of(other)[name] - figures_of(one)[name], abs=1e-6)
        assert low <= value <= high
    assert all(end == (0, 0, 0) for end in differences(one, one).values())


def test_a_small_but_steady_gain_is_seen_as_one() -> None:
    """Where a model mends one entity in five and harms none, the paired interval is above 0."""
    true = [number for number in range(400) for _ in range(2)]
    before = [2 * t + (place % 2 if t % 2 else 0) for place, t in enumerate(true)]
    after = [2 * t + (place % 2 if t % 2 and t % 5 else 0) for place, t in enumerate(true)]
    value, low, high = differences(parts(true, before), parts(true, after))["pairwise_recall"]
    assert 0 < low < value < high
    assert high - low < 0.08  # of each recall itself it is 0.1


def test_both_models_by_one_truth(linkings: tuple[Linking, Linking]) -> None:
    """Judged now, both models have figures by the same truth, and a difference."""
    records = linkings[0].records
    ids = {"a01": "t", "k01": "t", "k02": "t", "k03": "t", "k04": "t"}
    truth = truth_of_clusters(
        records.select(
            "source", "record_id", true_id=pl.col("record_id").replace(ids).cast(pl.String)
        ),
        "truth.csv",
    )
    both = judge_both(*linkings, truth, sampled=False)
    assert both.after.pairwise_recall[0] > both.before.pairwise_recall[0]
    gain = both.after.pairwise_recall[0] - both.before.pairwise_recall[0]
    assert both.difference["pairwise_recall"][0] == pytest.approx(gain, abs=1e-8)


def test_only_what_falls_by_more_than_the_margin_speaks_against_a_model(config: Path) -> None:
    """F1 and precision overall, F1 and recall of large name cultures: each may fall a little."""
    allowed = ModelsSettings()

    def against(f1: float, precision: float, culture: float) -> list[str]:
        cultures = {"hispanic": 0.9, "arabic": culture}
        now = judgement(config, "person/2@x", f1, precision=precision, cultures=cultures)
        return list(reasons_against(now, judgement(config, "person/1@x"), allowed))

    assert against(0.9, 0.95, 0.8) == []
    assert against(0.895, 0.945, 0.78) == []
    assert against(1.0, 1.0, 1.0) == []
    (reason,) = against(0.8949, 0.95, 0.8)
    assert reason.startswith("F1 0.8949 (0.8849 to 0.9049) is 0.0051 below the 0.9000")
    assert reason.endswith("(models.margin allows 0.005)")
    (reason,) = against(0.9, 0.9, 0.8)
    assert reason.startswith("precision 0.9000")
    both = against(0.9, 0.95, 0.77)
    assert [text.split(" 0.")[0] for text in both] == [
        "name culture arabic: F1",
        "name culture arabic: recall",
    ]
    assert "models.culture_margin allows 0.02" in both[0]


def test_cultures_of_few_records_are_not_held_against_a_model(config: Path) -> None:
    """A small culture is chance; where none is large enough that is said."""
    was, now = (judgement(config, f"person/{version}@x", cultures={}) for version in "12")
    assert list(reasons_against(now, was, ModelsSettings())) == []
    (note,) = what_was_not_judged(now, was, ModelsSettings())
    assert note.startswith("no name culture was compared")
    few = ModelsSettings(culture_records=2001)
    was = judgement(config, "person/1@x")
    now = judgement(config, "person/2@x", cultures={"arabic": 0.1})
    assert list(reasons_against(now, was, few)) == []
    assert list(what_was_not_judged(now, was, ModelsSettings())) == []


def test_groups_of_names_that_one_model_made_are_held_against_both(config: Path) -> None:
    """Where the truth names no culture, those that one model found stand for them."""
    name = "name group 1 (person/1@x)"
    was = judgement(config, "person/1@x", cultures={name: 0.9})
    now = judgement(config, "person/2@x", cultures={name: 0.1, "name group 1 (person/2@x)": 0.1})
    told = list(reasons_against(now, was, ModelsSettings()))
    assert [text.split(": ")[0] for text in told] == [f"name culture {name}"] * 2


def test_judgements_are_common_where_truth_records_thresholds_and_models_are(config: Path) -> None:
    """Two judgements can be held against each other only where all they rest on is the same."""
    used = load_config(config).person
    models = [read_model(config.parent / "models/person" / version, "person") for version in "12"]
    names = [model.name for model in models]

    def common(now: list[object], was: list[object]) -> object:
        sides = [
            Judged(model, model.model.thresholds(used), list(it))  # type: ignore[arg-type]
            for model, it in zip(models, (was, now), strict=True)
        ]
        return common_judgement(sides[1], sides[0])

    was = judgement(config, names[0])
    assert common([judgement(config, names[1])], [was]) is not None
    assert common([], [was]) is None
    assert common([judgement(config, names[1], digest="t2")], [was]) is None
    assert common([judgement(config, names[1], data="d2")], [was]) is None
    assert common([judgement(config, "person/2@00000000")], [was]) is None
    other = {"link": 0.5, "review": 0.5, "identity_floor": 0.0}
    assert common([judgement(config, names[1], thresholds=other)], [was]) is None
    newest = judgement(config, names[1], 0.7, digest="t3")
    both = [judgement(config, names[1]), newest]
    assert common(both, [judgement(config, names[0], digest="t3"), was]) == (
        newest,
        judgement(config, names[0], digest="t3"),
    )

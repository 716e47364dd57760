"""A model judged on a small population."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchmarks.accuracy.losses import judge as judge_losses
from benchmarks.accuracy.losses import shares
from linker.config import load_config
from linker.errors import ModelError, UsageError
from linker.judging.intervals import FIGURES
from linker.judging.judge import judge, judge_records, judged_records
from linker.judging.judgement import Judgement
from linker.judging.truth import Truth, decided_truth, silver_truth, truth_of_pairs
from linker.progress import Progress
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store
from linker.training.metrics import measure
from tests.judging.conftest import Population, labelled_pairs


def judged(population: Population, truth: Truth, most: int = 0) -> Judgement:
    config, in_use = population.config, population.in_use
    return judge(config, "person", in_use, truth, Progress(), most=most, seed=1)


@pytest.fixture(scope="module")
def by_truth(population: Population) -> Judgement:
    return judged(population, population.truth)


def stored(population: Population) -> Generation:
    config = population.config
    return current_generation(open_store(config.resolve(config.store.directory)))


def test_the_figures_are_those_of_the_nightly_link(
    population: Population, by_truth: Judgement
) -> None:
    """Entities judged in memory have the figures that `measure` gives the store's own."""
    wanted = measure(stored(population).read("membership_person"), population.rows)
    for name in FIGURES:
        value, low, high = getattr(by_truth.overall, name)
        assert value == pytest.approx(getattr(wanted, name), abs=1e-8)
        assert low <= value <= high
    assert by_truth.truth.true_pairs == wanted.true_pairs
    assert by_truth.model == population.in_use.name


def test_blocking_is_told_apart_from_scoring(population: Population, by_truth: Judgement) -> None:
    """What rules find, and what is put together of it, is what another way of counting says."""
    settings = population.config.person
    losses = judge_losses(stored(population), "person", settings, population.rows)
    wanted = shares(losses.pairs, losses.links, losses.absent)
    blocking = by_truth.blocking
    assert blocking.recall == pytest.approx(wanted["blocking_recall"], abs=1e-8)
    found = losses.pairs.filter("candidate")["together"].mean()
    assert blocking.scoring_recall == pytest.approx(found, abs=1e-8)
    assert [rule.rule for rule in blocking.by_rule] == [rule.name for rule in settings.blocking]
    assert all(0 <= rule.only <= rule.found <= blocking.recall for rule in blocking.by_rule)


def test_a_rule_alone_finds_what_it_is_said_to_find(
    population: Population, by_truth: Judgement
) -> None:
    """Linked by one rule, or by all but one, the recall of blocking is as the table says."""
    config, in_use = population.config, population.in_use
    records = judged_records(config, in_use, population.truth, Progress())
    rule = next(rule for rule in by_truth.blocking.by_rule if rule.rule == "two_name_words")

    def recall(*, alone: bool) -> float:
        rules = [r for r in config.person.blocking if (r.name == rule.rule) == alone]
        settings = config.person.model_copy(update={"blocking": rules})
        changed = config.model_copy(update={"person": settings})
        found = judge_records(records, changed, in_use, population.truth, Progress(), costs=())
        return found.blocking.recall

    assert recall(alone=True) == pytest.approx(rule.found, abs=1e-8)
    assert recall(alone=False) == pytest.approx(by_truth.blocking.recall - rule.only, abs=1e-8)


def test_judging_twice_says_the_same(population: Population, by_truth: Judgement) -> None:
    """Same data, model and truth give the same judgement, whatever the order of the truth."""
    again = judged(population, population.truth)
    assert again.model_copy(update={"at": by_truth.at}) == by_truth


def test_groups_of_records(population: Population, by_truth: Judgement) -> None:
    """Cultures of the truth, pairs of sources and missing fields each have their figures."""
    assert set(by_truth.groups) == {"culture", "source_pair", "missing"}
    cultures = {group.name: group.records for group in by_truth.groups["culture"]}
    counts = dict(population.rows.group_by("culture").len().iter_rows())
    assert cultures.items() <= counts.items()
    assert len(cultures) > 3
    names = {group.name for group in by_truth.groups["missing"]}
    assert {"complete", "no birth date", "no number", "no address"} <= names
    assert "case_subjects and case_subjects" in {
        group.name for group in by_truth.groups["source_pair"]
    }
    assert all(group.b3_f1 is None for group in by_truth.groups["source_pair"])


def test_thresholds_follow_the_cost(by_truth: Judgement) -> None:
    """The dearer a false pair, the higher the threshold; the curve falls in recall."""
    thresholds = [one.link_threshold for one in by_truth.proposed]
    assert thresholds == sorted(thresholds)
    assert all(by_truth.thresholds.review <= one < 1 for one in thresholds)
    recalls = [point.recall for point in by_truth.curve]
    assert recalls == sorted(recalls, reverse=True)


def test_a_strong_identifier_is_hidden(population: Population) -> None:
    """Judged by a number, the rule that reads it finds nothing, and no comparison sees it."""
    truth = silver_truth(population.config, "person", "fbi_number", Progress())
    found = judged(population, truth)
    assert truth.hidden == ("fbi_number",)
    rules = {rule.rule: rule.found for rule in found.blocking.by_rule}
    assert rules["fbi_number"] == 0
    assert rules["two_name_words"] > 0.5
    seen = judged(population, replace(truth, hidden=()))
    assert seen.overall.pairwise_recall[0] > found.overall.pairwise_recall[0]
    assert found.truth.kind == "silver"


def test_labelled_pairs(population: Population) -> None:
    """Pairs are judged one by one; whole entities are not known, and that is said."""
    labels = labelled_pairs(population.rows)
    found = judged(population, truth_of_pairs(labels, "labels.csv"))
    assert found.overall.b3_f1 is None
    assert found.truth.true_pairs == labels["is_match"].sum()
    wanted = measure(stored(population).read("membership_person"), population.rows)
    assert found.overall.pairwise_recall[0] == pytest.approx(wanted.pairwise_recall, abs=1e-8)
    assert any("as they were chosen" in note for note in found.notes)
    names = {group.name for group in found.groups["culture"]}
    assert f"name group 1 ({population.in_use.name})" in names


def test_a_sample_holds_the_labelled_records(population: Population) -> None:
    """Of a few records those that labels speak of are linked besides, so that none is lost."""
    labels = labelled_pairs(population.rows).filter(pl.int_range(pl.len()) % 7 == 0)
    found = judged(population, truth_of_pairs(labels, "labels.csv"), most=500)
    assert found.truth.true_pairs == labels["is_match"].sum()
    assert 500 < found.data.sampled < found.data.total
    whole = judged(population, population.truth, most=500)
    assert whole.data.sampled == whole.truth.records == 500
    assert any("not in the sample, left out" in note for note in whole.notes)


def test_a_truth_of_other_records(population: Population) -> None:
    """Labels most of whose records are not there are refused; a few that are not are noted."""
    truth, clusters = population.truth, population.truth.clusters
    assert clusters is not None
    renamed = pl.col("record_id") + pl.lit("?")
    elsewhere = replace(truth, clusters=clusters.with_columns(record_id=renamed))
    with pytest.raises(UsageError, match="of records that are not there"):
        judged(population, elsewhere)
    odd = pl.int_range(pl.len()) % 50 == 0
    some = clusters.with_columns(record_id=pl.when(odd).then(renamed).otherwise("record_id"))
    found = judged(population, replace(truth, clusters=some))
    assert any("whose pairs count as missed" in note for note in found.notes)
    assert found.truth.true_pairs == judged(population, truth).truth.true_pairs


def test_what_cannot_be_judged(population: Population, world: Path) -> None:
    """No decisions, no such identifier and a model of the other type are each said on one line."""
    config = population.config
    with pytest.raises(UsageError, match="kept apart for evaluation: 0"):
        decided_truth(config, "person")
    with pytest.raises(UsageError, match="did you mean 'fbi_number'"):
        silver_truth(config, "person", "fbi_numer", Progress())
    with pytest.raises(UsageError, match="no record has passport"):
        silver_truth(load_config(world), "person", "passport", Progress())
    with pytest.raises(UsageError, match="all 2 records are of one entity"):
        silver_truth(load_config(world), "organization", "tax_id", Progress())
    with pytest.raises(ModelError, match="is no model of organization"):
        judge(config, "organization", population.in_use, population.truth, Progress())

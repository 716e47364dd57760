"""In which order comparisons are made, and what each is expected to decide."""

from __future__ import annotations

import math

import numpy as np
import pytest

from linker.config.load import default_settings
from linker.config.settings import EntitySettings
from linker.errors import ConfigError
from linker.jobs.models import shipped_model
from linker.model import LinkageModel, read_model
from linker.schemas import ENTITY_TYPES, EntityType
from linker.scoring.kernel.plan import Plan, plan_of
from linker.scoring.levels.base import CHEAP_NS
from tests.scoring.models import STRUCTURES, weighed


def plan(name: str, seed: int = 0) -> Plan:
    return plan_of(weighed(STRUCTURES[name], seed).model)


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_level_has_its_number(name: str) -> None:
    """Levels are numbered through, comparison after comparison, in the model's own order."""
    model = weighed(STRUCTURES[name], 0).model
    found = plan_of(model)
    assert [level.number for level in found.every_level] == list(range(len(found.every_level)))
    levels = [level for comparison in model.comparisons for level in comparison.levels]
    assert [level.trained for level in found.every_level] == levels
    assert found.level_weights.tolist() == [level.weight for level in levels]
    own = [math.log2(level.u) if level.u else 0.0 for level in levels]
    likening = [
        level.kind.likens and bool(level.trained.term_frequency) for level in found.every_level
    ]
    for place, likens in enumerate(likening):
        if not likens:
            assert found.log_u[place] == pytest.approx(own[place])


def test_likeness_is_adjusted_beside_equality() -> None:
    """A level that likens names compares how frequent one is with the u of equal names."""
    found = plan("whole")
    name = found.comparisons[0]
    equal, _, alike = name.levels[1:4]
    assert alike.kind.likens
    assert found.log_u[alike.number] == math.log2(equal.trained.u or 1.0)
    assert alike.trained.u != equal.trained.u


@pytest.mark.parametrize("name", STRUCTURES)
def test_cheap_levels_are_tested_at_once(name: str) -> None:
    """Of each comparison the first levels up to the first dear one, always the missing one."""
    for comparison in plan(name).comparisons:
        costs = [level.kind.cost for level in comparison.levels]
        first = comparison.tested_at_once
        assert first >= 1 or comparison.levels[0].kind.name == "missing_or"
        assert all(cost <= CHEAP_NS for cost in costs[:first])
        assert first == len(costs) or costs[first] > CHEAP_NS
        assert comparison.is_dear == (first < len(costs))


@pytest.mark.parametrize("name", STRUCTURES)
def test_what_takes_most_off_the_bound_comes_first(name: str) -> None:
    """Dear comparisons are made by power, the greatest first; each of them once."""
    found = plan(name)
    powers = [comparison.power for comparison in found.dear]
    assert powers == sorted(powers, reverse=True)
    dear = [comparison.number for comparison in found.comparisons if comparison.is_dear]
    assert sorted(comparison.number for comparison in found.dear) == dear


def test_power_is_what_random_pairs_lose_a_nanosecond() -> None:
    """The best weight still possible, less the mean over random pairs, by what the tests cost."""
    for comparison in plan("names").dear:
        rest = comparison.levels[comparison.tested_at_once :]
        weights = np.array([level.trained.weight for level in rest])
        shares = np.array([level.trained.u for level in rest], dtype=float)
        lost = weights.max() - np.average(weights, weights=shares)
        assert comparison.power == pytest.approx(lost / sum(level.kind.cost for level in rest))


def test_identity_and_biometric_comparisons_say_who_someone_is() -> None:
    """Family and association do not."""
    roles = {c.comparison.role: c.says_who for c in plan("names").comparisons}
    assert roles == {"identity": True, "family": False, "biometric": True, "association": False}


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_shipped_models_have_a_plan(entity_type: EntityType) -> None:
    """Every comparison of the defaults that the model was trained on is in it."""
    in_use = read_model(shipped_model(entity_type), entity_type)
    found = plan_of(in_use.model)
    named = [comparison.comparison.name for comparison in found.comparisons]
    settings = EntitySettings.model_validate(default_settings(entity_type))
    configured = {comparison.name for comparison in settings.comparisons}
    assert set(named) | set(in_use.model.comparisons_left_out) == configured
    assert found.dear


def test_an_unknown_kind_is_refused_by_its_comparison() -> None:
    """A model of a later version is one line, which names the comparison."""
    model = weighed(STRUCTURES["dates"], 0).model
    values = model.model_dump()
    values["comparisons"][0]["levels"][1]["level"]["kind"] = "exakt"
    with pytest.raises(ConfigError, match="comparison 'birth_date': unknown level kind 'exakt'"):
        plan_of(LinkageModel.model_validate(values))

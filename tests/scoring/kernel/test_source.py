"""The generated source of a kernel: what it depends on, and what it does not."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from linker.model import LinkageModel
from linker.scoring.kernel.plan import plan_of
from linker.scoring.kernel.source import DRIVING, kernel_source
from tests.scoring.models import STRUCTURES, layout_for, weighed


def source(name: str, seed: int = 0, *, tallied: bool = False) -> str:
    in_use = weighed(STRUCTURES[name], seed)
    return kernel_source(plan_of(in_use.model), layout_for(in_use), tallied=tallied)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The source after a change of the model."""
    in_use = weighed(STRUCTURES["dates"], 0)
    values = in_use.model.model_dump(mode="json")
    change(values)
    model = LinkageModel.model_validate(values)
    other = in_use.model_copy(update={"model": model})
    return kernel_source(plan_of(model), layout_for(other))


@pytest.mark.parametrize("name", STRUCTURES)
@pytest.mark.parametrize("tallied", [False, True])
def test_a_source_is_python(name: str, tallied: bool) -> None:
    """It has the two functions that are the same for all models, and the one that differs."""
    tree = ast.parse(source(name, tallied=tallied))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions == ["weigh", *(function.__name__ for function, _ in DRIVING)]


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_same_model_has_the_same_source(name: str) -> None:
    """Nothing of the machine, the process or the weights' last digits is in it."""
    assert source(name) == source(name)


def level(values: dict[str, Any], comparison: int, place: int) -> dict[str, Any]:
    found: dict[str, Any] = values["comparisons"][comparison]["levels"][place]
    return found


def nudge(values: dict[str, Any]) -> None:
    """What training anew on similar records changes."""
    values["prior"] = 0.123
    values["version"] = "2"
    values["term_frequency_floors"]["surname"] = 0.02
    for comparison in values["comparisons"]:
        for trained in comparison["levels"][1:]:
            trained["m"], trained["u"] = trained["m"] * 0.999, trained["u"] * 0.999


def test_other_weights_have_the_same_source() -> None:
    """A model trained anew is scored by the kernel that is there, unless the order changes."""
    assert changed(nudge) == source("dates")


@pytest.mark.parametrize(
    "change",
    [
        lambda values: level(values, 0, 6)["level"].update(kind="same_month_day"),
        lambda values: level(values, 0, 7)["level"].update(at_most=2),
        lambda values: level(values, 0, 9)["level"].update(days=31),
        lambda values: level(values, 2, 1).update(term_frequency=None),
        lambda values: values["comparisons"][0].update(role="family"),
        lambda values: values["comparisons"][3].update(role="identity"),
        lambda values: values["comparisons"][0]["levels"].pop(1),
        lambda values: values["comparisons"].pop(),
    ],
    ids=["kind", "distance", "days", "terms", "no identity", "no biometric", "level", "comparison"],
)
def test_another_structure_has_another_source(change: Callable[[dict[str, Any]], object]) -> None:
    """Kinds, parameters, roles and what term frequencies adjust are part of it."""
    assert changed(change) != source("dates")


def test_a_tally_is_only_where_it_is_asked_for() -> None:
    """Counting costs time in every pair."""
    assert "tally, " not in source("names")
    assert "tally, " in source("names", tallied=True)

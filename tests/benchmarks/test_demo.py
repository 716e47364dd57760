"""The demonstration's own judgement: what it asks, and when it calls the target found."""

from __future__ import annotations

import pytest

from benchmarks.demo import active_elsewhere, lookup_options
from linker.cli import commands

HIT = {
    "tier": "PROBABLE",
    "investigations": [{"class": "SIMULTANEOUS", "agency": "A", "unit": "2"}],
}
OWN = {"class": "SIMULTANEOUS", "agency": "A", "unit": "1"}


def test_query_fields_become_options() -> None:
    """Each field of a query becomes an option that `linker lookup` has, one for each value."""
    words = lookup_options({"full_name": "Ana Ruiz", "a_number": "A1", "phones": ["1", "2"]})
    assert words == ["--name", "Ana Ruiz", "--a-number", "A1", "--phone", "1", "--phone", "2"]
    known = {name for param in commands.commands["lookup"].params for name in param.opts}
    assert set(words[::2]) <= known


def test_another_units_active_case_is_found() -> None:
    """An active investigation of another unit on the same target counts, one's own does not."""
    answer = {"hits": [{**HIT, "investigations": [OWN, *HIT["investigations"]]}]}
    assert [row["unit"] for row in active_elsewhere(answer, ("A", "1"))] == ["2"]


@pytest.mark.parametrize(
    "hit",
    [
        {**HIT, "tier": "POSSIBLE"},
        {**HIT, "investigations": [OWN]},
        {**HIT, "investigations": [{**OWN, "unit": "2", "class": "PRIOR"}]},
    ],
    ids=["only a pointer", "only one's own", "closed"],
)
def test_less_is_not_found(hit: dict[str, object]) -> None:
    """A possible link, one's own investigation or a closed one is not a find."""
    assert active_elsewhere({"hits": [hit]}, ("A", "1")) == []

"""The account of a training: what is told of settings, and how numbers are written."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from linker.config import load_config
from linker.training.account import digest_of, effective_config, plain, text_of
from tests.jobs.world import CONFIG, write_world

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(JSON)
def test_numbers_are_told_to_nine_digits(value: object) -> None:
    """Told once or twice, values are the same, and are read again as they were written."""
    told = plain(value)
    assert plain(told) == told
    assert json.loads(text_of(told)) == told


@given(st.floats(min_value=1e-6, max_value=1e6))
def test_what_is_beyond_nine_digits_is_chance(number: float) -> None:
    """A number is told with a relative error of at most one in 10^8."""
    assert abs(plain([number])[0] - number) <= 1e-8 * number


def test_a_digest_does_not_depend_on_the_order_of_names() -> None:
    """The same settings in another order have the same digest, other settings another one."""
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_settings_are_told_whole_but_for_where_things_lie(tmp_path: Path) -> None:
    """Defaults are in it; paths, the model in use, and the other entity type's sources are not."""
    one = write_world(tmp_path / "one", config=f'{CONFIG}\n[person]\nmodel = "models/person/1"\n')
    other = write_world(tmp_path / "other")
    found = effective_config(load_config(one), "person")
    assert found == effective_config(load_config(other), "person")
    assert [source["name"] for source in found["source"]] == ["arrests", "cases"]
    assert found["person"]["training"]["pseudo_pairs"] == 50.0
    assert next(row["name"] for row in found["person"]["comparison"]) == "name"
    assert str(tmp_path) not in json.dumps(found)
    assert ".csv" not in json.dumps(found)

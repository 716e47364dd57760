"""JSON Lines: objects with whatever keys they have."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import SourceError
from linker.sources.read import SourceRows

Read = Callable[..., SourceRows]

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "x"]), inner, max_size=2)
    ),
    max_leaves=6,
)


def read_values(read: Read, *values: Any, column: str = "v", field: str = "city") -> list[Any]:
    lines = [json.dumps({"id": str(n), "v": value}) for n, value in enumerate(values)]
    found = read({"people.jsonl": "\n".join(lines)}, fields={field: column})
    return found.rows[field].to_list()


def test_values_of_any_kind_become_text(read: Read) -> None:
    """Numbers, truth values and structures become text; whole floats lose their decimals."""
    values = ["x", 7, 10**25, 12.0, 1.5, 1e3, True, False, None, {"a": 1}, float("nan")]
    assert read_values(read, *values) == [
        *("x", "7", str(10**25), "12", "1.5", "1000", "true", "false", None),
        *('{"a": "1"}', None),
    ]


def test_lists_fill_lists_and_are_joined_for_scalars(read: Read) -> None:
    """A list gives a list field its values, unsplit, and a scalar field one text."""
    values = [["Ann; the first", 7, None, ""], "Bo|Cy", [], None, [["x"]]]
    lists = [["Ann; the first", "7"], ["Bo", "Cy"], None, None, ['["x"]']]
    assert read_values(read, *values, field="aliases") == lists
    joined = ["Ann; the first; 7", "Bo|Cy", None, None, '["x"]']
    assert read_values(read, *values) == joined


def test_a_dotted_path_reaches_into_objects_and_lists(read: Read) -> None:
    """A path goes down objects, gathers through lists of them, and a dotted key goes first."""
    values = [{"CITY": "Nogales"}, [{"CITY": "Yuma"}, {"X": 1}, {"CITY": ["Ajo"]}], "x", {"X": 1}]
    assert read_values(read, *values, column="v.CITY") == ["Nogales", "Yuma; Ajo", None, None]
    line = json.dumps({"id": 1, "v.CITY": "key", "v": {"CITY": "path"}})
    found = read({"people.jsonl": line}, fields={"city": "v.CITY"})
    assert found.rows["city"].to_list() == ["key"]


def test_lines_that_are_no_objects_are_rejected(read: Read) -> None:
    """Each line that is not an object is rejected by number; blank lines are no rows."""
    deep = "[" * 100_000
    lines = ['{"id": 1, "name": "Ann"}', "", "[1]", "nonsense {", '{"id": 2}', deep, "7"]
    found = read({"people.jsonl": "\r\n".join(lines)})
    assert found.rows.select("record_id", "row", "full_name").rows() == [
        ("1", 1, "Ann"),
        ("2", 4, None),
    ]
    assert found.rejected["row"].to_list() == [2, 3, 5, 6]
    assert set(found.rejected["reason"]) == {"not a JSON object"}
    assert found.total == 6


def test_a_file_of_another_kind_of_json_is_refused(read: Read) -> None:
    """A JSON array, or objects over several lines, is refused with what is wanted."""
    with pytest.raises(SourceError, match="write one object a line"):
        read({"people.json": json.dumps([{"id": 1, "name": "Ann"}], indent=1)})


def test_a_column_need_not_be_in_every_line(read: Read) -> None:
    """A mapped column must be in one line of all the source's files."""
    files = {"a.jsonl": '{"id": 1}', "b.jsonl": '{"id": 2}\n{"id": 3, "name": "Ann"}'}
    assert read(files, path="*.jsonl").rows["full_name"].to_list() == [None, None, "Ann"]


@pytest.mark.parametrize(("column", "hint"), [("NAME", "name"), ("addr.cty", "addr.city")])
def test_a_column_in_no_line_gets_a_hint(read: Read, column: str, hint: str) -> None:
    """A mapped column that no line has is refused with the nearest that one has."""
    content = '{"id": 1, "name": "Ann", "addr": {"city": "x"}}'
    with pytest.raises(SourceError, match=f"{column!r}; did you mean {hint!r}"):
        read({"people.jsonl": content}, fields={"full_name": column})
    with pytest.raises(SourceError, match=r"\*\.jsonl: no record has 'nam'; did you mean 'name'"):
        read({"a.jsonl": content, "b.jsonl": content}, path="*.jsonl", fields={"city": "nam"})


def test_half_a_character_becomes_a_question_mark(read: Read) -> None:
    """An escape that is half of a surrogate pair does not stop the reading."""
    content = '{"id": "1", "name": "A\\uD800n", "ok": "\\ud83d\\ude00"}'
    found = read({"people.jsonl": content}, fields={"full_name": "name", "city": "ok"})
    assert found.rows.select("full_name", "city").rows() == [("A?n", "\U0001f600")]


def test_gzip_and_other_endings_are_read(read: Read) -> None:
    """JSON Lines are read from .ndjson, .json and gzip, in the encoding they are in."""
    line = json.dumps({"id": 1, "name": "José"}, ensure_ascii=False)
    for name in ("a.ndjson", "a.json", "a.jsonl.gz"):
        content = line.encode("utf-16" if name == "a.json" else "utf-8")
        found = read({name: gzip.compress(content) if name.endswith("gz") else content})
        assert found.rows["full_name"].to_list() == ["José"]


@given(st.lists(st.fixed_dictionaries({"v": VALUES}), min_size=1, max_size=8))
def test_any_json_is_read(read: Read, items: list[dict[str, Any]]) -> None:
    """Whatever the values hold, every line is accounted for, as text and as a list alike."""
    lines = [json.dumps({"id": n, **item}) for n, item in enumerate(items)]
    fields = {"city": "v", "aliases": "v", "full_name": ["v", "v.name"], "phones": ["v.x", "v"]}
    lines.append(json.dumps({"id": "last", "v": {"name": 1, "x": 1}}))
    found = read({"people.jsonl": "\n".join(lines)}, fields=fields, retain=["v"])
    assert len(found.rows) == found.total == len(lines)
    for values in found.rows["aliases"].drop_nulls():
        assert values.len() > 0
        assert all(value and value == value.strip() for value in values)

"""JSON Lines: one object a line, keys as they come, values as text."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import polars as pl

from linker.config import Source
from linker.sources.batch import Batch
from linker.sources.encoding import find_encoding, open_lines
from linker.sources.files import InputFile
from linker.sources.quarantine import Rejection

LINES_AT_ONCE: Final = 3000
LINES_FOR_NAMES: Final = 10
"""Lines of a batch whose keys are offered where a mapped one is not found."""
NOT_AN_OBJECT: Final = "not a JSON object"

_ABSENT: Final = object()
_HALF_A_CHARACTER: Final = "\\ud"
"""How half of a surrogate pair is spelt, which no text may hold; it becomes ``?``."""
_INTEGRAL: Final = re.compile(r"(-?\d+)\.0+")


def read_jsonl(file: InputFile, source: Source, wanted: Sequence[str]) -> Iterator[Batch]:
    """Yield the rows of a JSON Lines file.

    A line that is not an object is rejected; a blank line is no row. A wanted column may be a
    path, ``ADDRESS.CITY``; through a list of objects it gathers a list of values.

    Args:
        file: Plain or gzip.
        source: Gives the encoding where it is not to be found.
        wanted: The columns to read; a line that lacks one has null there.

    Raises:
        SourceError: The file cannot be read or decoded, or none of its lines is an object.
    """
    encoding = find_encoding(file, source.encoding)
    found = False
    count = 0
    with open_lines(file, encoding, newline="\n") as lines:
        filled = (line for line in lines if not line.isspace())
        while chunk := list(itertools.islice(filled, LINES_AT_ONCE)):
            batch = _batch(chunk, wanted, count)
            count += len(chunk)
            found = found or len(batch.rows) > 0
            yield batch
    if count and not found:
        raise file.refuse("no line is a JSON object; write one object a line (JSON Lines)")


def _batch(lines: list[str], wanted: Sequence[str], count: int) -> Batch:
    parsed = [_object(line) for line in lines]
    objects = [item for item in parsed if item is not None]
    numbers = [count + at for at, item in enumerate(parsed, start=1) if item is not None]
    rejected = [
        Rejection(count + at, NOT_AN_OBJECT)
        for at, item in enumerate(parsed, start=1)
        if item is None
    ]
    names = {name for item in objects[:LINES_FOR_NAMES] for name in _names(item)}
    texts, lists = {}, {}
    for name in wanted:
        values = [item[name] if name in item else _at_path(item, name) for item in objects]
        kinds = set(map(type, values))
        if kinds != {object}:  # of which only _ABSENT is one
            names.add(name)
        if not kinds <= {str, type(None)}:
            texts[name] = pl.Series(name, [_text(value) for value in values], dtype=pl.String)
        else:
            texts[name] = pl.Series(name, values, dtype=pl.String)
        if list in kinds:
            lists[name] = pl.Series(
                name, [_list_texts(value) for value in values], dtype=pl.List(pl.String)
            )
    return Batch(
        pl.Series(numbers, dtype=pl.Int64),
        pl.DataFrame(texts),
        pl.DataFrame(lists),
        rejected,
        frozenset(names),
    )


def _object(line: str) -> dict[str, object] | None:
    try:
        item = _DECODER.decode(line.strip())
        if _HALF_A_CHARACTER in line.lower():
            whole = json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
            item = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    return item if isinstance(item, dict) else None


def _number(text: str) -> str:
    """Return a number as it was written, but ``12.0`` as ``12`` and ``1e3`` as ``1000``."""
    if integral := _INTEGRAL.fullmatch(text):
        return integral[1]
    if "e" not in text.lower():
        return text
    value = float(text)
    return str(int(value)) if value.is_integer() else str(value)


_DECODER: Final = json.JSONDecoder(
    parse_int=str, parse_float=_number, parse_constant=lambda _constant: None
)


def _names(item: dict[str, object]) -> Iterator[str]:
    for key, value in item.items():
        yield key
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from (f"{key}.{name}" for name in inner)


def _at_path(item: dict[str, object], name: str) -> object:
    """Return what stands under a path of keys, or `_ABSENT`."""
    return _descend(item, name.split(".")) if "." in name else _ABSENT


def _descend(value: object, keys: list[str]) -> object:
    if not keys:
        return value
    if isinstance(value, dict):
        return _descend(value[keys[0]], keys[1:]) if keys[0] in value else _ABSENT
    if isinstance(value, list):
        found = [inner for item in value if (inner := _descend(item, keys)) is not _ABSENT]
        return [*_flat(found)] if found else _ABSENT
    return _ABSENT


def _flat(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if value is None or value is _ABSENT or isinstance(value, list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def _list_texts(value: object) -> list[str | None] | None:
    """Return a list's values as text, a list within it as JSON; None where it is no list."""
    if not isinstance(value, list):
        return None
    return [
        json.dumps(item, ensure_ascii=False) if isinstance(item, list) else _text(item)
        for item in value
    ]

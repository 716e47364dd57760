"""A configuration that maps a population, as TOML text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

from benchmarks.population.calendar import AS_OF
from benchmarks.population.delta import DELETED
from benchmarks.population.source_files import SOURCES, Entities, Form, SourceFile

MANY_RECORDS: Final = 1_000_000
"""From so many records on a configuration says how many there are."""

_HEAD: Final = """\
# Cases, arrests, intelligence reports and a watchlist of an invented population.
# Made by: python -m benchmarks.population --records 100000 --out DIRECTORY --config-out FILE"""


def config_text(
    directory: str, store: str, form: Form, entities: Entities, *, delta: bool = False
) -> str:
    """Return the text of a configuration file.

    Args:
        directory: Where the population lies, as the configuration should name it.
        store: Directory of the store, as the configuration should name it.
        form: How the population was written.
        entities: Whether it holds people, organizations or both.
        delta: Whether files that arrive beside those of the population change it.
    """
    sections = [
        _HEAD,
        f"[store]\ndirectory = {_quoted(store)}",
        f"[link]\nas_of = {AS_OF.isoformat()}",
        *(
            _source(source, directory, form, delta=delta)
            for source in SOURCES
            if entities in ("both", source.entity)
        ),
    ]
    return "\n\n".join(sections) + "\n"


def expected_text(records: Mapping[str, int]) -> str:
    """Return the sections that say how many records there are, where there are very many.

    The shipped models were trained on fewer, and their priors fit those.

    Args:
        records: How many records each source has.
    """
    counts = Counter[str]()
    for source in SOURCES:
        counts[source.entity] += records.get(source.name, 0)
    if counts.total() < MANY_RECORDS:
        return ""
    sections = (f"[{entity}]\nexpected_records = {max(n, 2)}\n" for entity, n in counts.items())
    return "\n" + "\n".join(sections)


def _source(source: SourceFile, directory: str, form: Form, *, delta: bool) -> str:
    files = f"{source.name}*.{form}" if delta else source.file_name(form)
    lines = [
        "[[source]]",
        f"name = {_quoted(source.name)}",
        f"path = {_quoted(f'{directory}/{files}')}",
        f"kind = {_quoted(source.kind)}",
        f"entity = {_quoted(source.entity)}",
        f"record_id = {_quoted(source.record_id)}",
        *(['mode = "delta"', f"deleted = {_quoted(DELETED)}"] if delta else []),
        "",
        "[source.fields]",
        *_pairs(source.fields),
    ]
    if source.formats:
        lines += ["", "[source.formats]", *_pairs(source.formats)]
    for name, values in source.values.items():
        lines += ["", f"[source.values.{name}]", *_pairs(values)]
    return "\n".join(lines)


def _pairs(values: dict[str, str]) -> list[str]:
    return [f"{key} = {_quoted(value)}" for key, value in values.items()]


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, as long as it stays ASCII or plain Unicode.
    return json.dumps(text, ensure_ascii=False)

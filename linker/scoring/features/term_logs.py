"""Logarithms of a model's term frequencies, by the code of the value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from linker.arrays import map_array
from linker.errors import StoreError
from linker.model import ModelInUse
from linker.scoring.features.company import Rows, together_logs
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import Features, Int64s

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

LOGS_FILE: Final = "logs.npy"
"""The file of logarithms beside packed mentions."""
STARTS_FILE: Final = "logs.json"
"""What they are of."""


@dataclass(frozen=True)
class Terms:
    """Term frequencies as a model has them.

    Attributes:
        tables: Column: a frame of that column (text) and ``tf``.
        floors: Column: the term frequency of a value that is not in its table.
    """

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)

    def places(self, column: str, strings: pa.LargeStringArray) -> Int64s:
        """Return where each string stands in the table of a column, -1 where it does not."""
        values = pl.Series("value", pl.from_arrow(strings), dtype=pl.String())
        table = pl.DataFrame({"value": self.tables[column][column]}).with_row_index("place")
        found = values.to_frame().join(table, on="value", how="left", maintain_order="left")
        places: Int64s = found["place"].cast(pl.Int64()).fill_null(-1).to_numpy()
        return places


def terms_of(in_use: ModelInUse) -> Terms:
    """Return the term frequencies of a model."""
    return Terms(in_use.term_frequencies, in_use.model.term_frequency_floors)


@dataclass(frozen=True)
class TermLogs:
    """log2 of term frequencies.

    Attributes:
        values: One stretch a column; within it, by code.
        starts: Column: where its stretch starts.
    """

    values: Floats
    starts: dict[str, int]


def term_logs(
    features: Features,
    in_use: ModelInUse,
    word_columns: Sequence[str] = (),
) -> TermLogs:
    """Return the logarithms of the term frequencies of packed strings.

    A value that the model does not know takes its column's floor, so that a pair's weight depends
    on the two records and the model alone. One made of words is at least as frequent as its words
    are together: the product of their frequencies, and how much more often than by chance words
    that keep company stand together; one of a single word as often as that word stands alone.

    Args:
        features: Packed mentions; the columns with term frequencies are among them.
        in_use: The model.
        word_columns: List columns, packed as well, whose words' logarithms levels read.
    """
    model, terms = in_use.model, terms_of(in_use)
    stretches: list[Floats] = [np.empty(0)]
    starts: dict[str, int] = {}
    begun = 0
    for column in model.adjusting_columns:
        logs = _logs(features, terms, column)
        words = model.term_frequency_words.get(column)
        if words is not None:
            record_of = np.full(len(logs), -1, dtype=np.int64)
            codes = features.column(column)
            known = np.flatnonzero(codes >= 0)
            record_of[codes[known]] = known  # equal values have equal words: any record serves
            met = np.flatnonzero(record_of >= 0)
            together = _of_words(features, record_of[met], in_use, words, terms)
            logs[met] = np.maximum(logs[met], together)
        starts[column] = begun
        stretches.append(logs)
        begun += len(logs)
    words_alone = word_logs(features, terms, word_columns)
    starts |= {column: begun + start for column, start in words_alone.starts.items()}
    return TermLogs(np.concatenate([*stretches, words_alone.values]), starts)


def word_logs(features: Features, terms: Terms, columns: Sequence[str]) -> TermLogs:
    """Return the logarithms of the term frequencies of the words of some list columns.

    Args:
        features: Packed mentions; the columns are among them.
        terms: The term frequencies.
        columns: The columns.
    """
    stretches = {column: _logs(features, terms, column) for column in columns}
    ends = np.cumsum([len(logs) for logs in stretches.values()]).tolist()
    starts = dict(zip(stretches, [0, *ends], strict=False))
    return TermLogs(np.concatenate([np.empty(0), *stretches.values()]), starts)


def word_starts(layout: Layout, starts: Mapping[str, int], columns: Sequence[str]) -> Int64s:
    """Return, by the number of a column, where the stretch of its words starts, as tests take it.

    Args:
        layout: Says the numbers of the columns.
        starts: Column: where its stretch starts.
        columns: The list columns whose words' logarithms levels read.
    """
    found = np.zeros(len(layout.slots), dtype=np.int64)
    for column in columns:
        found[layout.slots[column].number] = starts[column]
    return found


def _logs(features: Features, terms: Terms, column: str) -> Floats:
    """Return log2 of the term frequency of each code up to the last one of the column's group."""
    codes = np.flatnonzero(features.owner == features.layout.group_of(column))
    floor = terms.floors[column]
    length = int(codes[-1]) + 1 if len(codes) else 0
    logs = np.full(length, np.log2(floor))
    places = terms.places(column, features.strings(codes))
    met = places >= 0
    logs[codes[met]] = np.log2(terms.tables[column]["tf"].to_numpy()[places[met]])
    return logs


def _of_words(
    features: Features, records: Int64s, in_use: ModelInUse, words: str, terms: Terms
) -> Floats:
    """Return log2 of how frequent the words of some records are together, -inf where none are."""
    logs = _logs(features, terms, words)
    slot = features.layout.slots[words]
    firsts = features.rows[records, slot.place].astype(np.int64)
    counts = np.maximum(features.rows[records, slot.place + 1], 0).astype(np.int64)
    inside = features.lists[_ranges(firsts, counts)]
    shares = in_use.model.term_frequency_groups.get(words)
    company = None
    if shares:
        company = _groups(features, terms, words, len(shares)), np.array(shares)
    alone = float(np.log2(in_use.model.term_frequency_alone.get(words, 1.0)))
    return together_logs(inside, counts, logs, company, alone)


def _groups(features: Features, terms: Terms, words: str, groups: int) -> Rows:
    """Return by code of a word how many times more common it is in each group, 0 where unknown."""
    codes = np.flatnonzero(features.owner == features.layout.group_of(words))
    length = int(codes[-1]) + 1 if len(codes) else 0
    found = np.zeros((length, groups), dtype=np.float32)
    places = terms.places(words, features.strings(codes))
    known = terms.tables[words]["groups"]
    met = np.flatnonzero(places >= 0)
    rows = known.gather(places[met])
    keeping = rows.is_not_null().to_numpy()
    if keeping.any():
        values = rows.drop_nulls().explode().to_numpy()
        found[codes[met[keeping]]] = values.reshape(-1, groups)
    return found


def _ranges(firsts: Int64s, counts: Int64s) -> Int64s:
    """Return the numbers of several ranges one after the other."""
    begun = np.cumsum(counts) - counts
    steps = np.arange(int(counts.sum()), dtype=np.int64)
    return np.repeat(firsts - begun, counts) + steps


def write_logs(logs: TermLogs, directory: Path) -> None:
    """Write logarithms beside the packed mentions whose strings they are of.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    np.save(directory / LOGS_FILE, logs.values, allow_pickle=False)
    (directory / STARTS_FILE).write_text(json.dumps(logs.starts) + "\n", encoding="utf-8")


def open_logs(directory: Path) -> TermLogs:
    """Return the logarithms beside packed mentions, mapped.

    Raises:
        StoreError: They are missing or damaged.
    """
    try:
        values = np.asarray(map_array(directory / LOGS_FILE))
        starts = json.loads((directory / STARTS_FILE).read_text(encoding="utf-8"))
        damaged = values.dtype != np.float64 or any(at > len(values) for at in starts.values())
    except (OSError, ValueError, EOFError, SyntaxError, AttributeError, TypeError):
        damaged = True
    if damaged:
        raise StoreError(f"{directory / LOGS_FILE}: is missing or damaged; run linker link --full")
    return TermLogs(values, starts)

"""Logarithms of a model's term frequencies, by the code of the value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from linker.model import ModelInUse
from linker.scoring.features.pack import Features, Int64s

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class TermLogs:
    """log2 of term frequencies.

    Attributes:
        values: One stretch a column; within it, by code.
        starts: Column: where its stretch starts.
    """

    values: Floats
    starts: dict[str, int]


def term_logs(features: Features, in_use: ModelInUse) -> TermLogs:
    """Return the logarithms of the term frequencies of packed strings.

    A value that the model does not know takes its column's floor, so that a pair's weight depends
    on the two records and the model alone. One made of words is at least as frequent as its words
    would be together by chance, the product of their frequencies.

    Args:
        features: Packed mentions; the columns with term frequencies are among them.
        in_use: The model.
    """
    model = in_use.model
    stretches: list[Floats] = [np.empty(0)]
    starts: dict[str, int] = {}
    begun = 0
    for column in model.adjusting_columns:
        logs = _logs(features, in_use, column)
        words = model.term_frequency_words.get(column)
        if words is not None:
            together = _of_words(features, _logs(features, in_use, words), words)
            codes = features.column(column)
            known = codes >= 0
            # equal values have equal words, so any record of a value serves
            logs[codes[known]] = np.maximum(logs[codes[known]], together[known])
        starts[column] = begun
        stretches.append(logs)
        begun += len(logs)
    return TermLogs(np.concatenate(stretches), starts)


def _logs(features: Features, in_use: ModelInUse, column: str) -> Floats:
    """Return log2 of the term frequency of each code up to the last one of the column's group."""
    codes = np.flatnonzero(features.owner == features.layout.group_of(column))
    floor = in_use.model.term_frequency_floors[column]
    length = int(codes[-1]) + 1 if len(codes) else 0
    logs = np.full(length, np.log2(floor))
    known = in_use.term_frequencies[column]
    places = _places(features, codes, known[column])
    met = places >= 0
    logs[codes[met]] = np.log2(known["tf"].to_numpy()[places[met]])
    return logs


def _places(features: Features, codes: Int64s, values: pl.Series) -> Int64s:
    """Return where each code's string stands among some values, -1 where it does not."""
    strings = pl.Series("value", pl.from_arrow(features.strings(codes)), dtype=pl.String())
    table = pl.DataFrame({"value": values}).with_row_index("place")
    found = strings.to_frame().join(table, on="value", how="left", maintain_order="left")
    places: Int64s = found["place"].cast(pl.Int64()).fill_null(-1).to_numpy()
    return places


def _of_words(features: Features, logs: Floats, words: str) -> Floats:
    """Return for each record the sum of the logarithms of its words, -inf where it has none."""
    slot = features.layout.slots[words]
    firsts = features.rows[:, slot.place].astype(np.int64)
    counts = features.rows[:, slot.place + 1].astype(np.int64)
    having = np.flatnonzero(counts > 0)
    inside = features.lists[_ranges(firsts[having], counts[having])]
    record = np.repeat(having, counts[having])
    sums = np.bincount(record, weights=logs[inside], minlength=features.records)
    return np.where(counts > 0, sums, -np.inf)


def _ranges(firsts: Int64s, counts: Int64s) -> Int64s:
    """Return the numbers of several ranges one after the other."""
    begun = np.cumsum(counts) - counts
    steps = np.arange(int(counts.sum()), dtype=np.int64)
    return np.repeat(firsts - begun, counts) + steps

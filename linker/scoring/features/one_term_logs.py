"""Logarithms of term frequencies of a few mentions: those of `term_logs`, for a table of few rows.

A model's term frequencies are made ready once: the hash of each value, ascending, and what is told
of it. The few values are then looked for by halving. Both ways are tested to agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from linker.blocking.hashing import EVERY_CHARACTER, hash_texts
from linker.model import ModelInUse
from linker.scoring.features.company import Rows, together_logs
from linker.scoring.features.pack import Features, Int64s
from linker.scoring.features.term_logs import Floats, TermLogs

UInt64s = np.ndarray[tuple[int], np.dtype[np.uint64]]


@dataclass(frozen=True)
class _Table:
    """The values of a column: their hashes, ascending, log2 of their frequencies, their company."""

    hashes: UInt64s
    logs: Floats
    groups: Rows
    floor: float

    def find(self, asked: UInt64s) -> tuple[Int64s, Int64s]:
        """Return which of some hashes are there, and where each of these is."""
        if not len(self.hashes):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.hashes, asked), len(self.hashes) - 1)
        met = (self.hashes[places] == asked).nonzero()[0]
        return met, places[met]


class OneTermLogs:
    """The term frequencies of a model, ready to be asked for one mention after another."""

    def __init__(self, in_use: ModelInUse, word_columns: Sequence[str] = ()) -> None:
        """Hash the values.

        Args:
            in_use: The model.
            word_columns: List columns whose words' logarithms levels read.
        """
        model = in_use.model
        self.columns = list(dict.fromkeys([*model.adjusting_columns, *word_columns]))
        self._words = model.term_frequency_words
        self._shares = {
            column: np.array(shares) for column, shares in model.term_frequency_groups.items()
        }
        self._alone = {
            words: float(np.log2(share)) for words, share in model.term_frequency_alone.items()
        }
        of_names = [words for column, words in self._words.items() if column in self.columns]
        self._tables = {
            column: _ready(
                in_use.term_frequencies[column],
                column,
                model.term_frequency_floors[column],
                len(self._shares.get(column, ())),
            )
            for column in (*self.columns, *of_names)
        }

    def logs(self, features: Features) -> TermLogs:
        """Return the logarithms for a few packed mentions, as `term_logs` returns them."""
        known = np.ones(len(features.owner), dtype=np.uint8)
        hashes = hash_texts(features.data, features.ends, known, EVERY_CHARACTER)
        starts, stretches, begun = {}, [np.empty(0)], 0
        for column in self.columns:
            logs = self._of_column(features, hashes, column)
            words = self._words.get(column)
            if words is not None:
                codes = features.rows[:, features.layout.slots[column].place]
                rows = (codes >= 0).nonzero()[0]
                together = self._together(features, hashes, words, rows)
                np.maximum.at(logs, codes[rows], together)
            starts[column] = begun
            stretches.append(logs)
            begun += len(logs)
        return TermLogs(np.concatenate(stretches), starts)

    def _of_column(self, features: Features, hashes: UInt64s, column: str) -> Floats:
        table = self._tables[column]
        codes = (features.owner == features.layout.group_of(column)).nonzero()[0]
        logs: Floats = np.full(int(codes[-1]) + 1 if len(codes) else 0, table.floor)
        met, places = table.find(hashes[codes])
        logs[codes[met]] = table.logs[places]
        return logs

    def _together(self, features: Features, hashes: UInt64s, words: str, rows: Int64s) -> Floats:
        """Return log2 of how frequent the words of some rows are together, -inf without any."""
        slot = features.layout.slots[words]
        firsts = features.rows[rows, slot.place].astype(np.int64)
        counts = np.maximum(features.rows[rows, slot.place + 1], 0).astype(np.int64)
        logs = self._of_column(features, hashes, words)
        inside = features.lists[_ranges(firsts, counts)]
        company = None
        shares = self._shares.get(words)
        if shares is not None and len(shares):
            table = self._tables[words]
            groups = np.zeros((len(features.owner), len(shares)), dtype=np.float32)
            met, places = table.find(hashes[inside])
            groups[inside[met]] = table.groups[places]
            company = groups, shares
        return together_logs(inside, counts, logs, company, self._alone.get(words, 0.0))


def _ranges(firsts: Int64s, counts: Int64s) -> Int64s:
    """Return the numbers of several ranges one after the other."""
    begun = np.cumsum(counts) - counts
    return np.repeat(firsts - begun, counts) + np.arange(int(counts.sum()), dtype=np.int64)


def _ready(table: pl.DataFrame, column: str, floor: float, groups: int) -> _Table:
    strings = table[column].to_arrow().cast(pa.large_string())
    hashes = _hashed(strings)
    order = np.argsort(hashes)
    company: Rows = np.zeros((table.height, groups), dtype=np.float32)
    if groups:
        keeping = table["groups"].is_not_null().to_numpy()
        told = table["groups"].drop_nulls().explode().to_numpy()
        company[keeping] = told.reshape(-1, groups)
    logs = np.log2(table["tf"].to_numpy())
    return _Table(hashes[order], logs[order], company[order], float(np.log2(floor)))


def _hashed(strings: pa.LargeStringArray) -> UInt64s:
    if not len(strings):
        return np.empty(0, dtype=np.uint64)
    _, offsets, content = strings.buffers()
    first = strings.offset
    ends = np.frombuffer(offsets, dtype=np.int64)[first : first + len(strings) + 1]
    data = np.frombuffer(content, dtype=np.uint8) if content else np.empty(0, dtype=np.uint8)
    known = np.ones(len(strings), dtype=np.uint8)
    return np.asarray(hash_texts(data.copy(), ends.copy(), known, EVERY_CHARACTER))

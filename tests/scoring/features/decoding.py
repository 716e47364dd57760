"""Packed mentions read back in plain Python, from the layout as it is written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from linker.scoring.features.pack import NOTHING, Features

EPOCH = dt.date(1970, 1, 1)


def string(features: Features, code: int) -> str | None:
    if code < 0:
        assert code == -1
        return None
    start, end = features.ends[code], features.ends[code + 1]
    return features.data[start:end].tobytes().decode()


def value(features: Features, record: int, column: str) -> Any:
    slot = features.layout.slots[column]
    row = features.rows[record].tolist()
    first = row[slot.place]
    if slot.form == "text":
        return string(features, first)
    if slot.form == "list":
        count = row[slot.place + 1]
        if count < 0:
            assert count == -1
            return None
        codes = features.lists[first : first + count].tolist()
        assert len(set(codes)) == len(codes) == count
        return [string(features, code) for code in codes]
    if first == NOTHING:
        return None
    return first if slot.form == "number" else date_of(first)


def date_of(digits: int) -> dt.date:
    """A date from its eight digits, four bits each."""
    text = f"{digits & 0xFFFFFFFF:08x}"
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def decoded(features: Features) -> dict[str, list[Any]]:
    """Every value of every column."""
    return {
        column: [value(features, record, column) for record in range(features.records)]
        for column in features.layout.columns
    }


def squeezed(frame: pl.DataFrame, columns: tuple[str, ...]) -> dict[str, list[Any]]:
    """What packing keeps of a frame: lists lose repeated and missing values."""

    def kept(found: Any) -> Any:
        if isinstance(found, list):
            return list(dict.fromkeys(each for each in found if each is not None))
        return found

    return {column: [kept(each) for each in frame[column].to_list()] for column in columns}

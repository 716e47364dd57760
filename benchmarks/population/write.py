"""Files written chunk by chunk, the same bytes for the same frames."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO, Protocol

import polars as pl
import pyarrow.parquet as pq


class Sink(Protocol):
    """A file that takes one frame after another."""

    def write(self, frame: pl.DataFrame) -> None:
        """Append a frame; every frame has the same columns and types."""

    def close(self) -> None:
        """Finish the file."""


def open_sink(path: Path) -> Sink:
    """Return the sink for a file, by its name: .csv, .parquet, .jsonl or .jsonl.gz."""
    if path.suffix == ".parquet":
        return _Parquet(path)
    if path.suffix == ".csv":
        return _Csv(path)
    return _JsonLines(path)


class _Csv:
    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._header = True

    def write(self, frame: pl.DataFrame) -> None:
        lists = [name for name, type_ in frame.schema.items() if isinstance(type_, pl.List)]
        flat = frame.with_columns(pl.col(name).list.join(";") for name in lists)
        flat.write_csv(self._file, include_header=self._header)
        self._header = False

    def close(self) -> None:
        self._file.close()


class _JsonLines:
    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb")
        self._file: IO[bytes] | gzip.GzipFile = self._raw
        if path.suffix == ".gz":
            # No file name and no time in the header, so that the bytes depend on the data alone.
            self._file = gzip.GzipFile(
                filename="", mode="wb", compresslevel=1, fileobj=self._raw, mtime=0
            )

    def write(self, frame: pl.DataFrame) -> None:
        self._file.write(frame.write_ndjson().encode("utf-8"))

    def close(self) -> None:
        self._file.close()
        self._raw.close()


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

"""A table written to a Parquet file a frame at a time, since the whole may not fit into memory."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Final, Self

import polars as pl
import pyarrow.parquet as pq

from linker.schemas import Schema, check, empty

ROW_GROUP: Final = 1 << 17
"""Rows in a row group of a file."""


class TableFile:
    """A Parquet file that grows; its rows are in the order of its frames."""

    def __init__(self, path: Path, schema: Schema) -> None:
        """Prepare a file, which is made with the first frame.

        Args:
            path: Where; the file's name is the table's.
            schema: The columns that every frame has.
        """
        self.path = path
        self.schema = schema
        self._file: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        """Return the file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file; one without a frame is made, unless an error came."""
        if kind is None:
            self.append(empty(self.schema))
        if self._file is not None:
            self._file.close()
            self._file = None

    def append(self, frame: pl.DataFrame) -> None:
        """Write the next rows.

        Raises:
            OSError: The file cannot be written.
        """
        if frame.is_empty() and self._file is not None:
            return
        table = check(frame, self.schema, self.path.stem).to_arrow(
            compat_level=pl.CompatLevel.oldest()
        )
        if self._file is None:
            self._file = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self._file.write_table(table, row_group_size=ROW_GROUP)

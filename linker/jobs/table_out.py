"""A table written to a file that a person named."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from linker.errors import UsageError
from linker.store.layout import storage_errors


def refuse_other_endings(out: Path) -> None:
    """Check the name of a file before anything is read.

    Raises:
        UsageError: It ends neither in ``.parquet`` nor in ``.csv``.
    """
    if out.suffix not in (".parquet", ".csv"):
        raise UsageError(f"{out}: name a file that ends in .parquet or .csv")


def refuse_no_place(out: Path) -> None:
    """Check where a file is to go before anything is read.

    Raises:
        UsageError: Its ending is neither, or there is no such place.
    """
    refuse_other_endings(out)
    if out.is_dir():
        raise UsageError(f"{out}: is a directory; name a file")
    if not out.parent.is_dir():
        raise UsageError(f"{out.parent}: no such directory; make it, or name another file")


def write_out(frame: pl.DataFrame, out: Path) -> int:
    """Write a table as Parquet or CSV, whole or not at all; return how many rows it has.

    List columns of a CSV hold their values joined by ``;``.

    Raises:
        UsageError: There is no such place.
        StoreError: The file cannot be written.
    """
    aside = out.with_name(f".{out.name}.writing")
    with storage_errors(out.parent, "nothing was written"):
        refuse_no_place(out)
        try:
            if out.suffix == ".parquet":
                frame.write_parquet(aside)
            else:
                lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
                frame.with_columns(pl.col(lists).list.join(";")).write_csv(aside)
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)
    return frame.height

"""A source's files: found, opened, dated, digested, and refused in one line."""

from __future__ import annotations

import datetime as dt
import glob
import gzip
import hashlib
import io
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

from linker.config import Config, Source
from linker.errors import SourceError, nearest

Format = Literal["csv", "parquet", "jsonl"]

FORMATS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
GZIP_MAGIC: Final = b"\x1f\x8b"
SURELY_A_HEADER: Final = 0.7
"""How alike a name and a mapped column must be to be shown, where the header may be data."""


@dataclass(frozen=True)
class InputFile:
    """One file of a source.

    Attributes:
        source: The source's name.
        label: The file's name as configured, for messages.
        path: Where it is.
        format: What is in it.
    """

    source: str
    label: str
    path: Path
    format: Format

    def refuse(self, problem: str) -> SourceError:
        """Return the error that names the source, this file and the problem, on one line."""
        return refusal(self.source, self.label, problem)


@dataclass(frozen=True)
class Stamp:
    """What tells that a file is unchanged: when it was written, and its size in bytes."""

    modified_ns: int
    size: int

    @property
    def date(self) -> dt.date:
        """The day, in UTC, that the file was written."""
        return dt.datetime.fromtimestamp(self.modified_ns / 1e9, tz=dt.UTC).date()


def refusal(source: str, label: str, problem: str) -> SourceError:
    """Return an error of one line.

    Args:
        source: The source's name.
        label: The file or files at fault, as configured.
        problem: What is wrong, and what to do about it.
    """
    line = f"source {source!r}: {label}: {problem}"
    return SourceError(" ".join(line.split()))


def find_files(source: Source, config: Config, *, required: bool = True) -> list[InputFile]:
    """Return the files of a source in sorted order, each once.

    Args:
        source: Whose paths may be globs (``**`` too) and may start with ``~``.
        config: Gives the directory that relative paths start from.
        required: Whether there must be files; else a path or glob may name none.

    Raises:
        SourceError: A path names no file, a glob matches none, or a name does not tell the format.
    """
    found = {
        path.resolve(): (path, label)
        for pattern in source.paths
        for path, label in _matches(pattern, source, config, required=required)
    }
    return [
        InputFile(source.name, label, path, _format(path, label, source))
        for path, label in sorted(found.values(), key=lambda item: str(item[0]))
    ]


def _matches(
    pattern: str, source: Source, config: Config, *, required: bool
) -> list[tuple[Path, str]]:
    try:
        path = config.resolve(pattern)
    except RuntimeError:
        raise refusal(source.name, pattern, "no such user's home directory") from None
    if path.is_file():
        return [(path, pattern)]
    if path.is_dir():
        raise refusal(source.name, pattern, "is a directory; name its files, as in 'folder/*.csv'")
    if path.exists():
        raise refusal(source.name, pattern, "is not a regular file")
    if not glob.has_magic(pattern):
        if not required:
            return []
        raise refusal(source.name, pattern, f"no such file in {str(config.base)!r}; correct path")
    expanded = str(Path(pattern).expanduser())
    names = glob.glob(expanded, root_dir=config.base, recursive=True)  # noqa: PTH207 - root_dir
    files = [(config.resolve(name), name) for name in names if config.resolve(name).is_file()]
    if not files and required:
        raise refusal(source.name, pattern, "matches no file; correct path")
    return files


def _format(path: Path, label: str, source: Source) -> Format:
    if source.format:
        return source.format
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    known = FORMATS.get(suffixes[-1]) if suffixes else None
    if known is None:
        raise refusal(
            source.name,
            label,
            "the name does not tell the format; set format to csv, parquet or jsonl",
        )
    return known


def stamps(files: Iterable[InputFile], *, delta: bool = False) -> list[Stamp]:
    """Return each file's date and size.

    Args:
        files: The files.
        delta: Whether they hold only what changed.

    Raises:
        SourceError: A file has gone, or is empty.
    """
    found = []
    for file in files:
        with _told_in_one_line(file):
            status = file.path.stat()
        # in JSON Lines nothing at all is what a delivery without a change looks like
        if status.st_size == 0 and not (delta and file.format == "jsonl"):
            raise file.refuse("is empty: it holds no rows; export it again or correct path")
        found.append(Stamp(status.st_mtime_ns, status.st_size))
    return found


def digest(files: Iterable[InputFile]) -> str:
    """Return the SHA-256, in hexadecimal, of the files' bytes one after the other.

    Raises:
        SourceError: A file cannot be read.
    """
    total = hashlib.sha256()
    for file in files:
        with _told_in_one_line(file), file.path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                total.update(chunk)
    return total.hexdigest()


@contextmanager
def open_bytes(file: InputFile) -> Iterator[BinaryIO]:
    """Open a file's bytes, unpacked in memory where it is gzip.

    Raises:
        SourceError: The file cannot be opened or read, or its gzip is damaged.
    """
    with _told_in_one_line(file), file.path.open("rb") as raw:
        if file.path.suffix.lower() == ".gz" or raw.peek(2)[:2] == GZIP_MAGIC:
            with gzip.open(raw) as unpacked:
                yield cast("BinaryIO", io.BufferedReader(unpacked, 1 << 18))
        else:
            yield raw


@contextmanager
def _told_in_one_line(file: InputFile) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise file.refuse("damaged or cut short (gzip); fetch it again") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise file.refuse(f"cannot be read ({reason})") from None


def require_columns(
    where: InputFile | Source, wanted: Iterable[str], names: Collection[str]
) -> None:
    """Refuse a file, or a whole source, that lacks a mapped column.

    Where no mapped column is there at all, the names may be data of a file without a header row:
    then one is shown only if the mapped name all but spells it already.

    Args:
        where: The file, or the source where its files are judged together.
        wanted: The source columns that the configuration names.
        names: The columns there are.

    Raises:
        SourceError: A wanted column is not there.
    """
    wanted = list(wanted)
    missing = [name for name in wanted if name not in names]
    if not missing:
        return
    first, hint = missing[0], ""
    same = [name for name in names if name.casefold() == first.casefold()]
    if same:
        hint = f"; did you mean {same[0]!r}?"
    elif len(missing) < len(wanted):
        hint = nearest(first, names)
    else:
        alike = [n for n in names if SequenceMatcher(None, first, n).ratio() >= SURELY_A_HEADER]
        hint = nearest(first, alike) or "; nor any other mapped column: is there a header row?"
    if isinstance(where, InputFile):
        raise where.refuse(f"has no column {first!r}{hint}")
    raise refusal(where.name, ", ".join(where.paths), f"no record has {first!r}{hint}")

"""Which files of a source are to be read now, and how it is told that they were read before."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from linker.config import Config, Source
from linker.sources.files import InputFile, Stamp, digest, find_files, stamps


@dataclass(frozen=True)
class SeenFile:
    """A file that was taken in: its path, from the configuration's base, and what it held.

    Attributes:
        name: The path.
        size: In bytes.
        digest: SHA-256 of its bytes, in hexadecimal.
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True)
class Received:
    """What was taken in of a source so far.

    Attributes:
        files: Of a delta source, every file, as it was when it was last taken in; by name.
        replaced: Whether a file of these once held something else, which was taken in too.
        rows: How many rows were read.
    """

    files: tuple[SeenFile, ...] = ()
    replaced: bool = False
    rows: int = 0

    def with_more(self, files: Iterable[SeenFile], rows: int) -> Received:
        """Return what was taken in once these files, of so many rows, are."""
        held = {file.name: file for file in self.files}
        more = list(files)
        replaced = self.replaced or any(file.name in held for file in more)
        held |= {file.name: file for file in more}
        return Received(tuple(held[name] for name in sorted(held)), replaced, self.rows + rows)


@dataclass(frozen=True)
class Delivery:
    """The files to read now.

    Attributes:
        files: Of a snapshot all files, of a delta source those not taken in before; in sorted
            path order.
        stamps: When each was written, and its size.
        as_of: When the source was drawn: as configured, or the newest file's date in UTC; None
            where neither is known.
        digest: SHA-256, in hexadecimal: of a snapshot's bytes in sorted path order, of a delta
            source's names and digests of all files taken in, these included.
        seen: Of a delta source, what each file to read now will be known by.
        before: What was taken in before; None if nothing was.
        lacking: How many files taken in before are there no more, or hold something else.
    """

    files: list[InputFile]
    stamps: list[Stamp]
    as_of: dt.date | None
    digest: str
    seen: list[SeenFile] = field(default_factory=list)
    before: Received | None = None
    lacking: int = 0

    @property
    def can_be_read_anew(self) -> bool:
        """Whether all that was taken in of a delta source lies there still."""
        return self.before is None or not (self.before.replaced or self.lacking)

    def dates(self, source: Source) -> list[dt.date]:
        """Return when what each file holds was drawn.

        A delta source's file speaks of the day it was written, however many come after it; so it
        says the same whether they are read one by one or all at once.
        """
        if source.as_of is not None or source.mode == "snapshot":
            return [self.as_of for _ in self.files if self.as_of is not None]
        return [stamp.date for stamp in self.stamps]


def delivery(source: Source, config: Config, before: Received | None = None) -> Delivery:
    """Return which files of a source are to be read now.

    A delta source's file is passed over where it was taken in before under this name and holds
    what it did then; and it is no error that there is none, but for the first time.

    Args:
        source: The source.
        config: Gives the directory that relative paths start from.
        before: What was taken in of the source before, if anything.

    Raises:
        SourceError: A file is missing, empty or cannot be read.
    """
    delta = source.mode == "delta"
    files = find_files(source, config, required=not delta or before is None)
    found = stamps(files, delta=delta)
    if not delta:
        return Delivery(files, found, _drawn(source, found), digest(files), before=before)
    known = {file.name: file for file in before.files} if before else {}
    held = [
        SeenFile(_name(file, config), stamp.size, digest([file]))
        for file, stamp in zip(files, found, strict=True)
    ]
    fresh = [at for at, file in enumerate(held) if known.get(file.name) != file]
    whole = known | {file.name: file for file in held}
    texts = (f"{name} {whole[name].digest}\n" for name in sorted(whole))
    return Delivery(
        files=[files[at] for at in fresh],
        stamps=[found[at] for at in fresh],
        as_of=_drawn(source, [found[at] for at in fresh]),
        digest=hashlib.sha256("".join(texts).encode()).hexdigest(),
        seen=[held[at] for at in fresh],
        before=before,
        lacking=len(set(known.values()) - set(held)),
    )


def _drawn(source: Source, found: list[Stamp]) -> dt.date | None:
    return source.as_of or max((stamp.date for stamp in found), default=None)


def _name(file: InputFile, config: Config) -> str:
    base = config.base.resolve()
    path = file.path.resolve()
    return (path.relative_to(base) if path.is_relative_to(base) else path).as_posix()

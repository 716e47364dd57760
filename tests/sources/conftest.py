"""Reading sources written for one test, from a folder of their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linker.config import Config, EntitySettings, Source, StoreSettings
from linker.errors import SourceError
from linker.sources.read import SourceRows, read_source

Make = Callable[..., Source]
Read = Callable[..., SourceRows]


def make_source(**given: Any) -> Source:
    usual = {
        "name": "cases",
        "path": "people.csv",
        "kind": "case",
        "entity": "person",
        "record_id": "id",
        "fields": {"full_name": "name"},
    }
    return Source(**(usual | given))


def make_config(source: Source, base: Path) -> Config:
    config = Config(
        store=StoreSettings(directory=Path("var")),
        source=[source],
        person=EntitySettings(),
        organization=EntitySettings(),
    )
    config._base = base
    return config


@pytest.fixture(scope="session")
def read_in() -> Read:
    """Read a source whose paths start in a given folder."""

    def read(base: Path, **given: Any) -> SourceRows:
        source = make_source(**given)
        return read_source(source, make_config(source, base))

    return read


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory, read_in: Read) -> Read:
    """Write files (name: bytes or text), or one CSV, and read them as a source."""
    numbers = itertools.count()
    top = tmp_path_factory.mktemp("sources")

    def write_and_read(files: dict[str, bytes | str] | bytes | str, **given: Any) -> SourceRows:
        base = top / str(next(numbers))
        base.mkdir()
        named = files if isinstance(files, dict) else {given.get("path", "people.csv"): files}
        for name, content in named.items():
            path = base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        if isinstance(files, dict) and len(named) == 1:
            given = {"path": next(iter(named))} | given
        return read_in(base, **given)

    return write_and_read


@pytest.fixture(scope="session")
def accounted_for(read: Read) -> Callable[..., bool]:
    """Read what may be damaged; tell whether its rows add up, or its error is one good line."""

    def judge(files: dict[str, bytes], **given: Any) -> bool:
        try:
            found = read(files, **given)
        except SourceError as error:
            start = f"source 'cases': {next(iter(files))}: "
            return str(error).startswith(start) and "\n" not in str(error)
        return len(found.rows) + len(found.rejected) == found.total > 0

    return judge

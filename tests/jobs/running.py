"""Commands run as a person runs them, and what they leave behind."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl

from linker import cli

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("entities", "pairs", "ledger", "investigations")


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> list[str]:
        """The lines on standard error that are no progress."""
        return [line for line in self.err.splitlines() if line and not line.startswith("[")]

    def refused(self, *words: str) -> bool:
        """Tell a usage or data error: code 2, one clear line with these words, no traceback."""
        assert self.code == 2, (self.code, self.err)
        assert self.out == ""
        assert len(self.told) == 1, self.err
        line = self.told[0]
        assert line.startswith("linker: ")
        assert "Traceback" not in self.err
        missing = [word for word in words if word not in line]
        assert not missing, f"{missing} not in: {line}"
        return True

    @property
    def json(self) -> Any:
        """The one JSON document on standard output; NaN and infinity are none."""
        assert self.code == 0, self.err

        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is not JSON")

        return json.loads(self.out, parse_constant=refuse)


def run(*words: str | Path) -> Done:
    """Run a command in this process, through its last door."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["linker", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())


def command(*words: str | bytes | Path) -> list[str | bytes | Path]:
    """Return the words of a command run in a process of its own."""
    return [sys.executable, "-m", "linker.cli", *words]


def run_apart(*words: str | bytes | Path) -> Done:
    """Run a command in a process of its own."""
    done = subprocess.run(command(*words), cwd=ROOT, check=False, capture_output=True)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def linked(config: Path) -> Path:
    """Run link, which must succeed, and return the configuration's path."""
    done = run("link", "--config", config)
    assert done.code == 0, done.err
    return config


def copy_of(config: Path, directory: Path) -> Path:
    """Copy a world, its store included, and return the copy's configuration."""
    shutil.copytree(config.parent, directory)
    return directory / config.name


def exports(config: Path, tables: Sequence[str] = TABLES) -> dict[str, bytes]:
    """Every table of the published generation as Parquet and as CSV, by file name."""
    out = config.parent / "exported"
    out.mkdir(exist_ok=True)
    found = {}
    for table in tables:
        for ending in ("parquet", "csv"):
            path = out / f"{table}.{ending}"
            done = run("export", "--config", config, "--table", table, "--out", path)
            assert done.code == 0, done.err
            found[path.name] = path.read_bytes()
    shutil.rmtree(out)
    return found


def table(config: Path, name: str) -> pl.DataFrame:
    """A table of the published generation."""
    return pl.read_parquet(io.BytesIO(exports(config, [name])[f"{name}.parquet"]))


def entity_of(config: Path) -> dict[str, str]:
    """The entity id of each record id."""
    entities = table(config, "entities")
    return dict(zip(entities["record_id"], entities["entity_id"], strict=True))


def published(store: Path) -> dict[str, str]:
    """A digest of every file that readers of a store read."""
    files = [store / "CURRENT", *sorted((store / "generations").rglob("*"))]
    return {
        str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file()
    }


def everything(directory: Path) -> dict[str, str]:
    """A digest of every file below a directory."""
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }

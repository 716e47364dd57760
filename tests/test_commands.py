"""The command line as a shell and a machine see it: words, exit codes, and what goes where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import linker
from linker.cli import commands
from tests.jobs.running import ROOT, command, copy_of, linked, run, run_apart
from tests.jobs.world import CONFIG, TARGET, write_world

MAKING = click.Context(commands)
FEW = "\n[person.training]\nmin_records = 20\nsessions = []\nfallback_sessions = []\n"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store that has only people."""
    people = CONFIG.split('[[source]]\nname = "firms"', maxsplit=1)[0]
    return linked(write_world(tmp_path_factory.mktemp("commands") / "own", config=people + FEW))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ["name a verb: link, lookup, train, export, status, publish", "see linker --help"]),
        (["lnik"], ["no such verb: 'lnik'", "did you mean 'link'?"]),
        (["frobnicate"], ["no such verb: 'frobnicate'", "see linker --help"]),
        (["--verbose"], ["--verbose", "see linker --help"]),
        (["link"], ["Missing option '--config'", "see linker link --help"]),
        (["link", "--config"], ["'--config' requires an argument"]),
        (["link", "--config", "c.toml", "--jsno"], ["'--jsno'", "'--json'", "linker link --help"]),
        (["link", "--config", "nowhere.toml"], ["nowhere.toml", "no such configuration file"]),
        (["link", "--config", "/"], ["/", "is a directory, not a configuration file"]),
        (["export", "--config", "c.toml", "--out", "x.csv"], ["Missing option '--table'"]),
        (
            ["export", "--config", "c", "--table", "entites", "--out", "x.csv"],
            ["'entites'", "'entities'", "see linker export --help"],
        ),
        (["status", "--config", "c.toml", "more", "words"], ["2 words belong to no option"]),
    ],
    ids=" ".join,
)
def test_words_that_do_not_fit(words: list[str], said: list[str]) -> None:
    """A usage error is one line that names the place and the nearest valid word."""
    assert run(*words).refused(*said)


def verbs_of(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """The words of each command of a group, and of the groups in it."""
    for name, command_of in group.commands.items():
        yield (*before, name)
        if isinstance(command_of, click.Group):
            yield from verbs_of(command_of, *before, name)


@pytest.mark.parametrize("verb", [(), *verbs_of(commands)], ids=" ".join)
def test_help_shows_an_example(verb: tuple[str, ...]) -> None:
    """Each command explains itself on standard output, with an example, and succeeds."""
    done = run(*verb, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Example: {' '.join(['linker', *verb])}" in done.out
    found: click.Command = commands
    for word in verb:
        assert isinstance(found, click.Group)
        found = found.commands[word]
    for param in found.params if verb else []:
        names = param.opts if isinstance(param, click.Option) else [param.make_metavar(MAKING)]
        assert all(name in done.out for name in names)


def test_every_command_prints_one_json_document(config: Path, tmp_path: Path) -> None:
    """With `--json` standard output is one JSON document of every command, and nothing else."""
    config = copy_of(config, tmp_path / "own")
    path = config.with_name("cases.csv")
    path.write_text(path.read_text().replace("Dana Whitfield", "Dana Whitfeld"))
    out = tmp_path / "entities.csv"
    ways = (
        ["link"],
        ["link", "--dry-run"],
        ["lookup", "--name", TARGET["name"]],
        ["lookup", "--name", "Xochitl Vandersteen"],
        ["train", "--entity", "person", "--out", tmp_path / "models"],
        ["export", "--table", "entities", "--out", out],
        ["status"],
        ["publish", "--generation", "1", "--dry-run"],
        ["rollback", "--dry-run"],
        ["forget", "--source", "cases", "--record", "k01", "--dry-run"],
        ["review", "list"],
    )
    for verb, *words in ways:
        values = run(str(verb), *words, "--config", config, "--json").json
        assert isinstance(values, dict), verb
    status = run("status", "--config", config, "--json").json
    assert set(status) == {"store", "current", "age_hours", "generations"}


def test_a_command_from_the_shell(config: Path, tmp_path: Path) -> None:
    """In a process of its own a run prints its summary, its progress apart, and exits with 0."""
    own = copy_of(config, tmp_path / "own")
    done = run_apart("link", "--config", own)
    assert (done.code, done.told) == (0, [])
    assert done.out.startswith("generation ")
    assert "cases: 38 rows = 38 mentions" in done.out
    assert "cases: 38 rows = 38 mentions" in done.err


def test_an_error_from_the_shell(config: Path) -> None:
    """In a process of its own an error is one line on standard error, and exit code 2."""
    assert run_apart("lookup", "--config", config).refused("the query is empty")


def test_the_installed_command() -> None:
    """The command that is installed is the same door."""
    program = Path(sys.executable).with_name("linker")
    if not program.exists():
        pytest.skip("linker is not installed beside this interpreter")
    done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    assert done.stdout == f"linker, version {linker.__version__}\n"


def test_a_terminal_that_cannot_show_a_letter(config: Path, tmp_path: Path) -> None:
    """A name that the terminal's encoding lacks is written with escapes, and is no error."""
    own = copy_of(config, tmp_path / "own")
    path = own.with_name("cases.csv")
    path.write_text(path.read_text().replace("Dana Whitfield", "Łukasz Żółw"))
    assert run("link", "--config", own).code == 0
    words = command("lookup", "--config", own, "--name", TARGET["name"])
    western = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(words, cwd=ROOT, env=western, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "contact: \\u0141ukasz \\u017bó\\u0142w" in done.stdout.decode("latin-1")


def test_a_reader_that_stops_reading(config: Path) -> None:
    """Output into a pipe that is closed ends quietly."""
    words = command("status", "--config", config)
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_defect_is_one_line_without_data(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours names its kind and place, exits with 1, and repeats no value."""

    def broken(*_: object) -> None:
        raise ValueError(TARGET["name"])

    monkeypatch.setattr("linker.jobs.status.open_store", broken)
    done = run("status", "--config", config)
    assert (done.code, done.out) == (1, "")
    assert done.told == [done.err.strip()]
    assert done.err.startswith("linker: internal error: ValueError at linker.jobs.status:")
    assert "Esperanza" not in done.err


def test_the_age_of_what_is_published(config: Path) -> None:
    """Status says which generation is published, how old it is, and what it holds."""
    status = run("status", "--config", config, "--json").json
    text = run("status", "--config", config).out
    (published,) = (row for row in status["generations"] if row["published"])
    assert published["number"] == status["current"]
    assert 0 <= status["age_hours"] < 1
    assert f"published: generation {status['current']}, 0.0 h old" in text
    assert f"person: {published['counts']['person']['mentions']} mentions" in text
    assert json.dumps(published["models"])[:11] == '{"person": '

"""Queries that cannot be answered, and queries that nobody should be able to break."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.running import run, run_apart

LONG = "Esperanza " * 100_000
HOSTILE = {
    "control characters": "\x00\x01\x1b[31mRed\x7f\r\n",
    "a megabyte": LONG,
    "a megabyte in one word": "x" * 1_000_000,
    "SQL": "'; DROP TABLE ledger; --",
    "more SQL": "\" UNION SELECT * FROM read_csv('/etc/passwd') --",
    "emoji": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u0645\u062d\u0645\u062f \u0639\u0644\u064a",
    "overridden direction": "\u202eabc\u202c \u2066def\u2069",
    "combining marks": "e" + "\u0301" * 5_000,
    "a format": "%s%n{0}{__class__}$query",
    "nothing visible": "\ufeff\u200b\u00a0",
    "an option": "--json",
    "digits": "9" * 100_000,
    "not a number": "nan",
    "a lone surrogate": "Juan \ud800",
    "a path": "../../../../etc/passwd",
}
OPTIONS = (
    *("--name", "--alias", "--birth-date", "--age", "--a-number", "--phone", "--email", "--plate"),
    "--address",
)
"""At least one option of each kind of field."""


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_value_is_searched_or_refused(untouched: Path, value: str) -> None:
    """Whatever is written in any field ends in an answer or in one line, never in a traceback."""
    for option in OPTIONS:
        done = run("lookup", "--config", untouched, f"{option}={value}")
        assert done.code == 0 or done.refused(), (option, done.err)
        assert value not in done.err


@pytest.mark.parametrize("kind", ["control characters", "a megabyte", "SQL", "emoji", "a format"])
def test_a_hostile_value_is_compared_or_refused(untouched: Path, kind: str) -> None:
    """Beside a name that is found, free text of any kind is compared, or refused in one line."""
    value = HOSTILE[kind]
    words = ("--name", "Wanda Kowalczyk", f"--alias={value}", f"--address={value}")
    done = run("lookup", "--config", untouched, *words, "--json")
    assert done.json["outcome"] == "HIT" if done.code == 0 else done.refused()


def test_bytes_that_are_no_text(untouched: Path) -> None:
    """A name in another encoding than the terminal's is refused with a hint, in one line."""
    done = run_apart("lookup", "--config", untouched, "--name", "Peña".encode("cp1252"))
    assert done.refused("the query's full name", "no text", "UTF-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ["the query is empty", "give a name"]),
        (["--name", ""], ["the query is empty"]),
        (["--name", " "], ["names nobody"]),
        (["--birth-date", "1980-01-01"], ["names nobody", "give a name"]),
        (["--name", "Ana", "--birth-date", "soon"], ["birth date cannot be read", "not a date"]),
        (["--name", "Ana", "--birth-date", "1980-13-45"], ["birth date cannot be read"]),
        (["--name", "Ana", "--age", "old"], ["age cannot be read"]),
        (
            ["--organization", "--name", "Ana", "--surname", "Ruiz"],
            ["--surname does not go with a lookup of an organization"],
        ),
        (["--name", "Ana", "--tax-id", "1"], ["--tax-id does not go with a lookup of a person"]),
        (["Ana", "Ruiz"], ["2 words belong to no option", "quotes", "see linker lookup --help"]),
        (["--nmae", "Ana"], ["--nmae", "--name", "see linker lookup --help"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_query_that_cannot_be_answered(
    untouched: Path, words: list[str], said: list[str]
) -> None:
    """A query that names nothing to search, or cannot be read, is refused with the fix."""
    done = run("lookup", "--config", untouched, *words)
    assert done.refused(*said)
    assert "Ana" not in done.err

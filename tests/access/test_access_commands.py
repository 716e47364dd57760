"""Tokens on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linker.access import Gatekeeper
from linker.audit import open_audit
from linker.config import load_config
from linker.errors import AccessError
from tests.audit.logs import write_config
from tests.jobs.running import run

VEGA = ["--name", "J. Vega", "--role", "requester", "--agency", "HSI", "--unit", "Laredo"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The configuration of an empty store."""
    return write_config(tmp_path)


def test_a_token_is_shown_once(path: Path) -> None:
    """The last line of what is printed is a token that is let in; a list never shows it."""
    done = run("access", "add", "--config", path, *VEGA, "--days", "30")
    assert done.code == 0
    said, token = done.out.splitlines()
    assert re.match(r"token \w+ for J\. Vega: requester of HSI, Laredo, until 20", said)
    config = load_config(path)
    with open_audit(config) as log:
        assert Gatekeeper(config, log).identify(token).name == "J. Vega"
    listed = run("access", "list", "--config", path)
    assert token not in listed.out
    assert "in force  requester J. Vega of HSI, Laredo" in listed.out


def test_a_token_for_a_machine(path: Path) -> None:
    """With --json the token, its id and its end are values; a list is a JSON document."""
    made = run("access", "add", "--config", path, *VEGA, "--json").json
    assert set(made) == {"id", "token", "name", "role", "agency", "unit", "expires_at"}
    listed = run("access", "list", "--config", path, "--json").json
    assert [row["id"] for row in listed["tokens"]] == [made["id"]]


def test_a_token_is_withdrawn(path: Path) -> None:
    """A token that was withdrawn is refused, and the list and the log say why."""
    made = run("access", "add", "--config", path, *VEGA, "--json").json
    done = run("access", "withdraw", made["id"], "--config", path, "--why", "left the unit")
    assert done.out == f"token {made['id']} is withdrawn\n"
    assert "withdrawn: left the unit" in run("access", "list", "--config", path).out
    config = load_config(path)
    with open_audit(config) as log, pytest.raises(AccessError):
        Gatekeeper(config, log).identify(made["token"])
    again = run("access", "withdraw", made["id"], "--config", path, "--why", "twice")
    assert again.refused("was withdrawn already")
    listed = run("audit", "list", "--config", path, "--kind", "token_withdrawn", "--json").json
    assert listed["events"][0]["detail"].endswith("for J. Vega: left the unit")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "A", "--role", "boss"], "--role: must be one of requester, owner, reviewer"),
        (["--name", "A", "--role", "owner"], "--agency: is needed with the role owner"),
        ([*VEGA, "--days", "366"], "--days: must be from 1 to 365"),
        ([*VEGA, "--days", "x"], "'x' is not a valid integer"),
        (["--role", "owner"], "Missing option '--name'"),
    ],
)
def test_words_that_do_not_fit(path: Path, words: list[str], said: str) -> None:
    """What cannot be granted is one line, and no token is made."""
    assert run("access", "add", "--config", path, *words).refused(said)
    assert run("access", "list", "--config", path).out == "no tokens\n"


def test_a_token_instead_of_its_id(path: Path) -> None:
    """Whoever withdraws a token by itself is told to name its id, and it is not repeated."""
    made = run("access", "add", "--config", path, *VEGA, "--json").json
    done = run("access", "withdraw", made["token"], "--config", path, "--why", "lost")
    assert done.refused("name the token by its id")
    assert made["token"] not in done.err

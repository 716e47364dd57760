"""The gatekeeper: who is let in by a token of ours, and who is not."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.access import Gatekeeper, Refusal
from linker.access import gatekeeper as gatekeeping
from linker.access import tokens as making
from linker.access.gatekeeper import LONGEST, REMEMBERED
from linker.access.identity import REFUSED
from linker.access.tokens import Grant, make_token
from linker.audit import AuditLog, Who, open_audit
from linker.config import Config, load_config
from linker.errors import AccessError, AuditError
from tests.audit.logs import execute, write_config
from tests.jobs.running import ROOT

BOSS = Who("boss", "command")
GRANT = Grant("J. Vega", "requester", "HSI", "Laredo")


def reason(gatekeeper: Gatekeeper, bearer: str) -> str:
    """Why a token is refused; what its bearer is told is always the same."""
    with pytest.raises(AccessError) as raised:
        gatekeeper.identify(bearer)
    assert str(raised.value) == REFUSED
    assert isinstance(raised.value, Refusal)
    return raised.value.reason


def test_tokens_that_are_refused(config: Config, log: AuditLog) -> None:
    """An unknown id, a wrong secret and a wrong form are all told in the same words."""
    gatekeeper = Gatekeeper(config, log)
    token = make_token(log, GRANT, BOSS)
    other = make_token(log, GRANT, BOSS)
    mixed = other.token.replace(other.id, token.id)
    assert reason(gatekeeper, token.token.replace(token.id, "a" * 12)) == "no such token"
    assert reason(gatekeeper, mixed) == "the secret is wrong"
    assert reason(gatekeeper, token.token[:-1]) == "no token of ours"
    assert reason(gatekeeper, token.token + "\n") == "no token of ours"
    assert reason(gatekeeper, token.token.upper()) == "no token of ours"
    assert reason(gatekeeper, token.id) == "no token of ours"
    assert reason(gatekeeper, "") == "no token of ours"
    assert reason(gatekeeper, "lk_") == "no token of ours"
    assert reason(gatekeeper, "x" * (LONGEST + 1)) == "too long"
    assert reason(gatekeeper, token.token + "é") == "no token"
    assert reason(gatekeeper, "a.b.c") == "no token of ours", "where there is no provider"
    assert gatekeeper.identify(token.token).token_id == token.id


def test_an_expired_token(
    sqlite_config: Config, sqlite_log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token is refused from the second it expires on, also where it was known a moment ago."""

    class Later(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Later:
            return super().now(tz) + dt.timedelta(days=90, seconds=1)

    gatekeeper = Gatekeeper(sqlite_config, sqlite_log)
    token = make_token(sqlite_log, GRANT, BOSS)
    assert gatekeeper.identify(token.token).name == "J. Vega"
    monkeypatch.setattr(making.dt, "datetime", Later)
    assert reason(gatekeeper, token.token) == "expired"


def test_a_withdrawal_works_within_seconds(config_path: Path) -> None:
    """A token that another process withdraws is refused after `REMEMBERED` at the latest."""
    config = load_config(config_path)
    with open_audit(config) as log:
        gatekeeper = Gatekeeper(config, log)
        token = make_token(log, GRANT, BOSS)
        words = ["access", "withdraw", token.id, "--config", str(config_path), "--why", "lost"]
        assert gatekeeper.identify(token.token).token_id == token.id
        subprocess.run([sys.executable, "-m", "linker.cli", *words], cwd=ROOT, check=True)
        withdrawn = time.monotonic()
        while time.monotonic() < withdrawn + REMEMBERED:
            try:
                gatekeeper.identify(token.token)
            except AccessError:
                break
            time.sleep(0.05)
        assert reason(gatekeeper, token.token) == "withdrawn"
    assert REMEMBERED <= 5, "seconds, as the README says"


def test_a_known_token_needs_no_database(
    sqlite_config: Config, sqlite_log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a moment a token is known without asking the database; then it is asked again."""
    gatekeeper = Gatekeeper(sqlite_config, sqlite_log)
    token = make_token(sqlite_log, GRANT, BOSS)
    gatekeeper.identify(token.token)
    execute(sqlite_log, "DROP TABLE tokens")
    assert gatekeeper.identify(token.token).token_id == token.id
    monkeypatch.setattr(gatekeeping, "REMEMBERED", 0.0)
    with pytest.raises(AuditError, match="cannot be read"):
        gatekeeper.identify(token.token)


def test_a_new_token_is_known_at_once(config: Config, log: AuditLog) -> None:
    """That a token was unknown a moment ago is not remembered."""
    gatekeeper = Gatekeeper(config, log)
    for _ in range(3):
        token = make_token(log, GRANT, BOSS)
        reason(gatekeeper, token.token.replace(token.id, "b" * 12))
        assert gatekeeper.identify(token.token).token_id == token.id


def test_only_so_many_are_remembered(
    sqlite_config: Config, sqlite_log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is remembered has a bound, and made-up ids take no room in it."""
    monkeypatch.setattr(gatekeeping, "MOST_REMEMBERED", 3)
    gatekeeper = Gatekeeper(sqlite_config, sqlite_log)
    tokens = [make_token(sqlite_log, GRANT, BOSS) for _ in range(5)]
    for token in tokens * 2:
        assert gatekeeper.identify(token.token).token_id == token.id
        reason(gatekeeper, token.token.replace(token.id, "c" * 12))
        assert len(gatekeeper._remembered) <= 3
    assert "c" * 12 not in gatekeeper._remembered


def test_threads_ask_at_once(config: Config, log: AuditLog) -> None:
    """Threads that share a gatekeeper each get their own answer."""
    gatekeeper = Gatekeeper(config, log)
    tokens = [make_token(log, GRANT, BOSS) for _ in range(4)]
    wrong: list[str] = []

    def ask(place: int) -> None:
        for turn in range(50):
            token = tokens[(place + turn) % 4]
            if gatekeeper.identify(token.token).token_id != token.id:
                wrong.append(token.id)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gatekeeper]:
    """A gatekeeper that many examples are shown to."""
    config = load_config(write_config(tmp_path_factory.mktemp("shared")))
    with open_audit(config) as log:
        yield Gatekeeper(config, log)


@given(text=st.text() | st.text("lk_abc234-.").map("lk_".__add__))
def test_garbage(shared: Gatekeeper, text: str) -> None:
    """Whatever is brought instead of a token is refused, and nothing else happens."""
    assert reason(shared, text)

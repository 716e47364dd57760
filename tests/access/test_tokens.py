"""Tokens: how they are made, kept, listed and withdrawn."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from linker.access import Gatekeeper, Refusal
from linker.access.tokens import Grant, Made, list_tokens, make_token, withdraw_token
from linker.audit import AuditLog, Who
from linker.config import Config
from linker.errors import UsageError
from tests.audit.logs import execute

BOSS = Who("boss", "command")
GRANT = Grant("J. Vega", "requester", "HSI", "Laredo")


def made(log: AuditLog, grant: Grant = GRANT) -> Made:
    return make_token(log, grant, BOSS)


def test_a_token_has_a_secret_of_256_bits(log: AuditLog) -> None:
    """A token is its prefix, its id and a secret; none is like another."""
    tokens = {made(log).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"lk_[a-z2-9]{12}_[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_no_secret_is_kept(sqlite_config: Config, sqlite_log: AuditLog) -> None:
    """Neither a token nor its secret is in any file, or printed by mistake."""
    token = made(sqlite_log)
    secret = token.token.removeprefix(f"lk_{token.id}_")
    for path in sqlite_config.resolve(sqlite_config.store.directory).iterdir():
        assert secret.encode() not in path.read_bytes(), path
    assert secret not in repr(token)
    assert secret not in repr(list_tokens(sqlite_log))


def test_a_token_is_known_again(config: Config, log: AuditLog) -> None:
    """Who brings a token is whom it was made for, until it expires."""
    token = made(log)
    identity = Gatekeeper(config, log).identify(token.token)
    assert (identity.subject, identity.token_id, identity.how) == (token.id, token.id, "token")
    assert (identity.name, identity.role) == ("J. Vega", "requester")
    assert (identity.viewer.role, identity.viewer.agency) == ("requester", "HSI")
    assert identity.viewer.unit == "Laredo"
    assert identity.who == Who(token.id, "token", "J. Vega", token.id, "requester", "HSI", "Laredo")
    left = dt.datetime.fromisoformat(token.expires_at) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=89, hours=23) < left < dt.timedelta(days=90, hours=1)


def test_tokens_are_listed(log: AuditLog) -> None:
    """A list says whose tokens there are, since when, until when, and what became of each."""
    first = made(log)
    second = made(log, Grant("K. Lund", "auditor", days=365))
    withdraw_token(log, first.id, "left the unit", BOSS)
    found = {row["id"]: row for row in list_tokens(log)}
    assert found[first.id]["status"] == "withdrawn"
    assert found[first.id]["withdrawn_why"] == "left the unit"
    assert found[second.id]["status"] == "in force"
    assert (found[second.id]["agency"], found[second.id]["unit"]) == (None, None)
    assert set(found[first.id]) == {
        *("id", "name", "role", "agency", "unit", "made_at", "made_by", "expires_at", "status"),
        *("withdrawn_at", "withdrawn_by", "withdrawn_why"),
    }


def test_every_act_is_in_the_log(log: AuditLog) -> None:
    """That a token was made or withdrawn, by whom and why, is in the audit log."""
    token = made(log)
    withdraw_token(log, token.id, "left the unit", BOSS)
    withdrawn, begun = log.read()
    assert (begun["kind"], begun["subject"]) == ("token_made", "boss")
    told = f"token {token.id} for J. Vega: requester, HSI, Laredo, until {token.expires_at}"
    assert begun["detail"] == told
    assert (withdrawn["kind"], withdrawn["subject"]) == ("token_withdrawn", "boss")
    assert withdrawn["detail"] == f"token {token.id} for J. Vega: left the unit"
    assert log.verify().sound


def test_a_token_is_withdrawn_once(log: AuditLog) -> None:
    """A token that is withdrawn stays so; withdrawing needs its id and a reason."""
    token = made(log)
    with pytest.raises(UsageError, match="is empty; say why"):
        withdraw_token(log, token.id, " ", BOSS)
    with pytest.raises(UsageError, match="no such token"):
        withdraw_token(log, "nobody", "why", BOSS)
    with pytest.raises(UsageError, match="no such token"):
        withdraw_token(log, "a\0\udcff", "why", BOSS)
    with pytest.raises(UsageError, match="name the token by its id"):
        withdraw_token(log, token.token, "why", BOSS)
    withdraw_token(log, token.id, "lost\0\udcff", BOSS)
    with pytest.raises(UsageError, match="was withdrawn already, on 20"):
        withdraw_token(log, token.id, "lost", BOSS)
    assert [row["kind"] for row in log.read()] == ["token_withdrawn", "token_made"]


@pytest.mark.parametrize(
    ("grant", "said"),
    [
        (Grant("A", "boss"), "--role: must be one of requester, owner,"),
        (Grant("A", "managr"), "did you mean 'manager'?"),
        (Grant(" ", "requester"), "--name: is empty"),
        (Grant("A", "requester", days=0), "--days: must be from 1 to 365"),
        (Grant("A", "requester", days=366), "--days: must be from 1 to 365"),
        (Grant("A", "owner"), "--agency: is needed with the role owner"),
        (Grant("A", "manager", " "), "--agency: is needed with the role manager"),
        (Grant("A", "requester", unit="Laredo"), "--agency: is needed with --unit"),
        (Grant("A\nB", "requester"), "--name: must be at most 200 characters, on one line"),
        (Grant("A", "requester", "x" * 201), "--agency: must be at most 200 characters"),
        (Grant("A", "requester", "HSI", "\ud800"), "--unit: must be at most 200 characters"),
    ],
)
def test_what_cannot_be_granted(sqlite_log: AuditLog, grant: Grant, said: str) -> None:
    """A grant that makes no sense is one line, and makes no token."""
    with pytest.raises(UsageError) as raised:
        make_token(sqlite_log, grant, BOSS)
    assert said in str(raised.value)
    assert list_tokens(sqlite_log) == sqlite_log.read() == []


@pytest.mark.parametrize(
    "change",
    [
        "role = 'manager'",
        "agency = 'DEA'",
        "unit = NULL",
        "name = 'K. Lund'",
        "expires_at = '2999-01-01T00:00:00+00:00'",
        "secret_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
        "seal = ''",
        "id = 'aaaaaaaaaaaa'",
    ],
)
def test_a_token_that_was_changed_in_the_database(
    sqlite_config: Config, sqlite_log: AuditLog, change: str
) -> None:
    """Who can write into the database and has no key can give nobody more than was granted."""
    token = made(sqlite_log)
    execute(sqlite_log, f"UPDATE tokens SET {change}")
    bearer = token.token.replace(token.id, "a" * 12) if change.startswith("id") else token.token
    with pytest.raises(Refusal) as raised:
        Gatekeeper(sqlite_config, sqlite_log).identify(bearer)
    assert raised.value.reason in ("forged", "the secret is wrong")
    assert [row["status"] for row in list_tokens(sqlite_log)] == ["forged"]


def test_a_withdrawal_cannot_be_taken_back_in_the_database(config: Config, log: AuditLog) -> None:
    """A token whose withdrawal was wiped out is refused all the same."""
    token = made(log)
    withdraw_token(log, token.id, "lost", BOSS)
    execute(log, "UPDATE tokens SET withdrawn_at = NULL, withdrawn_by = NULL")
    with pytest.raises(Refusal) as raised:
        Gatekeeper(config, log).identify(token.token)
    assert raised.value.reason == "forged"

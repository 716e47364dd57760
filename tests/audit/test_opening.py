"""Opening the audit log: where it lies, and what is wrong where it cannot be opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linker.access.tokens import Grant, make_token, withdraw_token
from linker.audit import AuditLog, open_audit
from linker.audit.key import prepare_key, read_key
from linker.config import Config, load_config
from linker.deconfliction.disclose import Viewer
from linker.errors import AuditError, ConfigError, LinkerError, StoreError
from linker.store.layout import open_or_create_store
from tests.audit.logs import VEGA, Met, execute, lookup, write_config
from tests.audit.postgres import Server


def store_of(config: Config) -> Path:
    return config.resolve(config.store.directory)


def refused(config: Config, kind: type[LinkerError], *words: str) -> bool:
    """Tell whether opening and recording fails with one line that has these words."""
    with pytest.raises(kind) as raised, open_audit(config) as log:
        log.record(lookup())
    line = str(raised.value)
    assert "\n" not in line
    missing = [word for word in words if word not in line]
    assert not missing, f"{missing} not in: {line}"
    return True


def test_where_there_is_no_store(tmp_path: Path) -> None:
    """A log belongs to a store: without one nothing is made."""
    path = write_config(tmp_path)
    (tmp_path / "store" / "store.json").unlink()
    before = sorted(tmp_path.rglob("*"))
    assert refused(load_config(path), StoreError, "no store there yet; run linker link")
    assert sorted(tmp_path.rglob("*")) == before


def test_the_store_is_still_a_store(sqlite_config: Config) -> None:
    """A store with an audit log in it can be written by a run."""
    open_audit(sqlite_config).close()
    open_or_create_store(store_of(sqlite_config))


def test_a_file_of_its_own(tmp_path: Path) -> None:
    """A URL names another file; a relative one starts at the configuration's directory."""
    config = load_config(write_config(tmp_path, "sqlite:///kept.sqlite"))
    with open_audit(config) as log:
        log.record(lookup())
    assert (tmp_path / "kept.sqlite").exists()
    assert (tmp_path / "store" / "audit.key").exists()
    assert not (tmp_path / "store" / "audit.sqlite").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("audit.sqlite", "is no URL of a database"),
        ("mysql://host/base", "names a database that is not supported"),
        ("postgresql+psycopg2://host/base", "names a database that is not supported"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///file?mode=memory&uri=true", "must name a file"),
        ("postgresql://host/base?sslmode=maybe", "sslmode=disable, prefer, require or verify-full"),
        ("postgresql://host/base?options=-c", "no other parameter"),
    ],
)
def test_a_url_that_cannot_be_used(tmp_path: Path, url: str, said: str) -> None:
    """A URL of another kind is refused before anything is made."""
    assert refused(load_config(write_config(tmp_path, url)), ConfigError, "audit: url: ", said)


def test_without_its_key_there_is_no_log(config: Config) -> None:
    """Where the key is gone or damaged the log is refused, and stays refused."""
    key = store_of(config) / "audit.key"
    with open_audit(config) as log:
        log.record(lookup())
    key.write_bytes(b"short")
    assert refused(config, AuditError, str(key), "is missing or damaged", "restore it")
    key.unlink()
    assert refused(config, AuditError, str(key), "is missing or damaged", "restore it")
    assert not key.exists()


def test_another_key_adds_nothing(config: Config) -> None:
    """With another log's key the log can be read, and neither continued nor verified."""
    with open_audit(config) as log:
        log.record(lookup())
    (store_of(config) / "audit.key").write_bytes(bytes(32))
    assert refused(config, AuditError, "the log's head does not fit audit.key")
    with open_audit(config) as log:
        assert log.count() == 1
        assert "not sealed with audit.key" in log.verify().findings[0].what


def test_a_log_that_is_gone(sqlite_config: Config) -> None:
    """Where the key tells that there was a log, no other one takes its place unasked."""
    with open_audit(sqlite_config) as log:
        log.record(lookup())
    for path in store_of(sqlite_config).glob("audit.sqlite*"):
        path.unlink()
    assert refused(sqlite_config, AuditError, "the audit log is gone", "restore it from a backup")
    (store_of(sqlite_config) / "audit.key").unlink()
    with open_audit(sqlite_config) as log:
        assert log.record(lookup()) == 1


def test_who_died_before_the_key_was_in_its_place(config: Config) -> None:
    """A key that lies beside its place, made together with the log, is put there."""
    with open_audit(config) as log:
        log.record(lookup())
    key = store_of(config) / "audit.key"
    key.rename(key.with_name("audit.key.new"))
    with open_audit(config) as log:
        assert log.record(lookup()) == 2
        assert log.verify().sound
    assert read_key(key) == log.key


def test_who_died_before_the_log_was_there(config: Config) -> None:
    """A key that was prepared for a log that never came to be is forgotten."""
    prepared = prepare_key(store_of(config) / "audit.key")
    with open_audit(config) as log:
        assert log.key != prepared
        assert log.record(lookup()) == 1


def test_a_prepared_key_of_another_log(config: Config) -> None:
    """A key that lies beside its place and does not fit the log is not taken for its key."""
    open_audit(config).close()
    key = store_of(config) / "audit.key"
    key.unlink()
    prepare_key(key)
    assert refused(config, AuditError, "is missing or damaged")


def test_a_newer_version(config: Config) -> None:
    """A log that a newer version wrote is refused, with what to do."""
    with open_audit(config) as log:
        execute(log, "UPDATE head SET version = 99")
    assert refused(config, AuditError, "version 99, written by a newer version", "upgrade linker")


def test_a_file_that_is_no_database(sqlite_config: Config) -> None:
    """A file of something else is refused and left as it is."""
    path = store_of(sqlite_config) / "audit.sqlite"
    path.write_bytes(b"something else" * 1_000)
    assert refused(sqlite_config, AuditError, str(path), "is damaged, or no audit log")
    assert path.read_bytes() == b"something else" * 1_000


def test_a_database_of_something_else(sqlite_log: AuditLog, sqlite_config: Config) -> None:
    """A database whose tables are others is refused."""
    execute(sqlite_log, "DROP TABLE terms")
    assert refused(sqlite_config, AuditError, "is damaged, or no audit log")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A directory that is not there, or a file instead, is one line."""
    config = load_config(write_config(tmp_path, "sqlite:///nowhere/audit.sqlite"))
    assert refused(config, AuditError, "nowhere/audit.sqlite", "no such file or directory")
    (tmp_path / "folder").mkdir()
    config = load_config(write_config(tmp_path, "sqlite:///folder"))
    assert refused(config, AuditError, "folder: cannot be written: is a directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_is_read_only(sqlite_config: Config) -> None:
    """A log that this user may only read is one line."""
    open_audit(sqlite_config).close()
    (store_of(sqlite_config) / "audit.sqlite").chmod(0o400)
    assert refused(sqlite_config, AuditError, "cannot be written: permission denied")


def test_a_log_that_another_one_holds(
    sqlite_log: AuditLog, sqlite_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits too long for others that write says so."""
    monkeypatch.setattr("linker.audit.database.WAITS", 0.2)
    with sqlite_log.transaction():
        assert refused(sqlite_config, AuditError, "cannot be written: others have been writing")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """A server that does not answer is one line, without the password."""
    url = "postgresql://linker:geheim@127.0.0.1:1/audit"
    with pytest.raises(AuditError) as raised:
        open_audit(load_config(write_config(tmp_path, url)))
    assert str(raised.value) == (
        "postgresql://127.0.0.1:1/audit: cannot be read: it cannot be reached; start it, or mend "
        "audit.url"
    )


def test_a_server_that_refuses(server: Server, tmp_path: Path) -> None:
    """A wrong password and a missing database are one line each, which show no password."""
    wrong = server.url().replace(server.password, "geheim")
    config = load_config(write_config(tmp_path, wrong))
    assert refused(config, AuditError, "refuses the user or the password")
    config = load_config(write_config(tmp_path, server.url("nowhere")))
    assert refused(config, AuditError, "there is no such database")


def test_a_password_that_is_not_in_the_file(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password may be given by PGPASSWORD instead, and TLS be asked for by sslmode."""
    url = server.emptied().replace(f":{server.password}", "")
    monkeypatch.setenv("PGPASSWORD", server.password)
    with open_audit(load_config(write_config(tmp_path, url))) as log:
        assert log.record(lookup()) == 1
    assert refused(
        load_config(write_config(tmp_path, f"{url}?sslmode=verify-full")),
        AuditError,
        "it speaks no TLS",
    )


GRANTS = (
    "GRANT USAGE ON SCHEMA public TO worker",
    "GRANT SELECT, INSERT ON events, terms TO worker",
    "GRANT SELECT, UPDATE ON head TO worker",
    "GRANT SELECT, INSERT, UPDATE ON alerts, tokens TO worker",
    "GRANT USAGE ON SEQUENCE alerts_id_seq TO worker",
)
"""What the README says that a service's own user needs."""


def test_a_user_that_owns_nothing(server: Server, tmp_path: Path) -> None:
    """A user who may only add records events, raises alerts and makes tokens, and drops nothing."""
    path = write_config(tmp_path, server.emptied())
    with open_audit(load_config(path)) as log:
        execute(log, f"CREATE USER worker PASSWORD '{server.password}'", *GRANTS)
    text = path.read_text("utf-8").replace(server.url(), server.url(user="worker"))
    path.write_text(text, "utf-8")
    with open_audit(load_config(path)) as log:
        assert log.record(lookup()) == 1
        (number,) = log.raise_alerts(lookup(), [Met()])
        assert log.mark_seen([number], VEGA, Viewer("owner", "DEA", "El Paso")) == 1
        token = make_token(log, Grant("A", "requester"), VEGA)
        withdraw_token(log, token.id, "lost", VEGA)
        assert log.verify().sound
        for statement in ("DROP TRIGGER events_no_update ON events", "DELETE FROM terms"):
            with pytest.raises(AuditError, match="the user may not do that there; grant it"):
                execute(log, statement)

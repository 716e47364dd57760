"""The audit key: what is kept of values that were asked for."""

from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.audit import AuditLog
from linker.audit.key import KEY_BYTES, AuditKey, plain
from linker.config import Config
from tests.audit.logs import ASKED, lookup

KEY = AuditKey(bytes(range(KEY_BYTES)))


def test_the_key_is_its_owners_alone(sqlite_config: Config, sqlite_log: AuditLog) -> None:
    """The key has 256 bits and can be read by its owner alone, and so can the log."""
    sqlite_log.record(lookup())
    store = sqlite_config.resolve(sqlite_config.store.directory)
    assert (store / "audit.key").stat().st_size == KEY_BYTES
    assert not (store / "audit.key.new").exists()
    for path in store.glob("audit.*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_what_was_asked_for_is_in_no_file(sqlite_config: Config, sqlite_log: AuditLog) -> None:
    """No file of the store holds a value that was asked for, in any spelling of it."""
    sqlite_log.record(lookup())
    values = [ASKED["full_name"], *ASKED["phones"]]
    sought = {spelt.encode() for value in values for spelt in (str(value), plain(str(value)))}
    for path in sqlite_config.resolve(sqlite_config.store.directory).iterdir():
        held = path.read_bytes()
        assert not [value for value in sought if value in held], path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Esperanza Quiñones", "ESPERANZA QUINONES"),
        ("+52 55 1234 5678", "525512345678"),
        ("A-012 345 678", "a012345678"),
        ("Straße", "STRASSE"),
        ("\uff2auan", "juan"),  # a wide letter
    ],
)
def test_spellings_of_one_value(one: str, other: str) -> None:
    """Case, accents, spaces and punctuation make no other value."""
    assert KEY.digest("full_name", one) == KEY.digest("full_name", other)


def test_what_makes_another_hash() -> None:
    """Another value, another field, a wildcard or another key makes another hash."""
    asked = KEY.digest("plates", "ABC12")
    others = {
        KEY.digest("plates", "ABC13"),
        KEY.digest("passport", "ABC12"),
        KEY.digest("plates", "ABC12*"),
        KEY.digest("plates", "ABC1?2"),
        AuditKey(bytes(KEY_BYTES)).digest("plates", "ABC12"),
    }
    assert len(others | {asked}) == 6


def test_what_says_nothing_is_left_out() -> None:
    """Values without a letter or a digit have no hash; several values of a field have one each."""
    found = KEY.digests({"sex": " - ", "aliases": ["Pepe", "pepe ", "", "El Güero"], "surname": ""})
    assert list(found) == ["aliases"]
    assert len(found["aliases"]) == 2


@given(st.text(), st.text())
def test_a_seal_is_of_its_own_texts(one: str, other: str) -> None:
    """A seal fits the texts it was made of, in their places, and no others."""
    seal = KEY.seal("head", "1", "x")
    assert KEY.sealed(seal, "head", "1", "x")
    if (one, other) != ("1", "x"):
        assert not KEY.sealed(seal, "head", one, other)
    assert not KEY.sealed(seal, "token", "1", "x")
    assert not KEY.sealed(one, "head", "1", "x")


def test_the_key_is_not_shown() -> None:
    """A key that is printed by mistake prints nothing of itself."""
    assert "secret" not in repr(KEY)
    assert "\\x01" not in repr(KEY)

"""The keys of an identity provider: how they are had, kept, and had anew."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linker.access import Refusal
from linker.access import keys as keeping
from linker.access.keys import Keys
from linker.config import Config, load_config
from linker.errors import ConfigError
from tests.access.provider import EC, JWKS, RSA, Served, jwk, serving
from tests.audit.logs import write_config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A configuration beside which the keys may lie."""
    return load_config(write_config(tmp_path))


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A provider's server, whose certificate is trusted."""
    with serving(tmp_path) as served:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        yield served


def show(served: Served, *keys: dict[str, Any]) -> None:
    served.body = json.dumps({"keys": list(keys)}).encode()


def reason(keys: Keys, key_id: str) -> str:
    with pytest.raises(Refusal) as raised:
        keys.get(key_id)
    return raised.value.reason


def age(keys: Keys, seconds: float) -> None:
    """Let time go by since the keys were read and tried."""
    assert keys._read_at is not None
    assert keys._tried_at is not None
    keys._read_at -= seconds
    keys._tried_at -= seconds


def test_keys_are_read_once(config: Config, served: Served) -> None:
    """Keys are read when the first is asked for, and kept."""
    keys = Keys(config, served.address)
    assert served.asked == 0
    assert keys.get("rsa") == JWKS["keys"][0]
    assert keys.get("ec")["kty"] == "EC"
    assert served.asked == 1


def test_a_new_key_is_found(config: Config, served: Served) -> None:
    """A key that is not known makes the keys be read anew, once in half a minute."""
    keys = Keys(config, served.address)
    keys.get("rsa")
    show(served, jwk(EC, "new"))
    assert [reason(keys, "new") for _ in range(50)] == ["unknown key"] * 50
    assert served.asked == 1
    age(keys, keeping.PAUSE_WEB)
    assert keys.get("new")["kid"] == "new"
    assert reason(keys, "rsa") == "unknown key", "which the provider shows no more"
    assert served.asked == 2


def test_a_key_that_was_withdrawn(config: Config, served: Served) -> None:
    """A key that the provider shows no more is unknown within minutes."""
    keys = Keys(config, served.address)
    keys.get("rsa")
    show(served, jwk(EC, "ec"))
    assert keys.get("rsa")
    age(keys, keeping.KEPT)
    assert reason(keys, "rsa") == "unknown key"
    assert keys.get("ec")


def test_a_provider_that_is_down(config: Config, served: Served) -> None:
    """Keys are used for an hour where they cannot be read anew, and then no longer."""
    keys = Keys(config, served.address)
    keys.get("rsa")
    served.status = 503
    age(keys, keeping.KEPT)
    assert [keys.get("rsa")["kid"] for _ in range(20)] == ["rsa"] * 20
    assert served.asked == 2
    age(keys, keeping.STALE)
    assert reason(keys, "rsa") == "the provider's keys cannot be read"
    served.status = 200
    age(keys, keeping.PAUSE_WEB)
    assert keys.get("rsa")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"keys": 7}', b"\xff", b"[" * 9_999]
)
def test_an_answer_that_is_no_jwks(config: Config, served: Served, body: bytes) -> None:
    """An answer that holds no keys changes nothing."""
    keys = Keys(config, served.address)
    keys.get("rsa")
    served.body = body
    age(keys, keeping.KEPT)
    assert keys.get("rsa")
    served_first = Keys(config, served.address)
    assert reason(served_first, "rsa") == "the provider's keys cannot be read"


def test_keys_that_are_not_for_signing(config: Config, served: Served) -> None:
    """Keys for encryption, without an id, or of no shape are left out."""
    strange = [7, {}, {"kid": 7, "kty": "RSA"}, jwk(RSA, "enc", use="enc")]
    wrapping = {**jwk(RSA, "wrap"), "key_ops": ["wrapKey"]}
    served.body = json.dumps({"keys": [*strange, wrapping, jwk(EC, "ec")]}).encode()
    keys = Keys(config, served.address)
    assert keys.get("ec")
    assert reason(keys, "enc") == reason(keys, "wrap") == "unknown key"


def test_a_server_that_is_not_trusted(
    config: Config, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a certificate that is trusted no key is taken."""
    monkeypatch.delenv("SSL_CERT_FILE")
    assert reason(Keys(config, served.address), "rsa") == "the provider's keys cannot be read"
    assert served.asked == 0


def test_a_way_elsewhere(config: Config, served: Served) -> None:
    """A redirect is not followed."""
    served.status, served.headers = 302, {"Location": served.address}
    assert reason(Keys(config, served.address), "rsa") == "the provider's keys cannot be read"
    assert served.asked == 1


def test_an_endless_answer(config: Config, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is too long, or does not come, is given up."""
    monkeypatch.setattr(keeping, "MOST_BYTES", 100)
    assert reason(Keys(config, served.address), "rsa") == "the provider's keys cannot be read"
    monkeypatch.setattr(keeping, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(keeping, "WAITS", 0.2)
    served.delay = 2.0
    begun = time.monotonic()
    assert reason(Keys(config, served.address), "rsa") == "the provider's keys cannot be read"
    assert time.monotonic() - begun < served.delay


def test_while_one_reads_others_go_on(config: Config, served: Served) -> None:
    """While keys are read anew those that are known go on to be used."""
    keys = Keys(config, served.address)
    keys.get("rsa")
    age(keys, keeping.KEPT)
    served.delay = 0.5
    thread = threading.Thread(target=keys.get, args=("rsa",))
    thread.start()
    while served.asked < 2:
        time.sleep(0.001)
    begun = time.monotonic()
    assert keys.get("rsa")
    assert time.monotonic() - begun < served.delay / 2
    thread.join()
    assert served.asked == 2


def test_those_who_come_first_together(config: Config, served: Served) -> None:
    """Several who ask before any key is known cause one reading, and all get theirs."""
    keys, got = Keys(config, served.address), list[str]()
    served.delay = 0.2
    threads = [
        threading.Thread(target=lambda: got.append(keys.get("rsa")["kid"])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, served.asked) == (["rsa"] * 6, 1)


def test_keys_in_a_file(config: Config, tmp_path: Path) -> None:
    """Keys may lie in a file beside the configuration; a new one is found within a second."""
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(JWKS))
    keys = Keys(config, "keys.json")
    assert keys.get("rsa")
    path.write_text(json.dumps({"keys": [jwk(EC, "new")]}))
    age(keys, keeping.PAUSE_FILE)
    assert keys.get("new")
    path.unlink()
    age(keys, keeping.KEPT)
    assert keys.get("new")


@pytest.mark.parametrize("text", [None, "", "{}", '{"keys": []}', '{"keys": [{"kid": 7}]}'])
def test_a_file_without_keys(config: Config, tmp_path: Path, text: str | None) -> None:
    """A file that is missing or holds no keys is told before anybody asks."""
    if text is not None:
        (tmp_path / "keys.json").write_text(text)
    with pytest.raises(ConfigError, match=r"keys\.json: holds no JWKS that can be read"):
        Keys(config, "keys.json")


@pytest.mark.parametrize("place", ["http://127.0.0.1/keys", "file:///keys.json", "ftp://x/keys"])
def test_an_address_without_tls(config: Config, place: str) -> None:
    """Keys from an address that anybody on the way could change are refused."""
    with pytest.raises(ConfigError, match="must be a file or an https address"):
        Keys(config, place)

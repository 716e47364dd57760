"""A real service in processes of its own, on a free port, and people with tokens who ask it."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from linker.access.tokens import Grant, make_token
from linker.audit import Who, open_audit
from linker.config import load_config
from linker.deconfliction.disclose import ROLES
from tests.jobs.running import ROOT

T = TypeVar("T")

STARTS_WITHIN = 120.0
"""Seconds; a kernel that nobody compiled yet takes half a minute."""
WHY = {"purpose": "opening of a case", "case_number": "T-2026-1"}
WHY_HEADERS = {"Linker-Purpose": WHY["purpose"], "Linker-Case": WHY["case_number"]}
OWNERS = {"agency": "HSI", "unit": "Laredo"}
"""The unit that has the silent case of the small world, and the one that is pointer-only."""
OTHERS = {"agency": "FBI", "unit": "Houston"}


@dataclass
class Served:
    """A service that answers.

    Attributes:
        url: Where.
        config: Its configuration.
        tokens: By the name of whom they are for: a role, or a role and ``elsewhere``.
        authority: The certificate that it has signed itself, if it speaks TLS.
        log: Where its log lines go.
        process: The first of its processes.
        temporary: Its directory for temporary files.
    """

    url: str
    config: Path
    log: Path
    process: subprocess.Popen[bytes]
    temporary: Path
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    authority: Path | None = None

    @property
    def trusted(self) -> ssl.SSLContext | bool:
        """What vouches for it."""
        return ssl.create_default_context(cafile=str(self.authority)) if self.authority else True

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def client(
        self, who: str | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Client:
        """Return a client that asks as somebody."""
        bearer = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return httpx.Client(
            base_url=self.url,
            headers={**bearer, **(headers or {})},
            timeout=30,
            verify=self.trusted,
        )

    def ask(self, who: str, fields: Mapping[str, Any], **more: Any) -> httpx.Response:
        """Look a person up as somebody."""
        body = {"entity_type": "person", "fields": fields, **WHY, **more}
        with self.client(who) as client:
            return client.post("/v1/lookups", json=body)

    def shared(self) -> list[Path]:
        """What its workers share for the time that it runs."""
        return list(self.temporary.glob("linker-serve-*"))

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged; a library may say something else where a process ends."""
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def settings(**service: Any) -> str:
    """The section of a service for tests: quick to stall and to reload, slow to refuse."""
    given = {
        "port": 0,
        "workers": 1,
        "request_seconds": 5.0,
        "requests_per_minute": 1_000_000,
        "burst": 100_000,
        "answer_milliseconds": 25,
        "reload_seconds": 0.2,
        **service,
    }
    return "\n[service]\n" + "".join(f"{key} = {json.dumps(given[key])}\n" for key in given)


def add_service(config: Path, **service: Any) -> Path:
    """Give a configuration the section of a service."""
    config.write_text(config.read_text(encoding="utf-8") + settings(**service), encoding="utf-8")
    return config


def without_service(config: Path) -> Path:
    """Take the section of a service out of a configuration."""
    text = config.read_text(encoding="utf-8").partition("\n[service]")[0]
    config.write_text(text, encoding="utf-8")
    return config


def make_tokens(config: Path) -> dict[str, str]:
    """Make a token for each role in the owners' unit, and for each elsewhere."""
    found = {}
    with open_audit(load_config(config)) as log:
        for role in ROLES:
            for name, unit in ((role, OWNERS), (f"{role} elsewhere", OTHERS)):
                grant = Grant(name, role, unit["agency"], unit["unit"])
                found[name] = make_token(log, grant, Who("test")).token
    return found


@contextmanager
def served(config: Path, *words: str, authority: Path | None = None) -> Iterator[Served]:
    """Serve until the end of a with statement, and leave no process behind."""
    tokens = make_tokens(config)
    log = config.with_name("service.log")
    temporary = Path(tempfile.mkdtemp(prefix="temporary-", dir=config.parent.parent))
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "linker.cli", "serve", "--config", str(config), *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=lines,
            env={**os.environ, "TMPDIR": str(temporary)},
            start_new_session=True,  # so that all of it can be ended at once
        )
    try:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        address = re.search(r"https?://\S+", said)
        assert address, (said, log.read_text(encoding="utf-8"))
        made = Served(address[0], config, log, process, temporary, tokens, authority)
        _await(made)
        yield made
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> int:
    """End a service, at last by force, and return its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):  # workers that outlived it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    return process.returncode


def until(look: Callable[[], T | None], seconds: float = 20.0) -> T:
    """Look for something until it is there."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about in time")


def _await(made: Served) -> None:
    def is_ready() -> bool:
        assert made.process.poll() is None, made.log.read_text(encoding="utf-8")
        try:
            got = httpx.get(f"{made.url}/readyz", timeout=5, verify=made.trusted)
        except httpx.TransportError:
            return False
        return got.status_code == 200

    until(is_ready, STARTS_WITHIN)

"""Starting workers on one address, and ending them."""

from __future__ import annotations

import ipaddress
import math
import os
import shutil
import socket
import ssl
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from linker.audit import open_audit
from linker.config import Config
from linker.errors import ConfigError, StoreError, UsageError
from linker.service.door.logs import CONFIG as LOG_CONFIG
from linker.service.door.rates import make_rates
from linker.service.handed import (
    CONFIG_VARIABLE,
    NUMBERS_VARIABLE,
    RATES,
    SHARED_VARIABLE,
)
from linker.service.supervisor import Supervisor
from linker.store.generation import current_generation
from linker.store.layout import open_store

BACKLOG: Final = 2_048
"""Connections that wait to be taken."""

IN_THE_CLEAR: Final = (
    "tokens and answers travel in the clear; give service.certificate and service.private_key, or "
    "let only a proxy that speaks TLS reach this address, and set service.behind_tls"
)


@dataclass(frozen=True)
class Serving:
    """A service that is about to start.

    Attributes:
        address: Where it will be.
        generation: What it will answer from, until another one is published.
        workers: How many processes.
        warning: What whoever starts it should know, empty where there is nothing.
    """

    address: str
    generation: int
    workers: int
    warning: str


class Service:
    """A service: an address, and the workers that share it."""

    def __init__(
        self, config: Config, path: Path, given: Mapping[str, str | int] | None = None
    ) -> None:
        """Take the address, and see that there is something to serve.

        Args:
            config: What is served and where, and its bounds.
            path: The configuration's file, for the workers to read.
            given: ``host``, ``port`` and ``workers`` where they are to be others.

        Raises:
            StoreError: Nothing has been published yet.
            AuditError: The audit log cannot be opened.
            ConfigError: The certificate cannot be read.
            UsageError: The address cannot be used, or another process has it.
        """
        bounds = config.service.model_copy(update=dict(given or {}))
        self._config, self._path = config, path.resolve()
        generation = current_generation(open_store(config.resolve(config.store.directory)))
        open_audit(config).close()
        self._certificate = _files_of(config)
        workers = bounds.workers or os.cpu_count() or 1
        self._sockets = bound(bounds.host, bounds.port, workers)
        host, port = self._sockets[0].getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        scheme = "https" if self._certificate else "http"
        self.serving = Serving(
            f"{scheme}://{name}:{port}",
            generation.number,
            workers,
            "" if config.service.reached_by_tls or _is_here(host) else IN_THE_CLEAR,
        )

    def run(self) -> None:
        """Serve until a signal ends it; what was being answered then is answered first.

        Raises:
            StoreError: A worker could not start; its line on standard error says why.
        """
        bounds = self._config.service
        certificate, key = self._certificate or (None, None)
        with _shared(self._path):
            config = uvicorn.Config(
                "linker.service.app:create",
                factory=True,
                http="linker.service.connection:Connection",
                ws="none",
                lifespan="on",
                interface="asgi3",
                workers=self.serving.workers,
                log_config=LOG_CONFIG,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_keep_alive=math.ceil(bounds.request_seconds),
                timeout_graceful_shutdown=math.ceil(bounds.request_seconds) + 1,
                ssl_certfile=certificate,
                ssl_keyfile=key,
            )
            try:
                started = Supervisor(config, self._sockets).run()
            finally:
                for each in self._sockets:
                    each.close()
        if not started:
            raise StoreError("the service could not start; the line above says why")


@contextmanager
def _shared(path: Path) -> Iterator[None]:
    """Give workers a directory for what they count together, and tell them where it is."""
    directory = Path(tempfile.mkdtemp(prefix="linker-serve-"))
    numbers = directory / "numbers"
    told = {
        CONFIG_VARIABLE: str(path),
        SHARED_VARIABLE: str(directory),
        NUMBERS_VARIABLE: str(numbers),
    }
    before = {name: os.environ.get(name) for name in told}
    try:
        numbers.mkdir()
        make_rates(directory / RATES)
        os.environ.update(told)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(directory, ignore_errors=True)


def _is_here(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def bound(host: str, port: int, workers: int) -> list[socket.socket]:
    """Return a listening socket for each worker, all of them at one address.

    Of one socket that all share, whoever wakes first takes every connection that waits: of 64
    clients that come at once one worker had all but a few. Of several at one address the system
    deals connections out. They are held by the first process, so that those of a worker which died
    wait for the one that takes its place.

    Args:
        host: The address, or a name of it.
        port: The port; 0 for one that is free.
        workers: How many there will be.

    Raises:
        UsageError: It is no address of this machine, or another process has it.
    """
    place = f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        first = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        raise UsageError(f"{place}: is no address of this machine; name another --host") from None
    several = workers > 1 and sys.platform == "linux"  # elsewhere they are not dealt out
    made = [first]
    try:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first.bind(address)
        first.listen(BACKLOG)  # also tells whether another process listens there
        if several:
            taken = first.getsockname()
            first.close()
            made = [socket.socket(family, socket.SOCK_STREAM) for _ in range(workers)]
            for each in made:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                each.bind(taken)
                each.listen(BACKLOG)
    except OSError as error:
        for each in made:
            each.close()
        reason = os.strerror(error.errno).lower() if error.errno else "it cannot be used"
        raise UsageError(f"{place}: {reason}; name another --host or --port") from None
    for each in made:
        each.set_inheritable(True)
    return made


def _files_of(config: Config) -> tuple[str, str] | None:
    """Return certificate and private key, None where the service speaks no TLS."""
    certificate, key = config.service.certificate, config.service.private_key
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise ConfigError("service: certificate and private_key go together; give both or neither")
    paths = config.resolve(certificate), config.resolve(key)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*paths)
    except (OSError, ssl.SSLError):
        raise ConfigError(
            "service: certificate: the certificate and its key cannot be read as PEM files"
        ) from None
    return str(paths[0]), str(paths[1])

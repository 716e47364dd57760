"""A PostgreSQL server of our own, on loopback, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

SOON = 60.0
"""Seconds in which a server must have started, on a machine that is busy."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    password: str

    def url(self, database: str = "postgres", user: str = "linker") -> str:
        return f"postgresql+pg8000://{user}:{self.password}@127.0.0.1:{self.port}/{database}"

    def emptied(self) -> str:
        """Drop all that is there, whoever is at it, and return the database's URL."""
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in EMPTYING:
                connection.execute(text(statement))
        engine.dispose()
        return self.url()


OTHERS = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
EMPTYING = (
    f"SELECT pg_terminate_backend(pid) FROM {OTHERS}",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)
"""A database for each test would be a thousand files each time."""


def binaries() -> Path:
    """Where the server's programs are; a test is skipped where there are none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: int(it.parts[-3])
    )
    named = shutil.which("initdb")
    if not found and named is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return (found[-1] if found else Path(str(named)).resolve()).parent


def as_other_user() -> dict[str, Any]:
    """Who runs the server, which refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in a directory that is removed afterwards."""
    programs, user = binaries(), as_other_user()
    directory = Path(tempfile.mkdtemp(prefix="linker-postgres-"))
    try:
        if user:
            os.chown(directory, user["user"], user["group"])
        password = secrets.token_urlsafe(12)
        (directory / "password").write_text(password, encoding="ascii")
        (directory / "password").chmod(0o644)
        data = directory / "data"
        made = subprocess.run(
            [
                *(programs / "initdb", "--pgdata", data, "--username=linker"),
                *("--auth=scram-sha-256", "--pwfile", directory / "password"),
                *("--no-sync", "--encoding=UTF8", "--no-locale"),
            ],
            capture_output=True,
            check=False,
            cwd=directory,
            **user,
        )
        assert made.returncode == 0, made.stderr.decode()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {"listen_addresses": "127.0.0.1", "port": port, "max_connections": 60}
        settings |= {"unix_socket_directories": "", "fsync": "off", "shared_buffers": "16MB"}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, *words],
                stdout=log,
                stderr=log,
                cwd=directory,
                **user,
            )
        try:
            server = Server(port, password)
            _wait(server, process, directory / "log")
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nobody needs what it holds
            process.wait()
    finally:
        shutil.rmtree(directory)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    engine = create_engine(server.url())
    until = time.monotonic() + SOON
    while True:
        try:
            engine.connect().close()
        except DBAPIError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            break
    engine.dispose()

"""The command that serves: how it starts, follows what is published, and ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from linker.errors import UsageError
from linker.service.server import bound
from tests.jobs.running import copy_of, linked, run, run_apart
from tests.jobs.world import TARGET, write_world
from tests.service.certificates import write_certificate
from tests.service.serving import WHY, Served, add_service, served, until, without_service

BODY = {"entity_type": "person", "fields": {"full_name": TARGET["name"]}, **WHY}


@pytest.fixture
def own(service_world: Path, tmp_path: Path) -> Path:
    """A linked store of one's own, without a section of a service."""
    return without_service(copy_of(service_world, tmp_path / "own"))


def answering(service: Served, number: int) -> list[int]:
    """The processes of so many workers that have started, none before there are so many."""
    found = [line["process"] for line in service.lines() if line["message"] == "ready"]
    return found if len(found) == number else []


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return status != "Z"


def test_nothing_is_published_yet(tmp_path: Path) -> None:
    """Where there is nothing to serve, one line says so, and the exit code is 2."""
    path = write_world(tmp_path / "world")
    done = run("serve", "--config", path)
    assert done.refused("nothing has been published yet", "run linker link")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "192.0.2.1"), "name another --host"),
        (("--host", "no such host"), "is no address of this machine"),
        (("--port", "70000"), "--port"),
        (("--workers", "0"), "--workers"),
    ],
)
def test_an_address_that_cannot_be_used(own: Path, words: tuple[str, ...], said: str) -> None:
    """An address that is not this machine's, or a number that does not fit, is one clear line."""
    assert run("serve", "--config", own, *words).refused(said)


def test_a_port_that_is_taken(own: Path) -> None:
    """Where another process listens the line says so and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("serve", "--config", own, "--port", str(port))
    assert done.refused(f"127.0.0.1:{port}", "in use", "--port")


def test_half_a_certificate(own: Path) -> None:
    """A certificate without its key, or none in the file, is one clear line."""
    add_service(own, certificate="none.pem")
    assert run("serve", "--config", own).refused("certificate and private_key go together")


def test_a_certificate_that_is_none(own: Path) -> None:
    """A file that holds no certificate is one clear line."""
    own.with_name("none.pem").write_text("none", encoding="utf-8")
    add_service(own, certificate="none.pem", private_key="none.pem")
    assert run("serve", "--config", own).refused("cannot be read as PEM files")


def test_tls(own: Path) -> None:
    """With a certificate the service speaks TLS alone, and its cookies travel by nothing else."""
    pem = write_certificate(own.with_name("service.pem"))
    add_service(own, certificate=pem.name, private_key=pem.name)
    with served(own, authority=pem) as service:
        assert service.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(pem))
        got = httpx.get(f"{service.url}/", verify=trusted)
        assert got.status_code == 200
        assert "; Secure" in got.headers["set-cookie"]
        assert got.headers["set-cookie"].startswith("__Host-")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{service.port}/healthz")


def test_a_proxy_that_speaks_tls(own: Path) -> None:
    """Behind a proxy that speaks TLS the service speaks none; its cookies travel by it alone."""
    add_service(own, behind_tls=True)
    with served(own) as service:
        assert service.url.startswith("http://")
        cookie = httpx.get(f"{service.url}/").headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie


def test_a_signal_ends_it_well(own: Path) -> None:
    """What is being answered is answered; then all processes end, with 0, and leave nothing."""
    with served(add_service(own, workers=2, answer_milliseconds=700)) as service:
        workers = until(lambda: answering(service, 2))
        assert len(service.shared()) == 1
        answers: list[int] = []

        def ask() -> None:
            with service.client("requester") as client:
                answers.append(client.post("/v1/lookups", json=BODY).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.3)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(20) == 0
        asking.join()
        assert answers == [200]
        assert not [pid for pid in workers if is_alive(pid)]
        assert service.shared() == []


def test_a_worker_that_dies_is_replaced(own: Path) -> None:
    """A killed worker is replaced, its numbers are forgotten; Ctrl+C in a terminal ends all."""
    with served(add_service(own)) as service:
        (first,) = answering(service, 1)
        os.kill(first, signal.SIGKILL)
        _, second = until(lambda: answering(service, 2))
        assert service.ask("requester", BODY["fields"]).status_code == 200
        idle = "linker_requests_in_flight 0.0"
        until(lambda: idle in httpx.get(f"{service.url}/metrics").text)
        os.killpg(service.process.pid, signal.SIGINT)
        assert service.process.wait(20) == 0
        assert not is_alive(second)
        assert "Traceback" not in service.log.read_text(encoding="utf-8")


def test_workers_do_not_outlive_their_first_process(own: Path) -> None:
    """Where the first process is killed its workers end by themselves, and clear up."""
    with served(add_service(own)) as service:
        workers = answering(service, 1)
        assert service.shared()
        service.process.kill()
        until(lambda: not [pid for pid in workers if is_alive(pid)])
        assert service.shared() == []


@pytest.fixture(scope="module")
def loaded(service_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two workers that answer from one of two generations."""
    path = without_service(copy_of(service_world, tmp_path_factory.mktemp("loaded") / "own"))
    with served(add_service(path, workers=2, answer_milliseconds=5)) as made:
        until(lambda: answering(made, 2))
        cases = path.with_name("cases.csv")
        text = cases.read_text(encoding="utf-8")
        cases.write_text(text.replace("Dana Whitfield", "Dana Whitfeld"), encoding="utf-8")
        yield made


def test_publishing_drops_no_request(loaded: Served) -> None:
    """While generations are published and rolled back every question is answered by one."""
    stop = threading.Event()
    seen: list[int] = []
    wrong: list[str] = []

    def ask() -> None:
        with loaded.client("requester") as client:
            while not stop.is_set():
                got = client.post("/v1/lookups", json=BODY)
                if got.status_code != 200 or got.json()["outcome"] != "HIT":
                    wrong.append(got.text)
                else:
                    seen.append(got.json()["generation"])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        linked(loaded.config)
        until(lambda: len(seen) > 40 and set(seen[-40:]) == {2})
        assert run("rollback", "--config", loaded.config, "--why", "a test").code == 0
        until(lambda: set(seen[-40:]) == {1})
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert set(seen) == {1, 2}
    with loaded.client() as client:
        until(lambda: "linker_generation 1.0" in client.get("/metrics").text)


def test_a_generation_that_cannot_be_opened_changes_nothing(loaded: Served) -> None:
    """Where the newly published generation is damaged the old one goes on answering."""
    store = loaded.config.parent / "store"
    pointer = store / "CURRENT"
    before = pointer.read_text(encoding="ascii")
    damaged = store / "generations" / "000099"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{", encoding="utf-8")
    told = "the newly published generation cannot be opened"
    try:
        pointer.write_text("99\n", encoding="ascii")
        until(lambda: [line for line in loaded.lines() if line["message"] == told])
        got = loaded.ask("requester", BODY["fields"])
        assert (got.status_code, got.json()["generation"]) == (200, int(before))
    finally:
        pointer.write_text(before, encoding="ascii")
        (damaged / "manifest.json").unlink()
        damaged.rmdir()


def test_it_ends_where_no_worker_can_start(own: Path) -> None:
    """A worker that cannot open the store says why on one line, and the command exits with 2."""
    store = own.parent / "store"
    add_service(own)
    for path in (store / "generations" / "000001" / "person").rglob("*.npy"):
        path.write_bytes(b"")
    done = run_apart("serve", "--config", own)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert "the service cannot start" in done.err
    assert done.err.splitlines()[-1].startswith("linker: the service could not start")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers share one socket")
def test_connections_that_come_at_once_are_dealt_out_to_all_workers() -> None:
    """Each worker has a socket of its own at the one address, which nobody else can take then."""
    held = bound("127.0.0.1", 0, 2)
    address = held[0].getsockname()
    try:
        clients = [socket.create_connection(address, timeout=20) for _ in range(64)]
        taken = []
        for each in held:
            each.setblocking(False)
            taken.append(0)
            with contextlib.suppress(BlockingIOError):
                while True:
                    each.accept()[0].close()
                    taken[-1] += 1
        for client in clients:
            client.close()
        with pytest.raises(UsageError, match="address already in use"):
            bound(*address, 2)
    finally:
        for each in held:
            each.close()
    assert sum(taken) == 64
    assert min(taken) > 8

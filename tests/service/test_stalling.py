"""Clients that stall or flood are let go of, and nobody else waits for them. Real sockets."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.jobs.running import copy_of
from tests.service.serving import WHY, Served, add_service, served, without_service

REQUEST_SECONDS = 2.0
BURST = 30
ROOM = 8
STEP = 0.2
MOST = 24
"""Queries of a bulk: three steps of time."""
SLACK = 3.0
"""Seconds that a busy machine may add."""
QUERY = {"entity_type": "person", "fields": {"full_name": "Xochitl Vandersteen"}}


@pytest.fixture(scope="module")
def tight(service_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with narrow bounds."""
    own = without_service(copy_of(service_world, tmp_path_factory.mktemp("tight") / "world"))
    bounds = {
        "request_seconds": REQUEST_SECONDS,
        "concurrent_requests": ROOM,
        "requests_per_minute": 60,
        "burst": BURST,
        "max_body_bytes": 20_000,
        "max_bulk_queries": MOST,
        "answer_milliseconds": int(1000 * STEP),
    }
    with served(add_service(own, **bounds)) as made:
        yield made


@contextlib.contextmanager
def connected(service: Served) -> Iterator[socket.socket]:
    made = socket.create_connection(("127.0.0.1", service.port), timeout=20)
    try:
        yield made
    finally:
        made.close()


def head(path: str, token: str | None = None, **headers: str) -> bytes:
    lines = ["Host: x", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    method = "POST" if headers else "GET"
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def rest_of(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            found += part
    return found


def answers(service: Served) -> float:
    """Ask as anybody may, and return how many seconds it took."""
    began = time.perf_counter()
    assert httpx.get(f"{service.url}/healthz", timeout=10).status_code == 200
    return time.perf_counter() - began


def test_headers_that_never_end_are_not_waited_for(tight: Served) -> None:
    """A connection whose headers drip is closed in time, however steadily they drip."""
    with connected(tight) as stalling:
        stalling.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        stalling.settimeout(0.1)
        while time.monotonic() - began < REQUEST_SECONDS + SLACK:
            try:
                stalling.sendall(b"a")
                if stalling.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except (ConnectionResetError, BrokenPipeError):
                break
        else:
            pytest.fail("the connection was kept")
        assert answers(tight) < 1


def test_a_body_that_drips_is_refused(tight: Served) -> None:
    """A body that is not whole in time is answered 408, and the connection closed."""
    token = tight.tokens["requester"]
    with connected(tight) as stalling:
        stalling.sendall(
            head("/v1/lookups", token, content_type="application/json", content_length="1000")
        )
        began = time.monotonic()
        stop = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                while not stop.wait(0.1):
                    stalling.sendall(b" ")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            told = rest_of(stalling)
        finally:
            stop.set()
            dripping.join()
    assert REQUEST_SECONDS - 0.5 < time.monotonic() - began < REQUEST_SECONDS + SLACK
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in told


def test_a_body_without_a_length_is_read_no_further_than_allowed(tight: Served) -> None:
    """A chunked body without end is answered 413 as soon as it is too large."""
    token = tight.tokens["requester"]
    with connected(tight) as flooding:
        flooding.sendall(
            head("/v1/lookups", token, content_type="application/json", transfer_encoding="chunked")
        )
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            for _ in range(10_000):
                flooding.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
                if time.monotonic() - began > REQUEST_SECONDS + SLACK:
                    break
        told = rest_of(flooding)
    assert time.monotonic() - began < REQUEST_SECONDS + SLACK
    assert not told or told.startswith(b"HTTP/1.1 413 ")


def test_a_length_that_is_too_large_is_refused_unread(tight: Served) -> None:
    """A body whose length is told is refused by it, before a byte of it is read."""
    token = tight.tokens["requester"]
    with connected(tight) as flooding:
        flooding.sendall(
            head("/v1/lookups", token, content_type="application/json", content_length="9" * 15)
        )
        told = rest_of(flooding)
    assert told.startswith(b"HTTP/1.1 413 ")


def test_nobody_reads_the_body_of_a_stranger(tight: Served) -> None:
    """Without a token the answer comes at once, whatever is still to be sent."""
    with connected(tight) as stranger:
        began = time.monotonic()
        stranger.sendall(
            head("/v1/lookups", content_type="application/json", content_length="1000")
        )
        told = rest_of(stranger)
    assert told.startswith(b"HTTP/1.1 401 ")
    assert time.monotonic() - began < REQUEST_SECONDS


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.1\r\n" + b"X-Many: y\r\n" * 200 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nX-Long: " + b"y" * 50_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 300_000,
        b"GET /healthz HTTP/1.1\r\nX-Long: " + b"y" * 300_000,
        b"GET /healthz HTTP/1.1\r\n\r\n" * 2 + b"GET / HTTP/1.1\r\nX: " + b"y" * 900_000,
    ],
    ids=["many headers", "a long header", "an endless path", "an endless header", "later ones"],
)
def test_headers_are_bounded(tight: Served, sent: bytes) -> None:
    """Too many headers, or too long ones, are answered 431 and read no further."""
    with connected(tight) as flooding:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            flooding.sendall(sent)
        told = rest_of(flooding)
    last = told[told.rfind(b"HTTP/1.1 ") :]
    assert not told or last.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 200 ")), told[:100]
    assert b" 200 " not in told or sent.count(b"GET /healthz") == 2
    assert answers(tight) < 1


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\x03",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM",
        b"A B C",
        b"GET /healthz HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        b"POST /v1/lookups HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
    ],
    ids=["bytes", "TLS", "HTTP/2", "words", "two lengths", "a length and chunks"],
)
def test_what_is_no_request_is_refused_in_good_form(tight: Served, sent: bytes) -> None:
    """What is not HTTP, or could be read in two ways, is answered 400 as problem details."""
    with connected(tight) as odd:
        odd.sendall(sent + b"\r\n\r\n")
        told = rest_of(odd)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert json.loads(told.partition(b"\r\n\r\n")[2])["type"] == "urn:linker:problem:bad-request"


def test_idle_connections_harm_nobody(tight: Served) -> None:
    """Two hundred connections that say nothing slow no one down, and are closed in time."""
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(connected(tight)) for _ in range(200)]
        assert max(answers(tight) for _ in range(5)) < 1
        began = time.monotonic()
        assert all(connection.recv(1) == b"" for connection in idle)
        assert time.monotonic() - began < REQUEST_SECONDS + SLACK


def test_pipelined_requests_are_answered_in_order(tight: Served) -> None:
    """Requests that come in one piece are answered one after the other."""
    paths = ["/healthz", "/nothing", "/readyz"] * 3
    with connected(tight) as pipelining:
        pipelining.sendall(b"".join(head(path) for path in paths))
        pipelining.settimeout(REQUEST_SECONDS + SLACK)
        told = b""
        while told.count(b"HTTP/1.1 ") < len(paths):
            part = pipelining.recv(65_536)
            assert part, told
            told += part
    statuses = [part[:3] for part in told.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"401", b"200"] * 3


def test_endless_pipelining_is_cut_off(tight: Served) -> None:
    """Whoever sends thousands of requests at once without waiting loses the connection."""
    with connected(tight) as flooding:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            flooding.sendall(head("/healthz") * 20_000)
        told = rest_of(flooding)
    assert told.count(b"HTTP/1.1 200") < 20_000
    assert answers(tight) < 1


def test_one_asker_is_held_to_a_rate_and_others_are_not(tight: Served) -> None:
    """Past the burst an asker is answered 429 with a time to come again; another one is served."""
    with (
        tight.client("reviewer elsewhere") as flooding,
        tight.client("owner elsewhere") as other,
        ThreadPoolExecutor(8) as pool,
    ):
        got = list(pool.map(lambda _: flooding.get("/v1/status"), range(3 * BURST)))
        refused = [answer for answer in got if answer.status_code == 429]
        assert len(refused) > BURST
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        assert refused[0].headers["content-type"] == "application/problem+json"
        many = [pool.submit(flooding.get, "/v1/status") for _ in range(2 * BURST)]
        began = time.perf_counter()
        assert other.get("/v1/status").status_code == 200
        assert time.perf_counter() - began < 1
        assert all(answer.result().status_code in {200, 429} for answer in many)


def test_a_full_worker_refuses_at_once(tight: Served) -> None:
    """With every place taken a further request is answered 503 at once, and later is served."""
    bulk = {"queries": [QUERY] * MOST, **WHY}
    askers = ("requester", "owner", "reviewer", "manager")

    def ask(who: str) -> tuple[int, float, str]:
        with tight.client(who) as client:
            began = time.perf_counter()
            got = client.post("/v1/lookups/bulk", json=bulk)
            return got.status_code, time.perf_counter() - began, got.headers.get("retry-after", "")

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(ask, askers * 4))
    refused = [(seconds, retry) for status, seconds, retry in told if status in {503, 429}]
    served_well = [status for status, _, _ in told if status == 200]
    assert len(served_well) >= ROOM
    assert refused
    assert min(seconds for seconds, _ in refused) < STEP
    assert all(retry for _, retry in refused)
    with tight.client("manager") as client:
        assert client.post("/v1/lookups/bulk", json=bulk).status_code == 200


def test_a_bulk_is_bounded(tight: Served) -> None:
    """A bulk of more queries than are allowed is refused, and says how many are."""
    with tight.client("manager elsewhere") as client:
        got = client.post("/v1/lookups/bulk", json={"queries": [QUERY] * (MOST + 1), **WHY})
    assert got.status_code == 422
    assert got.json()["detail"] == f"the body's queries are more than {MOST}"

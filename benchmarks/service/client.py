"""Clients in a process of their own: each asks, waits for the answer, and asks again.

They speak HTTP/1.1 over connections that stay, with requests that are written out before the clock
starts, so that what is measured is the server and not they. ``python -m benchmarks.service.client
JOB RESULT`` reads a job, prints a line once the first answer came, and writes what came of it.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Final

import uvloop

GOOD: Final = b"HTTP/1.1 200 "
LENGTH: Final = b"\r\ncontent-length: "
GENERATION: Final = b'"generation":'
"""By it an answer says which one it is of; it stands after the hits."""
LONGEST_WAIT: Final = 60.0
"""Seconds beyond its time that a load goes on for an answer of another generation: a machine that
does other work may take as long to open what was published."""


@dataclass(frozen=True)
class Load:
    """What is asked.

    Attributes:
        host: Where.
        port: Where.
        clients: How many ask at a time.
        seconds: For how long at least.
        tokens: Those of the askers, taken in turn by clients.
        bodies: The bodies of lookups, taken in turn.
        generations: How many must have answered before it ends.
    """

    host: str
    port: int
    clients: int
    seconds: float
    tokens: list[str]
    bodies: list[str]
    generations: int = 1


@dataclass
class Came:
    """What came of it.

    Attributes:
        milliseconds: Of each answer.
        failed: Requests without a good answer.
        generations: How many answers were of each generation.
        seconds: How long it took in all.
        busy: The share of one processor that the clients took.
    """

    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0
    generations: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    busy: float = 0.0


async def load(asked: Load) -> Came:
    """Ask for a while."""
    came = Came()
    shares = [_requests(asked, client) for client in range(asked.clients)]
    before, began = _processor(), time.perf_counter()
    until = began + asked.seconds
    await asyncio.gather(*(_client(asked, requests, until, came) for requests in shares))
    came.seconds = time.perf_counter() - began
    came.busy = (_processor() - before) / came.seconds
    return came


def _requests(asked: Load, client: int) -> Iterator[bytes]:
    token = asked.tokens[client % len(asked.tokens)]
    bodies = asked.bodies[client * 7 % len(asked.bodies) :] + asked.bodies
    return cycle([_request(asked, token, body) for body in bodies[: len(asked.bodies)]])


def _request(asked: Load, token: str, body: str) -> bytes:
    data = body.encode()
    head = (
        f"POST /v1/lookups HTTP/1.1\r\nhost: {asked.host}\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


async def _client(asked: Load, requests: Iterator[bytes], until: float, came: Came) -> None:
    reader, writer = await asyncio.open_connection(asked.host, asked.port, limit=1 << 22)
    try:
        while _goes_on(asked, now := time.perf_counter(), until, came):
            try:
                writer.write(next(requests))
                good, body = await _answer(reader)
            except (OSError, asyncio.IncompleteReadError):
                came.failed += 1
                writer.close()
                reader, writer = await asyncio.open_connection(
                    asked.host, asked.port, limit=1 << 22
                )
                continue
            if not good:
                came.failed += 1
                continue
            came.milliseconds.append(1000 * (time.perf_counter() - now))
            if len(came.milliseconds) == 1:
                print("asking", flush=True)
            number = _generation(body)
            came.generations[number] = came.generations.get(number, 0) + 1
    finally:
        writer.close()


def _goes_on(asked: Load, now: float, until: float, came: Came) -> bool:
    missing = len(came.generations) < asked.generations
    return now < (until + LONGEST_WAIT if missing else until)


async def _answer(reader: asyncio.StreamReader) -> tuple[bool, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    start = head.index(LENGTH) + len(LENGTH)
    length = int(head[start : head.index(b"\r", start)])
    return head.startswith(GOOD), await reader.readexactly(length)


def _generation(body: bytes) -> str:
    start = body.rindex(GENERATION) + len(GENERATION)
    return body[start : body.index(b",", start)].decode()


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(words: Sequence[str]) -> int:
    """Read a job, do it, and write what came of it."""
    job, result = map(Path, words)
    asked = Load(**json.loads(job.read_text(encoding="utf-8")))
    came = uvloop.run(load(asked))
    result.write_text(json.dumps(asdict(came)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

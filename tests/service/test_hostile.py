"""Whatever is sent, the service answers in good form, breaks nothing and gives nothing away."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.jobs.world import POINTED, SHY, TARGET
from tests.service.hostile import Attempt, attempts
from tests.service.marked import MARKS
from tests.service.serving import Served

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
QUERIES = 10_000 if LONG else 300
EXAMPLES = 300 if LONG else 8
PHASES = "examples,coverage,fuzzing" if LONG else "examples,fuzzing"
CLIENTS = 4
NAMES = {part.lower() for who in (TARGET, SHY, POINTED) for part in who["name"].split()}


def problems_of(got: httpx.Response, attempt: Attempt) -> list[str]:
    """What is wrong with an answer."""
    told = got.text.lower()
    kind = got.headers.get("content-type", "")
    bodyless = attempt.method == "HEAD" or got.status_code == 303
    found = []
    if got.status_code >= 500:
        found.append(f"status {got.status_code}")
    if got.status_code >= 400 and not bodyless and kind != "application/problem+json":
        found.append(f"content type {kind}")
    if "traceback" in told or 'file "' in told:
        found.append("a traceback")
    found += [f"the planted word {mark}" for mark in MARKS if mark in told]
    if got.status_code >= 400 and not bodyless:
        problem = got.json()
        if "\n" in problem["detail"] or set(problem) != {
            *("type", "title", "status", "detail", "instance")
        }:
            found.append("a problem of another form")
    return found


def test_hostile_queries(service: Served) -> None:
    """Odd texts, values, shapes, bytes, headers, paths, sizes and depths: no 5xx, nothing leaks."""

    def ask(seed: int) -> list[str]:
        wrong = []
        with service.client("requester elsewhere") as client:
            for attempt in itertools.islice(attempts(seed), QUERIES // CLIENTS):
                try:
                    got = client.request(
                        attempt.method, attempt.path, content=attempt.body, headers=attempt.headers
                    )
                except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
                    # a body that is refused need not be taken to its end
                    assert len(attempt.body) > 60_000, attempt.path
                    continue
                except (httpx.LocalProtocolError, UnicodeEncodeError, httpx.InvalidURL):
                    continue  # the client refuses to send it
                wrong += [
                    f"{attempt.method} {attempt.path[:80]} {attempt.body[:200]!r}: {what}"
                    for what in problems_of(got, attempt)
                ]
        return wrong

    with ThreadPoolExecutor(CLIENTS) as pool:
        found = list(itertools.chain(*pool.map(ask, range(CLIENTS))))
    assert found == []
    assert httpx.get(f"{service.url}/readyz").status_code == 200


@pytest.mark.parametrize(
    "who", ["requester elsewhere", "manager", "auditor"] if LONG else ["manager"]
)
def test_the_description_is_kept(service: Served, who: str, tmp_path: Path) -> None:
    """Requests made from the OpenAPI document are answered as it says: statuses, types, schemas."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json"),
            *("--header", f"Authorization: Bearer {service.tokens[who]}"),
            *("--phases", PHASES, "--max-examples", str(EXAMPLES), "--no-color"),
            # a text that fits the description is no name or date because of it
            *("--exclude-checks", "positive_data_acceptance"),
            *(("--generation-deterministic",) if os.environ.get("CI") else ()),
        ],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6_000:]


def test_the_log_has_neither_tracebacks_nor_names(service: Served) -> None:
    """After all of it, each line of the log is JSON, tells of no defect, and names nobody."""
    service.ask("requester", {"full_name": SHY["name"]})
    with service.client("requester") as client:
        client.get("/v1/entities/p0?name=Zaragoza", headers={"linker-purpose": "Valentin"})
    text = service.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line for line in lines if line["level"] != "info"] == []
    assert [name for name in (*NAMES, *MARKS) if name in text.lower()] == []
    assert "Traceback" not in text
    keys = {"time", "level", "message", "request", "method", "route", "status", "ms", "token"}
    answered = [line for line in lines if line["message"] == "answered"]
    assert answered
    assert all(set(line) == keys for line in answered)

"""A silent case looks like nobody's: in content, in shape and in time; nor does a word leak."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

import httpx
import pytest

from tests.jobs.running import entity_of
from tests.jobs.world import COMPANION, POINTED, SHY
from tests.service.marked import MARKS, POINTED_MARKS, SILENT_MARKS
from tests.service.serving import WHY, WHY_HEADERS, Served

SILENT = {"full_name": SHY["name"], "birth_date": SHY["dob"]}
UNKNOWN = {"full_name": "Valeriano Zambrano Ochoa", "birth_date": "1979-12-03"}
BY_PHONE = {"phones": [SILENT_MARKS["phone"]]}
BY_UNKNOWN_PHONE = {"phones": ["956-555-0166"]}
ROUNDS = 40


def shape(value: Any) -> Any:
    """The keys of JSON values, and how many there are, without what they hold."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def lookup(client: httpx.Client, fields: dict[str, Any]) -> httpx.Response:
    return client.post("/v1/lookups", json={"entity_type": "person", "fields": fields, **WHY})


@pytest.mark.parametrize(
    ("silent", "unknown"), [(SILENT, UNKNOWN), (BY_PHONE, BY_UNKNOWN_PHONE)], ids=["name", "phone"]
)
@pytest.mark.parametrize("who", ["requester elsewhere", "owner elsewhere", "reviewer elsewhere"])
def test_a_silent_target_is_answered_as_an_unknown_one(
    service: Served, who: str, silent: dict[str, Any], unknown: dict[str, Any]
) -> None:
    """Both are NO_HIT with the same keys and the same values, and headers of the same size."""
    with service.client(who) as client:
        one, other = lookup(client, silent), lookup(client, unknown)
    assert one.json()["outcome"] == "NO_HIT"
    assert shape(one.json()) == shape(other.json())
    assert one.json() == other.json()
    kept = ("date",)
    assert [(k, v) for k, v in one.headers.items() if k not in kept] == [
        (k, v) for k, v in other.headers.items() if k not in kept
    ]


def test_its_owner_finds_it(service: Served) -> None:
    """What is silent to others is a hit for a manager."""
    assert service.ask("manager", SILENT).json()["outcome"] == "HIT"


def test_a_silent_target_takes_as_long_as_an_unknown_one(service: Served) -> None:
    """Answers leave at multiples of a step, so that their times have the same distribution."""
    times: dict[str, list[float]] = {"silent": [], "unknown": []}
    with service.client("requester elsewhere") as client:
        for _ in range(5):
            lookup(client, SILENT)
        for _ in range(ROUNDS):
            for name, fields in (("silent", SILENT), ("unknown", UNKNOWN)):
                began = time.perf_counter()
                lookup(client, fields)
                times[name].append(time.perf_counter() - began)
    step = 0.025
    medians = {name: statistics.median(found) for name, found in times.items()}
    assert min(map(min, times.values())) >= step - 0.004
    # a busy machine adds to both alike; that the target is silent adds nothing
    assert abs(medians["silent"] - medians["unknown"]) < step / 2


def test_a_bulk_of_one_silent_target_takes_as_long_as_one_of_unknown_ones(
    service: Served,
) -> None:
    """Many copies of a question do not tell by their sum what a single one does not."""
    took: dict[str, list[float]] = {"silent": [], "unknown": []}
    with service.client("requester elsewhere") as client:
        for _ in range(3):
            for name, fields in (("silent", SILENT), ("unknown", UNKNOWN)):
                queries = [{"entity_type": "person", "fields": fields}] * 64
                began = time.perf_counter()
                got = client.post("/v1/lookups/bulk", json={"queries": queries, **WHY})
                took[name].append(time.perf_counter() - began)
                outcomes = {result["answer"]["outcome"] for result in got.json()["results"]}
                assert outcomes == {"NO_HIT"}
    assert abs(min(took["silent"]) - min(took["unknown"])) < 0.1


@pytest.mark.parametrize("what", ["", "/history"])
def test_a_silent_entity_is_not_there(service: Served, what: str) -> None:
    """Whoever knows the id of a silent target learns no more than of one that never was."""
    entity_id = entity_of(service.config)["silentrecord-k04"]
    answers = []
    with service.client("requester elsewhere", headers=WHY_HEADERS) as client:
        for name in (entity_id, "pzzzzzzzzzzzzz"):
            got = client.get(f"/v1/entities/{name}{what}")
            assert got.status_code == 404
            answers.append({**got.json(), "instance": None})
    assert answers[0] == answers[1]


def test_a_silent_record_is_explained_like_one_that_never_was(service: Served) -> None:
    """An explanation of a silent record is refused in the words for a record that is not there."""
    said = []
    with service.client("requester elsewhere") as client:
        for record_id in ("silentrecord-k04", "nobody"):
            body = {
                "question": {"entity_type": "person", "fields": SILENT},
                "source": "cases",
                "record_id": record_id,
                **WHY,
            }
            got = client.post("/v1/explanations", json=body)
            said.append((got.status_code, got.json()["detail"]))
    assert said[0] == said[1]
    assert said[0][0] == 400


def test_no_planted_word_is_in_anything_a_requester_can_read(service: Served) -> None:
    """By whatever a guarded case is asked for, none of what it says is in an answer or a page."""
    ids = entity_of(service.config)
    targets = [
        SILENT,
        BY_PHONE,
        {"plates": [SILENT_MARKS["plate"]]},
        {"plates": ["ZYX*"], "full_name": SHY["name"]},
        {"full_name": COMPANION["name"], "birth_date": COMPANION["dob"]},
        {"full_name": POINTED["name"], "birth_date": POINTED["dob"]},
        {"phones": [POINTED_MARKS["phone"]]},
        {"address": SILENT_MARKS["street"], "city": SILENT_MARKS["town"], "surname": "Zaragoza"},
    ]
    bodies = []
    with service.client("requester elsewhere", headers=WHY_HEADERS) as client:
        for fields in targets:
            bodies.append(lookup(client, fields).text)
            question = {"entity_type": "person", "fields": fields}
            for record_id in ("silentrecord-k04", "pointerrecord-k06", "k05", "k13"):
                asked = {"question": question, "source": "cases", "record_id": record_id, **WHY}
                bodies.append(client.post("/v1/explanations", json=asked).text)
        queries = [{"entity_type": "person", "fields": fields} for fields in targets]
        bodies.append(client.post("/v1/lookups/bulk", json={"queries": queries, **WHY}).text)
        for record_id in ("silentrecord-k04", "pointerrecord-k06", "k05", "k13"):
            bodies += [
                client.get(f"/v1/entities/{ids[record_id]}{what}").text for what in ("", "/history")
            ]
        bodies += [client.get(path).text for path in ("/v1/status", "/metrics", "/openapi.json")]
        bodies += [client.get(path).text for path in ("/v1/alerts", "/v1/audit")]
    cookie = {"cookie": f"linker_session={service.tokens['requester elsewhere']}"}
    with service.client(headers={**cookie, "accept": "text/html"}) as browser:
        bodies += [browser.get(path).text for path in ("/", "/status", "/report", "/alerts")]
    told = "\n".join(bodies).lower()
    echoed = [json.loads(body) for body in bodies if body.startswith("{")]
    assert len(echoed) > 40
    assert [mark for mark in MARKS if mark in told] == []

"""What the service answers to people who may ask."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from linker.service import examples
from tests.jobs.running import entity_of, run
from tests.jobs.world import COMPANION, POINTED, TARGET
from tests.service.serving import WHY, WHY_HEADERS, Served, until

TARGET_FIELDS = {"full_name": TARGET["name"], "birth_date": TARGET["dob"]}


@pytest.fixture(scope="module")
def hit(service: Served) -> dict[str, Any]:
    answer: dict[str, Any] = service.ask("requester", TARGET_FIELDS).json()
    return answer


def test_a_lookup_over_http_is_the_lookup_of_the_command(
    service: Served, hit: dict[str, Any]
) -> None:
    """A requester over HTTP is answered as the command line is."""
    words = ("--name", TARGET["name"], "--birth-date", TARGET["dob"])
    told = run("lookup", "--config", service.config, "--json", *words).json
    assert hit["outcome"] == "HIT"
    assert hit == told


def test_an_organization_is_found(service: Served) -> None:
    """Organizations are looked up by the same route."""
    body = {"entity_type": "organization", "fields": {"tax_id": "TQU010101AB1"}, **WHY}
    with service.client("requester") as client:
        answer = client.post("/v1/lookups", json=body).json()
    assert answer["entity_type"] == "organization"
    assert answer["outcome"] in {"HIT", "SHARED_IDENTIFIER"}


def test_each_query_of_a_bulk_has_its_answer_or_its_problem(
    service: Served, hit: dict[str, Any]
) -> None:
    """A bulk answers in the order of its queries; one that cannot be read spoils no other."""
    queries = [
        {"entity_type": "person", "fields": TARGET_FIELDS},
        {"entity_type": "person", "fields": {"birth_date": "31/31/1999"}},
        {"entity_type": "person", "fields": {"full_name": "Xochitl Vandersteen"}},
    ]
    with service.client("requester") as client:
        got = client.post("/v1/lookups/bulk", json={"queries": queries, **WHY}).json()
    first, second, third = got["results"]
    assert (first["answer"], first["problem"]) == (hit, None)
    assert second["answer"] is None
    assert second["problem"]["status"] == 400
    assert "birth date" in second["problem"]["detail"]
    assert third["answer"]["outcome"] == "NO_HIT"


def test_an_entity_and_its_history(service: Served, hit: dict[str, Any]) -> None:
    """An entity of a hit can be looked at, and what happened to it."""
    entity_id = hit["hits"][0]["entity_id"]
    with service.client("requester", headers=WHY_HEADERS) as client:
        entity = client.get(f"/v1/entities/{entity_id}").json()
        history = client.get(f"/v1/entities/{entity_id}/history").json()
    assert {record["record_id"] for record in entity["records"]} == {"k01", "k02", "k03", "a01"}
    assert all(record["values"] is None for record in entity["records"])
    assert [event["event"] for event in history["events"]] == ["created"]
    assert {row["record_id"] for row in history["records"]} == {"k01", "k02", "k03", "a01"}


def test_a_history_leaves_out_what_may_not_be_seen(service: Served) -> None:
    """Records of a silent case, and how many there are, are in no history a requester reads."""
    entity_id = entity_of(service.config)["k13"]  # its other record is of a silent case
    told = {}
    for who in ("requester elsewhere", "manager"):
        with service.client(who) as client:
            got = client.get(f"/v1/entities/{entity_id}/history", headers=WHY_HEADERS)
            told[who] = got.json()
    assert {row["record_id"] for row in told["manager"]["records"]} == {"k05", "k13"}
    assert {row["record_id"] for row in told["requester elsewhere"]["records"]} == {"k13"}
    assert all(event["records"] is None for event in told["requester elsewhere"]["events"])


@pytest.mark.parametrize("entity_id", ["pzzzzzzzzzzzzz", "x", "Łódź", "p" * 64, "..", "%00"])
@pytest.mark.parametrize("what", ["", "/history"])
def test_an_entity_that_is_not_there(service: Served, entity_id: str, what: str) -> None:
    """An id of nobody, or of whom nothing may be shown, is not found, in the same words."""
    with service.client("requester") as client:
        got = client.get(f"/v1/entities/{entity_id}{what}", headers=WHY_HEADERS)
    assert got.status_code in {404, 422}
    assert got.headers["content-type"] == "application/problem+json"


def test_a_record_is_explained(service: Served) -> None:
    """An explanation says what speaks for a stated record, and what would change the verdict."""
    body = {
        "question": {"entity_type": "person", "fields": {"full_name": TARGET["name"]}},
        "source": "cases",
        "record_id": "k01",
        **WHY,
    }
    with service.client("requester") as client:
        told = client.post("/v1/explanations", json=body).json()
        missing = client.post("/v1/explanations", json={**body, "record_id": "nobody"})
    assert told["evidence"]
    assert told["verdict"] in {"PROBABLE", "POSSIBLE", "NO_MATCH"}
    assert missing.status_code == 400


def test_what_is_published_is_told_without_paths(service: Served) -> None:
    """The status names the generation and its counts, and no file of the machine."""
    with service.client("auditor") as client:
        got = client.get("/v1/status")
    assert got.json()["generation"] == 1
    assert str(service.config.parent) not in got.text


def test_owners_are_alerted_and_see_their_alerts(service: Served) -> None:
    """Who asks for a target of a silent case is told nothing; its owner is told who asked."""
    with service.client("owner") as owner:
        before = {alert["id"] for alert in owner.get("/v1/alerts").json()["alerts"]}
    answer = service.ask("requester elsewhere", {"full_name": COMPANION["name"]}).json()
    assert all(hit["investigations"] for hit in answer["hits"])
    with service.client("manager") as manager:
        alert = until(lambda: _alert_of(manager, "requester elsewhere"))
        assert alert["id"] not in before
    with service.client("owner") as owner:  # the case is of another unit than theirs
        assert owner.post(f"/v1/alerts/{alert['id']}/seen").json() == {"seen": 0}


def _alert_of(client: httpx.Client, name: str) -> dict[str, Any] | None:
    alerts = client.get("/v1/alerts").json()["alerts"]
    return next((alert for alert in alerts if alert["asked_name"] == name), None)


def test_an_auditor_reads_who_asked_what(service: Served) -> None:
    """Every question is in the log, with purpose and case and no value in the clear."""
    service.ask("requester", TARGET_FIELDS, case_number="T-AUDITED")
    with service.client("auditor") as client:
        got = client.get("/v1/audit", params={"case_number": "T-AUDITED"})
    (event,) = got.json()["events"]
    assert (event["kind"], event["purpose"]) == ("lookup", WHY["purpose"])
    assert event["shown"]["outcome"] == "HIT"
    assert set(event["asked"]) == {"birth_date", "full_name"}
    assert TARGET["name"].split()[0].lower() not in got.text.lower()


def test_a_pointer_says_whom_to_call_and_no_more(service: Served) -> None:
    """Of a pointer-only case of another unit a requester sees agency, unit and contact."""
    fields = {"full_name": POINTED["name"], "birth_date": POINTED["dob"]}
    answer = service.ask("requester elsewhere", fields).json()
    (row,) = answer["hits"][0]["investigations"]
    assert (row["agency"], row["unit"], row["case_id"]) == ("HSI", "Laredo", None)


def test_every_answer_forbids_to_be_kept_and_framed(service: Served) -> None:
    """Answers of all kinds carry the headers that keep browsers from doing harm."""
    with service.client("requester") as client:
        answers = [
            client.get(path) for path in ("/healthz", "/v1/status", "/v1/nothing", "/openapi.json")
        ]
    answers.append(httpx.get(f"{service.url}/"))
    for got in answers:
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
        assert "server" not in got.headers


def test_the_examples_of_the_description_are_taken(service: Served) -> None:
    """Every body that the description gives as an example is understood."""
    with service.client("requester") as client:
        bodies = [
            *(("/v1/lookups", case["value"]) for case in examples.LOOKUPS.values()),
            *(("/v1/lookups/bulk", case["value"]) for case in examples.BULKS.values()),
            *(("/v1/explanations", case["value"]) for case in examples.EXPLANATIONS.values()),
        ]
        for path, body in bodies:
            got = client.post(path, json=body)
            detail = got.json().get("detail", "")
            assert got.status_code == 200 or "nothing had been published" in detail, got.text


def test_the_description_has_an_example_of_each_body_and_answer(service: Served) -> None:
    """OpenAPI can be had without a token, names every route, and shows each body and answer."""
    document = httpx.get(f"{service.url}/openapi.json").json()
    paths = document["paths"]
    assert {
        *("/v1/lookups", "/v1/lookups/bulk", "/v1/entities/{entity_id}", "/v1/explanations"),
        *("/v1/entities/{entity_id}/history", "/v1/status", "/v1/alerts", "/v1/audit"),
        *("/v1/alerts/{alert_id}/seen", "/healthz", "/readyz", "/metrics"),
        *("/v1/review", "/v1/review/next", "/v1/review/{number}", "/v1/review/{number}/decision"),
    } == set(paths)
    for path, methods in paths.items():
        for method, route in methods.items():
            if not path.startswith("/v1"):
                continue
            shown = route["responses"]["200"]["content"]["application/json"]
            assert shown["examples"], (path, method)
            if "requestBody" in route:
                assert route["requestBody"]["content"]["application/json"]["examples"], path
            for status, answer in route["responses"].items():
                if status != "200":
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)
    assert "Problem" in document["components"]["schemas"]
    assert json.dumps(document).count("http://") + json.dumps(document).count("https://") == 0


def test_health_counts_and_readiness_need_no_token(service: Served) -> None:
    """Whether it lives and is ready, and how much it does, is told to everybody, in numbers."""
    assert httpx.get(f"{service.url}/healthz").json() == {"alive": True}
    assert httpx.get(f"{service.url}/readyz").json() == {"ready": True, "generation": 1}
    service.ask("requester", TARGET_FIELDS)
    until(lambda: 'outcome="HIT"' in httpx.get(f"{service.url}/metrics").text)
    text = httpx.get(f"{service.url}/metrics").text
    assert 'route="/v1/lookups",status="200"' in text
    assert "linker_generation 1.0" in text
    assert "linker_requests_in_flight" in text
    words = [TARGET["name"].split()[0], "Laredo", service.tokens["requester"]]
    assert not [word for word in words if word.lower() in text.lower()]

"""Every route for every role, with every kind of token: one table."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from linker.access.gatekeeper import REMEMBERED
from linker.access.tokens import _SEALED, Grant, _seal, make_token, withdraw_token
from linker.audit import Who, open_audit
from linker.audit.tables import TOKENS
from linker.config import load_config
from linker.deconfliction.disclose import ROLES
from tests.service.serving import OWNERS, WHY, WHY_HEADERS, Served, until

ASKING = {"requester", "owner", "reviewer", "manager"}
OWNING = {"owner", "reviewer", "manager"}
REVIEWING = {"reviewer", "manager"}
QUERY = {"entity_type": "person", "fields": {"full_name": "Xochitl Vandersteen"}}


@dataclass(frozen=True)
class Route:
    """A route, a request that it would answer well, and who may use it."""

    method: str
    path: str
    allowed: set[str]
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    good: int = 200

    def ask(self, client: httpx.Client) -> httpx.Response:
        return client.request(self.method, self.path, json=self.body, headers=dict(self.headers))


ROUTES = (
    Route("POST", "/v1/lookups", ASKING, {**QUERY, **WHY}),
    Route("POST", "/v1/lookups/bulk", ASKING, {"queries": [QUERY], **WHY}),
    Route("GET", "/v1/entities/pzzzzzzzzzzzzz", ASKING, headers=WHY_HEADERS, good=404),
    Route("GET", "/v1/entities/pzzzzzzzzzzzzz/history", ASKING, headers=WHY_HEADERS, good=404),
    Route(
        *("POST", "/v1/explanations", ASKING),
        {"question": QUERY, "source": "cases", "record_id": "k01", **WHY},
    ),
    Route("GET", "/v1/status", set(ROLES)),
    Route("GET", "/v1/alerts", OWNING),
    Route("POST", "/v1/alerts/999999/seen", OWNING),
    Route("GET", "/v1/audit", {"auditor"}),
    Route("GET", "/v1/review", REVIEWING),
    Route("GET", "/v1/review/next", REVIEWING),
    Route("GET", "/v1/review/999999", REVIEWING, good=404),
    Route("POST", "/v1/review/999999/decision", REVIEWING, {"verdict": "match"}, good=404),
)
PAGES = (
    *(
        ("GET", path)
        for path in ("/organization", "/entities/pzzzzzzzzzzzzz", "/report", "/status")
    ),
    *(("GET", path) for path in ("/alerts", "/audit", "/nothing")),
    *(("GET", path) for path in ("/review", "/review/next", "/review/1")),
    *(("POST", path) for path in ("/search", "/explain", "/why", "/audit", "/audit/verify")),
    *(("POST", path) for path in ("/sign-out", "/alerts/1/seen", "/review/1")),
)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("role", ROLES)
def test_the_table(service: Served, route: Route, role: str) -> None:
    """A role that may do something is answered; any other is refused, whatever it asks."""
    with service.client(role) as client:
        got = route.ask(client)
    assert got.status_code == (route.good if role in route.allowed else 403)
    if role not in route.allowed:
        assert got.json()["type"] == "urn:linker:problem:role"


@pytest.fixture(scope="module")
def bad_tokens(service: Served) -> dict[str, str | None]:
    """Headers that let nobody in, by what is wrong with them."""
    config = load_config(service.config)
    good = service.tokens["manager"]
    with open_audit(config) as log:
        made = {
            name: make_token(log, Grant(name, "manager", **OWNERS), Who("test"))
            for name in ("expired", "withdrawn", "forged")
        }
        withdraw_token(log, made["withdrawn"].id, "a test", Who("test"))
        with log.transaction() as transaction:
            ids = TOKENS.c.id
            found = transaction.connection.execute(
                TOKENS.select().where(ids == made["expired"].id)
            ).mappings()
            row = dict(found.one())
            ago = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
            row["expires_at"] = ago.isoformat(timespec="seconds")
            assert set(_SEALED) <= set(row)
            transaction.connection.execute(
                update(TOKENS)
                .where(ids == row["id"])
                .values(expires_at=row["expires_at"], seal=_seal(row, log.key))
            )
            transaction.connection.execute(  # who can write the database and has no key
                update(TOKENS).where(ids == made["forged"].id).values(agency="DEA")
            )
    return {
        "none": None,
        "another scheme": f"Basic {good}",
        "no scheme": good,
        "empty": "Bearer",
        "unknown": "Bearer lk_aaaaaaaaaaaa_" + "A" * 43,
        "of another form": "Bearer secret",
        "another secret": f"Bearer {good[:-43]}{'B' * 43}",
        "cut": f"Bearer {good[:-1]}",
        "very long": f"Bearer {'A' * 20_000}",
        "not ASCII": "Bearer lk_é",
        "unsigned": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYW5hZ2VyIn0.",
        **{name: f"Bearer {token.token}" for name, token in made.items()},
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_token_that_is_not_in_force(
    service: Served, route: Route, bad_tokens: dict[str, str | None]
) -> None:
    """Without a token that is in force nothing is answered, and all bad ones look alike."""
    told = set()
    with service.client() as client:
        for name, header in bad_tokens.items():
            headers = {} if header is None else {b"authorization": header.encode()}
            client.headers = httpx.Headers(headers)
            got = route.ask(client)
            assert got.status_code == 401, name
            assert got.headers["www-authenticate"].startswith("Bearer"), name
            told.add(got.json()["detail"])
    assert len(told) == 2  # that one is needed, and that it is not valid


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_a_page_without_a_session(service: Served, method: str, path: str) -> None:
    """Pages lead whoever is not signed in to where one signs in, and show nothing."""
    headers = {"accept": "text/html", "cookie": "linker_session=lk_wrong"}
    with service.client() as client:
        got = client.request(method, path, headers=headers)
        assert (got.status_code, got.headers["location"]) == (303, "/")
        assert got.content == b""
        machine = client.request(method, path)
    assert machine.status_code == 401


def test_a_withdrawn_token_ends_within_moments(service: Served) -> None:
    """A token that worked is refused soon after it is withdrawn, on pages too."""
    with open_audit(load_config(service.config)) as log:
        made = make_token(log, Grant("short", "requester"), Who("test"))
        headers = {"Authorization": f"Bearer {made.token}"}
        assert httpx.get(f"{service.url}/v1/status", headers=headers).status_code == 200
        cookie = {"cookie": f"linker_session={made.token}", "accept": "text/html"}
        assert httpx.get(f"{service.url}/organization", headers=cookie).status_code == 200
        withdraw_token(log, made.id, "a test", Who("test"))
    withdrawn = time.monotonic()
    until(lambda: httpx.get(f"{service.url}/v1/status", headers=headers).status_code == 401)
    assert time.monotonic() - withdrawn < REMEMBERED + 5
    assert httpx.get(f"{service.url}/organization", headers=cookie).status_code == 303


def test_who_was_refused_is_written_down(service: Served) -> None:
    """A refused token, and an act that a role may not do, are events of the log."""
    with service.client("requester") as client:
        assert client.get("/v1/audit").status_code == 403
    httpx.get(f"{service.url}/v1/status", headers={"Authorization": "Bearer lk_made_up"})
    with service.client("auditor") as client:
        events = client.get("/v1/audit", params={"kind": "denied"}).json()["events"]
    details = {event["detail"] for event in events}
    assert "the role requester may not read the audit log" in details
    assert any(detail.startswith("token: ") for detail in details)
    assert not [event for event in events if "made_up" in str(event)]

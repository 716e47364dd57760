"""Clerical review over HTTP and on pages: blind until decided, silent, on record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.jobs.running import run
from tests.jobs.world import COMPANION, TARGET
from tests.service.browsing import Tab
from tests.service.marked import MARKS
from tests.service.queued import FIRMS, GONE, PERSONS, POINTED, SILENT, a_queue, number_of
from tests.service.serving import Served
from tests.service.test_pages import Outline

UNKNOWN = 9_999
OF_MODEL = ("bits", "probability", "threshold", "rare level", "Speaks", "evidence", "4.321")
"""What a page says once a verdict is given, and not before."""


@pytest.fixture(scope="module")
def queued(service_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with pairs to review, two reviewers each."""
    with a_queue(service_world, tmp_path_factory.mktemp("review")) as made:
        yield made


@pytest.fixture
def tab(queued: Served) -> Iterator[Tab]:
    with Tab(queued) as made:
        yield made


def ask(queued: Served, who: str, number: int) -> httpx.Response:
    with queued.client(who) as client:
        return client.get(f"/v1/review/{number}")


def say(queued: Served, who: str, number: int, verdict: str, reason: str = "") -> httpx.Response:
    with queued.client(who) as client:
        body = {"verdict": verdict, "reason": reason}
        return client.post(f"/v1/review/{number}/decision", json=body)


def events_of(queued: Served) -> list[dict[str, Any]]:
    with queued.client("auditor") as client:
        found = client.get("/v1/audit", params={"kind": "review", "limit": 1_000}).json()["events"]
    return list(found)


def content(got: httpx.Response) -> Any:
    """What an answer says but for the number of its request."""
    return got.status_code, {**got.json(), "instance": None}


def test_a_pair_is_blind_until_it_is_decided(queued: Served) -> None:
    """Before a verdict a reviewer reads both records and nothing of a model; after it, all."""
    number = number_of(PERSONS[0])
    before = ask(queued, "reviewer", number).json()
    told = ("final", "part", "match_weight", "match_probability", "summary", "evidence")
    assert [before[name] for name in (*told, "decided_by_me")] == [None] * 7
    assert before["left"]["record_id"] == "k01"
    assert before["right"]["values"]["name_as_given"] == TARGET["name"]
    assert before["differences"]["birth_date"] == "equal"
    assert say(queued, "reviewer", number, "match").json() == {
        "number": number,
        "verdict": "match",
        "recorded": True,
        "final": None,
        "decision": None,
    }
    after = ask(queued, "reviewer", number).json()
    assert after["decided_by_me"] == "match"
    assert after["match_weight"] > 10
    assert 0.99 < after["match_probability"] <= 1
    assert len(after["evidence"]) > 1
    assert {name: after[name] for name in ("left", "right")} == {
        name: before[name] for name in ("left", "right")
    }


def test_a_page_is_blind_until_it_is_decided(queued: Served, tab: Tab) -> None:
    """Not one word of the model is in the page, nor in its source, before the verdict."""
    tab.sign_in(queued.tokens["reviewer"])
    number = number_of(PERSONS[1])
    page = tab.get(f"/review/{number}").text
    assert TARGET["name"] in page
    assert "= the same" in re.sub("<[^>]*>", "", page)
    main = page.partition("<main")[2].partition("</main")[0]
    assert [word for word in OF_MODEL if word.lower() in main.lower()] == []
    assert main.count("accesskey") == 3
    done = tab.post(f"/review/{number}", {"verdict": "non_match", "reason": "a test"})
    assert (done.status_code, done.headers["location"]) == (303, f"/review/{number}")
    page = tab.get(done.headers["location"]).text
    for words in ("You said non-match.", "Match weight", "bits, probability", "Birth date:"):
        assert words in page
    assert "Another reviewer has to look at this pair." in page
    assert 'name="verdict"' not in page
    assert re.search(r'<a [^>]*accesskey="p" autofocus', page)


def test_two_reviewers_are_blind_to_each_other(queued: Served, tab: Tab) -> None:
    """What the first said changes nothing that the second sees; a third settles a disagreement."""
    number = number_of(PERSONS[2])
    tab.sign_in(queued.tokens["second"])

    def page() -> str:
        return re.sub(r'name="form_key" value="[^"]*"', "", tab.get(f"/review/{number}").text)

    before = ask(queued, "second", number).json(), page()
    say(queued, "reviewer", number, "match", "first words")
    assert (ask(queued, "second", number).json(), page()) == before
    assert say(queued, "second", number, "non_match").json()["final"] is None
    assert (ask(queued, "third", number).json(), page()) != before
    assert ask(queued, "third", number).json()["decided_by_me"] is None
    closed = say(queued, "third", number, "match", "third words").json()
    assert closed["final"] == "match"
    assert ask(queued, "second", number).json()["final"] == "match"
    assert "The pair was decided as match." in page()
    listed = run("review", "list", "--config", queued.config, "--json").json["decisions"]
    [row] = [row for row in listed if row["decision_id"] == closed["decision"]]
    assert (row["decision"], row["author"]) == ("match", "reviewer, third")
    assert row["reason"] == f"review {number}: first words; third words"


def test_a_verdict_stands(queued: Served, tab: Tab) -> None:
    """A second verdict of the same reviewer changes nothing, and is told so."""
    number = number_of(PERSONS[3])
    assert say(queued, "reviewer", number, "unsure").json()["recorded"] is True
    assert say(queued, "reviewer", number, "match").json() == {
        "number": number,
        "verdict": "unsure",
        "recorded": False,
        "final": None,
        "decision": None,
    }
    tab.sign_in(queued.tokens["reviewer"])
    tab.get("/review")
    done = tab.post(f"/review/{number}", {"verdict": "match"})
    assert "it stands" in tab.get(done.headers["location"]).text
    assert "it stands" not in tab.get(f"/review/{number_of(PERSONS[4])}?again=1").text


def test_a_silent_pair_is_as_one_that_never_was(queued: Served, tab: Tab) -> None:
    """Whoever may not see one of its records learns nothing of a pair, whatever they send."""
    silent, gone = number_of(SILENT), number_of(GONE)
    for who in ("reviewer", "reviewer elsewhere"):
        unknown = content(ask(queued, who, UNKNOWN))
        assert unknown[0] == 404
        assert content(ask(queued, who, silent)) == unknown
        assert content(ask(queued, who, gone)) == unknown
        assert content(say(queued, who, silent, "match")) == unknown
        assert content(say(queued, who, UNKNOWN, "match")) == unknown
    assert content(ask(queued, "reviewer elsewhere", number_of(POINTED)))[0] == 404
    tab.sign_in(queued.tokens["reviewer elsewhere"])

    def page(number: int) -> str:
        text = tab.get(f"/review/{number}").text
        return re.sub(r"[0-9a-f-]{36}", "", text.replace(f"/{number}", ""))

    assert page(silent) == page(UNKNOWN)
    assert not [mark for mark in MARKS if mark in page(silent).lower()]
    shown = ask(queued, "manager", silent).json()
    assert shown["left"]["values"]["name_as_given"] == COMPANION["name"]
    persons = {}
    for who in ("manager", "reviewer", "reviewer elsewhere"):
        with queued.client(who) as client:
            told = client.get("/v1/review").json()["entity_types"]["person"]
        persons[who] = told["open"] + told["decided"]
    assert persons == {
        "manager": len(PERSONS) + 2,
        "reviewer": len(PERSONS) + 1,
        "reviewer elsewhere": len(PERSONS),
    }


def test_the_next_pair_until_none_is_left(queued: Served, tab: Tab) -> None:
    """One pair after the other is led to, of one entity type, until a page says that it is all."""
    with queued.client("second") as client:
        wanted = {"entity_type": "organization"}
        found = client.get("/v1/review/next", params=wanted).json()["pair"]
        assert found["number"] == number_of(FIRMS)
        assert say(queued, "second", found["number"], "match").status_code == 200
        assert client.get("/v1/review/next", params=wanted).json() == {"pair": None}
        assert client.get("/v1/review/next").json()["pair"]["entity_type"] == "person"
        refused = client.get("/v1/review/next", params={"entity_type": "ship"})
        assert refused.status_code == 422
    tab.sign_in(queued.tokens["second"])
    assert "No pair is left for you" in tab.get("/review/next?entity_type=organization").text
    onward = tab.get("/review/next?entity_type=person").headers["location"]
    assert re.fullmatch(r"/review/\d+", onward)
    assert tab.get("/review/next?entity_type=ship").headers["location"] == onward
    summary = tab.get("/review").text
    for words in ("Persons", "Organizations", "Open", "Decided", "By you", "Agreement"):
        assert words in summary


def test_views_and_verdicts_are_on_record(queued: Served) -> None:
    """Who saw which pair, and what they said of it, is in the log; no value or reason is."""
    number = number_of(PERSONS[5])
    last = max(event["sequence"] for event in [*events_of(queued), {"sequence": 0}])
    ask(queued, "third", number)
    say(queued, "third", number, "non_match", "because of Zacarias")
    say(queued, "third", number, "match")
    ask(queued, "third", number)
    ask(queued, "third", UNKNOWN)
    events = [event for event in events_of(queued) if event["sequence"] > last]
    assert [event["detail"] for event in reversed(events)] == [
        f"pair {number}: shown without its weight",
        f"pair {number}: non_match",
        f"pair {number}: match",
        f"pair {number}: nothing new, the first verdict stands",
        f"pair {number}: shown with its weight",
        f"pair {UNKNOWN}: not found",
    ]
    assert {event["name"] for event in events} == {"third"}
    shown = events[-1]["shown"]
    assert shown["counts"]["pair"] == number
    assert shown["counts"]["values"] > 5
    text = json.dumps(events).lower()
    assert [word for word in ("zacarias", "rafael", "resendez") if word in text] == []


@pytest.mark.parametrize("who", ["requester", "owner", "auditor"])
def test_others_review_nothing(queued: Served, tab: Tab, who: str) -> None:
    """Pages of the queue are for reviewers and managers; others find no way there and no answer."""
    tab.sign_in(queued.tokens[who])
    tab.get("/status")
    assert 'href="/review"' not in tab.page
    number = number_of(PERSONS[6])
    for path in ("/review", "/review/next", f"/review/{number}", f"/review/{UNKNOWN}"):
        assert tab.get(path).status_code == 403, path
    tab.get("/status")
    for verdict in ("match", "nonsense"):
        got = tab.post(f"/review/{number}", {"verdict": verdict})
        assert got.status_code == 403
        assert TARGET["name"] not in got.text


def test_a_verdict_from_elsewhere_is_refused(queued: Served, tab: Tab) -> None:
    """A verdict without the page's key, or sent by another site, is none."""
    tab.sign_in(queued.tokens["reviewer"])
    number = number_of(PERSONS[6])
    tab.get(f"/review/{number}")
    for fields in ({}, {"form_key": ""}, {"form_key": "0" * 64}):
        got = tab.client.post(f"/review/{number}", data={"verdict": "match", **fields})
        assert got.status_code == 403
    sent = tab.client.post(
        f"/review/{number}",
        data={"verdict": "match", "form_key": tab.form_key},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert sent.status_code == 403
    assert ask(queued, "reviewer", number).json()["decided_by_me"] is None


BODIES: tuple[Any, ...] = (
    *({}, [], None, 7, "match", {"verdict": None}, {"verdict": ["match"]}, {"verdict": "MATCH"}),
    *({"verdict": "same"}, {"verdict": "match", "reason": None}, {"verdict": "match", "extra": 1}),
    *({"verdict": "match", "reason": 5}, {"verdict": "match", "reason": "a\x00b"}),
    *({"verdict": "match", "reason": "x" * 501}, {"verdict": "match", "reason": "\ud800"}),
    {"verdict": "match", "reason": "x" * 1_000_000},
)
NUMBERS = (
    *("0", "-1", "1.5", "x", "%00", "9" * 30, str(2**63), str(2**63 - 1), "1e3", "٣", "'--"),
    *("%F0%9F%92%80", "1%2F..", "9" * 5_000),
)


def test_odd_numbers_and_bodies_are_refused_in_good_form(queued: Served, tab: Tab) -> None:
    """Whatever stands for a number, a verdict or a reason: a problem or a page, never a defect."""
    number = number_of(PERSONS[7])
    problem = "application/problem+json"
    with queued.client("manager") as client:
        for body in BODIES:
            sent = json.dumps(body)
            try:
                got = client.post(
                    f"/v1/review/{number}/decision",
                    content=sent,
                    headers={"content-type": "application/json"},
                )
            except (httpx.WriteError, httpx.ReadError):  # not taken to its end
                assert len(sent) > 60_000
                continue
            assert 400 <= got.status_code < 500, sent[:80]
            assert got.headers["content-type"] == problem
        for odd in NUMBERS:
            for got in (
                client.get(f"/v1/review/{odd}"),
                client.post(f"/v1/review/{odd}/decision", json={"verdict": "match"}),
            ):
                assert 400 <= got.status_code < 500, odd
                assert got.headers["content-type"] == problem
        assert client.put(f"/v1/review/{number}").status_code == 405
    tab.sign_in(queued.tokens["manager"])
    for odd in NUMBERS:
        assert 400 <= tab.get(f"/review/{odd}").status_code < 500, odd
        tab.get("/review")
        assert 400 <= tab.post(f"/review/{odd}", {"verdict": "match"}).status_code < 500, odd
    for fields in ({}, {"verdict": "same"}, {"verdict": "match", "reason": "<script>" * 100}):
        tab.get("/review")
        got = tab.post(f"/review/{number}", fields)
        assert got.status_code == 422
        assert 'role="alert"' in got.text
        assert "<script" not in got.text
    tab.get("/review")
    large = tab.post(f"/review/{number}", {"verdict": "match", "reason": "x" * 1_000_000})
    assert large.status_code == 413
    assert ask(queued, "manager", number).json()["decided_by_me"] is None
    odd = say(queued, "manager", number, "unsure", " \x1b[31m two\nlines\t\u202e ")
    assert odd.json()["recorded"] is True


def test_pages_of_the_queue_are_built_for_screen_readers(queued: Served, tab: Tab) -> None:
    """One h1, labels of fields, heads of columns and rows, a status; nothing inline."""
    tab.sign_in(queued.tokens["manager"])
    number = number_of(PERSONS[8])
    pages = {"queue": tab.get("/review").text, "pair": tab.get(f"/review/{number}").text}
    done = tab.post(f"/review/{number}", {"verdict": "unsure"})
    pages["decided"] = tab.get(done.headers["location"]).text
    for name, text in pages.items():
        outline = Outline()
        outline.feed(text)
        tags = [tag for tag, _ in outline.tags]
        assert (tags.count("h1"), tags.count("main")) == (1, 1), name
        assert tags.count("table") == tags.count("caption"), name
        assert all("scope" in attrs for tag, attrs in outline.tags if tag == "th"), name
        labels = {attrs["for"] for tag, attrs in outline.tags if tag == "label"}
        fields = [attrs for tag, attrs in outline.tags if tag in {"textarea", "select"}]
        assert all(attrs.get("id") in labels for attrs in fields), name
        ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
        assert len(ids) == len(set(ids)), name
        assert "script" not in tags, name
        assert not [attrs for _, attrs in outline.tags if "style" in attrs], name
        keys = [attrs["accesskey"] for _, attrs in outline.tags if "accesskey" in attrs]
        assert keys == {"queue": [], "pair": ["m", "n", "u"], "decided": ["p"]}[name]
    assert 'role="status"' in pages["decided"]

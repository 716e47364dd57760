"""Pages as a client sees them: sessions, forms, headers, and what is shown to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from linker.access.tokens import Grant, make_token
from linker.audit import Who, open_audit
from linker.config import load_config
from tests.jobs.world import SHY, TARGET
from tests.service.browsing import Tab
from tests.service.marked import MARKS
from tests.service.serving import Served, until

WHY = {"purpose": "opening of a case", "case_number": "T-PAGES"}
SEARCH = {"entity_type": "person", "full_name": TARGET["name"], "birth_date": TARGET["dob"], **WHY}


@pytest.fixture
def tab(service: Served) -> Iterator[Tab]:
    with Tab(service) as made:
        yield made


@pytest.fixture
def other_tab(service: Served) -> Iterator[Tab]:
    """Another browser."""
    with Tab(service) as made:
        yield made


def signed_in(tab: Tab, service: Served, who: str) -> Tab:
    assert tab.sign_in(service.tokens[who]).status_code == 303
    return tab


def test_signing_in_keeps_the_token_out_of_reach(tab: Tab, service: Served) -> None:
    """The session's cookies cannot be read by scripts, nor are they sent from other sites."""
    got = tab.sign_in(service.tokens["requester"])
    set_cookies = got.headers.get_list("set-cookie")
    assert set_cookies
    assert all("HttpOnly" in cookie and "SameSite=Strict" in cookie for cookie in set_cookies)
    assert service.tokens["requester"] not in tab.page


def test_a_wrong_token_is_told_so(tab: Tab) -> None:
    """Whoever brings a wrong token stays outside, and reads why."""
    for token in ("lk_wrong", "", "é", "a b", "x" * 5_000):
        tab.get("/")
        got = tab.post("/sign-in", {"token": token})
        assert got.status_code == 401
        assert "This token is not valid" in got.text
        assert "linker_session" not in tab.client.cookies


def test_signing_out_ends_the_session(tab: Tab, service: Served) -> None:
    """After signing out the browser has no token, and pages lead to where one signs in."""
    signed_in(tab, service, "requester")
    assert tab.post("/sign-out", {}).status_code == 303
    assert "linker_session" not in tab.client.cookies
    assert tab.get("/organization").headers["location"] == "/"


@pytest.mark.parametrize(
    "path",
    ["/sign-out", "/search", "/explain", "/why", "/alerts/1/seen", "/audit", "/audit/verify"],
)
def test_a_form_from_elsewhere_is_refused(tab: Tab, service: Served, path: str) -> None:
    """A form without the page's key, with another one, or sent by another site does nothing."""
    signed_in(tab, service, "manager")
    for fields in ({}, {"form_key": ""}, {"form_key": "0" * 64}, {"form_key": "é"}):
        got = tab.client.post(path, data={**SEARCH, **fields})
        assert got.status_code == 403, fields
        assert "page of this session" in got.text
    sent = tab.client.post(
        path, data={"form_key": tab.form_key}, headers={"sec-fetch-site": "cross-site"}
    )
    assert sent.status_code == 403


def test_a_key_of_another_session_is_refused(tab: Tab, other_tab: Tab, service: Served) -> None:
    """The key of one browser's forms is worth nothing in another's."""
    signed_in(tab, service, "requester")
    signed_in(other_tab, service, "requester")
    assert tab.form_key
    assert tab.form_key != other_tab.form_key
    got = other_tab.client.post("/search", data={**SEARCH, "form_key": tab.form_key})
    assert got.status_code == 403


def test_a_search_shows_hits_with_their_evidence(tab: Tab, service: Served) -> None:
    """What was found is shown with whom to call, drawn evidence, and what was searched."""
    signed_in(tab, service, "requester")
    got = tab.post("/search", SEARCH)
    assert got.status_code == 200
    for words in ("SIMULTANEOUS", "Dana Whitfield", "<svg", "What was searched", "T-PAGES"):
        assert words in got.text
    assert "T-PAGES" in tab.get("/").text  # kept for the next question


def test_purpose_and_case_are_needed(tab: Tab, service: Served) -> None:
    """Without a purpose or a case number nothing is asked, and what was filled in is kept."""
    signed_in(tab, service, "requester")
    for missing in ("purpose", "case_number"):
        got = tab.post("/search", {**SEARCH, missing: " "})
        assert got.status_code == 422
        assert "for which case" in got.text
        assert TARGET["name"] in got.text


def test_a_question_that_cannot_be_answered_comes_back(tab: Tab, service: Served) -> None:
    """A value that cannot be read is named, and the form comes back as it was filled in."""
    signed_in(tab, service, "requester")
    got = tab.post("/search", {**SEARCH, "birth_date": "31/31/1999"})
    assert got.status_code == 400
    assert "birth date cannot be read" in got.text
    assert 'value="31/31/1999"' in got.text


def test_what_is_filled_in_cannot_become_markup(tab: Tab, service: Served) -> None:
    """A value is shown as the text that it is, wherever it comes back."""
    signed_in(tab, service, "requester")
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    for fields in ({**SEARCH, "full_name": evil}, {**SEARCH, "birth_date": evil}):
        got = tab.post("/search", fields)
        assert "<script" not in got.text
        assert "<img" not in got.text


def test_an_entity_needs_a_purpose_first(tab: Tab, service: Served) -> None:
    """Whoever comes to an entity without a purpose is asked for one and led on."""
    signed_in(tab, service, "requester")
    entity_id = service.ask("requester", {"full_name": TARGET["name"]}).json()["hits"][0][
        "entity_id"
    ]
    path = f"/entities/{entity_id}"
    assert "What is it asked for?" in tab.get(path).text
    assert tab.post("/why", {**WHY, "next": path}).headers["location"] == path
    got = tab.get(path)
    for words in ("Investigations in time", "Ledger", "Records", entity_id):
        assert words in got.text
    tab.get("/")
    for elsewhere in ("//evil.example", "https://evil.example", "/entities/../x", ""):
        assert tab.post("/why", {**WHY, "next": elsewhere}).headers["location"] == "/"


def test_a_silent_target_is_shown_as_an_unknown_one(tab: Tab, service: Served) -> None:
    """On pages too a requester reads the same of a silent target as of one that nobody knows."""
    signed_in(tab, service, "requester elsewhere")

    def page_of(name: str, born: str) -> str:
        text = tab.post("/search", {**SEARCH, "full_name": name, "birth_date": born}).text
        assert "NO_HIT" in text
        return re.sub(r'value="[0-9a-f]{64}"', "", text.replace(name, "N").replace(born, "B"))

    silent = page_of(SHY["name"], SHY["dob"])
    assert silent == page_of("Valeriano Zambrano Ochoa", "1979-12-03")
    assert not [mark for mark in MARKS if mark in silent.lower()]


def test_a_record_is_explained_on_a_page(tab: Tab, service: Served) -> None:
    """From what was found one can ask why a certain record does or does not match."""
    signed_in(tab, service, "requester")
    tab.post("/search", SEARCH)
    fields = {key: SEARCH[key] for key in ("entity_type", "full_name", "birth_date")}
    got = tab.post("/explain", {**fields, "source": "cases", "record_id": "k02"})
    assert "A record explained" in got.text
    assert "What would change it" in got.text
    missing = tab.post("/explain", {**fields, "source": "cases", "record_id": "nobody"})
    assert missing.status_code == 400


def test_owners_see_alerts_and_note_them(service: Served, tab: Tab) -> None:
    """An owner reads who met a silent investigation, and notes it as seen."""
    with open_audit(load_config(service.config)) as log:
        owner = make_token(log, Grant("silent owner", "owner", "HSI", "Zyxunit"), Who("test"))
    fields = {"full_name": SHY["name"], "birth_date": SHY["dob"]}
    service.ask("requester elsewhere", fields)
    tab.sign_in(owner.token)
    until(lambda: "requester elsewhere" in tab.get("/alerts").text)
    found = re.search(r"/alerts/(\d+)/seen", tab.page)
    assert found
    assert tab.post(f"/alerts/{found[1]}/seen", {}).status_code == 303
    assert f"/alerts/{found[1]}/seen" not in tab.get("/alerts").text
    assert "silent owner" in tab.get("/alerts?all=1").text
    assert tab.post("/alerts/99999999999999999999999/seen", {}).status_code == 404


def test_auditors_read_filter_and_verify(tab: Tab, service: Served) -> None:
    """An auditor reads the log, finds events by a value asked for, and has it verified."""
    service.ask("requester", {"full_name": "Ottokar Quisling"}, case_number="T-FIND")
    signed_in(tab, service, "auditor")
    assert "Ottokar" not in tab.get("/audit").text
    got = tab.post("/audit", {"value": "ottokar QUISLING"})
    assert "T-FIND" in got.text
    assert "1 event;" in got.text
    assert "T-FIND" not in tab.post("/audit", {"kind": "signed_in"}).text
    assert tab.post("/audit", {"since": "yesterday"}).status_code == 422
    assert "The log is sound" in tab.post("/audit/verify", {}).text


@pytest.mark.parametrize("who", ["requester", "owner", "reviewer", "manager", "auditor"])
def test_pages_for_each_role(service: Served, tab: Tab, who: str) -> None:
    """The menu has what a role may see, and a page of others is refused in words."""
    signed_in(tab, service, who)
    tab.get("/nothing")
    menu = set(re.findall(r'<li><a href="(/[a-z]*)"', tab.page))
    may = {path: tab.get(path).status_code for path in ("/alerts", "/audit", "/organization")}
    assert ("/alerts" in menu) == (may["/alerts"] == 200)
    assert ("/audit" in menu) == (may["/audit"] == 200)
    assert tab.get("/status").status_code == 200
    assert tab.get("/report").status_code == (200 if who == "manager" else 403)
    assert (may["/audit"] == 200) == (who == "auditor")
    assert (may["/alerts"] == 200) == (who in {"owner", "reviewer", "manager"})
    assert (may["/organization"] == 200) == (who != "auditor")


class Outline(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_pages_are_built_for_screen_readers(tab: Tab, other_tab: Tab, service: Served) -> None:
    """One h1, landmarks, labels of fields, heads of columns; nothing inline, nothing from afar."""
    pages = {"/sign-in": tab.get("/").text}
    signed_in(tab, service, "manager")
    paths = ("/", "/organization", "/alerts", "/nothing", "/status")
    pages |= {path: tab.get(path).text for path in paths}
    pages["/search"] = tab.post("/search", SEARCH).text
    found = re.search(r"/entities/\w+", pages["/search"])
    assert found
    pages["/entities"] = tab.get(found[0]).text
    tab.get("/")
    fields = {key: SEARCH[key] for key in ("entity_type", "full_name", "birth_date")}
    pages["/explain"] = tab.post("/explain", {**fields, "source": "cases", "record_id": "k01"}).text
    pages["/audit"] = signed_in(other_tab, service, "auditor").get("/audit").text
    for path, text in pages.items():
        outline = Outline()
        outline.feed(text)
        names = [tag for tag, _ in outline.tags]
        assert names.count("h1") == 1, path
        assert names.count("main") == 1, path
        assert "header" in names, path
        assert ("a", {"class": "skip", "href": "#main"}) in outline.tags, path
        labels = {attrs["for"] for tag, attrs in outline.tags if tag == "label"}
        visible = [
            attrs
            for tag, attrs in outline.tags
            if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"
        ]
        assert all(attrs.get("id") in labels for attrs in visible), path
        assert all("scope" in attrs for tag, attrs in outline.tags if tag == "th"), path
        assert names.count("table") == names.count("caption"), path
        ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
        assert len(ids) == len(set(ids)), path
        assert "script" not in names, path
        assert not [attrs for _, attrs in outline.tags if "style" in attrs], path
        assert not [key for _, attrs in outline.tags for key in attrs if key.startswith("on")]
        links = [attrs.get("href") or attrs.get("src") or "" for _, attrs in outline.tags]
        assert not [link for link in links if "//" in link], path


def test_the_policy_of_pages(tab: Tab, service: Served) -> None:
    """Pages may load their own style and nothing else, be framed by nobody, and are not kept."""
    got = tab.get("/")
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["referrer-policy"] == "no-referrer"
    style = tab.get("/static/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "url(" not in style.text
    assert "@import" not in style.text
    signed_in(tab, service, "manager")
    report = tab.get("/report")
    assert report.status_code == 200
    assert "script-src" not in report.headers["content-security-policy"]
    assert "default-src 'none'" in report.headers["content-security-policy"]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, of a colour such as #1d5a9e."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *(("#1a2129", "#ffffff"), ("#47535f", "#ffffff"), ("#1d5a9e", "#ffffff")),
        *(("#ffffff", "#1d5a9e"), ("#ffffff", "#1a2129"), ("#a3200d", "#ffffff")),
        *(("#1a2129", "#eaf2fb"), ("#1a2129", "#fdeeeb"), ("#1a2129", "#e9f6ef")),
        *(("#1a2129", "#d9e8f8"), ("#47535f", "#e9f6ef"), ("#1d5a9e", "#f4f6f8")),
    ],
)
def test_contrast(service: Served, ink: str, paper: str) -> None:
    """Text of the pages has a contrast of at least 4.5 to what is behind it."""
    assert service
    high, low = sorted((luminance(ink), luminance(paper)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5

"""Pages in a real browser: by keyboard, at 320 pixels, without a complaint of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.jobs.world import SHY, TARGET
from tests.service.browsing import Browsing, a_browser
from tests.service.serving import Served

WHY = {"purpose": "opening of a case", "case_number": "T-BROWSER"}
NARROW = 320


@pytest.fixture(scope="module")
def chromium(service: Served) -> Iterator[Browsing]:
    with a_browser(service) as made:
        yield made


@pytest.fixture
def browser(chromium: Browsing) -> Iterator[Browsing]:
    """A browser that nobody is signed in with."""
    chromium.go("/healthz")
    chromium.driver.delete_all_cookies()
    chromium.resize(1280)
    chromium.complaints()
    yield chromium
    assert chromium.complaints() == []


def fits(browser: Browsing, where: str) -> None:
    """Nothing of the page is wider than a telephone; tables scroll by themselves."""
    browser.resize(NARROW)
    width = browser.driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= NARROW, where
    browser.resize(1280)


def test_a_person_is_searched_found_and_looked_at(browser: Browsing, service: Served) -> None:
    """From signing in to an entity and out again, each page drawn, each fit for a telephone."""
    browser.go("/")
    fits(browser, "sign in")
    browser.sign_in(service.tokens["requester"])
    fits(browser, "search")
    browser.fill(full_name=TARGET["name"], birth_date=TARGET["dob"], **WHY)
    browser.press("main form button")
    assert browser.one("h1").text == "1 matching entity"
    assert "SIMULTANEOUS" in browser.text
    chart = browser.one("svg.waterfall")
    assert chart.size["width"] > 400
    assert chart.find_elements(By.CSS_SELECTOR, "g.for rect")
    fits(browser, "found")
    browser.press(".hit h2 a")
    assert browser.one("h1").text.startswith("Entity p")
    assert len(browser.all("svg .span")) == 2
    assert "HSI, Laredo H-1" in browser.one("figure svg").text
    fits(browser, "entity")
    browser.go("/status")
    assert "Generation 1, published" in browser.text
    fits(browser, "status")
    browser.go("/")
    assert browser.one("#purpose").get_attribute("value") == WHY["purpose"]
    browser.sign_out()
    assert browser.one("h1").text == "Sign in"


def test_an_organization_is_searched(browser: Browsing, service: Served) -> None:
    """The other form looks for organizations."""
    browser.sign_in(service.tokens["owner"])
    browser.press(".kinds li:nth-child(2) a")
    assert browser.one(".kinds a[aria-current]").text == "An organization"
    browser.fill(name="Transportes Quetzal", tax_id="TQU010101AB1", **WHY)
    browser.press("main form button")
    assert "matching entity" in browser.one("h1").text


def test_nothing_but_keys(browser: Browsing, service: Served) -> None:
    """All of it can be done with the keyboard, and where one is can be seen."""
    browser.sign_in(service.tokens["requester"])
    browser.one("body").send_keys(Keys.TAB)
    skip = browser.driver.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert skip.location["x"] >= 0
    assert skip.value_of_css_property("outline-style") == "solid"
    skip.send_keys(Keys.ENTER)
    for _ in range(3):  # person, organization, purpose
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    field = browser.driver.switch_to.active_element
    assert field.get_attribute("id") == "purpose"
    assert field.value_of_css_property("outline-style") == "solid"
    field.send_keys(WHY["purpose"], Keys.TAB, WHY["case_number"], Keys.TAB, "Xochitl Vandersteen")
    with browser.leaving():
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.one("h1").text == "No matching record"
    assert browser.one("[aria-live]").text.startswith("NO_HIT")


def test_alerts_and_the_log_on_a_telephone(browser: Browsing, service: Served) -> None:
    """The pages of owners and of auditors fit a telephone, and can be used there."""
    asked = {"full_name": SHY["name"], "birth_date": SHY["dob"]}
    service.ask("requester elsewhere", asked, case_number="T-TELEPHONE")
    browser.sign_in(service.tokens["manager"])
    browser.go("/alerts")
    assert browser.one("h1").text == "Alerts"
    fits(browser, "alerts")
    browser.go("/status")
    browser.press("main p a")
    assert "Link run: generation" in browser.one("h1").text
    browser.go("/")
    browser.sign_out()
    browser.sign_in(service.tokens["auditor"])
    assert browser.one("h1").text == "Audit log"
    fits(browser, "audit")
    browser.press('form[action="/audit/verify"] button')
    assert "The log is sound." in browser.text
    browser.fill(case_number="T-TELEPHONE")
    browser.press("form.sheet button")
    assert "T-TELEPHONE" in browser.text


def test_labels_name_what_they_are_for(browser: Browsing, service: Served) -> None:
    """The browser computes a name for each field, button and chart, as a screen reader reads it."""
    browser.sign_in(service.tokens["requester"])
    fields = browser.all("input:not([type=hidden]), select, button, a")
    assert len(fields) > 25
    assert [field.get_attribute("id") for field in fields if not field.accessible_name] == []
    browser.fill(full_name=TARGET["name"], **WHY)
    browser.press("main form button")
    assert browser.one("svg.waterfall").accessible_name
    regions = browser.all("[role=region]")
    assert regions
    assert all(region.accessible_name for region in regions)

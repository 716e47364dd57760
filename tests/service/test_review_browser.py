"""Clerical review in a real browser: by keys alone, at 320 pixels, without a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.service.browsing import Browsing, a_browser
from tests.service.queued import POINTED, a_queue, number_of
from tests.service.serving import Served

WIDTHS = (1280, 320)


@pytest.fixture(scope="module")
def queued(service_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with pairs to review, two reviewers each."""
    with a_queue(service_world, tmp_path_factory.mktemp("review")) as made:
        yield made


@pytest.fixture(scope="module")
def chromium(queued: Served) -> Iterator[Browsing]:
    with a_browser(queued) as made:
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


def focused(browser: Browsing) -> WebElement:
    return browser.driver.switch_to.active_element


def press_key(browser: Browsing, key: str) -> None:
    """Press a button's own key, and wait for the page it leads to."""
    with browser.leaving():
        ActionChains(browser.driver).key_down(Keys.ALT).send_keys(key).key_up(Keys.ALT).perform()


def fits(browser: Browsing, where: str) -> None:
    """Nothing of the page is wider than a telephone, the table of the pair not either."""
    for width in WIDTHS:
        browser.resize(width)
        script = "return document.documentElement.scrollWidth"
        assert browser.driver.execute_script(script) <= width, (where, width)
        for table in browser.all("table.pair"):
            assert table.size["width"] <= width, (where, width)
    browser.resize(1280)


def test_pairs_are_decided_by_keys_alone(browser: Browsing, queued: Served) -> None:
    """A verdict is one key, the next pair is Enter; where one is can be seen all the time."""
    browser.sign_in(queued.tokens["reviewer"])
    browser.go("/review")
    fits(browser, "queue")
    browser.press("main a.button")
    assert browser.one("h1").text == "Are these records of one person?"
    assert focused(browser).tag_name == "h1"
    fits(browser, "pair")
    first = browser.driver.current_url
    press_key(browser, "m")
    assert "You said match." in browser.one("[role=status]").text
    assert browser.driver.current_url == first
    assert browser.one("svg.waterfall").accessible_name
    assert focused(browser).text.startswith("Next pair")
    assert focused(browser).value_of_css_property("outline-style") == "solid"
    fits(browser, "decided")
    with browser.leaving():
        focused(browser).send_keys(Keys.ENTER)
    assert browser.driver.current_url != first
    press_key(browser, "n")
    assert "You said non-match." in browser.text
    press_key(browser, "p")
    press_key(browser, "u")
    assert "You said unsure." in browser.text


def test_tabs_lead_from_the_records_to_the_verdict(browser: Browsing, queued: Served) -> None:
    """From the question on: the records, the reason, the three buttons, in this order."""
    browser.sign_in(queued.tokens["second"])
    browser.go("/review/next?entity_type=person")
    names = []
    for _ in range(5):
        focused(browser).send_keys(Keys.TAB)
        names.append(focused(browser).accessible_name)
        assert focused(browser).value_of_css_property("outline-style") == "solid"
    assert names[0] == "The two records side by side"
    assert names[1].startswith("Reason (optional)")
    assert names[2:] == [
        *("Match one person", "Non-match two of them", "Unsure the records do not tell"),
    ]
    browser.fill(reason="keys alone")
    focused(browser).send_keys(Keys.ENTER, "go on")  # a line, not a verdict
    assert browser.one("h1").text == "Are these records of one person?"
    for _ in range(2):
        focused(browser).send_keys(Keys.TAB)
    with browser.leaving():
        focused(browser).send_keys(Keys.SPACE)
    assert "You said non-match." in browser.text


def test_differences_are_told_without_colour(browser: Browsing, queued: Served) -> None:
    """Each field says in its row's head how the two compare, by a sign and in words."""
    browser.sign_in(queued.tokens["manager"])
    browser.go(f"/review/{number_of(POINTED)}")
    heads = [head.text.splitlines() for head in browser.all("table.pair tbody:first-of-type th")]
    assert ["Birth date", "≠ different"] in heads
    assert ["Phones", "\u2013 in one only"] in heads
    assert {len(head) for head in heads} == {2}
    assert {row.get_attribute("scope") for row in browser.all("table.pair tbody th")} == {"row"}
    named = browser.all("main [role=region], main button, textarea")
    assert len(named) == 5
    assert all(element.accessible_name for element in named)

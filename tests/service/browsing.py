"""A browser without a window, and a client that keeps cookies as one does."""

from __future__ import annotations

import html
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import httpx
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.service.serving import Served

CHROMIUM = Path("/usr/bin/chromium")
DRIVER = Path("/usr/bin/chromedriver")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
WAITS = 20


class Browsing:
    """What a person does with a browser."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver, self.url = driver, url

    def go(self, path: str) -> None:
        self.driver.get(self.url + path)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self.one(f"#{name}")
            field.clear()
            field.send_keys(value)

    def press(self, selector: str) -> None:
        """Press what leads to another page, and wait for that."""
        with self.leaving():
            self.one(selector).click()

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Wait, after what is done within, until another page is there as a whole.

        A mark on the page tells it from the next one. An element of it that is asked whether it is
        stale would do too, but for an error of the driver's now and then (Selenium issue 15401).
        """
        self.driver.execute_script("window.isThePageBefore = true")
        yield
        arrived = "return document.readyState === 'complete' && !window.isThePageBefore"
        WebDriverWait(self.driver, WAITS, ignored_exceptions=[WebDriverException]).until(
            lambda driver: driver.execute_script(arrived)
        )

    def sign_in(self, token: str) -> None:
        self.go("/")
        self.fill(token=token)
        self.press("main form button")

    def sign_out(self) -> None:
        self.press("nav form button")

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page a width, however wide a window must be at least."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    @property
    def text(self) -> str:
        return self.one("main").text

    def complaints(self) -> list[str]:
        """What the browser says of a page that breaks its own policy, or lacks something."""
        told = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        lines = [str(entry["message"]) for entry in told]
        return [line for line in lines if "autocomplete" not in line and " status of 4" not in line]


@contextmanager
def a_browser(service: Served) -> Iterator[Browsing]:
    """Start a browser, and end it with all that it wrote."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        said = f"no browser: {CHROMIUM} and {DRIVER} are needed (chromium and chromium-driver)"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with tempfile.TemporaryDirectory(prefix="linker-browser-") as profile:
        options = Options()
        options.binary_location = str(CHROMIUM)
        for word in (*QUIET, f"--user-data-dir={profile}"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # named, so that no driver is looked for elsewhere
        driver = webdriver.Chrome(options=options, service=Service(executable_path=str(DRIVER)))
        try:
            yield Browsing(driver, service.url)
        finally:
            driver.quit()


class Tab:
    """A client that keeps cookies and fills in forms."""

    def __init__(self, service: Served) -> None:
        self.client = httpx.Client(
            base_url=service.url, headers={"accept": "text/html"}, timeout=30
        )
        self.page = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str) -> httpx.Response:
        got = self.client.get(path)
        self.page = got.text or self.page
        return got

    def post(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        """Send a form as a page of ours holds it."""
        got = self.client.post(path, data={"form_key": self.form_key, **fields})
        self.page = got.text or self.page
        return got

    @property
    def form_key(self) -> str:
        found = re.search(r'name="form_key" value="([^"]*)"', self.page)
        return html.unescape(found[1]) if found else ""

    def sign_in(self, token: str) -> httpx.Response:
        self.get("/")
        got = self.post("/sign-in", {"token": token})
        if got.status_code == 303:
            self.get("/")
        return got

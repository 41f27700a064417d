"""Drives a report in headless Chromium: what the tests of the page share."""

import json
import signal
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select


class Page:
    """A report in a browser of its own, without a network."""

    def __init__(self, path, fragment="", width=1400, height=1000, dark=False, script=True):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--lang=en", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        if not script:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.cdp = self.driver.execute_cdp_cmd
        self.cdp("Emulation.setDeviceMetricsOverride",
                 {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        self.cdp("Emulation.setEmulatedMedia",
                 {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.url = "file://" + path
        self.driver.get(self.url + fragment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def field(self, name):
        return self.one(f"#controls [name={name}]")

    def choose(self, name, value):
        Select(self.field(name)).select_by_value(value)

    def search(self, text):
        field = self.field("q")
        field.clear()
        field.send_keys(text)

    def lines(self):
        """Lines of all rows that match, in the order in which they stand."""
        for button in self.all("#more:not([hidden]) [name=all]"):
            self.run("arguments[0].click()", button)
        return self.run("""
            return [...document.querySelectorAll("#inventory tbody tr[data-line]")]
                .filter(row => row.getClientRects().length > 0).map(row => Number(row.dataset.line))""")

    def go(self, fragment):
        self.run("location.hash = arguments[0]", fragment)
        time.sleep(0.1)

    @property
    def fragment(self):
        return self.run("return location.hash")

    def status(self):
        return self.one("#status").text

    def check_quiet(self):
        """No error on the console, and nothing was asked of a network."""
        errors = [entry["message"] for entry in self.driver.get_log("browser")]
        assert not errors, errors
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        assert all(url.startswith(("file://", "data:", "about:")) for url in asked), asked


def records(path):
    """The same run's JSON Lines."""
    with open(path) as file:
        return [json.loads(line) for line in file]


def main(checks):
    """Runs the check that the first argument names with the arguments that follow it, for two minutes at most."""
    signal.alarm(120)
    checks[sys.argv[1]](*sys.argv[2:])

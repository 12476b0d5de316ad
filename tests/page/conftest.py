"""A page that is served, and a browser to look at it."""

import base64
import json
import shutil
import subprocess
import sys
import time

import pytest

from gutexo.page.wish import Wish

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def address():
    """Address of a page in a process of its own."""
    command = [sys.executable, "-c", "from gutexo.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "page", "--no-browser"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().split()[0].rstrip("/")
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    assert CHROMIUM, "these tests need Chromium: apt-get install chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()


def linked(**wish):
    """The part of an address that makes it a share link."""
    content = json.dumps({"v": 1, **Wish(**wish).model_dump()}).encode()
    return "#" + base64.urlsafe_b64encode(content).decode().rstrip("=")


class Visitor:
    """Somebody at a page: what they do, and what went wrong meanwhile."""

    def __init__(self, browser, address, hash_="", watching=None, **options):
        self.address = address
        self.page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        if watching:
            self.page.add_init_script(watching)
        self.wrong, self.requests = [], []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address + "/" + hash_)
        self.until(lambda: self.frames > 0)

    @property
    def frames(self):
        """Frames drawn so far."""
        return self.page.evaluate("gutexo.frames")

    @property
    def day(self):
        """Day that is shown."""
        return int(self.page.locator("#shown_day").inner_text())

    @property
    def status(self):
        """What the page says."""
        return self.page.locator("#status").inner_text()

    def until(self, condition, seconds=900):
        """Wait for something; the page allows no script of ours to wait for it."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited in vain; the page says: {self.status}"
            time.sleep(0.02)

    def download(self, button):
        """Press a button that gives a file; its content."""
        with self.page.expect_download(timeout=120_000) as caught:
            self.page.click(button)
        with open(caught.value.path(), "rb") as file:
            return file.read()

    def step(self, times=1):
        """Press Step, and wait for each picture."""
        for _ in range(times):
            before = self.frames
            self.page.click("#step")
            self.until(lambda before=before: self.frames > before)

    def play(self):
        """Press Play."""
        self.page.click("#play")

    def pause(self):
        """Press Pause, and wait until the mice stand."""
        self.page.click("#play")
        self.until(lambda: self.page.evaluate("gutexo.stands"))
        assert self.page.locator("#play").inner_text() == "Play"

    def play_to(self, day):
        """Play at full speed until a day is shown, or the scenario is over."""
        self.page.select_option("#speed", "24")
        self.play()
        self.until(lambda: self.day >= day or self.page.evaluate("gutexo.stands"))
        time.sleep(0.3)  # At the end of a scenario the mice come to stand by themselves.
        if not self.page.evaluate("gutexo.stands"):
            self.pause()


@pytest.fixture
def visit(browser, address):
    """Open the page; whatever it complains of fails the test."""
    visitors = []

    def opened(hash_="", **options):
        visitors.append(Visitor(browser, address, hash_, **options))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        visitor.page.close()
        assert visitor.wrong == []
        assert all(url.startswith((address, "blob:", "data:")) for url in visitor.requests)

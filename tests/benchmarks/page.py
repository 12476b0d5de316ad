"""How soon the page stands, how soon its first picture comes, how many frames a second it draws.

Usage: python tests/benchmarks/page.py [--rounds N] [--seconds S] [--json FILE]

Times are those of the machine it ran on, Chromium beside the model on the same cores. Nothing here
is asserted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = [sys.executable, "-c", "from gutexo.cli import main; main()", "page", "--no-browser"]
FLAGS = ["--no-sandbox", "--disable-gpu"]
MARKS = "Object.fromEntries(performance.getEntriesByType('mark').map((m) => [m.name, m.startTime]))"
SHELL = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
SHOWN = "document.querySelector('.mouse canvas').getAttribute('aria-label')"


def until(page: Any, condition: str) -> None:
    """Ask again and again: the page lets no script of ours wait inside it."""
    while not page.evaluate(condition):
        time.sleep(0.01)


def one_round(browser: Any, seconds: float) -> dict[str, float]:
    """Start the page, look at it, play for some seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(PAGE, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().split()[0]
        urllib.request.urlopen(address).read()
        found = {"shell served (s)": time.perf_counter() - start}
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        found["shell shown (s)"] = found["shell served (s)"] + page.evaluate(SHELL) / 1000
        until(page, "window.gutexo?.frames > 0")
        marks = page.evaluate(MARKS)
        found["controls filled after start (s)"] = (
            found["shell served (s)"] + marks["gutexo hello"] / 1000
        )
        found["first picture after start (s)"] = (
            found["shell served (s)"] + marks["gutexo first picture"] / 1000
        )
        # Once more on a model that stands: what a second visitor waits.
        page.reload()
        until(page, "window.gutexo?.frames > 0")
        found["first picture, model ready (s)"] = (
            page.evaluate(MARKS)["gutexo first picture"] / 1000
        )
        page.click("#play")
        until(page, "document.getElementById('shown_day').textContent >= 2")
        before, then = page.evaluate("gutexo.frames"), time.perf_counter()
        page.wait_for_timeout(1000 * seconds)
        rate = (page.evaluate("gutexo.frames") - before) / (time.perf_counter() - then)
        found["frames a second"] = rate
        found["exosomes shown"] = float(page.evaluate(SHOWN).split(", ")[1].split()[0])
        page.click("#play")
        press = time.perf_counter()
        until(page, "gutexo.stands")
        found["pause heeded after (s)"] = time.perf_counter() - press
        page.close()
        return found
    finally:
        process.terminate()
        process.wait()


def measure(rounds: int, seconds: float) -> dict[str, list[float]]:
    """All rounds, the first of which warms caches and is dropped."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        found = [one_round(browser, seconds) for _ in range(rounds + 1)][1:]
        browser.close()
    return {name: [one[name] for one in found] for name in found[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help="played in each round")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = measure(chosen.rounds, chosen.seconds)
    for name, values in found.items():
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"{name:34} {middle:8.2f}  ({low:.2f} to {high:.2f})")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

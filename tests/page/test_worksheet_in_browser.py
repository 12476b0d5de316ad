"""Sheets for a class as a browser shows and prints them."""

import re
from importlib.resources import files

import pytest

from gutexo.page.worksheet import worksheets
from gutexo.protocol.standard_studies import study
from tests.figures.made_up import result

pytestmark = pytest.mark.gate
PAGES = worksheets(study("exosome transfer"), result())
SHEETS = dict(zip(("student", "teacher"), PAGES, strict=True))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_fits_every_screen_and_every_reader(browser, name, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(SHEETS[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = "[...document.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().height)"
    assert min(page.evaluate(small)) > 7
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run()")
    assert not found["violations"] and found["passes"]
    page.close()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_four_pages_in_print(browser, name):
    page = browser.new_page()
    page.set_content(SHEETS[name])
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 4
    page.close()

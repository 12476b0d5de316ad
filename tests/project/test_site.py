"""The pages build into a site whose links lead somewhere; it asks for nothing from elsewhere."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import gutexo as gut

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
# What a browser fetches by itself, and where the address stands.
FETCHED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src"}
ELSEWHERE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """What a page names, links to and fetches."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.fetched, self.images = set(), [], [], []
        self.language, self.outputs, self.headings = None, 0, 0
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if given.get(FETCHED.get(tag)):
            self.fetched.append(given[FETCHED[tag]])
        if tag == "img":
            self.images.append(given)
        if tag == "html":
            self.language = given.get("lang")
        self.headings += tag == "h1"
        self.outputs += "cell_output" in (given.get("class") or "").split()


def built(folder, *options):
    """Build the site; its pages by their path in it."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", *options]
    done = subprocess.run(
        [*command, "-d", str(folder / "doctrees"), str(DOCS), str(folder / "site")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    site = folder / "site"
    return {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html")}, site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Pages and folder of the site, notebooks not run."""
    return built(tmp_path_factory.mktemp("site"), "-D", "nb_execution_mode=off")


def target(site, page, link):
    """File a link leads to, and the place in it."""
    parts = urlsplit(link)
    path = (site / page).parent / unquote(parts.path) if parts.path else site / page
    return path.resolve(), unquote(parts.fragment)


@pytest.mark.gate
def test_every_link_and_image_leads_somewhere(site):
    pages, folder = site
    broken = []
    for name, page in pages.items():
        for link in page.links + page.fetched:
            if ELSEWHERE.match(link) or link.startswith(("mailto:", "data:", "javascript:")):
                continue
            path, place = target(folder, name, link)
            known = pages.get(path.relative_to(folder.resolve()).as_posix())
            # A script finds its place without a name.
            if not path.is_file() or (place and known and place not in known.ids):
                broken.append(f"{name}: {link}")
    assert not broken


@pytest.mark.gate
def test_nothing_is_asked_of_elsewhere(site):
    pages, folder = site
    requested = [f"{n}: {url}" for n, page in pages.items() for url in page.fetched]
    for style in folder.rglob("*.css"):
        for found in IN_STYLE.finditer(style.read_text(encoding="utf-8")):
            requested.append(f"{style.name}: {found[1] or found[2]}")
    assert requested
    assert not [line for line in requested if ELSEWHERE.match(line.split(": ", 1)[1])]


@pytest.mark.gate
def test_every_public_name_has_an_entry(site):
    pages, _ = site
    missing = [name for name in gut.__all__ if f"gutexo.{name}" not in pages["api.html"].ids]
    assert not missing


@pytest.mark.gate
def test_every_page_is_reached_from_the_first(site):
    pages, folder = site
    reached, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in pages:
            continue
        reached.add(name)
        for link in pages[name].links:
            if not ELSEWHERE.match(link):
                path = target(folder, name, link)[0]
                waiting.append(path.relative_to(folder.resolve()).as_posix())
    written = {p.relative_to(DOCS).with_suffix(".html").as_posix() for p in DOCS.rglob("*.md")}
    assert written - reached == set()
    assert {f"made/{name}.html" for name in NOTEBOOKS} <= reached


@pytest.mark.gate
def test_a_page_says_its_language_and_what_its_pictures_show(site):
    pages, _ = site
    for name, page in pages.items():
        assert page.language == "en", name
        assert 'role="heading">' not in page.text and "<pre>" not in page.text, name
        assert page.headings == 1 or name in {"genindex.html", "search.html"}, name
        for image in page.images:
            alt = image.get("alt") or ""
            assert len(alt) > 20 and image["src"] not in alt, f"{name}: {image}"


@pytest.mark.long
def test_notebooks_are_shown_as_they_ran(tmp_path):
    pages, _ = built(tmp_path)
    for name in NOTEBOOKS:
        page = pages[f"made/{name}.html"]
        assert page.outputs > 0, name
        for image in page.images:
            assert len(image.get("alt") or "") > 20 and image["src"] not in image["alt"], name
        assert "vnd.jupyter.widget" not in page.text, f"{name}: a widget cannot live here"
    assert any(pages[f"made/{name}.html"].images for name in NOTEBOOKS)

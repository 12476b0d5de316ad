"""The page as a widget: what it is made of, and driven once in JupyterLab."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pytest

import gutexo as gut
from gutexo.analysis.trajectory_table import trajectories_csv
from gutexo.errors import GutexoError
from gutexo.page.bundle import CONTROLS, DRAWING, STATIC, drawing, widget
from gutexo.page.widget import OWN, watch

TEA = """
class Tea(gut.Intervention):
    "A tea that speeds tight-junction repair."
    strength: float = 0.3

    def modifiers(self, day):
        return {"tight_junction.repair": 1 + self.strength}
"""
CELL = f"""import gutexo as gut
{TEA}
helped = gut.scenario("young + old exosomes").named("with tea").add(Tea())
gut.watch(helped, "young + vehicle", seed=1, sliders=["barrier.repair"])
"""


def test_the_bundle_is_one_module_of_all_files():
    whole = widget()
    assert "import " not in re.sub(r"//.*", "", whole) and whole.count("export ") == 1
    assert "document.body" not in drawing() and "export" not in drawing()
    files = {path.stem for path in STATIC.glob("*.js")}
    assert files == {*DRAWING, *CONTROLS, "start"}
    names = re.findall(r"^(?:function|class|const|let) (\w+)", whole, re.MULTILINE)
    assert len(names) == len(set(names))


def test_own_scenarios_stand_beside_those_of_the_studies():
    own = gut.scenario("young + vehicle").named("mine")
    found = watch(
        own, seed=np.int64(5), sliders=["barrier.repair"], changes={"barrier.repair": "0.2 1/d"}
    )
    assert found.wish == {
        "arm": "mine", "beside": None, "seed": 5, "full": False, "changes": {"barrier.repair": 0.2}
    }  # fmt: skip
    arms = {arm["name"]: arm["study"] for arm in found._catalogue["arms"]}
    assert arms["mine"] == OWN and arms["old + vehicle"] == "exosome transfer"
    assert [slider["name"] for slider in found._catalogue["sliders"]] == ["barrier.repair"]
    found.close()


@pytest.mark.parametrize(
    ("arguments", "named", "line"),
    [
        (("young + vehicl",), {}, "young \\+ vehicle"),
        (("a", "b", "c"), {}, "one or two"),
        ((), {"sliders": ["barrier.repai"]}, "barrier.repair"),
        ((), {"sliders": ["resolution.packets"]}, "has no slider"),
        ((), {"changes": {"barrier.repair": -1.0}}, "barrier.repair"),
        ((), {"seed": -1}, "seed"),
        ((3,), {}, "name of an arm"),
        ((), {"link": 5}, "link must be text"),
        ((), {"changes": ["barrier.repair"]}, "changes"),
    ],
)
def test_what_cannot_be_watched_is_one_line(arguments, named, line):
    with pytest.raises(GutexoError, match=line) as caught:
        watch(*arguments, **named)
    assert "\n" not in str(caught.value)


@pytest.fixture
def lab(tmp_path):
    """Address of a JupyterLab with one notebook of one cell."""
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
            "source": CELL}  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "watch.ipynb").write_text(json.dumps(notebook))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    options = [f"--port={port}", "--no-browser", "--allow-root", "--LabApp.news_url=None",
               "--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path / 'lab'}",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        env={**os.environ, **places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).read()
                break
            except OSError:
                assert server.poll() is None
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.gate
def test_the_widget_in_jupyterlab(lab, browser):
    """A cell shows the page; what it plays is, to the byte, what the same study gives in Python."""
    page, wrong, requested = browser.new_page(viewport={"width": 1280, "height": 900}), [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    host = "document.querySelector('[data-lm-suppress-shortcuts]').gutexo"

    def until(condition, seconds=90):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, page.locator("#status").all_inner_texts()
            time.sleep(0.05)

    page.goto(f"{lab}/lab/tree/watch.ipynb")
    page.locator(".jp-Notebook .cm-content").first.click(timeout=60_000)
    until(lambda: "Idle" in page.locator("#jp-main-statusbar").inner_text())
    page.keyboard.press("Shift+Enter")
    page.locator("#play").wait_for(timeout=60_000)
    until(lambda: page.evaluate(f"{host}.frames") == 1)
    assert page.locator("#arm").input_value() == "with tea"
    assert page.locator(".mouse").count() == 2 and page.locator("#sliders input").count() == 1
    # Keys typed here are no commands of the notebook: "d d" would delete the cell.
    page.locator("#play").focus()
    for key in "ddbxm":
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 2
    page.click("#step")
    until(lambda: page.evaluate(f"{host}.frames") == 2)
    page.select_option("#speed", "24")
    page.click("#play")
    until(lambda: "over" in page.locator("#status").inner_text())
    with page.expect_download() as caught:
        page.click("#csv")
    shown = open(caught.value.path(), "rb").read()
    until(lambda: page.evaluate(f"{host}.bands") == 2)
    page.locator("#day").evaluate("e => { e.value = 5; e.dispatchEvent(new Event('change')); }")
    until(lambda: page.locator("#shown_day").inner_text() == "5")
    page.close()
    assert wrong == []
    assert all(
        url.startswith((lab, lab.replace("http", "ws"), "blob:", "data:")) for url in requested
    )

    space = {"gut": gut}
    exec(TEA, space)
    helped = gut.scenario("young + old exosomes").named("with tea").add(space["Tea"]())
    arms = (helped.change(gut.QUICK), gut.scenario("young + vehicle").change(gut.QUICK))
    study = gut.Study(name="page", arms=arms)
    assert shown == trajectories_csv(gut.compare(study, replicates=1, seed=1).data)

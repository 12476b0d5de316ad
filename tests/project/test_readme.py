"""The Python of the README runs as it stands, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


PAGES = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("page", ["README.md", *(p for p in PAGES if "/made/" not in p)])
def test_links_lead_to_files(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), f"{page}: {target}"
    for target in re.findall(r"`((?:notebooks|tests|docs|body|protocol|biology)/[\w/.]+\w)`", text):
        found = [ROOT / target, ROOT / "simulation" / target]
        assert any(path.exists() for path in found), f"{page}: {target}"


@pytest.mark.gate
@pytest.mark.parametrize("page", ["README.md", "docs/first_steps.md"])
def test_the_python_of_a_page_runs(page, capsys):
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    names: dict[str, object] = {"__name__": "page"}
    exec(block, names)
    assert "ohm cm2" in capsys.readouterr().out
    assert "transfer" in names and names.get("helped", names["transfer"]).data.sizes["time"] > 1

"""A copy of the package with one rule broken, and a few mice that live by it.

A rule is named as docs/ODD.md names it. It is broken without being read: what the function returns
is replaced by something made of it.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import gutexo

PACKAGE = Path(gutexo.__file__).parent
READ = ("FITC-dextran", "TER", "plasma TNF", "plasma LPS", "HOMA-IR", "luminal protective cargo")
MICE = """
import json, sys
import gutexo as gut
request = json.loads(sys.stdin.read())
assert gut.__file__.startswith(request["home"]), gut.__file__
parameters = gut.Parameters().change(request["changes"])
found = []
for seed in range(request["mice"]):
    mouse = gut.Mouse(parameters, seed=seed)
    mouse.run_for(f"{request['days']} d")
    read = mouse.measure()
    found.append([read[name] for name in request["read"]])
print(json.dumps(found))
"""


def broken(source: str, function: str, by: str) -> str:
    """Source in which every value that a function returns is replaced.

    Args:
        source: Of a module.
        function: Name of a function of it.
        by: Expression, in `value`, of what is returned instead.
    """
    tree = ast.parse(source)
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function]
    assert len(found) == 1, function
    returns = [n for n in ast.walk(found[0]) if isinstance(n, ast.Return)]
    assert returns, function
    for node in returns:
        other = ast.parse(by, mode="eval").body
        node.value = _put(other, node.value)
    return ast.unparse(ast.fix_missing_locations(tree))


def _put(tree: ast.expr, value: ast.expr) -> ast.expr:
    class Put(ast.NodeTransformer):
        def visit_Name(self, node):
            return value if node.id == "value" else node

    return Put().visit(tree)


def readings_of_a_broken_mouse(
    folder: Path, rule: str, by: str, changes: dict, mice: int, days: int
) -> list[list[float]]:
    """Readings of mice in a process of their own that imports a copy with one rule broken.

    Args:
        folder: Where the copy goes.
        rule: "module.function" of `gutexo.biology`; "" breaks nothing.
        by: What is returned instead of `value`.
        changes: Parameters that differ from the defaults.
        mice: How many.
        days: Days they live after they have settled.

    Returns:
        `READ` of every mouse.
    """
    copy = folder / "gutexo"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    if rule:
        module, function = rule.split(".")
        path = copy / "biology" / f"{module}.py"
        path.write_text(broken(path.read_text("utf-8"), function, by), "utf-8")
    request = {"home": str(folder), "changes": changes, "mice": mice, "days": days, "read": READ}
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "GUTEXO_CACHE": str(folder / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", MICE],
        input=json.dumps(request),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])

"""Version of the code that makes results: its syntax, without what only people read.

Comments, docstrings, annotations of functions, assertions, messages of errors and texts of
declarations stay out, and so do modules that only show or cite. Of the catalogue only values count.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gutexo.cache_folder import cache_root, make_folder

_HERE = Path(__file__).resolve().parent
COUNTED = ("biology", "body", "catalogue/values", "compiled.py")
"""Folders and files that can change a result."""
SHOWN = ("body/shown.py",)
"""What in them only shows."""
_TEXTS = {"parameter": 1, "Column": 2, "Observable": 1}
"""How many arguments of these calls count; the rest is text, or what may be asked for."""
_COUNTED_KEYWORDS = {"value", "axis", "name"}
_SHOWING = {"__repr__", "__str__", "_repr_html_"}
_MEMO = "code-digests.json"


class _WithoutTexts(ast.NodeTransformer):
    """Leaves out of a module what changes no result."""

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [
            statement
            for statement in body
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        ]

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = [s for s in self._body(node.body) if not _is_text(s)]
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = self._body(node.body)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        if node.name in _SHOWING:
            return None
        node.body = self._body(node.body)
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Assert(self, node: ast.Assert) -> None:
        return None

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _TEXTS:
            # An axis stands behind the text of a column.
            kept = node.args[: _TEXTS[name]] + (node.args[3:] if name == "Column" else [])
            node.args = kept
            node.keywords = [k for k in node.keywords if k.arg in _COUNTED_KEYWORDS]
        return self.generic_visit(node)


def _is_text(statement: ast.stmt) -> bool:
    """Whether a module's statement only names what it offers, or a text such as a grade."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    target, value = statement.targets[0], statement.value
    if isinstance(target, ast.Name) and target.id == "__all__":
        return True
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def syntax_digest(source: bytes) -> str:
    """Digest of the syntax of a module, without texts.

    Args:
        source: Its source.
    """
    tree = _WithoutTexts().visit(ast.parse(source))
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:32]


@cache
def _memo_version() -> str:
    """What a remembered digest depends on beside its source: Python, and this module."""
    content = hashlib.sha256(Path(__file__).read_bytes())
    content.update(sys.version.encode())
    return content.hexdigest()[:16]


def _read_memo() -> dict[str, str]:
    """Digest by the hash of a source, remembered from earlier processes."""
    try:
        content = json.loads((cache_root() / _MEMO).read_bytes())
        known = content["known"]
        if content["version"] == _memo_version() and content["check"] == _check(known):
            return {str(raw): str(found) for raw, found in known.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return {}


def _check(known: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:32]


def _write_memo(known: dict[str, str]) -> None:
    content = {"version": _memo_version(), "check": _check(known), "known": known}
    path = cache_root() / _MEMO
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_folder(path.parent)
        part.write_text(json.dumps(content), encoding="utf-8")
        os.replace(part, path)
    except OSError:
        _drop(part)


def _drop(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        pass


def files_of(parts: Iterable[str], root: Path = _HERE) -> list[Path]:
    """Modules of parts of the package, in order.

    Args:
        parts: Files or folders below the package.
        root: The package.
    """
    found = []
    for part in parts:
        where = root / part
        found += sorted(where.rglob("*.py")) if where.is_dir() else [where]
    return found


def digest_of_files(paths: Sequence[Path], root: Path = _HERE) -> str:
    """Digest of the syntax of modules.

    Args:
        paths: The modules.
        root: What their names are told from.
    """
    known = _read_memo()
    fresh: dict[str, str] = {}
    content = hashlib.sha256()
    for path in paths:
        source = path.read_bytes()
        raw = hashlib.sha256(source).hexdigest()[:32]
        found = known.get(raw) or fresh.get(raw)
        if found is None:
            fresh[raw] = found = syntax_digest(source) if path.suffix == ".py" else raw
        content.update(f"{path.relative_to(root).as_posix()} {found}\n".encode())
    if fresh:
        # Only those of now, so that it does not grow for ever.
        _write_memo({**dict(list(known.items())[-400:]), **fresh})
    return content.hexdigest()


def rules_digest(root: Path = _HERE) -> str:
    """Digest of all modules that can change a result.

    Args:
        root: The package.
    """
    left_out = {root / name for name in SHOWN}
    return digest_of_files([p for p in files_of(COUNTED, root) if p not in left_out], root)

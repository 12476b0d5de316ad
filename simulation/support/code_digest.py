"""Version of the code that makes results: a digest of its syntax, without text for readers.

Comments, docstrings, annotations of functions, assertions, messages of errors and texts of
declarations are left out, and so are modules that only display or cite. Of the catalogue values,
their units, rates, signals and organs count.
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

from gutexo.support.cache_folder import cache_root, make_shared_folder, shared_file_mode

_PACKAGE = Path(__file__).resolve().parents[1]
COUNTED_PATHS = (
    "biology",
    "body",
    "catalogue/organs.py",
    "catalogue/rates.py",
    "catalogue/signals.py",
    "catalogue/values",
    "compiled.py",
    "support/linking.py",
)
"""Folders and files that can change a result."""
DISPLAY_PATHS = ("body/summary.py",)
"""Files in `COUNTED_PATHS` that only display, so that they do not count."""
_COUNTED_ARGUMENTS = {"parameter": 2, "Column": 2, "Observable": 1, "Signal": 2, "NamedRate": 1}
"""Number of arguments of these calls that count; the others are texts or allowed ranges."""
_COUNTED_KEYWORDS = {
    *("value", "axis", "name", "rate", "max_step", "varies", "in_record", "secretion_varies"),
    *("parameter", "unit", "composed", "field", "index"),
}
_DISPLAY_METHODS = {"__repr__", "__str__", "_repr_html_"}
_MEMO_FILE = "code-digests.json"


class _TextRemover(ast.NodeTransformer):
    """A transformer that removes from a module all that changes no result."""

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
        if node.name in _DISPLAY_METHODS:
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
        if name in _COUNTED_ARGUMENTS:
            # The axis of a column is the argument after its text.
            counted = node.args[: _COUNTED_ARGUMENTS[name]] + (
                node.args[3:] if name == "Column" else []
            )
            node.args = counted
            node.keywords = [k for k in node.keywords if k.arg in _COUNTED_KEYWORDS]
        return self.generic_visit(node)


def _is_text(statement: ast.stmt) -> bool:
    """Return whether a statement of a module sets only `__all__`, or a text such as a grade."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    target, value = statement.targets[0], statement.value
    if isinstance(target, ast.Name) and target.id == "__all__":
        return True
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def syntax_digest(source: bytes) -> str:
    """Digest of the syntax of a module, without texts.

    Args:
        source: Source of the module.
    """
    tree = _TextRemover().visit(ast.parse(source))
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:32]


@cache
def _memo_version() -> str:
    """Version of the saved digests: besides a source, they depend on Python and this module."""
    content = hashlib.sha256(Path(__file__).read_bytes())
    content.update(sys.version.encode())
    return content.hexdigest()[:16]


def _read_memo() -> dict[str, str]:
    """Read the digests that earlier processes saved, by hash of the source."""
    try:
        content = json.loads((cache_root() / _MEMO_FILE).read_bytes())
        known = content["known"]
        if content["version"] == _memo_version() and content["check"] == _memo_checksum(known):
            return {str(raw): str(found) for raw, found in known.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return {}


def _memo_checksum(known: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:32]


def _write_memo(known: dict[str, str]) -> None:
    content = {"version": _memo_version(), "check": _memo_checksum(known), "known": known}
    path = cache_root() / _MEMO_FILE
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_shared_folder(path.parent)
        part.write_text(json.dumps(content), encoding="utf-8")
        part.chmod(shared_file_mode(path.parent))
        os.replace(part, path)
    except OSError:
        _remove_quietly(part)


def _remove_quietly(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        pass


def list_modules(parts: Iterable[str], root: Path = _PACKAGE) -> list[Path]:
    """List the modules of parts of the package, in order.

    Args:
        parts: Files or folders inside the package.
        root: Folder of the package.
    """
    found = []
    for part in parts:
        where = root / part
        found += sorted(where.rglob("*.py")) if where.is_dir() else [where]
    return found


def digest_files(paths: Sequence[Path], root: Path = _PACKAGE) -> str:
    """Digest of the syntax of modules.

    Args:
        paths: The modules.
        root: Folder to which their names are relative.
    """
    saved = _read_memo()
    fresh: dict[str, str] = {}
    content = hashlib.sha256()
    for path in paths:
        source = path.read_bytes()
        raw = hashlib.sha256(source).hexdigest()[:32]
        digest = saved.get(raw) or fresh.get(raw)
        if digest is None:
            fresh[raw] = digest = syntax_digest(source) if path.suffix == ".py" else raw
        content.update(f"{path.relative_to(root).as_posix()} {digest}\n".encode())
    if fresh:
        # Only the last 400 and the new ones are saved, so that the file does not grow for ever.
        _write_memo({**dict(list(saved.items())[-400:]), **fresh})
    return content.hexdigest()


def rules_digest(root: Path = _PACKAGE) -> str:
    """Digest of all modules that can change a result.

    Args:
        root: Folder of the package.
    """
    left_out = {root / name for name in DISPLAY_PATHS}
    return digest_files([p for p in list_modules(COUNTED_PATHS, root) if p not in left_out], root)

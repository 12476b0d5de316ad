"""JSON that every program reads."""

import ast
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import gutexo
from gutexo.support.json_text import format_json

PACKAGE = Path(gutexo.__file__).parent


@dataclass(frozen=True)
class Row:
    name: str
    value: float
    window: tuple[float, float] = (0.0, math.inf)


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (math.nan, None),
        ([1.5, math.nan, -math.inf], [1.5, None, None]),
        (
            {"a": {"b": (np.float64("nan"), np.int64(3), np.bool_(True))}},
            {"a": {"b": [None, 3, 1]}},
        ),
        (np.array([1.0, np.nan]), [1.0, None]),
        (Row("x", math.nan), {"name": "x", "value": None, "window": [0.0, None]}),
        ([Row("x", 1.0, (1.0, 2.0))], [{"name": "x", "value": 1.0, "window": [1.0, 2.0]}]),
        ({"µ\x1b": "é\n"}, {"µ\x1b": "é\n"}),
        ([None, True, 0.1, 2**70], [None, True, 0.1, 2**70]),
    ],
)
def test_what_is_not_there_is_null(content, read):
    text = format_json(content)
    assert json.loads(text, parse_constant=pytest.fail) == read
    assert text.isascii() and "\x1b" not in text


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="set"):
        format_json({"a": {1, 2}})


def trees(folder):
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_commands_write_json_in_one_way_only():
    for path, tree in trees("cli"):
        for call in calls(tree):
            assert ast.unparse(call.func) not in ("json.dumps", "json.dump"), (path, call.lineno)


def test_commands_print_in_one_way_only():
    """So that no name of somebody else reaches a terminal as it is."""
    # A traceback is a programmer's; where output is broken nothing else may be needed.
    allowed = {Path("cli/terminal.py"), Path("cli/failure.py"), Path("cli/__init__.py")}
    for path, tree in trees("cli"):
        for call in calls(tree):
            name = ast.unparse(call.func)
            wrong = name in ("print", "sys.stdout.write", "typer.echo") or "console.print" in name
            assert not wrong or path in allowed, (path, call.lineno, name)


def test_every_text_file_is_opened_with_an_encoding():
    """The code page of a machine must not decide what a file holds."""
    for path, tree in trees("."):
        for call in calls(tree):
            name = ast.unparse(call.func).rpartition(".")[2]
            if name not in ("open", "write_text", "read_text", "fdopen"):
                continue
            if ast.unparse(call.func) in ("webbrowser.open", "Image.open", "os.open", "self._open"):
                continue
            given = [ast.unparse(one) for one in call.args]
            binary = any("b'" in one or "rb" in one or "wb" in one or "ab" in one for one in given)
            named = any(one.arg == "encoding" for one in call.keywords)
            positional = name == "read_text" and given
            assert binary or named or positional, (path, call.lineno, ast.unparse(call))

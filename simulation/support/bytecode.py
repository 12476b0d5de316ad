"""Digest of what a function does, from its byte code, independent of its place and of -O and -OO.

Byte code without assertions is the same at every level of optimisation once docstrings and line
numbers are left out. If there are assertions that are not optimised away already, the source is
compiled again without them; it must be the source that was loaded.
"""

from __future__ import annotations

import dis
import hashlib
import inspect
import linecache
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

_VARIADIC_FLAGS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_KIND_FLAGS = (
    _VARIADIC_FLAGS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
    | inspect.CO_ITERABLE_COROUTINE
)
_CLASS_BOOKKEEPING = {"__doc__", "__firstlineno__", "__static_attributes__", "__qualname__"}


class CodeSummary(NamedTuple):
    """Summary of a code object.

    Attributes:
        digest: Digest of what it does.
        globals: Globals it names, each with the chain of attributes that is read directly from it.
        imports: Its imports: module name, level, names imported from it.
    """

    digest: bytes
    globals: tuple[tuple[str, ...], ...]
    imports: tuple[tuple[str, int, tuple[str, ...]], ...]


def read_code(code: CodeType) -> CodeSummary:
    """Summarise a code object: a digest of what it does, and the names it uses.

    Args:
        code: Code object of a function.
    """
    return _summarise_code(code, code.co_filename)


@lru_cache(maxsize=4096)
def _summarise_code(code: CodeType, file: str) -> CodeSummary:
    # `file` is part of the cache key: code objects of two files may be equal while the source of
    # only one of them is available.
    code = _strip_assertions(code)
    names: dict[tuple[str, ...], None] = {}
    imports: dict[tuple[str, int, tuple[str, ...]], None] = {}
    for part in _walk_code(code):
        steps = _list_instructions(part)
        for place, step in enumerate(steps):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names[_read_attribute_chain(steps, place)] = None
            elif step.opname == "IMPORT_NAME":
                imported, level = steps[place - 1].argval, steps[place - 2].argval
                imports[(step.argval, int(level), tuple(imported or ()))] = None
    return CodeSummary(
        hashlib.sha256("\n".join(_describe_code(code)).encode("utf-8", "surrogatepass")).digest(),
        tuple(sorted(names)),
        tuple(sorted(imports)),
    )


@lru_cache(maxsize=64)
def _list_instructions(code: CodeType) -> list[dis.Instruction]:
    return [step for step in dis.get_instructions(code) if step.opname != "EXTENDED_ARG"]


def _read_attribute_chain(steps: list[dis.Instruction], place: int) -> tuple[str, ...]:
    """Return a global and the attributes that are read from it, such as np, random, normal."""
    names = [str(steps[place].argval)]
    for step in steps[place + 1 :]:
        if step.opname not in ("LOAD_ATTR", "LOAD_METHOD"):
            break
        names.append(str(step.argval))
    return tuple(names)


def _describe_code(code: CodeType) -> Iterator[str]:
    """Yield lines that describe what a code object does."""
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
    yield f"{counts} {code.co_flags & _KIND_FLAGS}"
    taken = code.co_argcount + code.co_kwonlyargcount
    taken += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    yield repr(code.co_varnames[:taken])
    steps = _drop_class_bookkeeping(_list_instructions(code))
    places = {step.offset: place for place, step in enumerate(steps)}
    for step in steps:
        value = step.argval
        if isinstance(value, CodeType):
            yield f"{step.opname} ("
            yield from _describe_code(value)
            yield ")"
        elif step.opcode in dis.hasjrel or step.opcode in dis.hasjabs:
            yield f"{step.opname} to {places.get(value, value)}"
        else:
            yield f"{step.opname} {_describe_constant(value)}"
    yield f"handlers {code.co_exceptiontable.hex()}"


def _drop_class_bookkeeping(steps: list[dis.Instruction]) -> list[dis.Instruction]:
    """Remove the instructions with which a class body stores its docstring and its place."""
    dropped: set[int] = set()
    for place, step in enumerate(steps):
        if step.opname == "STORE_NAME" and step.argval in _CLASS_BOOKKEEPING and place:
            if steps[place - 1].opname in ("LOAD_CONST", "LOAD_SMALL_INT"):
                dropped |= {place - 1, place}
    return [step for place, step in enumerate(steps) if place not in dropped]


def _describe_constant(value: Any) -> str:
    if isinstance(value, float):
        return f"float {value.hex()}"
    if isinstance(value, complex):
        return f"complex {value.real.hex()} {value.imag.hex()}"
    if isinstance(value, frozenset):  # the order of its items changes between processes
        return f"set {sorted(_describe_constant(item) for item in value)}"
    if isinstance(value, tuple):
        return f"tuple {[_describe_constant(item) for item in value]}"
    return f"{type(value).__name__} {value!r}"


def _walk_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _walk_code(constant)


def _has_assertions(code: CodeType) -> bool:
    return any(
        step.opname == "LOAD_ASSERTION_ERROR"
        or (step.opname == "LOAD_COMMON_CONSTANT" and "AssertionError" in step.argrepr)
        for part in _walk_code(code)
        for step in _list_instructions(part)
    )


def _strip_assertions(code: CodeType) -> CodeType:
    """Return the code as `-OO` would load it; unchanged if its source is not available."""
    if not _has_assertions(code):
        return code
    # A file that was edited since is read again; the code below checks whether it still matches.
    linecache.checkcache(code.co_filename)
    source = "".join(linecache.getlines(code.co_filename))
    try:
        loaded = compile(source, code.co_filename, "exec", dont_inherit=True)
        stripped = compile(source, code.co_filename, "exec", dont_inherit=True, optimize=2)
    except (SyntaxError, ValueError):
        return code
    expected = list(_describe_code(code))
    for candidate in _walk_code(loaded):
        if (
            candidate.co_qualname == code.co_qualname
            and list(_describe_code(candidate)) == expected
        ):
            where = (candidate.co_qualname, candidate.co_firstlineno)
            same = [
                found
                for found in _walk_code(stripped)
                if (found.co_qualname, found.co_firstlineno) == where
            ]
            return same[0] if len(same) == 1 else code
    return code

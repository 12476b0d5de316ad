"""What a function does, read from its byte code: the same wherever it stands and under -O and -OO.

Byte code without assertions is the same at every level of optimisation once docstrings and line
numbers are left out. Where there are assertions, and they are not optimised away already, the
source is compiled again without them; it must be the source that was loaded.
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

_ARGUMENTS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_KIND = (
    _ARGUMENTS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
    | inspect.CO_ITERABLE_COROUTINE
)
_OF_A_CLASS = {"__doc__", "__firstlineno__", "__static_attributes__", "__qualname__"}


class Code(NamedTuple):
    """A code object, read.

    Attributes:
        digest: Of what it does.
        globals: Globals it names, each with the attributes that are read of it at once.
        imports: What it imports: name, level, names taken from it.
    """

    digest: bytes
    globals: tuple[tuple[str, ...], ...]
    imports: tuple[tuple[str, int, tuple[str, ...]], ...]


def read_code(code: CodeType) -> Code:
    """What a code object does, and what it names.

    Args:
        code: Of a function.
    """
    return _read(code, code.co_filename)


@lru_cache(maxsize=4096)
def _read(code: CodeType, file: str) -> Code:
    # Code of two files may be equal, and the source of one of them at hand.
    code = _without_assertions(code)
    names: dict[tuple[str, ...], None] = {}
    imports: dict[tuple[str, int, tuple[str, ...]], None] = {}
    for part in _all_codes(code):
        steps = _steps(part)
        for place, step in enumerate(steps):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names[_chain(steps, place)] = None
            elif step.opname == "IMPORT_NAME":
                wanted, level = steps[place - 1].argval, steps[place - 2].argval
                imports[(step.argval, int(level), tuple(wanted or ()))] = None
    return Code(
        hashlib.sha256("\n".join(_told(code)).encode("utf-8", "surrogatepass")).digest(),
        tuple(sorted(names)),
        tuple(sorted(imports)),
    )


@lru_cache(maxsize=64)
def _steps(code: CodeType) -> list[dis.Instruction]:
    return [step for step in dis.get_instructions(code) if step.opname != "EXTENDED_ARG"]


def _chain(steps: list[dis.Instruction], place: int) -> tuple[str, ...]:
    """A global and the attributes that are read of it, such as np, random, normal."""
    names = [str(steps[place].argval)]
    for step in steps[place + 1 :]:
        if step.opname not in ("LOAD_ATTR", "LOAD_METHOD"):
            break
        names.append(str(step.argval))
    return tuple(names)


def _told(code: CodeType) -> Iterator[str]:
    """Lines that say what a code object does."""
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
    yield f"{counts} {code.co_flags & _KIND}"
    taken = code.co_argcount + code.co_kwonlyargcount
    taken += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    yield repr(code.co_varnames[:taken])
    steps = _without_names_of_a_class(_steps(code))
    places = {step.offset: place for place, step in enumerate(steps)}
    for step in steps:
        value = step.argval
        if isinstance(value, CodeType):
            yield f"{step.opname} ("
            yield from _told(value)
            yield ")"
        elif step.opcode in dis.hasjrel or step.opcode in dis.hasjabs:
            yield f"{step.opname} to {places.get(value, value)}"
        else:
            yield f"{step.opname} {_constant(value)}"
    yield f"handlers {code.co_exceptiontable.hex()}"


def _without_names_of_a_class(steps: list[dis.Instruction]) -> list[dis.Instruction]:
    """Without what a class body notes of its docstring and its place."""
    dropped: set[int] = set()
    for place, step in enumerate(steps):
        if step.opname == "STORE_NAME" and step.argval in _OF_A_CLASS and place:
            if steps[place - 1].opname in ("LOAD_CONST", "LOAD_SMALL_INT"):
                dropped |= {place - 1, place}
    return [step for place, step in enumerate(steps) if place not in dropped]


def _constant(value: Any) -> str:
    if isinstance(value, float):
        return f"float {value.hex()}"
    if isinstance(value, complex):
        return f"complex {value.real.hex()} {value.imag.hex()}"
    if isinstance(value, frozenset):  # its own order changes between processes
        return f"set {sorted(_constant(item) for item in value)}"
    if isinstance(value, tuple):
        return f"tuple {[_constant(item) for item in value]}"
    return f"{type(value).__name__} {value!r}"


def _all_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_codes(constant)


def _asserts(code: CodeType) -> bool:
    return any(
        step.opname == "LOAD_ASSERTION_ERROR"
        or (step.opname == "LOAD_COMMON_CONSTANT" and "AssertionError" in step.argrepr)
        for part in _all_codes(code)
        for step in _steps(part)
    )


def _without_assertions(code: CodeType) -> CodeType:
    """The same code as `-OO` would load it; as it is where its source is not at hand."""
    if not _asserts(code):
        return code
    # A file that was edited since is read anew; what follows sees whether it still fits.
    linecache.checkcache(code.co_filename)
    source = "".join(linecache.getlines(code.co_filename))
    try:
        loaded = compile(source, code.co_filename, "exec", dont_inherit=True)
        stripped = compile(source, code.co_filename, "exec", dont_inherit=True, optimize=2)
    except (SyntaxError, ValueError):
        return code
    wanted = list(_told(code))
    for candidate in _all_codes(loaded):
        if candidate.co_qualname == code.co_qualname and list(_told(candidate)) == wanted:
            where = (candidate.co_qualname, candidate.co_firstlineno)
            same = [
                found
                for found in _all_codes(stripped)
                if (found.co_qualname, found.co_firstlineno) == where
            ]
            return same[0] if len(same) == 1 else code
    return code

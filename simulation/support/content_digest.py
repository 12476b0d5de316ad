"""Digest of a value by its content; for a function, by what it does and which globals it names.

Two values with the same digest behave alike. The digest of a function contains its byte code, its
defaults, its closure and the globals it names; that of a class its base classes and variables; that
of an object its class and state. Installed packages count by name and version. Names, docstrings,
comments, assertions and places in a file do not count, so digests are the same under `-O` and
`-OO`.
"""

from __future__ import annotations

import builtins
import copyreg
import enum
import functools
import hashlib
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from gutexo.errors import GutexoError
from gutexo.support.bytecode import CodeSummary, read_code
from gutexo.support.packages import is_defined_in, is_own_module, package_version, short_name

# Attributes that Python, pydantic and dataclasses add to a class; its author did not write them.
_BOOKKEEPING = frozenset(
    "__module__ __doc__ __dict__ __weakref__ __qualname__ __annotations__ __annotate__ "
    "__annotate_func__ __annotations_cache__ __firstlineno__ __static_attributes__ "
    "__abstractmethods__ _abc_impl __parameters__ __orig_bases__ __match_args__ __signature__ "
    "__class_vars__ __dataclass_fields__ __dataclass_params__ __slots__ __classdictcell__ "
    "__conditional_annotations__ __type_params__ model_fields __fields__".split()
)


class NoContentError(Exception):
    """A value has no content that can be known; the message reports which value and where."""


def _hash(tag: str, *parts: str | bytes) -> bytes:
    content = hashlib.sha256()
    for part in (tag, *parts):
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        content.update(len(raw).to_bytes(8, "little"))
        content.update(raw)
    return content.digest()


class ContentDigester:
    """Computes digests of values; each value is read once and remembered, so that cycles end.

    Args:
        by_name: Returns whether a module of this package counts by its name alone, because the
            caller knows its version by other means.
        digested: Returns the digest of a value that has its own digest, None for other values.
        left_out: Returns whether a variable of a class is left out because it changes nothing.
    """

    def __init__(
        self,
        by_name: Callable[[str], bool] = lambda module: False,
        digested: Callable[[Any], str | None] = lambda value: None,
        left_out: Callable[[type, str], bool] = lambda kind, name: False,
    ) -> None:
        self._by_name = by_name
        self._digested = digested
        self._left_out = left_out
        self._known: dict[int, bytes] = {}
        self._alive: list[Any] = []  # keeps objects alive, so that no other object gets the same id
        self._stack: list[int] = []
        self._where: list[str] = []

    def digest(self, value: Any, where: str = "value") -> bytes:
        """Compute the digest of a value.

        Args:
            value: Any value.
            where: Description of the value, for the message.

        Raises:
            NoContentError: A value in it has no content that can be known.
        """
        self._where.append(where)
        try:
            return self._leaf(value) or self._composite(value)
        finally:
            self._where.pop()

    def version_of(self, module: str) -> str | None:
        """Return the version of a module that counts by name; None if its content counts."""
        if is_own_module(module):
            return "" if self._by_name(short_name(module)) else None
        return package_version(module)

    # --- values without parts -----------------------------------------------------------------

    def _leaf(self, value: Any) -> bytes | None:
        kind = type(value)
        if value is None or value is Ellipsis or value is NotImplemented:
            return _hash("single", repr(value))
        if kind is bool or kind is int:
            return _hash(kind.__name__, hex(value))
        if kind is float:
            return _hash("float", value.hex())
        if kind is complex:
            return _hash("complex", value.real.hex(), value.imag.hex())
        if kind is str or kind is bytes or kind is bytearray:
            return _hash(kind.__name__, bytes(value) if kind is bytearray else value)
        if isinstance(value, np.generic) and type(value).__module__ == "numpy":
            plain = value.item()
            if type(plain) in (bool, int, float, complex, str, bytes):
                return self._leaf(plain)
            return _hash("scalar", str(value.dtype), repr(value))
        return None

    # --- values with parts --------------------------------------------------------------------

    def _composite(self, value: Any) -> bytes:
        key = id(value)
        if key in self._known:
            return self._known[key]
        if key in self._stack:
            return _hash("again", str(len(self._stack) - self._stack.index(key)))
        self._alive.append(value)
        self._stack.append(key)
        try:
            self._known[key] = found = self._parts(value)
        finally:
            self._stack.pop()
        return found

    def _parts(self, value: Any) -> bytes:
        kind = type(value)
        own = self._digested(value)
        if own is not None:
            return _hash("digested", type(value).__qualname__, own)
        if kind is list or kind is tuple:
            return _hash("sequence", *(self.digest(v, self._where[-1]) for v in value))
        if kind is dict or isinstance(value, types.MappingProxyType):
            return self._pairs("dict", list(value.items()))
        if kind is set or kind is frozenset:
            return _hash("set", *sorted(self.digest(v, self._where[-1]) for v in value))
        if kind is np.ndarray:
            return self._array(value)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, types.ModuleType):
            return self._module(value)
        if isinstance(value, types.CodeType):
            return read_code(value).digest
        if isinstance(value, enum.Enum):
            return _hash("member", self.digest(type(value)), value.name)
        return self._callable(value) or self._described(value) or self._object(value)

    def _pairs(self, tag: str, items: list[tuple[Any, Any]]) -> bytes:
        parts = []
        for name, value in items:
            parts.append(self.digest(name, "key"))
            parts.append(self.digest(value, f"{name!s:.60}"))
        return _hash(tag, *parts)

    def _named(self, tag: str, items: Mapping[str, Any]) -> bytes:
        """Digest of pairs whose order does not matter."""
        return self._pairs(tag, sorted(items.items()))

    def _array(self, value: np.ndarray) -> bytes:
        shape = str(value.shape)
        if value.dtype.hasobject:
            return _hash("array", shape, self.digest(value.ravel().tolist()))
        kind = str(np.lib.format.dtype_to_descr(value.dtype))
        return _hash("array", kind, shape, np.ascontiguousarray(value).tobytes())

    def _callable(self, value: Any) -> bytes | None:
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if isinstance(value, types.MethodType):
            bound = self.digest(value.__self__, "the object of a method")
            return _hash("method", self.digest(value.__func__), bound)
        if isinstance(value, types.BuiltinFunctionType):
            owner = value.__self__
            if owner is None or isinstance(owner, types.ModuleType):
                module = value.__module__ or getattr(owner, "__name__", "")
                return _hash("builtin", module, value.__qualname__, package_version(module) or "")
            return None
        if isinstance(value, functools._lru_cache_wrapper):
            return _hash("cached", self.digest(value.__wrapped__))
        if hasattr(value, "py_func") and hasattr(value, "targetoptions"):
            # A function that numba compiles; numba's other data about it do not count.
            options = sorted(map(str, value.targetoptions.items()))
            return _hash("compiled", *options, self.digest(value.py_func))
        return None

    def _described(self, value: Any) -> bytes | None:
        """Digest of a descriptor of a class, such as a property; None for any other value."""
        if isinstance(value, (staticmethod, classmethod)):
            return _hash(type(value).__name__, self.digest(value.__func__))
        if isinstance(value, property):
            parts = (value.fget, value.fset, value.fdel)
            return _hash("property", *(self.digest(part) for part in parts))
        if isinstance(value, cached_property):
            return _hash("cached property", self.digest(value.func))
        if isinstance(
            value,
            (
                types.GetSetDescriptorType,
                types.MemberDescriptorType,
                types.WrapperDescriptorType,
                types.MethodDescriptorType,
                types.ClassMethodDescriptorType,
            ),
        ):
            return _hash("slot", value.__objclass__.__qualname__, value.__name__)
        if type(value).__name__ == "ModelPrivateAttr":  # it also records how it was used
            return _hash("private", self.digest(value.default), self.digest(value.default_factory))
        if type(value).__name__ == "PydanticDescriptorProxy":
            return self.digest(value.wrapped)
        return None

    def _object(self, value: Any) -> bytes:
        kind = type(value)
        if hasattr(kind, "__pydantic_fields__"):
            fields = {name: getattr(value, name) for name in kind.__pydantic_fields__}
            inner = getattr(value, "__pydantic_private__", None) or {}
            extra = getattr(value, "__pydantic_extra__", None) or {}
            held = self._named("fields", {**extra, **inner, **fields})
            return _hash("model", self.digest(kind), held)
        registered = copyreg.dispatch_table.get(kind)  # for example the types that numpy registers
        try:
            reduced = registered(value) if registered else value.__reduce_ex__(4)
        except Exception:
            raise self._refusal(value) from None
        if isinstance(reduced, str):  # the name of a global of its module
            module = getattr(value, "__module__", None) or kind.__module__
            return _hash("global", module, reduced, package_version(module) or "")
        made, arguments, state, items, pairs = (*reduced, None, None, None)[:5]
        parts = [self.digest(made), self.digest(arguments, self._where[-1])]
        plain = not registered and made is copyreg.__newobj__  # type: ignore[attr-defined]
        parts.append(self._state(kind, state) if plain else self.digest(state, self._where[-1]))
        parts.append(self.digest(None if items is None else list(items), self._where[-1]))
        parts.append(self._pairs("pairs", [] if pairs is None else list(pairs)))
        return _hash("object", *parts)

    def _state(self, kind: type, state: Any) -> bytes:
        """Digest of the state of an object that does not define its own pickled state."""
        attributes: dict[str, Any] = {}
        for part in state if isinstance(state, tuple) else (state,):
            if part is not None and not isinstance(part, dict):
                return self.digest(state, self._where[-1])
            attributes.update(part or {})
        if not all(isinstance(name, str) for name in attributes):
            return self.digest(state, self._where[-1])
        digested = {
            name: item
            for name, item in attributes.items()
            if name != "__doc__" and not isinstance(getattr(kind, name, None), cached_property)
        }
        return self._named("state", digested)

    # --- classes, functions, modules ----------------------------------------------------------

    def _class(self, kind: type) -> bytes:
        version = self.version_of(kind.__module__)
        if version is not None and is_defined_in(kind, kind.__module__):
            return _hash("class", short_name(kind.__module__), kind.__qualname__, version)
        parts = [self.digest(base, "a base class") for base in kind.__bases__]
        parts.append(self.digest(type(kind), "a metaclass"))
        slots = (types.MemberDescriptorType, types.GetSetDescriptorType)
        attributes = {
            name: value
            for name, value in vars(kind).items()
            if name not in _BOOKKEEPING
            and not name.startswith("__pydantic_")
            and not self._left_out(kind, name)
            and not isinstance(value, slots)
        }
        parts.append(self._named(f"{kind.__qualname__}", attributes))
        for name, field in sorted(vars(kind).get("__pydantic_fields__", {}).items()):
            parts.append(self._field(name, field))
        return _hash("written class", kind.__qualname__, *parts)

    def _field(self, name: str, field: Any) -> bytes:
        rules = [self._digest_or_type(rule) for rule in field.metadata]
        default = self._digest_or_type(field.default)
        made = self.digest(field.default_factory, name)
        kind = self._digest_or_type(field.annotation)
        return _hash("field", name, kind, default, made, *rules)

    def _digest_or_type(self, value: Any) -> bytes:
        """Digest of a value that may not be needed; digest of its type if it has no content."""
        try:
            return self.digest(value)
        except NoContentError:
            return _hash("unknown", type(value).__qualname__)

    def _function(self, function: types.FunctionType) -> bytes:
        # The module is read from the globals, because the attributes of a function can be changed:
        # a wrapper copies those of the wrapped function.
        module = str(function.__globals__.get("__name__") or "")
        home = getattr(sys.modules.get(module), "__dict__", None)
        version = self.version_of(module) if home is function.__globals__ else None
        code: CodeSummary = read_code(function.__code__)
        name = function.__code__.co_qualname
        cells = self._cells(function)
        if version is not None:
            return _hash("function", short_name(module), name, version, cells)
        parts = [code.digest, cells]
        parts.append(self.digest(function.__defaults__, f"a default argument of '{name}'"))
        keywords = function.__kwdefaults__ or {}
        parts.append(self._named("keywords", keywords))
        for path in code.globals:
            parts.append(_hash("name", *path))
            parts.append(self._global(function, path))
        for imported, level, names in code.imports:
            parts.append(self._import(function, imported, level, names))
        extra = {k: v for k, v in vars(function).items() if k != "__wrapped__"}
        parts.append(self._named("attributes", extra))
        return _hash("written function", *parts)

    def _cells(self, function: types.FunctionType) -> bytes:
        cells = {}
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            try:
                cells[name] = cell.cell_contents
            except ValueError:
                cells[name] = "not set yet"
        return self._named("closure", cells)

    def _global(self, function: types.FunctionType, path: tuple[str, ...]) -> bytes:
        first, *rest = path
        scope = function.__globals__
        if first not in scope:
            return _hash("builtin" if hasattr(builtins, first) else "missing", first)
        value = scope[first]
        return self._attribute(value, rest, first)

    def _attribute(self, value: Any, rest: list[str], description: str) -> bytes:
        """Digest of what a chain of names leads to, followed as long as it goes through modules."""
        module = ""
        rest = list(rest)
        while rest and isinstance(value, types.ModuleType):
            name = rest.pop(0)
            module, description = value.__name__, f"{description}.{name}"
            if not hasattr(value, name):
                return _hash("missing", description)
            value = getattr(value, name)
        version = self.version_of(module) if module else None
        if version is not None and not isinstance(value, (bool, int, float, str)):
            # A value of an installed package: it changes with the version, or is internal to it.
            return _hash(
                "of a package", short_name(module), description.rpartition(".")[2], version
            )
        return self.digest(value, description)

    def _import(
        self, function: types.FunctionType, name: str, level: int, names: tuple[str, ...]
    ) -> bytes:
        package = function.__globals__.get("__package__") or ""
        try:
            full = importlib.util.resolve_name("." * level + name, package) if level else name
        except ImportError:
            return _hash("missing", name)
        version = self.version_of(full)
        if version is not None:
            return _hash("import", short_name(full), version, *names)
        try:
            module = importlib.import_module(full)  # the function would import it too
        except Exception:
            return _hash("missing", full)
        if not names or "*" in names:
            return self.digest(module, full)
        parts = []
        for attribute in names:
            if hasattr(module, attribute):
                parts.append(self._attribute(module, [attribute], full))
        return _hash("import", short_name(full), *names, *parts)

    def _module(self, module: types.ModuleType) -> bytes:
        name = module.__name__
        version = self.version_of(name)
        if version is not None:
            return _hash("module", short_name(name), version)
        parts = []
        for attribute, value in sorted(vars(module).items()):
            if not (attribute.startswith("__") and attribute.endswith("__")):
                parts += [attribute.encode(), self._digest_or_type(value)]
        return _hash("written module", short_name(name), *parts)

    def _refusal(self, value: Any) -> NoContentError:
        kind = type(value)
        module = "" if kind.__module__ == "builtins" else f"{short_name(kind.__module__)}."
        place = " > ".join(dict.fromkeys(self._where))
        return NoContentError(f"{place} is of the type '{module}{kind.__qualname__}'")


def digest_value(value: Any, what: str, content: ContentDigester | None = None) -> bytes:
    """Compute the digest of a value by its content.

    Args:
        value: Any value.
        what: Description of the value, for the message.
        content: The digester; a new one if None.

    Raises:
        GutexoError: A value in it has no content that can be known, or is nested too deep.
    """
    try:
        return (content or ContentDigester()).digest(value, what)
    except NoContentError as refused:
        raise GutexoError(
            f"{refused}, whose content cannot be compared with that of another; hold numbers, "
            "text, arrays or functions instead, such as the path of a file"
        ) from None
    except RecursionError:
        raise GutexoError(f"{what} is nested too deep to be compared with another") from None

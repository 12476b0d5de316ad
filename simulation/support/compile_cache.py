"""Compiled code on disk: files per rule and signature, named after the compiled content.

numba's own cache does not detect an edit in another module, and loads a file without checking its
bytes. Here the name of a file contains a digest of the rule and of all that it calls, and the file
contains a checksum; a file that does not match is deleted, and the rule is compiled again.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from gutexo.support.cache_folder import cache_root, make_shared_folder, print_once, shared_file_mode
from gutexo.support.content_digest import ContentDigester, NoContentError

SUFFIX = ".nbc"
_MAGIC = b"gutexo machine code 1\n"
_HEADER_BYTES = len(_MAGIC) + 64
_MOST_BYTES = 400_000_000
_TOOL_VERSIONS = f"{numba.__version__} {np.__version__} {sys.version}"
_digester = ContentDigester()
_trimmed = False
_unwritable = False


def _describe_type(kind: Any) -> str:
    """Describe a type of numba with all that machine code depends on."""
    parts = [str(kind)]
    named = getattr(kind, "instance_class", None)
    if named is not None:
        # The name of such a type contains the types of its fields, but not their names.
        parts.append(f"{named.__qualname__}{getattr(named, '_fields', ())}")
    parts += [_describe_type(inner) for inner in getattr(kind, "types", ()) if inner is not kind]
    return " ".join(parts)


class CodeCache(_Cache):
    """Cache of one compiled function, with the interface that numba requires.

    Args:
        dispatcher: The function, as numba's dispatcher.
        folder: Folder of the files.
    """

    kind = ""
    """What the files contain; it is part of their names."""

    def __init__(self, dispatcher: Any, folder: Path) -> None:
        self._dispatcher = dispatcher
        self._folder = folder
        function = dispatcher.py_func
        module = function.__module__.rpartition(".")[2]
        name = f"{module}.{function.__qualname__}".replace("<", "").replace(">", "")
        self._name = name[:100]
        self._enabled = True
        self._known_rule_digest: str | None = None

    @property
    def cache_path(self) -> str:
        return str(self._folder)

    def enable(self) -> None:
        self._enabled = True

    def disable(self) -> None:
        self._enabled = False

    def flush(self) -> None:
        for path in self._folder.glob(f"{self._name}-*-{self.kind}-*{SUFFIX}"):
            path.unlink(missing_ok=True)

    def rule_digest(self) -> str | None:
        """Digest of the rule and all that it calls; None if a value in it has no known content."""
        if self._known_rule_digest is None:
            try:
                self._known_rule_digest = _digester.digest(self._dispatcher, self._name).hex()
            except (NoContentError, RecursionError):
                self._known_rule_digest = ""
        return self._known_rule_digest or None

    def stem(self) -> str:
        """Beginning of the names of this rule's files."""
        return f"{self._name}-{(self.rule_digest() or '')[:16]}-{self.kind}"

    def _key(self, signature: Any, codegen: Any) -> bytes:
        arguments = getattr(signature, "args", signature)
        kinds = [_describe_type(kind) for kind in arguments]
        content = [
            *(self.kind, self.rule_digest(), kinds),
            *(str(codegen.magic_tuple()), _TOOL_VERSIONS),
        ]
        return hashlib.sha256(repr(content).encode()).digest()

    def _path(self, key: bytes) -> Path:
        return self._folder / f"{self.stem()}-{key.hex()[:24]}{SUFFIX}"

    def reduce(self, result: Any) -> tuple[Any, ...]:
        """Return what is saved of a result: values that can be pickled."""
        raise NotImplementedError

    def rebuild(self, context: Any, *saved: Any) -> Any:
        """Return the result of which `reduce` returned these values."""
        raise NotImplementedError

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        target_context.refresh()
        if not self._enabled or self.rule_digest() is None:
            return None
        key = self._key(sig, target_context.codegen())
        path = self._path(key)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            print_once(
                f"compiled code cannot be read ({error.strerror}); it is made anew", "damage"
            )
            return None
        body = raw[_HEADER_BYTES:]
        if raw[:_HEADER_BYTES] != _file_header(key, body):
            return self._discard_file(path)
        try:
            found = self.rebuild(target_context, *pickle.loads(body))
        except Exception:  # whole, but of another numba, or it names a class that has moved
            return _delete(path)
        try:
            os.utime(path)  # the file used last is deleted last
        except OSError:
            pass
        return found

    def _discard_file(self, path: Path) -> None:
        print_once(f"compiled code in {path.parent} is damaged; it is compiled again", "damage")
        _delete(path)

    def save_overload(self, sig: Any, data: Any) -> None:
        global _unwritable
        if not self._enabled or _unwritable or self.rule_digest() is None:
            return
        if any(not lifted.can_cache for lifted in data.lifted) or data.library.has_dynamic_globals:
            return
        key = self._key(sig, data.codegen)
        body = dumps(self.reduce(data))
        path = self._path(key)
        part = path.with_name(f".{path.name[-40:]}.{os.getpid()}")
        try:
            make_shared_folder(self._folder)
            _trim_folder(self._folder)
            part.write_bytes(_file_header(key, body) + body)
            part.chmod(shared_file_mode(self._folder))
            os.replace(part, path)
        except OSError as error:
            _unwritable = True
            report_unwritable(error)
            try:
                part.unlink(missing_ok=True)
            except OSError:
                pass


class MachineCodeCache(CodeCache):
    """Cache of the machine code of one function."""

    kind = "machine"

    def reduce(self, result: Any) -> tuple[Any, ...]:
        return (result.environment.consts, *result._reduce())

    def rebuild(self, context: Any, constants: list[Any], *saved: Any) -> Any:
        found = CompileResult._rebuild(context, *saved)
        # Bitcode that was loaded before brings an environment without the constants of the wrapper.
        found.environment.consts[:] = constants
        return found


def _delete(path: Path) -> None:
    """Delete a file that is of no use, if that is possible."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass


def _file_header(key: bytes, body: bytes) -> bytes:
    """Return the header of a file of machine code: its key, and a checksum of the whole."""
    return _MAGIC + key + hashlib.sha256(key + body).digest()


def report_unwritable(error: OSError) -> None:
    """Print once that compiled code cannot be saved."""
    reason = (error.strerror or type(error).__name__).lower()
    print_once(
        f"{cache_root()} cannot be written ({reason}); rules are compiled anew each time", "writing"
    )


def _trim_folder(folder: Path) -> None:
    """Delete the files not used for the longest time, down to a size; once per process."""
    global _trimmed
    if _trimmed:
        return
    _trimmed = True
    files = []
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            status = path.stat()
        except OSError:
            continue
        files.append((status.st_mtime, status.st_size, path))
    left = sum(size for _, size, _ in files) - _MOST_BYTES
    for _, size, path in sorted(files):
        if left <= 0:
            return
        path.unlink(missing_ok=True)
        left -= size

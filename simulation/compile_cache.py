"""Machine code on disk: one file a rule and signature, named by what it was compiled from.

numba's own cache does not see an edit in another module, and loads whatever bytes it finds. Here
a file is named by the content of the rule and of all that it calls, and carries a checksum; what
does not fit is forgotten and compiled again.
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

from gutexo.cache_folder import cache_root, file_mode, make_folder, say_once
from gutexo.content import Content, Refused

SUFFIX = ".nbc"
_MARK = b"gutexo machine code 1\n"
_HEAD = len(_MARK) + 64
_MOST_BYTES = 400_000_000
_TOOLS = f"{numba.__version__} {np.__version__} {sys.version}"
_content = Content()
_trimmed = False
_unwritable = False


def _told(kind: Any) -> str:
    """A type of numba with all that machine code depends on."""
    parts = [str(kind)]
    named = getattr(kind, "instance_class", None)
    if named is not None:
        # The name of such a type tells what its fields hold, not what they are called.
        parts.append(f"{named.__qualname__}{getattr(named, '_fields', ())}")
    parts += [_told(inner) for inner in getattr(kind, "types", ()) if inner is not kind]
    return " ".join(parts)


class MachineCode(_Cache):
    """Cache of one compiled function, as numba asks for it.

    Args:
        dispatcher: The function.
        folder: Where machine code is kept.
    """

    def __init__(self, dispatcher: Any, folder: Path) -> None:
        self._dispatcher = dispatcher
        self._folder = folder
        function = dispatcher.py_func
        module = function.__module__.rpartition(".")[2]
        name = f"{module}.{function.__qualname__}".replace("<", "").replace(">", "")
        self._name = name[:100]
        self._enabled = True
        self._of_rule: str | None = None

    @property
    def cache_path(self) -> str:
        return str(self._folder)

    def enable(self) -> None:
        self._enabled = True

    def disable(self) -> None:
        self._enabled = False

    def flush(self) -> None:
        for path in self._folder.glob(f"{self._name}-*{SUFFIX}"):
            path.unlink(missing_ok=True)

    def rule_digest(self) -> str | None:
        """Digest of the rule and of what it calls; None where something has no content."""
        if self._of_rule is None:
            try:
                self._of_rule = _content.digest(self._dispatcher, self._name).hex()
            except (Refused, RecursionError):
                self._of_rule = ""
        return self._of_rule or None

    def stem(self) -> str:
        """How the names of this rule's files begin."""
        return f"{self._name}-{(self.rule_digest() or '')[:16]}"

    def _key(self, signature: Any, codegen: Any) -> bytes:
        arguments = getattr(signature, "args", signature)
        told = [_told(kind) for kind in arguments]
        content = [self.rule_digest(), told, str(codegen.magic_tuple()), _TOOLS]
        return hashlib.sha256(repr(content).encode()).digest()

    def _path(self, key: bytes) -> Path:
        return self._folder / f"{self.stem()}-{key.hex()[:24]}{SUFFIX}"

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
            say_once(f"compiled code cannot be read ({error.strerror}); it is made anew", "damage")
            return None
        body = raw[_HEAD:]
        if raw[:_HEAD] != _head(key, body):
            return self._forget(path)
        try:
            found = CompileResult._rebuild(target_context, *pickle.loads(body))
        except Exception:  # whole, but not of this numba
            return self._forget(path)
        try:
            os.utime(path)  # used last is dropped last
        except OSError:
            pass
        return found

    def _forget(self, path: Path) -> None:
        say_once(f"compiled code in {path.parent} is damaged; it is compiled again", "damage")
        try:
            path.unlink(missing_ok=True)
        except OSError:
            pass

    def save_overload(self, sig: Any, data: Any) -> None:
        global _unwritable
        if not self._enabled or _unwritable or self.rule_digest() is None:
            return
        if any(not lifted.can_cache for lifted in data.lifted) or data.library.has_dynamic_globals:
            return
        key = self._key(sig, data.codegen)
        body = dumps(data._reduce())
        path = self._path(key)
        part = path.with_name(f".{path.name[-40:]}.{os.getpid()}")
        try:
            make_folder(self._folder)
            _trim(self._folder)
            part.write_bytes(_head(key, body) + body)
            part.chmod(file_mode(self._folder))
            os.replace(part, path)
        except OSError as error:
            _unwritable = True
            say_unwritable(error)
            try:
                part.unlink(missing_ok=True)
            except OSError:
                pass


def _head(key: bytes, body: bytes) -> bytes:
    """What stands before machine code: whose it is, and that it is whole."""
    return _MARK + key + hashlib.sha256(key + body).digest()


def say_unwritable(error: OSError) -> None:
    """Say once that compiled code is not kept."""
    reason = (error.strerror or type(error).__name__).lower()
    say_once(
        f"{cache_root()} cannot be written ({reason}); rules are compiled anew each time", "writing"
    )


def _trim(folder: Path) -> None:
    """Once a process, drop what was used longest ago, down to a size."""
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

"""Paths that a user gave, and files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from gutexo.errors import GutexoError

PART = ".gutexo-"
"""How the name begins of what is not finished yet; the rest of it is made up, and nobody's."""
NEW = f"{PART}new-run"
"""Folder in that of a run, for a run that will replace it once it is finished."""
LONGEST_NAME = 255  # bytes; what a file system takes
SHOWN = 60  # characters of a path in a line
UNPRINTABLE = {"Cc": "a control character", "Cs": "a byte that is no UTF-8", "Zl": "a line break",
               "Zp": "a line break"}  # fmt: skip

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def local_path(given: Any, what: str = "path") -> Path:
    """The path a user meant; the file or folder need not be there.

    Args:
        given: Text or a path; ``~`` at its beginning is the user's home.
        what: What the path is for, as a line names it: an option, an argument.

    Returns:
        The path.

    Raises:
        GutexoError: No file system takes it, or a line that names it could not be read.
    """
    try:
        text = os.fspath(given)
    except TypeError:
        raise GutexoError(f"{what} must be a path; got {type(given).__name__}") from None
    if not isinstance(text, str):
        raise GutexoError(f"{what} must be a path as text; got bytes")
    if not text:
        raise GutexoError(f"{what} must name a file or a folder; got ''")
    shown = repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}...")
    for character in text:
        if (kind := unicodedata.category(character)) in UNPRINTABLE:
            raise GutexoError(f"{what} {shown} holds {UNPRINTABLE[kind]}; use another name")
    expanded = os.path.expanduser(text)
    if expanded.startswith("~"):
        raise GutexoError(f"{what} {shown}: there is no such user; for that name write ./{text}")
    path = Path(expanded)
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in path.parts):
        raise GutexoError(f"{what} {shown}: a name may have {LONGEST_NAME} bytes at most")
    try:
        path.stat()
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG, errno.ENOTDIR):
            raise GutexoError(f"{what} {shown} cannot be used: {reason(error)}") from None
    return path


def folder_path(given: Any, what: str) -> Path:
    """As `local_path`, for a folder, made or not.

    Raises:
        GutexoError: As there, or there is a file.
    """
    path = local_path(given, what)
    if os.path.lexists(path) and not path.is_dir():
        raise GutexoError(f"{what} {path} is no folder")
    return path


def reason(error: OSError) -> str:
    """Why the system refused, in words for a line.

    Args:
        error: What it raised.
    """
    known = {
        errno.ENOSPC: "the disk is full",
        getattr(errno, "EDQUOT", errno.ENOSPC): "the disk is full",
        errno.ELOOP: "its links go in a circle",
        errno.ENAMETOOLONG: "it is too long",
        errno.ENOTDIR: "part of it is a file, not a folder",
    }
    usual = (error.strerror or str(error) or type(error).__name__).splitlines()[0].lower()
    return known.get(error.errno or 0, usual)


class NotWritten(GutexoError):
    """The system refused to write.

    Args:
        where: What could not be written.
        why: In words for a line.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} cannot be written: {why}")
        self.why = why


@contextmanager
def written(path: Path, what: str = "") -> Iterator[None]:
    """Say in one line why something cannot be written.

    Args:
        path: File or folder that is written.
        what: What it is, before its path.

    Raises:
        NotWritten: The system refused.
    """
    try:
        yield
    except OSError as error:
        raise NotWritten(f"{what} {path}".lstrip(), reason(error)) from None


def make_folder(path: Path, what: str = "") -> Path:
    """Make a folder, or say at once that it cannot be made or written.

    Args:
        path: The folder.
        what: What it is, before its path in a line.

    Raises:
        GutexoError: It cannot.
    """
    with written(path, what):
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path, prefix=PART):
            pass
    return path


def check_replaceable(path: Path, what: str = "") -> None:
    """Refuse a path at which something stands that is no file; nothing there is fine.

    Args:
        path: Where a file is to be written.
        what: What it is, before its path in a line.

    Raises:
        GutexoError: A folder, a device, a pipe or a socket stands there.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except (OSError, ValueError):
        return  # Nothing there; what else is wrong, writing will say.
    if kind != stat.S_IFREG:
        found = _KINDS.get(kind, "no file")
        raise GutexoError(f"{what} {path} is {found}, and a file does not take its place".lstrip())


@contextmanager
def whole_file(path: Path, what: str = "") -> Iterator[IO[bytes]]:
    """A file that takes its name, and the place of one that is there, only when all is written.

    Args:
        path: Where it shall stand; missing folders are made.
        what: What it is, before its path in a line.

    Yields:
        The file, open for bytes.

    Raises:
        GutexoError: It cannot be written, or what is there is a folder or a device.
    """
    with written(path, what):
        check_replaceable(path, what)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=PART)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            # mkstemp makes files only their owner may read; results are meant to be shared.
            os.chmod(part, 0o644)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

"""Paths that a user gave, and files that are written completely or not at all."""

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

UNFINISHED_PREFIX = ".gutexo-"
"""Prefix of the names of unfinished files and folders; the rest of such a name is random."""
NEW_RUN_FOLDER = f"{UNFINISHED_PREFIX}new-run"
"""Folder inside the folder of a run, for a new run that replaces it once it is finished."""
LONGEST_NAME = 255  # bytes; limit of file systems
LONGEST_SHOWN = 60  # characters of a path in a message
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
    """Check a path that a user gave; the file or folder need not exist.

    Args:
        given: Text or a path; ``~`` at its beginning is the user's home.
        what: Name of the option or argument, for the message.

    Returns:
        The path.

    Raises:
        GutexoError: No file system accepts it, or it has characters that a message cannot show.
    """
    try:
        text = os.fspath(given)
    except TypeError:
        raise GutexoError(f"{what} must be a path; got {type(given).__name__}") from None
    if not isinstance(text, str):
        raise GutexoError(f"{what} must be a path as text; got bytes")
    if not text:
        raise GutexoError(f"{what} must name a file or a folder; got ''")
    quoted = repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")
    for character in text:
        if (kind := unicodedata.category(character)) in UNPRINTABLE:
            raise GutexoError(f"{what} {quoted} holds {UNPRINTABLE[kind]}; use another name")
    expanded = os.path.expanduser(text)
    if expanded.startswith("~"):
        raise GutexoError(f"{what} {quoted}: there is no such user; for that name write ./{text}")
    path = Path(expanded)
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in path.parts):
        raise GutexoError(f"{what} {quoted}: a name may have {LONGEST_NAME} bytes at most")
    try:
        path.stat()
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG, errno.ENOTDIR):
            raise GutexoError(f"{what} {quoted} cannot be used: {system_reason(error)}") from None
    return path


def folder_path(given: Any, what: str) -> Path:
    """Check the path of a folder as `local_path` does; the folder need not exist.

    Raises:
        GutexoError: `local_path` refuses the path, or it is no folder.
    """
    path = local_path(given, what)
    if os.path.lexists(path) and not path.is_dir():
        raise GutexoError(f"{what} {path} is no folder")
    return path


def system_reason(error: OSError) -> str:
    """Describe in a few words why the operating system refused.

    Args:
        error: The exception that it raised.
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
    """The operating system refused to write.

    Args:
        where: File or folder that could not be written.
        why: The reason, in a few words.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} cannot be written: {why}")
        self.why = why


@contextmanager
def report_write_errors(path: Path, what: str = "") -> Iterator[None]:
    """Replace an `OSError` raised inside by one line that explains why a path cannot be written.

    Args:
        path: File or folder that is written.
        what: Kind of the file or folder; the message shows it before the path.

    Raises:
        NotWritten: The operating system refused.
    """
    try:
        yield
    except OSError as error:
        raise NotWritten(f"{what} {path}".lstrip(), system_reason(error)) from None


def make_folder(path: Path, what: str = "") -> Path:
    """Make a folder and check that files can be written in it.

    Args:
        path: The folder.
        what: Kind of the folder; the message shows it before the path.

    Raises:
        GutexoError: It cannot be made or written.
    """
    with report_write_errors(path, what):
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path, prefix=UNFINISHED_PREFIX):
            pass
    return path


def check_replaceable(path: Path, what: str = "") -> None:
    """Refuse a path that is not a regular file; a path that does not exist is accepted.

    Args:
        path: Path at which a file is to be written.
        what: Kind of the file; the message shows it before the path.

    Raises:
        GutexoError: The path is a folder, a device, a pipe or a socket.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except (OSError, ValueError):
        return  # The path does not exist; other problems are reported when the file is written.
    if kind != stat.S_IFREG:
        found = _KINDS.get(kind, "no file")
        raise GutexoError(f"{what} {path} is {found}, and a file does not take its place".lstrip())


@contextmanager
def open_atomically(path: Path, what: str = "") -> Iterator[IO[bytes]]:
    """Open a temporary file that gets its name, or replaces a file, only when all is written.

    Args:
        path: Path of the finished file; missing folders are made.
        what: Kind of the file; the message shows it before the path.

    Yields:
        The file, open for bytes.

    Raises:
        GutexoError: It cannot be written, or the path is a folder or a device.
    """
    with report_write_errors(path, what):
        check_replaceable(path, what)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED_PREFIX)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            # mkstemp makes files that only their owner may read, but results are to be shared.
            os.chmod(part, 0o644)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

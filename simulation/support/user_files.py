"""Files that a user names: regular files of limited size, in UTF-8."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from gutexo.errors import GutexoError

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: str | Path, most: int) -> str:
    """Read the text of a file, with or without a byte-order mark.

    Args:
        path: A regular file; a pipe or a device might never end, and is not opened.
        most: Largest size in bytes.

    Returns:
        Its text; ends of lines are line feeds, on whatever system it was written.

    Raises:
        GutexoError: It does not exist, cannot be read, is too large, or is no text in UTF-8.
    """
    if "\0" in str(path):
        raise GutexoError(f"{path} is not the name of a file")
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            kind = next((name for test, name in _KINDS if test(mode)), "no regular file")
            raise GutexoError(f"{path} is {kind}; a file is needed")
        with open(path, "rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError:
        raise GutexoError(f"{path} does not exist") from None
    except OSError as error:
        raise GutexoError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > most:
        raise GutexoError(f"{path}: such a file may have {most / 1e6:g} MB at most")
    if content.startswith(_UTF16_MARKS):
        raise GutexoError(f"{path} is text in UTF-16; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GutexoError(f"{path} is not text in UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""Standard output and error of the command: whoever closes them or fills their disk, work goes on.

What cannot be written is dropped, so that a run that writes files is finished; the command says at
the end that its output could not be written, unless the reader simply had enough (`| head`).
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any

ENOUGH = (errno.EPIPE, errno.ESHUTDOWN)


class _Descriptor(io.FileIO):
    """A file that takes everything and remembers what went wrong first."""

    trouble: OSError | None = None

    def write(self, content: Any, /) -> Any:
        if self.trouble is None:
            try:
                return super().write(content)
            except OSError as error:
                self.trouble = error
        return memoryview(content).nbytes


class _Missing(io.RawIOBase):
    """An output that was closed before we began."""

    trouble: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.trouble = OSError(errno.EBADF, "it is closed")
        return memoryview(content).nbytes


def guard() -> None:
    """Replace `sys.stdout` and `sys.stderr` by such that never fail; the first thing of a command.

    Descriptors that are closed are opened on nothing, or the next file would get their number and
    take what a library prints.
    """
    try:
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(number, True)
        os.close(number)
    except OSError:
        pass
    sys.stdout = _guarded(sys.stdout, 1)
    sys.stderr = _guarded(sys.stderr, 2)


def flush() -> OSError | None:
    """Write what waits; returns why standard output could not be written, None where it could."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    trouble = getattr(getattr(buffer, "raw", buffer), "trouble", None)
    return None if trouble is None or trouble.errno in ENOUGH else trouble


def _guarded(stream: Any, number: int) -> Any:
    if stream is None:
        buffer = io.BufferedWriter(_Missing())
        return io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace")
    if sys.platform == "win32" and stream.isatty():
        return stream  # A console of Windows is no file.
    raw: Any = _Descriptor(number, "wb", closefd=False)
    return io.TextIOWrapper(
        raw if stream.write_through else io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )

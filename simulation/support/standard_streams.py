"""Standard output and error of the command, which continues if they are closed or a disk is full.

Output that cannot be written is dropped, so that a run that writes files is finished. At the end
the command reports that its output could not be written, unless the reader closed it (`| head`).
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any

READER_CLOSED = (errno.EPIPE, errno.ESHUTDOWN)


class _FailsafeFile(io.FileIO):
    """A file whose `write` never fails; it remembers the first error and drops later output."""

    trouble: OSError | None = None

    def write(self, content: Any, /) -> Any:
        if self.trouble is None:
            try:
                return super().write(content)
            except OSError as error:
                self.trouble = error
        return memoryview(content).nbytes


class _ClosedOutput(io.RawIOBase):
    """An output that was closed before the command started."""

    trouble: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.trouble = OSError(errno.EBADF, "it is closed")
        return memoryview(content).nbytes


def protect_streams() -> None:
    """Replace `sys.stdout` and `sys.stderr` by streams that never fail, at the start of a command.

    Closed descriptors are opened on the null device; otherwise the next file would get their number
    and receive what a library prints.
    """
    try:
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(number, True)
        os.close(number)
    except OSError:
        pass
    sys.stdout = _protect_stream(sys.stdout, 1)
    sys.stderr = _protect_stream(sys.stderr, 2)


def flush_streams() -> OSError | None:
    """Write buffered output; return why standard output could not be written, None if it could."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    trouble = getattr(getattr(buffer, "raw", buffer), "trouble", None)
    return None if trouble is None or trouble.errno in READER_CLOSED else trouble


def _protect_stream(stream: Any, number: int) -> Any:
    if stream is None:
        buffer = io.BufferedWriter(_ClosedOutput())
        return io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace")
    if sys.platform == "win32" and stream.isatty():
        return stream  # A console of Windows is not a file.
    raw: Any = _FailsafeFile(number, "wb", closefd=False)
    return io.TextIOWrapper(
        raw if stream.write_through else io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )

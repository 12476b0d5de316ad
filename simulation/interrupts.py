"""Ctrl-C, and the signals by which a session, a cluster or a machine ends a program.

The command line begins with `quit_at_once`, so that a signal is one line even while modules are
imported; once there is something to tell or to clean up, `raise_them` turns signals into
`Interrupted`. Scripts and notebooks keep the handlers they have.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
SAME = 1.0  # seconds in which a second signal is taken for the first: a terminal may send both


class Interrupted(KeyboardInterrupt):
    """The user or the system wants this process to end.

    Args:
        number: Which signal said so.

    Attributes:
        number: The same.
        partial: What was finished until then, where that is not kept elsewhere.
    """

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(int(number))
        self.number = int(number)
        self.partial: Any = None


_received: list[tuple[int, float]] = []


def exit_code(error: BaseException) -> int:
    """Exit code of a process that was interrupted: 130, of SIGTERM 143, of SIGHUP 129."""
    return 128 + getattr(error, "number", int(signal.SIGINT))


def reason(error: BaseException) -> str:
    """What happened, as the beginning of a line."""
    number = getattr(error, "number", int(signal.SIGINT))
    return "interrupted" + ("" if number == signal.SIGINT else f" by {signal.Signals(number).name}")


def quit_at_once() -> None:
    """From now on a signal ends this process with a line: nothing is begun, or all is done."""
    _handle(_quit)


def raise_them() -> None:
    """From now on a signal raises `Interrupted`; a later one, sent again, ends at once."""
    _handle(_raise)


def check_none_came() -> None:
    """Raise the interrupt that a library has made something else of.

    Raises:
        Interrupted: A signal came since `raise_them`.
    """
    if _received:
        raise Interrupted(_received[0][0])


@contextmanager
def told_apart() -> Iterator[None]:
    """Tell Ctrl-C from what the code inside raises by itself.

    A signal that comes while the code runs always ends in `Interrupted`, whatever the code made of
    it: a library that is interrupted may say that its import failed. A `KeyboardInterrupt` that no
    signal raised comes out as it is.

    Raises:
        Interrupted: A signal came.
    """
    before = len(_received)
    main = threading.current_thread() is threading.main_thread()
    previous = signal.getsignal(signal.SIGINT) if main else signal.SIG_IGN
    usual = previous is signal.default_int_handler
    try:
        if usual:
            signal.signal(signal.SIGINT, _raise_each)
        yield
    except KeyboardInterrupt as error:
        known = usual or previous in (_quit, _raise, _raise_each, signal.SIG_IGN, signal.SIG_DFL)
        if not known and not isinstance(error, Interrupted):
            raise Interrupted from error  # Somebody else's handler raised it, as far as we know.
        raise
    finally:
        if usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if len(_received) > before:
            number = _received[before][0]
            if usual:
                del _received[before:]  # A script goes on, if it wants to.
            raise Interrupted(number) from None


@contextmanager
def held_back() -> Iterator[None]:
    """Keep Ctrl-C for later; a process that is started inside never sees it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _handle(handler: Any) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for name in NAMES:
        number = getattr(signal, name, None)
        # What is ignored stays so: nohup, or a shell that runs this in the background.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _quit(number: int, frame: FrameType | None) -> None:
    error = Interrupted(number)
    try:
        os.write(2, f"gutexo: {reason(error)}\n".encode())
    except OSError:
        pass
    os._exit(exit_code(error))


def _raise(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    first = _received[0][1] if _received else now
    _received.append((number, now))
    if len(_received) == 1:
        raise Interrupted(number)
    if now - first > SAME:
        _quit(number, frame)


def _raise_each(number: int, frame: FrameType | None) -> None:
    _received.append((number, time.monotonic()))
    raise Interrupted(number)

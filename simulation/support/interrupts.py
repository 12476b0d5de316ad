"""Ctrl-C, and the signals with which a session, a cluster or a machine ends a program.

The command line starts with `exit_on_signals`, so that a signal prints one line even while modules
are imported. Once there is something to report or to clean up, `raise_on_signals` turns signals
into `Interrupted`. Scripts and notebooks keep the handlers they have.
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

SIGNAL_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
SAME_SIGNAL_SECONDS = (
    1.0  # seconds in which a second signal counts as the first: a terminal may send both
)


class Interrupted(KeyboardInterrupt):
    """The user or the system wants this process to end.

    Args:
        number: Number of the signal.

    Attributes:
        number: Number of the signal.
        partial: What was finished until then, if it is not saved elsewhere.
    """

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(int(number))
        self.number = int(number)
        self.partial: Any = None


_received: list[tuple[int, float]] = []
_deferring = 0  # blocks of `defer_interrupts` that the main thread is in


def exit_code(error: BaseException) -> int:
    """Exit code of an interrupted process: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + getattr(error, "number", int(signal.SIGINT))


def interrupt_message(error: BaseException) -> str:
    """Return the beginning of a message that reports the interrupt."""
    number = getattr(error, "number", int(signal.SIGINT))
    return "interrupted" + ("" if number == signal.SIGINT else f" by {signal.Signals(number).name}")


def exit_on_signals() -> None:
    """Make signals end this process with one line, before work has begun or after it is done."""
    _install_handler(_exit_handler)


def raise_on_signals() -> None:
    """Make the first signal raise `Interrupted`; a later one ends the process at once."""
    _install_handler(_raise_handler)


def raise_pending_interrupt() -> None:
    """Raise an interrupt that a library has turned into another exception.

    Raises:
        Interrupted: A signal came since `raise_on_signals`.
    """
    if _received:
        raise Interrupted(_received[0][0])


@contextmanager
def detect_interrupts() -> Iterator[None]:
    """Distinguish Ctrl-C from exceptions that the code inside raises by itself.

    A signal that comes while the code runs always raises `Interrupted` at the end, even if the code
    turned it into another exception: a library that is interrupted may report that its import
    failed. A `KeyboardInterrupt` that no signal raised is passed on unchanged.

    Raises:
        Interrupted: A signal came.
    """
    before = len(_received)
    main = threading.current_thread() is threading.main_thread()
    previous = signal.getsignal(signal.SIGINT) if main else signal.SIG_IGN
    usual = previous is signal.default_int_handler
    try:
        if usual:
            signal.signal(signal.SIGINT, _raise_always_handler)
        yield
    except KeyboardInterrupt as error:
        known = usual or previous in (
            _exit_handler,
            _raise_handler,
            _raise_always_handler,
            signal.SIG_IGN,
            signal.SIG_DFL,
        )
        if not known and not isinstance(error, Interrupted):
            raise Interrupted from error  # Probably the handler of another program raised it.
        raise
    finally:
        if usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if len(_received) > before:
            number = _received[before][0]
            if usual:
                del _received[before:]  # A script may catch the interrupt and continue.
            raise Interrupted(number) from None


@contextmanager
def defer_interrupts() -> Iterator[None]:
    """Delay signals until the end of the block; a process that is started inside never gets Ctrl-C.

    Ctrl-C is blocked, which a new process inherits. Of the others a process must go on to end, so
    they are not blocked: our own handler waits with its exception. A library that starts a thread
    inside is then never interrupted between making and starting it.

    Raises:
        Interrupted: A signal came while the block ran.
    """
    global _deferring
    main = threading.current_thread() is threading.main_thread()
    mask = getattr(signal, "pthread_sigmask", None)
    before = None if mask is None else mask(signal.SIG_BLOCK, [signal.SIGINT])
    received = len(_received)
    _deferring += main
    try:
        yield
    finally:
        _deferring -= main
        if mask is not None:
            mask(signal.SIG_SETMASK, before)
    if main and not _deferring and len(_received) > received:
        raise Interrupted(_received[received][0])


def _install_handler(handler: Any) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for name in SIGNAL_NAMES:
        number = getattr(signal, name, None)
        # A signal that is ignored stays ignored: by nohup, or by a shell that runs this in the
        # background.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _exit_handler(number: int, frame: FrameType | None) -> None:
    error = Interrupted(number)
    try:
        os.write(2, f"gutexo: {interrupt_message(error)}\n".encode())
    except OSError:
        pass
    os._exit(exit_code(error))


def _raise_handler(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    first = _received[0][1] if _received else now
    _received.append((number, now))
    if _deferring:
        return
    if len(_received) == 1:
        raise Interrupted(number)
    if now - first > SAME_SIGNAL_SECONDS:
        _exit_handler(number, frame)


def _raise_always_handler(number: int, frame: FrameType | None) -> None:
    _received.append((number, time.monotonic()))
    raise Interrupted(number)

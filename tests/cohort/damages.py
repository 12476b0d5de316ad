"""Damages of files, as disks, editors and dead processes make them; and a disk that fills."""

import builtins
import io
import os
import shutil
import threading
from pathlib import Path

TINY = {
    "resolution.segments": 8,
    "resolution.enterocytes": 4,
    "resolution.macrophages": 2,
    "resolution.hepatocytes": 8,
    "resolution.myocytes": 4,
    "resolution.adipocytes": 4,
    "resolution.packets": 50,
}
DEEP = "[" * 200_000
TEXTS = ("", "[]", "{}", "null", "3", "true", '"text"', '{"a": NaN}', DEEP, "9" * 5000, "\x00")
KINDS = ("cut", "empty", "flip", "swap", "gone", "text", "bytes", "folder")


def damage(path, other, rng):
    """Damage a file in one of many ways.

    Args:
        path: The file.
        other: Another file, which may take its place and give it its own.
        rng: Random numbers.

    Returns:
        What was done.
    """
    kind = KINDS[rng.integers(len(KINDS))]
    raw = path.read_bytes()
    if kind == "cut":
        path.write_bytes(raw[: rng.integers(len(raw))])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "flip":
        wrong = bytearray(raw)
        wrong[rng.integers(len(raw))] ^= 1 << int(rng.integers(8))
        path.write_bytes(wrong)
    elif kind == "swap":
        path.write_bytes(other.read_bytes())
        other.write_bytes(raw)
    elif kind == "text":
        path.write_text(TEXTS[rng.integers(len(TEXTS))])
    elif kind == "bytes":
        path.write_bytes(rng.bytes(200))
    else:
        path.unlink()
        if kind == "folder":
            path.mkdir()
    return f"{kind} of {path.name}"


def copied(folder, target):
    """A fresh copy of a folder."""
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(folder, target))


class FullDisk:
    """A disk below a folder on which one write fails, or all from one on.

    Args:
        monkeypatch: Of pytest.
        root: Folder on that disk.
        nth: Which write fails, from 1.
        lasting: Whether all later ones fail too.
    """

    def __init__(self, monkeypatch, root, nth, lasting):
        self.root, self.nth, self.lasting = str(root), nth, lasting
        self.writes, self.failed, self.told = 0, 0, []
        self._open, self._mkdir = io.open, os.mkdir
        for module, name in ((io, "open"), (builtins, "open")):
            monkeypatch.setattr(module, name, self.open)
        monkeypatch.setattr(os, "open", self.opened(os.open))
        for name in ("replace", "rename", "mkdir", "link"):
            monkeypatch.setattr(os, name, self.counted(getattr(os, name)))

    def fails(self, path):
        """Whether a write to this path fails; the beat of a lock comes when it likes."""
        mine = str(path).startswith(self.root)
        if not mine or threading.current_thread().name == "gutexo-lock":
            return False
        self.writes += 1
        self.told.append(str(path)[len(self.root) :])
        wrong = self.writes >= self.nth if self.lasting else self.writes == self.nth
        self.failed += wrong
        return wrong

    def open(self, path, mode="r", *arguments, **named):
        """As `open`; half a word is written where it fails."""
        if set(mode) & set("wax+") and isinstance(path, (str, os.PathLike)) and self.fails(path):
            with self._open(path, "wb") as file:
                file.write(b"ha")
            raise OSError(28, "No space left on device", str(path))
        return self._open(path, mode, *arguments, **named)

    def opened(self, real):
        """As `os.open`."""

        def open_(path, flags, *arguments, **named):
            writes = flags & (os.O_WRONLY | os.O_RDWR)
            # The guard of a lock holds no bytes, and one that stays is found to be nobody's.
            if writes and os.path.basename(path) != ".guard" and self.fails(path):
                raise OSError(28, "No space left on device", str(path))
            return real(path, flags, *arguments, **named)

        return open_

    def counted(self, real):
        """A function of `os` that writes."""

        def write(path, *arguments, **named):
            # To make a folder that is there takes no room.
            if not (real is self._mkdir and os.path.isdir(path)) and self.fails(path):
                raise OSError(28, "No space left on device", str(path))
            return real(path, *arguments, **named)

        return write

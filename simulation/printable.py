"""Text of others as it may be shown: no terminal acts on it, and a line stays a line."""

from __future__ import annotations

from typing import Any

LONGEST = 40  # characters of a value that a message repeats
LONGEST_LINE = 2000


def printable(text: Any, *, keep: str = "") -> str:
    """Text with everything invisible written out, such as ``\\x1b`` for the escape character.

    Control characters, line ends, marks that turn the direction of writing, and halves of
    surrogate pairs are written as in Python's source; letters of all scripts stay.

    Args:
        text: What is to be shown; anything but text is shown as `str` gives it.
        keep: Characters that stay as they are, such as a line feed in text of several lines.
    """
    text = str(text)
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode()
        for one in text
    )


def as_line(text: Any) -> str:
    """A message as a line: what is invisible is written out, and what is endless is cut."""
    shown = printable(text)
    return shown if len(shown) <= LONGEST_LINE else f"{shown[:LONGEST_LINE]} ..."


def brief(value: Any, most: int = LONGEST) -> str:
    """A value as a message repeats it: as Python writes it, visible, and not long.

    Args:
        value: Anything; a number of thousands of digits and a list of itself too.
        most: Characters at most.
    """
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        value = value.item()  # a number, not how NumPy writes it
    try:
        shown = repr(value[: 4 * most]) if isinstance(value, str) else repr(value)
    except ValueError:  # Python does not write numbers of more than some thousand digits
        return "a number of thousands of digits"
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"
    shown = printable(shown)
    return shown if len(shown) <= most else f"{shown[:most]}..."

"""Text from outside made safe to print: no control characters, and one line stays one line."""

from __future__ import annotations

from typing import Any

LONGEST_VALUE = 40  # characters of a value that a message repeats
LONGEST_LINE = 2000


def make_printable(text: Any, *, keep: str = "") -> str:
    """Replace invisible characters by escapes, such as ``\\x1b`` for the escape character.

    Control characters, line ends, marks that change the direction of writing, and halves of
    surrogate pairs are written as in Python's source; letters of all scripts stay.

    Args:
        text: The text; any other value is converted with `str`.
        keep: Characters that are not replaced, such as a line feed in text of several lines.
    """
    text = str(text)
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode()
        for one in text
    )


def make_line(text: Any) -> str:
    """Make one line of a message: escape invisible characters, and cut at `LONGEST_LINE`."""
    line = make_printable(text)
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..."


def short_repr(value: Any, most: int = LONGEST_VALUE) -> str:
    """Format a value for a message: its `repr`, printable and short.

    Args:
        value: Any value, also a number of thousands of digits or a list that contains itself.
        most: Largest number of characters of it.
    """
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        value = value.item()  # the plain number, without NumPy's type name
    try:
        text = repr(value[: 4 * most]) if isinstance(value, str) else repr(value)
    except ValueError:  # Python does not format integers of more than some thousand digits
        return "a number of thousands of digits"
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"
    text = make_printable(text)
    return text if len(text) <= most else f"{text[:most]}..."

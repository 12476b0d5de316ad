"""Names of others are shown as text."""

import pytest

from gutexo.support.printable import make_line, make_printable, short_repr

ODD = [
    ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
    ("a\nb\r\tc", r"a\nb\r\tc"),
    ("\x07\x9b2J\x7f", r"\x07\x9b2J\x7f"),
    ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
    ("a\u2066b\u200fc\u061c", r"a\u2066b\u200fc\u061c"),
    ("half \udcff", r"half \udcff"),
    ("line\u2028end", r"line\u2028end"),
    ("[/nope] [bold]x[/bold] $x^2$", "[/nope] [bold]x[/bold] $x^2$"),
    ("mäuse, µg, 老化, 🐭", "mäuse, µg, 老化, 🐭"),
    (3, "3"),
]


@pytest.mark.parametrize(("text", "shown"), ODD, ids=range(len(ODD)))
def test_what_is_invisible_is_written_out(text, shown):
    assert make_printable(text) == shown
    assert make_printable(text).isprintable()
    assert make_line(text) == shown


def test_a_text_of_lines_keeps_its_lines():
    assert make_printable("a\nb\x1b", keep="\n") == "a\nb\\x1b"


def test_a_line_ends():
    assert len(make_line("x" * 10**6)) < 2100


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("many", "'many'"),
        ("x" * 100, "'" + "x" * 39 + "..."),
        ("\x1b\n", r"'\x1b\n'"),
        (10**5000, "a number of thousands of digits"),
        ([10**5000], "a number of thousands of digits"),
        (7, "7"),
    ],
    ids=["text", "long", "invisible", "digits", "digits in a list", "number"],
)
def test_a_value_is_repeated_briefly(value, shown):
    assert short_repr(value) == shown


def test_a_deeply_nested_value_is_named():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    assert short_repr(nested) == "a deeply nested list"
    while nested:  # or Python's own clean-up would be deep too
        nested = nested.pop()

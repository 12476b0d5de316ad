"""Files that a user names: read, or refused in a line, at once."""

import os
import socket

import pytest

from gutexo.errors import GutexoError
from gutexo.support.user_files import read_text

MOST = 1000


@pytest.mark.parametrize(
    "content",
    ["a = 'é'\nb\n".encode(), b"\xef\xbb\xbf" + "a = 'é'\nb\n".encode(), "a = 'é'\r\nb\r".encode()],
    ids=["UTF-8", "with a byte-order mark", "ends of lines of others"],
)
def test_text_is_the_same_text(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert read_text(tmp_path / "f", MOST) == "a = 'é'\nb\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a".encode("utf-16"), "is text in UTF-16; save it as UTF-8"),
        ("é".encode("latin-1"), "is not text in UTF-8"),
        (b"x" * (MOST + 1), "0.001 MB at most"),
    ],
)
def test_other_content_is_refused(tmp_path, content, said):
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(GutexoError, match=said):
        read_text(tmp_path / "f", MOST)


def test_what_might_never_end_is_not_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        monkeypatch.chdir(tmp_path)  # the name of a socket must be short
        one.bind("socket")
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "zero").symlink_to("/dev/zero")
        for name, said in {
            "pipe": "is a pipe",
            "socket": "is a socket",
            ".": "is a folder",
            "zero": "is a device",
            "loop": "cannot be read",
            "none": "does not exist",
            "x" * 300: "cannot be read",
            "zero\0byte": "is not the name of a file",
        }.items():
            with pytest.raises(GutexoError, match=said) as caught:
                read_text(tmp_path / name, MOST)
            assert "\n" not in str(caught.value)


def test_a_file_that_says_it_is_empty_is_read_no_further_than_it_may():
    """Files of /proc have no size."""
    with pytest.raises(GutexoError, match="at most"):
        read_text("/proc/self/maps", 100)

"""Reading our own JSON: what was written, or one line that names the file."""

import json
import os

import pytest

from gutexo.errors import GutexoError
from gutexo.support.json_files import (
    DamagedFile,
    StoredRecord,
    add_checksum,
    read_json,
    read_record,
    write_json,
)


class Mouse(StoredRecord):
    """A record of a test."""

    name: str
    age: float
    days: int


GOOD = {"name": "one", "age": 90.5, "days": 3}


def refused(path, **options):
    with pytest.raises(GutexoError) as caught:
        read_record(path, Mouse, **options)
    line = str(caught.value)
    assert isinstance(caught.value, DamagedFile)
    assert str(path) in line and "\n" not in line and len(line) < 300
    return line


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "mouse.json"
    assert read_record(path, Mouse) is None and read_json(path) is None
    write_json(path, add_checksum(GOOD))
    assert read_record(path, Mouse).model_dump() == GOOD
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_record(path, Mouse).age == 90.5
    assert [p.name for p in tmp_path.iterdir()] == ["mouse.json"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"{", "not JSON, line 1"),
        (b"[]", "no JSON object"),
        (b"null", "holds nothing"),
        (b"3", "no JSON object"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"a":' * 200_000, "nested too deep"),
        (b'{"days": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{"name": "one", "age": NaN, "days": 3}', "NaN is no number"),
        (b'{"name": "one", "age": 1e999, "days": 3}', "age: input should be a finite number"),
        (b'{"name": "one", "age": 1.0}', "days: field required"),
        (b'{"name": "one", "age": 1.0, "days": "3"}', "days: input should be a valid integer"),
        (b'{"name": "one", "age": 1.0, "days": true}', "days: input should be a valid integer"),
        (b'{"name": ["one"], "age": 1.0, "days": 3}', "name: input should be a valid string"),
        (b'{"name": "one", "age": 1.0, "days": 3, "x": 1}', "x: extra inputs"),
        (b'{"name": "one", "age": 1.0, "days": 3, "check": 1}', "not what was written"),
    ],
)
def test_anything_else_is_one_line_that_names_the_file(tmp_path, content, words):
    path = tmp_path / "mouse.json"
    path.write_bytes(content)
    assert words in refused(path, needs_checksum=False)


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    assert "no file" in refused(tmp_path / "folder")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "no file" in refused(tmp_path / "pipe")


def test_a_value_that_was_changed_is_seen(tmp_path):
    path = tmp_path / "mouse.json"
    path.write_text(json.dumps({**add_checksum(GOOD), "age": 91.0}))
    assert "not what was written" in refused(path)
    path.write_text(json.dumps(GOOD))
    assert "no checksum" in refused(path)
    assert read_record(path, Mouse, needs_checksum=False).days == 3

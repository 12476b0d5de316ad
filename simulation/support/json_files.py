"""Our own JSON files: reading returns what was written, or raises one line that names the file.

A faulty disk, an editor or a killed process can leave any content in a file. This module checks for
all JSON files whether the content is what was written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Never

from pydantic import BaseModel, ConfigDict, ValidationError

from gutexo.errors import GutexoError

MOST_BYTES = 1_000_000_000
CHECKSUM_KEY = "check"


class DamagedFile(GutexoError):
    """A file exists, but its content is not what was written."""


class StoredRecord(BaseModel):
    """Base class for the content of our files: exactly the declared keys and types."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )


def checksum(content: Any) -> str:
    """Digest of bytes, or of the content of a JSON value."""
    raw = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(raw).hexdigest()[:32]


def add_checksum(content: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a content its checksum, which `read_record` checks."""
    return {**content, CHECKSUM_KEY: checksum(content)}


def read_json(path: Path) -> Any:
    """Read the value of a JSON file; None if there is no file.

    Args:
        path: One of our files.

    Raises:
        DamagedFile: It is not JSON, is larger or deeper than any of our files, or is no file.
    """
    try:
        if not path.exists():
            return None
        if not path.is_file():
            raise ValueError("it is no file")
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES // 1_000_000:,} MB")
        text = path.read_bytes().decode("utf-8-sig")
        content = json.loads(text, parse_constant=_refuse_constant)
        if content is None:
            raise ValueError("it holds nothing")
        return content
    except RecursionError:
        reason = "it is nested too deep"
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"it is not JSON, line {error.lineno}"
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    except ValueError as error:
        reason = str(error)
    raise DamagedFile(f"{path} cannot be read: {reason[:100]}") from None


def read_record[R: StoredRecord](
    path: Path, kind: type[R], *, needs_checksum: bool = True
) -> R | None:
    """Read and check the record in one of our files; None if there is no file.

    Args:
        path: The file.
        kind: Class of its content.
        needs_checksum: Refuse a file without a checksum; a file with a wrong checksum is always
            refused.

    Raises:
        DamagedFile: It is not what was written.
    """
    content = read_json(path)
    return None if content is None else parse_record(content, path, kind, needs_checksum)


def parse_record[R: StoredRecord](
    content: Any, path: Path, kind: type[R], needs_checksum: bool
) -> R:
    """Check the value of a file and convert it to its class; see `read_record`.

    Raises:
        DamagedFile: It is not what was written.
    """
    if not isinstance(content, dict):
        raise DamagedFile(f"{path} cannot be read: it holds no JSON object")
    content = dict(content)
    check = content.pop(CHECKSUM_KEY, None)
    if check is None and needs_checksum:
        raise DamagedFile(f"{path} cannot be read: it has no checksum")
    if check is not None and check != checksum(content):
        raise DamagedFile(f"{path} cannot be read: it is not what was written")
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise DamagedFile(f"{path} cannot be read: {describe_first_error(error)}") from None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file completely, or leave the old file unchanged.

    Args:
        path: The file.
        content: Its content, as JSON types.

    Raises:
        OSError: It cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def describe_first_error(error: ValidationError) -> str:
    """Describe the first validation error in a few words, with the name of the field."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ").split("\n")[0]
    return f"{name[:60]}: {message[:1].lower()}{message[1:100]}"


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is no number of JSON")

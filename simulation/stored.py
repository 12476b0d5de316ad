"""JSON files of our own, read back: what was written, or one line that names the file.

A disk, an editor or a process that was killed can leave anything under a name. Here it is decided,
once for all of them, whether a file is what was written.
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
CHECK = "check"


class DamagedFile(GutexoError):
    """A file is there and is not what was written."""


class Record(BaseModel):
    """What a file of ours holds: these keys, of these types, and no other."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )


def checksum(content: Any) -> str:
    """Digest of bytes, or of a JSON value by what it says."""
    raw = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(raw).hexdigest()[:32]


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same content with its own checksum, which `read_record` looks at."""
    return {**content, CHECK: checksum(content)}


def read_json(path: Path) -> Any:
    """The value a JSON file holds; None where there is no file.

    Args:
        path: File of ours.

    Raises:
        DamagedFile: It is not JSON of a size and depth that anything of ours has, or no file.
    """
    try:
        if not path.exists():
            return None
        if not path.is_file():
            raise ValueError("it is no file")
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES // 1_000_000:,} MB")
        text = path.read_bytes().decode("utf-8-sig")
        content = json.loads(text, parse_constant=_no_number)
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


def read_record[R: Record](path: Path, kind: type[R], *, must_be_sealed: bool = True) -> R | None:
    """What a file of ours holds; None where there is no file.

    Args:
        path: The file.
        kind: What it holds.
        must_be_sealed: Refuse one without a checksum; one whose checksum does not fit is refused
            anyway.

    Raises:
        DamagedFile: It is not what was written.
    """
    content = read_json(path)
    return None if content is None else as_record(content, path, kind, must_be_sealed)


def as_record[R: Record](content: Any, path: Path, kind: type[R], must_be_sealed: bool) -> R:
    """The value of a file as what it should be; see `read_record`.

    Raises:
        DamagedFile: It is not what was written.
    """
    if not isinstance(content, dict):
        raise DamagedFile(f"{path} cannot be read: it holds no JSON object")
    content = dict(content)
    check = content.pop(CHECK, None)
    if check is None and must_be_sealed:
        raise DamagedFile(f"{path} cannot be read: it has no checksum")
    if check is not None and check != checksum(content):
        raise DamagedFile(f"{path} cannot be read: it is not what was written")
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise DamagedFile(f"{path} cannot be read: {first_of(error)}") from None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file whole, or leave what was there.

    Args:
        path: The file.
        content: What it shall hold, as JSON types.

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


def first_of(error: ValidationError) -> str:
    """The first thing that is wrong, by its name, in a few words."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ").split("\n")[0]
    return f"{name[:60]}: {message[:1].lower()}{message[1:100]}"


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no number of JSON")

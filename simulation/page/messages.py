"""What a visitor may say: one strict schema for every message, and a line for what is not in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gutexo.errors import GutexoError

SPEEDS = (1, 2, 6, 12, 24)  # ticks a frame
_FAR = 2.0**53


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Drawn(_Message):
    """The page has drawn a frame."""

    do: Literal["drawn"]
    frame: int


class Begin(_Message):
    """Raise the mice of a wish."""

    do: Literal["begin"]
    wish: dict[str, Any] = Field(default_factory=dict)


class Play(_Message):
    """Play, or only change the speed."""

    do: Literal["play", "speed"]
    speed: int | None = None


class Rewind(_Message):
    """Go back to a day."""

    do: Literal["rewind"]
    day: float = Field(default=0.0, ge=-1e9, le=1e9)


class Look(_Message):
    """Show one agent."""

    do: Literal["look"]
    which: int = Field(default=0, ge=0, le=1)
    kind: str = Field(max_length=20)
    index: int = Field(default=0, gt=-_FAR, lt=_FAR)
    along: float = Field(default=0.0, ge=-1e9, le=1e9)


class Plain(_Message):
    """What needs no more words."""

    do: Literal["pause", "step", "hear", "csv", "gif"]


Message = Annotated[Drawn | Begin | Play | Rewind | Look | Plain, Field(discriminator="do")]
_MESSAGE: TypeAdapter[Any] = TypeAdapter(Message)


def read(content: Any) -> Any:
    """A message as it came.

    Args:
        content: JSON as text, or JSON types.

    Returns:
        One of the messages.

    Raises:
        GutexoError: It is none, in one line.
    """
    try:
        if isinstance(content, str):
            return _MESSAGE.validate_json(content)
        return _MESSAGE.validate_python(content)
    except ValidationError as error:
        raise GutexoError(line_of(error)) from None
    except (UnicodeError, RecursionError):
        raise GutexoError("a message must be JSON, its texts Unicode") from None


def line_of(error: ValidationError) -> str:
    """The first thing that is wrong, in a line."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return f"a message must be JSON: {first['msg'].removeprefix('Invalid JSON: ')}"
    if first["type"] == "union_tag_invalid":
        return "there is no such thing to do"
    if first["type"] in ("model_attributes_type", "dict_type", "union_tag_not_found"):
        if not first["loc"]:
            return "a message must be an object that says what to do"
    # The first part of the place is the kind of message, which was understood.
    place = [str(part)[:60] for part in first["loc"]]
    if len(place) > 1 and place[0] in _KINDS:
        place = place[1:]
    return readable(f"{'.'.join(place)}: {first['msg'].removeprefix('Value error, ')}")


def readable(line: str) -> str:
    """One line of Unicode, whatever was in it."""
    return line.encode("utf-8", "backslashreplace").decode().replace("\n", " ")[:600]


_KINDS = {
    "drawn", "begin", "play", "speed", "rewind", "look", "pause", "step", "hear", "csv", "gif",
}  # fmt: skip

"""An intervention under way as JSON, and back; no module is imported on a file's word."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import Field

from gutexo.body.inputs import Intervention, Preparation
from gutexo.body.regimen import Course
from gutexo.errors import GutexoError
from gutexo.stored import Record

VIAL = "__preparation__"


class SavedCourse(Record):
    """A course as it stands in a file."""

    module: str
    kind: str = Field(alias="class")
    fields: dict[str, Any]
    digest: str
    added: float = Field(ge=0)
    given: int = Field(ge=0)


class SavedVial(Record):
    """A preparation as it stands in a file; its cargo is among the arrays."""

    array: str = Field(alias="__preparation__")  # VIAL
    name: str
    donors: int = Field(ge=1)
    particles_per_packet: float
    lps: float


def course_to_json(course: Course, number: int, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """A course as JSON types; cargo of preparations goes to the arrays.

    Args:
        course: What is written.
        number: Its place among the courses.
        arrays: Taken up: cargo of its preparations.

    Raises:
        GutexoError: A field is of a type that JSON does not know.
    """
    kind = type(course.intervention)
    fields = {}
    for name in kind.model_fields:
        value = getattr(course.intervention, name)
        if isinstance(value, Preparation):
            key = f"preparation.{number}.{name}"
            arrays[key] = value.cargo
            value = {
                VIAL: key,
                "name": value.name,
                "donors": value.donors,
                "particles_per_packet": value.particles_per_packet,
                "lps": value.lps,
            }
        fields[name] = value
    try:
        json.dumps(fields)
    except TypeError:
        raise GutexoError(
            f"{kind.__name__} cannot be saved: a field is not a number, text, list or preparation"
        ) from None
    return {
        "module": kind.__module__,
        "class": kind.__qualname__,
        "fields": fields,
        "digest": course.intervention.digest(),
        "added": course.added,
        "given": course.given,
    }


def course_from_json(entry: Any, arrays: dict[str, np.ndarray]) -> Course:
    """A course as it was written.

    Args:
        entry: As `course_to_json` gave it.
        arrays: Gives up the cargo of its preparations.

    Raises:
        GutexoError: Its class is not known here.
        ValidationError: It is not what `course_to_json` gives.
        KeyError: There is no cargo for one of its preparations.
    """
    saved = SavedCourse.model_validate(entry)
    fields = {}
    for name, value in saved.fields.items():
        if isinstance(value, dict) and VIAL in value:
            about = SavedVial.model_validate(value).model_dump()
            value = Preparation(cargo=arrays.pop(about.pop("array")), **about)
        elif isinstance(value, list):
            value = tuple(value)
        fields[name] = value
    known = _classes(saved.module, saved.kind)
    if not known:
        raise GutexoError(
            f"it needs the intervention {saved.kind} of {saved.module}, which is not known here; "
            "import or define it first"
        )
    made = [kind(**fields) for kind in known]
    same = [item for item in made if item.digest() == saved.digest]
    if not same:
        warnings.warn(
            f"the intervention {saved.kind} is written otherwise than in the snapshot: the "
            "mouse goes on with what it is now",
            stacklevel=2,
        )
    return Course((same or made)[0], saved.added, saved.given)


def _classes(module: str, name: str) -> list[type[Intervention]]:
    """Classes of this name: the one its module has now, then others, the newest first.

    A class that came with a task, from a notebook or a function, stands in no module here; and one
    that was written again in a notebook cell is there twice.
    """
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    kinds = [k for k in _kinds(Intervention) if (k.__module__, k.__qualname__) == (module, name)]
    kinds.sort(key=lambda kind: kind is found)
    return kinds[::-1]


def _kinds(kind: type[Intervention]) -> Iterator[type[Intervention]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)

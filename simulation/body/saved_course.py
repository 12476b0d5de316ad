"""Conversion of a course of an intervention to and from JSON; a file never causes an import."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import Field

from gutexo.body.doses import Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.regimen import Course
from gutexo.errors import GutexoError
from gutexo.support.json_files import StoredRecord

PREPARATION_KEY = "__preparation__"


class SavedCourse(StoredRecord):
    """A course as it is stored in a file."""

    module: str
    kind: str = Field(alias="class")
    fields: dict[str, Any]
    digest: str
    added: float = Field(ge=0)
    given: int = Field(ge=0)


class SavedPreparation(StoredRecord):
    """A preparation as it is stored in a file; its cargo is among the arrays."""

    array: str = Field(alias="__preparation__")  # PREPARATION_KEY
    name: str
    donors: int = Field(ge=1)
    particles_per_packet: float
    lps: float


def course_to_json(course: Course, number: int, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Convert a course to JSON types; the cargo of preparations is added to the arrays.

    Args:
        course: Course to convert.
        number: Its index among the courses.
        arrays: The cargo of its preparations is added here.

    Raises:
        GutexoError: A field has a type that JSON does not support.
    """
    kind = type(course.intervention)
    fields = {}
    for name in kind.model_fields:
        value = getattr(course.intervention, name)
        if isinstance(value, Preparation):
            key = f"preparation.{number}.{name}"
            arrays[key] = value.cargo
            value = {
                PREPARATION_KEY: key,
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
    """Make a course from its JSON form.

    Args:
        entry: As returned by `course_to_json`.
        arrays: The cargo of its preparations is removed from here.

    Raises:
        GutexoError: Its class is not known here.
        ValidationError: It does not have the form that `course_to_json` returns.
        KeyError: The cargo of one of its preparations is missing.
    """
    saved = SavedCourse.model_validate(entry)
    fields = {}
    for name, value in saved.fields.items():
        if isinstance(value, dict) and PREPARATION_KEY in value:
            about = SavedPreparation.model_validate(value).model_dump()
            value = Preparation(cargo=arrays.pop(about.pop("array")), **about)
        elif isinstance(value, list):
            value = tuple(value)
        fields[name] = value
    known = _find_classes(saved.module, saved.kind)
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


def _find_classes(module: str, name: str) -> list[type[Intervention]]:
    """Return the classes of this name: the current one of its module, then others, newest first.

    A class that was received with a task, from a notebook or a function, is in no module here; a
    class that was defined again in a notebook cell exists twice.
    """
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    kinds = [
        k
        for k in _iterate_subclasses(Intervention)
        if (k.__module__, k.__qualname__) == (module, name)
    ]
    kinds.sort(key=lambda kind: kind is found)
    return kinds[::-1]


def _iterate_subclasses(kind: type[Intervention]) -> Iterator[type[Intervention]]:
    for child in kind.__subclasses__():
        yield child
        yield from _iterate_subclasses(child)

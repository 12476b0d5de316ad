"""A snapshot: all of a mouse as arrays and JSON, from which it goes on to the bit."""

from __future__ import annotations

import importlib
import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from simulation.body.inputs import Intervention, Preparation
from simulation.body.regimen import Course
from simulation.errors import GutexoError

VERSION = 1


@dataclass(frozen=True)
class Snapshot:
    """A mouse at one moment.

    Attributes:
        arrays: Columns, counters and readings.
        meta: Clock, parameters and identity, as JSON types.
        courses: Interventions under way.
    """

    arrays: dict[str, np.ndarray]
    meta: dict[str, Any]
    courses: tuple[Course, ...] = field(default=(), compare=False)

    def save(self, path: str | Path) -> Path:
        """Write to one file, which appears whole or not at all.

        Args:
            path: File to write; its folder is made.

        Returns:
            The path.
        """
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays = dict(self.arrays)
        courses = []
        for number, course in enumerate(self.courses):
            courses.append(_course_to_json(course, number, arrays))
        text = json.dumps({"version": VERSION, "meta": self.meta, "courses": courses})
        arrays["__json__"] = np.frombuffer(text.encode(), np.uint8)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        with open(part, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        os.replace(part, path)
        return path

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a snapshot.

        Raises:
            GutexoError: The file is missing, damaged or of another version.
        """
        path = Path(path)
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            content = json.loads(arrays.pop("__json__").tobytes().decode())
            version, meta, listed = content["version"], content["meta"], content["courses"]
        except FileNotFoundError:
            raise GutexoError(f"snapshot {path} does not exist") from None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise GutexoError(f"snapshot {path} is damaged: {str(error)[:80]}") from None
        if version != VERSION:
            raise GutexoError(f"snapshot {path} is of version {version}; this reads {VERSION}")
        courses = tuple(_course_from_json(entry, arrays) for entry in listed)
        return cls(arrays, meta, courses)


def _course_to_json(course: Course, number: int, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """A course as JSON; preparations go to the arrays."""
    kind = type(course.intervention)
    fields = {}
    for name in kind.model_fields:
        value = getattr(course.intervention, name)
        if isinstance(value, Preparation):
            key = f"preparation.{number}.{name}"
            arrays[key] = value.cargo
            value = {
                "__preparation__": key,
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
        "added": course.added,
        "given": course.given,
    }


def _course_from_json(entry: dict[str, Any], arrays: dict[str, np.ndarray]) -> Course:
    fields = {}
    for name, value in entry["fields"].items():
        if isinstance(value, dict) and "__preparation__" in value:
            cargo = arrays.pop(value["__preparation__"])
            about = {k: v for k, v in value.items() if k != "__preparation__"}
            value = Preparation(cargo=cargo, **about)
        elif isinstance(value, list):
            value = tuple(value)
        fields[name] = value
    try:
        kind = importlib.import_module(entry["module"])
        for part in entry["class"].split("."):
            kind = getattr(kind, part)
    except (ImportError, AttributeError):
        raise GutexoError(
            f"snapshot needs the intervention {entry['class']} of {entry['module']}, which cannot "
            "be imported here"
        ) from None
    if not (isinstance(kind, type) and issubclass(kind, Intervention)):
        raise GutexoError(f"snapshot names {entry['class']}, which is no intervention")
    return Course(kind(**fields), entry["added"], entry["given"])

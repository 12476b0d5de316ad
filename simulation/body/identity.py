"""Identity of an intervention: a digest of its class and fields by content.

Lives and finished mice are found again by it, so it counts whatever a mouse could feel: code, what
functions close over and name, defaults, class variables and fields. A worker to which a class was
sent has no source of it, so the digest of the class travels along with an intervention.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from gutexo.content import Content, digest_of
from gutexo.errors import GutexoError
from gutexo.packages import is_of, is_ours

# Rules and numbers are known by the code digest; names of what is in them are enough.
_KNOWN = (".biology", ".body", ".catalogue", ".compiled", ".errors")
_HERE = uuid.uuid4().hex
"""This process: what another one found of a class is believed, what this one found may be old."""
CARRIED = "_class_digest"  # no field: what copies an intervention passes it over


def _known(module: str) -> bool:
    """Whether a module of this package is covered by the digest of the code."""
    return any(module == name or module.startswith(f"{name}.") for name in _KNOWN)


def _content() -> Content:
    return Content(_known, _own_digest, _cited)


def _cited(kind: type, name: str) -> bool:
    """Whether a class variable only says what an intervention cites."""
    from gutexo.body.inputs import Intervention

    return name == "sources" and issubclass(kind, Intervention)


def _own_digest(value: Any) -> str | None:
    from gutexo.body.inputs import Intervention, Preparation

    of_ours = is_ours(type(value).__module__)
    if isinstance(value, (Intervention, Preparation)) or of_ours:
        found = getattr(type(value), "digest", None)
        return str(value.digest()) if callable(found) else None
    return None


def class_digest(kind: type) -> str:
    """Digest of a class of interventions, by content.

    Raises:
        GutexoError: Something it uses has no content, such as an open file.
    """
    if is_ours(kind.__module__):
        return _class_of_ours(kind)
    return digest_of(kind, kind.__name__, _content()).hex()


@cache
def _class_of_ours(kind: type) -> str:
    return digest_of(kind, kind.__name__, _content()).hex()


def digest(intervention: Any) -> str:
    """Digest of what an intervention does; names of preparations do not count.

    Args:
        intervention: An `Intervention`.

    Raises:
        GutexoError: A field, or something its class uses, has no content, such as an open file.
    """
    kind = type(intervention)
    known = intervention._class_digest
    if known is None:
        found = class_digest(kind)
    elif (
        # Ours are the same wherever the code is, which is asked before.
        not is_ours(kind.__module__)
        and is_of(kind, kind.__module__)
        and class_digest(kind) != known[1]
    ):
        raise GutexoError(
            f"{kind.__name__} is not the same here as where it was sent from: its module "
            f"'{kind.__module__}', or what that uses, was changed after it was imported; hold what "
            "changes in a field of the intervention"
        )
    else:
        found = known[1]
    fields = {name: getattr(intervention, name) for name in kind.model_fields}
    inner = intervention.__pydantic_private__ or {}
    fields |= {name: value for name, value in inner.items() if name != "_class_digest"}
    held = [found, sorted(fields.items())]
    return digest_of(held, kind.__name__, _content()).hex()[:16]


def carried(intervention: Any) -> tuple[str, str] | None:
    """What travels with an intervention: who read its class, and the digest of it."""
    known: tuple[str, str] | None = intervention._class_digest
    if known is not None:
        return known
    try:
        return _HERE, class_digest(type(intervention))
    except GutexoError:  # told where it is asked for
        return None


def of_another_process(carried: tuple[str, str] | None) -> tuple[str, str] | None:
    """What came with an intervention, where this process cannot know its class as well."""
    return None if carried is None or carried[0] == _HERE else carried

"""Identity of an intervention: a digest of the content of its class and fields.

Saved lives and finished mice are found by this digest, so it covers everything that can affect a
mouse: code, variables that functions close over and names they use, defaults, class variables and
fields. A worker process that receives a class does not have its source, so the digest of the class
is sent together with an intervention.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from gutexo.errors import GutexoError
from gutexo.support.content_digest import ContentDigester, digest_value
from gutexo.support.packages import is_defined_in, is_own_module

# The code digest covers rules and numbers, so for objects in these packages the name is enough.
_COVERED_PACKAGES = (".biology", ".body", ".catalogue", ".compiled", ".errors")
_THIS_PROCESS = uuid.uuid4().hex
"""Identifies this process: a class digest from another process is used as received; one that this
process computed itself may be out of date."""
_WITH_OWN_DIGEST: list[type] = []
CLASS_DIGEST_KEY = "_class_digest"  # not a field, so functions that copy an intervention ignore it


def _covered_by_code_digest(module: str) -> bool:
    """Whether a module of this package is covered by the digest of the code."""
    return any(module == name or module.startswith(f"{name}.") for name in _COVERED_PACKAGES)


def _make_content() -> ContentDigester:
    return ContentDigester(_covered_by_code_digest, _own_digest, _is_citation)


def has_own_digest[T: type](kind: T) -> T:
    """Mark a class whose objects have a method `digest` that covers all they do."""
    _WITH_OWN_DIGEST.append(kind)
    return kind


def _is_citation(kind: type, name: str) -> bool:
    """Whether a class variable only lists the sources that an intervention cites."""
    return name == "sources" and issubclass(kind, tuple(_WITH_OWN_DIGEST))


def _own_digest(value: Any) -> str | None:
    of_ours = is_own_module(type(value).__module__)
    if isinstance(value, tuple(_WITH_OWN_DIGEST)) or of_ours:
        found = getattr(type(value), "digest", None)
        return str(value.digest()) if callable(found) else None
    return None


def class_digest(kind: type) -> str:
    """Digest of the content of a class of interventions.

    Raises:
        GutexoError: Something it uses has no content, such as an open file.
    """
    if is_own_module(kind.__module__):
        return _cached_class_digest(kind)
    return digest_value(kind, kind.__name__, _make_content()).hex()


@cache
def _cached_class_digest(kind: type) -> str:
    return digest_value(kind, kind.__name__, _make_content()).hex()


def digest_intervention(intervention: Any) -> str:
    """Digest of what an intervention does; names of preparations are ignored.

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
        # Classes of this package are the same wherever the code is, which is checked before.
        not is_own_module(kind.__module__)
        and is_defined_in(kind, kind.__module__)
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
    return digest_value(held, kind.__name__, _make_content()).hex()[:16]


def class_digest_to_send(intervention: Any) -> tuple[str, str] | None:
    """Return what is sent with an intervention: the process that read its class, and its digest."""
    known: tuple[str, str] | None = intervention._class_digest
    if known is not None:
        return known
    try:
        return _THIS_PROCESS, class_digest(type(intervention))
    except GutexoError:  # reported where the digest is requested
        return None


def received_class_digest(received: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the digest received with an intervention, None if this process computed it itself."""
    return None if received is None or received[0] == _THIS_PROCESS else received

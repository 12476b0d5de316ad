"""Lives and interventions in one line of text."""

from __future__ import annotations

from typing import Any

from gutexo.protocol.life import Donors, Life

MOST_CHANGES = 4  # changes that are listed one by one


def describe_life(life: Life) -> str:
    """Describe in one line how a mouse was raised."""
    parts = [f"{life.age:g} d old"]
    changes = [f"{name} = {value}" for name, value in life.changes.items()]
    parts += changes if len(changes) <= MOST_CHANGES else [f"{len(changes)} parameters changed"]
    parts += [describe_intervention(item) for item in life.interventions]
    return ", ".join(parts)


def describe_intervention(intervention: Any) -> str:
    """Describe an intervention in one line, with all values that differ from its defaults."""
    parts = []
    for name, field in type(intervention).model_fields.items():
        value = getattr(intervention, name)
        if isinstance(value, Donors):
            value = f"{value.count} donors, {describe_life(value.life)}"
        elif hasattr(value, "equivalent"):
            value = f"vial '{value.name}'"
        elif value == field.get_default(call_default_factory=True, validated_data={}):
            continue
        parts.append(f"{name}: {value}")
    kind = type(intervention).__name__
    return f"{kind} ({', '.join(parts)})" if parts else kind

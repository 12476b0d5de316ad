"""What a notebook shows of scenarios and studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gutexo.body.shown import html_table
from gutexo.protocol.life import Donors, Life

if TYPE_CHECKING:
    from gutexo.protocol.study import Scenario, Study

MOST_ARMS = 12
MOST_CHANGES = 4  # told one by one


def scenario_html(scenario: Scenario) -> str:
    """One arm: how the mouse was raised, what is done to it, for how long."""
    rows = [
        ("mouse", life_text(scenario.life)),
        ("done to it", "; ".join(map(given_text, scenario.interventions)) or "nothing"),
        ("followed for", f"{scenario.duration:g} d"),
    ]
    return html_table(f"Scenario '{scenario.name}'", rows)


def study_html(study: Study) -> str:
    """All arms of a study, what is compared with what, and what a reader should know."""
    rows = [
        (
            arm.name,
            life_text(arm.life),
            "; ".join(map(given_text, arm.interventions)) or "nothing",
            f"{arm.duration:g} d",
        )
        for arm in study.arms[:MOST_ARMS]
    ]
    left = len(study.arms) - len(rows)
    notes = [study.question, f"{left} more arms." if left > 0 else ""]
    pairs = [f"{arm} / {comparator}" for arm, comparator in study.comparisons[:MOST_ARMS]]
    notes.append(f"Compared: {', '.join(pairs)}." if pairs else "")
    notes += [f"Mice an arm, unless others are asked for: {study.replicates}.", *study.notes]
    head = ("arm", "mouse", "done to it", "followed for")
    return html_table(f"Study '{study.name}'", rows, head, " ".join(filter(None, notes)))


def life_text(life: Life) -> str:
    """How a mouse was raised, in a line."""
    parts = [f"{life.age:g} d old"]
    changes = [f"{name} = {value}" for name, value in life.changes.items()]
    parts += changes if len(changes) <= MOST_CHANGES else [f"{len(changes)} parameters changed"]
    parts += [given_text(item) for item in life.interventions]
    return ", ".join(parts)


def given_text(intervention: Any) -> str:
    """An intervention with what differs from its defaults, in a line."""
    parts = []
    for name, field in type(intervention).model_fields.items():
        value = getattr(intervention, name)
        if isinstance(value, Donors):
            value = f"{value.count} donors, {life_text(value.life)}"
        elif hasattr(value, "equivalent"):
            value = f"vial '{value.name}'"
        elif value == field.default:
            continue
        parts.append(f"{name}: {value}")
    kind = type(intervention).__name__
    return f"{kind} ({', '.join(parts)})" if parts else kind

"""Completion of names in a shell: studies and groups of parameters."""

from __future__ import annotations


def study_names(typed: str) -> list[str]:
    """Return the names of studies that begin with the typed text."""
    from gutexo.protocol.standard_studies import studies

    commands = ("sweep", "figures", "worksheet")
    return [name for name in (*studies(), *commands) if name.startswith(typed)]


def group_names(typed: str) -> list[str]:
    """Return the names of groups of parameters that begin with the typed text."""
    from gutexo.catalogue import Parameters

    return [name for name in Parameters.model_fields if name.startswith(typed)]

"""What a shell offers when Tab is pressed: names of studies and of groups of parameters."""

from __future__ import annotations


def study_names(typed: str) -> list[str]:
    """Names of studies that begin as typed."""
    from gutexo.protocol.studies import studies

    commands = ("sweep", "figures", "worksheet")
    return [name for name in (*studies(), *commands) if name.startswith(typed)]


def group_names(typed: str) -> list[str]:
    """Names of groups of parameters that begin as typed."""
    from gutexo.catalogue import Parameters

    return [name for name in Parameters.model_fields if name.startswith(typed)]

"""gutexo: how exosomes from the gut carry ageing through the body of a mouse.

Names are imported when they are first used, so `import simulation` costs nothing.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

# Mesa's bar asks for widgets as it is imported; we show progress without them.
warnings.filterwarnings("ignore", message="IProgress not found")

_HOME = {
    "Adipocyte": "body.agents",
    "BarrierSegment": "body.agents",
    "Dose": "body.inputs",
    "Donors": "protocol.life",
    "Enterocyte": "body.agents",
    "Exosome": "body.agents",
    "GiveExosomes": "protocol.exosomal",
    "GutexoError": "errors",
    "Hepatocyte": "body.agents",
    "Intervention": "body.inputs",
    "Life": "protocol.life",
    "Macrophage": "body.agents",
    "Mouse": "body.mouse",
    "Myocyte": "body.agents",
    "OBSERVABLES": "body.observables",
    "Parameters": "catalogue",
    "Preparation": "body.inputs",
    "QUICK": "protocol.studies",
    "Result": "api",
    "Scenario": "protocol.study",
    "Snapshot": "body.snapshot",
    "Study": "protocol.study",
    "carrying": "protocol.exosomal",
    "cite": "api",
    "compare": "api",
    "epithelium_alone": "body.assays",
    "load": "api",
    "phenotype": "catalogue.phenotypes",
    "posterior": "api",
    "scenario": "protocol.studies",
    "scenarios": "protocol.studies",
    "simulate": "api",
    "studies": "protocol.studies",
    "study": "protocol.studies",
    "sweep": "protocol.sweep",
    "treatments": "protocol",
    "transfer": "protocol.studies",
    "watch": "page.widget",
}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'simulation' has no attribute '{name}'")
    home = import_module(f"simulation.{_HOME[name]}")
    value = import_module("simulation.protocol.treatments") if name == "treatments" else None
    value = getattr(home, name) if value is None else value
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

"""gutexo: how exosomes from the gut carry ageing through the body of a mouse.

Names are imported when they are first used, so `import gutexo` costs nothing.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from gutexo.memory import too_little_to_start

if __name__ == "simulation":  # the folder, found by its own name
    from gutexo.former_name import answer_to_former_name

    answer_to_former_name()

# Mesa's bar asks for widgets as it is imported; we show progress without them.
warnings.filterwarnings("ignore", message="IProgress not found")

_HOME = {
    "Adipocyte": "body.agents",
    "Antibiotics": "protocol.treatments",
    "BarrierLesion": "protocol.treatments",
    "BarrierSegment": "body.agents",
    "Butyrate": "protocol.treatments",
    "CytokineBlockade": "protocol.treatments",
    "Donors": "protocol.life",
    "Dose": "body.inputs",
    "Enterocyte": "body.agents",
    "Exosome": "body.agents",
    "Factors": "protocol.treatments",
    "GermFree": "protocol.treatments",
    "GiveExosomes": "protocol.exosomal",
    "GutexoError": "errors",
    "Hepatocyte": "body.agents",
    "Intervention": "body.inputs",
    "Irradiation": "protocol.treatments",
    "Knockout": "protocol.treatments",
    "Life": "protocol.life",
    "LpsBolus": "protocol.treatments",
    "LpsInfusion": "protocol.treatments",
    "LpsMatchedVehicle": "protocol.exosomal",
    "Macrophage": "body.agents",
    "MicrobiotaTransfer": "protocol.treatments",
    "Mouse": "body.mouse",
    "Myocyte": "body.agents",
    "OBSERVABLES": "body.observables",
    "Parameters": "catalogue",
    "Preparation": "body.inputs",
    "QUICK": "protocol.studies",
    "RATE_NAMES": "body.inputs",
    "ReleaseInhibitor": "protocol.exosomal",
    "Result": "api",
    "Scenario": "protocol.study",
    "Senolytic": "protocol.treatments",
    "Snapshot": "body.snapshot",
    "Study": "protocol.study",
    "TightJunctionSupport": "protocol.treatments",
    "Vehicle": "protocol.exosomal",
    "VesicleDepletedSupernatant": "protocol.exosomal",
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
    "transfer": "protocol.studies",
    "treatments": "protocol",
    "watch": "page.widget",
}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from gutexo.release import installed_version

        return installed_version()
    if name not in _HOME:
        raise AttributeError(f"module 'simulation' has no attribute '{name}'")
    if (line := too_little_to_start()) is not None:
        raise MemoryError(line)
    home = import_module(f"gutexo.{_HOME[name]}")
    value = import_module("gutexo.protocol.treatments") if name == "treatments" else None
    value = getattr(home, name) if value is None else value
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

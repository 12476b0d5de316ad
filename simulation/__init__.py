"""gutexo: how exosomes from the gut carry ageing through the body of a mouse.

Names are imported when they are first used, so `import gutexo` costs nothing.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from gutexo.support.memory import start_memory_message

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
    "Dose": "body.doses",
    "Enterocyte": "body.agents",
    "Exosome": "body.agents",
    "Factors": "protocol.treatments",
    "GermFree": "protocol.treatments",
    "GiveExosomes": "protocol.exosome_treatments",
    "GutexoError": "errors",
    "Hepatocyte": "body.agents",
    "Intervention": "body.interventions",
    "Irradiation": "protocol.treatments",
    "Knockout": "protocol.treatments",
    "Life": "protocol.life",
    "LpsBolus": "protocol.treatments",
    "LpsInfusion": "protocol.treatments",
    "LpsMatchedVehicle": "protocol.exosome_treatments",
    "Macrophage": "body.agents",
    "MicrobiotaTransfer": "protocol.treatments",
    "Mouse": "body.mouse",
    "Myocyte": "body.agents",
    "OBSERVABLES": "body.observables",
    "Parameters": "catalogue",
    "Preparation": "body.doses",
    "QUICK": "protocol.standard_studies",
    "RATE_NAMES": "catalogue.rates",
    "ReleaseInhibitor": "protocol.exosome_treatments",
    "Result": "api",
    "RunCost": "cohort.cost",
    "Scenario": "protocol.study",
    "SenescentCellTransplant": "protocol.treatments",
    "Senolytic": "protocol.treatments",
    "Snapshot": "body.snapshot",
    "Study": "protocol.study",
    "TightJunctionSupport": "protocol.treatments",
    "Vehicle": "protocol.exosome_treatments",
    "VesicleDepletedSupernatant": "protocol.exosome_treatments",
    "cite": "protocol.citations",
    "compare": "api",
    "designed_exosomes": "protocol.exosome_treatments",
    "epithelium_alone": "body.assays.monolayer",
    "estimate_cost": "cohort.cost",
    "load": "api",
    "phenotype": "catalogue.phenotypes",
    "posterior": "api",
    "raise_mouse": "cohort.raising",
    "scenario": "protocol.standard_studies",
    "scenarios": "protocol.standard_studies",
    "simulate": "api",
    "studies": "protocol.standard_studies",
    "study": "protocol.standard_studies",
    "sweep": "protocol.sweep",
    "to_arviz": "analysis.arviz_export",
    "transfer": "protocol.standard_studies",
    "treatments": "protocol",
    "watch": "page.widget",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
_NEED_COMPILER = {
    "api", "body.agents", "body.assays.monolayer", "body.mouse", "body.snapshot", "cohort.cost",
    "cohort.raising", "page.widget",
}  # fmt: skip
"""Modules for which the memory is checked: without enough, the compiler ends the process."""
_FORMER = {"carrying": "designed_exosomes"}
"""Names of the version before, which go with 0.3."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from gutexo.release import installed_version

        return installed_version()
    if name in _FORMER:
        warnings.warn(
            f"gutexo.{name} is called {_FORMER[name]} now; its old name ends with version 0.3",
            DeprecationWarning,
            stacklevel=2,
        )
        name = _FORMER[name]
    if name not in _HOME:
        raise AttributeError(f"module 'gutexo' has no attribute '{name}'")
    if _HOME[name] in _NEED_COMPILER and (line := start_memory_message()) is not None:
        raise MemoryError(line)
    home = import_module(f"gutexo.{_HOME[name]}")
    value = import_module("gutexo.protocol.treatments") if name == "treatments" else None
    value = getattr(home, name) if value is None else value
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

"""The equations as an SBML document: Level 3 Version 1 core, without packages.

States are parameters with a rate rule, quantities that follow at once are parameters with an
assignment rule; there are no compartments and no species, since nothing here is an amount in a
volume. The unit of time is the day. Units are declared where the catalogue has one that SBML can
say; formulas convert hours, minutes and days by plain numbers, so units are not checked.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

from gutexo.errors import GutexoError
from gutexo.mean_field.equations.system import EquationSystem
from gutexo.release import installed_version

LEVEL, VERSION = 3, 1  # read by all simulators; Version 2 adds only what is not needed here
MISSING = "SBML needs the package 'python-libsbml'; pip install gutexo[sbml]"
MODEL_ID = "gutexo_mean_field_mouse"
TITLE = "The mean-field mouse of gutexo, without noise, from weaning on"
# Definition of a unit: kind, exponent, scale, multiplier of each of its parts.
_UNITS: dict[str, tuple[str, list[tuple[str, float, int, float]]]] = {
    "1": ("dimensionless", []),
    "h": ("hour", [("second", 1.0, 0, 3600.0)]),
    "d": ("day", [("second", 1.0, 0, 86400.0)]),
    "min": ("minute", [("second", 1.0, 0, 60.0)]),
    "1/h": ("per_hour", [("second", -1.0, 0, 3600.0)]),
    "1/d": ("per_day", [("second", -1.0, 0, 86400.0)]),
    "1/d^2": ("per_day_squared", [("second", -2.0, 0, 86400.0)]),
    "pg/mL": ("pg_per_mL", [("gram", 1.0, -12, 1.0), ("litre", -1.0, -3, 1.0)]),
    "mg": ("mg", [("gram", 1.0, -3, 1.0)]),
    "mg/d": ("mg_per_day", [("gram", 1.0, -3, 1.0), ("second", -1.0, 0, 86400.0)]),
    "mg/dL": ("mg_per_dL", [("gram", 1.0, -3, 1.0), ("litre", -1.0, -1, 1.0)]),
    "mg^2/dL^2": ("mg2_per_dL2", [("gram", 2.0, -3, 1.0), ("litre", -2.0, -1, 1.0)]),
    "mg/dL/d": (
        "mg_per_dL_day",
        [("gram", 1.0, -3, 1.0), ("litre", -1.0, -1, 1.0), ("second", -1.0, 0, 86400.0)],
    ),
    "dL/mg/d": (
        "dL_per_mg_day",
        [("gram", -1.0, -3, 1.0), ("litre", 1.0, -1, 1.0), ("second", -1.0, 0, 86400.0)],
    ),
    "dL^2/mg^2/d": (
        "dL2_per_mg2_day",
        [("gram", -2.0, -3, 1.0), ("litre", 2.0, -1, 1.0), ("second", -1.0, 0, 86400.0)],
    ),
    "ohm*cm^2": ("ohm_cm2", [("ohm", 1.0, 0, 1.0), ("metre", 2.0, -2, 1.0)]),
}


def load_libsbml() -> ModuleType:
    """Import libsbml.

    Raises:
        GutexoError: It is not installed.
    """
    try:
        import libsbml
    except ImportError:
        raise GutexoError(MISSING) from None
    return libsbml


def write_sbml(s: EquationSystem) -> str:
    """Write equations as the text of an SBML document.

    Args:
        s: The equations.

    Raises:
        GutexoError: libsbml is missing, or finds an error in the document.
    """
    libsbml = load_libsbml()
    document = libsbml.SBMLDocument(LEVEL, VERSION)
    model = document.createModel()
    _check(model.setId(MODEL_ID), MODEL_ID)
    _check(model.setName(TITLE), TITLE)
    _check(model.setNotes(_notes(s)), "notes")
    _add_units(libsbml, model)
    _check(model.setTimeUnits("day"), "day")
    for name, function in s.functions.items():
        one = model.createFunctionDefinition()
        _check(one.setId(name), name)
        _check(one.setName(function.meaning), name)
        text = f"lambda({', '.join(function.arguments)}, {function.formula})"
        _check(one.setMath(_parse(libsbml, None, text)), text)
    for name, parameter in s.parameters.items():
        _add_quantity(model, name, parameter.unit, parameter.meaning, parameter.value, True)
    for name, state in s.states.items():
        _add_quantity(model, name, state.unit, state.meaning, state.initial, False)
    for name, rule in s.rules.items():
        _add_quantity(model, name, rule.unit, rule.meaning, None, False)
    for name, rule in s.rules.items():
        _add_rule(libsbml, model, model.createAssignmentRule(), name, rule.formula)
    for name, state in s.states.items():
        _add_rule(libsbml, model, model.createRateRule(), name, state.rate)
    _refuse_errors(libsbml, document)
    return str(libsbml.writeSBMLToString(document))


def _add_quantity(
    model: Any, name: str, unit: str, meaning: str, value: float | None, constant: bool
) -> None:
    one = model.createParameter()
    _check(one.setId(name), name)
    _check(one.setName(meaning), name)
    _check(one.setConstant(constant), name)
    if value is not None:
        _check(one.setValue(value), name)
    if unit in _UNITS:
        _check(one.setUnits(_UNITS[unit][0]), name)


def _add_rule(libsbml: ModuleType, model: Any, rule: Any, name: str, formula: str) -> None:
    _check(rule.setVariable(name), name)
    _check(rule.setMath(_parse(libsbml, model, formula)), name)


def _parse(libsbml: ModuleType, model: Any, formula: str) -> Any:
    """Parse a formula; with a model, its names mean what is in it."""
    settings = libsbml.L3ParserSettings()
    if model is not None:
        settings.setModel(model)
    found = libsbml.parseL3FormulaWithSettings(formula, settings)
    if found is None:
        raise GutexoError(f"SBML cannot say {formula}: {libsbml.getLastParseL3Error()}")
    return found


def _add_units(libsbml: ModuleType, model: Any) -> None:
    for name, parts in _UNITS.values():
        if not parts:
            continue
        definition = model.createUnitDefinition()
        _check(definition.setId(name), name)
        for kind, exponent, scale, multiplier in parts:
            unit = definition.createUnit()
            _check(unit.setKind(libsbml.UnitKind_forName(kind)), kind)
            _check(unit.setExponent(exponent), kind)
            _check(unit.setScale(scale), kind)
            _check(unit.setMultiplier(multiplier), kind)


def _notes(s: EquationSystem) -> str:
    release = installed_version()
    version = f"version {release}" if release[0].isdigit() else "not installed"
    lines = (
        f"{TITLE}, with {s.segments} segments of gut. Written by gutexo, {version}.",
        "Described in docs/ODD.md (the model) and docs/sbml.md (this export) of gutexo.",
        "Licence: Apache-2.0. Authors: the gutexo authors.",
        "Time is in days since weaning; the quantity age is the age in days.",
        "Initial values are those at weaning for the parameters at export: to change parameters, "
        "export again with --set.",
        "A model of mice for hypotheses; most of its numbers are assumed. Mice are not people.",
    )
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<body xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</body>'


def _check(code: int, what: str) -> None:
    if code != 0:
        raise GutexoError(f"libsbml refuses {what} (code {code})")


def find_errors(text: str) -> list[str]:
    """Check the text of an SBML document; units are not checked.

    Returns:
        The errors that libsbml finds, none in a valid document.
    """
    libsbml = load_libsbml()
    return _errors(libsbml, libsbml.readSBMLFromString(text))


def _errors(libsbml: ModuleType, document: Any) -> list[str]:
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    found = [document.getError(k) for k in range(document.getNumErrors())]
    return [e.getMessage() for e in found if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]


def _refuse_errors(libsbml: ModuleType, document: Any) -> None:
    errors = _errors(libsbml, document)
    if errors:
        raise GutexoError(f"the SBML document has errors: {errors[0].strip()}")

"""The mean-field mouse as equations and as SBML: valid, and the same in another simulator."""

import sys
from functools import partial

import numpy as np
import pytest

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.errors import GutexoError
from gutexo.mean_field import MeanFieldMouse, grow_old
from gutexo.mean_field.equations.build import SEGMENTS, build_equations, still_parameters
from gutexo.mean_field.equations.integrate import integrate, read_dextran
from gutexo.mean_field.equations.sbml import MISSING, find_errors, write_sbml
from gutexo.mean_field.equations.system import EquationSystem

libsbml = pytest.importorskip("libsbml", reason="python-libsbml is not installed")

FEW = 8
AGES = np.array([21.0, 22.0, 28.0, 60.0, 90.0, 365.0, 550.0, 730.0])
FLOOR = 1e-6  # below it a difference is one of the solvers' absolute tolerance
READINGS = {
    "TER": "transepithelial_resistance",
    "plasma TNF": "tnf_concentration",
    "plasma IL-6": "il6_concentration",
    "plasma IL-10": "il10_concentration",
    "plasma LPS": "lps_concentration",
    "HOMA-IR": "homa_ir",
    "senescent burden": "intrinsic_burden",
    "total burden": "total_burden",
    "gut induced share": "gut_induced_share",
    "organ induced share": "organ_induced_share",
    "gut mature share": "gut_mature_share",
    "held barrier cargo": "held_barrier_cargo",
    "held protective cargo": "held_protective_cargo",
    "held lipid of liver": "liver_lipid",
    "macrophage activation": "macrophage_activation",
    "liver insulin sensitivity": "liver_sensitivity",
    "beta-cell mass": "beta_cell_mass",
}


@pytest.fixture(scope="module")
def small():
    return build_equations(Parameters(), FEW)


@pytest.fixture(scope="module")
def document(small):
    return write_sbml(small)


def test_the_document_is_valid(document):
    assert find_errors(document) == []
    assert find_errors(document.replace('variable="junction_3"', 'variable="nothing"'))


def test_names_values_and_rules_come_back(small, document):
    model = libsbml.readSBMLFromString(document).getModel()
    found = {p.getId(): p for p in model.getListOfParameters()}
    assert set(found) == {*small.parameters, *small.states, *small.rules}
    close = partial(pytest.approx, rel=1e-14)  # libsbml writes 15 digits
    for name, parameter in small.parameters.items():
        assert found[name].getConstant() and found[name].getValue() == close(parameter.value)
    for name, state in small.states.items():
        assert not found[name].getConstant() and found[name].getValue() == close(state.initial)
        assert model.getRateRuleByVariable(name) is not None
    for name in small.rules:
        assert model.getAssignmentRuleByVariable(name) is not None
    assert found["barrier_repair"].getUnits() == "per_day"
    assert "Apache-2.0" in model.getNotesString() and "docs/sbml.md" in model.getNotesString()
    assert write_sbml(small) == document


def test_a_changed_parameter_is_in_the_export():
    changed = build_equations(Parameters().change({"barrier.repair": 0.5}), FEW)
    assert changed.parameters["barrier_repair"].value == 0.5


def test_a_missing_package_gives_one_line(small, monkeypatch):
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(GutexoError) as caught:
        write_sbml(small)
    assert str(caught.value) == MISSING


def test_names_that_are_not_defined_or_defined_twice_are_refused():
    s = EquationSystem(1)
    s.add_parameter("one", 1.0, "a number")
    s.add_rule("two", "one + three", "a sum")
    with pytest.raises(GutexoError, match="two names three"):
        s.take_parameters({})
    with pytest.raises(GutexoError, match="two quantities named one"):
        s.add_rule("one", "1.0", "a number")


def test_first_weeks_are_those_of_the_mean_field_mouse(small):
    p = still_parameters(Parameters()).change({"resolution.segments": FEW})
    mouse = MeanFieldMouse(p, age=35.0)
    course = integrate(small, [0.0, 35.0 - WEANING_DAYS])
    read = mouse.measure()
    for name, ours in READINGS.items():
        assert course.values[ours][-1] == pytest.approx(read[name], rel=0.01), name


def load(text):
    """RoadRunner with the document, compiled fast rather than for speed."""
    roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed")
    config = roadrunner.Config
    config.setValue(config.LLVM_BACKEND, config.LLJIT)
    config.setValue(config.LLJIT_OPTIMIZATION_LEVEL, config.NONE)
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance = 1e-9
    runner.integrator.absolute_tolerance = 1e-12
    runner.integrator.maximum_num_steps = 200_000
    return runner


def largest_difference(s, text, ages):
    """Largest relative difference of any state or reading at any age, and its name."""
    names, times = [*s.states, *s.observables()], ages - WEANING_DAYS
    runner = load(text)
    runner.timeCourseSelections = ["time", *names]
    theirs = np.array(runner.simulate(times=times.tolist()))[:, 1:].T
    ours = np.array([integrate_once(s, ages)[name] for name in names])
    apart = np.abs(theirs - ours) / np.maximum(np.abs(ours), FLOOR)
    assert np.isfinite(apart).all()
    worst = int(apart.max(axis=1).argmax())
    return float(apart.max()), names[worst]


_COURSES = {}


def integrate_once(s, ages):
    key = (id(s), ages.tobytes())
    if key not in _COURSES:
        _COURSES[key] = integrate(s, (ages - WEANING_DAYS).tolist()).values
    return _COURSES[key]


@pytest.mark.gate
def test_roadrunner_finds_the_same_course():
    s = build_equations(Parameters(), SEGMENTS)
    difference, name = largest_difference(s, write_sbml(s), AGES)
    print(f"{difference:.1e} {name}")
    assert difference <= 1e-4, name


@pytest.mark.gate
@pytest.mark.parametrize("name,change", [("load_barrier_3", "1.01 * ({})"),
                                         ("junction_3", "{} - 0.001 * junction_3")])  # fmt: skip
def test_a_wrong_rule_is_seen(small, document, name, change):
    broken = libsbml.readSBMLFromString(document)
    rule = broken.getModel().getRuleByVariable(name)
    formula = change.format(libsbml.formulaToL3String(rule.getMath()))
    assert rule.setMath(libsbml.parseL3Formula(formula)) == 0
    text = libsbml.writeSBMLToString(broken)
    assert find_errors(text) == []
    assert largest_difference(small, text, AGES[:5])[0] > 1e-4


def differences(parameters, segments, ages):
    """Relative difference of the equations from the mean-field mouse, by reading and age."""
    p = still_parameters(parameters).change({"resolution.segments": segments})
    s = build_equations(p, segments)
    course = integrate(s, [age - WEANING_DAYS for age in ages])
    ours = {name: course.values[mine] for name, mine in READINGS.items()}
    ours["FITC-dextran"] = read_dextran(p, s, course)
    mouse, found = MeanFieldMouse(p, age=ages[0]), {}
    for k, age in enumerate(ages):
        read = grow_old(mouse, age).measure()
        for name, values in ours.items():
            found.setdefault(name, []).append(values[k] / read[name] - 1.0)
    return found


@pytest.mark.gate
def test_the_equations_are_those_of_the_mean_field_mouse():
    found = differences(Parameters(), SEGMENTS, (90.0, 365.0, 730.0))
    print(found)
    assert max(map(abs, sum(found.values(), []))) < 0.003


@pytest.mark.gate
def test_so_they_are_in_a_mouse_that_ages_faster():
    faster = Parameters().change({"senescence.production": 2.5 * 2.303e-05})
    found = differences(faster, FEW, (90.0, 365.0))
    print(found)
    assert max(map(abs, sum(found.values(), []))) < 0.01

"""Our own integration of the equations, and readings along it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.mean_field.array_layout import DAMAGE, JUNCTION, WALL
from gutexo.mean_field.coefficients import compute_coefficients, make_numbers_record
from gutexo.mean_field.equations.system import PRIMITIVES, EquationSystem, used_names
from gutexo.mean_field.glucose import dextran_assay

RELATIVE, ABSOLUTE = 1e-8, 1e-10


@dataclass(frozen=True)
class Course:
    """Values of all states and rules at some times.

    Attributes:
        times: Days since weaning.
        values: float64[time] by name.
    """

    times: np.ndarray
    values: dict[str, np.ndarray]


def compile_equations(s: EquationSystem) -> tuple[Callable, Callable]:
    """Compile the equations.

    Returns:
        The rates of all states, and the values of all rules in their order; both are functions of
        the time and a list of states.
    """
    space: dict = {
        "exp": math.exp,
        "ln": math.log,
        "sqrt": math.sqrt,
        "atan": math.atan,
        "abs": abs,
    }
    space |= {name: one.value for name, one in s.parameters.items()}
    for name, function in s.functions.items():
        _define(f"def {name}({', '.join(function.arguments)}): return {function.formula}",
                space)  # fmt: skip
    varying = _varying(s)
    lines = [f"    ({', '.join(s.states)},) = states"]
    for name, rule in s.rules.items():
        if name in varying:
            lines.append(f"    {name} = {rule.formula}")
        else:
            space[name] = eval(rule.formula, space)
    head = "def {}(time, states):\n" + "\n".join(lines) + "\n    return [{}]"
    rates = ", ".join(state.rate for state in s.states.values())
    _define(head.format("rates", rates), space)
    _define(head.format("values", ", ".join(s.rules)), space)
    return space["rates"], space["values"]


def _define(text: str, space: dict) -> None:
    exec(compile(text, "<equations>", "exec"), space)


def _varying(s: EquationSystem) -> set[str]:
    """Names of rules that change with time."""
    found = {*s.states, "time"}
    for name, rule in s.rules.items():
        if used_names(rule.formula) & found:
            found.add(name)
    return found - set(s.states) - set(PRIMITIVES)


def integrate(s: EquationSystem, times: Sequence[float]) -> Course:
    """Integrate the equations from weaning on.

    Args:
        s: The equations.
        times: Days since weaning, rising, from 0 on.

    Raises:
        GutexoError: The integration fails.
    """
    from scipy.integrate import solve_ivp

    rates, values = compile_equations(s)
    start = np.array([state.initial for state in s.states.values()])
    when = np.asarray(times, dtype=np.float64)
    found = solve_ivp(
        lambda time, y: rates(time, y.tolist()), (0.0, float(when[-1])), start, method="LSODA",
        t_eval=when, rtol=RELATIVE, atol=ABSOLUTE,
    )  # fmt: skip
    if not found.success:
        raise GutexoError(f"the equations could not be integrated: {found.message}")
    ruled = [values(t, y.tolist()) for t, y in zip(found.t, found.y.T, strict=True)]
    columns = dict(zip(s.states, found.y, strict=True))
    return Course(when, columns | dict(zip(s.rules, np.array(ruled).T, strict=True)))


def read_dextran(parameters: Parameters, s: EquationSystem, course: Course) -> np.ndarray:
    """Run the assay of FITC-dextran on a course (ODD 7.12).

    Args:
        parameters: Parameters of the mouse.
        s: The equations.
        course: What `integrate` returned.

    Returns:
        Plasma FITC-dextran (ug/mL) at each time of the course.
    """
    p = parameters.change({"resolution.segments": s.segments})
    row = make_numbers_record(compute_coefficients(p, {}))
    found = np.empty(len(course.times))
    for k in range(len(found)):
        wall = np.zeros((WALL, s.segments))
        for index, name in ((JUNCTION, "junction"), (DAMAGE, "bare_epithelium")):
            wall[index] = [course.values[f"{name}_{g}"][k] for g in range(s.segments)]
        found[k] = dextran_assay(row, wall)
    return found

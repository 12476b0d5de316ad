"""A system of ordinary differential equations as named formulas, the same for Python and SBML.

A formula is text that Python and the infix parser of SBML Level 3 both read: numbers, names,
+ - * /, `abs`, `exp`, `ln`, `sqrt`, `atan`, `time`, and functions of the system itself. There are
no conditions: simulators translate them badly where many rules build on each other.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from gutexo.errors import GutexoError

PRIMITIVES = ("abs", "exp", "ln", "sqrt", "atan", "time")
"""Names with the same meaning in Python here and in SBML."""


@dataclass(frozen=True)
class Function:
    """A function of numbers.

    Attributes:
        arguments: Names of its arguments.
        formula: Its value.
        meaning: What it is.
    """

    arguments: tuple[str, ...]
    formula: str
    meaning: str


@dataclass(frozen=True)
class Parameter:
    """A constant number, with its unit ("1" for none) and its meaning."""

    value: float
    unit: str
    meaning: str


@dataclass(frozen=True)
class Rule:
    """A quantity that follows from others at once.

    Attributes:
        formula: Its value.
        unit: Its unit, "1" for none.
        meaning: What it is.
        observed: Whether it is a reading.
    """

    formula: str
    unit: str
    meaning: str
    observed: bool


@dataclass(frozen=True)
class State:
    """A quantity with a rate of change.

    Attributes:
        initial: Value at time 0, weaning.
        rate: Its change per day.
        unit: Its unit, "1" for none.
        meaning: What it is.
    """

    initial: float
    rate: str
    unit: str
    meaning: str


@dataclass
class EquationSystem:
    """Functions, parameters, rules in the order of their use, and states; time is in days.

    Attributes:
        segments: Number of segments of the gut.
        functions, parameters, rules, states: What the system consists of, by name.
    """

    segments: int
    functions: dict[str, Function] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)

    def add_parameter(self, name: str, value: float, meaning: str, unit: str = "1") -> None:
        """Add a constant number."""
        self._refuse_known(name)
        self.parameters[name] = Parameter(float(value), unit, meaning)

    def add_rule(
        self, name: str, formula: str, meaning: str, unit: str = "1", observed: bool = False
    ) -> None:
        """Add a quantity that follows from what was added before and from states."""
        self._refuse_known(name)
        self.rules[name] = Rule(formula, unit, meaning, observed)

    def add_state(
        self, name: str, initial: float, rate: str, meaning: str, unit: str = "1"
    ) -> None:
        """Add a quantity with its rate of change per day."""
        self._refuse_known(name)
        self.states[name] = State(float(initial), rate, unit, meaning)

    def observables(self) -> list[str]:
        """List the names of the rules that are readings."""
        return [name for name, rule in self.rules.items() if rule.observed]

    def formulas(self) -> dict[str, str]:
        """Return the formulas of rules, then of rates, by name."""
        rules = {name: rule.formula for name, rule in self.rules.items()}
        return rules | {name: state.rate for name, state in self.states.items()}

    def take_parameters(self, catalogue: Mapping[str, Parameter]) -> None:
        """Add from a catalogue the parameters that formulas name.

        Raises:
            GutexoError: A formula names what is nowhere defined, or a rule names a later one.
        """
        known = {*PRIMITIVES, *self.functions, *self.parameters, *self.states}
        for name, formula in self.formulas().items():
            for used in sorted(used_names(formula)):
                if used in catalogue and used not in known:
                    self.parameters[used] = catalogue[used]
                    known.add(used)
                if used not in known:
                    raise GutexoError(f"the formula of {name} names {used}, which is not defined")
            known.add(name)

    def _refuse_known(self, name: str) -> None:
        for table in (self.functions, self.parameters, self.rules, self.states):
            if name in table:
                raise GutexoError(f"the equations have two quantities named {name}")


def used_names(formula: str) -> set[str]:
    """Return all names in a formula, those of functions included."""
    return {node.id for node in ast.walk(ast.parse(formula)) if isinstance(node, ast.Name)}


FUNCTIONS = {
    "h2": Function(("x",), "x * x / (1.0 + x * x)", "nearly nothing at a small x"),
    "sat": Function(("x",), "x / (1.0 + x)", "saturating response"),
    "positive": Function(("x",), "0.5 * (x + abs(x))", "x where positive, else 0"),
    "smaller": Function(("x", "y"), "0.5 * (x + y - abs(x - y))", "the smaller of two"),
    "threshold_response": Function(
        ("y", "spread"),
        "0.5 * y / spread * atan(2.0 * spread * y / (y * y + 1.0 - spread * spread))",
        "mean of h2(y / t) over thresholds t uniform from 1 - spread to 1 + spread",
    ),
    "flow_time": Function(
        ("k", "t"),
        "(1.0 - exp(-k * t)) / k",
        "mean time in a stretch, passed in t, of what is absorbed there at a rate k",
    ),
    "release_time": Function(
        ("k", "t"),
        "(t - (1.0 - exp(-k * t)) / k) / k",
        "the same, times t, of what is released uniformly within the stretch",
    ),
}

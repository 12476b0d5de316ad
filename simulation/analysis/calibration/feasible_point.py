"""Step 1: a feasible point, a set with which the mean field meets the rows that may be fitted.

It is found by CMA-ES and improved by least squares. Every set is scored on the same mice, so the
rows are smooth in the numbers. What is found is a place to begin, no estimate.

References:
    Hansen, arXiv:1604.00772 (2016): CMA-ES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gutexo.analysis.calibration.targets import misses
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.mean_field_arms import MALE_PART, PART
from gutexo.analysis.parameter_space import Dimension, ParameterSpace, make_parameter_space
from gutexo.catalogue import Parameters
from gutexo.catalogue.phenotypes import phenotype
from gutexo.errors import GutexoError

MALE_RANGE = (0.2, 1.0)  # of the males' part of the published production
SEARCHED = (
    "senescence.production_part",
    "senescence.induction_gut",
    "senescence.induction_organs",
    "senescence.induction_by_tnf",
    "senescence.induction_by_senescence",
    "senescence.induction_cargo_half",
    "senescence.induction_tnf_half",
    "senescence.induction_protection",
    "senescence.maturation",
    "senescence.basal_licence",
    "senescence.licence_half",
    "cargo.barrier_by_senescence",
    "cargo.inflammatory_by_senescence",
    "cargo.insulin_by_senescence",
    "cargo.protective_by_senescence",
    "cargo.protection_half",
    "barrier.repair",
    "barrier.cargo_disruption",
    "barrier.cargo_half",
    "barrier.protection",
    "barrier.leak",
    "barrier.lps_leak",
    "barrier.unrestricted_dextran",
    "barrier.unrestricted",
    "barrier.ter_junction",
    "barrier.pore_opening",
    "barrier.pore_half",
    "epithelium.injury_by_tnf",
    "epithelium.injury_half",
    "epithelium.protection",
    "epithelium.protection_half",
    "microbiota.shift_by_tnf",
    "immune.lps_half",
    "immune.cargo_gate",
    "immune.cargo_half",
    "immune.protection",
    "immune.tnf_by_activation",
    "immune.tnf_by_senescence",
    "immune.il6_by_activation",
    "immune.il6_by_senescence",
    "insulin.cytokine_block",
    "insulin.cytokine_half",
    "insulin.cargo_block",
    "insulin.cargo_half",
    "insulin.senescent_block",
    "insulin.lps_block",
    "insulin.lps_half",
    "insulin.cargo_protection",
)
"""Numbers of the second mechanism that nothing published gives; the search moves them."""
DIGITS = 4  # significant digits of a value: a set can be typed, and is exactly what was run
PULL = 0.06  # weak pull to the middle of the prior, in the residuals
EDGE, EDGE_PULL = 2.5, 0.3  # probit beyond which a number is pulled more
SHIFT = 0.1  # of a probit: step of the slopes
FURTHEST = 3.5  # probit of the ends between which is searched


POINT = "feasible_point"
"""Name of the table."""


@dataclass(frozen=True)
class PointRow:
    """One number of the feasible point.

    Attributes:
        parameter: Name.
        value: Value at the feasible point.
    """

    parameter: str
    value: float


def find_feasible_point(
    space: ParameterSpace,
    mean_field: EvaluatedSets,
    start: Mapping[str, float],
    *,
    generations: int,
    population: int,
    improvements: int,
    seed: int = 1,
    spread: float = 0.15,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Find a set that misses the targets by little.

    Args:
        space: Parameters that are moved, over their priors.
        mean_field: Answers of the mean field, named as `targets.target_names`.
        start: Values to begin with, of all parameters of the space.
        generations: Generations of CMA-ES; 0 to begin with the improvement.
        population: Sets of a generation.
        improvements: Most steps of the improvement, each with a slope for every parameter.
        seed: Seed of the search.
        spread: First spread of the search, in probits of the prior.
        report: Called with a line of text for the user.

    Returns:
        Value by name.

    Raises:
        GutexoError: The package `cma` is not installed, or no set has an answer.
    """
    place = probits(space, start)
    if generations:
        place = _search(space, mean_field, place, generations, population, seed, spread)
        report(f"CMA-ES: {_describe(space, mean_field, place)}")
    if improvements:
        place = _improve(space, mean_field, place, improvements)
        report(f"improved: {_describe(space, mean_field, place)}")
    return space.values(shares(place))


def make_search_space(
    names: Iterable[str] = SEARCHED, base: Mapping[str, float] | None = None
) -> ParameterSpace:
    """Make the space of a search: parameters over their priors, and the males' part.

    Males have a part of the published production of their own, which a search moves beside that of
    females. It belongs to the phenotype and is no parameter.

    Args:
        names: Full names of parameters; those in `base` are left out.
        base: Value by name of parameters that differ from the catalogue in every set.
    """
    base = dict(base or {})
    space = make_parameter_space([name for name in names if name not in base], digits=DIGITS)
    if PART in base:
        return space
    low, high = MALE_RANGE
    part = next(entry for entry in Parameters().entries() if entry.name == PART)
    value = float(phenotype("C57BL/6 male")[PART])
    males = replace(
        part, name=MALE_PART, value=value, default=value, prior_low=low, prior_high=high
    )
    return replace(space, dimensions=(*space.dimensions, Dimension(males)))


def probits(space: ParameterSpace, values: Mapping[str, float]) -> np.ndarray:
    """Return the place of some values, float64[parameter], in probits of the prior."""
    from scipy.special import ndtr, ndtri

    edge = float(ndtr(-FURTHEST))
    return ndtri(np.clip(space.point(values), edge, 1.0 - edge))


def shares(place: np.ndarray) -> np.ndarray:
    """Return the shares of the prior at a place in probits, float64[..., parameter]."""
    from scipy.special import ndtr

    return ndtr(np.clip(place, -FURTHEST, FURTHEST))


def _search(
    space: ParameterSpace,
    mean_field: EvaluatedSets,
    place: np.ndarray,
    generations: int,
    population: int,
    seed: int,
    spread: float,
) -> np.ndarray:
    try:
        import cma
    except ImportError as error:
        raise GutexoError("the search needs the package 'cma'; pip install cma") from error
    best, least = place, _sizes(space, mean_field, place[None], "start")[0]
    options = {"popsize": population, "seed": seed, "verbose": -9}
    strategy = cma.CMAEvolutionStrategy(place, spread, options)
    for number in range(generations):
        if strategy.stop():
            break
        places = np.array(strategy.ask())
        sizes = _sizes(space, mean_field, places, f"CMA-ES, generation {number + 1}")
        strategy.tell(list(places), list(sizes))
        if sizes.min() < least:
            best, least = places[sizes.argmin()], sizes.min()
    return best


def _improve(
    space: ParameterSpace, mean_field: EvaluatedSets, place: np.ndarray, improvements: int
) -> np.ndarray:
    from scipy.optimize import least_squares

    def at(places: np.ndarray) -> np.ndarray:
        return _residuals(space, mean_field, places, "least squares")

    def slopes(here: np.ndarray) -> np.ndarray:
        # Towards the middle, so that no step leaves the prior.
        steps = np.where(here < 0, SHIFT, -SHIFT)
        found = at(np.vstack([here, here + np.diag(steps)]))
        return ((found[1:] - found[0]) / steps[:, None]).T

    found = least_squares(
        lambda here: at(here[None])[0],
        place,
        slopes,
        bounds=(-FURTHEST, FURTHEST),
        max_nfev=improvements,
    )
    return found.x


def _residuals(
    space: ParameterSpace, mean_field: EvaluatedSets, places: np.ndarray, phase: str
) -> np.ndarray:
    """Misses of the targets and pulls to the middle of the priors, float64[place, residual]."""
    sets = [space.changes(point) for point in shares(places)]
    missed = misses(mean_field.evaluate(sets, phase))
    beyond = np.sign(places) * np.maximum(0.0, np.abs(places) - EDGE)
    return np.concatenate([missed, PULL * places, EDGE_PULL * beyond], axis=1)


def _sizes(
    space: ParameterSpace, mean_field: EvaluatedSets, places: np.ndarray, phase: str
) -> np.ndarray:
    return (_residuals(space, mean_field, places, phase) ** 2).sum(axis=1)


def _describe(space: ParameterSpace, mean_field: EvaluatedSets, place: np.ndarray) -> str:
    size = _sizes(space, mean_field, place[None], "best")[0]
    return f"sum of squared misses {size:.2f}, {len(mean_field)} sets evaluated"

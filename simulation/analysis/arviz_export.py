"""Draws of a posterior as the tree that ArviZ reads: its plots and summaries work on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError

PRIOR_DRAWS = 1000


def to_arviz(draws: Sequence[Mapping[str, float]], *, seed: int = 1) -> Any:
    """Make ArviZ's tree of the draws of a posterior, with draws of the prior beside.

    Args:
        draws: Value by parameter name, draw by draw, of equal weight, as `posterior` returns.
        seed: Seed of the draws of the prior.

    Returns:
        An `xarray.DataTree` with the groups ``posterior`` and ``prior``, whose variables have the
        dims chain and draw and an attribute ``units``. Parameters that are the same in all draws
        are left out.

    Raises:
        GutexoError: There is no draw, or the package ``arviz-base`` is not installed.
    """
    try:
        import arviz_base
    except ImportError:
        raise GutexoError(
            "draws for ArviZ need the package 'arviz-base'; pip install 'gutexo[arviz]'"
        ) from None
    if not draws:
        raise GutexoError("a posterior without a draw has no tree")
    entries = {entry.name: entry for entry in Parameters().entries()}
    columns = {name: np.array([draw[name] for draw in draws]) for name in draws[0]}
    free = {name: values for name, values in columns.items() if np.ptp(values) > 0.0}
    random = np.random.default_rng(seed)
    prior = {
        name: np.array([entries[name].quantile(share) for share in random.random(PRIOR_DRAWS)])
        for name in free
        if entries[name].sampled
    }
    groups = {"posterior": free, "prior": prior}
    tree = arviz_base.from_dict(
        {
            group: {name: values[None, :] for name, values in variables.items()}
            for group, variables in groups.items()
            if variables
        }
    )
    for group in tree.children:
        for name, variable in tree[group].data_vars.items():
            variable.attrs["units"] = entries[str(name)].unit
    return tree

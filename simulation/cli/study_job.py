"""A study as the terminal runs it: the plan with everything that determines its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gutexo.cli.options import Request

if TYPE_CHECKING:
    from gutexo.protocol.study import Study


@dataclass(frozen=True)
class StudyJob:
    """A study with everything that determines its result.

    Attributes:
        plan: The study.
        replicates: Mice per arm.
        requested: Request, with seed and number of processes.
        draws: Parameter draws, of which each replicate uses one; empty for fixed parameters.
    """

    plan: Study
    replicates: int
    requested: Request
    draws: list[dict[str, float]]

    @property
    def identity(self) -> dict[str, Any]:
        """Identity of the run: two runs with equal identities are the same."""
        from gutexo.cohort.provenance import run_identity

        return run_identity(self.plan, self.replicates, self.requested.seed, self.draws)

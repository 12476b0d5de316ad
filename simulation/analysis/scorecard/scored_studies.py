"""List of the studies whose mice are scored, for an estimate of the cost of a scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gutexo.analysis.scorecard import studies
from gutexo.analysis.scorecard.cohorts import count_untreated
from gutexo.analysis.scorecard.lives_to_the_end import count_lives
from gutexo.protocol.study import Study


def list_scored_studies(
    replicates: int, changes: Mapping[str, Any], validate: bool = False
) -> list[tuple[Study, int]]:
    """List the studies of `score_patterns`, each with its mice per arm.

    Studies of the same mice are one study here, so that a life they share is counted once.

    Args:
        replicates: Mice per arm.
        changes: Parameters that differ from the defaults.
        validate: Whether predictions are scored as well.
    """
    same_mice = [
        studies.build_followed(),
        studies.build_designed(),
        studies.build_high_doses(),
        studies.build_lps_infusion(1.0),  # any rate: it does not change how long a mouse takes
        studies.build_lesions(),
        studies.build_males(),
    ]
    if validate:
        same_mice.append(studies.build_signalled())
    arms = tuple(
        arm.model_copy(update={"name": f"{study.name}: {arm.name}"})
        for study in same_mice
        for arm in study.arms
    )
    found = [
        (Study(name="scored mice", arms=arms), replicates),
        (studies.build_controls(), replicates),
        (studies.build_untreated(), count_untreated(replicates)),
        *((studies.build_lives(sex), count_lives(replicates)) for sex in ("female", "male")),
    ]
    return [(study.change(dict(changes)), count) for study, count in found]

"""The command line with one more study, `slow`, whose lives and arms take their time.

Usage: python -c "from tests.cohort.slow_command import main; main()" run slow ...
"""

from __future__ import annotations

import os
import time

from gutexo.body.interventions import Intervention
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario, Study
from tests.conftest import SMALL

COMMAND = "from tests.cohort.slow_command import main; main()"


class Pause(Intervention):
    """Takes some seconds a day, and does nothing."""

    seconds: float

    def modifiers(self, day):
        time.sleep(self.seconds)
        return {}


def pause(variable):
    """As long as a variable of the environment says."""
    return (Pause(seconds=float(os.environ.get(variable, "0"))),)


def slow():
    """An arm whose mice are slow while they are raised (IN_LIFE), or while dosed (IN_ARM)."""
    life = Life(age=95, changes=SMALL, interventions=pause("IN_LIFE"))
    arm = Scenario(name="slow", life=life, interventions=pause("IN_ARM"), duration=8)
    return Study(name="slow", arms=(arm,), figures=())


def main():
    """Run what the command line says."""
    from gutexo.cli import main as run
    from gutexo.protocol import standard_studies

    standard_studies._STUDIES["slow"] = slow
    run()

"""A study that takes its time, run as a process that may be killed.

Usage: python -c "from tests.cohort.slow_study import main; main()" KEEP SEED [tcp://HOST:PORT]
"""

from __future__ import annotations

import os
import sys
import time

from gutexo.body.interventions import Intervention
from gutexo.cohort.study_run import run_study
from gutexo.protocol.study import Study
from tests.cohort.test_cohort import tiny_study

REPLICATES = 20  # of three arms: 60 mice


class Waits(Intervention):
    """Takes PAUSE seconds a day, and does nothing."""

    def modifiers(self, day):
        time.sleep(float(os.environ.get("PAUSE", "0")))
        return {}


def slow_study():
    """The tiny study, each mouse of which takes five times PAUSE seconds more."""
    plan = tiny_study()
    return Study(name="slow", arms=tuple(arm.add(Waits()) for arm in plan.arms))


def run(keep, seed, workers):
    """Run or go on, and retry what failed."""
    return run_study(
        slow_study(),
        replicates=REPLICATES,
        seed=seed,
        keep=keep,
        workers=workers,
        retry_failed=True,
        report=lambda line: print(line, file=sys.stderr, flush=True),
    )


def main():
    """Run it as the command line says."""
    folder, number, *address = sys.argv[1:]
    if address:
        from distributed import Client

        run(folder, int(number), Client(address[0]))
    else:
        run(folder, int(number), 2)

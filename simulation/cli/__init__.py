"""The terminal: `gutexo`. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command; see `simulation.cli.app`."""
    from simulation.cli.terminal import complain, prepare
    from simulation.memory import too_little_to_start

    prepare()
    if line := too_little_to_start():
        complain(line)
        sys.exit(1)
    from simulation.cli.app import run_safely

    sys.exit(run_safely())

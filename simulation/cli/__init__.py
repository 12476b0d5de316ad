"""The command `gutexo` of the terminal. Slow imports are made only when a command needs them."""

from __future__ import annotations

import sys

from gutexo.support import interrupts, standard_streams


def main() -> None:
    """Run the command (entry point of the package); see `gutexo.cli.app`."""
    interrupts.exit_on_signals()
    standard_streams.protect_streams()
    sys.exit(_final_exit_code(_run_command()))


def _run_command() -> int:
    try:
        from gutexo.cli.terminal import prepare_streams, print_error
        from gutexo.support.memory import start_memory_message

        prepare_streams()
        if line := start_memory_message():
            print_error(line)
            return 1
        from gutexo.cli.app import run_safely

        interrupts.raise_on_signals()
        return run_safely()
    except KeyboardInterrupt as error:
        return interrupts.exit_code(error)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except Exception:
        from gutexo.cli.failure import report_failure

        return report_failure("--debug" in sys.argv)


def _final_exit_code(code: int) -> int:
    """Write all output that is left and return the exit code.

    A signal that comes later ends the process at once, as no work is left to stop.
    """
    interrupts.exit_on_signals()
    trouble = standard_streams.flush_streams()
    if trouble is None:
        return code
    print(f"gutexo: the output cannot be written: {trouble.strerror}", file=sys.stderr)
    return code or 1

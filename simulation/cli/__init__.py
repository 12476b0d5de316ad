"""The terminal: `gutexo`. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys

from gutexo import interrupts, output


def main() -> None:
    """Entry point of the command; see `gutexo.cli.app`."""
    interrupts.quit_at_once()
    output.guard()
    sys.exit(_ended(_run()))


def _run() -> int:
    try:
        from gutexo.cli.terminal import complain, prepare
        from gutexo.memory import too_little_to_start

        prepare()
        if line := too_little_to_start():
            complain(line)
            return 1
        from gutexo.cli.app import run_safely

        interrupts.raise_them()
        return run_safely()
    except KeyboardInterrupt as error:
        return interrupts.exit_code(error)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except Exception:
        from gutexo.cli.failure import tell

        return tell("--debug" in sys.argv)


def _ended(code: int) -> int:
    """Exit code, once all output is written; a signal that comes later has nothing to end."""
    interrupts.quit_at_once()
    trouble = output.flush()
    if trouble is None:
        return code
    print(f"gutexo: the output cannot be written: {trouble.strerror}", file=sys.stderr)
    return code or 1

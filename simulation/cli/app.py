"""Commands and their options; the code they run is in other modules, imported when needed.

Exit codes: 0 success, 1 a run failed or its output cannot be written, 2 wrong usage or
configuration, 3 a target was missed, 130 interrupted (143 by SIGTERM, 129 by SIGHUP; the message
names what is finished).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gutexo.cli.analyse_app import analyse
from gutexo.cli.arguments import (
    FIRST,
    Changes,
    Debug,
    Json,
    file_checker,
    folder_checker,
    with_options,
)
from gutexo.cli.completion import group_names, study_names
from gutexo.cli.terminal import print_error
from gutexo.cli.version import show_version
from gutexo.support.interrupts import exit_code, interrupt_message, raise_pending_interrupt

if TYPE_CHECKING:
    from gutexo.cli.options import Options

app = typer.Typer(
    name="gutexo",
    help="Simulate how exosomes from the gut carry ageing through the body of a mouse. "
    "Mice are not people.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the installed version.", is_eager=True, callback=show_version
        ),
    ] = False,
) -> None:
    """Options of the command itself."""


STUDY_FIRST = (*FIRST, "posterior")
STUDY_LAST = (
    *("quick", "decimal_comma", "dry_run", "quiet", "json", "debug", "force"),
    *("resume", "retry_failed", "dask"),
)


@app.command()
@with_options(STUDY_FIRST, STUDY_LAST)
def study(options: Options) -> int:
    """Run the six arms of the exosome transfer between young and old mice."""
    from gutexo.cli.study import run_named_study

    return run_named_study(None, options)


@app.command()
@with_options(STUDY_FIRST, (*STUDY_LAST, "of"))
def run(
    options: Options,
    name: Annotated[
        str,
        typer.Argument(help="Name of a study; see `gutexo list`.", autocompletion=study_names),
    ],
) -> int:
    """Run a study by name; `run sweep --set group.name=1,2,4` runs one over a grid; `run figures`
    draws those of the documentation, `run worksheet` writes sheets for a class."""
    if name == "figures":
        from gutexo.cli.figures import run_figures

        return run_figures(options)
    if name == "worksheet":
        from gutexo.cli.worksheet import run_worksheet

        return run_worksheet(options)
    from gutexo.cli.study import run_named_study

    return run_named_study(name, options)


@app.command()
def page(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0: a free one.")
    ] = 0,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    debug: Debug = False,
) -> None:
    """Open a page on which mice can be watched, changed, rewound and shared."""
    from gutexo.cli.page import show_page

    show_page(port, browser)


@app.command("list")
def list_(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder of a run: its mice done, failed and pending.",
            callback=folder_checker("folder"),
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """List studies, scenarios and readouts; or, of a run, how far it is."""
    if folder is not None:
        from gutexo.cli.runs import show_run

        return show_run(folder, json_)
    from gutexo.cli.show import show_list

    show_list(json_)


@app.command()
def parameters(
    group: Annotated[
        str | None, typer.Argument(help="Only this group.", autocompletion=group_names)
    ] = None,
    long: Annotated[bool, typer.Option("--long", help="Also how each value was derived.")] = False,
    json_: Json = False,
) -> None:
    """Print parameters: value, unit, range, prior, grade, source."""
    from gutexo.cli.show import show_parameters

    show_parameters(group, json_, long)


@app.command()
def cite(
    name: Annotated[str | None, typer.Argument(help="Only of this study or scenario.")] = None,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="As BibTeX.")] = False,
) -> None:
    """Print the references behind the numbers, of all or of one study or scenario."""
    from gutexo.cli.show import show_references

    show_references(name, bibtex)


@app.command()
def export(
    sbml: Annotated[
        Path,
        typer.Option("--sbml", help="SBML file to write.", callback=file_checker("--sbml")),
    ],
    set_: Changes = None,
    segments: Annotated[int, typer.Option(help="Segments of the gut, 8 to 512.")] = 16,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write the mean-field mouse without noise as SBML, for COPASI and Tellurium."""
    from gutexo.cli.export import export_sbml

    export_sbml(sbml, set_ or [], segments, force)


@app.command()
def doctor(
    clear_cache: Annotated[
        bool, typer.Option("--clear-cache", help="Delete saved lives and compiled rules.")
    ] = False,
    json_: Json = False,
) -> None:
    """Print which versions run here, what the cache holds, and how much disk is left."""
    from gutexo.cli.show import show_doctor

    show_doctor(clear_cache, json_)


app.add_typer(analyse, name="analyse")


def run_command(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    # typer contains its own click; its exceptions are not those of a separately installed click.
    kinds: Any = typer.BadParameter.__mro__
    misuse: Any = next(kind for kind in kinds if kind.__name__ == "ClickException")
    command = typer.main.get_command(app)
    invoke, begun = command.invoke, False

    def unturned(context: Any) -> Any:
        nonlocal begun
        begun = True
        try:
            return invoke(context)
        except KeyboardInterrupt as error:
            raise _CarriedInterrupt(error) from None  # typer would turn it into an exit code.

    command.invoke = unturned  # type: ignore[method-assign, assignment]
    try:
        result = command.main(args=arguments, prog_name="gutexo", standalone_mode=False)
    except _CarriedInterrupt as stopped:
        raise stopped.error from None
    except typer.Exit as done:
        result = int(done.exit_code)
    except typer.Abort:
        result = 130
    except misuse as error:
        print_error(f"{error.format_message()} (see gutexo --help)")
        return 2
    if not begun:
        raise_pending_interrupt()
    return int(result) if isinstance(result, int) else 0


class _CarriedInterrupt(BaseException):
    """Exception that carries an interrupt past typer."""

    def __init__(self, error: KeyboardInterrupt) -> None:
        self.error = error


def run_safely(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; every error is printed as one line."""
    from gutexo.cli.environment import check_environment
    from gutexo.errors import GutexoError, RunFailed, out_of_memory_message

    words = sys.argv[1:] if arguments is None else arguments
    try:
        check_environment(words)
        return run_command(words)
    except GutexoError as error:
        print_error(error)
        return 1 if isinstance(error, RunFailed) else 2
    except KeyboardInterrupt as error:
        print_error("; ".join([interrupt_message(error), *getattr(error, "__notes__", ())]))
        return exit_code(error)
    except MemoryError as error:
        print_error(out_of_memory_message(error))
        return 1
    except Exception:
        from gutexo.cli.failure import report_failure

        return report_failure("--debug" in words)

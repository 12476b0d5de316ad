"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer

from gutexo.support.paths import folder_path, local_path


def folder_checker(option: str) -> Callable[[Path | None], Path | None]:
    """Return a function that checks the folder an option names and expands ``~``."""
    return lambda path: None if path is None else folder_path(path, option)


def file_checker(option: str) -> Callable[[Path | None], Path | None]:
    """Return a function that checks the file an option names and expands ``~``."""
    return lambda path: None if path is None else local_path(path, option)


Out = Annotated[
    Path | None,
    typer.Option(
        "--out", help="Folder for figures, tables and data.", callback=folder_checker("--out")
    ),
]
Seed = Annotated[int | None, typer.Option(help="Seed of the whole study (default 1).")]
Replicates = Annotated[int | None, typer.Option(help="Mice in each arm.")]
Jobs = Annotated[int | None, typer.Option(help="Worker processes (default and most: all cores).")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help='Change a parameter: group.name="12 min". May be repeated.'),
]
Config = Annotated[
    Path | None,
    typer.Option(
        help="TOML file, such as a run's resolved.toml.", callback=file_checker("--config")
    ),
]
Posterior = Annotated[
    str | None,
    typer.Option(
        help="Parameter draws; each mouse uses one of them: landed (behind the defaults),"
        " none, or a CSV file."
    ),
]
SweptStudy = Annotated[
    str | None,
    typer.Option("--study", help="With `run sweep`: the study that is swept (default transfer)."),
]
Quick = Annotated[bool, typer.Option("--quick", help="A coarser mouse, fewer of them.")]
DecimalComma = Annotated[
    bool, typer.Option("--decimal-comma", help="Write tables with 1,5 and semicolons.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be run, and stop.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is in the folder.")]
Dask = Annotated[
    str | None, typer.Option("--dask", help="Run mice on a Dask cluster: tcp://HOST:PORT.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Continue the run in --out: only what is missing.")
]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Run mice again that failed before.")
]


OPTIONS: dict[str, Any] = {
    "out": Out,
    "seed": Seed,
    "replicates": Replicates,
    "jobs": Jobs,
    "changes": Changes,
    "config": Config,
    "posterior": Posterior,
    "quick": Quick,
    "decimal_comma": DecimalComma,
    "dry_run": DryRun,
    "quiet": Quiet,
    "json": Json,
    "debug": Debug,
    "force": Force,
    "resume": Resume,
    "retry_failed": RetryFailed,
    "dask": Dask,
    "of": SweptStudy,
}
"""Every shared option, by the name of its field of `gutexo.cli.options.Options`."""
FIRST = ("out", "seed", "replicates", "jobs", "changes", "config")
LAST = ("quick", "dry_run", "quiet", "json", "debug", "force")
"""Usual options of a command, listed by its help before and after those of its own."""


def with_options(
    first: Sequence[str] = FIRST,
    last: Sequence[str] = LAST,
    *,
    without: Collection[str] = (),
    **replaced: Any,
) -> Callable[[Callable[..., int]], Callable[..., None]]:
    """Return a decorator that gives a command shared options.

    The command takes them as its first argument, one `gutexo.cli.options.Options`, and returns its
    exit code.

    Args:
        first: Names of options that are listed before those of its own.
        last: Names of options that are listed after them.
        without: Names among these that the command does not have.
        **replaced: Annotations in place of those of `OPTIONS`, by name.
    """
    before, after = ([name for name in names if name not in without] for names in (first, last))

    def decorate(command: Callable[..., int]) -> Callable[..., None]:
        @wraps(command)
        def call(**given: Any) -> None:
            options = make_options(**{name: given.pop(name) for name in (*before, *after)})
            raise typer.Exit(command(options, **given))

        def shared(names: list[str]) -> list[Parameter]:
            return [_option(name, replaced.get(name, OPTIONS[name])) for name in names]

        parameters = [*shared(before), *_own_parameters(command), *shared(after)]
        call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {one.name: one.annotation for one in parameters}
        return call

    return decorate


def _option(name: str, annotation: Any) -> Parameter:
    default = False if get_args(annotation)[0] is bool else None
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _own_parameters(command: Callable[..., int]) -> list[Parameter]:
    """List the parameters of a command after its options, with their annotations."""
    # `Options` loads all parameters, so that modules of commands import it for type checks only.
    hints = get_type_hints(command, localns={"Options": object}, include_extras=True)
    return [
        one.replace(annotation=hints[one.name], kind=Parameter.KEYWORD_ONLY)
        for one in list(signature(command).parameters.values())[1:]
    ]


def make_options(**options: Any) -> Any:
    from gutexo.cli.options import Options

    changes = options.pop("changes", None) or []
    return Options(changes=tuple(changes), **options)

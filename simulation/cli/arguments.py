"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

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


def make_options(**options: Any) -> Any:
    from gutexo.cli.options import Options

    changes = options.pop("changes", None) or []
    return Options(changes=tuple(changes), **options)

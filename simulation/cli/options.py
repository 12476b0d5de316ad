"""What the user asked for: options and configuration files, checked and put together."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gutexo.cli.changes import refuse_several, typed_values
from gutexo.errors import GutexoError, suggest
from gutexo.printable import brief
from gutexo.user_files import read_text

KEYS = (
    "study",
    "seed",
    "replicates",
    "jobs",
    "quick",
    "posterior",
    "sweep",
    "parameters",
    "decimal_comma",
)
LARGEST_CONFIG = 1_000_000  # bytes
DEEPEST_KEY = 30
MOST_JOBS = 4096
USUAL, SWEEP = "exosome transfer", "sweep"
LANDED, NONE = WORDS = ("landed", "none")
"""What --posterior takes beside a file: the draws behind the defaults, and fixed parameters."""
DEFAULT_SEED = 1
QUICK_REPLICATES = 3


@dataclass(frozen=True)
class Options:
    """Options of a run as they were typed."""

    out: Path | None = None
    seed: int | None = None
    replicates: int | None = None
    jobs: int | None = None
    changes: tuple[str, ...] = ()
    config: Path | None = None
    posterior: str | None = None
    quick: bool = False
    decimal_comma: bool = False
    dry_run: bool = False
    quiet: bool = False
    json: bool = False
    debug: bool = False
    force: bool = False
    resume: bool = False
    retry_failed: bool = False
    dask: str | None = None
    of: str | None = None


@dataclass(frozen=True)
class Request:
    """What is to be run, all defaults filled in."""

    study: str
    seed: int
    replicates: int | None
    jobs: int
    quick: bool
    changes: dict[str, Any]
    decimal_comma: bool = False
    posterior: str | None = None
    of: str = ""
    grid: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def read_config(path: Path) -> dict[str, Any]:
    """A TOML configuration.

    Raises:
        GutexoError: It cannot be read, or names something unknown.
    """
    text = read_text(path, LARGEST_CONFIG)
    # The parser's time grows with the square of how deep a key is.
    if any(_depth(part) > DEEPEST_KEY for part in re.split(r"[=\[\]{},\n]", text)):
        raise GutexoError(f"{path} is not TOML we can read: too deeply nested")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GutexoError(f"{path} is not TOML: {error}".replace("\n", " ")) from None
    except RecursionError:
        raise GutexoError(f"{path} is not TOML we can read: too deeply nested") from None
    except ValueError:  # Python reads no numbers of more than some thousand digits
        raise GutexoError(f"{path} is not TOML we can read: a number has too many digits") from None
    for key in content:
        if key not in KEYS:
            raise GutexoError(f"{path}: '{key}' is not known{suggest(key, KEYS)}")
    return content


def _depth(part: str) -> int:
    """Dots that may part the names of a key; several in a row stand in text or a comment."""
    return len(re.findall(r"(?<!\.)\.(?!\.)", part))


def _whole(name: str, value: Any, low: int, high: int = 2**63 - 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        most = "or more" if high >= 2**63 - 1 else f"to {high}"
        raise GutexoError(f"{name} must be a whole number, {low} {most}; got {brief(value)}")
    return value


def _flag(name: str, config: Mapping[str, Any]) -> bool:
    value = config.get(name, False)
    if not isinstance(value, bool):
        raise GutexoError(f"{name} must be true or false; got {brief(value)}")
    return value


def _beside(config: Path, posterior: Any) -> str:
    """A table of draws as a configuration names it: beside itself, if it is a file."""
    if not isinstance(posterior, str) or not posterior.strip():
        raise GutexoError(f"posterior must be a name or a file; got {brief(posterior)}")
    return posterior if posterior in WORDS else str(config.parent / os.path.expanduser(posterior))


def swept(options: Options, config: Any) -> tuple[str, dict[str, Sequence[Any]]]:
    """Study of a sweep and the grid of a configuration.

    Args:
        options: As typed.
        config: Table ``sweep`` of a configuration: ``of``, and lists by parameter name.

    Raises:
        GutexoError: The table is not of that form.
    """
    table = dict(config) if isinstance(config, dict) else None
    of = None if table is None else table.pop("of", options.of or USUAL)
    if (
        table is None
        or not isinstance(of, str)
        or not all(isinstance(values, list) for values in table.values())
    ):
        raise GutexoError('[sweep] must be of = "STUDY" and lists of values by parameter name')
    return options.of or of, dict(table)


def request(options: Options, name: str | None = None) -> Request:
    """Put options and configuration together; what is typed wins.

    Args:
        options: As typed.
        name: Study named on the command line.

    Raises:
        GutexoError: Something is wrong.
    """
    from gutexo.cohort.workers import available_cores
    from gutexo.protocol.study import MOST_REPLICATES

    config = read_config(options.config) if options.config else {}
    quick = options.quick or _flag("quick", config)
    decimal_comma = options.decimal_comma or _flag("decimal_comma", config)
    seed = config.get("seed", DEFAULT_SEED) if options.seed is None else options.seed
    replicates = config.get("replicates") if options.replicates is None else options.replicates
    if replicates is None and quick:
        replicates = QUICK_REPLICATES
    jobs = config.get("jobs", available_cores()) if options.jobs is None else options.jobs
    changes = config.get("parameters", {})
    if not isinstance(changes, dict):
        raise GutexoError(f"parameters must be a table; got {brief(changes)}")
    study = name if name is not None else config.get("study", USUAL)
    if not isinstance(study, str):
        raise GutexoError(f"study must be a name; got {brief(study)}")
    posterior = options.posterior
    if posterior is None and options.config is not None and "posterior" in config:
        posterior = _beside(options.config, config["posterior"])
    typed = typed_values(options.changes)
    of: str = ""
    grid: dict[str, Sequence[Any]] = {}
    if study == SWEEP:
        of, grid = swept(options, config.get("sweep", {}))
        # What is typed wins, and what has several values, or had them, is of the grid.
        grid |= {n: values for n, values in typed.items() if len(values) > 1 or n in grid}
    else:
        refuse_several(typed)
    changes = {**changes, **{n: values[0] for n, values in typed.items()}}
    changes = {name: value for name, value in changes.items() if name not in grid}
    if replicates is not None:
        replicates = _whole("replicates", replicates, 1, MOST_REPLICATES)
    return Request(
        study=study,
        seed=_whole("seed", seed, 0),
        replicates=None
        if replicates is None
        else _whole("replicates", replicates, 1, MOST_REPLICATES),
        jobs=_whole("jobs", jobs, 1, MOST_JOBS),
        quick=quick,
        changes=changes,
        decimal_comma=decimal_comma,
        posterior=posterior,
        of=of,
        grid=grid,
    )

"""Request of the user: options and configuration file, checked and merged."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gutexo.cli.changes import parse_changes, refuse_several
from gutexo.errors import GutexoError, suggest
from gutexo.support.printable import short_repr
from gutexo.support.user_files import read_text

CONFIG_KEYS = (
    "study",
    "seed",
    "replicates",
    "jobs",
    "quick",
    "posterior",
    "sweep",
    "parameters",
    "interventions",
    "decimal_comma",
)
LARGEST_CONFIG = 1_000_000  # bytes
DEEPEST_KEY = 30
MOST_JOBS = 4096
DEFAULT_STUDY, SWEEP = "exosome transfer", "sweep"
ADOPTED, FIXED = POSTERIOR_WORDS = ("landed", "none")
"""Values of `--posterior` besides a file: the draws behind the defaults, and fixed parameters."""
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
    """Request: what is to be run, with all defaults filled in."""

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
    interventions: Sequence[Mapping[str, Any]] = ()


def read_config(path: Path) -> dict[str, Any]:
    """Read a TOML configuration.

    Raises:
        GutexoError: It cannot be read, or has an unknown key.
    """
    text = read_text(path, LARGEST_CONFIG)
    # The parser's time grows with the square of the depth of a key.
    if any(_depth(part) > DEEPEST_KEY for part in re.split(r"[=\[\]{},\n]", text)):
        raise GutexoError(f"{path} is not TOML we can read: too deeply nested")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GutexoError(f"{path} is not TOML: {error}".replace("\n", " ")) from None
    except RecursionError:
        raise GutexoError(f"{path} is not TOML we can read: too deeply nested") from None
    except ValueError:  # Python cannot read numbers of more than some thousand digits
        raise GutexoError(f"{path} is not TOML we can read: a number has too many digits") from None
    for key in content:
        if key not in CONFIG_KEYS:
            raise GutexoError(f"{path}: '{key}' is not known{suggest(key, CONFIG_KEYS)}")
    return content


def _depth(part: str) -> int:
    """Count the dots that may separate the names of a key.

    Several dots in a row are not counted; they occur only in text or a comment.
    """
    return len(re.findall(r"(?<!\.)\.(?!\.)", part))


def _check_whole(name: str, value: Any, low: int, high: int = 2**63 - 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        most = "or more" if high >= 2**63 - 1 else f"to {high}"
        raise GutexoError(f"{name} must be a whole number, {low} {most}; got {short_repr(value)}")
    return value


def _read_flag(name: str, config: Mapping[str, Any]) -> bool:
    value = config.get(name, False)
    if not isinstance(value, bool):
        raise GutexoError(f"{name} must be true or false; got {short_repr(value)}")
    return value


def _resolve_posterior(config: Path, posterior: Any) -> str:
    """Resolve the posterior of a configuration; a file's path is relative to the configuration."""
    if not isinstance(posterior, str) or not posterior.strip():
        raise GutexoError(f"posterior must be a name or a file; got {short_repr(posterior)}")
    return (
        posterior
        if posterior in POSTERIOR_WORDS
        else str(config.parent / os.path.expanduser(posterior))
    )


def read_sweep(options: Options, config: Any) -> tuple[str, dict[str, Sequence[Any]]]:
    """Read the study and the grid of a sweep from a configuration.

    Args:
        options: As typed.
        config: Table ``sweep`` of a configuration: ``of``, and lists of values by parameter name.

    Raises:
        GutexoError: The table is not of that form.
    """
    table = dict(config) if isinstance(config, dict) else None
    of = None if table is None else table.pop("of", options.of or DEFAULT_STUDY)
    if (
        table is None
        or not isinstance(of, str)
        or not all(isinstance(values, list) for values in table.values())
    ):
        raise GutexoError('[sweep] must be of = "STUDY" and lists of values by parameter name')
    return options.of or of, dict(table)


def build_request(options: Options, name: str | None = None) -> Request:
    """Merge options and configuration into a request; options take precedence.

    Args:
        options: As typed.
        name: Study named on the command line.

    Raises:
        GutexoError: An option or an entry of the configuration is wrong.
    """
    from gutexo.cohort.workers import available_cores, count_processes
    from gutexo.protocol.study import MOST_REPLICATES

    config = read_config(options.config) if options.config else {}
    quick = options.quick or _read_flag("quick", config)
    decimal_comma = options.decimal_comma or _read_flag("decimal_comma", config)
    seed = config.get("seed", DEFAULT_SEED) if options.seed is None else options.seed
    replicates = config.get("replicates") if options.replicates is None else options.replicates
    if replicates is None and quick:
        replicates = QUICK_REPLICATES
    jobs = config.get("jobs", available_cores()) if options.jobs is None else options.jobs
    changes = config.get("parameters", {})
    if not isinstance(changes, dict):
        raise GutexoError(f"parameters must be a table; got {short_repr(changes)}")
    study = name if name is not None else config.get("study", DEFAULT_STUDY)
    if not isinstance(study, str):
        raise GutexoError(f"study must be a name; got {short_repr(study)}")
    posterior = options.posterior
    if posterior is None and options.config is not None and "posterior" in config:
        posterior = _resolve_posterior(options.config, config["posterior"])
    typed = parse_changes(options.changes)
    of: str = ""
    grid: dict[str, Sequence[Any]] = {}
    if study == SWEEP:
        of, grid = read_sweep(options, config.get("sweep", {}))
        # Options take precedence. A parameter belongs to the grid if it has several values, or if
        # the configuration has it in the grid.
        grid |= {n: values for n, values in typed.items() if len(values) > 1 or n in grid}
    else:
        refuse_several(typed)
    changes = {**changes, **{n: values[0] for n, values in typed.items()}}
    changes = {name: value for name, value in changes.items() if name not in grid}
    if replicates is not None:
        replicates = _check_whole("replicates", replicates, 1, MOST_REPLICATES)
    return Request(
        study=study,
        seed=_check_whole("seed", seed, 0),
        replicates=None
        if replicates is None
        else _check_whole("replicates", replicates, 1, MOST_REPLICATES),
        # Estimates and budgets are divided by the processes that really run side by side.
        jobs=count_processes(_check_whole("jobs", jobs, 1, MOST_JOBS)),
        quick=quick,
        changes=changes,
        decimal_comma=decimal_comma,
        posterior=posterior,
        of=of,
        grid=grid,
        interventions=config.get("interventions", ()),
    )

"""Configurations that are broken in one known place, made from whole ones."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import ParameterEntry
from gutexo.cli.options import CONFIG_KEYS

ENTRIES = {entry.name: entry for entry in Parameters().entries()}
GROUPS = tuple(dict.fromkeys(name.partition(".")[0] for name in ENTRIES))
WHOLE = ("seed", "replicates", "jobs")
# No unit of the catalogue can be given in one of these.
FOREIGN = ("cd", "A", "mol lm", "kelvin", "radian / candela", "furlongs", "d²²", "h h h !")
NO_NUMBER = ('"many"', '""', "true", "false", "[]", "[1.0]", "{}", "{ a = 1 }", '"nan"', "nan")
INFINITE = ("inf", "-inf", "1e400", "9" * 400)
NO_TOML = (
    "= 3",
    "seed = ",
    "seed == 2",
    "[a",
    "a = [1,",
    'a = "x',
    "a = 1 2",
    "a = 01",
    "\x00",
    "'",
)


@dataclass(frozen=True)
class Broken:
    """A file that must be refused.

    Attributes:
        content: Its bytes.
        field: What the message must name; empty for the file itself.
    """

    content: bytes
    field: str = ""


def whole(rng: random.Random) -> dict[str, dict[str, str]]:
    """A configuration that is right: TOML values by key, by table ("" for the top)."""
    tables: dict[str, dict[str, str]] = {"": {}}
    for key, values in {
        "seed": ("0", "7", "123456789"),
        "replicates": ("1", "4"),
        "jobs": ("1", "2"),
        "quick": ("true", "false"),
        "study": ('"exosome transfer"', '"old to young"'),
        "posterior": ('"none"', '"landed"'),
    }.items():
        if rng.random() < 0.4:
            tables[""][key] = rng.choice(values)
    for name in rng.sample(sorted(ENTRIES), rng.randint(0, 4)):
        group, _, short = name.partition(".")
        if group != "resolution":
            value = f"{ENTRIES[name].value!r}"
            tables.setdefault(f"parameters.{group}", {})[short] = value
    return tables


def text(tables: dict[str, dict[str, str]]) -> str:
    """The same as TOML."""
    lines = []
    for table, values in tables.items():
        lines += [f"[{table}]"] if table else []
        lines += [f"{key} = {value}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def misspelt(name: str, rng: random.Random) -> str:
    """A name with a letter lost, doubled or changed."""
    place = rng.randrange(len(name))
    letter = rng.choice(("", name[place] * 2, "q"))
    wrong = name[:place] + letter + name[place + 1 :]
    return wrong if wrong != name and wrong.strip("_") else name + "q"


def outside(entry: ParameterEntry, rng: random.Random) -> str:
    """A number next to the range of a parameter, or far from it."""
    span = abs(entry.high - entry.low) + 1.0
    step = rng.choice((1e-6, 1.0, 1e6)) * span
    return repr(float(rng.choice((entry.low - step, entry.high + step))))


def _top(rng: random.Random) -> tuple[str, str, str, str]:
    """Table, key, value and field of a wrong value at the top."""
    key = rng.choice(WHOLE)
    value = rng.choice(("-1", "1.5", str(2**63), "9" * 30, *NO_NUMBER))
    if key != "seed" and rng.random() < 0.3:
        value = "0"
    if rng.random() < 0.3:
        key, value = "quick", rng.choice(("1", '"yes"', "[]", "2026-01-01"))
    if rng.random() < 0.3:
        key, value = rng.choice(
            (("study", "3"), ("study", "[]"), ("posterior", "1"), ("posterior", '" "'))
        )
    return "", key, value, key


def _unknown_key(rng: random.Random) -> tuple[str, str, str, str]:
    key = misspelt(rng.choice(CONFIG_KEYS), rng)
    return "", json.dumps(key), "1", key


def _parameter(rng: random.Random) -> tuple[str, str, str, str]:
    """A wrong value of a parameter: no number, infinite, out of range, a foreign unit."""
    entry = ENTRIES[rng.choice(sorted(ENTRIES))]
    group, _, short = entry.name.partition(".")
    foreign = f'"{rng.randint(1, 9)} {rng.choice(FOREIGN)}"'
    value = rng.choice((rng.choice(NO_NUMBER), rng.choice(INFINITE), outside(entry, rng), foreign))
    return f"parameters.{group}", short, value, entry.name


def _unknown_parameter(rng: random.Random) -> tuple[str, str, str, str]:
    group, _, short = rng.choice(sorted(ENTRIES)).partition(".")
    if rng.random() < 0.4:
        group = misspelt(group, rng)
        if group in GROUPS:
            group += "q"
    else:
        short = misspelt(short, rng)
        if f"{group}.{short}" in ENTRIES:
            short += "q"
    return f"parameters.{group}", short, "1", group if group not in GROUPS else short


def _no_table(rng: random.Random) -> tuple[str, str, str, str]:
    group = rng.choice(GROUPS)
    return "parameters", group, rng.choice(("3", "[1]", '"a"', "true")), group


WRONG = (_top, _unknown_key, _parameter, _parameter, _unknown_parameter, _no_table)


def _not_toml(rng: random.Random) -> Broken:
    lines = text(whole(rng)).splitlines()
    lines.insert(rng.randint(0, len(lines)), rng.choice(NO_TOML))
    return Broken("\n".join(lines).encode())


def _not_text(rng: random.Random) -> Broken:
    """Bytes that are no UTF-8, somewhere in a file."""
    content = text(whole(rng)).encode()
    place = rng.randint(0, len(content))
    return Broken(content[:place] + b"\xff\xfe" + rng.randbytes(8) + content[place:])


def _odd_size(rng: random.Random) -> Broken:
    """Too large, or nested too deeply."""
    if rng.random() < 0.5:
        return Broken(b"# " + b"x" * 1_000_000 + b"\n")
    depth = rng.choice((200, 2000, 20000))
    return Broken(b"seed = " + b"[" * depth + b"]" * depth, "seed" if depth == 200 else "")


def broken(rng: random.Random) -> Broken:
    """One of all kinds."""
    kind = rng.random()
    if kind < 0.12:
        return _not_toml(rng)
    if kind < 0.16:
        return _not_text(rng)
    if kind < 0.17:
        return _odd_size(rng)
    tables = whole(rng)
    table, key, value, field = rng.choice(WRONG)(rng)
    if table == "parameters":
        tables.pop(f"parameters.{key}", None)
    tables.setdefault(table, {})[key] = value
    # A table must stand before its children.
    ordered = dict(sorted(tables.items()))
    return Broken(text(ordered).encode(), field)

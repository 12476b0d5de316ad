"""An intervention is known by all that it does, and by nothing else."""

import functools
import os
import pickle
import subprocess
import sys
import threading
import types
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import cloudpickle
import numpy as np
import pytest
from pydantic import BaseModel, BeforeValidator, Field, PrivateAttr

from gutexo.body.doses import Preparation
from gutexo.body.intervention_digest import class_digest
from gutexo.body.interventions import Intervention
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import GiveExosomes
from gutexo.protocol.life import Donors, Life
from gutexo.support.content_digest import ContentDigester

ROOT = Path(__file__).resolve().parents[2]


def written(text, **names):
    """The class `Mine` as a notebook cell would make it, with what stands in other cells."""
    names = {"Intervention": Intervention, "np": np, "functools": functools, **names}
    exec(text, names)
    return names["Mine"]


def digest(text, **names):
    return written(text, **names)().digest()


USING = """
class Mine(Intervention):
    def modifiers(self, day):
        return {'tight_junction.repair': %s}
"""
CLOSED = """
def make(f):
    class Mine(Intervention):
        def modifiers(self, day):
            return {'tight_junction.repair': %s}
    return Mine
"""
# What it uses, how it is used, and two values that must count as two.
VALUES = {
    "number": (0.2, 5.0),
    "text": ("a", "b"),
    "list": ([1, [2, 3]], [1, [2, 4]]),
    "dict": ({"a": {"b": 1}}, {"a": {"b": 2}}),
    "keys": ({"a": 1}, {"b": 1}),
    "set": ({1, 2}, {1, 3}),
    "true": (True, 1),
    "zero": (0.0, -0.0),
    "array": (np.arange(3.0), np.arange(3.0) + 1e-12),
    "dtype": (np.zeros(2, np.float32), np.zeros(2, np.int32)),
    "shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "objects": (np.array([1, "a"], object), np.array([1, "b"], object)),
    "lambda": (lambda day: day + 1, lambda day: day + 2),
    "partial": (functools.partial(pow, 2), functools.partial(pow, 3)),
    "object": (SimpleNamespace(a=1), SimpleNamespace(a=2)),
    "preparation": (Preparation("v", np.ones((2, 4))), Preparation("v", np.zeros((2, 4)))),
    "life": (Life(age=90), Life(age=91)),
    "module": (types.ModuleType("one"), types.ModuleType("two")),
    "built in": (max, min),
    "ufunc": (np.exp, np.log),
    "intervention": tuple(GiveExosomes(source=Donors(life=Life(age=a))) for a in (90, 91)),
    "method": ("a".upper, "b".upper),
    "range": (range(3), range(4)),
    "type": (int, float),
    "generator of numbers": (np.random.default_rng(1), np.random.default_rng(2)),
}


@dataclass
class Fed:
    amount: float
    days: list


class Model(BaseModel):
    amount: float = 1.0


class Plain:
    factor = 2.0

    def __init__(self, inner):
        self.inner = inner


VALUES |= {
    "dataclass": (Fed(1.0, [1]), Fed(1.0, [2])),
    "pydantic": (Model(amount=1.0), Model(amount=2.0)),
    "plain": (Plain(Plain(1)), Plain(Plain(2))),
}


@pytest.mark.parametrize("name", VALUES)
def test_whatever_it_uses_counts(name):
    first, second = VALUES[name]
    made = {}
    exec(CLOSED % "f", {"Intervention": Intervention}, made)
    for using in (
        lambda value: digest(USING % "f", f=value),  # a global
        lambda value: made["make"](value)().digest(),  # a closure
        lambda value: digest(USING.replace("day)", "day, f=f)") % "f", f=value),  # a default
        lambda value: digest(USING.replace("day)", "day, *, f=f)") % "f", f=value),
        lambda value: digest(USING % "self.f" + "Mine.f = f", f=value),  # a class variable
        lambda value: digest(USING % "helper()" + "def helper(): return f", f=value),  # further on
        lambda value: digest(USING % "(lambda: [f for _ in 'a'])()", f=value),  # inside
    ):
        assert using(first) == using(first) != using(second)


MEMBERS = {
    "static method": "    @staticmethod\n    def g(): return %s\n",
    "class method": "    @classmethod\n    def g(cls): return %s\n",
    "property": "    @property\n    def g(self): return %s\n",
    "setter": "    @property\n    def g(self): 1\n    @g.setter\n    def g(self, v): v * %s\n",
    "cached property": "    @functools.cached_property\n    def g(self): return %s\n",
    "cached": "    @functools.cache\n    def g(self): return %s\n",
    "partial method": "    g = functools.partialmethod(pow, %s)\n",
    "lambda": "    g = lambda self: %s\n",
    "nested class": "    class g:\n        x = %s\n",
    "field": "    g: float = %s\n",
    "validator": "    g: Annotated[float, BeforeValidator(lambda x: x + %s)] = 1\n",
    "inner validator": "    g: list[Annotated[float, BeforeValidator(lambda x: x + %s)]] = []\n",
    "private": "    _g: float = PrivateAttr(default=%s)\n",
    "private factory": "    _g: float = PrivateAttr(default_factory=lambda: %s)\n",
    "factory": "    g: list = Field(default_factory=lambda: [%s])\n",
    "any field": "    g: Any = lambda day: %s\n",
}


@pytest.mark.parametrize("kind", MEMBERS)
def test_every_member_of_a_class_counts(kind):
    names = {"Field": Field, "Any": Any, "Annotated": Annotated}
    names |= {"BeforeValidator": BeforeValidator, "PrivateAttr": PrivateAttr}

    def of(value):
        mine = written("class Mine(Intervention):\n" + MEMBERS[kind] % value, **names)
        before = class_digest(mine)
        assert mine().digest() and class_digest(mine) == before  # used or not
        return mine().digest()

    assert of(1) == of(1) != of(2)


def test_an_ancestor_of_ones_own_and_a_decorator_count():
    text = """
def times(n):
    def around(function):
        @functools.wraps(function)
        def inner(self, day):
            return {k: v * n for k, v in function(self, day).items()}
        return inner
    return around
class Base(Intervention):
    def modifiers(self, day):
        return {'tight_junction.repair': %s}
class Mine(Base):
    @times(%s)
    def modifiers(self, day):
        return super().modifiers(day)
"""
    assert len({digest(text % pair) for pair in ((1, 1), (1, 1), (1, 2), (2, 1))}) == 3


def test_what_refers_to_itself_ends():
    text = """
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - %s)
knot = [1]
knot.append(knot)
class Mine(Intervention):
    def modifiers(self, day):
        assert isinstance(self, Mine)
        return {'tight_junction.repair': 1.0 + even(day) + len(knot)}
    def other(self):
        return __class__, self.other
"""
    assert digest(text % 1) == digest(text % 1) != digest(text % 2)


def test_a_long_chain_of_shared_lists_ends():
    value = [1]
    for _ in range(60):
        value = [value, value]
    assert digest(USING % "f", f=value)


def test_a_changed_global_is_seen_by_what_was_made_before():
    names = {"Intervention": Intervention, "f": 0.2}
    exec(USING % "f", names)
    mine = names["Mine"]()
    before = mine.digest()
    names["f"] = 5
    assert mine.digest() != before


def test_names_places_and_words_do_not_count():
    plain = "class Mine(Intervention):\n    def doses(self):\n        return [f(1)]\n"
    told = '\n\nclass Mine(Intervention):\n    """A tea."""\n    sources = ("chen-2024",)\n'
    told += (
        '    def doses(self) -> list:\n        """Tea."""\n        # now\n        return [f(1)]\n'
    )
    helper = "def f(x):\n    return x\n"
    other = "\ndef f(x: int) -> int:\n    '''Helps.'''\n\n    return x\n"
    assert digest(helper + plain) == digest(other + told)
    same = [digest(USING % "f.cargo", f=Preparation(n, np.ones((2, 4)))) for n in ("a", "b")]
    assert same[0] == same[1]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (lambda: open(os.devnull), "TextIOWrapper"),  # noqa: SIM115
        (lambda: (x for x in [1]), "generator"),
        (lambda: threading.Lock(), "lock"),
        (lambda: memoryview(b"a"), "memoryview"),
        (lambda: {"a": [threading.Lock()]}, "lock"),
    ],
)
def test_what_has_no_content_is_refused_in_a_line(what, told):
    value = what()
    for text in (USING % "f", USING % "self.f" + "Mine.f = f"):
        with pytest.raises(GutexoError, match=f"Mine.* f .*{told}") as error:
            digest(text, f=value)
        assert "\n" not in str(error.value) and "hold numbers" in str(error.value)


def test_a_value_nested_without_end_is_refused_in_a_line():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(GutexoError, match="nested too deep"):
        digest(USING % "f", f=value)
    while value:
        value = value[0]


SCRIPT = '''
from typing import Annotated
import numpy as np
from pydantic import BeforeValidator, Field
import gutexo as gut
FACTOR = {"a": 0.3, "b": {1, 2, 3, "x", "y"}}
def helper(day):
    """Help."""
    assert day >= 0, "no day"
    return FACTOR["a"] if day in (1, 2) or str(day) in {"1", "2", "x"} else 1.0
class Mine(gut.Intervention):
    """Mine."""
    share: float = 0.5
    more: Annotated[float | None, Field(ge=0), BeforeValidator(lambda x: x)] | list[str] = None
    def modifiers(self, day):
        """Factors."""
        assert day >= 0
        class Inner:
            """Inside."""
            value = helper(day)
        try:
            return {"tight_junction.repair": Inner.value}
        except ValueError:
            return {}
    @staticmethod
    def of(x):
        assert x
        return [y for y in np.arange(x)]
if __name__ == "__main__":
    print(Mine().digest(), gut.study("exosome transfer").arms[1].interventions[0].digest())
'''


def test_it_is_the_same_optimised_or_not_and_in_any_process(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT)
    runs = [
        subprocess.Popen(
            [sys.executable, *options, str(script)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, options in enumerate(([], ["-O"], ["-OO"]))
    ]
    found = [process.communicate()[0] for process in runs]
    assert all(process.returncode == 0 for process in runs)
    assert found[0] and len(set(found)) == 1


def test_an_edited_file_is_not_taken_for_what_was_loaded(tmp_path):
    """With assertions the source is read, but only where it is that of the code that runs."""
    script = tmp_path / "edited.py"
    script.write_text(SCRIPT)
    names = {"__name__": "edited"}
    exec(compile(SCRIPT, str(script), "exec", dont_inherit=True), names)
    before = names["Mine"]().digest()
    script.write_text("# moved\n" + SCRIPT.replace("0.5", "0.6"))
    from gutexo.support import bytecode

    bytecode._summarise_code.cache_clear()
    assert names["Mine"]().digest() == before
    script.write_text(SCRIPT.replace("return [y", "return [2 * y"))
    bytecode._summarise_code.cache_clear()
    assert names["Mine"](share=0.5).digest() != before  # no source of it any more
    script.unlink()


def test_it_travels_with_what_was_found_of_its_class(tmp_path):
    """A worker that got the class by value has no source of it."""
    script = tmp_path / "sent.py"
    script.write_text(SCRIPT)
    names = {"__name__": "__main__not"}
    exec(compile(SCRIPT, str(script), "exec", dont_inherit=True), names)
    mine = names["Mine"](share=0.25)
    sent = cloudpickle.dumps([mine, mine.digest(), names["Mine"](share=0.5).digest()])
    script.unlink()
    code = (
        "import sys, pickle; mine, one, other = pickle.load(sys.stdin.buffer);"
        "assert mine.digest() == one != other;"
        "assert mine.model_copy(update={'share': 0.5}).digest() == other;"
        "again = pickle.loads(__import__('cloudpickle').dumps(mine));"
        "assert again.digest() == one and again == mine;"
        "assert set(dict(mine)) == set(mine.model_dump()) == {'start', 'stop', 'share', 'more'};"
        "assert type(mine)(**dict(mine)).digest(); print('same')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=sent, capture_output=True, cwd=ROOT, check=False
    )
    assert done.stdout == b"same\n", done.stderr[-800:]


def test_what_is_sent_within_a_process_is_what_it_was(tmp_path):
    given = GiveExosomes(source=Donors(life=Life(age=90)))
    same = pickle.loads(pickle.dumps(given))
    assert same == given and same.digest() == given.digest() and dict(same) == dict(given)
    vial = Preparation("v", np.ones((2, 4)))
    assert same.resolved(vial).digest() == given.resolved(vial).digest()


def test_a_module_that_was_changed_after_its_import_is_not_silently_another_elsewhere(
    tmp_path, monkeypatch
):
    """A worker imports the module anew, without the change."""
    (tmp_path / "fed.py").write_text(SCRIPT)
    monkeypatch.syspath_prepend(tmp_path)
    import fed

    sent = []
    for factor in (0.3, 5.0):
        fed.FACTOR["a"] = factor
        sent.append(cloudpickle.dumps(fed.Mine()))
    code = (
        "import sys, pickle; sys.path.insert(0, sys.argv[1]);"
        "one, two = [pickle.loads(s) for s in pickle.load(sys.stdin.buffer)];"
        "one.digest()\ntry: two.digest()\nexcept Exception as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        input=cloudpickle.dumps(sent),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stdout.startswith(b"Mine is not the same here"), done.stderr[-800:]
    monkeypatch.delitem(sys.modules, "fed")


def test_a_package_counts_by_name_and_version_and_ones_own_module_by_content(monkeypatch, tmp_path):
    text = USING % "np.exp(1.0)"
    before = digest(text)
    from gutexo.support import content_digest

    monkeypatch.setattr(content_digest, "package_version", lambda module: "another")
    assert digest(text) != before
    monkeypatch.undo()
    monkeypatch.syspath_prepend(tmp_path)
    found = []
    for factor in (1, 2):
        (tmp_path / f"helpers{factor}.py").write_text(
            f"FACTOR = {factor}\nother = open(__file__)\n"
        )
        module = __import__(f"helpers{factor}")
        module.__name__ = "helpers"
        found.append(digest(USING % "helpers.FACTOR", helpers=module))
        found.append(digest(USING % "vars(helpers)", helpers=module))
        module.other.close()
    assert len(set(found)) == 4


def test_content_is_told_where_order_cannot_matter():
    def read(value):
        return ContentDigester().digest(value)

    assert read({"a": 1, "b": 2}) != read({"b": 2, "a": 1})  # a loop over it would differ
    assert read({3, 1, 2}) == read({2, 1, 3})
    assert read([1.0, 2]) == read((1.0, 2))  # JSON knows one of them
    assert read(np.float64(1.5)) == read(1.5) and read(np.int32(3)) == read(3)
    assert read(Plain(1)) != read(Fed(1, []))

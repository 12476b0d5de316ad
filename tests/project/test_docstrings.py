"""Public names say what they are: a sentence, arguments, and what they refuse."""

import inspect

import pytest

import gutexo as gut
from gutexo.body.interventions import Intervention
from gutexo.protocol import exosome_treatments, treatments

PUBLIC = {
    name: getattr(gut, name)
    for name in gut.__all__
    if callable(getattr(gut, name)) and not inspect.ismodule(getattr(gut, name))
}
for module in (exosome_treatments, treatments):
    for name, thing in vars(module).items():
        if isinstance(thing, type) and issubclass(thing, Intervention):
            PUBLIC[name] = thing


def arguments(thing):
    """Names of what is given to it."""
    if hasattr(thing, "model_fields"):
        # Its own only; `thing.__annotations__` may be those of its base.
        return [
            name for name in vars(thing).get("__annotations__", ()) if name in thing.model_fields
        ]
    try:
        signature = inspect.signature(thing)
    except ValueError:
        return []
    kinds = (inspect.Parameter.VAR_POSITIONAL,)
    return [p.name for p in signature.parameters.values() if p.kind not in kinds]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_is_documented(name):
    thing = PUBLIC[name]
    text = inspect.getdoc(thing)
    assert text and text.split("\n\n")[0].rstrip().endswith((".", ":")), name
    for argument in arguments(thing):
        if name == "GutexoError":
            continue
        assert argument in text, f"{name}: {argument} is not described"
    if inspect.isfunction(thing) and "raise GutexoError" in inspect.getsource(thing):
        assert "Raises:" in text, name

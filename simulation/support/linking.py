"""Functions compiled to LLVM bitcode, linked and optimised once for each that Python calls.

numba makes machine code and a wrapper for Python of every function, also of the many that only
compiled functions call, and optimises each again in all its callers. Here every function is first
compiled to bitcode that nothing optimises; compiled code that calls it is linked with that. For a
function that Python calls, all of it is then linked and optimised once, and gets a wrapper. The
numbers are the same, and a first step waits half as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Flags, _make_subtarget, compile_extra, compile_result
from numba.core.dispatcher import _FunctionCompiler  # type: ignore[attr-defined]
from numba.core.environment import lookup_environment
from numba.core.registry import CPUDispatcher

from gutexo.support.compile_cache import CodeCache, MachineCodeCache


class _BitcodeLibrary(JITCodeLibrary):
    """Code of one function, to be linked into others; no machine code is made of it."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True


class _LinkedLibrary(JITCodeLibrary):
    """Code of one function that Python calls, and of all that it calls."""

    def finalize(self) -> None:
        self._linking_libraries = _with_callees(self._linking_libraries)
        super().finalize()


def _with_callees(libraries: Iterable[Any]) -> list[Any]:
    """Return these libraries and all that their code calls, each once."""
    found: dict[Any, None] = {}
    waiting = list(libraries)
    while waiting:
        library = waiting.pop(0)
        if library not in found:
            found[library] = None
            if isinstance(library, _BitcodeLibrary):
                waiting.extend(library._linking_libraries)
    return list(found)


class _FastFlags(Flags):
    """Numba's flags, compared without a call per option, which takes a tenth of compiling."""

    __slots__ = ()

    def __hash__(self) -> int:
        return _HASH_OF_FLAGS

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Flags) and self._values == other._values
        return same or super().__eq__(other)


_HASH_OF_FLAGS = hash(Flags())  # it depends on the names of the options only


def _read_flags(compiler: _FunctionCompiler) -> Any:
    """Return the options of a function as numba's flags."""
    flags = _FastFlags()
    compiler.targetdescr.options.parse_as_flags(flags, compiler.targetoptions)
    return flags


class _BitcodeCompiler(_FunctionCompiler):
    """Compiles a function to bitcode."""

    def _compile_core(self, args: Any, return_type: Any) -> Any:
        flags = _read_flags(self)
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        context = self.targetdescr.target_context
        library = _BitcodeLibrary(context.codegen(), self.py_func.__qualname__)
        result = compile_extra(
            self.targetdescr.typing_context,
            context,
            self.py_func,
            args=args,
            return_type=return_type,
            flags=flags,
            locals=self.locals,
            library=library,
            pipeline_class=self.pipeline_class,
        )
        key = object()  # by which compiled code finds the function
        context.insert_user_function(key, result.fndesc, [library])
        # The annotated source would only be printed by `inspect_types`.
        return result._replace(entry_point=key, type_annotation="")


class _BitcodeDispatcher(CPUDispatcher):
    """A function as compiled code calls it."""

    def __init__(self, function: Callable, options: dict[str, Any]) -> None:
        super().__init__(function, targetoptions=options)
        default: Any = self._compiler  # type: ignore[has-type]
        self._compiler = _BitcodeCompiler(
            function, self.targetdescr, options, {}, default.pipeline_class
        )

    def get_call_template(self, args: Any, kws: Any) -> Any:
        # One compilation for all constants: the optimiser sees them once the code is inlined.
        plain = tuple(map(types.unliteral, args))
        return super().get_call_template(plain, {k: types.unliteral(v) for k, v in kws.items()})

    def add_overload(self, cres: Any) -> None:
        self.overloads[tuple(cres.signature.args)] = cres


class _BitcodeCache(CodeCache):
    """Cache of the bitcode of a function; each file contains that of all that it calls too."""

    kind = "bitcode"

    def reduce(self, result: Any) -> tuple[Any, ...]:
        library = result.library
        module = library._final_module.clone()
        for called in _with_callees(library._linking_libraries):
            module.link_in(called._get_module_for_linking(), preserve=True)
        _, fndesc, *rest = result._replace(library=_Reduced(module))._reduce()
        return (library.name, module.as_bitcode(), fndesc, *rest)

    def rebuild(self, context: Any, name: str, bitcode: bytes, *rest: Any) -> Any:
        fndesc, environment, signature, objectmode, lifted, annotation, inits, environments = rest
        for initialise in inits or ():
            initialise()
        library = _BitcodeLibrary(context.codegen(), name)
        library._final_module = llvm.parse_bitcode(bitcode)
        library.finalize()
        return compile_result(
            target_context=context,
            typing_context=context.typing_context,
            library=library,
            environment=environment,
            entry_point=object(),
            fndesc=fndesc,
            type_annotation=annotation,
            signature=signature,
            objectmode=objectmode,
            lifted=lifted,
            typing_error=None,
            call_helper=None,
            metadata=None,
            reload_init=inits,
            referenced_envs=environments,
        )


class _Reduced:
    """The part of a library that numba reads when it reduces a result."""

    def __init__(self, module: Any) -> None:
        self._final_module = module

    def serialize_using_object_code(self) -> None:
        return None


class _Linker(_FunctionCompiler):
    """Makes machine code, with a wrapper for Python, of the bitcode of a function."""

    def __init__(self, bitcode: _BitcodeDispatcher) -> None:
        of = bitcode._compiler
        super().__init__(of.py_func, of.targetdescr, of.targetoptions, of.locals, of.pipeline_class)
        self._bitcode = bitcode

    def _compile_core(self, args: Any, return_type: Any) -> Any:
        self._bitcode.compile(tuple(args))
        result: Any = self._bitcode.overloads[tuple(args)]
        fndesc, environment = result.fndesc, result.environment
        flags = _read_flags(self)
        context = _make_subtarget(self.targetdescr.target_context, flags)
        library = _LinkedLibrary(context.codegen(), result.library.name)
        library.enable_object_caching()
        library.add_linking_library(result.library)
        with context.push_code_library(library):
            context.subtarget(environment=environment, fndesc=fndesc).create_cpython_wrapper(
                library, fndesc, environment, result.call_helper, flags.release_gil
            )
        entry_point = context.get_executable(library, fndesc, environment)
        for variable in library._final_module.global_variables:
            found = lookup_environment(variable.name)
            if found is not None:
                library.codegen.set_env(variable.name, found)
        return result._replace(library=library, entry_point=entry_point, metadata={})


class CompiledFunction(CPUDispatcher):
    """A function that numba compiles, called by Python or by compiled code.

    Args:
        py_func: The function.
        locals: Types of local variables, as numba takes them.
        targetoptions: Options of the compilation, as numba takes them.
    """

    def __init__(self, py_func: Callable, locals: Any = None, targetoptions: Any = None) -> None:
        options = {"nopython": True, "boundscheck": None, **(targetoptions or {})}
        super().__init__(py_func, locals=locals, targetoptions=options)
        self.bitcode: Any = _BitcodeDispatcher(py_func, options)
        self._compiler = _Linker(self.bitcode)

    @property
    def _numba_type_(self) -> types.Dispatcher:
        return types.Dispatcher(self.bitcode)  # what compiled code calls

    def save_in(self, folder: Path) -> CodeCache:
        """Save compiled code in a folder and load it from there; return the cache of its bitcode.

        Args:
            folder: The folder.
        """
        # The attribute that numba's own `cache=True` sets.
        self._cache = MachineCodeCache(self, folder)
        self.bitcode._cache = _BitcodeCache(self, folder)
        return self.bitcode._cache

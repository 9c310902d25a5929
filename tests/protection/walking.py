"""The walk: every public function of every module, found by looking, called, and all that comes of it collected."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from django.db import transaction

import kyufu
from kyufu.platform.errors import KyufuError
from tests.protection.arguments import Values, is_exempt, values
from tests.protection.markers import betrayed_in, texts_in
from tests.protection.prepared import CALLS
from tests.protection.scene import Scene

# Modules below the registry cannot ask it for anything: `test_walk.py` looks that they do not read its tables either.
BELOW_THE_REGISTRY = ("staff", "mynumber")
UNKNOWN = "add a value for its parameters {} to tests/protection/arguments.py, so that the walk covers it"


@dataclass
class Walked:
    """What came of calling a function: every text of it, and whether it was refused."""

    name: str
    said: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answered: int = 0

    @property
    def betrayed(self) -> set[str]:
        """The secrets that it tells."""
        return set().union(*map(betrayed_in, self.said), *map(betrayed_in, self.refused))


def public_functions() -> dict[str, Callable[..., Any]]:
    """Every public function of every api module of Kyufu, by `module.function`; those of modules behind it too."""
    found: dict[str, Callable[..., Any]] = {}
    for place in pkgutil.walk_packages(kyufu.__path__, "kyufu."):
        module = place.name.removeprefix("kyufu.").removesuffix(".api")
        if place.name.endswith(".api") and module.split(".")[0] not in BELOW_THE_REGISTRY:
            found |= _functions_of(importlib.import_module(place.name), name=module)
    return found


def _functions_of(door: ModuleType, *, name: str) -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for public in _public_names(door):
        value = getattr(door, public)
        if inspect.ismodule(value):
            found |= _functions_of(value, name=f"{name}.{public}")
        elif inspect.isfunction(value):
            found[f"{name}.{public}"] = value
    return found


def _public_names(door: ModuleType) -> list[str]:
    listed = getattr(door, "__all__", None)
    if listed is not None:
        return list(listed)
    own = inspect.getmembers(door, lambda value: getattr(value, "__module__", "") == door.__name__)
    return [name for name, _ in own if not name.startswith("_")]


def walk_function(name: str, function: Callable[..., Any], *, scene: Scene) -> Walked:
    """Call a function with everything that there is to call it with, and undo what it did."""
    walked = Walked(name)
    for call in calls_of(name, function, scene=scene):
        printed = io.StringIO()
        with undone(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                walked.said += texts_in(call())
                walked.answered += 1
            except KyufuError as error:
                walked.refused += texts_in(error)
        walked.said.append(printed.getvalue())
    return walked


def missing_arguments(name: str, function: Callable[..., Any], *, known: Values) -> list[str]:
    """The parameters that the walk has no value for."""
    if name in CALLS or is_exempt(name):
        return []
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in known and parameter.default is inspect.Parameter.empty
    ]


def calls_of(name: str, function: Callable[..., Any], *, scene: Scene) -> Iterator[Callable[[], object]]:
    """The calls of a function with everything that there is to call it with."""
    if name in CALLS:
        yield lambda: CALLS[name](scene)
        return
    known = values(scene)
    parameters = [one for one in inspect.signature(function).parameters.values() if one.name in known]
    for turn in range(max((len(known[one.name]) for one in parameters), default=1)):
        yield lambda turn=turn: _call(function, parameters=parameters, known=known, turn=turn)


def _call(
    function: Callable[..., Any], *, parameters: list[inspect.Parameter], known: Values, turn: int
) -> object:
    chosen = {one.name: known[one.name][min(turn, len(known[one.name]) - 1)] for one in parameters}
    positional = [chosen.pop(one.name) for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    answer = function(*positional, **chosen)
    return list(answer) if inspect.isgenerator(answer) else answer


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back; marked as a test's own, so that an access may be opened within it."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)

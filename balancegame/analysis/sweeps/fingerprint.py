"""What a sweep's results depend on, as text: to tell whether a store was written for it."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from balancegame._numbers import exact_value
from balancegame.alliances.balancing import BalancingModel
from balancegame.analysis.sweeps.plan import Plan
from balancegame.analysis.sweeps.point import PointFunction
from balancegame.world.world import World


def inputs_of(plan: Plan) -> dict[str, str]:
    """The inputs by name, each as text that differs wherever results may."""
    source = plan.source
    return {
        "model": _text(source.model),
        "world": _text(source.world),
        "actions": ", ".join(source.actions),
        "hegemon": source.hegemon,
        "grid": json.dumps({axis.name: [_text(v) for v in axis.values] for axis in plan.axes}),
        "measure": json.dumps(
            [[one.name, one.kind, _text(one.function), _text(one.profile)] for one in plan.measures]
        ),
        "on_error": plan.on_error,
        "chunks": str(plan.block_size),
        "version of balancegame": plan.version,
    }


def fingerprint(inputs: Mapping[str, str]) -> str:
    """The inputs' SHA-256."""
    return hashlib.sha256(json.dumps(dict(inputs), sort_keys=True).encode()).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, BalancingModel):
        return json.dumps({k: _text(v) for k, v in value.parameters().items()})
    if isinstance(value, World):
        numbers = [_text(list(part)) for part in value.given]
        return json.dumps([list(value.names), value.threat, *numbers])
    if isinstance(value, float):
        exact = exact_value(value)
        return value.hex() if exact is None else str(exact)
    if isinstance(value, Mapping):
        return json.dumps({str(k): _text(v) for k, v in value.items()})
    if isinstance(value, list | tuple):
        return json.dumps([_text(v) for v in value])
    if isinstance(value, PointFunction):
        return f"{value.of}: {_text(value.function)}"
    if callable(value):
        return _function_text(value)
    return repr(value)


def _function_text(function: Callable[..., Any]) -> str:
    """A function by what it does: its name, code, and the values it has brought along."""
    code = getattr(function, "__code__", None)
    if code is None:
        name = getattr(function, "__qualname__", None)
        if name is not None:
            return f"{getattr(function, '__module__', '')}.{name}"
        return hashlib.sha256(pickle.dumps(function)).hexdigest()
    cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    brought = [
        getattr(function, "__defaults__", None),
        getattr(function, "__kwdefaults__", None),
        *cells,
    ]
    digest = hashlib.sha256(_code_text(code).encode())
    for one in brought:
        digest.update(_text(one).encode())
    return f"{function.__module__}.{function.__qualname__} {digest.hexdigest()}"


def _code_text(code: CodeType) -> str:
    """Instructions, constants and names; not where in a file they stand."""
    constants = [
        _code_text(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts
    ]
    return repr((code.co_code.hex(), constants, code.co_names, code.co_varnames))

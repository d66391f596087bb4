"""Random points at which expressions are tried: what takes both signs needs no proof of one."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COUNT = 512
_NEAR_ZERO = 1e-9


def signs_seen(expression: Any, points: NDArray[np.bool_]) -> frozenset[int]:
    """-1 and 1, as far as they occur at the marked points; what is too near to 0 counts as none."""
    with np.errstate(all="ignore"):
        found = np.broadcast_to(_value(expression, {}), (COUNT,))[points]
    return frozenset(
        s for s, seen in ((1, found > _NEAR_ZERO), (-1, found < -_NEAR_ZERO)) if seen.any()
    )


def where_sign(expression: Any, signs: frozenset[int]) -> NDArray[np.bool_]:
    """The points at which an expression has one of some signs."""
    with np.errstate(all="ignore"):
        found = np.broadcast_to(_value(expression, {}), (COUNT,))
        return np.isin(np.sign(found), list(signs)) & np.isfinite(found)


def _value(node: Any, seen: dict[Any, Any]) -> Any:
    if node in seen:
        return seen[node]
    if node.is_Symbol:
        found = _sample(node)
    elif node.is_number:
        found = float(node) if node.is_extended_real else np.nan
    else:
        found = _operation(node, [_value(part, seen) for part in node.args])
    seen[node] = found
    return found


def _operation(node: Any, parts: list[Any]) -> Any:
    if node.is_Add:
        return sum(parts)
    if node.is_Mul:
        product: Any = 1.0
        for part in parts:
            product = product * part
        return product
    if node.is_Pow:
        return np.power(parts[0], parts[1])
    if isinstance(node, sp.exp):
        return np.exp(parts[0])
    if isinstance(node, sp.log):
        return np.log(parts[0])
    return np.nan  # not tried


def _sample(symbol: Any) -> Floats:
    """A symbol's values, the same ones always; of both magnitudes and signs where allowed."""
    rng = np.random.default_rng(zlib.crc32(symbol.name.encode()))
    small, large = rng.uniform(0.0, 1.0, COUNT), np.exp(rng.uniform(-4.0, 4.0, COUNT))
    values = np.where(rng.random(COUNT) < 0.7, small, large)
    if symbol.is_nonnegative:
        return values
    if symbol.is_nonpositive:
        return -values
    return values * np.where(rng.random(COUNT) < 0.5, 1.0, -1.0)

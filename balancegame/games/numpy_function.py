"""Sympy expressions as numpy functions of named arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, final

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_known
from balancegame._numbers import shorten
from balancegame._words import counted, listed
from balancegame.errors import (
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    UnknownParameterError,
)
from balancegame.games.narrow_text import wrapped


@final
class NumpyFunction:
    """One or more expressions as a fast function of arrays that broadcast together; picklable.

    Attributes
    ----------
    expressions : tuple of sympy expressions or conditions
    names : tuple of str
        The arguments, by name: ``f(x=..., y=...)``, or ``f({"x": ..., "y": ...})``. Those that do
        not occur in the expressions may be left out.

    Examples
    --------
    >>> import sympy
    >>> from balancegame.games.numpy_function import NumpyFunction
    >>> x, y = sympy.symbols("x y")
    >>> NumpyFunction(x * y)(x=[1, 2], y=3)
    array([3., 6.])
    """

    __slots__ = ("_call", "_single", "_symbols", "_used", "expressions", "names")
    expressions: tuple[Any, ...]
    names: tuple[str, ...]

    def __init__(self, expressions: Any, symbols: Sequence[Any] | None = None) -> None:
        single = not isinstance(expressions, tuple)
        listed: tuple[Any, ...] = (expressions,) if single else expressions
        used: set[Any] = set().union(*(one.free_symbols for one in listed))
        arguments = sorted(used, key=lambda one: one.name) if symbols is None else list(symbols)
        self.expressions = listed
        self.names = tuple(one.name for one in arguments)
        self._symbols = tuple(arguments)
        self._used = frozenset(one.name for one in used)
        self._single = single
        plain = [sp.Dummy() for _ in arguments]  # names such as "power of A" are no identifiers
        replaced: dict[Any, Any] = dict(zip(arguments, plain, strict=True))
        for one in listed:
            replaced |= {number: number.evalf(17) for number in one.atoms(sp.CRootOf)}
        self._call = sp.lambdify(
            plain, [one.xreplace(replaced) for one in listed], modules="numpy", cse=True
        )

    def __call__(self, values: Mapping[Any, ArrayLike] | None = None, /, **named: ArrayLike) -> Any:
        """The value, or a list of values for several expressions; nan where it is not defined."""
        given = read_arrays(values, named, self.names)
        missing = [name for name in self.names if name in self._used and name not in given]
        if missing:
            message = f"no value is given for {listed(missing)}; give arrays that broadcast"
            raise InvalidParameterError(message)
        arrays = [given.get(name, np.zeros(())) for name in self.names]
        shape = np.broadcast_shapes(*(one.shape for one in arrays))
        with np.errstate(all="ignore"):
            found = [_shaped(one, shape) for one in self._call(*arrays)]
        return found[0] if self._single else found

    def __reduce__(self) -> tuple[Any, ...]:
        expressions = self.expressions[0] if self._single else self.expressions
        return NumpyFunction, (expressions, self._symbols)

    def __repr__(self) -> str:
        what = (
            str(self.expressions[0])
            if self._single
            else counted(len(self.expressions), "expression")
        )
        return wrapped(f"NumpyFunction({', '.join(self.names)}): {what}")


def read_arrays(
    values: Mapping[Any, ArrayLike] | None, named: Mapping[str, ArrayLike], names: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Arrays by name, from {name or symbol: array} and keywords.

    Raises
    ------
    UnknownParameterError, InvalidTypeError
    InvalidShapeError
        They do not broadcast together.
    """
    if values is not None and not isinstance(values, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"values is {shorten(values)}; give a mapping {{name: array}}, or keywords"
        raise InvalidTypeError(message)
    found: dict[str, NDArray[np.float64]] = {}
    for key, value in [*(values or {}).items(), *named.items()]:
        name = key.name if isinstance(key, sp.Symbol) else key
        check_known(name, names, "argument", UnknownParameterError)
        found[name] = float_array(value, name)
    try:
        np.broadcast_shapes(*(one.shape for one in found.values()))
    except ValueError:
        shapes = ", ".join(f"{name}: {one.shape}" for name, one in found.items())
        message = (
            f"the arrays do not broadcast together ({shapes}); for a grid: x[:, None], y[None]"
        )
        raise InvalidShapeError(message) from None
    return found


def float_array(value: ArrayLike, name: str) -> NDArray[np.float64]:
    """An array of floats; Fractions are rounded, text and complex numbers refused."""
    try:
        given = np.asarray(value)
        if given.dtype.kind in "iufb":
            return given.astype(np.float64)
        if given.dtype.kind == "O":
            return np.array([float(one) for one in given.ravel()]).reshape(given.shape)
    except (TypeError, ValueError, OverflowError):
        pass
    message = f"{name} is {shorten(value)}; give a number, or an array of numbers"
    raise InvalidTypeError(message)


def _shaped(value: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """Of the arguments' common shape: constants come back from sympy as single numbers."""
    array = np.asarray(value)
    if array.dtype == object:
        array = array.astype(
            np.bool_ if isinstance(value, bool | sp.logic.boolalg.Boolean) else float
        )
    return np.array(np.broadcast_to(array, shape))

"""Sympy expressions as numpy functions of named arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, final

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_known
from balancegame._words import counted, listed
from balancegame.errors import InvalidParameterError, UnknownParameterError
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

    def __call__(self, values: Mapping[str, ArrayLike] | None = None, /, **named: ArrayLike) -> Any:
        """The value, or a list of values for several expressions; nan where it is not defined."""
        given = dict(values or {}) | named
        for name in given:
            check_known(name, self.names, "argument", UnknownParameterError)
        missing = [name for name in self.names if name in self._used and name not in given]
        if missing:
            message = f"no value is given for {listed(missing)}; give arrays that broadcast"
            raise InvalidParameterError(message)
        arrays = [np.asarray(given.get(name, 0.0), dtype=np.float64) for name in self.names]
        shape = np.broadcast_shapes(*(one.shape for one in arrays)) if arrays else ()
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


def _shaped(value: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """Of the arguments' common shape: constants come back from sympy as single numbers."""
    array = np.asarray(value)
    if array.dtype == object:
        array = array.astype(
            np.bool_ if isinstance(value, bool | sp.logic.boolalg.Boolean) else float
        )
    return np.array(np.broadcast_to(array, shape))

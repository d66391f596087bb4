"""Matrices of some tens of rows on one thread.

OpenBLAS spreads even these over all processors, and its threads wait for each other by spinning:
on a busy machine that is ten times slower than one thread.
"""

from __future__ import annotations

import ctypes
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

_NAMES = (
    "scipy_openblas_{}_num_threads64_",
    "scipy_openblas_{}_num_threads",
    "openblas_{}_num_threads64_",
    "openblas_{}_num_threads",
)


@contextmanager
def one_blas_thread() -> Generator[None, None, None]:
    """Keep numpy's and scipy's linear algebra to one thread meanwhile, where OpenBLAS does it."""
    before = [(setter, getter()) for setter, getter in _functions()]
    for setter, _ in before:
        setter(1)
    try:
        yield
    finally:
        for setter, number in before:
            setter(number)


@cache
def _functions() -> list[tuple[Any, Any]]:
    """Those that set and read the number of threads, for each copy of OpenBLAS that is found."""
    from numpy.linalg import _umath_linalg  # noqa: PLC0415
    from scipy.linalg import _fblas  # noqa: PLC0415 (slow to import, needed here only)

    return [pair for module in (_umath_linalg, _fblas) for pair in _of(module.__file__)]


def _of(file: str) -> list[tuple[Any, Any]]:
    try:
        library = ctypes.CDLL(file)  # names are looked up in what it was linked with, too
    except OSError:  # pragma: no cover (an unusual build)
        return []
    for name in _NAMES:
        setter = getattr(library, name.format("set"), None)
        getter = getattr(library, name.format("get"), None)
        if setter is not None and getter is not None:
            setter.argtypes, setter.restype = [ctypes.c_int], None
            getter.argtypes, getter.restype = [], ctypes.c_int
            return [(setter, getter)]
    return []  # pragma: no cover (another library)

"""Functions that run as plain Python or compiled, with the same results.

The compiler is slow the first time: a search for which it would work many seconds takes plain
Python a fraction of a second in a small game. So it is loaded only where `Kernel.compiled` is first
called, and plain Python is given a short time in each process before that.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from time import thread_time
from typing import Any

_OPTIONS = {"nogil": True, "error_model": "numpy"}
# What other kernels call needs no way in from Python, and no file of its own.
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


class Kernel:
    """A function to be called as plain Python, or compiled by way of `compiled`.

    Within compiled kernels other kernels are compiled too. One that is ``inlined`` is compiled as a
    part of its caller: the compiler optimises what a function calls with each function above it
    anew, so that large ones between the first and the small ones take long.
    """

    def __init__(self, function: Callable[..., Any], *, inlined: bool = False) -> None:
        self.__doc__ = function.__doc__
        self.py_func = function
        self.targetoptions = {"inline": "always"} if inlined else {}  # the compiler looks here
        self._compiled: Callable[..., Any] | None = None
        self._inner: Any = None

    def __call__(self, *arguments: Any) -> Any:
        return self.py_func(*arguments)

    @property
    def compiled(self) -> Callable[..., Any]:
        """The compiled function, kept on disk from the first call on."""
        with _lock:
            if self._compiled is None:
                from numba import njit  # noqa: PLC0415

                self._compiled = njit(**_OPTIONS, cache=True)(self.py_func)
                plain_time.left = 0.0
            return self._compiled

    @property
    def _numba_type_(self) -> Any:
        """What the compiler, which holds a lock of its own, takes this for in compiled code."""
        if self._inner is None:
            from numba import njit  # noqa: PLC0415

            self._inner = njit(**_OPTIONS, **_INNER)(self.py_func)
        return self._inner._numba_type_


class PlainTime:
    """Seconds that plain Python may take before work goes to the compiler.

    None are left once a search has been compiled, or loaded: from then on that is faster.
    """

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    @contextmanager
    def spent(self) -> Generator[None, None, None]:
        """Take off what this thread's work takes."""
        begin = thread_time()
        try:
            yield
        finally:
            self.left -= thread_time() - begin


_lock = Lock()
plain_time = PlainTime(0.5)
kernel = Kernel
inlined_kernel = partial(Kernel, inlined=True)

"""Settings of the processes that share the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

os.environ["MPLBACKEND"] = "Agg"  # no test opens a window

_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker is not None:
    # Two processes that compile the same kernel can spoil each other's cache (numba 0.68, ours and
    # QuantEcon's): each has its own.
    _caches = Path(__file__).parent / ".pytest_cache" / "numba"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_caches / _worker))
    # pytest-xdist hands its terminal's width on, for which output to a pipe would be laid out.
    os.environ.pop("COLUMNS", None)


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    """Of tests, doctests and pages alike: matplotlib warns of the 21st in a process."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")

"""Kernels as plain Python and compiled: the same results, and no compiler for small games."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from balancegame._kernels import support_profiles, support_search
from balancegame._kernels.kernel import PlainTime, inlined_kernel, kernel, plain_time


@kernel
def _halves(x):
    return 0.5 * x


@inlined_kernel
def _greater(x, y):
    if x > y:
        return x
    return y


@kernel
def _greatest_half(values):
    most = -np.inf
    for value in values:
        most = _greater(most, _halves(value))
    return most


@pytest.mark.compiled
def test_kernels_call_kernels():
    values = np.array([3.0, 8.0, -1.0])
    assert _greatest_half(values) == _greatest_half.compiled(values) == 4.0
    assert _greatest_half.compiled is _greatest_half.compiled


def test_plain_time_runs_out():
    time = PlainTime(1e-9)
    with time.spent():
        sum(range(1000))
    assert time.left < 0.0


def _solve(payoffs, record_room):
    """All that the walk and the search write."""
    n, shape = len(payoffs), payoffs.shape[1:]
    tables, sizes = payoffs.reshape(n, -1).copy(), np.array(shape)
    supports = np.zeros((1000, n), dtype=np.int64)
    tree = support_profiles.tree(shape)
    supports = supports[: support_profiles.next_supports(tables, sizes, *tree, supports)]
    outcome = np.full((len(supports), 2), support_search.STOPPED)
    roots, facts = np.zeros((100, sum(shape))), np.zeros((100, 4))
    record, stop = np.zeros(record_room), np.array([0, 200])
    given = np.empty((1, 0))
    found = support_search.search_supports(
        tables, np.zeros(n), sizes, supports, given, 1e-6, stop, outcome, roots, facts, record
    )
    return [supports, outcome, roots[:found], facts[:found], record]


@pytest.mark.compiled
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 4), (2, 2, 2, 2), (3, 3, 3)])
@pytest.mark.parametrize("most", [1, 100])
def test_plain_and_compiled_search_are_one(monkeypatch, shape, most):
    """Games with many ties, of which plain Python leaves supports to the compiler, and without."""
    rng = np.random.default_rng(len(shape) * most)
    payoffs = rng.integers(-most, most + 1, size=(len(shape), *shape)) / 128.0
    monkeypatch.setattr(plain_time, "left", np.inf)
    plain = _solve(payoffs, 1 << 16)
    monkeypatch.setattr(plain_time, "left", 0.0)
    compiled = _solve(payoffs, 1 << 16)
    for ours, theirs in zip(plain, compiled, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_small_games_load_no_compiler():
    lines = (
        "import sys, numpy as np, balancegame as bg",
        "payoffs = np.random.default_rng(0).integers(-100, 101, size=(3, 3, 3, 3))",
        "found = bg.nash_equilibria(bg.NormalFormGame(payoffs))",
        "print(len(found), 'numba' in sys.modules)",
    )
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["3", "False"]

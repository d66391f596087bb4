"""Good alignments of many states: tabu search from many starts, with kicks in between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.alignment_descent import descend_all
from balancegame._kernels.alignment_tabu import tabu_search
from balancegame._progress import report
from balancegame.solvers.alignments.couplings import Couplings

Integers = NDArray[np.int64]


def best_found(couplings: Couplings, rng: np.random.Generator, *, starts: int) -> Integers:
    """Local minima met by tabu search, one a start, as rows of +1 and -1, shape (starts, n).

    Odd starts kick the best so far (Benlic & Hao's breakout search), even ones are random.
    """
    n = couplings.game.n_states
    state = np.array([int(rng.integers(1, 2**31 - 1))], dtype=np.int64)
    search = tabu_search.compiled
    found = np.empty((starts, n), dtype=np.int64)
    best, record = np.ones(n, dtype=np.int64), None
    for count in range(starts):
        start = rng.choice(np.array([-1, 1], dtype=np.int64), n)
        if count % 2:
            kept = rng.random(n) > 0.2
            start[kept] = best[kept]
        value = search(couplings.lead, start, 200 + 20 * n, n // 10 + 1, state, found[count])
        if record is None or value > record:
            best, record = found[count].copy(), value
        report("tabu search", count + 1, starts)
    descend_all.compiled(0, starts, found, *couplings.kernel_arguments)
    return found

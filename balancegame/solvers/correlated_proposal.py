"""A basis of the linear program, as far as floats can tell: HiGHS's, or the one to start from.

Only the *core* of a basis is kept: the columns in it, and as many rows that hold with equality,
their matrix nonsingular. Of the other rows the slack is in the basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import available_memory, format_bytes
from balancegame.errors import TableTooLargeError
from balancegame.solvers.correlated_program import CorrelatedProgram
from balancegame.solvers.integer_table import Floats, Objects

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Core = tuple[list[int], list[int]]
"""Columns, and as many rows."""

_FEW_PROFILES = 16  # up to here the simplex method in integers takes a millisecond or two
_ZERO = 1e-9
_TOLERANCE = 1e-10  # the smallest that HiGHS takes
_PRIME = (1 << 31) - 1  # products of two residues fit 64 bits
_BYTES_AN_ENTRY = 100  # of the sparse matrix, with HiGHS's copies
_SAFE = 2.0**1000


def proposed_core(program: CorrelatedProgram) -> Core:
    """A nonsingular core, optimal or nearly so where floats serve."""
    if program.n_profiles > _FEW_PROFILES and program.incentives:
        core = _highs_core(program)
        if core is not None:
            return core
    # The costliest profile alone, all incentives slack: no other profile has a larger cost.
    best = 0 if program.least else int(np.argmax(_float_costs(program)))
    return [best], [program.total]


def _highs_core(program: CorrelatedProgram) -> Core | None:
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    solved: Any = linprog(
        -_float_costs(program),
        A_ub=_constraints(program),
        b_ub=np.zeros(program.total),
        A_eq=_ones(program),
        b_eq=[1.0],
        bounds=(0, None),
        method="highs-ds",
        options={
            "presolve": False,  # costs more than it saves: there are few rows
            "primal_feasibility_tolerance": _TOLERANCE,
            "dual_feasibility_tolerance": _TOLERANCE,
        },
    )
    if solved.x is None:
        return None
    played = _descending(solved.x, _ZERO)
    charged = _descending(-solved.ineqlin.marginals, _ZERO)
    tight = np.setdiff1d(np.flatnonzero(solved.slack <= _ZERO), charged)
    # With few columns or rows in a degenerate basis: what could stand in at no cost.
    free = np.setdiff1d(np.flatnonzero(np.abs(solved.lower.marginals) <= _ZERO), played)
    free = free[: 2 * program.n_rows]
    rows = [program.total, *charged.tolist(), *tight.tolist()]
    columns = np.append(played, free)
    matrix = program.columns(columns)[rows]
    pairs = _nonsingular(matrix, n_rows=1 + len(charged), n_columns=len(played))
    core = [int(columns[k]) for _, k in pairs], [rows[j] for j, _ in pairs]
    return core if program.total in core[1] else None


def _descending(values: Floats, least: float) -> NDArray[np.intp]:
    """The places of values above a bound, the largest first."""
    found = np.flatnonzero(values > least)
    return found[np.argsort(-values[found], kind="stable")]


def _nonsingular(matrix: Objects, *, n_rows: int, n_columns: int) -> list[tuple[int, int]]:
    """Rows paired with columns, such that their matrix is nonsingular: modulo a prime.

    Elimination takes a pivot for each of the first `n_columns` columns, in the first `n_rows` rows
    as far as they go, then in the others; and for those of the first rows that are left, in the
    other columns.
    """
    left = (matrix % _PRIME).astype(np.int64)
    open_rows = np.ones(len(left), dtype=bool)
    pairs: list[tuple[int, int]] = []
    for k in range(left.shape[1]):
        reach = len(left) if k < n_columns else n_rows
        able = np.flatnonzero(open_rows[:reach] & (left[:reach, k] != 0))
        if not len(able):
            continue
        j = int(able[0])
        open_rows[j] = False
        pairs.append((j, k))
        factors = left[:, k] * pow(int(left[j, k]), -1, _PRIME) % _PRIME
        factors[~open_rows] = 0
        left = (left - factors[:, None] * left[j] % _PRIME) % _PRIME
        if not open_rows[:n_rows].any() and k + 1 >= n_columns:
            break
    return pairs


def _float_costs(program: CorrelatedProgram) -> Floats:
    """The costs, at most 1 in size."""
    if program.least:
        return np.append(np.zeros(program.n_profiles), 1.0)
    if program.table is not None:
        return program.table.scaled()
    tables = [
        (factor * one.denominator, one)
        for factor, one in zip(program.factors, program.tables, strict=True)
        if factor
    ]
    top = max((v.bit_length() + one.exponent for v, one in tables), default=0)
    found = np.zeros(program.n_profiles)
    for value, one in tables:
        cut = max(0, value.bit_length() - 64)
        shift = cut + one.exponent - top
        found += np.ldexp(float(value >> cut), shift) * one.scaled()
    return found


def _ones(program: CorrelatedProgram) -> Floats:
    ones = np.ones((1, program.n_columns))
    ones[0, program.n_profiles :] = 0.0
    return ones


def _constraints(program: CorrelatedProgram) -> csr_array:
    """All rows but the sum, each divided by its largest entry."""
    from scipy.sparse import csr_array  # noqa: PLC0415

    check_constraints_fit(program)
    entries: list[Floats] = []
    places: list[NDArray[np.intp]] = []
    lengths: list[int] = []
    profiles = np.arange(program.n_profiles).reshape(program.shape)
    for i, m in enumerate(program.shape):
        if m == 1:
            continue
        gains = _gains(program, i)
        others = np.moveaxis(profiles, i, 0).reshape(m, -1)
        apart = ~np.eye(m, dtype=bool)
        where = np.broadcast_to(others[:, None], gains.shape)
        if program.coarse:
            gains, where = gains.swapaxes(0, 1), where.swapaxes(0, 1)
        rows = m if program.coarse else m * (m - 1)
        entries.append(_row_by_row(gains[apart], rows))
        places.append(where[apart].reshape(-1))
        lengths += [len(places[-1]) // rows] * rows
    if program.least:
        _append_fairness(program, entries, places, lengths)
    return csr_array(
        (np.concatenate(entries), np.concatenate(places), np.cumsum([0, *lengths])),
        shape=(program.total, program.n_columns),
    )


def _gains(program: CorrelatedProgram, player: int) -> NDArray[Any]:
    """``gains[a, b, r]``: by playing b for a against the others' joint action r; rounded once."""
    game = program.game
    table: NDArray[Any] = (
        game.exact_payoffs[player] if game.has_rounded_payoffs else game.payoffs[player]
    )
    if not game.has_rounded_payoffs and np.abs(table).max() > _SAFE:
        table = table / _SAFE
    own = np.moveaxis(table, player, 0).reshape(game.shape[player], -1)
    return own[None] - own[:, None]


def _row_by_row(gains: NDArray[Any], rows: int) -> Floats:
    gains = gains.reshape(rows, -1)
    largest = np.abs(gains).max(axis=1, keepdims=True)
    largest[largest == 0] = 1
    return (gains / largest).astype(np.float64).reshape(-1)


def _append_fairness(
    program: CorrelatedProgram,
    entries: list[Floats],
    places: list[NDArray[np.intp]],
    lengths: list[int],
) -> None:
    """The least payoff, in units of the widest range of payoffs, less each player's."""
    tables = [np.asarray(one, dtype=np.float64) for one in program.game.payoffs / 2.0]
    floor = min(float(one.min()) for one in tables)
    widest = max(float(one.max()) - floor for one in tables) or 1.0
    for one in tables:
        entries.append(np.append((floor - one.reshape(-1)) / widest, 1.0))
        places.append(np.arange(program.n_columns))
        lengths.append(program.n_columns)


def check_constraints_fit(program: CorrelatedProgram) -> None:
    """Refuse a game whose constraints would not fit in memory, before allocating them."""
    entries = program.n_profiles * (
        sum(m - 1 for m in program.shape) + (program.game.n_players if program.least else 0)
    )
    needed, available = entries * _BYTES_AN_ENTRY, available_memory()
    if needed > available:
        message = (
            f"the incentive constraints of {program.n_profiles:,} profiles have {entries:,} "
            f"entries = {format_bytes(needed)}, but {format_bytes(available)} of memory are "
            "available; use fewer players or fewer actions"
        )
        raise TableTooLargeError(message)

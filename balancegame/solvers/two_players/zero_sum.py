"""Zero-sum and constant-sum games: the value, and all optimal strategies, by linear programming."""

from __future__ import annotations

from fractions import Fraction

from balancegame._checks import check_flag, check_type
from balancegame._words import counted
from balancegame.errors import InvalidShapeError, NotZeroSumError
from balancegame.games.equilibrium_lists import ExactEquilibria, Strategy
from balancegame.games.integer_payoffs import IntegerPayoffs, integer_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.polytopes.linear_program import optimal_basis, optimal_strategies
from balancegame.solvers.polytopes.polytope import best_response_polytopes
from balancegame.solvers.polytopes.vertices import profile_order, strategy
from balancegame.solvers.two_players.nash_subsets import vertex_array


def zero_sum_equilibria(game: NormalFormGame, *, extreme_points: bool = False) -> NashResult:
    """An equilibrium of a two-player zero-sum game by linear programming; on request, all.

    Parameters
    ----------
    game : NormalFormGame
        Of two players whose payoffs have the same sum in every profile.
    extreme_points : bool
        Find every extreme point of either player's optimal strategies. The equilibria are all
        pairs of them (von Neumann & Morgenstern 1944: optimal strategies are interchangeable), and
        `complete` is True.

    Returns
    -------
    NashResult
        Exact. One equilibrium, with `complete` False, or all extreme ones, which form a single
        component, one Nash subset. The value of the game is ``result[0].exact_payoffs[0]``.

    Raises
    ------
    NotZeroSumError
        The sums differ.
    InvalidShapeError
        The game has not two players.

    Notes
    -----
    HiGHS proposes an optimal basis of each linear program and exact arithmetic accepts it;
    otherwise the simplex method is run in integers. Extreme points are found by a walk over the
    bases of the optimal face, of which there can be exponentially many.

    Examples
    --------
    >>> import balancegame as bg
    >>> A = [[1, -1, 1], [-1, 1, -1]]
    >>> game = bg.NormalFormGame.from_arrays(A, [[-v for v in row] for row in A])
    >>> result = bg.zero_sum_equilibria(game, extreme_points=True)
    >>> len(result), result[0].exact_payoffs[0], result.complete
    (2, Fraction(0, 1), True)
    """
    check_type(game, NormalFormGame, "game")
    check_flag(extreme_points, "extreme_points")
    if game.n_players != 2:
        message = f"the game has {counted(game.n_players, 'player')}; zero_sum_equilibria needs 2"
        raise InvalidShapeError(message)
    payoffs = integer_payoffs(game)
    _check_constant_sum(game, payoffs)
    strategies: list[list[Strategy]] = []
    for polytope in best_response_polytopes(payoffs):
        basis = optimal_basis(polytope)
        strategies.append(
            optimal_strategies(polytope, basis) if extreme_points else [strategy(polytope, basis)]
        )
    first, second = strategies
    pairs = [(i, j) for i in range(len(first)) for j in range(len(second))]
    pairs.sort(key=lambda pair: profile_order(first[pair[0]], second[pair[1]]))
    reason = (
        "all pairs of extreme optimal strategies are listed: in a constant-sum game these are the "
        "extreme equilibria"
        if extreme_points
        else "one pair of optimal strategies; extreme_points=True finds all"
    )
    subset = vertex_array(first), vertex_array(second)
    return NashResult(
        game,
        ExactEquilibria(
            game,
            payoffs,
            (first, second),
            pairs,
            [1 if extreme_points and len(pairs) == 1 else None] * len(pairs),
        ),
        method="linear programming",
        parameters={"extreme_points": extreme_points},
        complete=extreme_points,
        reason=reason,
        components=((subset,),) if extreme_points else None,
        component_indices=(1,) if extreme_points else None,
        membership=(0,) * len(pairs) if extreme_points else None,
    )


def is_constant_sum(payoffs: tuple[IntegerPayoffs, ...]) -> bool:
    """Whether the two players' payoffs have the same sum in every profile, exactly."""
    return _differing_cell(payoffs) is None


def _differing_cell(payoffs: tuple[IntegerPayoffs, ...]) -> tuple[int, int] | None:
    mine, its = payoffs
    sums = [
        [a * its.denominator + b * mine.denominator for a, b in zip(*rows, strict=True)]
        for rows in zip(mine.matrix, its.matrix, strict=True)
    ]
    for i, row in enumerate(sums):
        for j, value in enumerate(row):
            if value != sums[0][0]:
                return i, j
    return None


def _check_constant_sum(game: NormalFormGame, payoffs: tuple[IntegerPayoffs, ...]) -> None:
    cell = _differing_cell(payoffs)
    if cell is None:
        return
    common = payoffs[0].denominator * payoffs[1].denominator
    sums = [
        Fraction(
            payoffs[0].matrix[a][b] * payoffs[1].denominator
            + payoffs[1].matrix[a][b] * payoffs[0].denominator,
            common,
        )
        for a, b in ((0, 0), cell)
    ]
    where = [f"({game.actions[0][a]}, {game.actions[1][b]})" for a, b in ((0, 0), cell)]
    message = (
        f"the payoffs sum to {float(sums[0]):g} at {where[0]}, but to {float(sums[1]):g} at "
        f"{where[1]}; a zero-sum game has one sum. Floats count at their exact binary value: give "
        'decimals as text, such as "0.1". For other games use nash_equilibria'
    )
    raise NotZeroSumError(message)

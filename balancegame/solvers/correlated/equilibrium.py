"""The best correlated equilibrium of a game, by any linear objective, with its proof."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from balancegame._checks import check_flag, check_type
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.correlated.exact_simplex import Optimum, optimum
from balancegame.solvers.correlated.objective import Objective, read_objective
from balancegame.solvers.correlated.program import CorrelatedProgram
from balancegame.solvers.correlated.proposal import proposed_core
from balancegame.solvers.correlated.result import CorrelatedResult

_REASON = (
    "Proven best: with the incentive constraints charged at exact multipliers, no profile is worth "
    "more (duality of linear programs)"
)


def correlated_equilibrium(
    game: NormalFormGame,
    objective: str
    | tuple[str, str | int]
    | Mapping[str, Any]
    | Sequence[Any]
    | ArrayLike = "welfare",
    coarse: bool = False,  # noqa: FBT001, FBT002 (a pinned signature)
) -> CorrelatedResult:
    """The correlated equilibrium that is best by an objective, exactly.

    A correlated equilibrium (Aumann 1974, 1987) is a distribution over profiles such that nobody,
    told his own part of the profile that was drawn, gains by playing another action, the others
    doing as they were told. In a coarse one (Moulin & Vial 1978) nobody gains by committing to an
    action before he is told: a weaker demand, so that more distributions meet it.

    Parameters
    ----------
    game : NormalFormGame
        Of any number of players.
    objective : str, tuple, sequence, mapping or array
        What to maximise:

        - ``"welfare"``: the sum of payoffs;
        - ``"egalitarian"``: the payoff of whoever is paid least;
        - ``("best", player)``: a player's payoff, by name or index;
        - ``("worst", player)``: the least he can be paid; this one is minimised;
        - n weights, or ``{player: weight}``: the weighted sum of payoffs, weights of any sign;
        - an array of shape (m_0, ..., m_{n-1}): the expectation of a number a profile.

        Numbers may be int, float, Fraction, or text such as ``"1/3"``; a single one, in a game of
        one profile, is a weight.
    coarse : bool
        Optimise over coarse correlated equilibria.

    Returns
    -------
    CorrelatedResult
        `value`, `distribution` and `payoffs` in floats; `exact`, `probabilities` and
        `exact_payoffs` in Fractions; floats in the game count at their exact binary value. The
        optimum is proven: multipliers of the constraints show that nothing better exists, and
        `certificate` lets anyone check that. Where several distributions are best, it is one of
        them, a vertex: no more profiles have positive probability than there are constraints.

    Raises
    ------
    UnknownObjectiveError, UnknownPlayerError
    InvalidShapeError
        Weights or a table of the wrong shape.
    InvalidNumberError
        A weight or an entry of the table that is NaN, infinite or unreadable.
    TableTooLargeError
        The constraints would not fit in memory.

    Notes
    -----
    A linear program of one variable a profile and m_i (m_i - 1) constraints a player. HiGHS solves
    it for some hundreds of profiles; all others are priced by a product of small matrices with the
    payoff tables, and those that promise more join until none is left. The equations of the basis
    where this ends are then solved in integers, and the reduced costs of all profiles shown not to
    be positive: by floats with a proven error bound where that decides, in integers elsewhere. A
    basis that fails is mended by the simplex method in integers. Time is mostly HiGHS's; it grows
    with the number of constraints more than with that of profiles.

    References
    ----------
    Aumann, R. J. (1974), Subjectivity and correlation in randomized strategies. Journal of
    Mathematical Economics 1. Moulin, H. & Vial, J.-P. (1978), Strategically zero-sum games.
    International Journal of Game Theory 7. Hart, S. & Schmeidler, D. (1989), Existence of
    correlated equilibria. Mathematics of Operations Research 14.

    Examples
    --------
    Chicken: drawing one of three profiles, each party told its own part, pays both 5.25, more than
    any mixture of equilibria.

    >>> import balancegame as bg
    >>> chicken = bg.NormalFormGame.from_arrays(
    ...     [[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=["yield", "dare"]
    ... )
    >>> bg.correlated_equilibrium(chicken)
    Correlated equilibrium: the sum of payoffs is 10.5
      probability  player 0  player 1
      1/2          yield     yield
      1/4          yield     dare
      1/4          dare      yield
      payoff       5.25      5.25
      Proven best: with the incentive constraints charged at exact multipliers, ...
    >>> bg.correlated_equilibrium(chicken, ("worst", "player 0")).exact
    Fraction(2, 1)
    """
    check_type(game, NormalFormGame, "game")
    check_flag(coarse, "coarse")
    asked = read_objective(objective, game)
    program = CorrelatedProgram(game, asked, coarse=coarse)
    return _result(program, asked, optimum(program, proposed_core(program)))


def _result(program: CorrelatedProgram, asked: Objective, found: Optimum) -> CorrelatedResult:
    game = program.game
    chances = dict(
        sorted(
            (column, value)
            for column, value in zip(found.columns, found.values, strict=True)
            if value and column < program.n_profiles
        )
    )
    places = np.array(list(chances), dtype=np.intp)
    payoffs = tuple(
        _expected(one.integers(places), chances) / one.denominator for one in program.tables
    )
    if program.table is not None:
        exact = _expected(program.table.integers(places), chances) / program.unit
    else:
        exact = min(payoffs) if program.least else sum(map(mul, asked.weights, payoffs), Fraction())
    distribution = np.zeros(game.shape)
    distribution.reshape(-1)[places] = [float(chance) for chance in chances.values()]
    # From integers to payoffs: row i's unit is 1 / denominator, the costs' is 1 / unit.
    multipliers = tuple(
        (row, value * program.tables[row.player].denominator / program.unit)
        for row, value in zip(program.incentives, found.multipliers, strict=False)
        if value
    )
    return CorrelatedResult(
        game=game,
        objective=asked.given,
        coarse=program.coarse,
        distribution=distribution,
        payoffs=np.array([float(payoff) for payoff in payoffs]),
        value=_rounded(asked.sign * exact),
        exact=asked.sign * exact,
        exact_payoffs=payoffs,
        support=tuple(
            tuple(map(int, profile))
            for profile in zip(*np.unravel_index(places, game.shape), strict=True)
        ),
        probabilities=tuple(chances.values()),
        multipliers=multipliers,
        shares=found.multipliers[program.fairness],
        reason=_REASON,
        _objective=asked,
    )


def _expected(values: Any, chances: Mapping[int, Fraction]) -> Fraction:
    return sum(map(mul, values.tolist(), chances.values()), start=Fraction(0))


def _rounded(value: Fraction) -> float:
    """To the nearest float; the largest one if it is beyond the range."""
    try:
        return float(value)
    except OverflowError:
        return sys.float_info.max if value > 0 else -sys.float_info.max

"""The ally game with payoffs as sympy expressions."""

from __future__ import annotations

import sympy as sp

from balancegame._checks import check_count, check_table_fits
from balancegame.alliances.ally_game import ally_payoffs
from balancegame.games.symbolic_game import SymbolicGame

_BYTES = 2000  # an expression


def symbolic_ally_game(n: int) -> SymbolicGame:
    """The ally game of n states in three symbols.

    Parameters
    ----------
    n : int
        At least 2.

    Returns
    -------
    SymbolicGame
        In ``b`` (benefit, positive), ``c`` (cost, positive) and ``a`` (parallelism, in [-1, 1]);
        payoffs are those of `ally_game`.

    Raises
    ------
    InvalidParameterError, TableTooLargeError

    Examples
    --------
    Help is a dominant action once interests are parallel enough.

    >>> import balancegame as bg
    >>> game = bg.symbolic_ally_game(2)
    >>> bg.threshold(game, ["help", "help"], "a")
    help, help is a Nash equilibrium iff, solved for a
      a >= c/b
      domain: b > 0, c > 0, a >= -1, a <= 1
    """
    n = check_count(n, "n", 2)
    check_table_fits(n, (2,) * n, bytes_per_payoff=_BYTES)
    b, c = sp.symbols("b c", positive=True)
    a = sp.Symbol("a", real=True)
    return SymbolicGame(
        ally_payoffs(n, b, c, a),
        [f"ally {i + 1}" for i in range(n)],
        ["help", "withhold"],
        domain=[a >= -1, a <= 1],
        title=f"Ally game of {n}",
    )

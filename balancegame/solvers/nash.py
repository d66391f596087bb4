"""The one verb: the Nash equilibria of a game, and whether these are all."""

from __future__ import annotations

from balancegame._checks import check_count
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.extreme_equilibria import extreme_equilibria
from balancegame.solvers.pure_nash import pure_nash


def nash_equilibria(game: NormalFormGame, *, max_equilibria: int | None = None) -> NashResult:
    """The Nash equilibria of a game.

    Parameters
    ----------
    game : NormalFormGame
    max_equilibria : int, optional
        Return at most so many; if there are more, `complete` is False.

    Returns
    -------
    NashResult
        All **pure** equilibria. Mixed ones are not searched for in this version, so that
        `complete` is False, and `reason` says so, unless no player has a choice. Costs what
        `pure_nash` costs.

    Raises
    ------
    InvalidParameterError
        `max_equilibria` below 1.

    Examples
    --------
    >>> import balancegame as bg
    >>> chicken = bg.NormalFormGame.from_arrays([[3, 2], [4, 1]], [[3, 4], [2, 1]])
    >>> result = bg.nash_equilibria(chicken)
    >>> len(result), result.complete
    (2, False)
    >>> result.reason
    'all 4 pure profiles were checked exactly; mixed equilibria were not searched for'
    """
    if max_equilibria is not None:
        max_equilibria = check_count(max_equilibria, "max_equilibria", 1)
    if game.n_players == 2:
        return extreme_equilibria(game, max_equilibria=max_equilibria)
    pure = pure_nash(game)
    complete, reason = game.n_profiles == 1, pure.reason
    if not complete:
        reason += "; mixed equilibria were not searched for"
    if max_equilibria is not None and len(pure) > max_equilibria:
        complete = False
        reason += f"; the list was cut at max_equilibria = {max_equilibria} of {len(pure)}"
    return NashResult(
        game,
        pure[:max_equilibria],
        method=pure.method,
        parameters={"max_equilibria": max_equilibria},
        complete=complete,
        pure_only=game.n_profiles > 1,
        reason=reason,
    )

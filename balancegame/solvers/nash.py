"""The one verb: the Nash equilibria of a game, and whether these are all."""

from __future__ import annotations

from balancegame._checks import check_count, check_type
from balancegame.games.integer_payoffs import integer_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.many_players.all_equilibria import all_equilibria
from balancegame.solvers.polytopes.polytope import vertex_bound
from balancegame.solvers.two_players.extreme_equilibria import extreme_equilibria
from balancegame.solvers.two_players.zero_sum import is_constant_sum, zero_sum_equilibria

# Constant-sum games with so many vertices at most are solved by them all the same: that leaves a
# certificate.
_MANY_VERTICES = 100_000


def nash_equilibria(
    game: NormalFormGame, *, max_equilibria: int | None = None, max_supports: int | None = None
) -> NashResult:
    """All Nash equilibria of a game, with proof.

    Parameters
    ----------
    game : NormalFormGame
    max_equilibria : int, optional
        Return at most so many, and stop looking once more are known; then `complete` is False.
    max_supports : int, optional
        For other than two players: if conditional dominance leaves more supports than that, look
        for pure equilibria only; then `complete` is False. Where none has to be divided, ten
        thousand supports take about a second.

    Returns
    -------
    NashResult
        `complete` is a theorem, whose proof `certificate` writes out; where it is False, `reason`
        says why. Floats count at their exact binary value.

        Two players: all **extreme** equilibria in exact rationals. Every equilibrium is a mixture,
        player by player, of the vertices of one of the maximal Nash subsets in `components`; in a
        nondegenerate game each component is one equilibrium, with its `index`.

        Three players and more (and one): all regular equilibria, and with them all others that form
        segments, polytopes or products of polytopes, by their vertices; `components` as above.
        Rational ones with small denominators, and those in which only two mix, are exact. Any other
        is the only equilibrium of its support within `error_bound`, which `refine` makes as small
        as you like. `index` is Shapley's. Where continua curve, as they can with ties in the
        payoffs, the list is not complete, and `unresolved` holds regions that contain them, each a
        product of the convex hulls of some mixed actions a player.

    Raises
    ------
    InvalidParameterError
        `max_equilibria` below 1, or `max_supports` below 0.
    SearchInterrupted
        Ctrl-C during the search: `.result` holds the equilibria found until then.

    Notes
    -----
    Two players: the vertices of both best-response polytopes are enumerated lexicographically, in
    compiled floats with proven error bounds and in integers where these do not decide, and paired
    by their labels (Mangasarian 1964; Avis, Rosenberg, Savani & von Stengel 2010). There can be
    exponentially many: random games of 10 x 10 actions have a thousand, in a few milliseconds,
    14 x 14 fifty thousand, in a tenth of a second, 20 x 20 some ten million. `bg.show_progress`
    shows how far it is. Large games of constant sum are solved by linear programming instead, as
    by `zero_sum_equilibria`, without a certificate.

    More players: every support that conditional dominance leaves (Porter, Nudelman & Shoham 2008)
    is searched by subdivision. Over a product of simplices the conditions of an equilibrium are
    multilinear, and lie between their values at the vertex profiles; a region is dropped when a
    weighted sum of them is negative everywhere, that is, when not even a correlated mixture of its
    vertex profiles would do, and kept when it is proven to hold exactly one solution (Brouwer 1911
    for one, the mean value theorem for no other). Floats carry bounds on their rounding. Ties are
    solved in rationals. Random games: six players of two actions in a hundredth of a second, eight
    in a third of a second, ten in half a minute, 4 x 4 x 4 in some hundredths, 5 x 5 x 5 in a
    second; the work grows with the number of supports, and exponentially with the number who mix.
    The first search after an install compiles for some 20 seconds.

    Examples
    --------
    >>> import balancegame as bg
    >>> chicken = bg.NormalFormGame.from_arrays([[3, 2], [4, 1]], [[3, 4], [2, 1]])
    >>> result = bg.nash_equilibria(chicken)
    >>> len(result), result.complete, result.component_indices
    (3, True, (1, 1, -1))
    >>> result[2].exact
    ((Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2)))

    A game of ties, whose equilibria form a segment and an isolated point:

    >>> ties = bg.NormalFormGame.from_arrays([[2, 0], [2, 1]], [[1, 0], [0, 1]])
    >>> [[part.tolist() for part in subset] for (subset,) in bg.nash_equilibria(ties).components]
    [[[[1.0, 0.0], [0.5, 0.5]], [[1.0, 0.0]]], [[[0.0, 1.0]], [[0.0, 1.0]]]]

    Three players, each of whom can volunteer at a cost of 1 for what is worth 2 to all (Diekmann
    1985). Apart from one who volunteers for all, two may mix while the third waits, or all three,
    each waiting with probability 1 / sqrt(2):

    >>> import numpy as np
    >>> volunteers = np.indices((2, 2, 2))  # 1 stands for volunteering
    >>> payoffs = 2 * volunteers.max(axis=0) - volunteers
    >>> result = bg.nash_equilibria(bg.NormalFormGame(payoffs, actions=["wait", "volunteer"]))
    >>> len(result), result.complete, sum(result.component_indices)
    (7, True, 1)
    >>> result[-1].profile[0], result[-1].exact
    (array([0.70710678, 0.29289322]), None)
    """
    check_type(game, NormalFormGame, "game")
    if max_equilibria is not None:
        max_equilibria = check_count(max_equilibria, "max_equilibria", 1)
    if max_supports is not None:
        max_supports = check_count(max_supports, "max_supports", 0)
    if game.n_players != 2:
        found = all_equilibria(game, max_equilibria=max_equilibria, max_supports=max_supports)
        return _cut(found, max_equilibria)
    if _is_large(game) and is_constant_sum(integer_payoffs(game)):
        return _cut(zero_sum_equilibria(game, extreme_points=True), max_equilibria)
    return extreme_equilibria(game, max_equilibria=max_equilibria)


def _is_large(game: NormalFormGame) -> bool:
    return any(vertex_bound(m, sum(game.shape)) > _MANY_VERTICES for m in game.shape)


def _cut(result: NashResult, max_equilibria: int | None) -> NashResult:
    """The beginning of a list that is longer than was asked for."""
    if max_equilibria is None or len(result) <= max_equilibria:
        return result
    return NashResult(
        result.game,
        result[:max_equilibria],
        method=result.method,
        parameters={**result.parameters, "max_equilibria": max_equilibria},
        complete=False,
        pure_only=result.pure_only,
        reason=f"{result.reason}; the list was cut at max_equilibria = {max_equilibria} of "
        f"{len(result)}",
    )

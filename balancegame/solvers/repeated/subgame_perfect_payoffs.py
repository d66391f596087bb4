"""All payoffs of pure-action subgame-perfect equilibria with public randomization."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from balancegame._checks import check_type
from balancegame.games.payoff_set import Bounds, PayoffSet
from balancegame.games.repeated_game import RepeatedGame, check_float_range


def subgame_perfect_payoffs(repeated: RepeatedGame) -> PayoffSet:
    """The payoffs of all pure-action subgame-perfect equilibria with public randomization.

    Parameters
    ----------
    repeated : RepeatedGame
        Of one player; of two with a common discount factor, by the method of Abreu & Sannikov; or,
        by that of Judd, Yeltekin & Conklin, of more players or of different discount factors.

    Returns
    -------
    PayoffSet
        Empty if there is no such equilibrium. `vertices` and `threats` are there at once; they come
        from floats where these do not tie, and from the proof otherwise. `exact`, `exact_vertices`,
        `inner`, `outer`, `gap` and `certificate` rest on the proof, which is worked out when one of
        them is first asked for.

    Raises
    ------
    InvalidTypeError

    Notes
    -----
    Each period players play pure actions and see a public random signal; deviations are met by the
    deviator's lowest equilibrium payoff. The set of payoffs is the largest bounded one that
    generates itself (Abreu, Pearce & Stacchetti 1990). For two players of one stage game its
    extreme points come from profiles that can be played for ever, or from continuations that just
    deter a player: at most three times as many as profiles (Abreu & Sannikov 2014). With several
    contingencies, or several discount factors, this argument does not hold: continuations at other
    extreme points matter as well, and with different discount factors there can be infinitely many
    vertices (Lehrer & Pauzner 1999), so that only bounds are to be had.

    Two players, floats: some dozen steps, each linear in the number of profiles times vertices;
    more if the discount factor is near 1 or a critical value. The proof takes some milliseconds,
    and seconds for discount factors near 1, where it can stay open: then `gap` says how much is not
    known. Vertices can be irrational; then `gap` is positive, and tiny.

    Examples
    --------
    The prisoners cooperate if and only if the discount factor is at least 1/2.

    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> bg.subgame_perfect_payoffs(bg.RepeatedGame(dilemma, "0.49")).vertices
    array([[1., 1.]])
    >>> found = bg.subgame_perfect_payoffs(bg.RepeatedGame(dilemma, "1/2"))
    >>> found.exact_vertices[2], found.threats, (2, 2) in found
    ((Fraction(2, 1), Fraction(2, 1)), array([1., 1.]), True)
    """
    check_type(repeated, RepeatedGame, "repeated")
    check_float_range(repeated)
    if repeated.n_players == 1:
        return _one_player(repeated)
    if repeated.n_players == 2 and repeated.discount is not None:
        return _two_players(repeated)
    from balancegame.solvers.repeated.judd_yeltekin_conklin import (  # noqa: PLC0415 (loads scipy)
        payoff_polytopes,
    )

    return payoff_polytopes(repeated)


def _one_player(repeated: RepeatedGame) -> PayoffSet:
    """The best payoff of each contingency: nobody is there to punish the player."""
    value = sum(
        (
            chance * Fraction(max(stage.exact_payoffs.reshape(-1).tolist()))
            for chance, stage in zip(repeated.probabilities, repeated.stages, strict=True)
        ),
        Fraction(0),
    )
    point = np.array([[float(value)]])
    reason = "one player does what is best for him in each contingency"
    bounds = Bounds(point, point.copy(), 0.0, reason, ((value,),))
    return PayoffSet(repeated, point, point[0], method="dynamic programming", bounds=bounds)


def _two_players(repeated: RepeatedGame) -> PayoffSet:
    from balancegame.solvers.repeated.abreu_sannikov import float_set  # noqa: PLC0415
    from balancegame.solvers.repeated.payoff_evidence import (  # noqa: PLC0415 (loads flint)
        TwoPlayerEvidence,
    )
    from balancegame.solvers.repeated.two_player_profiles import float_profiles  # noqa: PLC0415

    method = "Abreu & Sannikov 2014"
    evidence = TwoPlayerEvidence(repeated)
    profiles = float_profiles(repeated)
    found = float_set(profiles, float(repeated.discounts[0]))
    if found.tied:
        bounds = evidence.bounds()
        corners = bounds.inner
        if len(corners) or not len(found.corners):
            threats = corners.min(axis=0) if len(corners) else found.threats
            return PayoffSet(
                repeated, corners, threats, method=method, bounds=bounds, evidence=evidence
            )
    corners = found.corners * profiles.scale + profiles.origin
    if len(corners):
        near = corners[:, 0] <= corners[:, 0].min() + 1e-9 * profiles.scale[0]
        first = int(np.flatnonzero(near)[np.argmin(corners[near, 1])])
        corners = np.roll(corners, -first, axis=0)
    threats = corners.min(axis=0) if len(corners) else found.threats
    return PayoffSet(repeated, corners, threats, method=method, evidence=evidence)

"""What a player loses by leaving a pure profile: the witness behind regret and margin."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._records import record_repr

if TYPE_CHECKING:
    from balancegame.games.normal_form import NormalFormGame


@dataclass(frozen=True, slots=True)
class Deviation:
    """A player's best other action at a profile.

    Attributes
    ----------
    player : str
    action : str
        The best of the actions outside his part of the profile; of several, the first.
    payoff : float
        What it would pay him, the others staying where they are.
    loss : float
        His payoff in the profile minus that; negative when he would gain, 0 when it is a tie.
    """

    player: str
    action: str
    payoff: float
    loss: float

    __repr__ = record_repr


def pure_deviations(game: NormalFormGame, profile: Sequence[int]) -> tuple[Deviation | None, ...]:
    """Each player's best deviation from a pure profile, None for a player with one action.

    Losses are differences of exact payoffs, rounded once; their signs are exact.
    """
    return tuple(_best_deviation(game, i, profile) for i in range(game.n_players))


def _best_deviation(game: NormalFormGame, player: int, profile: Sequence[int]) -> Deviation | None:
    if game.shape[player] == 1:
        return None
    values = own_payoffs(game, player, profile)
    chosen = profile[player]
    best = _first_best(values[:chosen], values[chosen + 1 :])
    return Deviation(
        player=game.players[player],
        action=game.actions[player][best],
        payoff=float(values[best]),
        loss=_rounded(Fraction(values[chosen]) - Fraction(values[best])),
    )


def best_outside(
    game: NormalFormGame,
    player: int,
    values: Sequence[Fraction],
    part: Sequence[Fraction],
    payoff: Fraction,
) -> Deviation | None:
    """A player's best action outside the support of his mixed part; None if there is none."""
    outside = [a for a, chance in enumerate(part) if not chance]
    if not outside:
        return None
    best = max(outside, key=values.__getitem__)
    return Deviation(
        player=game.players[player],
        action=game.actions[player][best],
        payoff=float(values[best]),
        loss=_rounded(payoff - values[best]),
    )


def _rounded(difference: Fraction) -> float:
    """To the nearest float; the largest one if it is beyond the range."""
    try:
        return float(difference)
    except OverflowError:
        return sys.float_info.max if difference > 0 else -sys.float_info.max


def _first_best(before: NDArray[Any], after: NDArray[Any]) -> int:
    """The index of the first best value, one between the two parts left out."""
    if not len(after) or (len(before) and before.max() >= after.max()):
        return int(np.argmax(before))
    return len(before) + 1 + int(np.argmax(after))


def own_payoffs(game: NormalFormGame, player: int, profile: Sequence[int]) -> NDArray[Any]:
    """A player's payoffs over his own actions, the others' fixed; exact where the game is."""
    cell: tuple[int | slice, ...] = (
        player,
        *(slice(None) if j == player else a for j, a in enumerate(profile)),
    )
    table = game.exact_payoffs if game.has_rounded_payoffs else game.payoffs
    return np.asarray(table[cell])

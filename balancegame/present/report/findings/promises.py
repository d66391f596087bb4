"""What patience can keep: profiles that are no equilibria, and what they would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.used_parameters import Hegemon
from balancegame.analysis.commitments import commitments
from balancegame.analysis.critical_discounts import critical_discounts
from balancegame.errors import InvalidParameterError, TooManyProfilesError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile
from balancegame.solvers.pure_nash import pure_nash
from balancegame.solvers.repeated.critical_discount import critical_discount
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount
from balancegame.world.world import World

_MOST_SHOWN = 12
_MOST_PROFILES = 65_536
_MOST_PLAYERS = 7  # whose orders of moves are gone through
_STEPS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A profile to be played for ever.

    Attributes
    ----------
    actions : tuple of str
    payoffs : tuple of float
    discount : CriticalDiscount
    """

    actions: tuple[str, ...]
    payoffs: tuple[float, ...]
    discount: CriticalDiscount


@dataclass(frozen=True, slots=True)
class Promises:
    """The profiles that are no stage equilibria, and which of them can be agreed on.

    Attributes
    ----------
    players : tuple of str
    n_profiles, n_equilibria, n_sustainable : int
        All pure profiles; the stage equilibria among them; the others that some discount factor
        below 1 sustains.
    shown : tuple of Agreement
        Those with the most welfare that leave nobody worse off than every stage equilibrium does,
        and that all balance, by critical discount factor.
    moving : tuple of (float, CriticalDiscount columns)
        How the first one's critical discount factor moves with decisiveness: (value, its
        critical discount factor or None, who binds).
    """

    players: tuple[str, ...]
    n_profiles: int
    n_equilibria: int
    n_sustainable: int
    shown: tuple[Agreement, ...]
    moving: tuple[tuple[float, float | None, str], ...]


def find_promises(
    model: BalancingModel,
    world: World,
    game: NormalFormGame,
    actions: Sequence[str],
    hegemon: Hegemon,
) -> Promises:
    """The agreements that grim play sustains, the best of them with exact thresholds."""
    if game.n_profiles > _MOST_PROFILES:
        message = (
            f"the game has {game.n_profiles:,} profiles; agreements are looked for among up to "
            f"{_MOST_PROFILES:,}. bg.critical_discount(game, profile) answers for any one"
        )
        raise TooManyProfilesError(message)
    stage = pure_nash(game)
    if not stage:
        message = (
            "the stage game has no pure equilibrium to revert to; bg.critical_discount(game, "
            'profile, "minmax") gives a necessary bound'
        )
        raise InvalidParameterError(message)
    worst = np.min([one.payoffs for one in stage], axis=0)
    best = max(float(one.payoffs.sum()) for one in stage)
    threshold = _thresholds(game.payoffs, worst)
    is_equilibrium = np.zeros(game.shape, np.bool_)
    for one in stage:
        is_equilibrium[tuple(part[0] for part in one.support)] = True
    sustainable = (threshold < 1.0) & ~is_equilibrium
    welfare = game.payoffs.sum(axis=0)
    worth = np.argwhere(sustainable & (welfare > best)).tolist()
    worth.sort(key=lambda cell: (-welfare[tuple(cell)], cell))
    chosen = [tuple(cell) for cell in worth[:_MOST_SHOWN]]
    together = _all_balance(game)
    if together is not None and not is_equilibrium[together] and together not in chosen:
        chosen.append(together)
    shown = sorted((_agreement(game, cell) for cell in chosen), key=_order)
    return Promises(
        players=game.players,
        n_profiles=game.n_profiles,
        n_equilibria=len(stage),
        n_sustainable=int(sustainable.sum()),
        shown=tuple(shown),
        moving=_moving(model, world, actions, hegemon, shown[0].actions) if shown else (),
    )


@dataclass(frozen=True, slots=True)
class FirstMove:
    """How many others play an action once a player is committed to it, or not.

    Attributes
    ----------
    player : str
    after, otherwise : pair of int
        The least and the greatest number.
    orders, chain_ganging, buck_passing : int
    """

    player: str
    after: tuple[int, int]
    otherwise: tuple[int, int]
    orders: int
    chain_ganging: int
    buck_passing: int


@dataclass(frozen=True, slots=True)
class FirstMoves:
    """Commitments to one action.

    Attributes
    ----------
    action : str
    rows : tuple of FirstMove
    """

    action: str
    rows: tuple[FirstMove, ...]


def find_first_moves(game: NormalFormGame, actions: Sequence[str]) -> FirstMoves:
    """What the others do once a state has moved first."""
    if game.n_players > _MOST_PLAYERS:
        message = (
            f"{game.n_players} players have too many orders of moves to go through here; "
            "bg.commitments(game, action, order=...) takes one of them"
        )
        raise TooManyProfilesError(message)
    action = next((one for one in ("balance", "arm", "undermine") if one in actions), actions[0])
    rows = commitments(game, action).to_dict("records")
    return FirstMoves(
        action,
        tuple(
            FirstMove(
                player=str(row["player"]),
                after=(int(row["least_after"]), int(row["greatest_after"])),
                otherwise=(int(row["least_otherwise"]), int(row["greatest_otherwise"])),
                orders=int(row["orders"]),
                chain_ganging=int(row["chain_ganging"]),
                buck_passing=int(row["buck_passing"]),
            )
            for row in rows
        ),
    )


def _thresholds(payoffs: Floats, worst: Floats) -> Floats:
    """The critical discount factor of every profile against grim play; inf where none will do."""
    threshold = np.zeros(payoffs.shape[1:])
    for i, own in enumerate(payoffs):
        gain = own.max(axis=i, keepdims=True) - own
        above = own - worst[i]
        sustained = (gain == 0.0) | (above > 0.0)
        at_stake = gain + above
        tempted = (gain > 0.0) & (at_stake > 0.0)
        needed = np.divide(gain, at_stake, out=np.zeros_like(gain), where=tempted)
        threshold = np.maximum(threshold, np.where(sustained, needed, np.inf))
    return threshold


def _all_balance(game: NormalFormGame) -> tuple[int, ...] | None:
    """Every state balances; a threat that chooses waits for what they do."""
    cell: list[int] = []
    for own in game.actions:
        wanted = next((one for one in ("balance", "opportunist") if one in own), None)
        if wanted is None:
            return None
        cell.append(own.index(wanted))
    return tuple(cell)


def _agreement(game: NormalFormGame, cell: Sequence[int]) -> Agreement:
    actions = tuple(own[a] for own, a in zip(game.actions, cell, strict=True))
    return Agreement(
        actions=actions,
        payoffs=tuple(float(value) for value in game.payoffs[(slice(None), *cell)]),
        discount=critical_discount(game, actions),
    )


def _order(one: Agreement) -> tuple[float, float]:
    value = one.discount.value
    return (np.inf if value is None else value, -sum(one.payoffs))


def _moving(
    model: BalancingModel,
    world: World,
    actions: Sequence[str],
    hegemon: Hegemon,
    profile: Profile,
) -> tuple[tuple[float, float | None, str], ...]:
    """The threshold of a profile as the contest becomes more decisive."""
    if model.contest != "ratio":
        return ()

    def at(value: float) -> tuple[NormalFormGame, Profile]:
        game = model.replace(decisiveness=value).game(world, actions, hegemon=hegemon)
        return game, profile

    table = critical_discounts(at, _steps(model), parameter="decisiveness")
    return tuple(
        (
            float(row["decisiveness"]),
            None if np.isnan(row["critical_discount"]) else float(row["critical_discount"]),
            str(row["player"]),
        )
        for row in table.to_dict("records")
    )


def _steps(model: BalancingModel) -> list[float]:
    """Usual values of decisiveness, and the model's own."""
    return sorted({*_STEPS, float(model.parameters()["decisiveness"])})

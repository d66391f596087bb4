"""One Nash equilibrium, with the evidence a reader wants beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import format_fraction
from balancegame.games import rendering
from balancegame.games.deviations import (
    Deviation,
    best_outside,
    own_payoffs,
    pure_deviations,
)
from balancegame.games.game_rendering import equilibrium_text
from balancegame.games.integer_payoffs import IntegerPayoffs, IntegerTables
from balancegame.games.normal_form import NormalFormGame

Floats = NDArray[np.float64]

_ZERO, _ONE = Fraction(0), Fraction(1)


@final
@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium:
    """A Nash equilibrium of a normal-form game.

    Attributes
    ----------
    players : tuple of str
    action_names : tuple of tuple of str
        Each player's actions, in the order of the probabilities.
    profile : tuple of arrays
        Player i's probabilities, shape (m_i,), read-only.
    exact : tuple of tuple of Fraction, or None
        The same probabilities exactly, where they are rational and known.
    error_bound : float
        Radius of the ball around `profile` (or `approximation`, where there is one) in which the
        equilibrium lies, in the maximum norm; 0 when exact, inf for a profile with regret, accepted
        by a tolerance, near which there may be none.
    payoffs : array, shape (n,)
    exact_payoffs : tuple of Fraction, or None
        The payoffs exactly, where `exact` is known; floats count at their exact binary value.
    regret : float
        The most any player gains by deviating; 0 in an exact equilibrium.
    margin : float
        The least any player loses by an action outside the support; 0 is a tie, inf means that
        nobody has such an action.
    index : int or None
        Shapley's (1974) index, where it is known to be defined: +1 for a strict equilibrium.
    deviations : tuple of Deviation or None
        Each player's best action outside the support; None for a player without one.
    approximation : tuple of tuple of Fraction, or None
        Probabilities within `error_bound` of the equilibrium's, to more digits than floats have;
        None where `exact` says more, or `profile` as much.
    """

    players: tuple[str, ...]
    action_names: tuple[tuple[str, ...], ...]
    profile: tuple[Floats, ...]
    exact: tuple[tuple[Fraction, ...], ...] | None
    error_bound: float
    payoffs: Floats
    exact_payoffs: tuple[Fraction, ...] | None
    regret: float
    margin: float
    index: int | None
    deviations: tuple[Deviation | None, ...]
    approximation: tuple[tuple[Fraction, ...], ...] | None = None

    def __post_init__(self) -> None:
        for array in (*self.profile, self.payoffs):
            array.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Equilibrium, tuple(getattr(self, one.name) for one in fields(self))

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """Each player's action indices of positive probability."""
        # A positive rational can be too small for a float.
        parts = self.profile if self.exact is None else self.exact
        return tuple(tuple(a for a, chance in enumerate(part) if chance) for part in parts)

    @property
    def is_pure(self) -> bool:
        """Whether every player plays one action for certain."""
        return all(len(part) == 1 for part in self.support)

    @property
    def actions(self) -> tuple[str, ...] | None:
        """The actions played, by name; None for a mixed equilibrium."""
        if not self.is_pure:
            return None
        return tuple(
            names[part[0]] for names, part in zip(self.action_names, self.support, strict=True)
        )

    def to_dict(self) -> dict[str, Any]:
        """The equilibrium in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {
            "actions": self.actions,
            "profile": {
                player: dict(zip(names, part.tolist(), strict=True))
                for player, names, part in zip(
                    self.players, self.action_names, self.profile, strict=True
                )
            },
            "exact": None
            if self.exact is None
            else [[format_fraction(value) for value in part] for part in self.exact],
            "approximation": None
            if self.approximation is None
            else [[format_fraction(value) for value in part] for part in self.approximation],
            "error_bound": self.error_bound if math.isfinite(self.error_bound) else None,
            "payoffs": dict(zip(self.players, self.payoffs.tolist(), strict=True)),
            "exact_payoffs": None
            if self.exact_payoffs is None
            else [format_fraction(value) for value in self.exact_payoffs],
            "regret": self.regret,
            "margin": self.margin if math.isfinite(self.margin) else None,
            "index": self.index,
            "deviations": [
                None
                if best is None
                else {"action": best.action, "payoff": best.payoff, "loss": best.loss}
                for best in self.deviations
            ],
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Equilibrium):
            return NotImplemented
        return (
            self.players == other.players
            and self.action_names == other.action_names
            and all(map(np.array_equal, self.profile, other.profile))
            and self.exact == other.exact
            and np.array_equal(self.payoffs, other.payoffs)
        )

    def __hash__(self) -> int:
        return hash((self.players, self.support))

    def __repr__(self) -> str:
        return equilibrium_text(self)

    def _repr_html_(self) -> str:
        return rendering.equilibria_html([self])


def pure_equilibrium(game: NormalFormGame, profile: Sequence[int]) -> Equilibrium:
    """The record of a pure profile known to be an equilibrium (or near one)."""
    deviations = pure_deviations(game, profile)
    losses = [best.loss for best in deviations if best is not None]
    least = min(losses, default=math.inf)
    exact_payoffs = tuple(
        Fraction(own_payoffs(game, i, profile)[profile[i]]) for i in range(game.n_players)
    )
    return Equilibrium(
        players=game.players,
        action_names=game.actions,
        profile=tuple(_unit(a, m) for a, m in zip(profile, game.shape, strict=True)),
        exact=tuple(
            (_ZERO,) * a + (_ONE,) + (_ZERO,) * (m - a - 1)
            for a, m in zip(profile, game.shape, strict=True)
        ),
        error_bound=0.0 if least >= 0.0 else math.inf,
        payoffs=np.array(game.payoffs[(slice(None), *profile)]),
        exact_payoffs=exact_payoffs,
        regret=max(0.0, -least),
        margin=least,
        index=1 if least > 0.0 else None,
        deviations=deviations,
    )


def exact_equilibrium(
    game: NormalFormGame,
    payoffs: tuple[IntegerPayoffs, ...],
    profile: tuple[tuple[Fraction, ...], tuple[Fraction, ...]],
    index: int | None,
) -> Equilibrium:
    """The record of a rational profile of two players, known to be an equilibrium."""
    weights = [_over_common_denominator(part) for part in profile]
    values: list[list[Fraction]] = []
    for i, (own, (its_weights, total)) in enumerate(zip(payoffs, reversed(weights), strict=True)):
        sums = own.against(its_weights, columns=i == 0)
        values.append([Fraction(value, total * own.denominator) for value in sums])
    return _exact_record(game, profile, values, index)


def rational_equilibrium(
    game: NormalFormGame,
    payoffs: IntegerTables,
    profile: tuple[tuple[Fraction, ...], ...],
    index: int | None,
) -> Equilibrium:
    """The record of a rational profile of any number of players, known to be an equilibrium."""
    values = [exact_action_payoffs(payoffs, i, profile) for i in range(game.n_players)]
    return _exact_record(game, profile, values, index)


def _exact_record(
    game: NormalFormGame,
    profile: tuple[tuple[Fraction, ...], ...],
    values: list[list[Fraction]],
    index: int | None,
) -> Equilibrium:
    """From each player's payoffs by action; in an equilibrium those of the support pay the most."""
    payoff = tuple(max(own) for own in values)
    deviations = tuple(
        best_outside(game, i, values[i], part, payoff[i]) for i, part in enumerate(profile)
    )
    return Equilibrium(
        players=game.players,
        action_names=game.actions,
        profile=tuple(np.array([float(chance) for chance in part]) for part in profile),
        exact=profile,
        error_bound=0.0,
        payoffs=np.array([float(value) for value in payoff]),
        exact_payoffs=payoff,
        regret=0.0,
        margin=min((best.loss for best in deviations if best is not None), default=math.inf),
        index=index,
        deviations=deviations,
    )


def exact_action_payoffs(
    payoffs: IntegerTables, player: int, profile: Sequence[Sequence[Fraction]]
) -> list[Fraction]:
    """A player's payoff from each of his actions against the others' part of a rational profile."""
    values = payoffs.tables[player]
    denominator = payoffs.denominators[player]
    for j in range(len(profile) - 1, -1, -1):
        if j == player:
            continue
        weights, total = _over_common_denominator(profile[j])
        denominator *= total
        played = [a for a, weight in enumerate(weights) if weight]
        contracted = np.take(values, played[0], axis=j) * weights[played[0]]
        for a in played[1:]:
            contracted = contracted + np.take(values, a, axis=j) * weights[a]
        values = contracted
    return [Fraction(value, denominator) for value in values.tolist()]


def ball_equilibrium(
    game: NormalFormGame,
    profile: tuple[Floats, ...],
    error_bound: float,
    index: int | None,
    approximation: tuple[tuple[Fraction, ...], ...] | None = None,
) -> Equilibrium:
    """The record of an equilibrium known to lie in a ball; payoffs and margins are floats."""
    values = game.action_payoffs(profile)
    payoffs = np.array([float(own @ part) for own, part in zip(values, profile, strict=True)])
    gains = [float(own.max() - pay) for own, pay in zip(values, payoffs, strict=True)]
    deviations = tuple(
        best_outside(
            game,
            i,
            [Fraction(value) for value in values[i].tolist()],
            [Fraction(chance) for chance in part.tolist()],
            Fraction(float(payoffs[i])),
        )
        for i, part in enumerate(profile)
    )
    return Equilibrium(
        players=game.players,
        action_names=game.actions,
        profile=profile,
        exact=None,
        error_bound=error_bound,
        payoffs=payoffs,
        exact_payoffs=None,
        regret=max(0.0, *gains),
        margin=min((best.loss for best in deviations if best is not None), default=math.inf),
        index=index,
        deviations=deviations,
        approximation=approximation,
    )


def _over_common_denominator(part: Sequence[Fraction]) -> tuple[list[int], int]:
    common = math.lcm(*(chance.denominator for chance in part))
    return [chance.numerator * (common // chance.denominator) for chance in part], common


def _unit(place: int, length: int) -> Floats:
    vector = np.zeros(length)
    vector[place] = 1.0
    return vector

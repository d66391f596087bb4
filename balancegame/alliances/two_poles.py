"""The two-pole model: two rivals head a camp each, and the other states side or stay out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from balancegame._checks import check_table_fits
from balancegame._numbers import Number
from balancegame._records import record_repr
from balancegame.alliances.parameters import (
    StateParameter,
    check_autonomy,
    contest_field,
    state_field,
    world_field,
)
from balancegame.alliances.parametric_model import ParametricModel
from balancegame.alliances.payoffs import Codes, Numbers
from balancegame.alliances.state_profiles import pure_action
from balancegame.alliances.tables import BYTES_PER_FRACTION, fill_by_formula, rounded
from balancegame.alliances.two_pole_payoffs import NEUTRAL, pole_balance, pole_payoffs
from balancegame.alliances.two_pole_setting import TwoPoleSetting, bind_poles
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile, profile_entries
from balancegame.world.world import World


@final
@dataclass(frozen=True, slots=True, repr=False)
class PoleCamps:
    """The camps of a pure profile of the two-pole game.

    Attributes
    ----------
    poles : (str, str)
    members : (tuple of str, tuple of str)
        The states that side with each pole, without the pole.
    neutral : tuple of str
    powers : (float, float)
        Of the camps, in the world's unit, weighted by parallel interests.
    prevailing : (float, float)
        Each pole's chance to prevail.
    """

    poles: tuple[str, str]
    members: tuple[tuple[str, ...], tuple[str, ...]]
    neutral: tuple[str, ...]
    powers: tuple[float, float]
    prevailing: tuple[float, float]

    __repr__ = record_repr


@final
@dataclass(frozen=True, kw_only=True, repr=False)
class TwoPoleModel(ParametricModel):
    """Payoffs of joining one of two rival poles or staying out; immutable.

    All parameters are keywords and dimensionless, with the meaning, defaults and domains they have
    in `BalancingModel`: the unit is the value of one state's independence. Those marked * take one
    number for all states or a mapping {state: number} that covers every state but the poles.
    Numbers given as int, Fraction, Decimal or text are kept exactly.

    Parameters
    ----------
    domination_loss : * D, in (0, 1], default 1
        Loss when the other pole prevails; multiplied by the state's exposure.
    autonomy_loss : alpha, in [0, D], default 0.6
        Loss of a client whose pole prevails: one number for both poles, or {pole: number}.
    retaliation : * rho >= 0, default 0
        Further loss of a state whose pole is beaten.
    affinity : * lambda >= 0, default 0
        Weight of sharing a camp with states of parallel interests, the pole included.
    affinity_exponent : eta, one of 0, 1/2, 1, default 1
    alliance_cost : * c >= 0, default 0.1
        Cost of siding with either pole.
    neutral_exposure : * nu, in [0, 1], default 1
        A neutral's share of the loss under domination, whichever pole prevails.
    decisiveness : m > 0, default 1
    cohesion : theta, in [0, 1], default 1
    contest : "ratio" or "logistic", default "ratio"
    steepness : k > 0, default 4
        Of the logistic contest.

    Raises
    ------
    UnknownParameterError, InvalidParameterError

    Notes
    -----
    A small state (one that does not move the chances, with the same autonomy_loss at both poles)
    prefers pole a iff ``(2 pi_a - 1)(D + rho - alpha) + lambda (I_a - I_b) > 0``, and sides with
    x rather than staying out iff ``nu D > pi_x alpha + (1 - pi_x)(D + rho) + c - lambda I_x``.

    Examples
    --------
    Two middling states of the cold war, one of them with ties to the weaker pole:

    >>> import balancegame as bg
    >>> world = bg.World(
    ...     ["X", "Y", "East", "West"],
    ...     [1, 1, 4, 6],
    ...     [[1, 0, 0, 0], [0, 1, "0.8", 0], [0, "0.8", 1, 0], [0, 0, 0, 1]],
    ... )
    >>> model = bg.TwoPoleModel(cohesion=0, neutral_exposure="0.95", affinity=1, decisiveness=2)
    >>> game = model.game(world, poles=("East", "West"), exact=True)
    >>> game.actions[0]
    ('join East', 'join West', 'neutral')
    >>> [found.actions for found in bg.pure_nash(game)]
    [('join West', 'join West')]
    """

    domination_loss: StateParameter = state_field(
        "1", "D", "loss when the other pole prevails", high=1.0, low_open=True
    )
    autonomy_loss: Number | Mapping[str, Number] = state_field(
        "0.6", "alpha", "loss of a client whose pole prevails"
    )
    retaliation: StateParameter = state_field("0", "rho", "further loss of a beaten pole's client")
    affinity: StateParameter = state_field("0", "lambda", "value of like-minded company")
    affinity_exponent: Number = world_field("1", "eta", "growth of that value with power", high=1.0)
    alliance_cost: StateParameter = state_field("0.1", "c", "cost of siding")
    neutral_exposure: StateParameter = state_field(
        "1", "nu", "a neutral's share of the loss", high=1.0
    )
    decisiveness: Number = world_field("1", "m", "exponent of the contest", low_open=True)
    cohesion: Number = world_field("1", "theta", "weight of parallel interests in power", high=1.0)
    contest: Literal["ratio", "logistic"] = contest_field()
    steepness: Number = world_field("4", "k", "steepness of the logistic contest", low_open=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        alpha = self.autonomy_loss
        for one in alpha.values() if isinstance(alpha, Mapping) else [alpha]:
            check_autonomy(one, self.domination_loss)

    def game(self, world: World, poles: Sequence[str], *, exact: bool = False) -> NormalFormGame:
        """The two-pole game in a world.

        Parameters
        ----------
        world : World
            The poles and the states between them. It needs no threat, and its threat plays no
            part: a threat that is no pole chooses a side as every other state does.
        poles : sequence of two names
            The rivals, states of the world. They do not choose.
        exact : bool
            Payoffs in Fractions; asks for what it asks for in `BalancingModel.game`.

        Returns
        -------
        NormalFormGame
            Players are the states without the poles, in the world's order. Their actions are
            ``"join A"``, ``"join B"`` and ``"neutral"``, where A and B stand for the poles'
            names in the order of `poles`; indices 0, 1, 2 serve as in every game.

        Raises
        ------
        InvalidPolesError
            Not two different states, or nobody between them.
        UnknownStateError
            A pole that the world lacks, or a parameter that names or leaves out a state.
        InexactInputError, TableTooLargeError

        Warns
        -----
        ProjectionWarning
            As `BalancingModel.game` does.

        Examples
        --------
        >>> import balancegame as bg
        >>> world = bg.World(["A", "East", "West"], [1, 1, 1])
        >>> model = bg.TwoPoleModel(cohesion=0, autonomy_loss={"East": "1/2", "West": "1/4"})
        >>> model.game(world, ["East", "West"], exact=True).exact_payoffs[0]
        array([Fraction(7, 30), Fraction(2, 5), Fraction(0, 1)], dtype=object)
        """
        setting = bind_poles(self.parameters(), world, poles, exact=exact)
        n = len(setting.players)
        size = BYTES_PER_FRACTION if exact else 8
        check_table_fits(n, (NEUTRAL + 1,) * n, bytes_per_payoff=size)
        table = np.empty((n, *(NEUTRAL + 1,) * n), dtype=object if exact else np.float64)

        def payoffs_of(codes: Codes) -> Numbers:
            return pole_payoffs(setting, codes, pole_balance(setting, codes))[:, :, None]

        fill_by_formula(table, n, range(NEUTRAL + 1), payoffs_of)
        return NormalFormGame._from_owned(  # pyright: ignore[reportPrivateUsage]
            rounded(table) if exact else table,
            setting.players,
            [_action_names(setting)] * n,
            exact=table if exact else None,
            title=world.title,
        )

    def camps(self, world: World, profile: Profile, poles: Sequence[str]) -> PoleCamps:
        """Who stands where in a pure profile, and how strong the camps are.

        Parameters
        ----------
        world : World
        profile : sequence or mapping {state: entry}, or an Equilibrium
            One action a state, by name or index.
        poles : sequence of two names

        Raises
        ------
        InvalidPolesError, UnknownStateError, UnknownActionError, InvalidTypeError,
        InvalidShapeError

        Examples
        --------
        >>> import balancegame as bg
        >>> world = bg.World(["A", "B", "East", "West"], [1, 1, 2, 3])
        >>> model, poles = bg.TwoPoleModel(cohesion=0), ("East", "West")
        >>> camps = model.camps(world, ["join East", "neutral"], poles)
        >>> camps.members, camps.neutral, camps.prevailing
        ((('A',), ()), ('B',), (0.5, 0.5))
        """
        setting = bind_poles(self.parameters(), world, poles)
        names = _action_names(setting)
        if isinstance(profile, Equilibrium):  # pyright: ignore[reportUnnecessaryIsInstance]
            profile = profile.actions or profile.profile
        entries = profile_entries(profile, setting.players)
        codes = [
            pure_action(entry, name, names)
            for entry, name in zip(entries, setting.players, strict=True)
        ]
        balance = pole_balance(setting, np.array(codes, dtype=np.int64)[:, None])
        sides = [
            tuple(name for name, code in zip(setting.players, codes, strict=True) if code == side)
            for side in range(NEUTRAL + 1)
        ]
        first, second = (float(power * setting.unit) for power in balance.powers[:, 0])
        chances = balance.prevailing[:, 0]
        return PoleCamps(
            poles=setting.poles,
            members=(sides[0], sides[1]),
            neutral=sides[NEUTRAL],
            powers=(first, second),
            prevailing=(float(chances[0]), float(chances[1])),
        )

    def __hash__(self) -> int:
        return super().__hash__()


def _action_names(setting: TwoPoleSetting) -> tuple[str, ...]:
    return (*(f"join {pole}" for pole in setting.poles), "neutral")

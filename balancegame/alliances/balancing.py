"""The balancing model: states facing a threat balance, bandwagon, or pass the buck.

The model is this package's own; published ones are special cases of it (docs/model.md). Its
formulas stand in `balancegame.alliances.payoffs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from balancegame._numbers import Number, shorten
from balancegame.alliances import tables
from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS, read_actions
from balancegame.alliances.camps import Camps, camps_of, power_of
from balancegame.alliances.parameters import (
    Domain,
    StateParameter,
    check_autonomy,
    contest_field,
    state_field,
    world_field,
)
from balancegame.alliances.parametric_model import ParametricModel, domains_of, symbols_of
from balancegame.alliances.setting import bind, has_affinity
from balancegame.alliances.state_profiles import padded, pure_action, split_profile
from balancegame.errors import InvalidParameterError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile, mixed_profile
from balancegame.world.world import World


@final
@dataclass(frozen=True, kw_only=True, repr=False)
class BalancingModel(ParametricModel):
    """Payoffs of balancing, bandwagoning and buck-passing; immutable.

    All parameters are keywords and dimensionless: the unit is the value of one state's
    independence. Those marked * take one number for all states or a mapping {state: number} that
    covers every state but the threat, whose entry would not be used. Numbers given as int,
    Fraction, Decimal or text are kept exactly.

    Parameters
    ----------
    domination_loss : * D, in (0, 1], default 1
        Loss under domination; multiplied by the state's exposure.
    autonomy_loss : * alpha, in [0, D], default 0.6
        Loss of a state that bandwagons and wins.
    retaliation : * rho >= 0, default 0
        Further loss of a defeated balancer.
    retribution : * psi >= 0, default 0.1
        Loss of a beaten threat's client.
    balancing_spoils, bandwagon_spoils : * sigma+, sigma- >= 0, default 0
        Gains of the winners, shared by contribution.
    affinity : * lambda >= 0, default 0
        Weight of sharing a camp with states of parallel interests.
    affinity_exponent : eta, one of 0, 1/2, 1, default 1
        How a pair's weight grows with its powers.
    alliance_cost, arming_cost, undermining_cost : * c, c_R, c_U >= 0, default 0.1
        Cost of balancing, and what arming and undermining cost beyond it.
    arming_gain : * g >= 0, default 0.5
        Share by which arming raises a state's power.
    undermining_effect : * mu, in [0, 1), default 0.3
        Share of the threat's power one underminer takes away.
    neutral_exposure : * nu, in [0, 1], default 1
        A neutral's share of the loss under domination.
    decisiveness : m > 0, default 1
        Exponent of the ratio contest; large means that the stronger side is certain to win.
    cohesion : theta, in [0, 1], default 1
        How much parallelism matters to a coalition's power; 0 adds capabilities up.
    contest : "ratio" or "logistic", default "ratio"
    steepness : k > 0, default 4
        Of the logistic contest.
    deference : * phi >= 0, default 0.05
        What bandwagoning with a restrained threat costs (``hegemon="strategic"`` only).
    prize, defeat_loss, expansion_cost : Gamma, K, c_E >= 0, defaults 1, 1, 0.1
        The strategic threat's gain from winning, loss from losing, cost of expanding.

    Raises
    ------
    UnknownParameterError
        A parameter the model does not have; the message offers the nearest name.
    InvalidParameterError
        A value outside its domain.

    Examples
    --------
    >>> import balancegame as bg
    >>> model = bg.BalancingModel(autonomy_loss="0.8", decisiveness=2)
    >>> game = model.game(bg.load_scenario("europe-1938"))
    >>> game.players
    ('Britain', 'France', 'Soviet Union', 'Poland', 'Italy', 'Czechoslovakia')
    >>> bg.pure_nash(game)[0].actions
    ('balance', 'neutral', 'balance', 'neutral', 'neutral', 'neutral')
    """

    domination_loss: StateParameter = state_field(
        "1", "D", "loss under domination", high=1.0, low_open=True
    )
    autonomy_loss: StateParameter = state_field("0.6", "alpha", "loss of a bandwagoner who wins")
    retaliation: StateParameter = state_field("0", "rho", "further loss of a defeated balancer")
    retribution: StateParameter = state_field("0.1", "psi", "loss of a beaten threat's client")
    balancing_spoils: StateParameter = state_field("0", "sigma+", "spoils of balancers who win")
    bandwagon_spoils: StateParameter = state_field("0", "sigma-", "spoils of bandwagoners who win")
    affinity: StateParameter = state_field("0", "lambda", "value of like-minded company")
    affinity_exponent: Number = world_field("1", "eta", "growth of that value with power", high=1.0)
    alliance_cost: StateParameter = state_field("0.1", "c", "cost of balancing")
    arming_cost: StateParameter = state_field("0.1", "c_R", "cost of arming, beyond balancing")
    undermining_cost: StateParameter = state_field(
        "0.1", "c_U", "cost of undermining, beyond balancing"
    )
    arming_gain: StateParameter = state_field("0.5", "g", "share arming adds to one's power")
    undermining_effect: StateParameter = state_field(
        "0.3", "mu", "share of the threat's power undermined", high=1.0, high_open=True
    )
    neutral_exposure: StateParameter = state_field(
        "1", "nu", "a neutral's share of the loss", high=1.0
    )
    decisiveness: Number = world_field("1", "m", "exponent of the contest", low_open=True)
    cohesion: Number = world_field("1", "theta", "weight of parallel interests in power", high=1.0)
    contest: Literal["ratio", "logistic"] = contest_field()
    steepness: Number = world_field("4", "k", "steepness of the logistic contest", low_open=True)
    deference: StateParameter = state_field(
        "0.05", "phi", "cost of deferring to a restrained threat"
    )
    prize: Number = world_field("1", "Gamma", "the threat's prize")
    defeat_loss: Number = world_field("1", "K", "the threat's loss in defeat")
    expansion_cost: Number = world_field("0.1", "c_E", "the threat's cost of expanding")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_autonomy(self.autonomy_loss, self.domination_loss)

    @property
    def has_affinity(self) -> bool:
        """Whether the affinity term enters at all."""
        return has_affinity(self.affinity)

    def game(
        self,
        world: World,
        actions: Sequence[str] = ("balance", "bandwagon", "neutral"),
        *,
        hegemon: Literal["fixed", "strategic"] = "fixed",
        exact: bool = False,
    ) -> NormalFormGame:
        """The balancing game in a world.

        Parameters
        ----------
        world : World
            With a threat.
        actions : sequence of str
            What the states may do, in the order of the game's axes: some of ``"balance"``,
            ``"bandwagon"``, ``"neutral"``, ``"arm"``, ``"undermine"``.
        hegemon : "fixed" or "strategic"
            A fixed threat is no player and always expands. A strategic one is the last player,
            with actions ``"expand"``, ``"restrain"`` (no contest) and ``"opportunist"`` (it sees
            the alignment and expands iff that pays): pure equilibria are then the outcomes of the
            threat moving second.
        exact : bool
            Payoffs in Fractions, built profile by profile in Python. Needs cohesion 0, the ratio
            contest with an integer decisiveness, and numbers given as int, Fraction, Decimal or
            text.

        Returns
        -------
        NormalFormGame
            Players are the states without the threat, in the world's order. Eight states with
            five actions take some 20 ms; memory is below four times the table.

        Raises
        ------
        MissingThreatError, UnknownActionError, UnknownStateError, InexactInputError
        TableTooLargeError
            Before anything is allocated.

        Warns
        -----
        ProjectionWarning
            Parallelism is not positive semidefinite and cohesion is above 0: states and threat
            together are moved to the nearest correlation matrix.

        Examples
        --------
        >>> import balancegame as bg
        >>> world = bg.World(["A", "B", "H"], [1, 1, 2], threat="H")
        >>> game = bg.BalancingModel(cohesion=0).game(world, ["balance", "neutral"], exact=True)
        >>> game.exact_payoffs[0]
        array([[Fraction(2, 5), Fraction(7, 30)],
               [Fraction(1, 3), Fraction(0, 1)]], dtype=object)
        """
        names = read_actions(actions)
        if str(hegemon) not in ("fixed", "strategic"):
            message = f'hegemon is {shorten(hegemon)}; it must be "fixed" or "strategic"'
            raise InvalidParameterError(message)
        strategic = hegemon == "strategic"
        setting = bind(self.parameters(), world, exact=exact)
        codes = tuple(map(ACTIONS.index, names))
        table = tables.exact_table if exact else tables.float_table
        payoffs, exact_payoffs = table(setting, codes, strategic=strategic)
        players, action_names = setting.players, [names] * len(setting.players)
        if strategic:
            players = (*players, setting.threat)
            action_names = [*action_names, THREAT_ACTIONS]
        return NormalFormGame._from_owned(  # pyright: ignore[reportPrivateUsage]
            payoffs, players, action_names, exact=exact_payoffs, title=world.title
        )

    def prevailing(
        self, world: World, profile: Profile, *, actions: Sequence[str] | None = None
    ) -> float:
        """The chance pi that balancing prevails against the threat; expected, if mixed.

        Parameters
        ----------
        world : World
        profile : sequence or mapping {state: entry}
            One entry a state: an action's name, its index, or probabilities. A further entry,
            for a strategic threat, makes no difference: pi is the chance if it expands.
        actions : sequence of str
            What indices and probabilities refer to, as for `game`. Default ``"balance",
            "bandwagon", "neutral", "arm", "undermine"``, whose last ones a vector may leave out.

        Returns
        -------
        float, in [0, 1]
            A mixed profile costs time in proportion to the product of its supports.

        Raises
        ------
        MissingThreatError, UnknownActionError, InvalidProbabilityError, InvalidShapeError

        Examples
        --------
        >>> import balancegame as bg
        >>> world = bg.World(["A", "B", "H"], [1, 1, 2], threat="H")
        >>> bg.BalancingModel(cohesion=0).prevailing(world, ["balance", "balance"])
        0.5
        """
        setting = bind(self.parameters(), world)
        names = ACTIONS if actions is None else read_actions(actions)
        states, threat = split_profile(profile, world)
        if threat is not None:
            mixed_profile([threat], [setting.threat], [THREAT_ACTIONS])
        if actions is None:
            states = [padded(entry, len(ACTIONS)) for entry in states]
        parts = mixed_profile(states, setting.players, [names] * len(setting.players))
        codes = np.array([ACTIONS.index(name) for name in names])
        return tables.expected_prevailing(setting, parts, codes)

    def camps(
        self, world: World, profile: Profile, *, actions: Sequence[str] | None = None
    ) -> Camps:
        """Who stands where in a pure profile, and how strong the camps are.

        Parameters
        ----------
        profile : sequence or mapping {state: entry}
            One action a state, by name or index. With an entry for the threat (``"expand"``,
            ``"restrain"``, ``"opportunist"``), `Camps.contested` tells whether it expands.
        actions : sequence of str
            What indices refer to, as for `prevailing`.

        Returns
        -------
        Camps
            Members of each camp, the camps' powers (in the world's unit), and pi.

        Raises
        ------
        MissingThreatError, UnknownActionError, InvalidTypeError, InvalidShapeError

        Examples
        --------
        >>> import balancegame as bg
        >>> world = bg.World(["A", "B", "H"], [1, 1, 2], threat="H")
        >>> camps = bg.BalancingModel(cohesion=0).camps(world, ["balance", "neutral"])
        >>> camps.balancing, camps.neutral, camps.our_power, camps.their_power
        (('A',), ('B',), 1.0, 2.0)
        """
        setting = bind(self.parameters(), world)
        names = ACTIONS if actions is None else read_actions(actions)
        states, threat = split_profile(profile, world)
        codes = [
            ACTIONS.index(names[pure_action(entry, name, names)])
            for entry, name in zip(states, setting.players, strict=True)
        ]
        choice = 0 if threat is None else pure_action(threat, setting.threat, THREAT_ACTIONS)
        return camps_of(setting, codes, THREAT_ACTIONS[choice])

    def coalition_power(self, world: World, members: Sequence[str]) -> float:
        """P(C), the power of a coalition: its capabilities weighted by parallel interests.

        Parameters
        ----------
        members : sequence of str
            States, the threat included if it belongs.

        Returns
        -------
        float
            In the world's unit of power; 0 for no members.

        Raises
        ------
        MissingThreatError, UnknownStateError, InvalidTypeError

        Examples
        --------
        >>> import balancegame as bg
        >>> model, world = bg.BalancingModel(), bg.load_scenario("golden-3")
        >>> round(model.coalition_power(world, ["1", "2"]), 6)
        4.358899
        """
        setting = bind(self.parameters(), world)
        return power_of(setting, members)

    def __hash__(self) -> int:
        return super().__hash__()


def parameter_symbols() -> dict[str, str]:
    """The parameter each symbol of the formulas stands for."""
    return symbols_of(BalancingModel)


def parameter_domains() -> dict[str, Domain]:
    """Each parameter's symbol, meaning and domain, in the order of the documentation."""
    return domains_of(BalancingModel)

"""The balancing game's payoffs as sympy expressions: one formula, profile by profile.

The formulas are those of `balancegame.alliances.payoffs`, written for symbols: nothing in them
compares, so that they hold wherever powers are positive and interests are vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import sympy as sp

from balancegame._checks import check_type
from balancegame._numbers import shorten
from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS, read_actions
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.payoffs import ARM, BALANCE, BANDWAGON, NEUTRAL, UNDERMINE
from balancegame.alliances.setting import Setting
from balancegame.alliances.symbolic_setting import Over, SymbolicSetting, bind_symbols
from balancegame.errors import InvalidParameterError
from balancegame.games.expressions import symbols_of
from balancegame.games.profiles import Profile
from balancegame.games.symbolic_game import SymbolicGame
from balancegame.world.world import World

_BALANCING = (BALANCE, ARM, UNDERMINE)


class SymbolicBalancingGame(SymbolicGame):
    """A `SymbolicGame` of the balancing model; payoffs are written out when they are asked for."""

    __slots__ = ("_cells", "_codes", "_formula", "_strategic")
    _cells: dict[tuple[int, ...], tuple[Any, ...]]
    _codes: tuple[int, ...]
    _formula: _Formula
    _strategic: bool

    @classmethod
    def _of(
        cls, bound: SymbolicSetting, actions: tuple[str, ...], *, strategic: bool, title: str
    ) -> Self:
        game = object.__new__(cls)
        players = bound.setting.players
        names = [actions] * len(players)
        if strategic:
            players, names = (*players, bound.setting.threat), [*names, THREAT_ACTIONS]
        for name, value in (
            ("_cells", {}),
            ("_codes", tuple(map(ACTIONS.index, actions))),
            ("_formula", _Formula(bound.setting)),
            ("_strategic", strategic),
        ):
            object.__setattr__(game, name, value)
        game._fill(None, players, tuple(names), tuple(bound.domain))
        game._describe(symbols_of([*bound.given, *bound.domain]), bound.notation, title)
        return game

    def cell(self, indices: Sequence[int]) -> tuple[Any, ...]:
        """Every player's payoff expression at a profile of action indices."""
        cell = tuple(map(int, indices))
        if cell not in self._cells:
            codes = tuple(self._codes[a] for a in cell[: self._n_states])
            if self._strategic:
                threat = THREAT_ACTIONS[cell[-1]]
                self._cells[cell] = self._formula.strategic_payoffs(codes, threat)
            else:
                self._cells[cell] = self._formula.war_payoffs(codes)
        return self._cells[cell]

    @property
    def _n_states(self) -> int:
        return self.n_players - self._strategic

    def prevailing(self, profile: Profile) -> Any:
        """The chance pi that balancing prevails if the threat expands, as an expression.

        Parameters
        ----------
        profile : sequence or mapping {player: action}
            Pure.

        Examples
        --------
        >>> import balancegame as bg
        >>> world = bg.World(["A", "B", "H"], [1, 1, 1], threat="H")
        >>> game = bg.symbolic_game(bg.BalancingModel(cohesion=0), world, over={"power_ratio": "r"})
        >>> game.prevailing(["balance", "balance"])
        2/(r + 2)
        """
        cell = self.profile(profile)[: self._n_states]
        return self._formula.prevailing(tuple(self._codes[a] for a in cell))


def symbolic_game(
    model: BalancingModel,
    world: World,
    actions: Sequence[str] = ("balance", "bandwagon", "neutral"),
    *,
    over: Over,
    hegemon: Literal["fixed", "strategic"] = "fixed",
) -> SymbolicBalancingGame:
    """The balancing game with payoffs as expressions in some of its parameters.

    Parameters
    ----------
    model : BalancingModel
    world : World
        Numbers that are not replaced by symbols are taken exactly, floats at their binary value.
    actions, hegemon
        As for `BalancingModel.game`.
    over : sequence of str, or mapping {str: str, expression or number}
        What becomes symbolic: a parameter of the model (``"alliance_cost"``, for all states, or
        ``"alliance_cost of France"``); ``"power_ratio"``, the threat's power over the mean power of
        the others; ``"parallelism"``, that of all states other than the threat with each other, the
        threat's being their mean; ``"power of France"``, ``"exposure of France"``,
        ``"parallelism of France and Poland"``. A mapping says what to call the symbol
        (``{"power_ratio": "r"}``), or puts any expression in its place.

    Returns
    -------
    SymbolicBalancingGame
        A `SymbolicGame` with `prevailing`. Symbols are positive, nonnegative or real by their
        domains, and `domain` holds what else is taken for granted: upper bounds,
        ``autonomy_loss <= domination_loss``, and with cohesion that the parallelism matrix is
        positive semidefinite (outside, `BalancingModel.game` projects it; no formula does). Of more
        than one single parallelism, the domain states the minors of order 2 and 3.

    Raises
    ------
    UnknownParameterError
        A name in `over` that is none of these, with the nearest one.
    InvalidParameterError, MissingThreatError, UnknownActionError, UnknownStateError

    Notes
    -----
    The formula is one, for all profiles (docs/model.md); it is tested against the compiled
    payoffs. Camps whose interests cancel to power 0 lie on the edge of the domain.

    Examples
    --------
    >>> import balancegame as bg
    >>> world = bg.World(["A", "B", "H"], [1, 1, 1], threat="H")
    >>> game = bg.symbolic_game(
    ...     bg.BalancingModel(cohesion=0), world, ["balance", "neutral"],
    ...     over={"power_ratio": "r", "alliance_cost": "c"},
    ... )
    >>> game.payoff("A", ["balance", "neutral"])
    -c + 1/(r + 1)
    """
    check_type(model, BalancingModel, "model")
    names = read_actions(actions)
    if str(hegemon) not in ("fixed", "strategic"):
        message = f'hegemon is {shorten(hegemon)}; it must be "fixed" or "strategic"'
        raise InvalidParameterError(message)
    bound = bind_symbols(model, world, over)
    return SymbolicBalancingGame._of(  # pyright: ignore[reportPrivateUsage]
        bound, names, strategic=hegemon == "strategic", title=world.title
    )


class _Formula:
    """Payoffs of profiles of action codes in one setting."""

    def __init__(self, setting: Setting) -> None:
        self._s = setting
        self._total = setting.world_power
        self._powers: dict[Any, Any] = {}
        self._chances: dict[Any, Any] = {}

    def _contributions(self, codes: Sequence[int]) -> list[Any]:
        s = self._s
        return [
            s.power[i] * (1 + s.arming_gain[i]) if code == ARM else
            s.power[i] if code in _BALANCING else sp.Integer(0)
            for i, code in enumerate(codes)
        ]  # fmt: skip

    def _threat_power(self, codes: Sequence[int]) -> Any:
        left = self._s.threat_power
        for i, code in enumerate(codes):
            if code == UNDERMINE:
                left *= 1 - self._s.undermining_effect[i]
        return left

    def _camp_power(self, brought: tuple[Any, ...]) -> Any:
        """P(C) = S (X / S^2)^(theta / 2), with X the quadratic form of what each brings."""
        if brought in self._powers:
            return self._powers[brought]
        theta = self._s.cohesion
        members = [i for i, q in enumerate(brought) if q != 0]
        total = sum((brought[i] for i in members), sp.Integer(0))
        found = total
        if len(members) > 1 and theta != 0:
            form = sum(
                (
                    brought[i] * brought[j] * self._s.parallelism[i][j]
                    for i in members
                    for j in members
                ),
                sp.Integer(0),
            )
            form = sp.factor(form) if form.free_symbols else sp.Max(form, 0)
            if sp.expand(form - total**2) != 0:
                found = total ** (1 - theta) * form ** (theta / 2)
        self._powers[brought] = found
        return found

    def prevailing(self, codes: tuple[int, ...]) -> Any:
        """The chance pi, as an expression."""
        s = self._s
        zero = sp.Integer(0)
        ours_brought = (*self._contributions(codes), zero)
        followers = (s.power[i] if code == BANDWAGON else zero for i, code in enumerate(codes))
        theirs_brought = (*followers, self._threat_power(codes))
        key = (ours_brought, theirs_brought)
        if key in self._chances:
            return self._chances[key]
        ours, theirs = self._camp_power(ours_brought), self._camp_power(theirs_brought)
        if s.contest == "logistic":
            found = 1 / (1 + sp.exp(-s.steepness * (ours - theirs) / self._total))
        elif not any(code in _BALANCING for code in codes):
            found = zero
        elif ours == 0 or theirs == 0:
            found = sp.Rational(1, 2) if ours == theirs else sp.Integer(int(ours != 0))
        else:
            found = ours**s.decisiveness / (ours**s.decisiveness + theirs**s.decisiveness)
        self._chances[key] = found
        return found

    def war_payoffs(self, codes: tuple[int, ...]) -> tuple[Any, ...]:
        """What the states are paid when the threat expands, or is no player."""
        s, pi = self._s, self.prevailing(codes)
        brought = self._contributions(codes)
        ours = sum(brought, sp.Integer(0))
        theirs = s.threat_power + self._power_of(codes, lambda code: code == BANDWAGON)
        found: list[Any] = []
        for i, code in enumerate(codes):
            domination = s.domination_loss[i]
            gain = sp.Integer(0)
            if code == BANDWAGON:
                loss = (1 - pi) * s.autonomy_loss[i] + pi * s.retribution[i]
                gain = (1 - pi) * s.bandwagon_spoils[i] * (ours / self._total)
                gain *= s.power[i] / theirs
            elif code == NEUTRAL:
                loss = (1 - pi) * s.neutral_exposure[i] * domination
            else:
                loss = (1 - pi) * (domination + s.retaliation[i])
                gain = pi * s.balancing_spoils[i] * (theirs / self._total) * (brought[i] / ours)
            found.append(self._quiet(codes, i) - loss + gain)
        return tuple(found)

    def peace_payoffs(self, codes: tuple[int, ...]) -> tuple[Any, ...]:
        """What the states are paid when the threat restrains itself."""
        return tuple(
            self._quiet(codes, i) - (self._s.deference[i] if code == BANDWAGON else 0)
            for i, code in enumerate(codes)
        )

    def strategic_payoffs(self, codes: tuple[int, ...], threat: str) -> tuple[Any, ...]:
        """Payoffs of the states and, last, of a strategic threat."""
        strength = self._threat_power(codes) / self._s.threat_power
        pi = self.prevailing(codes)
        spared = self._power_of(codes, lambda code: code != BANDWAGON) / sum(self._s.power)
        gain = (1 - pi) * self._s.prize * spared - pi * self._s.defeat_loss
        gain -= self._s.expansion_cost
        war = (*self.war_payoffs(codes), strength + gain)
        peace = (*self.peace_payoffs(codes), strength)
        if threat == "expand":
            return war
        if threat == "restrain":
            return peace
        expands = sp.sympify(gain >= 0)
        return tuple(
            sp.Piecewise((one, expands), (other, True))
            for one, other in zip(war, peace, strict=True)
        )

    def _quiet(self, codes: tuple[int, ...], i: int) -> Any:
        """1 + lambda I - cost."""
        s, code = self._s, codes[i]
        found = sp.Integer(1)
        if code in _BALANCING:
            found -= s.alliance_cost[i]
        if code == ARM:
            found -= s.arming_cost[i]
        if code == UNDERMINE:
            found -= s.undermining_cost[i]
        if s.affinity[i] != 0:
            found += s.affinity[i] * self._company(codes, i)
        return found

    def _company(self, codes: tuple[int, ...], i: int) -> Any:
        s, n = self._s, len(codes)
        powers = [*s.power, s.threat_power]
        eta = s.affinity_exponent
        scale = sum(one ** (2 * eta) for one in powers)
        found = sp.Integer(0)
        for j in range(n):
            both_follow = codes[i] == codes[j] == BANDWAGON
            both_balance = codes[i] in _BALANCING and codes[j] in _BALANCING
            if j != i and (both_follow or both_balance):
                found += s.parallelism[i][j] * (powers[i] * powers[j]) ** eta / scale
        if codes[i] == BANDWAGON:
            found += s.parallelism[i][n] * (powers[i] * powers[n]) ** eta / scale
        return found

    def _power_of(self, codes: tuple[int, ...], member: Any) -> Any:
        return sum(
            (self._s.power[i] for i, code in enumerate(codes) if member(code)), sp.Integer(0)
        )

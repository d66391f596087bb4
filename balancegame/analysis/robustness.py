"""Which equilibria survive errors in measuring power and interests."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np

from balancegame._checks import check_count, check_generator, check_type
from balancegame._numbers import parse_at_least_0
from balancegame._progress import report
from balancegame._records import record_repr
from balancegame._words import counted
from balancegame.alliances.balancing import BalancingModel
from balancegame.errors import InvalidParameterError, MissingThreatError, SearchInterrupted
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import fits, narrow_table, wrapped
from balancegame.games.profile_text import profile_text
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.pure_nash import pure_nash
from balancegame.world.nearest_correlation import nearest_correlation
from balancegame.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Actions = tuple[str, ...]

_TASK = "noisy worlds"
_NORMAL_95 = 1.959963984540054
_MOST_SHOWN = 12


@final
@dataclass(frozen=True, slots=True)
class Survival:
    """How often a profile is an equilibrium when power and interests are measured with error.

    Attributes
    ----------
    actions : tuple of str
        One a state.
    holds : bool
        Whether it is an equilibrium of the world as given.
    margin : float or None
        There, the smallest loss by deviating; None if it is none.
    count : int
        In how many of the noisy worlds it is an equilibrium.
    share : float
        The same as a share.
    interval : (float, float)
        Wilson's 95 % interval for the share that infinitely many draws would give.
    """

    actions: Actions
    holds: bool
    margin: float | None
    count: int
    share: float
    interval: tuple[float, float]

    __repr__ = record_repr


@final
@dataclass(frozen=True, slots=True, repr=False)
class Robustness(AsJson, Tabulated):
    """The pure equilibria of a balancing game under noise.

    Attributes
    ----------
    title : str
    states : tuple of str
        The players, in the order of the actions.
    equilibria : tuple of Survival
        The equilibria of the world as given, in the order of `pure_nash`.
    newcomers : tuple of Survival
        Profiles that are equilibria of noisy worlds only, the most frequent first.
    draws : int
        How many noisy worlds were solved.
    unchanged : float
        The share of them with exactly the equilibria of the world as given.
    without : float
        The share without any pure equilibrium.
    power_noise, interest_noise : float
    complete : bool
        Whether all draws asked for were made.
    """

    title: str
    states: tuple[str, ...]
    equilibria: tuple[Survival, ...]
    newcomers: tuple[Survival, ...]
    draws: int
    unchanged: float
    without: float
    power_noise: float
    interest_noise: float
    complete: bool

    def to_frame(self) -> pd.DataFrame:
        """A row a profile: each state's action, and the attributes of `Survival`."""
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        return pd.DataFrame(
            [
                dict(zip(self.states, one.actions, strict=True))
                | {
                    "holds": one.holds,
                    "margin": one.margin,
                    "count": one.count,
                    "share": one.share,
                    "low": one.interval[0],
                    "high": one.interval[1],
                }
                for one in (*self.equilibria, *self.newcomers)
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        for name in ("equilibria", "newcomers"):
            values[name] = [
                {key: getattr(one, key) for key in one.__slots__}
                | {"actions": list(one.actions), "interval": list(one.interval)}
                for one in values[name]
            ]
        return values | {"states": list(self.states)}

    def __repr__(self) -> str:  # wide: no room for an indent
        table = narrow_table(self._rows(), indent="")
        return "\n".join([wrapped(self._caption()), table, *map(wrapped, self._notes())])

    def _caption(self) -> str:
        name = f" of {self.title}" if self.title else ""
        part = "" if self.complete else " (interrupted)"
        return (
            f"Pure equilibria{name} in {counted(self.draws, 'noisy world')}{part}: power x "
            f"exp({self.power_noise:g} z), interests + {self.interest_noise:g} z"
        )

    def _rows(self) -> list[list[str]]:
        shown = [*self.equilibria, *self.newcomers][:_MOST_SHOWN]
        rows = [[*self.states, "margin", "survives", "95 %"]]
        lines = [["profile", "margin", "survives", "95 %"]]  # for many states
        for one in shown:
            margin = "new" if one.margin is None else number(one.margin)
            low, high = one.interval
            cells = [margin, f"{one.share:.1%}", f"{low:.1%} to {high:.1%}"]
            rows.append([*one.actions, *cells])
            lines.append([profile_text(self.states, one.actions), *cells])
        return rows if fits(rows, indent="") else lines

    def _notes(self) -> list[str]:
        more = len(self.equilibria) + len(self.newcomers) - _MOST_SHOWN
        rest = f"; {counted(more, 'rarer profile')} not shown" if more > 0 else ""
        return [
            f"The same equilibria in {self.unchanged:.1%} of the worlds, none in "
            f"{self.without:.1%}{rest}"
        ]


def robustness(
    world: World,
    model: BalancingModel,
    *,
    actions: Sequence[str] = ("balance", "bandwagon", "neutral"),
    power_noise: float = 0.1,
    interest_noise: float = 0.1,
    draws: int = 500,
    rng: int | np.random.Generator = 0,
) -> Robustness:
    """The share of noisy worlds in which each pure equilibrium of the balancing game survives.

    Parameters
    ----------
    world : World
        With a threat.
    model : BalancingModel
    actions : sequence of str
        As for `BalancingModel.game`.
    power_noise : float, at least 0
        Every power, the threat's too, is multiplied by exp(power_noise z), z standard normal and
        independent: 0.1 is an error of about 10 %.
    interest_noise : float, at least 0
        interest_noise z is added to the parallelism of every pair, and the matrix moved to the
        nearest correlation matrix. That takes part of the noise away where interests are close
        to identical or opposed.
    draws : int
        How many noisy worlds.
    rng : int or numpy Generator
        The default gives the same draws every time.

    Returns
    -------
    Robustness

    Raises
    ------
    MissingThreatError, InvalidParameterError, InvalidTypeError
    SearchInterrupted
        On Ctrl-C; `result` holds what the draws until then gave.

    Notes
    -----
    A strict equilibrium survives small enough noise for sure; how small is not told by its margin
    alone, for payoffs answer differently to different powers. Some milliseconds a draw with up to
    eight states.

    Examples
    --------
    >>> import balancegame as bg
    >>> world, model = bg.load_scenario("golden-3"), bg.load_model("golden-3")
    >>> found = bg.robustness(world, model, draws=100)
    >>> [(one.actions, one.share) for one in found.equilibria]
    [(('bandwagon', 'bandwagon', 'bandwagon'), 1.0)]
    """
    check_type(world, World, "world")
    check_type(model, BalancingModel, "model")
    if world.threat is None:
        message = "the world has no threat to balance against; world.replace(threat=...)"
        raise MissingThreatError(message)
    spread = float(parse_at_least_0(power_noise, "power_noise", InvalidParameterError))
    shake = float(parse_at_least_0(interest_noise, "interest_noise", InvalidParameterError))
    wanted = check_count(draws, "draws", 1)
    generator = check_generator(rng)
    given = {one.actions: one.margin for one in pure_nash(model.game(world, actions))}
    found: list[frozenset[Any]] = []
    try:
        while len(found) < wanted:
            noisy = _noisy(world, spread, shake, generator)
            found.append(frozenset(one.actions for one in pure_nash(model.game(noisy, actions))))
            report(_TASK, len(found), wanted)
    except KeyboardInterrupt:
        partial = _result(world, given, found, spread, shake, complete=False)
        raise SearchInterrupted(partial) from None
    return _result(world, given, found, spread, shake, complete=True)


def _noisy(world: World, spread: float, shake: float, rng: np.random.Generator) -> World:
    n = len(world.names)
    factors = np.exp(spread * rng.standard_normal(n))
    errors = np.triu(shake * rng.standard_normal((n, n)), 1)
    changes: dict[str, Any] = {}  # without noise numbers stay as they are, exact ones exact
    if spread > 0.0:
        changes["power"] = world.power * factors
    if shake > 0.0:
        changes["parallelism"] = nearest_correlation(world.parallelism + errors + errors.T)
    return world.replace(**changes)


def _result(
    world: World,
    given: dict[Any, Any],
    found: list[frozenset[Any]],
    spread: float,
    shake: float,
    *,
    complete: bool,
) -> Robustness:
    seen: Counter[Actions] = Counter(actions for profiles in found for actions in profiles)
    draws = len(found)

    def survival(actions: Actions) -> Survival:
        count = seen[actions]
        share = count / draws if draws else 0.0
        margin = given.get(actions)
        return Survival(actions, actions in given, margin, count, share, _wilson(count, draws))

    newcomers = sorted(
        (actions for actions in seen if actions not in given),
        key=lambda actions: (-seen[actions], actions),
    )
    return Robustness(
        title=world.title,
        states=world.states,
        equilibria=tuple(survival(actions) for actions in given),
        newcomers=tuple(survival(actions) for actions in newcomers),
        draws=draws,
        unchanged=found.count(frozenset(given)) / draws if draws else 0.0,
        without=found.count(frozenset()) / draws if draws else 0.0,
        power_noise=spread,
        interest_noise=shake,
        complete=complete,
    )


def _wilson(count: int, draws: int) -> tuple[float, float]:
    """Wilson (1927): the shares that would make such a count unsurprising."""
    if draws == 0:
        return 0.0, 1.0
    share, z = count / draws, _NORMAL_95
    middle = (share + z * z / (2 * draws)) / (1 + z * z / draws)
    half = (
        z
        / (1 + z * z / draws)
        * math.sqrt(share * (1 - share) / draws + z * z / (4 * draws * draws))
    )
    low = 0.0 if count == 0 else middle - half
    return low, 1.0 if count == draws else middle + half

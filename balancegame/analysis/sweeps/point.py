"""One point of a sweep: its values, and what follows from them, worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, final

from balancegame.alliances.balancing import BalancingModel
from balancegame.errors import InvalidTypeError
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.nash import nash_equilibria
from balancegame.solvers.pure_nash import pure_nash
from balancegame.world.world import World


@final
class SweepPoint:
    """A point of a sweep, as measures see it.

    Attributes
    ----------
    values : mapping {axis: value}
    model : BalancingModel or None
        At this point; None where a builder gives the game.
    world : World or None
    game : NormalFormGame
        The model's game in the world, or the builder's.
    pure : NashResult
        All pure equilibria.
    result : NashResult
        All equilibria, as `nash_equilibria` finds them.

    Examples
    --------
    >>> import balancegame as bg
    >>> def welfare(point):
    ...     return max(found.payoffs.sum() for found in point.pure)
    >>> found = bg.sweep(
    ...     bg.BalancingModel(decisiveness=2),
    ...     bg.load_scenario("golden-3"),
    ...     grid={"power_ratio": [0.5, 2]},
    ...     measure=welfare,
    ... )
    >>> found["welfare"].values.round(3)
    array([2.6, 1.2])
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        model: BalancingModel | None,
        world: World | None,
        game: NormalFormGame | None,
        actions: tuple[str, ...],
        hegemon: Literal["fixed", "strategic"],
    ) -> None:
        self.values: Mapping[str, Any] = values
        self.model: BalancingModel | None = model
        self.world: World | None = world
        self._given = game
        self._actions = actions
        self._hegemon: Literal["fixed", "strategic"] = hegemon

    @cached_property
    def game(self) -> NormalFormGame:
        """The game at this point."""
        if self._given is not None:
            return self._given
        model, world = self.balancing()
        return model.game(world, self._actions, hegemon=self._hegemon)

    @cached_property
    def pure(self) -> NashResult:
        """All pure equilibria."""
        return pure_nash(self.game)

    @cached_property
    def result(self) -> NashResult:
        """All equilibria."""
        return nash_equilibria(self.game)

    @property
    def actions(self) -> tuple[str, ...]:
        """What the states of the balancing model may do."""
        return self._actions

    def balancing(self) -> tuple[BalancingModel, World]:
        """The model and the world.

        Raises
        ------
        InvalidTypeError
            A builder gives the game, so that there is none.
        """
        if self.model is None or self.world is None:
            message = "this measure needs a BalancingModel and a World; the builder gives games"
            raise InvalidTypeError(message)
        return self.model, self.world

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return wrapped(f"SweepPoint({values})")


@final
@dataclass(frozen=True, slots=True)
class PointFunction:
    """A function of a point's game, or of its result, as a measure."""

    function: Callable[[Any], Any]
    of: Literal["game", "result"]

    def __call__(self, point: SweepPoint) -> Any:
        """The function's value at a point."""
        return self.function(getattr(point, self.of))

    @property
    def __name__(self) -> str:
        return getattr(self.function, "__name__", "measure")


def of_game(function: Callable[[NormalFormGame], Any]) -> PointFunction:
    """A measure of a sweep from a function of the game at a point.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.sweep(
    ...     bg.BalancingModel(),
    ...     bg.load_scenario("golden-3"),
    ...     grid={"power_ratio": [1, 2]},
    ...     measure={"potential": bg.of_game(lambda game: bool(bg.is_potential(game)))},
    ... )
    >>> found["potential"].values
    array([0., 0.])
    """
    return PointFunction(_callable(function), "game")


def of_result(function: Callable[[NashResult], Any]) -> PointFunction:
    """A measure of a sweep from a function of all equilibria at a point.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.sweep(
    ...     bg.BalancingModel(decisiveness=2),
    ...     bg.load_scenario("golden-3"),
    ...     grid={"power_ratio": [0.5, 1, 2]},
    ...     measure={"count": bg.of_result(len)},
    ... )
    >>> found["count"].values
    array([1., 3., 1.])
    """
    return PointFunction(_callable(function), "result")


def _callable(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if callable(function):
        return function
    message = f"{function!r} is no function; give one of the game, or of the result"
    raise InvalidTypeError(message)

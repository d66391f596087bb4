"""Where the games of a sweep come from: a model and a world, or functions that build them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from balancegame._numbers import shorten
from balancegame.alliances.actions import THREAT_ACTIONS, read_actions
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.parameters import check_autonomy
from balancegame.analysis.sweeps.axes import PARALLELISM, POWER_RATIO
from balancegame.analysis.sweeps.power_and_parallelism import is_feasible, world_at
from balancegame.errors import InvalidTypeError, MissingThreatError
from balancegame.games.normal_form import NormalFormGame
from balancegame.world.world import World

Builder = Callable[..., Any]

LOSSES = ("autonomy_loss", "domination_loss")
"""Parameters whose domains depend on one another."""


@dataclass(frozen=True, slots=True)
class Source:
    """What gives the model, the world and the game at each point.

    Attributes
    ----------
    model : BalancingModel, or a function that returns one, or one that returns a NormalFormGame
    world : World, or a function that returns one, or None where `model` builds games
    actions : tuple of str
    hegemon : "fixed" or "strategic"
    """

    model: BalancingModel | Builder
    world: World | Builder | None
    actions: tuple[str, ...]
    hegemon: Literal["fixed", "strategic"]

    @property
    def is_built(self) -> bool:
        """Whether functions of the point build the model or the world."""
        return not (isinstance(self.model, BalancingModel) and isinstance(self.world, World))

    @property
    def shape(self) -> tuple[int, ...]:
        """The numbers of actions; of a source that is not built."""
        states = (len(self.actions),) * len(self._world().states)
        return (*states, len(THREAT_ACTIONS)) if self.hegemon == "strategic" else states

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names; of a source that is not built."""
        world = self._world()
        threat = (str(world.threat),) if self.hegemon == "strategic" else ()
        return (*world.states, *threat)

    def _world(self) -> World:
        if isinstance(self.world, World):
            return self.world
        message = "the world is built point by point"
        raise InvalidTypeError(message)

    def arguments(self) -> frozenset[str] | None:
        """The axes that the builders take; None if one takes any."""
        names: set[str] = set()
        for builder in (self.model, self.world):
            if callable(builder):
                taken = _arguments_of(builder)
                if taken is None:
                    return None
                names |= taken
        return frozenset(names)

    def at(self, values: Mapping[str, Any]) -> tuple[BalancingModel | None, World | None, Any]:
        """The model, the world and, where it is built, the game at a point."""
        free = dict(values)
        model, world = self.model, self.world
        if callable(model):
            model = _build(model, values, free)
        if callable(world):
            world = _build(world, values, free)
        if isinstance(model, NormalFormGame) and world is None:
            return None, None, model
        if not isinstance(model, BalancingModel) or (
            world is not None and not isinstance(world, World)
        ):
            wrong, expected = (
                (world, "a World")
                if isinstance(model, BalancingModel)
                else (model, "a NormalFormGame" if world is None else "a BalancingModel")
            )
            message = f"the builder gives {shorten(wrong)}; it must give {expected}"
            raise InvalidTypeError(message)
        if world is None:
            message = "the builder gives a BalancingModel; give sweep a world, too"
            raise InvalidTypeError(message)
        ratio, parallelism = free.pop(POWER_RATIO, None), free.pop(PARALLELISM, None)
        if parallelism is not None and not is_feasible(_with_threat(world), parallelism):
            return None, None, None
        if ratio is not None or parallelism is not None:
            world = world_at(_with_threat(world), ratio, parallelism)
        return model.replace(**_changes(model, world, free)) if free else model, world, None


def check_losses(source: Source, values: Mapping[str, Any]) -> None:
    """Refuse a client that loses more than the dominated do, as the model would; much faster."""
    model, world = source.model, source.world
    if isinstance(model, BalancingModel) and isinstance(world, World):
        own = {n: v for n, v in values.items() if n.partition(".")[0] in LOSSES}
        changes = _changes(model, world, own)
        check_autonomy(*(changes.get(name, getattr(model, name)) for name in LOSSES))


def read_source(model: object, world: object, actions: Any, hegemon: Any) -> Source:
    """A source from the arguments of `sweep`."""
    if not isinstance(model, BalancingModel) and not callable(model):
        message = (
            f"model is {shorten(model)}; give a BalancingModel, or a function of the grid's values "
            "that returns one, or a NormalFormGame"
        )
        raise InvalidTypeError(message)
    if world is None and isinstance(model, BalancingModel):
        message = "world is missing; give a World, or a function of the grid's values"
        raise InvalidTypeError(message)
    if world is not None and not isinstance(world, World) and not callable(world):
        message = f"world is {shorten(world)}; give a World, or a function that returns one"
        raise InvalidTypeError(message)
    if isinstance(world, World):
        _with_threat(world)
    return Source(model, world, read_actions(actions), hegemon)  # pyright: ignore[reportArgumentType]


def _with_threat(world: World) -> World:
    if world.threat is None or not world.states:
        message = "the world has no threat, or nobody besides it; name one with threat=..."
        raise MissingThreatError(message)
    return world


def _changes(model: BalancingModel, world: World, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by parameter; those for one state are merged into the others'."""
    changes: dict[str, Any] = {}
    for name in sorted(values, key=lambda name: "." in name):
        parameter, dot, state = name.partition(".")
        if not dot:
            changes[name] = values[name]
            continue
        current = changes.get(parameter, getattr(model, parameter))
        if not isinstance(current, Mapping):
            current = dict.fromkeys(world.states, current)
        changes[parameter] = {**current, state: values[name]}
    return changes


def _build(builder: Builder, values: Mapping[str, Any], free: dict[str, Any]) -> Any:
    taken = _arguments_of(builder)
    given = {name: value for name, value in values.items() if taken is None or name in taken}
    for name in given:
        free.pop(name, None)
    return builder(**given)


def _arguments_of(builder: Builder) -> frozenset[str] | None:
    """Names of the keywords a builder takes; None if it takes any."""
    try:
        parameters = inspect.signature(builder).parameters.values()
    except (TypeError, ValueError):
        return None
    required = [
        one.name
        for one in parameters
        if one.kind is inspect.Parameter.POSITIONAL_ONLY and one.default is inspect.Parameter.empty
    ]
    if required:
        message = (
            f"the builder takes {', '.join(required)} by position only, but is given values by "
            "name; leave out the / after its arguments"
        )
        raise InvalidTypeError(message)
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        return None
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(one.name for one in parameters if one.kind in by_name)

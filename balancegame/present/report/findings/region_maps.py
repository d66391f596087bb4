"""Maps: which pure equilibria there are at each point of a grid of two parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.used_parameters import Hegemon, used_parameters
from balancegame.analysis.sweeps.axes import PARALLELISM, POWER_RATIO
from balancegame.analysis.sweeps.labels import LETTERS, NONE
from balancegame.analysis.sweeps.sweep import sweep
from balancegame.errors import InvalidGridError, TooManyProfilesError
from balancegame.games.profile_text import profile_text
from balancegame.present.axis_words import axis_words
from balancegame.present.tables import ACTION_WORDS
from balancegame.world.world import World

Grid = Mapping[str, Sequence[Any]]

INFEASIBLE, FAILED = -1, -2
_MOST_PROFILES = 4_096  # which compiled code looks through
_ACTIONS = {letter: name for name, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class MapAxis:
    """A parameter, its values, and where the report's own world stands.

    Attributes
    ----------
    name, words : str
    values : tuple of float
        Ascending.
    own : float or None
        None where there is no one value.
    """

    name: str
    words: str
    values: tuple[float, ...]
    own: float | None

    @property
    def place(self) -> int:
        """The value nearest to the own one; the middle where there is none."""
        if self.own is None:
            return len(self.values) // 2
        return int(np.argmin(np.abs(np.array(self.values) - self.own)))


@dataclass(frozen=True, slots=True)
class RegionMap:
    """Which pure equilibria where.

    Attributes
    ----------
    across, up : MapAxis
    codes : tuple of tuple of int
        For each value of `up`, for each of `across`, the place in `labels`; `INFEASIBLE` where no
        interests are so related, `FAILED` where there is no such game.
    labels : tuple of str
        Sets of pure equilibria, one letter a state.
    readings : tuple of tuple of str
        The same in words, an equilibrium each.
    """

    across: MapAxis
    up: MapAxis
    codes: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]

    @property
    def is_of_uniform_interests(self) -> bool:
        """Whether the interests of the world give way to one number."""
        return PARALLELISM in (self.across.name, self.up.name)


def usual_grids(
    model: BalancingModel, world: World, actions: Sequence[str], hegemon: Hegemon, points: int
) -> tuple[Grid, ...]:
    """Power and interests; then two parameters of the model that matter in this game."""
    n, ratio = len(world.states), _own_value(POWER_RATIO, model, world) or 1.0
    least = max(-1.0, -1.0 / max(n - 1, 1))
    grids: list[Grid] = [
        {
            PARALLELISM: np.linspace(least, 1.0, points).tolist(),
            POWER_RATIO: np.linspace(0.1, max(6.0, 1.5 * ratio), points).tolist(),
        }
    ]
    used = used_parameters(model, actions, hegemon)
    ranges = {name: values for name, values in _ranges(model).items() if name in used}
    if len(ranges) >= 2:
        across, up = list(ranges)[:2]
        grids.append({name: np.linspace(*ranges[name], points).tolist() for name in (up, across)})
    return tuple(grids)


def find_map(
    model: BalancingModel, world: World, grid: Grid, actions: Sequence[str], hegemon: Hegemon
) -> RegionMap:
    """Solve the game at every point of a grid of two axes, the last of which runs across."""
    if len(grid) != 2:
        message = f"maps holds a grid over {len(grid)} parameters; a map has two"
        raise InvalidGridError(message)
    profiles = len(actions) ** len(world.states)
    if profiles > _MOST_PROFILES:
        message = (
            f"the game has {profiles:,} profiles; a map is made here of games of up to "
            f"{_MOST_PROFILES:,}. bg.sweep makes those of larger games, with patience"
        )
        raise TooManyProfilesError(message)
    found = sweep(model, world, grid=grid, actions=actions, hegemon=hegemon, on_error="mark")
    for name in grid:
        if found[name].dtype.kind not in "iuf":
            message = f"maps holds {name}, whose values are no numbers; a map has two axes of them"
            raise InvalidGridError(message)
    found = found.sortby(list(grid))
    region, status = found["region"], found["status"].values
    codes = np.where(status == 1, INFEASIBLE, np.where(status == 0, region.values, FAILED))
    labels = tuple(str(one) for one in region.attrs["labels"])
    up, across = (
        MapAxis(
            name,
            axis_words(name),
            tuple(float(value) for value in found[name].values),
            _own_value(name, model, world),
        )
        for name in grid
    )
    return RegionMap(
        across=across,
        up=up,
        codes=tuple(tuple(row) for row in codes.tolist()),
        labels=labels,
        readings=tuple(_readings(label, world.states) for label in labels),
    )


def _ranges(model: BalancingModel) -> dict[str, tuple[float, float]]:
    """Where parameters are looked at, those first that say most."""

    def low_and_high(name: str) -> tuple[float, float]:
        value = model.parameters()[name]
        values = list(value.values()) if isinstance(value, Mapping) else [value]
        return min(map(float, values)), max(map(float, values))

    return {
        "decisiveness": (0.25, max(5.0, 1.5 * low_and_high("decisiveness")[1])),
        "steepness": (0.5, max(10.0, 1.5 * low_and_high("steepness")[1])),
        # Nobody can lose more by siding with the threat than by being dominated.
        "autonomy_loss": (0.0, low_and_high("domination_loss")[0]),
        "alliance_cost": (0.0, max(0.5, 1.5 * low_and_high("alliance_cost")[1])),
        "cohesion": (0.0, 1.0),
    }


def _own_value(name: str, model: BalancingModel, world: World) -> float | None:
    """Where the world and the model themselves stand on an axis."""
    here = [world.names.index(state) for state in world.states]
    if name == POWER_RATIO:
        threat = world.names.index(str(world.threat))
        return float(world.power[threat] / world.power[here].mean())
    if name == PARALLELISM:
        if len(here) < 2:
            return None
        among = world.parallelism[np.ix_(here, here)]
        return float(among[np.triu_indices(len(here), 1)].mean())
    parameter, _, state = name.partition(".")
    value = model.parameters().get(parameter)
    if isinstance(value, Mapping):
        value = value.get(state)
    return None if value is None or isinstance(value, str) else float(value)


def _readings(label: str, states: Sequence[str]) -> tuple[str, ...]:
    """A label in words."""
    if label == NONE:
        return ()
    found: list[str] = []
    for profile in label.split(" + "):
        letters, _, threat = profile.partition("/")
        played = profile_text(states, [ACTION_WORDS[_ACTIONS[letter]] for letter in letters])
        found.append(f"{played}; the threat: {threat}" if threat else played)
    return tuple(found)

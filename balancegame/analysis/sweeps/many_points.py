"""Pure equilibria of the balancing game at many points at once, in compiled code."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.alliances.actions import ACTIONS, THREAT_ACTIONS
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.many_settings import ManySettings
from balancegame.alliances.setting import PER_STATE, bind, read_per_state
from balancegame.analysis.sweeps.axes import PARALLELISM, POWER_RATIO, Axis
from balancegame.analysis.sweeps.power_and_parallelism import (
    is_feasible,
    threat_parallelism,
    threat_power,
    uniform_parallelism,
)
from balancegame.analysis.sweeps.source import LOSSES, Source, check_losses
from balancegame.errors import InvalidParameterError
from balancegame.world.world import World

Floats = NDArray[np.float64]
Places = tuple[NDArray[np.int64], ...]
"""For each axis, the place of every point's value on it."""

MOST_PROFILES = 4096
"""Larger games are solved one by one."""

_POINTS_PER_THREAD_BLOCK = 512
_NOT_FINITE = -2  # as `mark_equilibria` writes it
_WORLD_WIDE = (
    "decisiveness",
    "cohesion",
    "steepness",
    "contest",
    "affinity_exponent",
    "prize",
    "defeat_loss",
    "expansion_cost",
)


@dataclass(frozen=True, slots=True, eq=False)
class ManyGames:
    """The games at k points, and their pure equilibria.

    Attributes
    ----------
    source : Source
    tables : array, shape (k, players, profiles)
        Payoffs; a profile is a flat index, the last player's action varying fastest.
    words : array of uint64, shape (k, w)
        Bit c of a point's words tells whether profile c is an equilibrium.
    counts, firsts : arrays of int, shape (k,)
        How many equilibria, and the first of them, -1 if there is none.
    worst : array, shape (k, players)
        Each player's lowest payoff in an equilibrium; infinite if there is none.
    margins : array, shape (k,)
        How far payoffs may move before the set of equilibria changes.
    prevailing : array, shape (k,)
        pi in the first equilibrium; NaN if there is none.
    finite : array of bool, shape (k,)
    """

    source: Source
    tables: Floats
    words: NDArray[np.uint64]
    counts: NDArray[np.int64]
    firsts: NDArray[np.int64]
    worst: Floats
    margins: Floats
    prevailing: Floats
    finite: NDArray[np.bool_]


@functools.lru_cache(maxsize=16)
def feasible_values(world: World, axis: Axis) -> NDArray[np.bool_]:
    """Which values of an axis of parallelism are feasible in a world."""
    return np.array([is_feasible(world, value) for value in axis.values])


def autonomy_exceeds_domination(
    source: Source, axes: Sequence[Axis], places: Places
) -> NDArray[np.bool_]:
    """At which points a client would lose more than the dominated do: no model has that."""
    points = len(places[0])
    involved = [k for k, axis in enumerate(axes) if axis.name.partition(".")[0] in LOSSES]
    if not involved:
        return np.zeros(points, np.bool_)
    # Each combination of values once: those whose floats are equal are compared exactly.
    some, at = np.unique(np.stack([places[k] for k in involved]), axis=1, return_inverse=True)
    own = _per_state(source, [axes[k] for k in involved], tuple(some))
    alpha, domination = np.broadcast_arrays(*(own[name] for name in LOSSES))
    exceeds: NDArray[np.bool_] = np.any(alpha > domination, axis=1)
    close = np.isclose(alpha, domination, rtol=1e-15, atol=0.0).any(axis=1)
    for place in np.flatnonzero(close):
        values = {
            axes[k].name: axes[k].values[row[place]] for k, row in zip(involved, some, strict=True)
        }
        exceeds[place] = _is_refused(source, values)
    return exceeds[at.reshape(-1)]


def _is_refused(source: Source, values: dict[str, Any]) -> bool:
    try:
        check_losses(source, values)
    except InvalidParameterError:
        return True
    return False


def solve_many(source: Source, axes: Sequence[Axis], places: Places) -> ManyGames:
    """Payoff tables and pure equilibria at every point."""
    from balancegame._kernels.sweep_points import (  # noqa: PLC0415 (numba loads slowly)
        fill_tables,
        mark_equilibria,
        prevailing_at,
    )
    from balancegame._kernels.threads import run_blocks  # noqa: PLC0415

    points, shape = len(places[0]), np.array(source.shape, dtype=np.int64)
    players, profiles = len(shape), math.prod(source.shape)
    arguments = many_settings(source, axes, places).kernel_arguments()
    steps = np.array([int(len(one) > 1) for one in arguments], dtype=np.int64)
    codes = np.array([ACTIONS.index(name) for name in source.actions], dtype=np.int64)
    tables = np.empty((points, players, profiles))
    words = np.empty((points, -(-profiles // 64)), dtype=np.uint64)
    counts, firsts = np.empty(points, np.int64), np.empty(points, np.int64)
    worst, margins, pi = np.empty((points, players)), np.empty(points), np.empty(points)
    power, threat, parallelism, _, arming, undermining, *_, contest, _ = arguments
    threat_actions = len(THREAT_ACTIONS) if source.hegemon == "strategic" else 1

    def work(first: int, end: int) -> None:
        # Compiled code is silent about overflow, which it tests for; plain Python is not.
        with np.errstate(all="ignore"):
            part = tables[first:end]
            fill_tables(part, first, steps, codes, *arguments)
            mark_equilibria(part, shape, first, words, counts, firsts, worst, margins)

    run_blocks(work, points, _POINTS_PER_THREAD_BLOCK)
    finite = firsts != _NOT_FINITE
    with np.errstate(all="ignore"):
        prevailing_at(
            firsts,
            pi,
            steps,
            codes,
            power,
            threat,
            parallelism,
            arming,
            undermining,
            contest,
            threat_actions,
        )
    return ManyGames(source, tables, words, counts, firsts, worst, margins, pi, finite)


def many_settings(source: Source, axes: Sequence[Axis], places: Places) -> ManySettings:
    """The model bound to the world at every point; all of them feasible."""
    model, world = source.model, source.world
    if not isinstance(model, BalancingModel) or not isinstance(world, World):
        raise TypeError
    own = _per_state(source, axes, places)
    columns = _columns(axes, places)
    wide = {
        name: columns.get(name, np.array([_number(getattr(model, name))])) for name in _WORLD_WIDE
    }
    order = [world.names.index(name) for name in (*world.states, str(world.threat))]
    power = world.power[order][None, :]
    if POWER_RATIO in columns:
        power = np.repeat(power, len(places[0]), axis=0)
        power[:, -1] = threat_power(world, columns[POWER_RATIO])
    return ManySettings(
        power=power,
        parallelism=_parallelism(model, world, columns.get(PARALLELISM), wide["cohesion"]),
        exposure=world.exposure[order[:-1]][None, :],
        per_state=own,
        world_wide=wide,
    )


def _parallelism(
    model: BalancingModel, world: World, uniform: Floats | None, cohesion: Floats
) -> Floats:
    if uniform is not None:
        return uniform_parallelism(len(world.states), uniform, threat_parallelism(world))
    plain, semidefinite = (
        np.array(bind(model.replace(cohesion=theta).parameters(), world).parallelism)
        for theta in (0.0, 1.0 if (cohesion > 0).any() else 0.0)
    )
    if (plain == semidefinite).all():
        return plain[None]
    return np.where((cohesion > 0)[:, None, None], semidefinite, plain)


def _per_state(source: Source, axes: Sequence[Axis], places: Places) -> dict[str, Floats]:
    """The parameters one number a state, shape (1 or k, n)."""
    model, world = source.model, source.world
    if not isinstance(model, BalancingModel) or not isinstance(world, World):
        raise TypeError
    states = world.states
    own = {
        name: np.array([read_per_state(getattr(model, name), name, world)], dtype=np.float64)
        for name in PER_STATE
    }
    columns = _columns(axes, places)
    for name in sorted(columns, key=lambda name: "." in name):
        parameter, dot, state = name.partition(".")
        if parameter not in own:
            continue
        if not dot:
            own[parameter] = np.repeat(columns[name][:, None], len(states), axis=1)
            continue
        given = own[parameter]
        own[parameter] = np.repeat(given, len(columns[name]) // len(given), axis=0)
        own[parameter][:, states.index(state)] = columns[name]
    return own


def _columns(axes: Sequence[Axis], places: Places) -> dict[str, Floats]:
    """Each axis's value at every point, shape (k,)."""
    return {axis.name: _numbers(axis)[at] for axis, at in zip(axes, places, strict=True)}


@functools.lru_cache(maxsize=16)
def _numbers(axis: Axis) -> Floats:
    return np.array([_number(value) for value in axis.values])


def _number(value: Any) -> float:
    """A parameter as the kernels take it; the contest's form as 0 or 1."""
    return float(value == "logistic") if isinstance(value, str) else float(value)

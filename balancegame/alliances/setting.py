"""A model bound to a world: every number the payoffs need, one list entry a state.

The same record serves float arithmetic, exact arithmetic (all entries Fractions) and whatever
else the formulas of `balancegame.alliances.payoffs` can be evaluated in.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_known, check_type
from balancegame._numbers import exact_value, exactly, format_number
from balancegame._words import listed
from balancegame.errors import (
    InexactInputError,
    MissingThreatError,
    ProjectionWarning,
    UnknownStateError,
)
from balancegame.world.nearest_correlation import nearest_correlation, smallest_eigenvalue
from balancegame.world.world import World

Scalar = Any
"""A float, a Fraction, or another number that mixes with int."""

# Rounding alone may leave a singular matrix this far from semidefinite.
_SEMIDEFINITE = -1e-10
_LARGEST_EXACT_EXPONENT = 100


@dataclass(frozen=True)
class Setting:
    """The balancing game's numbers; symbols as in MODEL part B, the threat last where it counts."""

    players: tuple[str, ...]
    threat: str
    unit: Scalar  # of the powers below, in the world's own
    power: Sequence[Scalar]
    threat_power: Scalar
    parallelism: Sequence[Sequence[Scalar]]
    domination_loss: Sequence[Scalar]  # times exposure
    autonomy_loss: Sequence[Scalar]
    retaliation: Sequence[Scalar]
    retribution: Sequence[Scalar]
    balancing_spoils: Sequence[Scalar]
    bandwagon_spoils: Sequence[Scalar]
    affinity: Sequence[Scalar]
    alliance_cost: Sequence[Scalar]
    arming_cost: Sequence[Scalar]
    undermining_cost: Sequence[Scalar]
    arming_gain: Sequence[Scalar]
    undermining_effect: Sequence[Scalar]
    neutral_exposure: Sequence[Scalar]
    deference: Sequence[Scalar]
    affinity_exponent: Scalar
    decisiveness: Scalar
    cohesion: Scalar
    contest: str
    steepness: Scalar
    prize: Scalar
    defeat_loss: Scalar
    expansion_cost: Scalar

    @property
    def world_power(self) -> Scalar:
        """T, the power of all states and the threat."""
        return sum(self.power) + self.threat_power

    def affinity_weight(self, i: int, j: int) -> Scalar:
        """Weight of the pair in the affinity term."""
        return pair_weight([*self.power, self.threat_power], self.affinity_exponent, i, j)


def pair_weight(powers: Sequence[Scalar], exponent: Scalar, i: int, j: int) -> Scalar:
    """(p_i p_j)^eta over the sum of p_k^(2 eta), over all states."""
    if exponent == 0:
        return 1 / Fraction(len(powers)) if isinstance(powers[0], Fraction) else 1 / len(powers)
    if exponent == 1:
        return powers[i] * powers[j] / sum(p * p for p in powers)
    return math.sqrt(powers[i] * powers[j]) / sum(powers)


PER_STATE = (
    "domination_loss",
    "autonomy_loss",
    "retaliation",
    "retribution",
    "balancing_spoils",
    "bandwagon_spoils",
    "affinity",
    "alliance_cost",
    "arming_cost",
    "undermining_cost",
    "arming_gain",
    "undermining_effect",
    "neutral_exposure",
    "deference",
)


def bind(parameters: Mapping[str, Any], world: World, *, exact: bool = False) -> Setting:
    """Bring a model's parameters and a world's numbers together.

    Raises
    ------
    MissingThreatError
        The world has no threat, or nobody besides it.
    UnknownStateError, InvalidParameterError
        A parameter names a state the world lacks, or leaves a player out.
    InexactInputError
        `exact` was asked for and something forbids it.

    Warns
    -----
    ProjectionWarning
        With cohesion > 0, when the parallelism matrix is not positive semidefinite: the nearest
        correlation matrix takes its place.
    """
    check_type(world, World, "world")
    threat = world.threat
    if threat is None:
        message = (
            f"the world{f' {world.title!r}' if world.title else ''} has no threat; name the state "
            'the others balance against: world.replace(threat=...), or threat = "..." at the top '
            f"of a scenario file, one of {', '.join(world.names[:8])}"
        )
        raise MissingThreatError(message)
    players = world.states
    if not players:
        message = f"{threat} is alone in the world; add the states that may balance against it"
        raise MissingThreatError(message)
    place = [world.names.index(name) for name in (*players, threat)]
    read = read_exact if exact else read_float
    if exact:
        require_exact(parameters)
    unit, power, exposure = capabilities(world, place, exact=exact)
    own = {name: read_per_state(parameters[name], name, world, read) for name in PER_STATE}
    own["domination_loss"] = [
        loss * share for loss, share in zip(own["domination_loss"], exposure[:-1], strict=True)
    ]
    return Setting(
        players=players,
        threat=threat,
        unit=unit,
        power=power[:-1],
        threat_power=power[-1],
        parallelism=parallelism_of(
            world,
            place,
            exact=exact,
            affinity=any(own["affinity"]),
            cohesion=float(parameters["cohesion"]),
        ),
        **own,
        **contest_parameters(parameters, exact=exact),
        prize=read(parameters["prize"], "prize"),
        defeat_loss=read(parameters["defeat_loss"], "defeat_loss"),
        expansion_cost=read(parameters["expansion_cost"], "expansion_cost"),
    )


def capabilities(
    world: World, place: Sequence[int], *, exact: bool
) -> tuple[Scalar, list[Scalar], list[Scalar]]:
    """The unit that power is counted in, and the power and the exposure of some states."""
    read = read_exact if exact else read_float
    power = [read(world.given.power[k], f"power of {world.names[k]}") for k in place]
    unit = 1 if exact else unit_of(power)
    exposure = [read(world.given.exposure[k], f"exposure of {world.names[k]}") for k in place]
    return unit, [p / unit for p in power], exposure


def contest_parameters(parameters: Mapping[str, Any], *, exact: bool) -> dict[str, Any]:
    """What the contest and the interests in it depend on, as plain numbers."""
    return {
        "affinity_exponent": float(parameters["affinity_exponent"]),
        "decisiveness": (int if exact else float)(parameters["decisiveness"]),
        "cohesion": float(parameters["cohesion"]),
        "contest": parameters["contest"],
        "steepness": float(parameters["steepness"]),
    }


def unit_of(power: Sequence[Scalar]) -> float:
    """A power of two near the largest power: dividing by it rounds nothing and tames overflow."""
    return math.ldexp(1.0, math.frexp(max(power))[1] - 1)


def read_float(value: Any, _argument: str) -> float:
    """A number as a float."""
    return float(value)


def read_per_state(
    value: Any, parameter: str, world: World, read: Callable[[Any, str], Scalar] = read_float
) -> list[Scalar]:
    """A parameter as one number for each state but the threat."""
    return read_for(world.states, value, parameter, world, read, "every state but the threat")


def read_for(
    states: Sequence[str],
    value: Any,
    parameter: str,
    world: World,
    read: Callable[[Any, str], Scalar],
    whom: str,
) -> list[Scalar]:
    """A parameter as one number for each of some states of the world; `whom` describes them."""
    if not isinstance(value, Mapping):
        return [read(value, parameter)] * len(states)
    for state in value:
        check_known(state, world.names, f"state in {parameter}", UnknownStateError)
    missing = [state for state in states if state not in value]
    if missing:
        message = (
            f"{parameter} has no value for {listed(missing)}; give one for {whom}, or a single "
            "number for all"
        )
        raise UnknownStateError(message)
    return [read(value[state], f"{parameter} of {state}") for state in states]


def read_exact(value: Any, argument: str) -> Fraction:
    """A number as the Fraction it was given as; plain floats are refused."""
    exact = exact_value(value)
    if exact is None:
        message = (
            f"{argument} is the float {value!r}, whose exact value is hardly what is meant; for "
            f'exact payoffs give an int, a Fraction or text: "{value!r}"'
        )
        raise InexactInputError(message)
    return exact


def has_affinity(affinity: Any) -> bool:
    """Whether the affinity term enters at all."""
    values = affinity.values() if isinstance(affinity, Mapping) else [affinity]
    return any(value != 0 for value in values)


def require_exact(parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that make payoffs irrational."""
    wrong = None
    exponent, cohesion = parameters["decisiveness"], parameters["cohesion"]
    contest, eta = parameters["contest"], parameters["affinity_exponent"]
    if cohesion != 0:
        wrong = f"cohesion = 0, but it is {format_number(cohesion)} (it takes square roots)"
    elif contest != "ratio":
        wrong = f'contest = "ratio", but it is {contest!r}'
    elif exactly(exponent).denominator != 1:
        wrong = f"an integer decisiveness, but it is {format_number(exponent)}"
    elif exponent > _LARGEST_EXACT_EXPONENT:
        wrong = (
            f"a decisiveness of at most {_LARGEST_EXACT_EXPONENT}, but it is "
            f"{format_number(exponent)} (its powers have too many digits)"
        )
    elif eta == 0.5 and has_affinity(parameters["affinity"]):
        wrong = "affinity_exponent 0 or 1, but it is 0.5"
    if wrong:
        message = f"exact payoffs need {wrong}"
        raise InexactInputError(message)


def parallelism_of(
    world: World, place: Sequence[int], *, exact: bool, affinity: bool, cohesion: float
) -> list[list[Scalar]]:
    """The matrix in the order of `place`; projected where cohesion needs it semidefinite."""
    if exact:
        if not affinity:
            return [[Fraction(i == j) for j in place] for i in place]
        rows = world.given.parallelism
        names = world.names
        return [
            [read_exact(rows[i][j], f"parallelism of {names[i]} and {names[j]}") for j in place]
            for i in place
        ]
    matrix: NDArray[np.float64] = world.parallelism[np.ix_(place, place)]
    if cohesion > 0:
        matrix = _semidefinite(matrix)
    return matrix.tolist()


def _semidefinite(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    lowest = smallest_eigenvalue(matrix)
    if lowest >= _SEMIDEFINITE:
        return matrix
    nearest = nearest_correlation(matrix)
    moved = nearest - matrix
    warnings.warn(
        f"parallelism is not positive semidefinite (smallest eigenvalue {lowest:.3g}); the "
        f"nearest correlation matrix is used instead: Frobenius distance "
        f"{np.linalg.norm(moved):.3g}, largest change of an entry {np.abs(moved).max():.3g}",
        ProjectionWarning,
        stacklevel=5,  # the line that asked the model for a game
    )
    return nearest

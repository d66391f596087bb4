"""The two-pole model bound to a world: every number its payoffs need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from balancegame._checks import check_known, check_type, is_sized
from balancegame._numbers import shorten
from balancegame.alliances.setting import (
    Scalar,
    capabilities,
    contest_parameters,
    pair_weight,
    parallelism_of,
    read_exact,
    read_float,
    read_for,
    require_exact,
)
from balancegame.errors import InvalidPolesError, InvalidTypeError, UnknownStateError
from balancegame.world.world import World


@dataclass(frozen=True)
class TwoPoleSetting:
    """The two-pole game's numbers; the poles stand last in `parallelism`, in their order."""

    players: tuple[str, ...]
    poles: tuple[str, str]
    unit: Scalar  # of the powers below, in the world's own
    power: Sequence[Scalar]
    pole_power: Sequence[Scalar]
    parallelism: Sequence[Sequence[Scalar]]
    domination_loss: Sequence[Scalar]  # times exposure
    autonomy_loss: Sequence[Scalar]  # one a pole
    retaliation: Sequence[Scalar]
    affinity: Sequence[Scalar]
    alliance_cost: Sequence[Scalar]
    neutral_exposure: Sequence[Scalar]
    affinity_exponent: Scalar
    decisiveness: Scalar
    cohesion: Scalar
    contest: str
    steepness: Scalar

    @property
    def everyone(self) -> list[Scalar]:
        """The powers of all, the poles last."""
        return [*self.power, *self.pole_power]

    @property
    def world_power(self) -> Scalar:
        """T, the power of all states, the poles among them."""
        return sum(self.everyone)

    def affinity_weight(self, i: int, j: int) -> Scalar:
        """Weight of the pair in the affinity term."""
        return pair_weight(self.everyone, self.affinity_exponent, i, j)


_PER_STATE = ("domination_loss", "retaliation", "affinity", "alliance_cost", "neutral_exposure")


def bind_poles(
    parameters: Mapping[str, Any], world: World, poles: Sequence[str], *, exact: bool = False
) -> TwoPoleSetting:
    """Bring the two-pole model's parameters, a world's numbers and the poles together.

    Raises
    ------
    InvalidPolesError, UnknownStateError, InexactInputError

    Warns
    -----
    ProjectionWarning
        As `setting.bind` does.
    """
    check_type(world, World, "world")
    first, second = read_poles(world, poles)
    players = tuple(name for name in world.names if name not in (first, second))
    if not players:
        message = (
            f"{first} and {second} are alone in the world; add the states that may side with "
            "one of them"
        )
        raise InvalidPolesError(message)
    place = [world.names.index(name) for name in (*players, first, second)]
    read = read_exact if exact else read_float
    if exact:
        require_exact(parameters)
    unit, power, exposure = capabilities(world, place, exact=exact)
    whom = "every state but the poles"
    own = {
        name: read_for(players, parameters[name], name, world, read, whom) for name in _PER_STATE
    }
    own["domination_loss"] = [
        loss * share for loss, share in zip(own["domination_loss"], exposure[:-2], strict=True)
    ]
    return TwoPoleSetting(
        players=players,
        poles=(first, second),
        unit=unit,
        power=power[:-2],
        pole_power=power[-2:],
        parallelism=parallelism_of(
            world,
            place,
            exact=exact,
            affinity=any(own["affinity"]),
            cohesion=float(parameters["cohesion"]),
        ),
        **own,
        autonomy_loss=read_for(
            (first, second), parameters["autonomy_loss"], "autonomy_loss", world, read, "each pole"
        ),
        **contest_parameters(parameters, exact=exact),
    )


def read_poles(world: World, poles: Sequence[str]) -> tuple[str, str]:
    """Two different states of the world."""
    if isinstance(poles, str | bytes | Set | Mapping) or not is_sized(poles):
        message = f"poles is {shorten(poles)}; give the names of two states"
        raise InvalidTypeError(message)
    given = list(poles)
    if len(given) != 2:
        message = f"poles has {len(given)} entries; give the names of two states"
        raise InvalidPolesError(message)
    for name in given:
        check_known(name, world.names, "pole", UnknownStateError)
    if given[0] == given[1]:
        message = f"both poles are {given[0]!r}; give two different states"
        raise InvalidPolesError(message)
    return given[0], given[1]
